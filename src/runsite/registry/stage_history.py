"""Say which version a roll-back returns to.

A roll-back undoes the newest entry into a stage: it goes to the version that entered before it. Entries are a stack,
from which a roll-back takes the top, so that rolling back twice goes back two versions instead of forth again. That a
version has been archived since does not matter, that is what a roll-back is for; a removed version is passed over.
"""

from collections.abc import Sequence

from runsite.model import ModelEvent
from runsite.registry import events as kinds


def stage_entries(events: Sequence[ModelEvent], stage: str) -> list[str]:
    """Return the versions that entered a stage and were not rolled back, oldest first, by registration."""
    registrations: dict[int | None, str] = {}
    entries: list[str] = []
    for event in events:
        if event.type == kinds.REGISTERED:
            registrations.setdefault(event.version, event.id)
        elif event.type == kinds.STAGE_CHANGED:
            _enter(event, entries, stage=stage, registrations=registrations)
    return entries


def _enter(event: ModelEvent, entries: list[str], *, stage: str, registrations: dict[int | None, str]) -> None:
    named = event.values.get("registration")
    version = named if isinstance(named, str) else registrations.get(event.version)
    if version is None:
        return
    if not event.values.get("rollback"):
        if event.values.get("to") == stage and entries[-1:] != [version]:
            entries.append(version)
        return
    if event.values.get("to") == stage:
        while entries and entries[-1] != version:
            entries.pop()
    elif event.values.get("rollback") == stage and version in entries:
        # The version before still held the stage; this one has only left it.
        del entries[len(entries) - 1 - entries[::-1].index(version)]
