"""The whole of `serve` and of `build --watch`, where what builds or what is told to the terminal fails."""

import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live.commands import DEADLINE_SECONDS, Start, fetch, free_port, starting, until
from runsite.errors import RunsiteError
from runsite.live.listening import Listening
from runsite.live.place import Place
from runsite.live.serving import serve, watch
from runsite.reporter import SilentReporter
from support import write_run


@pytest.fixture
def start(tmp_path: Path, chart_cache: Path) -> Iterator[Start]:
    with starting(tmp_path, chart_cache) as begin:
        yield begin


class Ending(SilentReporter):
    """Ends the thread that tells of a store that is not there, as no fault that the loop outlives could."""

    def message(self, text: str) -> None:
        if "no such store" in text:
            raise SystemExit


def serve_place(place: Place, opens: Callable[[str], object] = lambda _: None) -> None:
    listening, reporter = Listening(port=free_port()), Ending()
    serve(
        place,
        listening,
        watches=True,
        polls=True,
        reporter=reporter,
        build_options={},
        opens=opens,
        environ={},
    )


def watch_place(place: Place) -> None:
    watch(place, reporter=Ending(), build_options={})


@pytest.fixture
def ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Of no store: what builds there ends, and Python says nothing of it."""
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    yield Place([tmp_path / "runs"], tmp_path / "site", tmp_path / ".runsite")
    until(lambda: all(thread.name != "builds" for thread in threading.enumerate()))


def hear(address: str, text: str) -> None:
    """Listen as an open page does until something is told."""
    with urllib.request.urlopen(f"{address}live/events?page=index.html", timeout=DEADLINE_SECONDS) as news:
        until(lambda: text in news.readline().decode())


@pytest.mark.parametrize("follow", [serve_place, watch_place])
def test_command_whose_builds_ended_unasked_ends_with_an_error(ending: Place, follow: Callable[[Place], None]) -> None:
    errors: list[str] = []

    def note_error() -> None:
        with pytest.raises(RunsiteError) as caught:
            follow(ending)
        errors.append(str(caught.value))

    thread = threading.Thread(target=note_error, daemon=True)
    thread.start()
    thread.join(8)

    assert errors == ["a fault of ours (above) ended the building, and the site would stay as it is; start again"]


def test_browser_that_stays_open_in_the_terminal_does_not_keep_the_process(ending: Place) -> None:
    are_daemons: list[bool] = []

    with pytest.raises(RunsiteError):
        serve_place(ending, opens=lambda _: are_daemons.append(threading.current_thread().daemon))

    until(lambda: bool(are_daemons))
    assert are_daemons == [True]


def test_site_is_followed_on_where_nobody_reads_what_is_said(tmp_path: Path, start: Start) -> None:
    write_run(tmp_path / "runs", "digits", "a")
    serving = start("serve", "runs", "--watch", "--port", str(free_port()))
    address = serving.wait_for(r"serving (\S+)")[1]
    serving.wait_for("Ctrl-C ends it")
    until(lambda: "digits" in fetch(address))
    assert serving.process.stderr is not None
    serving.process.stderr.close()
    settings = tmp_path / "runs" / "runsite.toml"

    settings.write_text("[site")
    hear(address, "runsite.toml:1: ")
    settings.write_text('[site]\ntitle = "Mended"\n')

    until(lambda: "Mended" in fetch(address))
    assert serving.interrupt() == 0
