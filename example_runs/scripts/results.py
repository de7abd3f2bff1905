"""Read recorded runs back with the standard library: the log is plain enough."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

Point = tuple[float | None, float]


@dataclass(slots=True)
class Result:
    """What one run's logs say."""

    experiment: str
    id: str
    name: str = ""
    started: float = 0.0
    status: str = "no end"
    params: dict[str, Any] = field(default_factory=dict)
    series: dict[str, list[Point]] = field(default_factory=dict)
    artifacts: list[str] = field(default_factory=list)
    """Their paths within the run's folder."""

    @property
    def key(self) -> str:
        return f"{self.experiment}/{self.id}"

    @property
    def finished(self) -> bool:
        return self.status == "finished"

    @property
    def models(self) -> list[str]:
        """The artifacts that hold a trained model."""
        return [path for path in self.artifacts if path.startswith("artifacts/model.")]

    def last(self, metric: str) -> float:
        """Return the last value of a metric."""
        return self.series[metric][-1][1]

    def best(self, metric: str, judge: Callable[..., Point]) -> Point:
        """Return the (step, value) that `judge` (min or max) prefers, non-finite values aside."""
        finite = [point for point in self.series[metric] if math.isfinite(point[1])]
        return judge(finite, key=lambda point: point[1])


def read_experiment(store: Path, experiment: str) -> list[Result]:
    """Read all runs of an experiment in the order they were started."""
    folders = sorted(path.parent for path in (store / experiment).glob("*/run.jsonl"))
    return sorted((_read_run(folder, experiment) for folder in folders), key=lambda result: result.started)


def mean_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the standard deviation between seeds."""
    return fmean(values), stdev(values) if len(values) > 1 else 0.0


def _read_run(folder: Path, experiment: str) -> Result:
    result = Result(experiment, folder.name)
    # run.jsonl was written before the file of a restart.
    for log in [folder / "run.jsonl", *sorted(folder.glob("run.*.jsonl"))]:
        for line in log.read_text(encoding="utf-8").splitlines():
            _fold(json.loads(line), result)
    return result


def _fold(record: dict[str, Any], result: Result) -> None:
    match record["type"]:
        case "run_start":
            result.name = result.name or record["name"]
            result.started = result.started or record["time"]
        case "params":
            result.params |= record["values"]
        case "metrics":
            for name, value in record["values"].items():
                result.series.setdefault(name, []).append((record.get("step"), float(value)))
        case "artifact":
            result.artifacts.append(record["path"])
        case "run_end":
            result.status = record["status"]
