"""One run, one series, one model as JSON values, whole."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from runsite.model import ModelVersion, RegisteredModel, RunSummary, Series
from runsite.summaries.metric import plain_step
from runsite.summaries.run_json import finite_json, run_json

PointRow = tuple[str, int | float | None, float | str, float | None]


def run_details_json(run: RunSummary, *, status: str) -> dict[str, Any]:
    """Make the JSON object of `runsite show`: that of `runsite runs`, and the rest of what the log says."""
    details = run_json(run, status=status)
    details |= {
        "attempts": run.attempts,
        "error": asdict(run.failure) if run.failure else None,
        "duration_seconds": run.duration_seconds,
        "last_time": run.last_time,
        "artifact_files": [asdict(artifact) for artifact in run.artifacts],
        "datasets": [asdict(dataset) for dataset in run.datasets],
        "models": [asdict(model) for model in run.models],
        "notes": [asdict(note) for note in run.notes],
        "source": asdict(run.source) if run.source else None,
        "environment": asdict(run.environment) if run.environment else None,
        "problems": [asdict(problem) for problem in run.problems],
        "log_files": list(run.log_files),
    }
    plain: dict[str, Any] = finite_json(_plain(details))
    return plain


def _plain(value: Any) -> Any:
    """Turn the tuples of dataclasses into lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def point_rows(series: Series) -> Iterator[PointRow]:
    """List the points of a series in log order: metric, step, value, time."""
    columns = zip(series.steps.tolist(), series.values.tolist(), series.times.tolist(), strict=True)
    for step, value, time in columns:
        yield series.name, plain_step(step), finite_json(value), None if math.isnan(time) else time


def model_json(model: RegisteredModel) -> dict[str, Any]:
    """Make the JSON object of a registered model."""
    return {
        "name": model.name,
        "description": model.description,
        "tags": dict(model.tags),
        "stages": {stage: [version.label for version in versions] for stage, versions in model.stages.items()},
        "versions": [version_json(version) for version in model.versions],
        "events": len(model.events),
    }


def version_json(version: ModelVersion) -> dict[str, Any]:
    """Make the JSON object of one version."""
    values = asdict(version)
    values["version"] = values.pop("number")
    values["aliases"] = list(version.aliases)
    values["run"] = None if version.run is None else str(version.run)
    values["tags"] = dict(version.tags)
    plain: dict[str, Any] = finite_json(values)
    return plain
