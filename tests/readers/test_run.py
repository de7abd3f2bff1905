"""How the files of one run become a Run: log order, attempts, ranks, params, status, and what is noted."""

import math
from pathlib import Path
from typing import Any

import pytest

from runsite.model import MetricDefinition, Problem, Run, RunFailure, RunKey
from runsite.readers import read_run
from runsite.readers.run import same_json
from runsite.sources import list_store
from support import Record, metrics, params, run_end, run_start, write_run


def read(store: Path, run: str = "e/a") -> Run:
    folder = next(each for each in list_store(store).runs if str(each.key) == run)
    found = read_run(folder)
    assert found is not None
    return found


def written(store: Path, **files: list[Any]) -> Run:
    """Write one run of several files, by writer (`main` is run.jsonl), and read it."""
    for writer, records in files.items():
        write_run(store, "e", "a", *records, writer="" if writer == "main" else writer)
    return read(store)


def values(run: Run, name: str = "loss") -> list[float]:
    return [float(value) for value in run.series[name].values]


def loss(step: float | None, value: object, time: float | None = None) -> Record:
    return metrics(step, {"loss": value}, time=time)


def test_files_stand_in_the_order_of_their_first_times(tmp_path: Path) -> None:
    run = written(tmp_path, main=[loss(0, 3, 30.0), loss(1, 4, 5.0)], b=[loss(0, 1, 10.0)], a=[loss(0, 2, 20.0)])

    assert values(run) == [1.0, 2.0, 3.0, 4.0]
    assert run.log_files == ("e/a/run.b.jsonl", "e/a/run.a.jsonl", "e/a/run.jsonl")


def test_files_of_one_first_time_stand_by_name_with_run_jsonl_first(tmp_path: Path) -> None:
    run = written(tmp_path, b=[loss(0, 3, 10.0)], main=[loss(0, 1, 10.0)], a=[loss(0, 2, 10.0)])

    assert values(run) == [1.0, 2.0, 3.0]


def test_files_without_times_come_first(tmp_path: Path) -> None:
    run = written(tmp_path, main=[loss(0, 2, 10.0)], later=[loss(0, 1)])

    assert values(run) == [1.0, 2.0]


def test_points_are_never_sorted_by_time_or_step(tmp_path: Path) -> None:
    run = written(tmp_path, main=[loss(5, 1, 50.0), loss(3, 2, 10.0), loss(None, 3), loss(3, 4, 20.0)])

    series = run.series["loss"]
    assert values(run) == [1.0, 2.0, 3.0, 4.0]
    assert repr(series.steps.tolist()) == "[5.0, 3.0, nan, 3.0]"
    assert repr(series.times.tolist()) == "[50.0, 10.0, nan, 20.0]"


@pytest.mark.parametrize("seed", range(10))
def test_one_log_dealt_to_files_in_order_reads_as_one(tmp_path: Path, seed: int) -> None:
    rows = [loss(step, (step * 37 + seed) % 11, 100.0 + step) for step in range(30)]
    cuts = [0, 7 + seed, 19, 30]

    one = written(tmp_path / "one", main=rows)
    several = written(tmp_path / "s", **{f"w{9 - n}": rows[cuts[n] : cuts[n + 1]] for n in range(3)})

    for column in ("steps", "values", "times"):
        assert getattr(one.series["loss"], column).tolist() == getattr(several.series["loss"], column).tolist()


def test_when_every_metric_of_a_row_goes_back_a_new_attempt_begins(tmp_path: Path) -> None:
    run = written(tmp_path, main=[metrics(step, {"a": 1, "b": 2}) for step in (0, 1, 2, 1, 2, 3)])

    assert run.series["a"].attempt_starts == run.series["b"].attempt_starts == (3,)


def test_an_evaluation_that_counts_its_own_steps_begins_no_attempt(tmp_path: Path) -> None:
    rows = [metrics(10, {"a": 1}), metrics(1, {"eval": 1}), metrics(20, {"a": 1}), metrics(2, {"eval": 1, "a": 1})]

    run = written(tmp_path, main=rows)

    assert {series.attempt_starts for series in run.series.values()} == {()}


