"""The mark that says which way a metric is better: full where declared, hollow where guessed."""

from typing import NamedTuple

from runsite.model import Goal, GoalFrom

_GLYPHS = {
    ("maximize", False): "▲",
    ("maximize", True): "△",
    ("minimize", False): "▼",
    ("minimize", True): "▽",
}
_SOURCES = {"settings": "declared in runsite.toml", "record": "declared in the logs", "guess": "guessed from its name"}


class GoalMark(NamedTuple):
    """A triangle that points where better is, and the words for it."""

    glyph: str
    words: str
    """"higher is better, guessed from its name"."""
    goal_from: GoalFrom


def goal_mark(goal: Goal | None, goal_from: GoalFrom | None) -> GoalMark | None:
    """Make the mark of a goal; None without one."""
    if goal is None:
        return None
    source: GoalFrom = goal_from or "guess"
    better = "higher is better" if goal == "maximize" else "lower is better"
    return GoalMark(_GLYPHS[goal, source == "guess"], f"{better}, {_SOURCES[source]}", source)
