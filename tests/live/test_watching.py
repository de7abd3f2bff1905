"""The system's events become hints, for new folders too."""

import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.commands import DEADLINE_SECONDS
from runsite.live.disks import read_mounts, tell_all
from runsite.live.watching import Hints, Watcher
from support import append_to_run, metrics, write_run


@pytest.fixture
def hints() -> Hints:
    """What is heard of."""
    return Hints()


@pytest.fixture
def watcher(hints: Hints) -> Iterator[Watcher]:
    """Who hears; it ends with the test."""
    begun = Watcher(hints)
    yield begun
    begun.stop()


@pytest.fixture
def watched(tmp_path: Path, watcher: Watcher) -> Path:
    """A store that is watched."""
    (tmp_path / "runs" / "digits").mkdir(parents=True)
    assert watcher.watch([tmp_path / "runs"]) is None
    return tmp_path / "runs"


def hinted(hints: Hints, path: Path) -> bool:
    """Wait until a path was named."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    found: set[str] = set()
    while str(path) not in found and time.monotonic() < deadline:
        hints.wait(0.5)
        found |= hints.take() or set()
    return str(path) in found


def test_new_run_and_line_appended_to_it_are_hinted_at(watched: Path, hints: Hints) -> None:
    folder = write_run(watched, "digits", "a")
    assert hinted(hints, folder)

    append_to_run(folder, metrics(1, {"loss": 0.5}))

    assert hinted(hints, folder / "run.jsonl")


def test_run_that_is_moved_out_and_back_is_hinted_at_without_a_warning(
    tmp_path: Path, watched: Path, hints: Hints
) -> None:
    folder = write_run(watched, "digits", "a")
    assert hinted(hints, folder)
    with warnings.catch_warnings(record=True) as heard:
        for name in ("away", "again"):
            folder.rename(tmp_path / name)
            assert hinted(hints, folder)
            (tmp_path / name).rename(folder)
            assert hinted(hints, folder)

        append_to_run(folder, metrics(1, {"loss": 0.5}))
        assert hinted(hints, folder / "run.jsonl")

    assert [str(warning.message) for warning in heard] == []


def test_folder_that_is_made_anew_is_watched_anew(tmp_path: Path, hints: Hints, watcher: Watcher) -> None:
    store = tmp_path / "runs"
    store.mkdir()
    watcher.watch([store])
    store.rmdir()
    store.mkdir()
    assert hinted(hints, store)

    watcher.watch([store])
    (store / "x").write_text("x")

    assert hinted(hints, store / "x")


def test_overflow_of_the_queue_leaves_folders_watched_and_is_remembered(
    tmp_path: Path, hints: Hints, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    inotify = pytest.importorskip("watchdog.observers.inotify_c")
    monkeypatch.setattr("runsite.live.watching._overflown", overflown := threading.Event())
    store = tmp_path / "runs"
    (store / "digits").mkdir(parents=True)
    watcher.watch([store])
    queue = watcher._observer._inotify_fd  # type: ignore[union-attr]
    watches = dict(queue._watch_for_wd)

    queue.handle_event(inotify.InotifyEvent(-1, inotify.InotifyConstants.IN_Q_OVERFLOW, 0, b""))

    assert overflown.is_set()
    assert queue._watch_for_wd == watches
    assert not watcher.hears_all([store])
    (store / "digits" / "x").write_text("x")
    assert hinted(hints, store / "digits" / "x")


def test_folder_that_is_not_there_is_watched_once_it_is(tmp_path: Path, hints: Hints, watcher: Watcher) -> None:
    assert watcher.watch([tmp_path / "later"]) is None

    (tmp_path / "later").mkdir()
    watcher.watch([tmp_path / "later"])
    (tmp_path / "later" / "x").write_text("x")

    assert hinted(hints, tmp_path / "later" / "x")


def test_folder_is_heard_of_for_certain_only_while_it_is_watched_on_a_disk_that_tells(
    tmp_path: Path, hints: Hints, watcher: Watcher
) -> None:
    store = tmp_path / "runs"
    store.mkdir()
    assert not watcher.hears_all([store])

    watcher.watch([store])

    assert watcher.hears_all([store]) is tell_all([store], read_mounts())
    assert not watcher.hears_all([store, tmp_path / "other"])
    (store / "x").write_text("x")
    assert hinted(hints, store / "x")  # to find out disturbs nothing