def test_a_resumed_run_has_attempts_also_across_files(tmp_path: Path) -> None:
    first = [run_start(time=1.0), loss(0, 5, 2.0), loss(1, 4, 3.0), loss(2, 4, 4.0)]
    second = [run_start(time=10.0), loss(1, 3, 11.0), loss(2, 2, 12.0), run_end(time=13.0)]

    run = written(tmp_path, main=first, resumed=second)

    assert (run.attempts, run.status, run.started, run.ended) == (2, "finished", 1.0, 13.0)
    assert run.series["loss"].attempt_starts == (3,)


def test_a_new_start_reopens_a_run(tmp_path: Path) -> None:
    ended = [run_start(time=1.0), run_end("failed", time=2.0, error={"type": "E", "message": "m"})]

    reopened = written(tmp_path, main=[*ended, run_start(time=5.0)])

    assert (reopened.status, reopened.ended, reopened.failure, reopened.attempts) == ("running", None, None, 2)


def test_the_status_is_that_of_the_latest_attempt(tmp_path: Path) -> None:
    failed = [run_start(time=1.0), run_end("failed", time=2.0, error={"type": "E", "message": "m"})]

    run = written(tmp_path, main=failed, again=[run_start(time=3.0), run_end("pruned", time=4.0)])

    assert (run.status, run.failure, run.ended) == ("pruned", None, 4.0)


def test_without_an_end_a_run_reads_running(tmp_path: Path) -> None:
    run = written(tmp_path, main=[loss(0, 1)])

    assert (run.status, run.started, run.ended, run.last_time, run.attempts) == ("running", None, None, None, 1)


def test_a_run_without_any_time_can_still_end(tmp_path: Path) -> None:
    run = written(tmp_path, main=[{"type": "run_start"}, loss(0, 1), {"type": "run_end", "status": "killed"}])

    assert (run.status, run.started, run.ended) == ("killed", None, None)


def test_a_failed_rank_is_a_note_and_not_the_runs_status(tmp_path: Path) -> None:
    main = [run_start(time=1.0), loss(0, 1, 5.0), run_end(time=9.0)]
    rank = [run_start(time=2.0), run_end("failed", time=12.0, error={"type": "OOM", "message": "full"})]

    run = written(tmp_path, main=main, rank1=rank)

    assert (run.status, run.attempts, run.ended) == ("finished", 1, 9.0)
    assert run.problems == (Problem("e/a/run.rank1.jsonl", 2, "this writer ended as failed: OOM: full", "note"),)


def test_a_rank_beside_begins_no_attempt_in_the_series(tmp_path: Path) -> None:
    main = [run_start(time=1.0), loss(0, 1, 2.0), loss(9, 1, 9.0)]
    rank = [run_start(time=1.5), loss(0, 1, 2.5)]

    assert written(tmp_path, main=main, rank1=rank).series["loss"].attempt_starts == ()


def test_an_end_written_later_by_another_writer_counts(tmp_path: Path) -> None:
    run = written(tmp_path, main=[run_start(time=1.0)], later=[run_end("killed", time=50.0)])

    assert (run.status, run.ended, run.attempts) == ("killed", 50.0, 1)


def test_of_a_param_logged_twice_the_first_value_stands_and_the_other_is_a_conflict(tmp_path: Path) -> None:
    run = written(tmp_path, main=[params(lr=0.1, depth=3), params(lr=0.2, depth=3)], b=[params(lr=0.1), params(lr=[1])])

    assert run.params == {"lr": 0.1, "depth": 3}
    assert [(c.name, c.kept, c.ignored, c.file, c.line) for c in run.params_conflicts] == [
        ("lr", 0.1, 0.2, "e/a/run.jsonl", 2),
        ("lr", 0.1, [1], "e/a/run.b.jsonl", 2),
    ]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True),
        (0.0, -0.0, True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        ("1", 1, False),
        (math.nan, math.nan, True),
        ("NaN", math.nan, False),
        ([1, [True]], [1.0, [True]], True),
        ([1], [True], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": math.nan}, {"a": math.nan}, True),
        (10**299, 10**299 + 1, False),
    ],
)
def test_values_are_the_same_as_json_numbers_are(left: Any, right: Any, same: bool) -> None:
    assert same_json(left, right) is same
    assert same_json(right, left) is same


