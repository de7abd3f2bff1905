"""Turn what training code hands over into what a record may hold, or refuse it in words.

A metric value is a number: Python's, numpy's, or a tensor of one element. A boolean or a string is a mistake at the
call and raises there, where it can be mended, and not hours later in a page that leaves it out. None says that there
is no value at this step, and is left out.
"""

import math
from collections.abc import Mapping
from typing import SupportsFloat

from runsite.errors import RecordError
from runsite.model import Goal, Step
from runsite.recorder.names import check_name
from runsite.records.encode import non_finite_text

MAX_STEP = 2**63
"""A column of steps holds whole numbers of 64 bits; a step lies between -MAX_STEP and MAX_STEP."""
MAX_SHOWN_BITS = 1_000
GOALS: tuple[Goal, ...] = ("maximize", "minimize")


def metric_number(name: str, value: object) -> int | float | str | None:
    """Return what stands for a metric's value in a record; None if there is none."""
    number = _number(value)
    if number is None and value is not None:
        raise RecordError(f"metric {name!r} is {_shown(value)}, which is not a number")
    if isinstance(number, float) and not math.isfinite(number):
        return non_finite_text(number)
    return number


def step_number(step: object) -> Step | None:
    """Return a step as a JSON number, or raise RecordError."""
    if step is None:
        return None
    number = _number(step)
    if number is None or not math.isfinite(number):
        raise RecordError(f"step is {_shown(step)}, which is not a finite number")
    if not -MAX_STEP < number < MAX_STEP:
        raise RecordError(f"step is {_shown(step)}, which is beyond 64 bits")
    return number


def checked_values(values: object, kind: str) -> Mapping[str, object]:
    """Return a mapping whose names are allowed, or raise RecordError."""
    if not isinstance(values, Mapping):
        raise RecordError(
            f"{kind}s are a mapping from names to values (vars(args) of a namespace), not {_shown(values)}"
        )
    return {check_name(name, kind): value for name, value in values.items()}


def checked_goal(goal: object) -> Goal | None:
    """Return a goal, or raise RecordError."""
    for known in GOALS:
        if goal == known:
            return known
    if goal is not None:
        raise RecordError(f"goal {goal!r} is neither maximize nor minimize")
    return None


def _number(value: object) -> int | float | None:
    if isinstance(value, bool | str | bytes) or value is None:
        return None
    if isinstance(value, int):
        return _whole_number(int(value))
    if isinstance(value, float):
        return float(value)
    item = getattr(value, "item", None)
    if callable(item):
        return _number_of_item(item)
    return float(value) if isinstance(value, SupportsFloat) else None


def _whole_number(value: int) -> int | float:
    try:
        float(value)
    except OverflowError:  # beyond the largest double a reader has only infinity for it
        return math.inf if value > 0 else -math.inf
    return value


def _number_of_item(item: object) -> int | float | None:
    try:
        inner = item() if callable(item) else None
    except (TypeError, ValueError, RuntimeError):  # more than one element
        return None
    return _number(inner) if isinstance(inner, int | float) else None


def _shown(value: object) -> str:
    # Python writes no integer of thousands of digits.
    text = hex(value) if isinstance(value, int) and value.bit_length() > MAX_SHOWN_BITS else repr(value)
    kind = type(value).__name__
    return f"{text if len(text) <= 40 else text[:37] + '...'} ({kind})"
