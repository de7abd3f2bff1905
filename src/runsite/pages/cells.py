"""The small values that templates print: moments, statuses, goal marks, figures, links to runs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from runsite.goal_mark import GoalMark, goal_mark
from runsite.model import (
    RUNNING,
    STATUSES,
    ExperimentSummary,
    MainMetric,
    MetricSummary,
    Point,
    Problem,
    RunSummary,
)
from runsite.number_format import format_count, format_number, format_step, format_time
from runsite.pages.page import Link
from runsite.site_paths import relative, run_page
from runsite.status_rule import NO_END, status_glyph

# What a page lists of a long list of faults; the rest is counted.
MAX_PROBLEMS_SHOWN = 200
MAX_TITLE = 200
_MAIL_HOST = re.compile(r"(?<=[^\s@])@[^\s@<>()]+")


class Moment(NamedTuple):
    """A time, for machines and for people; the browser adds the reader's own."""

    iso: str
    text: str


class Status(NamedTuple):
    """A run's status as glyph and word; the browser turns "no end recorded" into running or stalled."""

    status: str
    glyph: str
    word: str
    last: Moment | None
    """The last record's time, of a run without an end."""
    stalled_at: str


class StatusCount(NamedTuple):
    """How many runs have a status."""

    status: str
    glyph: str
    word: str
    number: str
    stalled_at: str = ""
    """For each run without an end the moment from which it is stalled, `?` where it logged no time."""


class Figure(NamedTuple):
    """One number that stands large at the top of a page."""

    label: str
    value: str
    unit: str
    mark: GoalMark | None
    detail: str
    link: Link | None = None
    tied: str = ""
    """"9 runs tie at the best"; empty where one run has the value alone."""


def moment(unix: float | None) -> Moment | None:
    """Make a time's cell; None without a time."""
    text = format_time(unix)
    return Moment(f"{text[:10]}T{text[11:16]}:00Z", text) if text else None


def run_status(run: RunSummary) -> Status:
    """Make the cell of a run's status."""
    if run.status != RUNNING:
        return Status(run.status, status_glyph(run.status), run.status, None, "")
    stalled = "" if run.stalled_at is None else f"{run.stalled_at:.0f}"
    return Status(RUNNING, status_glyph(RUNNING), NO_END, moment(run.last_time), stalled)


def status_counts(runs: Sequence[RunSummary]) -> tuple[StatusCount, ...]:
    """Count runs by status, in the order of the statuses."""
    counts: dict[str, int] = {}
    for run in runs:
        counts[run.status] = counts.get(run.status, 0) + 1
    moments = _stalled_moments(runs)
    order = [*(s for s in STATUSES if s in counts), *sorted(counts.keys() - set(STATUSES))]
    return tuple(_status_count(status, counts[status], moments) for status in order)


def _status_count(status: str, number: int, moments: str) -> StatusCount:
    if status == RUNNING:
        return StatusCount(status, status_glyph(status), NO_END, format_count(number), moments)
    return StatusCount(status, status_glyph(status), status, format_count(number))


def _stalled_moments(runs: Iterable[RunSummary]) -> str:
    found = (run.stalled_at for run in runs if run.status == RUNNING)
    return " ".join("?" if moment is None else f"{moment:.0f}" for moment in found)


def starts_and_ends(runs: Iterable[RunSummary]) -> Iterator[float]:
    """Yield when runs were started and ended: what changes of a run's times, but for the last record of an open one."""
    return (time for run in runs for time in (run.started, run.ended) if time is not None)


def run_link(run: RunSummary, *, page: str) -> Link:
    """Link to a run's page."""
    return Link(run.name or run.key.run, relative(run_page(run.key), page=page))


def chosen_point(metric: MetricSummary) -> Point | None:
    """Return the best point, or the last where nothing says what is better; None for one that is not told."""
    return metric.best if metric.best is not None else metric.last


def at_step(point: Point) -> str:
    """Say where a point lies, as " at step 1,200"; empty without a step."""
    return "" if point.step is None else f" at step {format_step(point.step)}"


def metric_figure(metric: MetricSummary) -> Figure:
    """Show a metric by its last value, with its best beside it."""
    best = "" if metric.best is None else f"best {format_number(metric.best.value)}{at_step(metric.best)}"
    return Figure(
        metric.label or metric.name,
        format_number(metric.last and metric.last.value),
        metric.unit or "",
        goal_mark(metric.goal, metric.goal_from),
        best,
    )


def best_figure(experiment: ExperimentSummary, *, page: str) -> Figure | None:
    """Show an experiment's best value with a link to its run; of several that tie, to the earliest."""
    best, main = experiment.best, experiment.main_metric
    metric = best.metrics.get(main.name) if best is not None and main is not None else None
    if best is None or main is None or metric is None or metric.best is None:
        return None
    label = metric.label or metric.name
    mark = goal_mark(main.goal, main.goal_from)
    value, unit = format_number(metric.best.value), metric.unit or ""
    tied = _tied_runs(experiment.runs, name=main.name, value=metric.best.value)
    if len(tied) < 2:
        return Figure(label, value, unit, mark, at_step(metric.best).strip(), run_link(best, page=page))
    first = run_link(tied[0], page=page)
    link = first._replace(text=f"{first.text} and {format_count(len(tied) - 1)} more")
    words = f"{format_count(len(tied))} runs tie at the best"
    return Figure(label, value, unit, mark, words, link, tied=words)


def _tied_runs(runs: Iterable[RunSummary], *, name: str, value: float) -> list[RunSummary]:
    """List the runs whose best is exactly this value, the earliest first."""
    found = [run for run in runs if (metric := run.metrics.get(name)) and metric.best and metric.best.value == value]
    return sorted(found, key=lambda run: (run.started is None, run.started or 0.0, run.key))


def main_value(run: RunSummary, main: MainMetric | None) -> str:
    """Write a run's best value of the main metric; its last where nothing says what is better."""
    metric = None if main is None else run.metrics.get(main.name)
    return "" if metric is None else format_number((point := chosen_point(metric)) and point.value)


def main_value_words(run: RunSummary, main: MainMetric | None) -> str:
    """Say whose value `main_value` is: "best val/acc", or "last loss" where nothing says what is better."""
    metric = None if main is None else run.metrics.get(main.name)
    return "" if metric is None else f"{'last' if metric.best is None else 'best'} {metric.label or metric.name}"


def last_step(run: RunSummary) -> str:
    """Say how far a run came: the greatest of its metrics' last steps."""
    steps = [m.last.step for m in run.metrics.values() if m.last and m.last.step is not None]
    return format_step(max(steps)) if steps else ""


def author_name(by: str) -> str:
    """Name who wrote an event; of a mail address only what stands before its host."""
    return _MAIL_HOST.sub("", by)


def shorten(text: str, limit: int = MAX_TITLE) -> str:
    """Cut a text to one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


class ProblemList(NamedTuple):
    """Faults of logs, the first of them in full."""

    shown: Sequence[Problem]
    more: str
    """How many are not shown, as text; empty when all are."""


def problem_list(problems: Sequence[Problem]) -> ProblemList:
    """List the first faults and count the rest."""
    more = len(problems) - MAX_PROBLEMS_SHOWN
    return ProblemList(problems[:MAX_PROBLEMS_SHOWN], format_count(more) if more > 0 else "")
