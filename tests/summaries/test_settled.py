"""One goal a metric for all runs of an experiment, whoever declared it."""

from pathlib import Path

from runsite.config import ExperimentSettings
from runsite.model import ExperimentSummary, RunSummary
from runsite.readers import list_stores, read_runs
from runsite.summaries import summarise_experiment, summarise_run
from support import metrics, run_end, run_start, write_run


def declare(name: str, goal: str) -> dict[str, str]:
    return {"type": "metric_definition", "name": name, "goal": goal}


def experiment_of(store: Path) -> ExperimentSummary:
    (listing,) = list_stores([store])
    runs: list[RunSummary] = [summarise_run(run, definitions={}) for _, run in read_runs(listing.runs)]
    return summarise_experiment("e", runs, text="", settings=ExperimentSettings())


def test_a_goal_that_one_run_declares_ranks_all_runs(tmp_path: Path) -> None:
    for name, value in (("a", 5), ("b", 1), ("c", 9)):
        declared = [declare("x", "minimize")] if name == "a" else []
        write_run(tmp_path, "e", name, run_start(run=name), *declared, metrics(1, {"x": value}), run_end())

    experiment = experiment_of(tmp_path)

    assert [run.key.run for run in experiment.runs] == ["b", "a", "c"]
    assert {run.metrics["x"].goal_from for run in experiment.runs} == {"record"}


def test_a_declared_goal_goes_before_another_runs_guess(tmp_path: Path) -> None:
    points = {"a": (1, 3), "b": (2, 9)}
    for name, values in points.items():
        declared = [declare("val/loss", "maximize")] if name == "a" else []
        rows = [metrics(step, {"val/loss": value}) for step, value in enumerate(values)]
        write_run(tmp_path, "e", name, run_start(run=name), *declared, *rows, run_end())

    experiment = experiment_of(tmp_path)

    best = [(run.key.run, point.value) for run in experiment.runs if (point := run.metrics["val/loss"].best)]
    assert best == [("b", 9.0), ("a", 3.0)]


def test_of_runs_that_contradict_each_other_the_newest_counts(tmp_path: Path) -> None:
    for number, (name, goal) in enumerate((("old", "minimize"), ("new", "maximize"))):
        rows = [metrics(step, {"x": value}, time=1000.0 * number + step) for step, value in enumerate((number, 7))]
        write_run(tmp_path, "e", name, run_start(time=1000.0 * number), declare("x", goal), *rows)

    experiment = experiment_of(tmp_path)

    assert {run.metrics["x"].goal for run in experiment.runs} == {"maximize"}


def test_no_test_metric_is_guessed_while_a_validation_metric_without_goal_exists(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", metrics(1, {"val/score": 0.5, "test/acc": 0.4}))

    assert experiment_of(tmp_path).main_metric is None


def test_further_metrics_stand_by_declaration_and_phase(tmp_path: Path) -> None:
    values = {"val/auc": 0.9, "train/auc": 1.0, "test/auc": 0.8, "val/logloss": 0.1, "lr": 0.1, "grad_norm": 2.0}
    declared = [declare("val/logloss", "minimize"), declare("test/auc", "maximize")]
    write_run(tmp_path, "e", "a", *declared, metrics(1, values), metrics(2, {k: v / 2 for k, v in values.items()}))

    names = experiment_of(tmp_path).metric_names

    assert names == ("val/logloss", "test/auc", "val/auc", "train/auc", "grad_norm", "lr")
