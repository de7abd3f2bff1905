"""What `runsite check` finds: all that could not be read in runs, registry and reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runsite.config import read_settings
from runsite.model import Problem, Run
from runsite.readers import list_stores, read_runs
from runsite.registry import read_models


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was read otherwise than written, or not at all."""

    problem: Problem
    fails: bool
    """A loss or a contradiction, not just a note."""

    def json(self) -> dict[str, Any]:
        found = self.problem
        return {
            "file": found.file,
            "line": found.line or None,
            "kind": found.kind,
            "reason": found.reason,
            "fails": self.fails,
        }


def check_stores(paths: Sequence[Path]) -> list[Finding]:
    """Read stores whole and list what is wrong, by run, then by model."""
    listings = list_stores(paths)
    findings: list[Finding] = []
    for listing in listings:
        settings = read_settings(listing.store.path)
        findings += [Finding(problem, fails=True) for problem in listing.problems]
        for _, run in read_runs(listing.runs):
            findings += run_findings(run)
        for model in read_models(listing.store.path, stages=settings.stages):
            findings += [Finding(problem, problem.kind != "note") for problem in model.problems]
    return findings


def run_findings(run: Run) -> list[Finding]:
    """List what is wrong with one run: unreadable lines and values, notes, params that changed."""
    found = [Finding(problem, problem.kind != "note") for problem in run.problems]
    for conflict in run.params_conflicts:
        reason = f"param {conflict.name!r} was {conflict.kept!r}; the later {conflict.ignored!r} is ignored"
        found.append(Finding(Problem(conflict.file, conflict.line, reason, "note"), fails=False))
    return found
