"""A run's summary as plain values and back, for the cache and for other processes.

Fields stand by their place: of 4 KB a run, names would take half. Whoever changes a noun here changes what is read of
an older cache, and the build therefore keeps none that another version wrote.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from math import copysign
from operator import attrgetter
from sys import intern
from typing import Any

import numpy as np

from runsite.model import (
    Artifact,
    Dataset,
    Environment,
    LoggedModel,
    MetricSummary,
    Note,
    ParamConflict,
    Point,
    Problem,
    RunFailure,
    RunKey,
    RunSummary,
    Source,
)
from runsite.model.summary import AtExtremes

_POINTS = ("first", "last", "best", "lowest", "highest")


def plain_run(run: RunSummary) -> list[Any]:
    """Write a summary as lists, dicts, text and numbers."""
    row = list(_run_row(run))
    for place, flatten in _FLATTEN.items():
        if row[place] is not None:
            row[place] = flatten(row[place])
    return row


def run_of_plain(row: Sequence[Any]) -> RunSummary:
    """Read what `plain_run` wrote."""
    values = list(row)
    for place, make in _MAKE.items():
        if values[place] is not None:
            values[place] = make(values[place])
    return RunSummary(*values)


def plain_artifacts(artifacts: Sequence[Artifact]) -> list[Any]:
    return list(map(_rows_of(Artifact), artifacts))


def artifacts_of_plain(rows: Sequence[Any]) -> tuple[Artifact, ...]:
    return tuple(Artifact(*row) for row in rows)


def artifacts_of_run(row: Sequence[Any]) -> tuple[Artifact, ...]:
    """Read the artifacts alone of what `plain_run` wrote."""
    return artifacts_of_plain(row[_ARTIFACTS_PLACE])


def _names(noun: Any) -> list[str]:
    return [each.name for each in fields(noun)]


def _rows_of(noun: Any) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*_names(noun))


_run_row = _rows_of(RunSummary)
_metric_row = _rows_of(MetricSummary)
_POINT_PLACES = [_names(MetricSummary).index(name) for name in _POINTS]
_ARTIFACTS_PLACE = _names(RunSummary).index("artifacts")
_WORD_PLACES = [_names(MetricSummary).index(name) for name in ("name", "goal", "goal_from", "unit", "label")]
_HOLDS = {(low, high): (low, high) for low in (False, True) for high in (False, True)}
_HOLDS_PLACE = _names(MetricSummary).index("last_attempt_holds")


def _plain_metric(metric: MetricSummary) -> list[Any]:
    row = list(_metric_row(metric))
    for place in _POINT_PLACES:
        point = row[place]
        row[place] = None if point is None else (point.step, point.value)
    return row


def _metric(row: list[Any]) -> MetricSummary:
    """Make a metric's summary; what it says twice, or as other runs do, is held once: of 10,000 runs a third."""
    shared: dict[tuple[Any, float, float], Point] = {}
    for place in _POINT_PLACES:
        if row[place] is not None:
            step, value = row[place]
            same = step, value, copysign(1.0, value)  # 0.0 equals -0.0, and is not the same
            row[place] = shared.get(same) or shared.setdefault(same, Point(step, value))
    for place in _WORD_PLACES:
        if row[place] is not None:
            row[place] = intern(row[place])
    row[_HOLDS_PLACE] = _HOLDS[row[_HOLDS_PLACE][0], row[_HOLDS_PLACE][1]]
    return MetricSummary(*row)


def _plain_extremes(table: AtExtremes) -> list[Any]:
    return [list(table.anchors), list(table.names), table.values.tobytes(), table.distances.tobytes()]


def _extremes(row: Sequence[Any]) -> AtExtremes:
    anchors, names = _frame(tuple(map(tuple, row[0])), tuple(row[1]))
    values, distances = (np.frombuffer(each, np.float64).reshape(len(anchors), len(names)) for each in row[2:])
    return AtExtremes(anchors, names, values, distances)


@lru_cache(maxsize=64)  # runs that log the same metrics share one
def _frame(anchors: tuple[Any, ...], names: tuple[str, ...]) -> tuple[dict[Any, int], dict[str, int]]:
    """Number the rows and the columns of a table."""
    return tuple({name: place for place, name in enumerate(each)} for each in (anchors, names))  # type: ignore[return-value]  # two in, two out


def _many(noun: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    row = _rows_of(noun)
    return lambda nouns: list(map(row, nouns)), lambda rows: tuple(noun(*each) for each in rows)


def _one(noun: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    row = _rows_of(noun)
    return row, lambda values: noun(*values)


def _model(row: Sequence[Any]) -> LoggedModel:
    model = LoggedModel(*row)
    return replace(model, requirements=tuple(model.requirements))


_WAYS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "key": _one(RunKey),
    "parent": _one(RunKey),
    "failure": _one(RunFailure),
    "params_conflicts": _many(ParamConflict),
    "metrics": (
        lambda metrics: list(map(_plain_metric, metrics.values())),
        lambda rows: {row[0]: _metric(row) for row in rows},
    ),
    "datasets": _many(Dataset),
    "artifacts": _many(Artifact),
    "models": (_many(LoggedModel)[0], lambda rows: tuple(map(_model, rows))),
    "source": _one(Source),
    "environment": _one(Environment),
    "notes": _many(Note),
    "problems": _many(Problem),
    "log_files": (list, tuple),
    "at_extremes": (_plain_extremes, _extremes),
}
_FLATTEN = {place: _WAYS[name][0] for place, name in enumerate(_names(RunSummary)) if name in _WAYS}
_MAKE = {place: _WAYS[name][1] for place, name in enumerate(_names(RunSummary)) if name in _WAYS}
