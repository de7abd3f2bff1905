"""A small fully connected network in numpy: forward, gradients and four optimizers.

Nothing here knows of runsite; it is ordinary training code, so that the scripts beside it can show where the
recording goes.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Loss = Callable[[Array, Array], tuple[float, Array]]


def cross_entropy(outputs: Array, classes: Array) -> tuple[float, Array]:
    """Return the mean loss of a softmax over `outputs`, and its error signal."""
    shares = softmax(outputs)
    rows = np.arange(len(classes))
    wanted = classes.astype(np.intp)
    loss = float(-np.log(np.maximum(shares[rows, wanted], 1e-12)).mean())
    error = shares.copy()
    error[rows, wanted] -= 1.0
    return loss, error / len(classes)


def squared_error(outputs: Array, targets: Array) -> tuple[float, Array]:
    """Return the mean squared error, and its error signal."""
    difference = outputs - targets
    return float((difference**2).mean()), 2.0 * difference / difference.size


def softmax(outputs: Array) -> Array:
    """Turn each row of scores into shares that sum to one."""
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


class Network:
    """Dense layers with one activation between them, and raw outputs."""

    def __init__(self, sizes: Sequence[int], *, activation: str, loss: Loss, rng: np.random.Generator) -> None:
        self.activation, self.loss = activation, loss
        self.parameters: list[Array] = []
        for fan_in, fan_out in itertools.pairwise(sizes):
            # He's scale for relu, Glorot's for the others.
            scale = np.sqrt(2.0 / fan_in) if activation == "relu" else np.sqrt(1.0 / fan_in)
            self.parameters += [rng.normal(0.0, scale, (fan_in, fan_out)), np.zeros(fan_out)]

    @property
    def depth(self) -> int:
        return len(self.parameters) // 2

    @property
    def size(self) -> int:
        """How many numbers training may change."""
        return sum(parameter.size for parameter in self.parameters)

    def layer_outputs(self, inputs: Array) -> list[Array]:
        """Return the inputs and what each layer makes of them."""
        values = [inputs]
        for layer in range(self.depth):
            weights, bias = self.parameters[2 * layer : 2 * layer + 2]
            raw = values[-1] @ weights + bias
            values.append(raw if layer == self.depth - 1 else self._activate(raw))
        return values

    def outputs(self, inputs: Array) -> Array:
        """Return the last layer's raw outputs."""
        return self.layer_outputs(inputs)[-1]

    def loss_and_gradients(self, inputs: Array, targets: Array) -> tuple[float, list[Array]]:
        """Return the loss on a batch and its gradient for each parameter."""
        values = self.layer_outputs(inputs)
        loss, error = self.loss(values[-1], targets)
        gradients: list[Array] = []
        for layer in reversed(range(self.depth)):
            gradients[:0] = [values[layer].T @ error, error.sum(axis=0)]
            if layer:
                error = (error @ self.parameters[2 * layer].T) * self._slope(values[layer])
        return loss, gradients

    def save(self, path: Path) -> None:
        """Write the parameters in half precision; these small models lose nothing by it."""
        named = {f"p{index}": parameter.astype(np.float16) for index, parameter in enumerate(self.parameters)}
        np.savez_compressed(path, allow_pickle=False, **named)

    def _activate(self, raw: Array) -> Array:
        if self.activation == "relu":
            return np.maximum(raw, 0.0)
        return np.tanh(raw) if self.activation == "tanh" else raw

    def _slope(self, activated: Array) -> Array:
        if self.activation == "relu":
            return (activated > 0.0).astype(np.float64)
        return 1.0 - activated**2 if self.activation == "tanh" else np.ones_like(activated)


@dataclass(slots=True)
class Optimizer:
    """One rule for turning gradients into changes: sgd, momentum, rmsprop or adam."""

    kind: str
    steps: int = 0
    means: list[Array] = field(default_factory=list)
    squares: list[Array] = field(default_factory=list)

    def update(self, parameters: list[Array], gradients: list[Array], lr: float) -> None:
        """Change the parameters in place by one step."""
        if not self.means:
            self.means = [np.zeros_like(parameter) for parameter in parameters]
            self.squares = [np.zeros_like(parameter) for parameter in parameters]
        self.steps += 1
        for index, gradient in enumerate(gradients):
            parameters[index] -= lr * self._direction(index, gradient)

    def _direction(self, index: int, gradient: Array) -> Array:
        mean, square = self.means[index], self.squares[index]
        if self.kind == "sgd":
            return gradient
        if self.kind == "momentum":
            mean[...] = 0.9 * mean + gradient
            return mean
        decay = 0.9 if self.kind == "rmsprop" else 0.999
        square[...] = decay * square + (1.0 - decay) * gradient**2
        if self.kind == "rmsprop":
            return gradient / (np.sqrt(square) + 1e-8)
        mean[...] = 0.9 * mean + 0.1 * gradient
        unbiased = square / (1.0 - decay**self.steps)
        direction: Array = mean / (1.0 - 0.9**self.steps) / (np.sqrt(unbiased) + 1e-8)
        return direction


def gradient_norm(gradients: Sequence[Array]) -> float:
    """Return the length of the whole gradient."""
    return float(np.sqrt(sum(float((gradient**2).sum()) for gradient in gradients)))


def significant(value: float, digits: int = 5) -> float:
    """Round to a few significant digits; what a log needs and no more."""
    return float(f"{value:.{digits}g}")
