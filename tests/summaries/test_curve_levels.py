"""The shape of a series in 32 characters: levels, extremes, gaps, sizes that overflow."""

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest

from runsite.summaries.curve_levels import CURVE_GAP, CURVE_LEVELS, MAX_CURVE_CHARACTERS, curve_levels

NAN, INF = math.nan, math.inf
LOW, MIDDLE, HIGH = CURVE_LEVELS[0], CURVE_LEVELS[31], CURVE_LEVELS[62]


def curve(values: Sequence[float]) -> str:
    finite = [value for value in values if math.isfinite(value)]
    least, greatest = min(finite, default=None), max(finite, default=None)
    return curve_levels(np.array(values, np.float64), finite=len(finite), least=least, greatest=greatest)


def test_63_levels_stand_in_ascii_order_and_need_no_escape() -> None:
    assert len(CURVE_LEVELS) == 63
    assert sorted(CURVE_LEVELS + CURVE_GAP) == list(CURVE_LEVELS + CURVE_GAP)
    assert not set("\"'\\<>&`") & set(CURVE_LEVELS + CURVE_GAP)


def test_each_level_has_its_character() -> None:
    assert [curve([0.0, level, 62.0])[1] for level in range(63)] == list(CURVE_LEVELS)


def test_a_short_series_has_a_character_for_each_point() -> None:
    assert curve([0.0, 62.0, 31.0]) == LOW + HIGH + MIDDLE
    assert len(curve([float(number) for number in range(32)])) == 32


def test_without_two_points_or_a_finite_one_there_is_no_curve() -> None:
    assert [curve(values) for values in ([], [1.0], [NAN, INF], [NAN] * 40)] == [""] * 4


def test_a_constant_lies_in_the_middle() -> None:
    assert curve([5.0, 5.0]) == MIDDLE * 2
    assert curve([5.0] * 1000) == MIDDLE * 32
    assert curve([5.0, NAN, 5.0]) == MIDDLE + CURVE_GAP + MIDDLE


def test_what_is_not_finite_is_a_gap_in_a_short_series() -> None:
    assert curve([NAN, 0.0, INF, 1.0, -INF]) == f"~{LOW}~{HIGH}~"


def test_in_a_long_series_only_a_bucket_without_a_finite_value_is_a_gap() -> None:
    values = [float(number) for number in range(160)]
    values[20:30] = [NAN] * 10
    values[35] = INF

    drawn = curve(values)

    assert drawn[4:6] == "~~"
    assert "~" not in drawn[:4] + drawn[6:]


def test_extremes_of_a_bucket_stand_in_the_order_in_which_they_were_logged() -> None:
    assert curve([0.0, 1.0, *[0.5] * 158])[:4] == LOW + HIGH + MIDDLE * 2
    assert curve([1.0, 0.0, *[0.5] * 158])[:4] == HIGH + LOW + MIDDLE * 2


@pytest.mark.parametrize("values", [[-1.7e308, 1.7e308, 0.0], [-1.7e308, 1.7e308, 0.0, NAN]])
def test_the_largest_numbers_do_not_overflow(values: list[float]) -> None:
    assert curve(values)[:3] == LOW + HIGH + MIDDLE
    assert len(curve(values * 40)) == 32


def test_the_smallest_numbers_are_told_apart() -> None:
    assert curve([0.0, 5e-324]) == LOW + HIGH
    assert curve([-5e-324, 5e-324]) == LOW + HIGH


def expected(values: Sequence[float]) -> str:
    """Say the rule again, in plain Python and slowly."""
    finite = [value for value in values if math.isfinite(value)]
    if len(values) < 2 or not finite:
        return ""
    kept = list(values)
    if len(values) > MAX_CURVE_CHARACTERS:
        kept = []
        size, longer = divmod(len(values), 16)
        start = 0
        for bucket in range(16):
            end = start + size + (bucket < longer)
            places = [place for place in range(start, end) if math.isfinite(values[place])]
            ends = [min(places, key=values.__getitem__), max(places, key=values.__getitem__)] if places else []
            kept += [values[place] for place in sorted(ends)] or [NAN, NAN]
            start = end
    return "".join(expected_character(value, min(finite), max(finite)) for value in kept)


def expected_character(value: float, least: float, greatest: float) -> str:
    if not math.isfinite(value):
        return CURVE_GAP
    return CURVE_LEVELS[31 if least == greatest else int((value - least) / (greatest - least) * 62 + 0.5)]


@pytest.mark.parametrize("seed", range(100))
def test_random_series_agree_with_the_rule_said_slowly(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.choice([1, 2, 31, 32, 33, 47, 48, 49, 100, 1000, chance.randrange(3000)])
    odd = chance.choice([0.0, 0.0, 0.01, 0.5, 0.95, 1.0])
    values = [chance.choice([NAN, INF, -INF]) if chance.random() < odd else chance.gauss(0, 1) for _ in range(count)]

    assert curve(values) == expected(values)
