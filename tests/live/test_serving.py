"""The whole of `serve` and of `build --watch`, where what is told to the terminal fails."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.commands import DEADLINE_SECONDS, Start, fetch, free_port, starting, until
from support import write_run


@pytest.fixture
def start(tmp_path: Path, chart_cache: Path) -> Iterator[Start]:
    with starting(tmp_path, chart_cache) as begin:
        yield begin


def hear(address: str, text: str) -> None:
    """Listen as an open page does until something is told."""
    with urllib.request.urlopen(f"{address}live/events?page=index.html", timeout=DEADLINE_SECONDS) as news:
        until(lambda: text in news.readline().decode())


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
