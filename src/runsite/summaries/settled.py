"""Settle one goal a metric for all runs of an experiment, so that its runs are ranked by one rule.

A run's own log may declare a goal, leave it to a guess, or contradict another run's. Within an experiment the settings
decide; else what the logs declare, the newest run's word where they differ; else the guess, which is the same for
every run. `runsite runs --json` says what each run's own log declares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from runsite.model import Goal, GoalFrom, RunSummary
from runsite.summaries.metric import with_goal

_STRENGTH: dict[GoalFrom | None, int] = {"settings": 3, "record": 2, "guess": 1, None: 0}
Settled = tuple[Goal | None, GoalFrom | None]


def settle_goals(runs: Sequence[RunSummary]) -> list[RunSummary]:
    """Return the runs with one goal for each metric; the same runs where they agree already."""
    goals = disputed_goals(runs)
    return [settled_run(run, goals) for run in runs] if goals else list(runs)


def disputed_goals(runs: Sequence[RunSummary]) -> dict[str, Settled]:
    """Settle the goals of the metrics on which runs disagree."""
    goals: dict[str, Settled] = {}
    disputed: set[str] = set()
    for run in sorted(runs, key=lambda run: (run.started or 0.0, run.key)):
        for name, metric in run.metrics.items():
            said: Settled = (metric.goal, metric.goal_from)
            settled = goals.setdefault(name, said)
            if said != settled:
                disputed.add(name)
                if _STRENGTH[said[1]] >= _STRENGTH[settled[1]]:
                    goals[name] = said
    return {name: goals[name] for name in sorted(disputed)}


def settled_run(run: RunSummary, goals: Mapping[str, Settled]) -> RunSummary:
    """Judge a run's metrics by the goals that were settled for those on which runs disagree."""
    if goals.keys().isdisjoint(run.metrics):
        return run
    metrics = {
        name: with_goal(metric, *goals[name]) if name in goals else metric for name, metric in run.metrics.items()
    }
    return replace(run, metrics=metrics)
