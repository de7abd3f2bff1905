"""The figures of a group and Welch's test: the cases that the browser's twin runs too, SciPy, and exact arithmetic."""

import json
import math
import random
import shutil
import subprocess
import warnings
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from runsite.readers import list_stores, read_runs
from runsite.summaries import summarise_run
from runsite.summaries.repeats import repeat_keys, repeat_rule
from runsite.tables import group_statistics
from runsite.tables.group_statistics import GroupSummary, WelchTest, summarise_group, verdict, verdict_words, welch
from runsite.tables.model import TableValue
from runsite.tables.student_t import student_t_p_value, student_t_quantile

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "themes/default/static"
CASES = json.loads((ROOT / "tests/twins/group_statistics.json").read_text(encoding="utf-8"))
NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def cases_of(*functions: str) -> pytest.MarkDecorator:
    found = [case for case in CASES if case["function"] in functions]
    return pytest.mark.parametrize("case", found, ids=[case["case"] for case in found])


def number(told: Any) -> Any:
    return NON_FINITE.get(told, told) if isinstance(told, str) else told


def fields(value: GroupSummary | WelchTest | None) -> dict[str, Any] | None:
    return None if value is None else {name: getattr(value, name) for name in type(value).__slots__}


def assert_fields(found: GroupSummary | WelchTest | None, expected: dict[str, Any] | None) -> None:
    assert fields(found) == (expected and {name: close_to(told) for name, told in expected.items()})


def close_to(told: Any) -> Any:
    return None if told is None else pytest.approx(number(told), rel=1e-12, abs=0, nan_ok=True)


@cases_of("summarise_group")
def test_figures_of_a_group(case: dict[str, Any]) -> None:
    assert_fields(summarise_group(case["arguments"][0]), case["result"])


@cases_of("verdict")
def test_verdict_on_a_group(case: dict[str, Any]) -> None:
    values, baseline_values, goal, goal_from = case["arguments"]
    group, baseline = summarise_group(values), summarise_group(baseline_values)

    assert_fields(welch(group, baseline), case["welch"])
    assert verdict(group, baseline, goal, goal_from) == case["result"]
    assert verdict_words(group, baseline, goal, goal_from) == case["words"]


@cases_of("student_t_quantile", "student_t_p_value")
def test_student_t_of_the_twins(case: dict[str, Any]) -> None:
    function = {"student_t_quantile": student_t_quantile, "student_t_p_value": student_t_p_value}[case["function"]]

    assert function(*case["arguments"]) == close_to(case["result"])


def seeded_groups(seed: int, count: int, *, sizes: tuple[int, int] = (2, 12)) -> list[list[float]]:
    """Scores, losses, ties, small spreads on large values, every exponent."""
    chance = random.Random(seed)
    groups = []
    for _ in range(count):
        n, kind = chance.randint(*sizes), chance.randrange(5)
        size = 10 ** chance.uniform(-300, 300) if kind == 3 else 10 ** chance.uniform(-4, 4)
        if kind == 0:
            groups.append([round(chance.uniform(0.8, 0.9), 3) for _ in range(n)])
        elif kind == 1:
            groups.append([float(chance.randint(1, 3)) for _ in range(n)])
        elif kind == 2:
            groups.append([1e6 + chance.gauss(0, 1e-3) for _ in range(n)])
        else:
            groups.append([chance.gauss(1, 0.3) * size for _ in range(n)])
    return groups


def exact_mean_and_variance(values: Sequence[float]) -> tuple[Fraction, Fraction]:
    exact = [Fraction(value) for value in values]
    mean = sum(exact, Fraction()) / len(exact)
    return mean, sum(((value - mean) ** 2 for value in exact), Fraction()) / (len(exact) - 1)


@pytest.mark.parametrize("seed", range(5))
def test_mean_and_spread_are_those_of_exact_arithmetic(seed: int) -> None:
    for values in seeded_groups(seed, 200):
        mean, variance = exact_mean_and_variance(values)
        group = summarise_group(values)

        assert group.mean is not None
        assert group.sd is not None
        assert abs(Fraction(group.mean) - mean) <= Fraction(2, 10**15) * max(map(abs, map(Fraction, values)))
        assert abs(Fraction(group.sd) ** 2 - variance) <= variance / 10**12


