"""Say an event of a model in words: what happened, for pages and for the command line; the subject of its commit."""

from runsite.model import ModelEvent
from runsite.registry import events as kinds

TOLD_KEYS = frozenset({"alias", "from", "reason", "registration", "replaced", "replaced_to", "rollback", "to"})
"""Keys of an event that its sentence tells, or that only tie it to others."""


def event_sentence(event: ModelEvent) -> str:
    """Say what happened, without who, when and why."""
    values = event.values
    about = "the model" if event.version is None else f"version {event.version}"
    match event.type:
        case kinds.REGISTERED:
            return f"registered {about}"
        case kinds.STAGE_CHANGED:
            return _stage_sentence(event, about)
        case kinds.ALIAS_SET:
            return f"gave {about} the alias {values.get('alias')}"
        case kinds.ALIAS_REMOVED:
            return f"took the alias {values.get('alias')} from {about}"
        case kinds.DESCRIBED | kinds.TAGGED:
            return f"{event.type} {about}"
        case kinds.REMOVED:
            return f"removed {about}"
    return f"{event.type.replace('_', ' ')}, {about}"


def commit_subject(event: ModelEvent, *, model: str) -> str:
    """Say in the imperative what an event does."""
    values = event.values
    version = f"{model} version {event.version}"
    match event.type:
        case kinds.REGISTERED:
            return f"Register {version}"
        case kinds.STAGE_CHANGED if values.get("rollback"):
            return f"Roll {model} back in {values['rollback']}"
        case kinds.STAGE_CHANGED:
            return f"Move {version} to {values.get('to')}"
        case kinds.ALIAS_SET:
            return f"Call {version} {values.get('alias')}"
        case kinds.ALIAS_REMOVED:
            return f"Drop the alias {values.get('alias')} of {model}"
        case kinds.REMOVED:
            return f"Remove {version}"
    verb = "Tag" if event.type == kinds.TAGGED else "Describe"
    return f"{verb} {model if event.version is None else version}"


def _stage_sentence(event: ModelEvent, about: str) -> str:
    came, went, back = (event.values.get(key) for key in ("from", "to", "rollback"))
    replaced = _versions(event.values.get("replaced"))
    if back and went == back:
        return f"rolled {back} back {f'from {replaced} ' if replaced else ''}to {about}"
    if back:
        return f"rolled {back} back: {about} left it for {went}"
    moved = f"moved {about} from {came or 'None'} to {went or 'None'}"
    return f"{moved}, {replaced} to {event.values.get('replaced_to')}" if replaced else moved


def _versions(replaced: object) -> str:
    numbers = (
        [str(each.get("version")) for each in replaced if isinstance(each, dict)] if isinstance(replaced, list) else []
    )
    return f"version{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if numbers else ""
