"""The figures of a group of runs, and what they say about a difference; `static/group_statistics.js` is its twin.

The policy, held together by tests/twins/group_statistics.json, which both test suites run:

- Only finite numbers are averaged. NaN and the infinities are counted as not finite; null, and what is no number, as
  missing. Whole numbers beyond 2^53 come as text and are taken as the nearest double.
- The mean is taken around the first value, the spread around the mean and corrected by what the mean left over (Chan,
  Golub and LeVeque, 1983): equal values have exactly their value as mean and 0 as sd. Groups beyond 2^±400 are scaled
  by a power of two first, so that no square leaves the doubles.
- Every sum is a plain loop in the order of the table: Python's own `sum` compensates its rounding from 3.12 on, the
  browser's loop does not, and the two would differ in the last digit.
- sd has n - 1 in the denominator. ci is the half width of the 95 % confidence interval of the mean by Student's t
  ("The probable error of a mean", Biometrika 6, 1908). One run has neither.
- Two groups differ beyond noise if Welch's test, two-sided, says p < 0.05 ("The generalization of 'Student's' problem
  when several different population variances are involved", Biometrika 34, 1947; his degrees of freedom are a
  fraction). A pooled variance was not taken: another configuration is often another spread too. Two runs each are the
  least. Without any spread on either side, any difference is beyond noise, save one of the last two bits: means that
  differ by no more than rounding are equal.
- "better" and "worse" are said only of a declared goal; where it is guessed or missing: "higher" and "lower".
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from runsite.model import Goal, GoalFrom
from runsite.number_format import format_count, format_number
from runsite.tables.model import LARGE_INTEGER, TableValue
from runsite.tables.student_t import student_t_p_value, student_t_quantile

Verdict = Literal["not_enough_runs", "equal", "within_noise", "better", "worse", "higher", "lower"]

CONFIDENCE = 0.95
SIGNIFICANCE = 0.05
MIN_RUNS = 2
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")
_UPPER, _LOWER = 2.0**400, 2.0**-400
# 2^1024 and 2^-1074 come to lie at 2^424 and 2^-474, where squares, and those of a last digit, are ordinary numbers.
_DOWN, _UP = 2.0**-600, 2.0**600
# Four units of the last place: the order of the same values may move their mean by so much.
_ROUNDING = 2.0**-50
_DECLARED = ("settings", "record")
_LEAST_P_SHOWN = 0.0001
_P_DIGITS, _MOST_DIGITS = 2, 17
# Exponentials and logarithms differ in the last bit between two versions of V8, and between V8 and Python: of the
# quantiles for the first 400 sizes of a group 47 then do in the last digits; none of those for 3,000 in the first 13.
_QUANTILE_DIGITS = 13


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """What is said of the values of a group; mean, min and max are None without a finite one."""

    n: int
    """Finite numbers: what the figures are made of."""
    not_finite: int
    missing: int
    mean: float | None
    sd: float | None
    """None for fewer than two."""
    ci: float | None
    """Half width of the 95 % confidence interval of the mean; None for fewer than two."""
    min: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class WelchTest:
    """The outcome of Welch's test of two means."""

    t: float
    """Positive if the first mean is the greater one; infinite for a difference without spread."""
    df: float
    p: float
    """Two-sided."""


def summarise_group(values: Sequence[TableValue]) -> GroupSummary:
    """Summarise the values that a group of runs has in one column."""
    numbers = [number for value in values if (number := _number(value)) is not None]
    finite = [number for number in numbers if math.isfinite(number)]
    n, not_finite = len(finite), len(numbers) - len(finite)
    missing = len(values) - len(numbers)
    if n == 0:
        return GroupSummary(n, not_finite, missing, mean=None, sd=None, ci=None, min=None, max=None)
    least, greatest = finite[0], finite[0]
    for number in finite:
        least = number if number < least else least
        greatest = number if number > greatest else greatest
    scale = _scale(max(abs(least), abs(greatest)))
    mean, variance = _mean_and_variance([number * scale for number in finite])
    mean = min(max(mean / scale, least), greatest)
    if variance is None:
        return GroupSummary(n, not_finite, missing, mean, sd=None, ci=None, min=least, max=greatest)
    sd = math.sqrt(variance)
    ci = _confidence_factor(n) * sd
    return GroupSummary(n, not_finite, missing, mean, sd=sd / scale, ci=ci / scale, min=least, max=greatest)


