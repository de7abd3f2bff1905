"""How much processor time some work takes, for benches of commands."""

import resource
from collections.abc import Callable


def processor_seconds(work: Callable[[], None]) -> float:
    """Run some work; return its user and system seconds, children included."""
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
