"""Student's t distribution against SciPy, against its closed forms, and against itself."""

import math
import random

import pytest
from scipy import stats

from runsite.tables.student_t import student_t_p_value, student_t_quantile

DEGREES = [
    float(text)
    for text in "1 1.000001 1.5 2 2.7182818 3 4 5 7.77 9 10 17.9 30 39.99 40 40.5 100 333.3 1e3 1e4 1e5 1e6".split()
]
TS = [
    float(text)
    for text in "1e-4 0.01 0.1 0.3 0.5 0.9 1 1.2 1.5 1.7320508 1.8 2 2.5 3 5 10 20 30 37 100 1e3 1e6 1e20".split()
]
SHARES = [
    float(text)
    for text in "1e-60 1e-30 1e-10 1e-5 0.001 0.025 0.05 0.1 0.25 0.3 0.45 0.6 0.75 0.9 0.975 0.9999".split()
]
# A double has fewer digits below. SciPy's own tails are not followed further: at p = 1e-200 its quantile for df = 3
# is half of the true one, and its p value of t = 1e-9 for df = 1 is 1.
LEAST_SHARE = 1e-305


@pytest.mark.parametrize("df", DEGREES)
def test_p_values_are_those_of_scipy(df: float) -> None:
    for t in TS:
        expected = 2 * float(stats.t.sf(t, df))
        if expected > LEAST_SHARE:
            assert student_t_p_value(t, df) == pytest.approx(expected, rel=1e-10, abs=0)
            assert student_t_p_value(-t, df) == student_t_p_value(t, df)


@pytest.mark.parametrize("df", [df for df in DEGREES if df >= 2])
def test_quantiles_are_those_of_scipy(df: float) -> None:
    for p in SHARES:
        assert student_t_quantile(p, df) == pytest.approx(float(stats.t.ppf(p, df)), rel=1e-10, abs=0)


def test_quantiles_and_p_values_undo_each_other_into_the_last_tail() -> None:
    chance = random.Random(4)
    for _ in range(400):
        df = 10 ** chance.uniform(0, 6)
        p = 10 ** -chance.uniform(0.31, 300)
        t = student_t_quantile(p, df)

        assert student_t_p_value(t, df) == pytest.approx(2 * p, rel=1e-11, abs=0)
        assert t < 0


@pytest.mark.parametrize("p", [1e-300, 1e-200, 1e-16, 0.001, 0.1, 0.3, 0.499, 0.499999999, 0.7, 0.99])
def test_quantiles_of_one_and_two_degrees_are_their_closed_forms(p: float) -> None:
    away = p - 0.5
    of_one = math.tan(math.pi * away) if abs(away) < 0.4 else -1 / math.tan(math.pi * p)
    of_two = 2 * away / math.sqrt(2 * p * (1 - p))

    assert student_t_quantile(p, 1) == pytest.approx(of_one, rel=1e-12, abs=0)
    assert student_t_quantile(p, 2) == pytest.approx(of_two, rel=1e-12, abs=0)


@pytest.mark.parametrize("t", [1e-12, 0.5, 0.999, 1.001, 3, 1e8, 1e150, 1e200, 1e300])
def test_p_values_of_one_degree_are_their_closed_form(t: float) -> None:
    assert student_t_p_value(t, 1) == pytest.approx(2 / math.pi * math.atan(1 / t), rel=1e-12, abs=0)


def test_endless_degrees_are_the_normal_distribution() -> None:
    for df in (1e20, 1e30, 1e300, math.inf):
        assert student_t_quantile(0.975, df) == pytest.approx(float(stats.norm.ppf(0.975)), rel=1e-12)
        assert student_t_p_value(37, df) == pytest.approx(math.erfc(37 / math.sqrt(2)), rel=1e-12, abs=0)


def test_a_quantile_beyond_the_doubles_is_infinite() -> None:
    assert student_t_quantile(1e-300, 0.5) == -math.inf


def test_p_values_fall_as_t_grows() -> None:
    for df in DEGREES:
        values = [student_t_p_value(1 + step / 100, df) for step in range(300)]

        assert values == sorted(values, reverse=True)


def test_ends_and_nonsense() -> None:
    assert student_t_p_value(0, 3) == student_t_p_value(5e-324, 1e6) == 1
    assert student_t_p_value(math.inf, 3) == student_t_p_value(-math.inf, 3) == student_t_p_value(1e200, 1e6) == 0
    assert (student_t_quantile(0, 3), student_t_quantile(0.5, 3), student_t_quantile(1, 3)) == (-math.inf, 0, math.inf)
    assert all(math.isnan(student_t_p_value(t, df)) for t, df in [(math.nan, 3), (2, 0), (2, -1), (2, math.nan)])
    assert all(math.isnan(student_t_quantile(p, df)) for p, df in [(math.nan, 3), (-0.1, 3), (1.1, 3), (0.9, 0)])
