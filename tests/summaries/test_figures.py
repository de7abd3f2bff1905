"""The figures of series do not depend on what is worked out beside them."""

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from runsite.model import Series
from runsite.summaries.figures import SLAB_VALUES, figures_of


def make_series(numbers: random.Random, name: str, count: int) -> Series:
    kind = numbers.randrange(4)
    values = np.array([numbers.gauss(0, 10.0 ** numbers.randint(-3, 3)) for _ in range(count)])
    if kind == 1 and count:
        values[numbers.randrange(count)] = numbers.choice([np.nan, np.inf, -np.inf])
    if kind == 2:
        values[:] = numbers.choice([0.6, 1e308])
    if kind == 3:
        values = np.sign(values) * 1e308
    return column(name, values)


def column(name: str, values: NDArray[np.float64]) -> Series:
    return Series(name, np.arange(len(values)), values, np.zeros(len(values)))


@pytest.mark.parametrize("seed", range(40))
def test_figures_are_the_same_alone_and_beside_others(seed: int) -> None:
    numbers = random.Random(seed)
    lengths = numbers.sample([0, 1, 2, 31, 32, 33, 100, 1000, 1025], 3)
    series = [make_series(numbers, f"m{number}", numbers.choice(lengths)) for number in range(12)]

    together = figures_of(series)

    assert list(map(repr, map(together.get, [each.name for each in series]))) == [
        repr(figures_of([each])[each.name]) for each in series
    ]


@pytest.mark.parametrize("seed", range(20))
def test_the_mean_is_that_of_all_values_to_the_last_bit(seed: int) -> None:
    numbers = random.Random(seed)
    count = numbers.randint(2, 3000)
    series = [column(f"m{number}", np.array([numbers.random() for _ in range(count)])) for number in range(7)]

    found = figures_of(series)

    assert [found[each.name].mean for each in series] == [float(each.values.sum()) / count for each in series]


def test_series_too_long_to_stand_side_by_side_have_figures_too() -> None:
    series = [column(name, np.arange(SLAB_VALUES, dtype=np.float64)) for name in "abc"]

    assert [(each.lowest, each.highest) for each in figures_of(series).values()] == [(0, SLAB_VALUES - 1)] * 3
