"""Experiment `diabetes-optimizers`: 5,000 steps with each optimizer, and what can happen to a long run.

One run diverges, one is terminated, one is killed, one is killed and resumed. The last three are programs of their
own (long_run.py) that really get the signal.
"""

import signal
import subprocess
import sys
from pathlib import Path

import runsite
from sklearn.linear_model import LinearRegression

import datasets
import long_run
from long_run import Plan

WHOLE = (Plan("sgd", 0.001), Plan("momentum", 0.01), Plan("rmsprop", 0.001), Plan("momentum", 0.3))
TERMINATED = Plan("sgd", 0.1)
KILLED = Plan("adam", 0.01)
RESUMED = Plan("adam", 0.001)


def record(store: Path) -> None:
    """Record the yardstick, the whole runs, and the three that are interrupted."""
    data = datasets.diabetes()
    _record_yardstick(store, data)
    for plan in WHOLE:
        _record_whole(store, plan, data)
    _interrupt(store, TERMINATED, at_step=1_500, how=signal.SIGTERM)
    _interrupt(store, KILLED, at_step=900, how=signal.SIGKILL)
    _interrupt(store, RESUMED, at_step=2_700, how=signal.SIGKILL, resume=True)


def _record_yardstick(store: Path, data: datasets.Data) -> None:
    """Fit a straight line: what every network here has to beat."""
    model = LinearRegression().fit(data.train.inputs, data.train.targets)
    with runsite.start_run(long_run.EXPERIMENT, name="linear regression", store=store) as run:
        run.log_params({"model": "least squares", "parameters": model.coef_.size + 1})
        long_run.declare(run, data)
        for name, part in (("val/rmse", data.val), ("test/rmse", data.test)):
            run.log_metric(name, long_run.error_points(model.predict(part.inputs), part, data))
        weights = data.target_unit * model.coef_[0]
        ranked = sorted(zip(data.columns, weights, strict=True), key=lambda pair: -abs(pair[1]))
        rows = "\n".join(f"| {name} | {weight:+.1f} |" for name, weight in ranked)
        intro = "Points of progression for one standard deviation of each measurement:"
        run.log_note(f"{intro}\n\n| measurement | points |\n|---|---:|\n{rows}")


def _record_whole(store: Path, plan: Plan, data: datasets.Data) -> None:
    params, progress = long_run.plan_params(plan), long_run.begin(plan, data)
    with runsite.start_run(long_run.EXPERIMENT, name=plan.name, params=params, store=store) as run:
        long_run.declare(run, data)
        long_run.train(run, plan, data=data, progress=progress, checkpoint=None)


def _interrupt(store: Path, plan: Plan, *, at_step: int, how: signal.Signals, resume: bool = False) -> None:
    """Start a run as its own program, stop it in the middle, and perhaps start it again."""
    checkpoint = store / "checkpoint.npz"
    command = [sys.executable, "scripts/long_run.py", "--checkpoint", checkpoint.name]
    command += ["--optimizer", plan.optimizer, "--lr", str(plan.lr)]
    run_id = _start_and_signal(command, store, at_step=at_step, how=how)
    if resume:
        subprocess.run([*command, "--resume", run_id], check=True, stdout=subprocess.DEVNULL, cwd=store)
    checkpoint.unlink()


def _start_and_signal(command: list[str], store: Path, *, at_step: int, how: signal.Signals) -> str:
    """Send the signal once the program says it passed `at_step`; return its run's id."""
    run_id = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=store) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("run "):
                run_id = line.split()[1]
            elif int(line) >= at_step:
                process.send_signal(how)
                return run_id
    raise SystemExit(f"{' '.join(command)} ended before step {at_step}")
