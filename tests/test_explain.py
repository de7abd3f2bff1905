"""Why each output was made: every reason that holds, and none that does not."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runsite.build import build
from runsite.build.reasons import (
    CACHE_CLOSED,
    CACHE_LOST,
    CACHE_TORN,
    CODE_CHANGED,
    VERIFY_DIFFERED,
    changed_filter,
    changed_rules,
    joined,
    said_of,
)
from runsite.build.verify import forget_site
from runsite.model import RunKey
from runsite.registry import register_model
from runsite.site.written import NOT_AS_WRITTEN
from runsite.site_paths import experiment_folder, run_page
from support import RecordingReporter, append_to_run, metrics, params, run_end, run_start, write_run

DIGITS, WINE = experiment_folder("digits"), experiment_folder("wine")
PAGE, TABLE, ROWS = f"{DIGITS}index.html", f"{DIGITS}table.js", f"{DIGITS}rows/all.js"
ALL_RUNS = "runs/index.html"


@pytest.fixture
def store(tmp_path: Path, chart_cache: Path) -> Path:
    """Two ended runs, a child of the first and an open run; another experiment; compiled charts in the cache."""
    folder = tmp_path / "runs"
    for run in ("a1", "a2", "child"):
        parent = {"parent": "digits/a1"} if run == "child" else {}
        write_run(
            folder,
            "digits",
            run,
            {**run_start(run=run), **parent},
            params(lr=len(run)),
            metrics(0, {"acc": 0.5}),
            run_end(),
        )
    write_run(folder, "digits", "open", run_start(run="open"), params(lr=1), metrics(0, {"acc": 0.1}))
    write_run(folder, "wine", "b1", run_start(run="b1"), metrics(0, {"loss": 3.0}), run_end())
    (tmp_path / "cache").mkdir()
    for compiled in chart_cache.glob("*.js"):
        (tmp_path / "cache" / compiled.name).write_bytes(compiled.read_bytes())
    return folder


def reasons_of(store: Path, *, filter: str | None = None) -> Mapping[str, str]:
    """Build as if all were an hour old; return why each output was written."""
    hour_ago = time.time_ns() - 3_600_000_000_000
    for place in (store, *store.rglob("*")):
        os.utime(place, ns=(hour_ago, hour_ago))
    tick_over = time.monotonic() + 0.03  # their ctime cannot be set back
    while time.monotonic() < tick_over:
        pass
    place = store.parent
    options = {"reporter": RecordingReporter(), "clock": lambda: time.time_ns() + 60_000_000_000}
    result = build([store], place / "site", cache=place / "cache", filter=filter, **options)  # type: ignore[arg-type]  # two kinds
    return result.reasons


def write_settings(store: Path, text: str = "[experiments.digits]\nbaseline = 'a2'\n") -> None:
    (store / "runsite.toml").write_text(text)


def new_run(store: Path) -> None:
    write_run(store, "digits", "a3", run_start(run="a3"), params(lr=9), metrics(0, {"acc": 0.2}), run_end())


def test_a_filter_that_changed_is_told_and_no_setting(store: Path) -> None:
    reasons_of(store)

    with_all = reasons_of(store, filter="lr > 0 or loss > 0")
    with_most = reasons_of(store, filter="lr > 0")
    without = reasons_of(store)

    assert with_all == {"about.html": "the filter changed"}
    assert with_most["about.html"] == "run wine/b1 is left out by the filter now; the filter changed"
    assert without["about.html"] == "run wine/b1 was left out by the filter before; the filter changed"
    assert without[run_page(RunKey("wine", "b1"))] == "run wine/b1 was left out by the filter before"


def test_a_filter_that_judges_one_more_run_is_not_called_another(store: Path) -> None:
    reasons_of(store, filter="lr > 0")
    write_run(store, "wine", "b2", run_start(run="b2"), run_end())

    assert reasons_of(store, filter="lr > 0") == {"about.html": "the filter judges 6 runs instead of 5"}


def test_an_experiment_without_runs_that_a_filter_leaves_out_is_neither_new_nor_gone(store: Path) -> None:
    (store / "plan").mkdir()
    (store / "plan" / "experiment.md").write_text("# Plan\n")
    reasons_of(store)

    filtered = reasons_of(store, filter="lr > 0")
    whole = reasons_of(store)

    assert "experiment plan is left out by the filter now" in filtered["index.html"]
    page = f"{experiment_folder('plan')}index.html"
    assert whole[page] == "experiment plan is new, or was left out by the filter before"


def test_a_parent_that_is_gone_is_not_said_to_have_another_name(store: Path) -> None:
    reasons_of(store)
    shutil.rmtree(store / "digits" / "a1")

    reasons = reasons_of(store)

    told = {reasons[path] for path in (PAGE, ROWS, run_page(RunKey("digits", "child")))}
    assert told == {"run digits/a1 is gone"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((new_run, write_settings), "run digits/a3 is new; the settings of experiment digits changed"),
        (
            (new_run, lambda store: shutil.rmtree(store / "digits" / "a2")),
            "run digits/a3 is new; run digits/a2 is gone",
        ),
        (
            (
                lambda store: append_to_run(store / "digits" / "open", run_end()),
                lambda store: shutil.rmtree(store / "digits" / "a2"),
                lambda store: (store / "digits" / "experiment.md").write_text("# D\n"),
            ),
            "run digits/open changed and reads finished; run digits/a2 is gone; "
            "the description of experiment digits reads otherwise",
        ),
        (
            (
                lambda store: append_to_run(store / "digits" / "open", metrics(1, {"acc": 0.9})),
                lambda store: write_settings(store, "[metrics.acc]\nunit = '%'\n[groups]\nrepeat = ['lr']\n"),
            ),
            "run digits/open changed in more than its latest values; the settings of metric acc changed; "
            "the settings of repeats changed",
        ),
    ],
    ids=["new, settings", "new, gone", "end, gone, text", "best, metric, repeats"],
)
def test_all_that_changed_of_an_experiment_is_told(
    store: Path, changes: tuple[Callable[[Path], object], ...], said: str
) -> None:
    reasons_of(store)
    for change in changes:
        change(store)

    reasons = reasons_of(store)

    assert reasons[PAGE] == said
    assert set(said.split("; ")) <= set(reasons[ALL_RUNS].split("; "))


def test_a_new_run_is_new_whatever_else_changed(store: Path) -> None:
    reasons_of(store)
    new_run(store)
    write_settings(store, "[metrics.acc]\nunit = '%'\n")

    reasons = reasons_of(store)

    assert reasons[run_page(RunKey("digits", "a3"))] == "run digits/a3 is new"
    assert reasons[PAGE] == "run digits/a3 is new; the settings of metric acc changed"


def test_all_experiments_that_changed_or_went_are_told_by_what_spans_them(store: Path) -> None:
    reasons_of(store)
    new_run(store)
    shutil.rmtree(store / "wine")

    assert reasons_of(store)[ALL_RUNS] == "run digits/a3 is new; run wine/b1 is gone"


def test_all_runs_that_changed_of_a_shard_are_told(store: Path) -> None:
    reasons_of(store)
    for run in ("a1", "a2"):
        append_to_run(store / "digits" / run, {"type": "tags", "values": {"k": run}})

    reasons = reasons_of(store)

    assert reasons[ROWS] == "run digits/a1 changed (and 1 more); run digits/a1 changed and reads finished (and 1 more)"


def test_a_run_tells_of_its_parent_its_children_and_models_apart(store: Path) -> None:
    reasons_of(store)
    register_model("m", run="digits/a1", store=store, by="b")
    write_run(store, "digits", "second", {**run_start(run="second"), "parent": "digits/a1"}, run_end())

    reasons = reasons_of(store)

    assert reasons[run_page(RunKey("digits", "a1"))] == "run digits/second is new; what models say of it changed"


def test_a_file_that_changed_is_told_beside_what_else_did(store: Path) -> None:
    folder = store / "digits" / "a1"
    append_to_run(folder, {"type": "artifact", "path": "artifacts/n.txt"})
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "n.txt").write_text("one")
    reasons_of(store)
    (folder / "artifacts" / "n.txt").write_text("other")
    alone = reasons_of(store)
    (folder / "artifacts" / "n.txt").write_text("a third")
    write_settings(store, "[site]\ntitle = 'T'\n")

    both = reasons_of(store)

    page = run_page(RunKey("digits", "a1"))
    assert alone[page] == "n.txt changed"
    assert both[page] == "the site's title or its navigation changed; n.txt changed"


def test_what_verify_let_be_forgotten_is_not_called_new(store: Path) -> None:
    reasons_of(store)
    forget_site(store.parent / "site", store.parent / "cache")
    write_settings(store)
    new_run(store)
    (store.parent / "site" / "about.html").unlink()

    reasons = reasons_of(store)

    new = run_page(RunKey("digits", "a3"))
    assert reasons["about.html"] == reasons[PAGE] == f"{VERIFY_DIFFERED}; run digits/a3 is new"
    assert reasons[run_page(RunKey("digits", "a1"))] == VERIFY_DIFFERED
    assert reasons[new] == "run digits/a3 is new"
    (store.parent / "site" / "about.html").unlink()
    assert reasons_of(store) == {"about.html": "it is not there as it was written"}


@pytest.mark.parametrize(("lost", "said"), [("cache", CACHE_LOST), ("code", CODE_CHANGED)])
def test_a_site_that_is_not_remembered_is_not_called_new(
    store: Path, monkeypatch: pytest.MonkeyPatch, lost: str, said: str
) -> None:
    reasons_of(store)
    if lost == "cache":
        (store.parent / "cache" / "build.sqlite").unlink()
    else:
        monkeypatch.setattr("runsite.build.status.FORMAT", 2)
    write_settings(store, "[site]\ntitle = 'T'\n")

    reasons = reasons_of(store)

    assert set(reasons.values()) == {said}


def test_a_cache_that_is_lost_is_told_where_no_output_is_different(store: Path) -> None:
    reasons_of(store)
    (store.parent / "cache" / "build.sqlite").unlink()

    assert reasons_of(store) == {"": f"{CACHE_LOST}; no output is different"}


@pytest.mark.parametrize("kind", ["inputs", "folders"])
def test_a_cache_that_lost_what_tells_of_changes_is_not_taken_for_a_change(store: Path, kind: str) -> None:
    reasons_of(store)
    with sqlite3.connect(store.parent / "cache" / "build.sqlite") as cache:
        cache.execute("DELETE FROM blobs WHERE CAST(name AS TEXT) LIKE ?", [f"%/{kind}/%"])
    cache.close()

    assert reasons_of(store) == {"": f"{CACHE_TORN}; no output is different"}


def test_what_is_gone_from_the_site_and_would_be_as_before_says_so_whatever_changed(store: Path) -> None:
    reasons_of(store)
    shutil.rmtree(store.parent / "site")
    new_run(store)

    reasons = reasons_of(store)

    as_before = {path for path, reason in reasons.items() if reason == NOT_AS_WRITTEN}
    assert {".nojekyll", "404.html", "compare.html", "models/index.html"} <= as_before
    assert reasons[PAGE] == reasons["index.html"] == "run digits/a3 is new"


def test_what_was_changed_by_hand_is_told_beside_what_else_changed(store: Path) -> None:
    reasons_of(store)
    page = store.parent / "site" / "404.html"
    page.unlink()
    page.write_text("by hand")
    new_run(store)

    reasons = reasons_of(store)

    assert reasons["404.html"] == NOT_AS_WRITTEN
    assert reasons["index.html"] == "run digits/a3 is new"


def test_a_cache_that_another_build_holds_is_not_called_gone(store: Path) -> None:
    reasons_of(store)
    write_settings(store, "[site]\ntitle = 'T'\n")
    with sqlite3.connect(store.parent / "cache" / "build.sqlite") as other:
        other.execute("BEGIN EXCLUSIVE")
        reasons = reasons_of(store)
    other.close()

    assert set(reasons.values()) == {CACHE_CLOSED}


def test_an_experiment_whose_facts_alone_are_lost_is_not_called_new(store: Path) -> None:
    reasons_of(store)
    with sqlite3.connect(store.parent / "cache" / "build.sqlite") as cache:
        cache.execute("DELETE FROM blobs WHERE CAST(name AS TEXT) LIKE '%/experiments'")
    cache.close()
    (store.parent / "site" / PAGE).unlink()

    assert reasons_of(store)[PAGE] == "nothing is remembered of it"


def test_reasons_are_told_once_each_and_not_without_end() -> None:
    many = [f"reason {number}" for number in range(13)]

    assert joined(["b; a", "", "a"]) == "b; a"
    assert joined(many[:11]) == "; ".join(many[:11])
    assert joined(many) == "; ".join([*many[:10], "and 3 more reasons"])
    assert said_of("run", ["e/a"], "is new") == "run e/a is new"
    assert said_of("run", ["e/a", "e/b", "e/c"], "is gone") == "run e/a is gone (and 2 more)"


def test_settings_and_filters_that_are_as_they_were_are_no_reason() -> None:
    rules = [True, {"x": "1"}]

    assert changed_rules(None, rules) == changed_rules(rules, rules) == []
    assert changed_rules(rules, [False, {"y": "1"}]) == [
        "[site] private changed",
        "the settings of metric x changed (and 1 more)",
    ]
    assert changed_filter(None, None) == changed_filter(["a", 1], ["a", 1]) == ""
    assert changed_filter(["a", 1], ["b", 2]) == "the filter changed; the filter judges 2 runs instead of 1"
    assert changed_filter(["a", 1], None) == changed_filter(None, ["a", 1]) == "the filter changed"
