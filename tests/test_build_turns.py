"""Two builds of one folder at once: one waits for the other, and the site is whole."""

import multiprocessing
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from live.commands import until
from runsite.build import build, turns
from runsite.build.turns import in_turn
from runsite.build.verify import differing_files
from runsite.signatures import signature
from support import RecordingReporter, write_run


class WindowsLocks:
    """Locks a file as Windows does, by what this system has: its own words, and its own error."""

    LK_NBLCK = 2

    def __init__(self, fcntl: Any) -> None:
        self._fcntl = fcntl

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        assert (mode, count) == (self.LK_NBLCK, 1)
        try:
            self._fcntl.flock(descriptor, self._fcntl.LOCK_EX | self._fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PermissionError(13, "Permission denied") from error


@pytest.fixture(params=["own", "windows"])
def locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Take turns by this system's locks, and by those of Windows."""
    if request.param == "windows" and turns.fcntl is not None:
        monkeypatch.setenv("TEMP", str(tmp_path))
        monkeypatch.setattr(turns, "msvcrt", WindowsLocks(turns.fcntl))
        monkeypatch.setattr(turns, "fcntl", None)
    return str(request.param)


@pytest.mark.usefixtures("locks")
def test_second_build_waits_for_the_first(tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "runs", "digits", "a")
    reporter = RecordingReporter()
    site = tmp_path / "deep" / "out" / "site"
    second = threading.Thread(
        target=build, args=([tmp_path / "runs"], site), kwargs={"cache": chart_cache, "reporter": reporter}
    )

    with in_turn(site, RecordingReporter()):
        second.start()
        until(lambda: bool(reporter.messages))
        assert not site.exists()
    second.join(60)

    assert (site / "index.html").is_file()
    assert reporter.messages == [f"{site}: another build is writing here; waiting for it"]


def test_build_says_how_it_found_the_site_when_its_turn_came(tmp_path: Path, chart_cache: Path) -> None:
    store, site, reporter = (
        write_run(tmp_path / "runs", "digits", "a").parents[1],
        tmp_path / "site",
        RecordingReporter(),
    )
    first = build([store], site, cache=chart_cache, reporter=reporter)

    with ThreadPoolExecutor(1) as threads, in_turn(site, RecordingReporter()):
        waiting = threads.submit(build, [store], site, cache=chart_cache, reporter=reporter)
        until(lambda: bool(reporter.messages))
        (site / "site.json").write_bytes((site / "site.json").read_bytes())
        by_another = signature(site / "site.json")

    assert (first.site_found, waiting.result().site_found) == (None, by_another)
    assert by_another != first.site_left
    assert waiting.result().site_left == signature(site / "site.json")


def note_folder(site: Path, reporter: RecordingReporter, found: list[bool]) -> None:
    """Take a turn, and note whether the folder above the site is there."""
    with in_turn(site, reporter):
        found.append(site.parent.is_dir())


def test_first_build_that_failed_takes_the_folders_that_it_made_with_it_and_the_next_makes_them(tmp_path: Path) -> None:
    reporter, site = RecordingReporter(), tmp_path / "deep" / "out" / "site"
    found: list[bool] = []

    second = threading.Thread(target=note_folder, args=(site, reporter, found))
    with in_turn(site, RecordingReporter()):
        second.start()
        until(lambda: bool(reporter.messages))
    second.join(60)

    assert found == [True]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights that Windows users lack")
def test_builds_that_reach_one_folder_in_two_ways_take_turns(tmp_path: Path) -> None:
    reporter, link = RecordingReporter(), tmp_path / "links" / "site"
    link.parent.mkdir()
    link.symlink_to("../real/site")
    second = threading.Thread(target=note_folder, args=(link, reporter, []))

    with in_turn(tmp_path / "real" / "site", RecordingReporter()):
        second.start()
        until(lambda: bool(reporter.messages))
    second.join(60)

    assert reporter.messages == [f"{link}: another build is writing here; waiting for it"]


def live_on(begun: Any) -> None:
    begun.set()
    time.sleep(60)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forks nothing")
def test_a_forked_worker_that_lives_on_keeps_no_build_waiting(tmp_path: Path) -> None:
    reporter, forks = RecordingReporter(), multiprocessing.get_context("fork")
    begun = forks.Event()
    worker = forks.Process(target=live_on, args=(begun,), daemon=True)

    with in_turn(tmp_path / "site", reporter):
        worker.start()
        assert begun.wait(60)
    with in_turn(tmp_path / "site", reporter):
        is_alive = worker.is_alive()
    worker.kill()

    assert is_alive
    assert reporter.messages == []


def test_windows_locks_leave_nothing_beside_the_site(locks: str, tmp_path: Path) -> None:
    site = tmp_path / "out" / "site"
    site.parent.mkdir()

    with in_turn(site, RecordingReporter()):
        pass

    assert list(site.parent.iterdir()) == []
    assert len(list(tmp_path.glob("runsite-*.lock"))) == (locks == "windows")


def test_build_goes_on_where_there_are_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "fcntl", None)
    monkeypatch.setattr(turns, "msvcrt", None)
    reporter = RecordingReporter()

    with in_turn(tmp_path / "site", reporter), in_turn(tmp_path / "site", reporter):
        assert reporter.messages == []


def test_builds_at_once_of_the_same_site_leave_it_whole(tmp_path: Path, chart_cache: Path) -> None:
    for number in range(30):
        write_run(tmp_path / "runs", "digits", f"r{number}")
    site = tmp_path / "new" / "site"
    command = [sys.executable, "-m", "runsite", "build", str(tmp_path / "runs"), "-o", str(site)]
    caches = (chart_cache, chart_cache, tmp_path / "other")

    together = [subprocess.Popen([*command, "--cache", str(cache)], stderr=subprocess.DEVNULL) for cache in caches]

    assert [process.wait(120) for process in together] == [0, 0, 0]
    assert differing_files([tmp_path / "runs"], site, cache=chart_cache, began_ns=time.time_ns()) == []
