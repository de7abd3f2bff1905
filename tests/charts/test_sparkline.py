"""Sparklines fit their box, keep extremes and break at gaps."""

import math
import random
import re

import pytest

from runsite.charts.sparkline import sparkline_path


def places(path: str) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.replace("h0", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_rising_curve_runs_from_lower_left_to_upper_right() -> None:
    assert sparkline_path([1.0, 2.0, 3.0], width=43, height=13) == "M1.5 11.5L21.5 6.5 41.5 1.5"


def test_gap_breaks_the_curve_and_a_point_alone_is_a_dot() -> None:
    path = sparkline_path([1.0, 2.0, math.nan, 2.0, math.inf], width=43, height=13)

    assert path == "M1.5 11.5L11.5 1.5M31.5 1.5h0"


def test_constant_curve_stands_in_the_middle() -> None:
    assert {y for _, y in places(sparkline_path([5.0] * 4, height=20))} == {10.0}


@pytest.mark.parametrize("values", [[], [math.nan], [math.inf, -math.inf]])
def test_nothing_finite_draws_nothing(values: list[float]) -> None:
    assert sparkline_path(values) == ""


@pytest.mark.parametrize("seed", range(20))
def test_long_curve_is_short_text_within_its_box(seed: int) -> None:
    chance = random.Random(seed)
    values = [chance.gauss(0, 1) * 10 ** chance.randrange(-300, 300) for _ in range(chance.randrange(1, 20_000))]

    path = sparkline_path(values, width=96, height=20)

    assert len(path) < 2000
    assert all(1.5 <= x <= 94.5 and 1.5 <= y <= 18.5 for x, y in places(path))


def test_lone_spike_survives_thinning() -> None:
    values = [0.0] * 10_000
    values[4321] = 1.0

    assert min(y for _, y in places(sparkline_path(values, height=20))) == 1.5
