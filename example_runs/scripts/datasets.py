"""The three data sets that come with scikit-learn, split once and named by their digest."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.model_selection import train_test_split

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """Inputs and targets of the training, validation or test rows."""

    inputs: Array
    targets: Array

    @property
    def rows(self) -> int:
        return len(self.targets)

    @property
    def digest(self) -> str:
        """A digest of the numbers themselves, whatever file they came from."""
        digest = hashlib.sha256()
        for column in (self.inputs, self.targets):
            digest.update(np.ascontiguousarray(column, dtype="<f8").tobytes())
        return f"sha256:{digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Data:
    """One data set in its three parts; the split never changes, so seeds differ in training alone."""

    name: str
    source: str
    train: Part
    val: Part
    test: Part
    columns: tuple[str, ...] = ()
    target_unit: float = 1.0
    """How many of the target's own units one unit of `targets` is."""


def digits() -> Data:
    """Load 1,797 handwritten digits of 8 × 8 grey levels, scaled to 0…1."""
    bunch = load_digits()
    return _split("digits", bunch.data / 16.0, bunch.target, stratified=True)


def diabetes() -> Data:
    """Load 442 patients: ten standardised measurements, and how far the disease went in a year.

    The target is standardised by the training rows, so that a squared error of 1 means "no better than the mean".
    """
    bunch = load_diabetes(scaled=True)
    data = _split("diabetes", bunch.data * np.sqrt(len(bunch.data)), bunch.target[:, None], stratified=False)
    mean, deviation = data.train.targets.mean(), data.train.targets.std()
    train, val, test = (
        Part(part.inputs, (part.targets - mean) / deviation) for part in (data.train, data.val, data.test)
    )
    columns = tuple(bunch.feature_names)
    return replace(data, train=train, val=val, test=test, columns=columns, target_unit=float(deviation))


def breast_cancer() -> Data:
    """Load 569 biopsies with thirty measurements each; 1 is benign."""
    bunch = load_breast_cancer()
    data = _split("breast-cancer", bunch.data, bunch.target, stratified=True)
    return replace(data, columns=tuple(bunch.feature_names))


def _split(name: str, inputs: Array, targets: Array, *, stratified: bool) -> Data:
    """Cut into 60 % training, 20 % validation, 20 % test."""
    rows = np.arange(len(targets))
    train, rest = train_test_split(rows, test_size=0.4, random_state=0, stratify=targets if stratified else None)
    val, test = train_test_split(rest, test_size=0.5, random_state=0, stratify=targets[rest] if stratified else None)
    inputs, targets = np.asarray(inputs, dtype=float), np.asarray(targets, dtype=float)
    source = f"sklearn.datasets.load_{name.replace('-', '_')}"
    cut = [Part(inputs[some], targets[some]) for some in (train, val, test)]
    return Data(name, source, train=cut[0], val=cut[1], test=cut[2])
