"""What a run's status is called, and when a run without an end reads "stalled".

A log says finished, failed, killed, pruned, or nothing, which is running. A run that was killed from outside says
nothing either; whether it still runs can only be judged by somebody who looks, at the moment of looking. The rule: it
is stalled once its last record is older than ten minutes and older than five times its own longest silence, so that
a run which logs once an hour is not called dead after eleven minutes. `stalled_at` is that moment. Pages carry it as
data and static/clock.js compares it with the reader's clock; the command line compares it with its own. HTML itself
never says "stalled": it would be false the next time a run writes a line.
"""

from types import MappingProxyType

from runsite.model import RUNNING

STALLED = "stalled"
MIN_SILENCE_SECONDS = 600.0
SILENCE_FACTOR = 5.0
STATUS_GLYPHS = MappingProxyType(
    {"running": "▶", "stalled": "◌", "finished": "✓", "pruned": "⊘", "failed": "✕", "killed": "■"}
)
UNKNOWN_GLYPH = "?"
DIVERGED = "diverged"
DIVERGED_GLYPH = "↯"
NO_END = "no end recorded"
"""What HTML says of a run that reads running or stalled once somebody looks."""


def stalled_at(last_time: float | None, longest_gap_seconds: float) -> float | None:
    """Name the moment from which a run without an end is stalled; None when it never logged a time."""
    if last_time is None:
        return None
    return last_time + max(MIN_SILENCE_SECONDS, SILENCE_FACTOR * longest_gap_seconds)


def judge_status(status: str, *, last_time: float | None, longest_gap_seconds: float, now: float) -> str:
    """Say what a run's status is to somebody who looks `now`."""
    moment = stalled_at(last_time, longest_gap_seconds)
    return STALLED if status == RUNNING and moment is not None and now > moment else status


def status_glyph(status: str) -> str:
    """Return the glyph that stands before a status's word."""
    return STATUS_GLYPHS.get(status, UNKNOWN_GLYPH)
