"""What the charts of runs reckon, against SciPy, NumPy and pandas."""

import itertools
import math
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from relations_in_node import ask

SIZES = [4, 5, 7, 9, 10, 23, 60, 300]


def numbers(size: int, seed: int, *, ties: bool) -> list[float]:
    chance = random.Random(seed)
    return [float(chance.randrange(4)) if ties else chance.gauss(0, 1) for _ in range(size)]


def pairs() -> list[tuple[list[float], list[float]]]:
    """Make columns of all sizes, with ties and without, some that go together."""
    made = []
    for seed, (size, ties) in enumerate(itertools.product(SIZES, (False, True))):
        xs = numbers(size, seed, ties=ties)
        noise = numbers(size, seed + 1000, ties=False)
        made += [(xs, noise), (xs, [x + 0.5 * y for x, y in zip(xs, noise, strict=True)])]
    return [(xs, ys) for xs, ys in made if len(set(xs)) > 1]


def test_rank_correlations_are_those_of_scipy() -> None:
    cases = pairs()

    answers = ask(*(["spearman", xs, ys] for xs, ys in cases))

    for (xs, ys), answer in zip(cases, answers, strict=True):
        expected = stats.spearmanr(xs, ys)
        assert answer["estimate"] == pytest.approx(expected.statistic, abs=1e-12)
        if len(xs) > 9:
            assert answer["p_by"] == "t"
            assert answer["p"] == pytest.approx(expected.pvalue, rel=1e-8, abs=1e-300)


def test_p_values_of_few_runs_are_those_of_all_orders() -> None:
    cases = [(xs, ys) for xs, ys in pairs() if len(xs) <= 7]

    answers = ask(*(["spearman", xs, ys] for xs, ys in cases))

    for (xs, ys), answer in zip(cases, answers, strict=True):
        a, b = (stats.rankdata(column) - (len(xs) + 1) / 2 for column in (xs, ys))
        sums = np.array([np.dot(a, order) for order in itertools.permutations(b)])
        expected = np.mean(np.abs(sums) >= abs(np.dot(a, b)) - 1e-9)
        assert answer["p_by"] == "exact"
        assert answer["p"] == pytest.approx(expected, abs=1e-12)


def test_intervals_are_fishers_with_the_error_of_bonett_and_wright() -> None:
    cases = pairs()

    answers = ask(*(["spearman", xs, ys] for xs, ys in cases))

    for (xs, _), answer in zip(cases, answers, strict=True):
        if len(xs) < 10:
            assert answer["low"] is answer["high"] is None
            continue
        rho = answer["estimate"]
        half = stats.norm.ppf(0.975) * math.sqrt((1 + rho**2 / 2) / (len(xs) - 3))
        assert answer["low"] == pytest.approx(math.tanh(math.atanh(rho) - half), abs=1e-12)
        assert answer["high"] == pytest.approx(math.tanh(math.atanh(rho) + half), abs=1e-12)


def test_intervals_hold_the_true_correlation_about_as_often_as_they_say() -> None:
    """Of 1,000 samples of 30 runs with Spearman's rho 0.6, some 950 intervals hold it."""
    rho = 0.6
    pearson = 2 * math.sin(math.pi * rho / 6)
    chance = np.random.default_rng(7)
    samples = [
        chance.multivariate_normal([0, 0], [[1, pearson], [pearson, 1]], size=30).T.tolist() for _ in range(1000)
    ]

    answers = ask(*(["spearman", *sample] for sample in samples))

    assert 930 <= sum(answer["low"] <= rho <= answer["high"] for answer in answers) <= 970


def groups_of(size: int, seed: int) -> tuple[list[int], list[float]]:
    chance = random.Random(seed)
    count = 2 + seed % 4
    groups = [number % count for number in range(size)]
    chance.shuffle(groups)
    order = list(dict.fromkeys(groups))
    numbered = [order.index(group) for group in groups]
    return numbered, [chance.gauss(0, 1) + 0.4 * group for group in numbered]


def test_correlation_ratios_are_those_of_kruskal_and_wallis() -> None:
    cases = [groups_of(size, seed) for seed, size in enumerate([6, 8, 9, 12, 30, 90, 200, 201, 400, 1000])]

    answers = ask(*(["correlation_ratio", groups, ys] for groups, ys in cases))

    for (groups, ys), answer in zip(cases, answers, strict=True):
        parts = [[y for group, y in zip(groups, ys, strict=True) if group == each] for each in sorted(set(groups))]
        expected = stats.kruskal(*parts)
        size, count = len(ys), len(parts)
        assert answer["estimate"] ** 2 == pytest.approx(expected.statistic / (size - 1), abs=1e-12)
        assert answer["chance"] ** 2 == pytest.approx((count - 1) / (size - 1), abs=1e-12)
        if size > 200:
            assert answer["p_by"] == "χ²"
            assert answer["p"] == pytest.approx(expected.pvalue, rel=1e-9)
        elif size > 9:
            assert answer["p_by"] == "shuffles"
            # 2,000 shuffles: three standard errors, and what χ² misses at these sizes.
            assert answer["p"] == pytest.approx(expected.pvalue, abs=0.06)