def welch(a: GroupSummary, b: GroupSummary) -> WelchTest | None:
    """Test whether two means differ; None if either group has fewer than two runs."""
    if a.mean is None or b.mean is None or a.sd is None or b.sd is None:
        return None
    difference = a.mean - b.mean
    spread = max(a.sd, b.sd)
    pooled_df = float(a.n + b.n - 2)
    # A spread that no double holds hides every difference.
    if _is_rounding(a.mean, b.mean) or spread == math.inf:
        return WelchTest(0.0, pooled_df, 1.0)
    if spread == 0:
        return WelchTest(math.copysign(math.inf, difference), pooled_df, 0.0)
    # Everything is measured in the larger sd: its square may be no double.
    share_a, share_b = a.sd / spread, b.sd / spread
    error_a, error_b = share_a * share_a / a.n, share_b * share_b / b.n
    error = error_a + error_b
    df = error * error / (error_a * error_a / (a.n - 1) + error_b * error_b / (b.n - 1))
    ratio = difference / spread if math.isfinite(difference) else (a.mean / 4 - b.mean / 4) / (spread / 4)
    t = ratio / math.sqrt(error)
    return WelchTest(t, df, student_t_p_value(t, df))


def verdict(group: GroupSummary, baseline: GroupSummary, goal: Goal | None, goal_from: GoalFrom | None) -> Verdict:
    """Judge a group against the baseline."""
    test = welch(group, baseline)
    if test is None or group.mean is None or baseline.mean is None:
        return "not_enough_runs"
    if _is_rounding(group.mean, baseline.mean):
        return "equal"
    if test.p >= SIGNIFICANCE:
        return "within_noise"
    if goal is None or goal_from not in _DECLARED:
        return "higher" if test.t > 0 else "lower"
    return "better" if (test.t > 0) == (goal == "maximize") else "worse"


def verdict_words(group: GroupSummary, baseline: GroupSummary, goal: Goal | None, goal_from: GoalFrom | None) -> str:
    """Say the verdict in a sentence, with what it rests on."""
    test = welch(group, baseline)
    counts = f"n = {format_count(group.n)} and {format_count(baseline.n)}"
    if test is None or group.mean is None or baseline.mean is None:
        return f"not enough runs to judge ({counts})"
    word = verdict(group, baseline, goal, goal_from)
    if word == "equal":
        return f"the same mean as the baseline ({counts})"
    difference = group.mean - baseline.mean
    if word == "within_noise":
        word = "higher" if difference > 0 else "lower"
        noise = "within seed noise"
    else:
        noise = "beyond seed noise"
    basis = "no spread" if group.sd == baseline.sd == 0 else f"Welch's t, {_p_text(test.p)}"
    return f"{format_number(abs(difference))} {word} than the baseline, {noise} ({basis}, {counts})"


def _is_rounding(one: float, other: float) -> bool:
    """Tell whether two means are one but for the rounding of sums."""
    return abs(one - other) <= _ROUNDING * max(abs(one), abs(other))


def _p_text(p: float) -> str:
    """Write a p with two digits, or so many that it does not look like the bound that it lies below."""
    if p < _LEAST_P_SHOWN:
        return f"p < {format_number(_LEAST_P_SHOWN)}"
    bound = format_number(SIGNIFICANCE)
    for digits in range(_P_DIGITS, _MOST_DIGITS):
        shown = format_number(p, digits)
        if shown != bound or p >= SIGNIFICANCE:
            return f"p = {shown}"
    return f"p = {format_number(p, _MOST_DIGITS)}"


def _number(value: TableValue) -> float | None:
    """Return a table value as a number; None if it is none."""
    if isinstance(value, str):
        return float(value) if value in _NOT_FINITE or LARGE_INTEGER.fullmatch(value) else None
    return None if value is None or isinstance(value, bool) else float(value)


def _scale(size: float) -> float:
    return _DOWN if size > _UPPER else _UP if 0 < size < _LOWER else 1.0


def _mean_and_variance(numbers: Sequence[float]) -> tuple[float, float | None]:
    n, first = len(numbers), numbers[0]
    total = 0.0
    for number in numbers:
        total += number - first
    mean = first + total / n
    rest, squares = 0.0, 0.0
    for number in numbers:
        deviation = number - mean
        rest += deviation
        squares += deviation * deviation
    if n < MIN_RUNS:
        return mean, None
    return mean + rest / n, max(squares - rest * rest / n, 0.0) / (n - 1)


@lru_cache(maxsize=256)  # groups of a table have few sizes, and a quantile costs 150 µs
def _confidence_factor(n: int) -> float:
    """Return by how many sd the mean of n values is uncertain."""
    quantile = student_t_quantile(0.5 + CONFIDENCE / 2, n - 1)
    return float(f"{quantile:.{_QUANTILE_DIGITS}g}") / math.sqrt(n)
