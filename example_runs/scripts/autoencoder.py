"""Experiment `digits-autoencoder`: how few numbers hold a digit, against principal components of the same size."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import runsite
from sklearn.decomposition import PCA

import datasets
import network
import pictures
import plots

EXPERIMENT = "digits-autoencoder"
EPOCHS = 150
BATCH = 64
HIDDEN = 96
PICTURES_AT = (0, 10, EPOCHS - 1)


@dataclass(frozen=True, slots=True)
class Shape:
    """One autoencoder: 64 → hidden → code → hidden → 64."""

    code: int
    hidden: int = HIDDEN
    activation: str = "tanh"

    @property
    def name(self) -> str:
        narrow = " · narrow" if self.hidden < HIDDEN else ""
        return f"code {self.code}{narrow}" + (" · linear" if self.activation == "identity" else "")


SHAPES = (Shape(2), Shape(4), Shape(8), Shape(16), Shape(8, activation="identity"), Shape(16, hidden=48))


def record(store: Path) -> None:
    """Train each shape once."""
    data = datasets.digits()
    for shape in SHAPES:
        _record_shape(store, shape, data)


def _record_shape(store: Path, shape: Shape, data: datasets.Data) -> None:
    rng = np.random.default_rng(11)
    sizes = (64, shape.hidden, shape.code, shape.hidden, 64)
    net = network.Network(sizes, activation=shape.activation, loss=network.squared_error, rng=rng)
    params = {"model/code": shape.code, "model/hidden": shape.hidden, "model/activation": shape.activation}
    params |= {"optimizer": "adam", "lr": 0.002, "batch": BATCH, "epochs": EPOCHS, "seed": 11}
    with runsite.start_run(EXPERIMENT, name=shape.name, params=params, store=store) as run:
        run.log_dataset(
            data.name, context="training", digest=data.train.digest, source=data.source, rows=data.train.rows
        )
        run.set_tag("kind", "linear" if shape.activation == "identity" else "non-linear")
        optimizer = network.Optimizer("adam")
        for epoch in range(EPOCHS):
            run.log_metrics(_train_epoch(net, optimizer, data, rng), step=epoch)
            if epoch in PICTURES_AT:
                _log_reconstructions(run, net, data, epoch=epoch)
        _record_end(run, net, shape, data)


def _train_epoch(
    net: network.Network, optimizer: network.Optimizer, data: datasets.Data, rng: np.random.Generator
) -> dict[str, float]:
    began, losses, inputs = time.perf_counter(), [], data.train.inputs
    order = rng.permutation(len(inputs))
    for start in range(0, len(inputs), BATCH):
        batch = inputs[order[start : start + BATCH]]
        loss, gradients = net.loss_and_gradients(batch, batch)
        optimizer.update(net.parameters, gradients, 0.002)
        losses.append(loss)
    values = {"train/mse": float(np.mean(losses)), "val/mse": _error(net.outputs(data.val.inputs), data.val.inputs)}
    values["pictures_per_second"] = float(f"{len(inputs) / (time.perf_counter() - began):.3g}")
    return {name: network.significant(value, 4) for name, value in values.items()}


def _record_end(run: runsite.ActiveRun, net: network.Network, shape: Shape, data: datasets.Data) -> None:
    components = PCA(shape.code).fit(data.train.inputs)
    rebuilt = components.inverse_transform(components.transform(data.test.inputs))
    ours, theirs = _error(net.outputs(data.test.inputs), data.test.inputs), _error(rebuilt, data.test.inputs)
    run.log_metrics({"test/mse": network.significant(ours), "pca/test_mse": network.significant(theirs)})
    difference = 100.0 * (1.0 - ours / theirs)
    verdict = f"{difference:.0f} % less" if difference >= 1 else f"{-difference:.0f} % more"
    run.log_note(f"Test error {ours:.4f}, {verdict} than {shape.code} principal components ({theirs:.4f}).")
    if shape.code == 2:
        _log_map(run, net, data)


def _log_reconstructions(run: runsite.ActiveRun, net: network.Network, data: datasets.Data, *, epoch: int) -> None:
    shown = np.array([np.flatnonzero(data.test.targets == digit)[0] for digit in range(10)])
    originals = data.test.inputs[shown]
    rows = [("test digit", originals), (f"epoch {epoch}", net.outputs(originals))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reconstructions.png"
        pictures.write_png(path, pictures.digit_rows(rows, f"after epoch {epoch}"))
        run.log_artifact(path, step=epoch)


def _log_map(run: runsite.ActiveRun, net: network.Network, data: datasets.Data) -> None:
    """Draw where each test digit lies in the two numbers of its code."""
    codes = net.layer_outputs(data.test.inputs)[2]
    title = "Test digits by the two numbers of their code"
    svg = plots.scatter_plot(codes, data.test.targets, title=title, x_label="first number", y_label="second number")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "code_map.svg"
        path.write_text(svg, encoding="utf-8")
        run.log_artifact(path)


def _error(outputs: network.Array, inputs: network.Array) -> float:
    return float(((outputs - inputs) ** 2).mean())
