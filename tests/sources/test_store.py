"""Which folders are runs, under which names, and what is never followed or opened."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from runsite.errors import StoreError
from runsite.model import Problem, RunKey
from runsite.readers import list_stores, read_run
from runsite.sources import StoreListing, list_store
from support import append_to_run, metrics, write_run

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights that Windows users lack")
needs_bytes = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are not Unicode")


def keys(listing: StoreListing) -> list[str]:
    return [str(run.key) for run in listing.runs]


def test_a_folder_with_a_log_is_a_run_and_the_path_to_it_its_experiment(tmp_path: Path) -> None:
    write_run(tmp_path, "vision/digits", "a")
    write_run(tmp_path, "text", "b")
    (tmp_path / "loose").mkdir()
    write_run(tmp_path, ".", "c")

    listing = list_store(tmp_path)

    assert [(run.key.experiment, run.key.run, run.store_path) for run in listing.runs] == [
        ("default", "c", "c"),
        ("text", "b", "text/b"),
        ("vision/digits", "a", "vision/digits/a"),
    ]
    assert listing.passed_over == 1


def test_every_writers_file_is_a_log_of_the_run(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a")
    for name in ("run.rank1.jsonl", "run.0.1.jsonl", "run.old.jsonl.gz", "running.jsonl", "run.json", "xrun.jsonl"):
        (folder / name).write_bytes(b"")

    logs = list_store(tmp_path).runs[0].logs

    assert [log.name for log in logs] == ["run.0.1.jsonl", "run.jsonl", "run.old.jsonl.gz", "run.rank1.jsonl"]


def test_models_and_reports_are_reserved_at_the_root_alone(tmp_path: Path) -> None:
    write_run(tmp_path, "models", "a")
    write_run(tmp_path, "reports", "b")
    write_run(tmp_path, "digits/models", "c")

    assert keys(list_store(tmp_path)) == ["digits/models/c"]


def test_a_run_below_a_run_is_read_but_never_one_among_its_artifacts(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "sweep")
    write_run(tmp_path, "e/sweep", "child")
    write_run(tmp_path, "e/sweep/artifacts", "copy")
    (tmp_path / "e" / "sweep" / "checkpoints").mkdir()

    listing = list_store(tmp_path)

    assert keys(listing) == ["e/sweep", "e/sweep/child"]
    assert listing.passed_over == 0


def test_equal_ids_in_two_experiments_are_two_runs(tmp_path: Path) -> None:
    write_run(tmp_path, "one", "a")
    write_run(tmp_path, "two", "a")

    assert keys(list_store(tmp_path)) == ["one/a", "two/a"]


def test_two_stores_with_a_run_of_one_key_are_refused_in_one_line(tmp_path: Path) -> None:
    for store in ("s", "t"):
        write_run(tmp_path / store, "e", "a")

    with pytest.raises(StoreError, match="is also run e/a; rename one or build them apart"):
        list_stores([tmp_path / "s", tmp_path / "t"])


def test_experiment_descriptions_and_reports_are_listed(tmp_path: Path) -> None:
    write_run(tmp_path, "vision/digits", "a")
    (tmp_path / "vision" / "digits" / "experiment.md").write_text("# Digits\n")
    (tmp_path / "vision" / "experiment.md").write_text("# Vision\n")
    (tmp_path / "reports" / "2026").mkdir(parents=True)
    for name in ("b.md", "a.md", "2026/c.md", "picture.png"):
        (tmp_path / "reports" / name).write_text("x")

    listing = list_store(tmp_path)

    assert sorted(listing.experiments) == ["vision", "vision/digits"]
    assert [path.relative_to(tmp_path).as_posix() for path in listing.reports] == [
        "reports/2026/c.md",
        "reports/a.md",
        "reports/b.md",
    ]


@pytest.mark.parametrize(
    ("mark", "tool"),
    [("mlruns", "MLflow"), ("wandb", "Weights & Biases"), ("lightning_logs", "Lightning"), ("dvclive", "DVCLive")],
)
def test_another_tools_folder_is_named(tmp_path: Path, mark: str, tool: str) -> None:
    (tmp_path / mark).mkdir()

    assert list_store(tmp_path).foreign == [tool]


def test_event_files_are_named_as_tensorboards(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "events.out.tfevents.1.host").write_bytes(b"")

    assert list_store(tmp_path).foreign == ["TensorBoard"]


def test_a_missing_store_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such store; give the folder your training code logs to"):
        list_store(tmp_path / "none")


def test_a_file_is_not_a_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="is a file, not a store"):
        list_store(tmp_path / "file")


def test_a_built_site_is_recognised(tmp_path: Path) -> None:
    for name in ("site.json", "index.html"):
        (tmp_path / name).write_text("{}")

    with pytest.raises(StoreError, match="is a built site, not a store"):
        list_store(tmp_path)


def test_a_run_given_as_a_store_is_recognised(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a")

    with pytest.raises(StoreError, match="is a run, not a store; give the folder above its experiment"):
        list_store(folder)


def test_an_empty_store_is_a_store(tmp_path: Path) -> None:
    assert list_store(tmp_path).runs == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_named_like_a_log_does_not_hang_the_build(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a")
    os.mkfifo(folder / "run.rank1.jsonl")
    os.mkfifo(folder / "real pipe")
    (folder / "run.rank2.jsonl").symlink_to("real pipe")
    (tmp_path / "e" / "pipe").mkdir()
    os.mkfifo(tmp_path / "e" / "pipe" / "run.jsonl")
    os.mkfifo(tmp_path / "e" / "experiment.md")
    (tmp_path / "reports").mkdir()
    os.mkfifo(tmp_path / "reports" / "r.md")

    listing = list_store(tmp_path)

    assert [log.name for log in listing.runs[0].logs] == ["run.jsonl"]
    assert listing.runs[0].problems == (
        Problem("e/a/run.rank2.jsonl", 0, "a link that leads to no file; not read", "line"),
    )
    assert (keys(listing), listing.experiments, listing.reports) == (["e/a"], {}, [])


def test_a_folder_named_like_a_log_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "e" / "a" / "run.jsonl").mkdir(parents=True)
    write_run(tmp_path, "e/run.jsonl", "b")
    (tmp_path / "e" / "experiment.md").mkdir()

    listing = list_store(tmp_path)

    assert keys(listing) == ["e/run.jsonl/b"]
    assert listing.experiments == {}


@needs_links
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("run.jsonl", "a link that leads to no file; not read"),
        ("missing", "a link that leads to no file; not read"),
        ("artifacts", "a link that leads to no file; not read"),
        ("/etc/passwd", "a link that leaves the store; not read"),
        ("../../../outside", "a link that leaves the store; not read"),
    ],
)
def test_a_run_whose_log_is_a_bad_link_is_still_shown_with_the_reason(tmp_path: Path, target: str, reason: str) -> None:
    store = tmp_path / "store"
    (store / "e" / "a" / "artifacts").mkdir(parents=True)
    (tmp_path / "outside").write_text('{"type":"note","text":"private"}\n')
    (store / "e" / "a" / "run.jsonl").symlink_to(target)

    run = read_run(list_store(store).runs[0])

    assert run is not None
    assert run.problems == (Problem("e/a/run.jsonl", 0, reason, "line"),)
    assert run.notes == ()


@needs_links
def test_a_log_that_is_a_link_within_the_store_is_read(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a")
    (folder / "run.jsonl").rename(tmp_path / "elsewhere")
    (folder / "run.jsonl").symlink_to("../../elsewhere")

    run = read_run(list_store(tmp_path).runs[0])

    assert run is not None
    assert run.status == "finished"


@needs_links
def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write_run(tmp_path / "other", "e", "secret")
    store = tmp_path / "store"
    write_run(store, "e", "a")
    (store / "linked").symlink_to(tmp_path / "other")
    (store / "e" / "loop").symlink_to("..")
    (store / "reports").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "report.md").write_text("secret")

    listing = list_store(store)

    assert (keys(listing), listing.reports) == (["e/a"], [])


@needs_links
def test_a_report_or_description_linked_from_outside_the_store_is_not_read(tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_run(store, "e", "a")
    (store / "reports").mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (store / "reports" / "leak.md").symlink_to(tmp_path / "secret.md")
    (store / "reports" / "loop.md").symlink_to("loop.md")
    (store / "e" / "experiment.md").symlink_to(tmp_path / "secret.md")
    (store / "reports" / "folder.md").mkdir()

    listing = list_store(store)

    assert (listing.reports, listing.experiments) == ([], {})
    assert listing.problems == [
        Problem("e/experiment.md", 0, "a link that leaves the store; not read"),
        Problem("reports/leak.md", 0, "a link that leaves the store; not read"),
        Problem("reports/loop.md", 0, "a link that leads to no file; not read"),
    ]


@needs_links
def test_a_chart_that_is_no_file_of_the_store_is_told_with_the_reason(tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_run(store, "e", "a")
    (store / "charts").symlink_to(tmp_path)
    charts = store / "e" / "charts"
    (charts / "folder.vl.json").mkdir(parents=True)
    (charts / "own.vl.json").write_text("{}")
    (charts / "inner.vl.json").symlink_to("own.vl.json")
    (tmp_path / "secret.json").write_text("{}")
    (charts / "leak.vl.json").symlink_to(tmp_path / "secret.json")
    (charts / "gone.py").symlink_to("missing.py")
    (charts / "notes.txt").symlink_to(tmp_path / "secret.json")

    listing = list_store(store)

    assert {name: [path.name for path in found] for name, found in listing.charts.items()} == {
        "e": ["inner.vl.json", "own.vl.json"]
    }
    assert sorted(listing.problems) == [
        Problem("charts", 0, "a link to a folder; not read"),
        Problem("e/charts/folder.vl.json", 0, "not a file; not read"),
        Problem("e/charts/gone.py", 0, "a link that leads to no file; not read"),
        Problem("e/charts/leak.vl.json", 0, "a link that leaves the store; not read"),
    ]


@needs_links
def test_folder_of_charts_that_leads_round_in_a_circle_stops_no_build(tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_run(store, "e", "a")
    (store / "charts").symlink_to("charts")
    (store / "e" / "charts").symlink_to("charts")

    assert [str(run.key) for run in list_store(store).runs] == ["e/a"]


def test_folder_that_goes_away_while_its_store_is_listed_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in ("a", "b"):
        write_run(tmp_path / "store", "e", run)
    real = os.scandir

    def scandir(path: Any) -> Any:
        if isinstance(path, Path) and path.name == "a" and path.exists():
            shutil.rmtree(path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)

    assert [str(run.key) for run in list_store(tmp_path / "store").runs] == ["e/b"]


@needs_links
def test_a_loop_of_links_at_the_root_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").symlink_to("run.jsonl")

    with pytest.raises(StoreError, match="is a run, not a store"):
        list_store(tmp_path)


@needs_bytes
def test_a_folder_whose_name_is_not_utf8_is_a_run_with_a_readable_name(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"e\xff") / os.fsdecode(b"a\xfe")
    folder.mkdir(parents=True)
    (folder / os.fsdecode(b"run.\xfd.jsonl")).write_bytes(b"torn\n")

    (listed,) = list_store(tmp_path).runs
    run = read_run(listed)

    assert listed.key == RunKey("e\\xff", "a\\xfe")
    assert run is not None
    assert run.problems[0].file == "e\\xff/a\\xfe/run.\\xfd.jsonl"


@needs_bytes
def test_control_characters_in_folder_names_reach_no_terminal(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "a\n\x1b[2J")

    assert keys(list_store(tmp_path)) == ["e/a\\x0a\\x1b[2J"]


@pytest.mark.parametrize("name", ["...", "x" * 200, "ריצה", "🦊", "a b&c=d", "con", "-", "'\"", "%2e%2e"])
def test_odd_folder_names_are_names_like_any_other(tmp_path: Path, name: str) -> None:
    if sys.platform == "win32":
        pytest.skip("not a name there")
    write_run(tmp_path, name, name)

    assert [run.key for run in list_store(tmp_path).runs] == [RunKey(name, name)]


def test_names_that_differ_in_case_alone_are_two_runs_where_the_disk_allows(tmp_path: Path) -> None:
    write_run(tmp_path, "e", "run")
    if (tmp_path / "e" / "RUN").exists():
        pytest.skip("this disk folds case")
    write_run(tmp_path, "e", "RUN")

    assert keys(list_store(tmp_path)) == ["e/RUN", "e/run"]


def test_folders_without_end_are_one_line(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["d"] * 70)
    folder.mkdir(parents=True)

    with pytest.raises(StoreError, match="folders nested deeper than 64"):
        list_store(tmp_path)


def test_caches_and_environments_in_a_store_are_not_searched(tmp_path: Path) -> None:
    for name in (".git", ".venv", "node_modules", "__pycache__", ".runsite"):
        write_run(tmp_path, name, "a")

    assert list_store(tmp_path).runs == []


def test_a_run_that_went_away_after_the_listing_is_left_out(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a")
    (listed,) = list_store(tmp_path).runs
    (folder / "run.jsonl").unlink()

    assert read_run(listed) is None


def test_a_log_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a")
    (listed,) = list_store(tmp_path).runs
    (folder / "run.jsonl").unlink()
    (folder / "run.jsonl").mkdir()

    with pytest.raises(StoreError, match=r"run\.jsonl: cannot be read \(.+\); make it readable or move it away"):
        read_run(listed)


def test_a_log_that_lies_packed_and_unpacked_is_read_once(tmp_path: Path) -> None:
    folder = write_run(tmp_path, "e", "a", metrics(1, {"loss": 1}))
    append_to_run(folder, metrics(1, {"loss": 1}), writer="b")
    (folder / "run.b.jsonl.gz").write_bytes(b"never opened")

    run = read_run(list_store(tmp_path).runs[0])

    assert run is not None
    assert len(run.series["loss"].values) == 2
    assert [problem.kind for problem in run.problems] == ["note"]
