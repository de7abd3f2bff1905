"""Which metric judges an experiment, in which order its runs stand, which are drawn first, which params vary."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from runsite.config import ExperimentSettings
from runsite.model import ExperimentSummary, Goal, GoalFrom, MetricSummary, Point, RunKey, RunSummary
from runsite.summaries import summarise_experiment
from runsite.summaries.experiment import choose_main_metric, split_title, varying_params
from runsite.summaries.goals import guess_goal


def metric(
    name: str, value: float, *, goal: Goal | None = None, goal_from: GoalFrom | None = None, count: int = 5
) -> MetricSummary:
    """Make a summary whose goal is declared as told, else guessed."""
    finite = math.isfinite(value)
    known = goal or guess_goal(name)
    point = Point(0, value)
    return MetricSummary(
        name=name,
        count=count,
        finite=count if finite else 0,
        first=point,
        last=point,
        min=value if finite else None,
        max=value if finite else None,
        mean=value if finite else None,
        best=point if finite and known else None,
        goal=known,
        goal_from=goal_from or ("record" if goal else "guess" if known else None),
    )


def run(
    number: int, *metrics: MetricSummary, status: str = "finished", params: Mapping[str, Any] | None = None
) -> RunSummary:
    key = RunKey("e", f"r{number:03d}")
    named = {each.name: each for each in metrics}
    return RunSummary(key, key.run, str(key), status, started=float(number), metrics=named, params=params or {})


def summarise(*runs: RunSummary, text: str = "", **settings: Any) -> ExperimentSummary:
    return summarise_experiment("e", runs, text=text, settings=ExperimentSettings(**settings))


def main_of(*names: str, runs: int = 1) -> str | None:
    main = choose_main_metric([run(n, *(metric(name, 1.0) for name in names)) for n in range(runs)], wanted=None)
    return main.name if main else None


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["train/loss", "val/loss"], "val/loss"),
        (["val/loss", "val/acc"], "val/acc"),
        (["train/acc", "val/loss"], "val/loss"),
        (["test/acc", "val/loss"], "val/loss"),
        (["test/acc", "train/loss"], "test/acc"),
        (["loss", "train/loss"], "loss"),
        (["val/wer", "val/loss"], "val/wer"),
        (["epoch", "lr"], None),
        ([], None),
    ],
)
def test_the_guess_takes_validation_before_train_and_a_quality_before_a_loss(
    names: list[str], chosen: str | None
) -> None:
    assert main_of(*names) == chosen
    assert main_of(*reversed(names)) == chosen


def test_a_test_metric_is_never_guessed_while_a_validation_one_exists() -> None:
    runs = [run(n, metric("test/acc", 1.0)) for n in range(9)] + [run(9, metric("val/loss", 1.0))]

    main = choose_main_metric(runs, wanted=None)

    assert main is not None
    assert main.name == "val/loss"


def test_a_metric_of_few_runs_gives_way_to_one_of_at_least_half() -> None:
    runs = [run(n, metric("train/acc", 1.0)) for n in range(3)] + [run(3, metric("val/acc", 1.0))]

    main = choose_main_metric(runs, wanted=None)

    assert main is not None
    assert main.name == "train/acc"


def test_a_declared_goal_goes_before_any_guess_and_the_settings_before_all() -> None:
    runs = [run(1, metric("val/acc", 0.5), metric("wobble", 3.0, goal="maximize"), metric("other", 1.0))]

    declared, chosen = choose_main_metric(runs, wanted=None), choose_main_metric(runs, wanted="other")

    assert declared is not None
    assert (declared.name, declared.goal_from, declared.reason) == ("wobble", "record", "goal declared in the logs")
    assert chosen is not None
    assert (chosen.name, chosen.goal, chosen.reason) == ("other", None, "chosen in runsite.toml")


def test_a_wanted_metric_that_no_run_has_leaves_the_choice_open() -> None:
    main = choose_main_metric([run(1, metric("val/acc", 0.5))], wanted="missing")

    assert main is not None
    assert (main.name, main.reason) == ("val/acc", "guessed from its name")


def test_where_some_runs_declare_a_goal_the_others_guess_does_not_count() -> None:
    runs = [run(1, metric("loss", 1.0)), run(2, metric("loss", 1.0, goal="maximize"))]

    main = choose_main_metric(runs, wanted=None)

    assert main is not None
    assert (main.goal, main.goal_from) == ("maximize", "record")


def test_runs_stand_best_first_and_those_without_a_value_last_newest_first() -> None:
    runs = [run(1, metric("acc", 0.1)), run(2), run(3, metric("acc", 0.9)), run(4, metric("acc", math.nan)), run(5)]

    experiment = summarise(*runs)

    assert [each.key.run for each in experiment.runs] == ["r003", "r001", "r005", "r004", "r002"]
    assert experiment.best is experiment.runs[0]
    assert experiment.diverged == {RunKey("e", "r004")}


def test_of_equal_runs_the_earliest_stands_first_and_order_does_not_depend_on_reading() -> None:
    runs = [run(n, metric("loss", 1.0)) for n in range(5)]

    assert [each.key.run for each in summarise(*runs).runs] == ["r000", "r001", "r002", "r003", "r004"]
    assert summarise(*runs) == summarise(*reversed(runs))


def test_without_a_goal_runs_stand_newest_first_and_none_is_best() -> None:
    experiment = summarise(*(run(n, metric("wobble", float(n))) for n in range(3)))

    assert [each.key.run for each in experiment.runs] == ["r002", "r001", "r000"]
    assert (experiment.main_metric, experiment.best) == (None, None)


@pytest.mark.parametrize(("count", "reason"), [(0, "no run has metrics"), (1, "the one run"), (10, "all 10 runs")])
def test_up_to_ten_runs_are_all_drawn(count: int, reason: str) -> None:
    experiment = summarise(*(run(n, metric("acc", n / 100)) for n in range(count)))

    assert (len(experiment.drawn), experiment.drawn_reason) == (count, reason)


def test_of_many_runs_the_ten_best_are_drawn() -> None:
    experiment = summarise(*(run(n, metric("val/acc", n / 1000)) for n in range(300)))

    assert experiment.drawn_reason == "10 best of 300 by val/acc"
    assert [key.run for key in experiment.drawn] == [f"r{n}" for n in range(299, 289, -1)]


def test_without_a_goal_the_newest_are_drawn() -> None:
    assert summarise(*(run(n, metric("wobble", 1.0)) for n in range(12))).drawn_reason == "the 10 newest"


def test_up_to_three_runs_without_an_end_are_drawn_before_the_best() -> None:
    runs = [run(n, metric("acc", n / 100), status="running" if n < 5 else "finished") for n in range(30)]

    experiment = summarise(*runs)

    assert experiment.drawn_reason == "3 without an end and 7 best of 30 by acc"
    assert len(experiment.drawn) == 10
    assert sum(key.run in ("r002", "r003", "r004") for key in experiment.drawn) == 3


def test_runs_without_metrics_are_not_drawn() -> None:
    assert summarise(run(1), run(2, metric("acc", 0.1))).drawn == (RunKey("e", "r002"),)


def test_constants_clocks_and_counters_come_last_and_are_quiet() -> None:
    experiment = summarise(run(1, *(metric(name, 1.0) for name in ("epoch", "val/acc", "a", "zeta", "lr"))))

    assert experiment.metric_names == ("val/acc", "a", "zeta", "epoch", "lr")
    assert experiment.quiet_metrics == {"epoch", "lr"}


def test_a_declared_goal_makes_a_clock_speak() -> None:
    assert summarise(run(1, metric("time", 1.0, goal="minimize"))).quiet_metrics == frozenset()


def test_params_vary_if_runs_differ_or_some_lack_them() -> None:
    rows = [
        {"lr": 0.1, "same": 1, "seed": 0, "id": "a", "typed": 1},
        {"lr": 0.2, "same": 1.0, "seed": 1, "id": "b", "typed": True},
        {"lr": 0.1, "same": 1, "seed": 0, "id": "c", "rare": 1, "typed": 1},
    ]

    names = varying_params([run(n, params=row) for n, row in enumerate(rows)])

    assert names == ("lr", "typed", "rare", "id", "seed")


@pytest.mark.parametrize(
    ("text", "title", "description"),
    [
        ("# Digits\n\nHand-written.\n", "Digits", "Hand-written."),
        ("Only text", "e", "Only text"),
        ("#  \ntext", "e", "#  \ntext"),
        ("## Second\ntext", "e", "## Second\ntext"),
        ("", "e", ""),
    ],
)
def test_the_first_heading_is_the_title(text: str, title: str, description: str) -> None:
    assert split_title(text, "e") == (title, description)
    assert (summarise(text=text).title, summarise(text=text).description) == (title, description)
