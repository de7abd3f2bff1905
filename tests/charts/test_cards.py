"""Cards say their figures as text, and the island tells the browser what to draw."""

import json
from dataclasses import replace

from runsite.charts.cards import MAX_CARDS, ChartSection, appearance, experiment_charts, run_charts
from runsite.model import ExperimentSummary, Goal, MainMetric, MetricSummary, Point, RunKey, RunSummary

HOSTILE = 'a.b[0] "x" \\ `y` </script>'


def metric(name: str, *, best: float | None = None, goal: Goal | None = None, last: float = 0.5) -> MetricSummary:
    low, high = min(last, best if best is not None else 0.1), max(last, best if best is not None else 0.9)
    found = None if best is None else Point(120, best)
    return MetricSummary(
        name, 200, 200, Point(0, 0.1), Point(199, last), low, high, 0.4, found, goal, "guess" if goal else None
    )


def make_run(run: str, *metrics: MetricSummary, name: str | None = None) -> RunSummary:
    key = RunKey("digits", run)
    return RunSummary(
        key, run if name is None else name, f"digits/{run}", "finished", metrics={m.name: m for m in metrics}
    )


def make_experiment(*runs: RunSummary, quiet: frozenset[str] = frozenset()) -> ExperimentSummary:
    return ExperimentSummary(
        name="digits",
        title="Digits",
        description="",
        runs=runs,
        main_metric=None,
        best=None,
        drawn=tuple(run.key for run in runs),
        drawn_reason=f"all {len(runs)} runs",
        metric_names=tuple(sorted({name for run in runs for name in run.metrics})),
        quiet_metrics=quiet,
        varying_params=(),
        param_names=(),
        diverged=frozenset(),
    )


def charts_of(experiment: ExperimentSummary) -> ChartSection:
    charts = experiment_charts(experiment, version=lambda path: f"{len(path)}")
    assert charts is not None
    return charts


def charts_of_run(run: RunSummary) -> ChartSection:
    charts = run_charts(run, make_experiment(run), version=lambda path: f"{len(path)}")
    assert charts is not None
    return charts


def said(charts: ChartSection) -> list[str]:
    return [" · ".join(f"{f.word} {f.text} {f.detail}".strip() for f in card.figures) for card in charts.cards]


def test_run_card_says_last_and_best() -> None:
    charts = charts_of_run(make_run("r1", metric("val/acc", best=0.95, goal="maximize", last=0.93)))

    assert said(charts) == ["last 0.93 · best 0.95 at step 120"]
    assert (charts.cards[0].label, charts.cards[0].section) == ("val/acc", "val")


def test_run_card_without_a_goal_says_the_range() -> None:
    assert said(charts_of_run(make_run("r1", metric("score")))) == ["last 0.5 · min 0.1 · max 0.9"]


def test_best_of_an_earlier_attempt_is_said_to_be_so() -> None:
    best = replace(metric("loss", best=0.1, goal="minimize"), best_in_last_attempt=False)

    assert said(charts_of_run(make_run("r1", best))) == ["last 0.5 · best 0.1 at step 120, earlier attempt"]


def test_experiment_card_says_who_is_best() -> None:
    runs = [make_run(f"r{n}", metric("loss", best=n / 10, goal="minimize")) for n in (3, 1, 2)]

    assert said(charts_of(make_experiment(*runs))) == ["best 0.1 r1"]


def test_card_tells_how_many_of_the_runs_have_its_metric() -> None:
    charts = charts_of(make_experiment(make_run("r1", metric("a"), metric("b")), make_run("r2", metric("b"))))

    assert [card.note for card in charts.cards] == ["1 of 2 runs", ""]


def test_quiet_metrics_stand_apart() -> None:
    charts = charts_of(make_experiment(make_run("r1", metric("loss"), metric("lr")), quiet=frozenset({"lr"})))

    assert [card.name for card in charts.cards] == ["loss"]
    assert [card.name for card in charts.quiet] == ["lr"]


def test_metrics_beyond_the_limit_are_counted() -> None:
    charts = charts_of_run(make_run("r1", *(metric(f"m{number:04d}") for number in range(MAX_CARDS + 1234))))

    assert (len(charts.cards), charts.more) == (MAX_CARDS, "1,234")


def test_runs_of_one_name_are_told_apart_by_their_id() -> None:
    charts = charts_of(make_experiment(*(make_run(run, metric("loss"), name="same") for run in ("r1", "r2"))))

    assert [run.name for run in charts.runs] == ["same (r1)", "same (r2)"]


def test_island_names_runs_metrics_and_addresses_relative_to_the_page() -> None:
    charts = charts_of_run(make_run("r1", metric("loss", best=0.1, goal="minimize")))

    island = json.loads(charts.island)

    assert island["metrics"] == [{"name": "loss", "label": "loss", "unit": None, "goal": "minimize"}]
    assert island["vega"] == "../../../../assets/vega.js?v=14"
    assert island["specs"] == "../../../../assets/chart_specs.js?v=21"
    (run,) = island["runs"]
    assert (run["key"], run["colour"], run["dash"]) == ("digits/r1", 0, 0)
    assert run["series"].startswith("../../../../experiments/digits-")
    assert "/series.js?v=" in run["series"]


def test_island_says_on_which_metric_another_was_declared_to_stand() -> None:
    shown = replace(metric("val/acc"), step_metric="epoch")

    island = json.loads(charts_of_run(make_run("r1", shown, metric("epoch"))).island)

    assert [m.get("step_metric") for m in island["metrics"]] == [None, "epoch"]


def test_island_of_hostile_names_cannot_end_its_script() -> None:
    charts = charts_of(make_experiment(make_run("r1", metric(HOSTILE), metric("__proto__"), name=HOSTILE)))

    assert "<" not in charts.island
    assert [m["name"] for m in json.loads(charts.island)["metrics"]] == ["__proto__", HOSTILE]


def test_nothing_logged_has_no_charts() -> None:
    run = make_run("r1")

    assert experiment_charts(make_experiment(run), version=str) is None
    assert run_charts(run, make_experiment(run), version=str) is None


def test_eight_colours_with_three_dashes_and_then_grey() -> None:
    looks = [appearance(index) for index in range(25)]

    assert len(set(looks[:24])) == 24
    assert looks[8] == (0, 1)
    assert looks[24] == (None, 0)


def test_figures_of_runs_that_ended_say_so_while_others_go_on_except_of_the_main_metric() -> None:
    both = [metric(name, best=0.75, goal="maximize") for name in ("acc", "recall")]
    open_ones = [replace(each, best=None, last=None) for each in both]
    going_on = replace(make_run("c", *open_ones), status="running")

    experiment = make_experiment(make_run("a", *both), make_run("b", *both), going_on)

    charts = charts_of(replace(experiment, main_metric=MainMetric("acc", "maximize", "record", "declared")))

    notes = {card.name: (card.note, card.figures[0].text) for card in charts.cards}
    assert notes == {"acc": ("", "0.75"), "recall": ("of the 2 that ended", "0.75")}