def test_p_values_of_few_grouped_runs_are_those_of_all_orders() -> None:
    cases = [groups_of(size, seed) for seed, size in enumerate([4, 5, 6, 6])]

    answers = ask(*(["correlation_ratio", groups, ys] for groups, ys in cases))

    for (groups, ys), answer in zip(cases, answers, strict=True):

        def between(order: tuple[float, ...], groups: list[int] = groups) -> float:
            sums = pd.Series(order).groupby(groups).agg(["sum", "count"])
            return float((sums["sum"] ** 2 / sums["count"]).sum())

        ranks = tuple(stats.rankdata(ys) - (len(ys) + 1) / 2)
        all_orders = [between(order) for order in itertools.permutations(ranks)]
        assert answer["p_by"] == "exact"
        assert answer["p"] == pytest.approx(np.mean(np.array(all_orders) >= between(ranks) - 1e-9), abs=1e-12)


def test_of_two_texts_the_ratio_is_the_size_of_the_rank_correlation() -> None:
    groups = [number % 2 for number in range(25)]
    ys = numbers(25, 3, ties=False)

    ratio, rho = ask(["correlation_ratio", groups, ys], ["spearman", groups, ys])

    assert ratio["estimate"] == pytest.approx(abs(rho["estimate"]), abs=1e-12)


def test_tails_of_chi_square_are_those_of_scipy() -> None:
    cases = list(itertools.product([1e-9, 0.1, 1, 3.84, 10, 50, 300, 1400], [1, 2, 3, 7, 30, 200]))

    answers = ask(*(["chi_square_tail", x, df] for x, df in cases))

    for (x, df), answer in zip(cases, answers, strict=True):
        assert answer == pytest.approx(float(stats.chi2.sf(x, df)), rel=1e-9, abs=1e-300)


def columns_for_bins() -> list[list[float]]:
    chance = np.random.default_rng(3)
    made = [chance.normal(size=size).tolist() for size in (2, 3, 10, 24, 300)]
    made += [chance.exponential(size=100).tolist(), [1.0] * 40 + [2.0, 3.0, 9.0], [0.0, 1.0], [5.0, 5.0, 5.0, 6.0]]
    return made


def test_bins_are_those_of_numpy() -> None:
    columns = columns_for_bins()

    answers = ask(*(["bin_edges", column] for column in columns))
    counts = ask(*(["bin_counts", column, answer["edges"]] for column, answer in zip(columns, answers, strict=True)))

    for column, answer, own in zip(columns, answers, counts, strict=True):
        has_range = np.subtract(*np.percentile(column, [75, 25])) > 0
        expected = np.histogram_bin_edges(column, "fd" if has_range else "sturges")
        assert answer["rule"].startswith("Freedman" if has_range else "Sturges")
        assert answer["edges"] == pytest.approx(expected.tolist(), abs=1e-12)
        assert own == np.histogram(column, answer["edges"])[0].tolist()
        assert sum(own) == len(column)


def test_a_far_value_does_not_make_a_million_bins() -> None:
    (answer,) = ask(["bin_edges", [*np.linspace(0, 1, 100).tolist(), 1e9]])

    assert len(answer["edges"]) == 61
    assert answer["rule"].endswith("which asks for more")


@pytest.mark.parametrize("goal", ["maximize", "minimize"])
def test_records_are_where_the_cumulative_best_of_pandas_moves(goal: str) -> None:
    columns = [numbers(size, size, ties=ties) for size in (1, 2, 50, 400) for ties in (False, True)]

    answers = ask(*(["records_of", column, goal] for column in columns))

    for column, answer in zip(columns, answers, strict=True):
        series = pd.Series(column)
        best = series.cummax() if goal == "maximize" else series.cummin()
        assert answer == [0, *np.flatnonzero(best.diff().to_numpy()[1:]) + 1]


def test_mean_ranks_are_those_of_scipy() -> None:
    columns: list[Any] = [numbers(size, size, ties=True) for size in SIZES]

    for column, ranks in zip(columns, ask(*(["mean_ranks", column] for column in columns)), strict=True):
        assert ranks == stats.rankdata(column).tolist()
