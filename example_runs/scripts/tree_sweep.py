"""Experiment `biopsy-sweeps`: three sweeps with their trials as children, on the breast-cancer biopsies."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import runsite
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import biopsy_files
import datasets
import network

EXPERIMENT = "biopsy-sweeps"
TREES = 120
_SHORT = {"learning_rate": "lr", "max_depth": "depth", "max_features": "features"}

Model = Any
"""A fitted scikit-learn classifier; the library has no types."""
Stages = Callable[[Model, network.Array], Iterator[network.Array]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """One kind of model and the settings that are tried."""

    name: str
    short: str
    make: Callable[..., Model]
    trials: tuple[Mapping[str, Any], ...]
    stages: Stages | None
    """The shares of class 1 after each tree; None where a model does not grow."""


def sweeps() -> tuple[Sweep, ...]:
    """List the three sweeps."""
    boosting = [{"learning_rate": rate, "max_depth": depth} for rate in (0.03, 0.1, 0.3) for depth in (1, 3)]
    # The last one is a slip that scikit-learn refuses: the child fails, the sweep goes on.
    boosting.append({"learning_rate": 0.1, "max_depth": 2, "subsample": 1.5})
    forests = [{"max_depth": depth, "max_features": share} for depth in (2, 8) for share in (0.1, 0.5)]
    lines = [{"C": strength} for strength in (0.003, 0.03, 0.3, 3.0)]
    return (
        Sweep("random forest", "forest", _make_forest, tuple(forests), _forest_stages),
        Sweep("gradient boosting", "boosting", _make_boosting, tuple(boosting), _boosting_stages),
        Sweep("logistic regression", "logistic", _make_line, tuple(lines), None),
    )


def record(store: Path, sweep: Sweep) -> None:
    """Record a sweep as a parent run, its trials as children."""
    params = {"model": sweep.name, "trials": len(sweep.trials)}
    with runsite.start_run(EXPERIMENT, name=f"sweep · {sweep.name}", params=params, store=store) as parent:
        parent.set_tags({"kind": "sweep", "team": "biopsies"})
        parent.define_metric("best/val_logloss", goal="minimize", unit="nats")
        recording = _Recording(sweep, datasets.breast_cancer(), parent)
        for number, settings in enumerate(sweep.trials):
            recording.try_trial(settings)
            parent.log_metrics({"best/val_logloss": recording.best}, step=number)


@dataclass(slots=True)
class _Recording:
    """A sweep while it runs."""

    sweep: Sweep
    data: datasets.Data
    parent: runsite.ActiveRun
    best: float = float("inf")
    """The least validation log loss so far."""

    def try_trial(self, settings: Mapping[str, Any]) -> None:
        """Record one child; one that is refused is recorded as failed, and the sweep goes on."""
        try:
            self._record_trial(settings)
        except ValueError as refusal:
            self.parent.log_note(f"A trial was refused and left out: {refusal}")

    def _record_trial(self, settings: Mapping[str, Any]) -> None:
        name = " · ".join([self.sweep.short, *(f"{_SHORT.get(key, key)} {value:g}" for key, value in settings.items())])
        params = {"model": self.sweep.name, **settings, "seed": 0}
        with runsite.start_run(
            EXPERIMENT, name=name, params=params, parent=self.parent, store=self.parent.store
        ) as run:
            _declare(run, self.data)
            model = self.sweep.make(**settings).fit(self.data.train.inputs, self.data.train.targets)
            reached = _log_stages(run, self.sweep, model, self.data)
            shares = _log_test(run, model, self.data)
            with tempfile.TemporaryDirectory() as folder:
                files = biopsy_files.write_files(Path(folder), model, name, data=self.data, shares=shares)
                if reached < self.best:
                    files.append(biopsy_files.write_model(Path(folder), model, self.data.columns))
                for path in files:
                    run.log_artifact(path)
        self.best = min(self.best, reached)


def _declare(run: runsite.ActiveRun, data: datasets.Data) -> None:
    run.set_tags({"kind": "trial", "team": "biopsies"})
    run.define_metric("val/logloss", goal="minimize", unit="nats")
    run.define_metric("val/auc", goal="maximize")
    for context, part in (("training", data.train), ("validation", data.val), ("test", data.test)):
        run.log_dataset(data.name, context=context, digest=part.digest, source=data.source, rows=part.rows)


def _log_stages(run: runsite.ActiveRun, sweep: Sweep, model: Model, data: datasets.Data) -> float:
    """Log a curve over the number of trees, or single values; return the last validation loss."""
    if sweep.stages is None:
        values = _measure(model.predict_proba(data.val.inputs)[:, 1], data.val.targets, "val")
        values |= _measure(model.predict_proba(data.train.inputs)[:, 1], data.train.targets, "train")
        run.log_metrics(values)
        return values["val/logloss"]
    stages = zip(sweep.stages(model, data.val.inputs), sweep.stages(model, data.train.inputs), strict=True)
    for trees, (val, train) in enumerate(stages, start=1):
        values = _measure(val, data.val.targets, "val") | _measure(train, data.train.targets, "train")
        run.log_metrics(values, step=trees)
    return values["val/logloss"]


def _log_test(run: runsite.ActiveRun, model: Model, data: datasets.Data) -> network.Array:
    """Log how the finished model does on the test biopsies; return its share for benign."""
    shares: network.Array = model.predict_proba(data.test.inputs)[:, 1]
    malignant = data.test.targets == 0
    missed = int((shares[malignant] >= 0.5).sum())
    run.log_metrics({**_measure(shares, data.test.targets, "test"), "test/missed_malignant": missed})
    run.log_note(f"Misses **{missed} of {int(malignant.sum())}** malignant test biopsies at a threshold of 0.5.")
    return shares


def _measure(shares: network.Array, targets: network.Array, part: str) -> dict[str, float]:
    values = {"logloss": float(log_loss(targets, shares)), "auc": float(roc_auc_score(targets, shares))}
    return {f"{part}/{name}": network.significant(value) for name, value in values.items()}


def _make_boosting(**settings: Any) -> Model:
    return GradientBoostingClassifier(n_estimators=TREES, random_state=0, **settings)


def _make_forest(**settings: Any) -> Model:
    return RandomForestClassifier(n_estimators=TREES, random_state=0, **settings)


def _make_line(**settings: Any) -> Model:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000, **settings))


def _boosting_stages(model: Model, inputs: network.Array) -> Iterator[network.Array]:
    for shares in model.staged_predict_proba(inputs):
        yield shares[:, 1]


def _forest_stages(model: Model, inputs: network.Array) -> Iterator[network.Array]:
    total = np.zeros(len(inputs))
    for count, tree in enumerate(model.estimators_, start=1):
        total += tree.predict_proba(inputs)[:, 1]
        yield total / count
