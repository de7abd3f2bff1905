"""Names in runsite.toml that mean nothing are said, in one line each."""

from runsite.config import ExperimentSettings, Settings, View
from runsite.model import IgnoredParam, MetricDefinition, RepeatRule
from runsite.tables import all_runs_table, run_table
from runsite.tables.settings_notes import settings_notes
from summarised import experiment, metric, run

DIGITS = experiment(
    [run("a", metric("loss", 1.0), params={"lr": 0.1})],
    repeat_rule=RepeatRule((IgnoredParam("train/Shard", "named in runsite.toml"),)),
)


def notes(settings: Settings) -> list[str]:
    return list(settings_notes(settings, [DIGITS], all_runs_table([DIGITS], [run_table(DIGITS)])))


def test_settings_that_fit_are_silent() -> None:
    views = (View("small", filter="params.lr < 1", sort=("-loss",), columns=("lr",), group=("repeats",)),)
    own = {"digits": ExperimentSettings(baseline="a")}

    assert notes(Settings(experiments=own, repeat=("shard",), views=views)) == []


def test_a_baseline_an_experiment_and_a_param_that_are_not_there_are_named() -> None:
    own = {"digits": ExperimentSettings(baseline="nope"), "nosuch": ExperimentSettings()}

    assert notes(Settings(experiments=own, repeat=("replica",))) == [
        "[experiments.\"digits\"] of runsite.toml: no run has the id 'nope' that baseline asks for",
        '[experiments."nosuch"] of runsite.toml: there is no such experiment',
        "[groups] of runsite.toml: no run has the param 'replica' that repeat names",
    ]


def test_metrics_that_no_run_has_are_named_with_the_nearest() -> None:
    settings = Settings(
        metrics={"los": MetricDefinition("los", "minimize"), "loss": MetricDefinition("loss", "minimize")},
        experiments={"digits": ExperimentSettings(metric="val/acc")},
        views=(View("small", charts=("loss", "looss")),),
    )

    assert notes(settings) == [
        "[metrics.\"los\"] of runsite.toml: no run has that metric; did you mean 'loss'?",
        "[experiments.\"digits\"] of runsite.toml: no run has the metric 'val/acc'; there is loss",
        "[views.\"small\"] of runsite.toml: no run has the metric 'looss' of charts; did you mean 'loss'?",
    ]


def test_a_view_names_each_word_that_no_run_has() -> None:
    views = (View("small", filter="params.lrr < 1", sort=("-wombat",), columns=("lr",), group=("repeat",)),)

    assert notes(Settings(views=views)) == [
        f'[views."small"] of runsite.toml: no run has {name!r}; the view is no tab anywhere'
        for name in ("params.lrr", "-wombat", "repeat")
    ]
