"""One long training on the diabetes data; as a program of its own, so that it can be killed and started again.

It prints the steps it has passed, which is how optimizer_study knows when to pull the plug, and leaves a checkpoint
every 500 steps. It is started inside the store, so that the recorder finds it by its runsite.toml.
"""

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import runsite

import datasets
import network

EXPERIMENT = "diabetes-optimizers"
BATCH = 32
VAL_EVERY = 25
CHECKPOINT_EVERY = 500
# After so many steps without a finite loss nothing will come back.
HOPELESS_AFTER = 150


@dataclass(frozen=True, slots=True)
class Plan:
    """One run of the study."""

    optimizer: str
    lr: float
    seed: int = 0
    hidden: int = 16
    steps: int = 5_000

    @property
    def name(self) -> str:
        return f"{self.optimizer} · lr {self.lr:g}"


@dataclass(slots=True)
class Progress:
    """Everything a restart needs."""

    net: network.Network
    optimizer: network.Optimizer
    step: int = 0
    steps_without_loss: int = 0


def begin(plan: Plan, data: datasets.Data) -> Progress:
    """Make an untrained network."""
    sizes = (data.train.inputs.shape[1], plan.hidden, 1)
    rng = np.random.default_rng(plan.seed)
    net = network.Network(sizes, activation="relu", loss=network.squared_error, rng=rng)
    return Progress(net, network.Optimizer(plan.optimizer))


def train(
    run: runsite.ActiveRun, plan: Plan, *, data: datasets.Data, progress: Progress, checkpoint: Path | None
) -> None:
    """Train from where `progress` stands to the end, or until the loss is beyond hope."""
    # A number that is no longer finite is this run's result, not a mistake in it.
    with np.errstate(over="ignore", invalid="ignore"):
        while progress.step < plan.steps and progress.steps_without_loss < HOPELESS_AFTER:
            _train_step(run, plan, data, progress)
            progress.step += 1
            if checkpoint is not None and progress.step % CHECKPOINT_EVERY == 0:
                save_checkpoint(checkpoint, progress)
            if checkpoint is not None and progress.step % 50 == 0:
                print(progress.step, flush=True)
    _record_end(run, data, progress)


def save_checkpoint(path: Path, progress: Progress) -> None:
    """Write parameters and the optimizer's memory."""
    optimizer = progress.optimizer
    arrays = {
        f"{kind}{index}": array
        for kind, group in (("p", progress.net.parameters), ("m", optimizer.means), ("s", optimizer.squares))
        for index, array in enumerate(group)
    }
    np.savez(path, allow_pickle=False, step=np.array(progress.step), **arrays)


def load_checkpoint(path: Path, progress: Progress) -> None:
    """Go back to where the checkpoint was written."""
    with np.load(path) as stored:
        count = len(progress.net.parameters)
        progress.net.parameters = [stored[f"p{index}"] for index in range(count)]
        progress.optimizer.means = [stored[f"m{index}"] for index in range(count)]
        progress.optimizer.squares = [stored[f"s{index}"] for index in range(count)]
        progress.step = progress.optimizer.steps = int(stored["step"])


def plan_params(plan: Plan) -> dict[str, object]:
    """Return what is logged as params."""
    return {**asdict(plan), "batch": BATCH, "activation": "relu"}


def declare(run: runsite.ActiveRun, data: datasets.Data) -> None:
    """Log the data; goal and unit of the metrics stand in runsite.toml."""
    for context, part in (("training", data.train), ("validation", data.val), ("test", data.test)):
        run.log_dataset(data.name, context=context, digest=part.digest, source=data.source, rows=part.rows)


def error_points(outputs: network.Array, part: datasets.Part, data: datasets.Data) -> float:
    """Return the root of the mean squared error, in points of the disease's progression."""
    return network.significant(data.target_unit * float(np.sqrt(((outputs - part.targets) ** 2).mean())))


def _train_step(run: runsite.ActiveRun, plan: Plan, data: datasets.Data, progress: Progress) -> None:
    # The batch depends on seed and step alone, so that a restart sees the same rows.
    rows = np.random.default_rng((plan.seed, progress.step)).choice(data.train.rows, BATCH, replace=False)
    loss, gradients = progress.net.loss_and_gradients(data.train.inputs[rows], data.train.targets[rows])
    progress.steps_without_loss = 0 if np.isfinite(loss) else progress.steps_without_loss + 1
    values = {"train/loss": network.significant(loss)}
    if progress.step % VAL_EVERY == 0 or progress.step == plan.steps - 1:
        values["val/rmse"] = error_points(progress.net.outputs(data.val.inputs), data.val, data)
        values["grad_norm"] = network.significant(network.gradient_norm(gradients))
    run.log_metrics(values, step=progress.step)
    progress.optimizer.update(progress.net.parameters, gradients, plan.lr)


def _record_end(run: runsite.ActiveRun, data: datasets.Data, progress: Progress) -> None:
    outputs = progress.net.outputs(data.test.inputs)
    run.log_metric("test/rmse", error_points(outputs, data.test, data), step=progress.step - 1)
    if progress.steps_without_loss:
        run.log_note(
            f"No finite loss for {HOPELESS_AFTER} steps: stopped at step {progress.step}. The rate is too high."
        )


def _main() -> None:
    parser = argparse.ArgumentParser(description="Train once; print the steps passed.")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--optimizer", default="sgd")
    parser.add_argument("--lr", type=float, required=True)
    parser.add_argument("--resume", metavar="RUN")
    options = parser.parse_args()
    plan, data = Plan(options.optimizer, options.lr), datasets.diabetes()
    progress = begin(plan, data)
    if options.resume:
        load_checkpoint(options.checkpoint, progress)
        opened = runsite.start_run(EXPERIMENT, resume=options.resume)
    else:
        opened = runsite.start_run(EXPERIMENT, name=plan.name, params=plan_params(plan))
    with opened as run:
        print("run", run.id, flush=True)
        declare(run, data)
        train(run, plan, data=data, progress=progress, checkpoint=options.checkpoint)


if __name__ == "__main__":
    _main()