def test_of_tags_the_last_value_wins_null_too(tmp_path: Path) -> None:
    first = {"type": "tags", "values": {"team": "a", "state": "new", "x": 1}}
    second = {"type": "tags", "values": {"team": "b", "x": None}}

    assert written(tmp_path, main=[first, second]).tags == {"team": "b", "state": "new", "x": None}


def test_a_definition_after_its_metrics_counts_and_later_ones_add_to_it(tmp_path: Path) -> None:
    def define(**keys: Any) -> Record:
        return {"type": "metric_definition", "name": "loss", **keys}

    run = written(tmp_path, main=[loss(0, 1), define(goal="maximize", unit="%"), define(goal="minimize", label="l")])

    assert run.definitions == {"loss": MetricDefinition("loss", "minimize", "%", None, "l")}


@pytest.mark.parametrize(
    ("parent", "key"),
    [("sweep", RunKey("e", "sweep")), ("other/deep/sweep", RunKey("other/deep", "sweep")), (None, None), (7, None)],
)
def test_a_parent_is_a_key_or_an_id_of_the_same_experiment(tmp_path: Path, parent: Any, key: RunKey | None) -> None:
    assert written(tmp_path, main=[run_start(parent=parent)]).parent == key


def test_a_copied_run_goes_by_its_folders_name_and_says_so(tmp_path: Path) -> None:
    run = written(tmp_path, main=[run_start(run="original", name="The original")])

    assert (run.key, run.name) == (RunKey("e", "a"), "The original")
    assert run.problems == (
        Problem("e/a/run.jsonl", 1, "written as run 'original'; the folder's name 'a' counts", "note"),
    )


def test_a_run_without_a_name_goes_by_its_id(tmp_path: Path) -> None:
    assert written(tmp_path, main=[run_start()]).name == "a"


def test_the_longest_gap_is_within_one_file_and_whatever_the_order_of_times(tmp_path: Path) -> None:
    first = [loss(0, 1, 100.0), loss(1, 1, 40.0), loss(2, 1, 70.0)]

    run = written(tmp_path, main=first, resumed=[loss(3, 1, 10_000.0), {"type": "heartbeat", "time": 10_010.0}])

    assert run.longest_gap_seconds == 30.0
    assert (run.started, run.last_time) == (100.0, 10_010.0)


def test_everything_else_is_kept_in_log_order(tmp_path: Path) -> None:
    first = [
        {"type": "note", "text": "one", "time": 1.0},
        {"type": "dataset", "name": "d"},
        {"type": "artifact", "path": "artifacts/x"},
        {"type": "environment", "python": "3.11", "packages": {"a": "1", "b": "1"}},
        {"type": "source", "commit": "c1"},
        {"type": "model", "path": "artifacts/m"},
    ]
    second = [
        {"type": "note", "text": "two", "time": 2.0},
        {"type": "dataset", "name": "d"},
        {"type": "artifact", "path": "artifacts/x"},
        {"type": "environment", "python": "3.12", "packages": {"b": "2"}},
        {"type": "source", "commit": "c2"},
    ]

    run = written(tmp_path, main=first, resumed=second)

    assert [note.text for note in run.notes] == ["one", "two"]
    assert [dataset.name for dataset in run.datasets] == ["d"]
    assert len(run.artifacts) == 2
    assert run.environment is not None
    assert (run.environment.python, run.environment.packages) == ("3.12", {"a": "1", "b": "2"})
    assert run.source is not None
    assert run.source.commit == "c2"
    assert len(run.models) == 1


def test_an_error_of_a_failed_run_is_kept(tmp_path: Path) -> None:
    run = written(tmp_path, main=[run_start(), run_end("failed", error={"type": "ValueError", "message": "nan"})])

    assert run.failure == RunFailure("ValueError", "nan")


def test_lines_of_another_run_never_meet(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", loss(0, 1))
    write_run(tmp_path, "e", "b", loss(0, 2))

    assert [values(read(tmp_path, key)) for key in ("e/a", "e/b")] == [[1.0], [2.0]]


def test_steps_beyond_64_bits_and_fractions_stay_as_near_as_a_double(tmp_path: Path) -> None:
    run = written(tmp_path, main=[loss(2**70, 1), loss(1.5, 2)], b=[metrics(2**62, {"big": 1})])

    assert run.series["loss"].steps.tolist() == [2.0**70, 1.5]
    assert run.series["big"].steps.tolist() == [2**62]
