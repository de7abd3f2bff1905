"""Experiment `digits-mlp`: learning rate, width and augmentation of a small network, five seeds each."""

import csv
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import runsite
from numpy.typing import NDArray
from sklearn.metrics import classification_report, confusion_matrix, precision_recall_fscore_support

import datasets
import network
import pictures
from median_rule import MedianRule

EXPERIMENT = "digits-mlp"
EPOCHS = 110
BATCH = 64
SEEDS = range(5)
LABELS = tuple(str(digit) for digit in range(10))
# One pixel is an eighth of these pictures: a scan that sits a little off centre.
SHIFTS = ((0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass(frozen=True, slots=True)
class Trial:
    """One configuration and one seed."""

    lr: float
    width: int
    augment: str
    seed: int

    @property
    def name(self) -> str:
        shifted = " · shifted" if self.augment == "shift" else ""
        return f"lr {self.lr:g} · width {self.width}{shifted} · seed {self.seed}"


PLAIN = ((0.01, 16), (0.01, 64), (0.03, 64), (0.1, 16), (0.1, 64), (0.1, 128), (0.3, 64), (1.0, 16), (1.0, 64))
SHIFTED_WIDTHS = (16, 64, 128)


def trials() -> tuple[list[Trial], list[Trial]]:
    """List the two rounds of the search: every learning rate and width, then three widths with moved pictures."""
    plain = [Trial(lr, width, "none", seed) for lr, width in PLAIN for seed in SEEDS]
    order = np.random.default_rng(7).permutation(len(plain))
    shifted = [Trial(0.1, width, "shift", seed) for width in SHIFTED_WIDTHS for seed in SEEDS]
    return [plain[place] for place in order], shifted


class Search:
    """Trains trials one after the other; the median rule remembers all that went before."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.data = datasets.digits()
        self.rule = MedianRule(checkpoints=(40, 75), curves_needed=8)
        self.kept: dict[tuple[int, str], float] = {}
        """The validation accuracy whose weights were kept last, by width and augmentation."""

    def record(self, some: Sequence[Trial]) -> None:
        """Record some trials as runs."""
        for trial in some:
            self._record_trial(trial)

    def _record_trial(self, trial: Trial) -> None:
        rng = np.random.default_rng(trial.seed)
        net = network.Network((64, trial.width, 10), activation="relu", loss=network.cross_entropy, rng=rng)
        training = Training(trial, self.data, net, network.Optimizer("momentum"), rng)
        params = {**asdict(trial), "optimizer": "momentum 0.9", "schedule": "cosine", "batch": BATCH, "epochs": EPOCHS}
        params["parameters"] = net.size
        tags = {"team": "digits", "round": "2" if trial.augment == "shift" else "1"}
        with runsite.start_run(EXPERIMENT, name=trial.name, params=params, tags=tags, store=self.store) as run:
            _declare(run, self.data)
            if self._train(run, training):
                _record_end(run, training, keep_weights=self._is_best_of_its_kind(training))

    def _train(self, run: runsite.ActiveRun, training: "Training") -> bool:
        """Train to the end, or until the median rule ends the run; tell which."""
        curve: list[float] = []
        for epoch in range(EPOCHS):
            values = training.run_epoch(epoch)
            run.log_metrics({name: network.significant(value, 4) for name, value in values.items()}, step=epoch)
            curve.append(values["val/acc"])
            if reason := self.rule.verdict(curve):
                run.log_note(reason)
                run.end_run("pruned")
                return False
        self.rule.curves.append(curve)
        return True

    def _is_best_of_its_kind(self, training: "Training") -> bool:
        kind = (training.trial.width, training.trial.augment)
        reached = accuracy(training.net, self.data.val)
        is_best = reached > self.kept.get(kind, 0.0)
        self.kept[kind] = max(reached, self.kept.get(kind, 0.0))
        return is_best


def shift(images: network.Array, right: int, down: int) -> network.Array:
    """Move 8 × 8 pictures by whole pixels; what comes in is paper."""
    moved = np.zeros_like(images).reshape(-1, 8, 8)
    square = images.reshape(-1, 8, 8)
    rows, columns = slice(max(0, down), 8 + min(0, down)), slice(max(0, right), 8 + min(0, right))
    from_rows, from_columns = slice(max(0, -down), 8 - max(0, down)), slice(max(0, -right), 8 - max(0, right))
    moved[:, rows, columns] = square[:, from_rows, from_columns]
    return moved.reshape(-1, 64)


@dataclass(frozen=True, slots=True)
class Training:
    """What one trial's epochs share."""

    trial: Trial
    data: datasets.Data
    net: network.Network
    optimizer: network.Optimizer
    rng: np.random.Generator

    def run_epoch(self, epoch: int) -> dict[str, float]:
        """Train on every batch once, and measure."""
        train, losses, norms = self.data.train, [], []
        order = self.rng.permutation(train.rows)
        for start in range(0, train.rows, BATCH):
            rows = order[start : start + BATCH]
            loss, gradients = self.net.loss_and_gradients(self._batch(train.inputs[rows]), train.targets[rows])
            self.optimizer.update(self.net.parameters, gradients, self.lr(epoch + start / train.rows))
            losses.append(loss)
            norms.append(network.gradient_norm(gradients))
        val_loss, _ = network.cross_entropy(self.net.outputs(self.data.val.inputs), self.data.val.targets)
        return {
            "train/loss": float(np.mean(losses)),
            "val/loss": val_loss,
            "val/acc": accuracy(self.net, self.data.val),
            "grad_norm": float(np.mean(norms)),
            "lr": self.lr(epoch),
        }

    def lr(self, epoch: float) -> float:
        """Follow half a cosine from the trial's rate to nothing."""
        return self.trial.lr * 0.5 * (1.0 + float(np.cos(np.pi * epoch / EPOCHS)))

    def _batch(self, images: network.Array) -> network.Array:
        if self.trial.augment == "none":
            return images
        moved, kinds = images.copy(), self.rng.integers(0, len(SHIFTS) + 1, len(images))
        for kind, (right, down) in enumerate(SHIFTS):
            moved[kinds == kind] = shift(images[kinds == kind], right, down)
        return moved


def accuracy(net: network.Network, part: datasets.Part) -> float:
    """Return how many pictures are read right, in per cent."""
    return 100.0 * float((net.outputs(part.inputs).argmax(axis=1) == part.targets).mean())


def shifted_accuracy(net: network.Network, part: datasets.Part) -> float:
    """Return the accuracy on pictures moved by one pixel, averaged over the four directions."""
    moved = [datasets.Part(shift(part.inputs, right, down), part.targets) for right, down in SHIFTS]
    return float(np.mean([accuracy(net, part) for part in moved]))


def _declare(run: runsite.ActiveRun, data: datasets.Data) -> None:
    run.define_metric("val/acc", goal="maximize", unit="%")
    run.define_metric("test/acc", goal="maximize", unit="%")
    run.define_metric("test/acc_shifted", goal="maximize", unit="%")
    for context, part in (("training", data.train), ("validation", data.val), ("test", data.test)):
        run.log_dataset(data.name, context=context, digest=part.digest, source=data.source, rows=part.rows)


def _record_end(run: runsite.ActiveRun, training: Training, *, keep_weights: bool) -> None:
    net, test = training.net, training.data.test
    figures = {"test/acc": accuracy(net, test), "test/acc_shifted": shifted_accuracy(net, test)}
    run.log_metrics({name: network.significant(value, 4) for name, value in figures.items()}, step=EPOCHS - 1)
    read = net.outputs(test.inputs).argmax(axis=1)
    with tempfile.TemporaryDirectory() as folder:
        for path in _write_files(Path(folder), training, read):
            run.log_artifact(path)
        if keep_weights:
            net.save(Path(folder) / "model.npz")
            run.log_artifact(Path(folder) / "model.npz")
    run.log_note(_worst_confusion(test.targets.astype(int), read))


def _write_files(folder: Path, training: Training, read: NDArray[np.intp]) -> list[Path]:
    """Write what the test digits were read as; seed 0 of each configuration tells more."""
    trial, test = training.trial, training.data.test
    counts = confusion_matrix(test.targets, read)
    matrix = pictures.confusion_matrix(counts, LABELS, trial.name.replace("·", "-"))
    paths = [pictures.write_png(folder / "confusion.png", matrix)]
    if trial.seed == 0:
        paths += [_write_mistakes(folder, test, read), _write_per_class(folder, test, read)]
        paths += [_write_report(folder, test, read), _write_config(folder, training)]
    return paths


def _write_mistakes(folder: Path, test: datasets.Part, read: NDArray[np.intp]) -> Path:
    wrong = np.flatnonzero(read != test.targets)[:16]
    captions = [f"{int(test.targets[row])} > {read[row]}" for row in wrong]
    sheet = pictures.digit_sheet(test.inputs[wrong], captions, "test digits read wrongly: true > read", columns=8)
    return pictures.write_png(folder / "mistakes.png", sheet)


def _write_per_class(folder: Path, test: datasets.Part, read: NDArray[np.intp]) -> Path:
    path = folder / "per_class.csv"
    columns = zip(LABELS, *precision_recall_fscore_support(test.targets, read), strict=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["digit", "precision", "recall", "f1", "test pictures"])
        writer.writerows([label, f"{p:.4f}", f"{r:.4f}", f"{f:.4f}", count] for label, p, r, f, count in columns)
    return path


def _write_report(folder: Path, test: datasets.Part, read: NDArray[np.intp]) -> Path:
    path = folder / "classification_report.txt"
    path.write_text(classification_report(test.targets.astype(int), read, digits=3), encoding="utf-8")
    return path


def _write_config(folder: Path, training: Training) -> Path:
    path = folder / "config.json"
    layers = [{"inputs": 64, "outputs": training.trial.width}, {"inputs": training.trial.width, "outputs": 10}]
    config = {"trial": asdict(training.trial), "layers": layers, "activation": "relu", "shifts": SHIFTS}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return path


def _worst_confusion(true: NDArray[np.int64], read: NDArray[np.intp]) -> str:
    counts = confusion_matrix(true, read)
    np.fill_diagonal(counts, 0)
    row, column = np.unravel_index(counts.argmax(), counts.shape)
    wrong = int(counts.sum())
    if not wrong:
        return "All test digits read right."
    often = f"most often **{row} read as {column}** ({counts.max()} times)"
    return f"{wrong} of {len(true)} test digits read wrongly, {often if counts.max() > 1 else 'each in its own way'}."
