"""The committed example store is what its README says, and `runsite runs --json` says of it what its logs hold."""

import json
import math
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stdlib_fold import best_point, fold_store, number_of, read_log, run_folders

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "example_runs"
MAX_BYTES = 6_000_000
# What would say whose machine the runs were made on: absolute paths, homes, addresses of people.
TRACES = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp|var|opt|usr|mnt)\b|[A-Z]:\\|[\w.-]+@[\w-]+\.[a-z]{2,}")

Row = dict[str, Any]


@pytest.fixture(scope="module")
def folded() -> list[Row]:
    return fold_store(STORE, now=time.time())


@pytest.fixture(scope="module")
def told() -> list[Row]:
    command = [sys.executable, "-m", "runsite.cli", "runs", str(STORE), "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def events() -> list[Row]:
    paths = sorted(STORE.glob("models/*/events/*.json"))
    found = [{"model": path.parts[-3], **json.loads(path.read_text(encoding="utf-8"))} for path in paths]
    return sorted(found, key=lambda event: (event["time"], event["id"]))


def with_status(rows: list[Row], *statuses: str) -> list[Row]:
    return [row for row in rows if row["status"] in statuses]


def records_of(kind: str) -> list[Row]:
    logs = [read_log(path) for folder in run_folders(STORE) for path in folder.glob("run*.jsonl")]
    return [record for log in logs for record in log.records if record["type"] == kind]


def artifact_files(suffix: str) -> list[Path]:
    return sorted(STORE.glob(f"*/*/artifacts/**/*{suffix}"))


def test_command_tells_of_every_run_what_the_standard_library_reads(folded: list[Row], told: list[Row]) -> None:
    said = {(row["experiment"], row["run"]): row for row in told}

    assert sorted(said) == [(row["experiment"], row["run"]) for row in folded]
    for row in folded:
        facts = {name: value for name, value in said[row["experiment"], row["run"]].items() if name in row}
        assert without_guesses(facts) == row


def without_guesses(told: Row) -> Row:
    """Check each guessed goal's best against its extremes, then leave it out: the fold guesses nothing."""
    metrics = {name: dict(metric) for name, metric in told["metrics"].items()}
    for metric in metrics.values():
        if metric["goal_from"] == "guess":
            extreme = metric["max"] if metric["goal"] == "maximize" else metric["min"]
            assert (metric["best"] or [None, None])[1] == extreme
            metric |= {"goal": None, "goal_from": None, "best": None}
    return {**told, "metrics": metrics}


def test_goals_come_from_settings_from_logs_and_from_names(told: list[Row]) -> None:
    origins = {metric["goal_from"] for row in told for metric in row["metrics"].values()}

    assert origins == {"settings", "record", "guess", None}


def test_best_is_the_earliest_of_equals() -> None:
    points = [(1, 0.5), (2, 0.9), (3, 0.9), (4, 0.5)]

    assert best_point(points, "maximize") == [2, 0.9]
    assert best_point(points, "minimize") == [1, 0.5]


def test_store_is_large_enough_to_show_and_small_enough_to_keep(folded: list[Row]) -> None:
    files = [path for path in STORE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]

    assert len({row["experiment"] for row in folded}) >= 3
    assert len(folded) >= 60
    assert sum(path.stat().st_size for path in files) < MAX_BYTES


def test_search_has_five_seeds_a_configuration_and_long_curves(folded: list[Row]) -> None:
    search = [row for row in folded if row["experiment"] == "digits-mlp"]
    configurations: dict[str, set[int]] = {}
    for row in search:
        settings = {name: value for name, value in row["params"].items() if name != "seed"}
        configurations.setdefault(json.dumps(settings, sort_keys=True), set()).add(row["params"]["seed"])

    assert len(configurations) >= 8
    assert all(seeds == {0, 1, 2, 3, 4} for seeds in configurations.values())
    assert all(row["metrics"]["val/acc"]["count"] >= 100 for row in with_status(search, "finished"))
    assert len(with_status(search, "pruned")) >= 3


def test_long_runs_have_five_thousand_steps(folded: list[Row]) -> None:
    long = [row for row in folded if any(metric["count"] >= 5_000 for metric in row["metrics"].values())]

    assert len(long) >= 3
    assert len({row["experiment"] for row in long}) == 1


def test_one_run_diverges_until_nothing_is_a_number(folded: list[Row]) -> None:
    diverged = [row for row in folded if any(metric["last"][1] == "NaN" for metric in row["metrics"].values())]
    values = [value for record in records_of("metrics") for value in record["values"].values()]

    assert len(diverged) == 1
    assert {"NaN", "Infinity"} <= {value for value in values if isinstance(value, str)}
    assert all(
        math.isfinite(metric["max"]) for row in diverged for metric in row["metrics"].values() if metric["finite"]
    )


def test_runs_were_terminated_killed_resumed_and_failed(folded: list[Row]) -> None:
    without_end = with_status(folded, "running", "stalled")
    resumed = [folder for folder in run_folders(STORE) if len(list(folder.glob("run*.jsonl"))) == 2]
    errors = [record["error"] for record in records_of("run_end") if record["status"] == "failed"]

    assert len(with_status(folded, "killed")) == 1
    assert len(without_end) == 1
    assert without_end[0]["ended"] is None
    assert [row["status"] for row in folded if row["run"] in {folder.name for folder in resumed}] == ["finished"]
    assert len(errors) == len(with_status(folded, "failed")) == 1
    assert errors[0]["type"]
    assert errors[0]["message"]


def test_resumed_run_logs_steps_again_that_the_first_attempt_had_logged() -> None:
    folder = next(folder for folder in run_folders(STORE) if len(list(folder.glob("run*.jsonl"))) == 2)
    logs = [read_log(path) for path in folder.glob("run*.jsonl")]
    first, second = sorted(logs, key=lambda log: log.times[0])
    steps = [[record["step"] for record in log.records if record["type"] == "metrics"] for log in (first, second)]

    assert first.name == "run.jsonl"
    assert min(steps[1]) < max(steps[0])


def test_parents_of_nested_runs_are_in_the_store(folded: list[Row]) -> None:
    keys = {f"{row['experiment']}/{row['run']}" for row in folded}
    parents = [row["parent"] for row in folded if row["parent"]]

    assert len(parents) >= 10
    assert len(set(parents)) >= 2
    assert set(parents) <= keys


def test_artifacts_of_many_kinds_are_there_as_recorded() -> None:
    folders = {folder.name: folder for folder in run_folders(STORE)}
    for folder in folders.values():
        recorded = {record["path"] for log in folder.glob("run*.jsonl") for record in artifacts_in(log)}
        assert recorded == {path.relative_to(folder).as_posix() for path in (folder / "artifacts").rglob("*.*")}

    assert all(artifact_files(suffix) for suffix in (".png", ".txt", ".csv", ".json", ".svg", ".html", ".npz"))
    assert all(path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n") for path in artifact_files(".png"))


def artifacts_in(log: Path) -> list[Row]:
    return [record for record in read_log(log).records if record["type"] == "artifact"]


def test_data_sets_have_digests_and_notes_are_written() -> None:
    digests = [record["digest"] for record in records_of("dataset")]

    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in digests)
    assert len(set(digests)) == 9
    assert len(records_of("note")) >= 10


def test_every_value_logged_is_a_number() -> None:
    values = [value for record in records_of("metrics") for value in record["values"].values()]

    assert all(number_of(value) is not None for value in values)


def test_every_experiment_says_what_it_asks(folded: list[Row]) -> None:
    for experiment in {row["experiment"] for row in folded}:
        text = (STORE / experiment / "experiment.md").read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert len(text.splitlines()) > 3


def test_two_models_move_through_stages_and_one_goes_back_with_its_reason(events: list[Row]) -> None:
    registered = [(event["model"], event["version"]) for event in events if event["type"] == "version_registered"]
    moves = [event for event in events if event["type"] == "stage_changed"]
    back = [event for event in moves if event.get("rollback")]

    assert len({model for model, _ in registered}) == 2
    assert len(registered) == len(set(registered)) >= 6
    assert all(event["reason"] for event in moves)
    assert {event["to"] for event in moves} >= {"Staging", "Production"}
    assert any(event.get("replaced_to") == "Archived" for event in moves)
    assert len(back) == 1
    assert any(event["type"] == "alias_set" for event in events)


def test_registered_versions_point_at_files_of_runs(events: list[Row]) -> None:
    for event in (event for event in events if event["type"] == "version_registered"):
        path = STORE / event["run"] / event["path"]
        assert path.stat().st_size == event["size_bytes"]


def test_models_have_cards_and_reports_link_to_what_is_there(events: list[Row]) -> None:
    texts = [STORE / "models" / model / "card.md" for model in {event["model"] for event in events}]
    reports = sorted((STORE / "reports").glob("*.md"))
    links = [
        (text, target)
        for text in (*texts, *reports, *STORE.glob("*/experiment.md"))
        for target in re.findall(r"\]\(([^)]+)\)", text.read_text(encoding="utf-8"))
    ]

    assert reports
    assert len(links) > 30
    assert [target for text, target in links if not (text.parent / target).exists()] == []


def test_nothing_says_whose_machine_it_was() -> None:
    texts = [
        path for pattern in ("*/*/run*.jsonl", "models/*/events/*.json", "**/*.md") for path in STORE.glob(pattern)
    ]

    assert [path for path in texts if TRACES.search(path.read_text(encoding="utf-8"))] == []
    assert {record["platform"].split()[0] for record in records_of("environment")} <= {"Linux", "Darwin", "Windows"}
    assert not any(re.search(r"\d+\.\d+", record["platform"]) for record in records_of("environment"))
    assert not any(record.keys() & {"remote", "patch", "host", "user"} for record in records_of("source"))
