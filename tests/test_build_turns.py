"""Two builds of one folder at once: one waits for the other, and the site is whole."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runsite.build import build
from runsite.build.turns import in_turn
from runsite.build.verify import differing_files
from support import RecordingReporter, write_run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there, builds do not wait for one another")


def test_second_build_waits_for_the_first(tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "runs", "digits", "a")
    reporter = RecordingReporter()
    site = tmp_path / "out" / "site"
    site.parent.mkdir()
    second = threading.Thread(
        target=build, args=([tmp_path / "runs"], site), kwargs={"cache": chart_cache, "reporter": reporter}
    )

    with in_turn(site, RecordingReporter()):
        second.start()
        second.join(0.5)
        assert not site.exists()
    second.join(60)

    assert (site / "index.html").is_file()
    assert reporter.messages == [f"{site}: another build is writing here; waiting for it"]


def test_builds_at_once_of_the_same_site_leave_it_whole(tmp_path: Path, chart_cache: Path) -> None:
    for number in range(30):
        write_run(tmp_path / "runs", "digits", f"r{number}")
    command = [sys.executable, "-m", "runsite", "build", str(tmp_path / "runs"), "-o", str(tmp_path / "site")]
    caches = (chart_cache, chart_cache, tmp_path / "other")

    together = [subprocess.Popen([*command, "--cache", str(cache)], stderr=subprocess.DEVNULL) for cache in caches]

    assert [process.wait(120) for process in together] == [0, 0, 0]
    assert differing_files([tmp_path / "runs"], tmp_path / "site", cache=chart_cache) == []
