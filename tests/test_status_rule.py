"""When a run without an end reads "stalled"."""

import pytest

from runsite.model import STATUSES
from runsite.status_rule import STATUS_GLYPHS, judge_status, stalled_at, status_glyph


def test_a_silent_run_is_stalled_after_ten_minutes() -> None:
    assert judge_status("running", last_time=1000.0, longest_gap_seconds=1.0, now=1600.0) == "running"
    assert judge_status("running", last_time=1000.0, longest_gap_seconds=1.0, now=1600.5) == "stalled"


def test_a_run_that_logs_once_an_hour_may_be_silent_for_five() -> None:
    assert judge_status("running", last_time=0.0, longest_gap_seconds=3600.0, now=17_999.0) == "running"
    assert judge_status("running", last_time=0.0, longest_gap_seconds=3600.0, now=18_001.0) == "stalled"


@pytest.mark.parametrize("status", ["finished", "failed", "killed", "pruned"])
def test_an_ended_run_keeps_its_status(status: str) -> None:
    assert judge_status(status, last_time=0.0, longest_gap_seconds=0.0, now=1e10) == status


def test_a_run_without_times_is_never_called_stalled() -> None:
    assert stalled_at(None, 0.0) is None
    assert judge_status("running", last_time=None, longest_gap_seconds=0.0, now=1e10) == "running"


def test_every_status_has_a_glyph() -> None:
    assert tuple(sorted(STATUS_GLYPHS)) == tuple(sorted(STATUSES))
    assert status_glyph("paused by hand") == "?"
