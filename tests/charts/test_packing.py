"""Packed columns give back the numbers they were made of."""

import json
import math
import random

import numpy as np
import pytest

from charts.packed import unpack_column
from runsite.charts.packing import pack_steps, pack_times


def steps_of(numbers: list[float]) -> tuple[str, list[float]]:
    column = json.loads(pack_steps(np.array(numbers)))
    return column[0], unpack_column(column, len(numbers)).tolist()


def times_of(times: list[float]) -> tuple[str, list[float]]:
    column = json.loads(pack_times(np.array(times)))
    return column[0], unpack_column(column, len(times), unit=1000).tolist()


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("even", [0, 1, 2, 3]),
        ("even", [7]),
        ("even", [100, 75, 50]),
        ("int8", [0, 1, 128, 5]),
        ("int16", [0, 1, 200, -32_000]),
        ("int32", [0, 40_000, 0]),
        ("float64", [0, 2**40, 1]),
        ("float64", [0.5, 1.0]),
        ("int8", [1.0, 2.0, 4.0]),
        ("float64", [1e300, 1.0]),
    ],
)
def test_steps_come_back_from_the_shortest_kind(kind: str, numbers: list[float]) -> None:
    assert steps_of(numbers) == (kind, numbers)


def test_steps_above_two_to_53_are_texts() -> None:
    assert json.loads(pack_steps(np.array([1, 2**60 + 1]))) == ["whole", [1, str(2**60 + 1)]]


@pytest.mark.parametrize("seed", range(20))
def test_times_come_back_to_the_millisecond(seed: int) -> None:
    chance = random.Random(seed)
    gap = chance.choice([0.01, 3.0, 1e4, 1e7])
    start = chance.uniform(0, 2e9)
    times = [start + number * gap * chance.random() for number in range(50)]
    missing = [math.nan if chance.random() < 0.3 else time for time in times]

    for column in (times, missing):
        kind, found = times_of(column)

        assert kind != "even"
        assert found == pytest.approx(column, abs=0 if kind == "float64" else 0.000501, rel=0, nan_ok=True)


def test_times_to_the_millisecond_come_back_exactly() -> None:
    times = [1732300000.001, 1732300000.25, math.nan, 1732299990.999]

    assert times_of(times)[1] == pytest.approx(times, abs=0, rel=0, nan_ok=True)


@pytest.mark.parametrize("times", [[], [math.nan, math.nan], [math.inf, -math.inf]])
def test_no_known_time_is_no_column(times: list[float]) -> None:
    assert pack_times(np.array(times, np.float64)) == b""


def test_absurd_times_are_kept_as_doubles() -> None:
    kind, times = times_of([1e300, math.inf, 5.0])

    assert kind == "float64"
    assert times == pytest.approx([1e300, math.nan, 5.0], nan_ok=True)