@pytest.mark.parametrize("seed", range(5))
def test_interval_is_that_of_scipy(seed: int) -> None:
    for values in seeded_groups(seed, 40):
        group = summarise_group(values)
        if group.sd and 1e-150 < group.sd < 1e150:
            low, high = stats.t.interval(0.95, len(values) - 1, loc=0, scale=group.sd / math.sqrt(len(values)))
            assert group.ci == pytest.approx((high - low) / 2, rel=1e-10, abs=0)


@pytest.mark.parametrize("seed", range(5))
def test_welch_is_that_of_scipy(seed: int) -> None:
    groups = [values for values in seeded_groups(seed, 200) if 1e-60 < abs(values[0]) < 1e60]
    for a, b in zip(groups, [*groups[5:], *groups[:5]], strict=True):
        found = welch(summarise_group(a), summarise_group(b))
        if len({*a, *b}) > 2 and len(set(a)) + len(set(b)) > 2:
            assert_like_scipy(found, a, b)


def assert_like_scipy(found: WelchTest | None, a: Sequence[float], b: Sequence[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # SciPy warns of groups that hardly spread
        expected = stats.ttest_ind(a, b, equal_var=False)
    assert found is not None
    # The digits that SciPy's own means lose, of groups far from 0 with a small spread, are lost to its t and p.
    assert found.t == pytest.approx(float(expected.statistic), rel=1e-6, abs=1e-6)
    assert found.df == pytest.approx(float(expected.df), rel=1e-6)
    assert found.p == pytest.approx(2 * float(stats.t.sf(abs(found.t), found.df)), rel=1e-10, abs=1e-300)


def test_welch_on_the_example_runs_is_that_of_scipy() -> None:
    compared = 0
    for groups in example_groups():
        for a, b in pairwise(groups):
            found = welch(summarise_group(a), summarise_group(b))
            assert found is not None
            if len({*a, *b}) > 2 and min(len(set(a)), len(set(b))) > 1:
                expected = stats.ttest_ind(a, b, equal_var=False)
                assert found.t == pytest.approx(float(expected.statistic), rel=1e-9)
                assert found.df == pytest.approx(float(expected.df), rel=1e-9)
                assert found.p == pytest.approx(float(expected.pvalue), rel=1e-9)
                compared += 1

    assert compared > 50


def example_groups() -> list[list[list[float]]]:
    """For each metric of the digits-mlp example the last values of each configuration's finished runs."""
    (store,) = list_stores([ROOT / "example_runs"])
    found = [run for _, run in read_runs(store.runs)]
    runs = [summarise_run(run, definitions={}) for run in found if run.key.experiment == "digits-mlp"]
    keys = repeat_keys(runs, repeat_rule(runs, ()))
    by_metric: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for key, run in zip(keys, runs, strict=True):
        for metric in run.metrics.values():
            if run.status == "finished" and metric.last is not None and math.isfinite(metric.last.value):
                by_metric[metric.name][key].append(metric.last.value)
    return [[values for values in groups.values() if len(values) > 1] for groups in by_metric.values()]


def test_order_of_the_groups_only_turns_the_sign() -> None:
    groups = [summarise_group(values) for values in seeded_groups(9, 100)]
    for a, b in pairwise(groups):
        one, other = welch(a, b), welch(b, a)
        assert one is not None
        assert other is not None
        assert (one.t, one.df, one.p) == (-other.t, other.df, other.p)


def test_verdicts_of_opposite_goals_are_opposite() -> None:
    turned = {"better": "worse", "worse": "better"}
    groups = [summarise_group(values) for values in seeded_groups(11, 200)]
    for a, b in pairwise(groups):
        high, low = verdict(a, b, "maximize", "record"), verdict(a, b, "minimize", "settings")
        assert turned.get(high, high) == low
        assert verdict(a, b, "maximize", "guess") == verdict(a, b, None, None)


def test_scaling_by_a_power_of_two_changes_no_digit() -> None:
    for values in seeded_groups(12, 100):
        plain = summarise_group([value / max(map(abs, values)) for value in values])
        for power in (900, -900):
            scaled = summarise_group([value / max(map(abs, values)) * 2.0**power for value in values])
            assert plain.mean is not None
            assert plain.sd is not None
            assert (scaled.mean, scaled.sd) == (plain.mean * 2.0**power, plain.sd * 2.0**power)


def test_infinities_and_nan_as_numbers_are_not_finite_either() -> None:
    values: list[TableValue] = [1.0, math.nan, math.inf, -math.inf, None]

    assert fields(summarise_group(values)) == {
        "n": 1, "not_finite": 3, "missing": 1, "mean": 1.0, "sd": None, "ci": None, "min": 1.0, "max": 1.0
    }  # fmt: skip


def test_odd_values_never_make_a_figure_that_is_not_a_number() -> None:
    chance = random.Random(13)
    odd: list[TableValue] = [
        0,
        -0.0,
        5e-324,
        -5e-324,
        1e-308,
        1e-160,
        1e160,
        1.7e308,
        -1.7e308,
        1,
        1 + 2**-52,
        None,
        "NaN",
    ]
    for _ in range(3000):
        a, b = (summarise_group(chance.choices(odd, k=chance.randrange(1, 5))) for _ in range(2))
        found = welch(a, b)
        told = [*(fields(a) or {}).values(), *(fields(b) or {}).values(), *(fields(found) or {}).values()]

        assert not any(isinstance(figure, float) and math.isnan(figure) for figure in told)
        assert found is None or 0 <= found.p <= 1
        assert a.mean is None or a.min <= a.mean <= a.max  # type: ignore[operator]  # all three are known, or none
        assert verdict_words(a, b, "maximize", "record")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the twin")
def test_python_and_javascript_agree_to_the_bit_on_seeded_groups() -> None:
    groups = [
        *seeded_groups(21, 1500),
        *seeded_groups(22, 20, sizes=(100, 1000)),
        *([1.7e308, value] for value in (1, -1e308)),
    ]
    script = """
        const { readFileSync } = require("fs");
        for (const name of ["format", "student_t", "group_statistics"]) require(`${process.argv[1]}/${name}.js`);
        const { summarise_group, welch, verdict, verdict_words } = globalThis.runsite.group_statistics;
        const groups = JSON.parse(readFileSync(0, "utf8")).map(summarise_group);
        process.stdout.write(JSON.stringify(groups.map((group, at) => {
          const against = [groups.at(at - 1), "maximize", "record"];
          return [group, welch(group, against[0]), verdict(group, ...against), verdict_words(group, ...against)];
        }), (_, value) => (value === Infinity || value === -Infinity ? String(value) : value)));
    """
    answer = subprocess.run(
        ["node", "-e", script, str(STATIC)], input=json.dumps(groups), capture_output=True, check=True, encoding="utf-8"
    )

    summaries = [summarise_group(values) for values in groups]
    for at, (group, test, word, words) in enumerate(json.loads(answer.stdout)):
        own, baseline = summaries[at], summaries[at - 1]
        expected = welch(own, baseline)
        assert expected is not None
        told = [float(group[name]) for name in ("n", "mean", "sd", "ci", "min", "max")]
        assert told == [own.n, own.mean, own.sd, own.ci, own.min, own.max]
        assert number(test["t"]) == expected.t
        assert test["df"] == expected.df
        assert test["p"] == pytest.approx(expected.p, rel=1e-12, abs=1e-307)
        assert (word, words) == (
            verdict(own, baseline, "maximize", "record"),
            verdict_words(own, baseline, "maximize", "record"),
        )


def test_python_has_all_that_javascript_has() -> None:
    source = (STATIC / "group_statistics.js").read_text(encoding="utf-8")
    exports = source.partition("const exports = {")[2].partition("}")[0].replace(",", " ").split()

    assert all(hasattr(group_statistics, name) for name in exports)
