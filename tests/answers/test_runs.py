"""Runs as the command line shows them."""

from pathlib import Path

from runsite.answers import experiment_summaries, judged_status, read_summaries
from runsite.config import Settings
from runsite.sources import list_store
from support import START, metrics, run_end, run_start, write_run


def test_runs_are_summarised_one_by_one_and_nothing_is_redacted(tmp_path: Path) -> None:
    start = run_start(host="gpu-node-17")
    write_run(tmp_path, "e", "a", start, {"type": "params", "values": {"data": "/home/anna/d", "on": "gpu-node-17"}})

    (summary,) = read_summaries(list_store(tmp_path).runs, Settings())

    assert summary.params == {"data": "/home/anna/d", "on": "gpu-node-17"}


def test_a_silent_run_without_an_end_reads_stalled_to_who_looks_late(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", run_start(), metrics(1, {"loss": 1}, time=START + 60))
    write_run(tmp_path, "e", "b", run_start(), run_end())

    running, ended = read_summaries(list_store(tmp_path).runs, Settings())

    assert [judged_status(running, START + 60 + wait) for wait in (0, 600, 601)] == ["running", "running", "stalled"]
    assert judged_status(ended, START + 1e9) == "finished"


def test_a_run_that_logs_once_an_hour_is_not_stalled_after_eleven_minutes(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", run_start(), metrics(1, {"loss": 1}, time=START + 3600))

    (run,) = read_summaries(list_store(tmp_path).runs, Settings())

    assert judged_status(run, START + 3600 + 5 * 3600) == "running"
    assert judged_status(run, START + 3600 + 5 * 3600 + 1) == "stalled"


def test_a_run_without_any_time_is_never_stalled(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a", metrics(1, {"loss": 1}))

    (run,) = read_summaries(list_store(tmp_path).runs, Settings())

    assert judged_status(run, START) == "running"


def test_experiments_stand_by_name_each_in_the_order_of_its_table(tmp_path: Path) -> None:
    for experiment, run, acc in (("b", "worse", 0.1), ("b", "better", 0.9), ("a", "only", 0.5)):
        write_run(tmp_path, experiment, run, run_start(), metrics(1, {"val/acc": acc}))
    runs = list(read_summaries(list_store(tmp_path).runs, Settings()))

    experiments = experiment_summaries(runs, Settings())

    assert [(each.name, [run.key.run for run in each.runs]) for each in experiments] == [
        ("a", ["only"]),
        ("b", ["better", "worse"]),
    ]
