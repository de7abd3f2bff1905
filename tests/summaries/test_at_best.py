"""A metric's value where another was best: which step is nearest, which attempt counts, which anchors are kept."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from runsite.model import Goal, MetricDefinition, Run, RunKey, RunSummary, Series, Step
from runsite.readers.columns import step_column
from runsite.summaries import summarise_run
from runsite.summaries.at_best import MAX_VALUES, AtBest, at_best
from runsite.summaries.metric import with_goal

NAN, INF = math.nan, math.inf
Points = Sequence[tuple[Step | None, float]]


def series(name: str, points: Points, *, starts: tuple[int, ...] = ()) -> Series:
    steps, values = step_column([step for step, _ in points]), np.array([value for _, value in points])
    return Series(name, steps, values, np.full(len(points), NAN), starts)


def summary(*metrics: Series, declared: Goal | None = None) -> RunSummary:
    """Summarise a run whose log declares a goal for `val/x`."""
    definitions = {"val/x": MetricDefinition("val/x", goal=declared)} if declared else {}
    found = {each.name: each for each in metrics}
    return summarise_run(Run(RunKey("e", "r"), "r", "e/r", series=found, definitions=definitions), definitions={})


def found(
    anchor: Points, target: Points, *, starts: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
) -> AtBest | None:
    """Find the value of `test/y` where `val/x` was lowest."""
    run = summary(
        series("val/x", anchor, starts=starts[0]), series("test/y", target, starts=starts[1]), declared="minimize"
    )
    return at_best(run, "test/y", "val/x")


def test_the_value_at_the_same_step_is_taken() -> None:
    assert found([(1, 3.0), (2, 1.0), (3, 2.0)], [(1, 0.1), (2, 0.2), (3, 0.3)]) == AtBest(0.2, 0.0)


def test_else_that_at_the_nearest_step_and_of_two_the_earlier() -> None:
    assert found([(10, 1.0)], [(1, 0.1), (12, 0.2)]) == AtBest(0.2, 2.0)
    assert found([(10, 1.0)], [(8, 0.1), (12, 0.2)]) == AtBest(0.1, -2.0)
    assert found([(10, 1.0)], [(12, 0.2), (8, 0.1)]) == AtBest(0.1, -2.0)
    assert found([(10, 1.0)], [(8.75, 0.1), (11.0, 0.2)]) == AtBest(0.2, 1.0)


def test_of_points_at_the_same_step_the_last_logged_counts() -> None:
    assert found([(2, 1.0)], [(2, 0.1), (3, 0.2), (2, 0.3), (3, 0.4)]) == AtBest(0.3, 0.0)


def test_only_points_of_the_attempt_that_holds_the_best_count() -> None:
    anchor = [(1, 5.0), (2, 1.0), (3, 4.0), (2, 2.0), (3, 3.0)]
    target = [(1, 0.1), (2, 0.2), (3, 0.3), (2, 0.4), (3, 0.5)]

    assert found(anchor, target, starts=((3,), (3,))) == AtBest(0.2, 0.0)
    assert found(anchor, target, starts=((3,), ())) == AtBest(0.4, 0.0)
    assert found(anchor, target, starts=((3,), (1, 3))) == AtBest(0.4, 0.0)


def test_metrics_of_the_same_steps_and_other_attempts_are_searched_apart() -> None:
    steps = (1, 2, 2, 3)
    anchor, target = zip(steps, (5.0, 1.0, 3.0, 4.0), strict=True), list(zip(steps, (0.1, 0.2, 0.3, 0.4), strict=True))
    restarted = series("val/x", list(anchor), starts=(2,))
    run = summary(restarted, series("a", target, starts=(2,)), series("b", target), declared="minimize")

    assert [at_best(run, name, "val/x") for name in "ab"] == [AtBest(0.2, 0.0), AtBest(0.3, 0.0)]


def test_a_cell_without_a_value_is_nan_and_one_of_the_metric_itself_its_extreme() -> None:
    table = summary(series("val/x", [(None, 3.0)]), series("loss", [(1, 0.5)]), declared="minimize").at_extremes

    assert table is not None
    assert (list(table.names), list(table.anchors)) == (["loss", "val/x"], [("val/x", "lowest"), ("loss", "lowest")])
    np.testing.assert_array_equal(table.values, [[NAN, 3.0], [0.5, NAN]])
    np.testing.assert_array_equal(table.distances, [[NAN, 0.0], [0.0, NAN]])


def test_points_without_a_step_are_passed_over() -> None:
    assert found([(None, 9.0), (2, 1.0)], [(None, 0.1), (1, 0.2), (None, 0.3)]) == AtBest(0.2, -1.0)
    assert found([(2, 1.0)], [(None, 0.1)]) is None
    assert found([(None, 1.0)], [(2, 0.1)]) is None


def test_what_is_not_finite_is_a_value_too() -> None:
    at = found([(1, 1.0)], [(1, NAN)])

    assert at is not None
    assert math.isnan(at.value)
    assert found([(1, 1.0)], [(1, -INF)]) == AtBest(-INF, 0.0)


def test_whole_steps_of_any_size_are_told_apart() -> None:
    huge = 2**53
    assert found([(huge + 1, 1.0)], [(huge, 0.1), (huge + 1, 0.2)]) == AtBest(0.2, 0.0)
    assert found([(huge + 3, 1.0)], [(huge, 0.1), (huge + 5, 0.2)]) == AtBest(0.2, 2.0)
    assert found([(-(2**63), 1.0)], [(2**63 - 1, 0.1)]) == AtBest(0.1, 2.0**64)
    assert found([(-1.5e308, 1.0)], [(1.5e308, 0.1)]) == AtBest(0.1, INF)


def test_a_metric_at_its_own_best_is_its_best() -> None:
    run = summary(series("val/x", [(None, 1.0), (2, 3.0)]), series("test/y", [(1, 0.5)]), declared="minimize")

    assert at_best(run, "val/x", "val/x") == AtBest(1.0, 0.0)


def test_a_goal_that_is_settled_later_chooses_the_end() -> None:
    run = summary(series("val/x", [(1, 3.0), (2, 1.0)]), series("test/y", [(1, 0.1), (2, 0.2)]))
    judged = [settled(run, goal) for goal in ("minimize", "maximize", None)]

    assert [at_best(each, "test/y", "val/x") for each in judged] == [AtBest(0.2, 0.0), AtBest(0.1, 0.0), None]


def settled(run: RunSummary, goal: Goal | None) -> RunSummary:
    return replace(run, metrics={**run.metrics, "val/x": with_goal(run.metrics["val/x"], goal, "record")})


def test_what_is_unknown_has_no_value() -> None:
    run = summary(series("val/x", [(1, NAN)]), series("test/y", [(1, 0.1)]), declared="minimize")

    assert [at_best(run, "test/y", "val/x"), at_best(run, "test/y", "nix"), at_best(run, "nix", "val/x")] == [None] * 3
    assert summary().at_extremes is None


def test_clocks_are_no_anchors_and_metrics_without_goal_have_both_ends() -> None:
    run = summary(*(series(name, [(1, 0.5)]) for name in ("epoch", "lr", "val/loss", "acc", "wobble")))

    assert run.at_extremes is not None
    assert list(run.at_extremes.anchors) == [
        ("val/loss", "lowest"),
        ("acc", "highest"),
        ("wobble", "lowest"),
        ("wobble", "highest"),
    ]


def test_anchors_are_kept_as_long_as_they_fit() -> None:
    many = [series(f"m{number:03}", [(1, 0.5)]) for number in range(300)]
    run = summary(*many, series("val/x", [(1, 0.5)]), series("loss", [(1, 0.5)]), declared="maximize")

    assert run.at_extremes is not None
    assert list(run.at_extremes.anchors) == [("val/x", "highest"), ("loss", "lowest"), ("m000", "lowest")]
    assert run.at_extremes.values.size <= MAX_VALUES
    assert summary(*(series(f"loss/{number}", [(1, 0.5)]) for number in range(MAX_VALUES + 1))).at_extremes is None


def test_summaries_of_the_same_run_are_equal_nan_or_not() -> None:
    one, same, other = (
        summary(series("val/x", [(1, 1.0)]), series("test/y", [(1, value), (2, 0.0)])).at_extremes
        for value in (NAN, NAN, 0.25)
    )

    assert one == same
    assert one != other


def expected(anchor: Points, starts: tuple[int, ...], target: Points, target_starts: tuple[int, ...]) -> AtBest | None:
    """Say the rule again, in plain Python and slowly."""
    finite = [place for place, (_, value) in enumerate(anchor) if math.isfinite(value)]
    if not finite:
        return None
    best = min(finite, key=lambda place: (anchor[place][1], place))
    wanted = anchor[best][0]
    if wanted is None:
        return None
    attempt = sum(start <= best for start in starts)
    bounds = (0, *target_starts, len(target))
    same = len(starts) == len(target_starts)
    first, end = bounds[attempt : attempt + 2] if same else (0, len(target))
    places = [place for place in range(first, end) if target[place][0] is not None]
    if not places:
        return None

    def distance(place: int) -> Fraction:
        return Fraction(target[place][0] or 0) - Fraction(wanted)

    place = min(places, key=lambda place: (abs(distance(place)), distance(place), -place))
    return AtBest(target[place][1], float(distance(place)))


def random_points(chance: random.Random, *, kind: str) -> tuple[Points, tuple[int, ...]]:
    count = chance.choice([1, 2, 3, 10, 60])
    starts = tuple(sorted(chance.sample(range(1, count), min(count - 1, chance.choice([0, 0, 1, 2])))))
    missing = chance.choice([0.0, 0.0, 0.2, 1.0])
    odd = chance.choice([0.0, 0.3, 1.0])
    step: Step = chance.randrange(5)
    points: list[tuple[Step | None, float]] = []
    for place in range(count):
        step = chance.randrange(8) if place in starts or chance.random() < 0.05 else step + chance.randrange(3)
        shown: Step = {"whole": step, "huge": 2**53 + step, "quarters": step / 4}[kind]
        value = chance.choice([NAN, INF, -INF]) if chance.random() < odd else float(chance.randrange(20))
        points.append((None if chance.random() < missing else shown, value))
    return points, starts


@pytest.mark.parametrize("seed", range(40))
def test_random_runs_agree_with_the_rule_said_slowly(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        kind = chance.choice(["whole", "huge", "quarters"])
        logged = {name: random_points(chance, kind=kind) for name in ("val/x", "test/y", "loss", "acc", "wobble")}
        if chance.random() < 0.3:
            logged["acc"] = logged["wobble"] = logged["loss"]
        # Beside steps that are missing a huge whole step becomes a float64, and is what that float64 says.
        logged = {
            name: ([(None if step is None else as_read(step, points), value) for step, value in points], starts)
            for name, (points, starts) in logged.items()
        }

        run = summary(
            *(series(name, points, starts=starts) for name, (points, starts) in logged.items()), declared="minimize"
        )

        for name in logged.keys() - {"val/x"}:
            wanted, at = expected(*logged["val/x"], *logged[name]), at_best(run, name, "val/x")
            assert repr(at) == repr(wanted), (name, logged["val/x"], logged[name])


def as_read(step: Step, points: Points) -> Step:
    return float(step) if any(known is None for known, _ in points) else step
