"""Fold a model's events into what it is now: a pure function, in the order of (time, id).

- A version is registered under a number. If two branches registered the same number, the later one is shown as
  "2 (conflict)" and named as a problem. An event speaks of the registration it names in `registration`, else of the
  first under its number.
- Every version begins in the stage None. A stage may hold several versions. A stage_changed event may also name
  `replaced` versions, which it moves to `replaced_to`: a promotion or a roll-back is one event, whole or not at all.
- An alias belongs to one version of the model; setting it again moves it.
- A removed version keeps its line in the history and loses its stage and aliases. Its number is not used again.
- An event that makes no sense here is left out and named as a problem; it never spoils the others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runsite.model import DEFAULT_STAGES, ModelEvent, ModelVersion, Problem, RegisteredModel, RunKey
from runsite.registry import events as kinds

NO_STAGE = "None"


def fold_model(
    name: str,
    events: Iterable[ModelEvent],
    *,
    card: str = "",
    stages: Sequence[str] = DEFAULT_STAGES,
    problems: Sequence[Problem] = (),
) -> RegisteredModel:
    """Return a model as its events leave it."""
    ordered = tuple(sorted(events, key=lambda event: (event.time, event.id)))
    state = _State()
    refused = [
        Problem(event_file(name, event.id), 0, reason, "line")
        for event in ordered
        if (reason := _apply(event, state)) is not None
    ]
    versions = _versions(state)
    return RegisteredModel(
        name=name,
        card=card,
        description=state.description,
        versions=versions,
        stages=_held_stages(versions, stages),
        events=ordered,
        problems=(*problems, *refused, *_conflicts(name, state)),
        tags=dict(sorted(state.tags.items())),
    )


def event_file(model: str, event_id: str) -> str:
    """Return an event's file relative to the store."""
    return f"{kinds.MODELS_FOLDER}/{model}/{kinds.EVENTS_FOLDER}/{event_id}.json"


@dataclass(slots=True)
class _Version:
    event: ModelEvent
    number: int
    earlier: int
    """Registrations of the same number before this one."""
    stage: str = NO_STAGE
    stage_since: float | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    removed: bool = False


@dataclass(slots=True)
class _State:
    versions: dict[str, _Version] = field(default_factory=dict)
    """By the id of the event that registered it."""
    aliases: dict[str, _Version] = field(default_factory=dict)
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


def _apply(event: ModelEvent, state: _State) -> str | None:
    """Apply one event; return why it cannot be, if so."""
    match event.type:
        case kinds.REGISTERED:
            return _register(event, state)
        case kinds.DESCRIBED if event.version is None:
            return _describe(event, state)
        case kinds.TAGGED if event.version is None:
            return _tag(event, state.tags)
        case kinds.ALIAS_REMOVED:
            return _remove_alias(event, state)
        case kinds.STAGE_CHANGED | kinds.ALIAS_SET | kinds.DESCRIBED | kinds.TAGGED | kinds.REMOVED:
            version = _find(state, event.version, event.values.get("registration"))
            if version is None:
                return f"speaks of version {event.version}, which is not registered"
            return _apply_to_version(event, version, state)
    return None


def _apply_to_version(event: ModelEvent, version: _Version, state: _State) -> str | None:
    if version.removed:
        return f"speaks of version {version.number}, which was removed"
    match event.type:
        case kinds.STAGE_CHANGED:
            return _change_stage(event, version, state)
        case kinds.ALIAS_SET:
            return _set_alias(event, version, state)
        case kinds.DESCRIBED:
            return _describe(event, version)
        case kinds.TAGGED:
            return _tag(event, version.tags)
    version.removed, version.stage, version.stage_since = True, NO_STAGE, event.time
    state.aliases = {alias: held for alias, held in state.aliases.items() if held is not version}
    return None


def _register(event: ModelEvent, state: _State) -> str | None:
    if event.version is None:
        return 'registers no "version"'
    earlier = sum(version.number == event.version for version in state.versions.values())
    version = _Version(event, event.version, earlier, description=_text(event.values.get("description")))
    version.tags = _tags(event.values.get("tags"))
    state.versions[event.id] = version
    return None


def _change_stage(event: ModelEvent, version: _Version, state: _State) -> str | None:
    to = _text(event.values.get("to"))
    if to is None:
        return 'changes a stage without "to"'
    if version.stage != to:
        version.stage, version.stage_since = to, event.time
    replaced_to = _text(event.values.get("replaced_to"))
    replaced = event.values.get("replaced")
    for each in replaced if isinstance(replaced, list) and replaced_to is not None else ():
        other = _find(state, each.get("version"), each.get("registration")) if isinstance(each, dict) else None
        if other is not None and other is not version and not other.removed and replaced_to is not None:
            other.stage, other.stage_since = replaced_to, event.time
    return None


def _set_alias(event: ModelEvent, version: _Version, state: _State) -> str | None:
    alias = _text(event.values.get("alias"))
    if alias is None:
        return 'sets no "alias"'
    state.aliases[alias] = version
    return None


def _remove_alias(event: ModelEvent, state: _State) -> str | None:
    alias = event.values.get("alias")
    if not isinstance(alias, str) or state.aliases.pop(alias, None) is None:
        return f"removes the alias {alias!r}, which is not set"
    return None


def _describe(event: ModelEvent, described: _State | _Version) -> str | None:
    text = event.values.get("description")
    if not isinstance(text, str):
        return 'has no "description"'
    described.description = text or None
    return None


def _tag(event: ModelEvent, tags: dict[str, str]) -> str | None:
    values = event.values.get("values")
    if not isinstance(values, dict):
        return 'has no "values"'
    tags.update(_tags(values))
    for name in [name for name, value in values.items() if value is None]:
        tags.pop(name, None)
    return None


def _find(state: _State, number: object, registration: object) -> _Version | None:
    if isinstance(registration, str) and registration in state.versions:
        return state.versions[registration]
    return next((version for version in state.versions.values() if version.number == number), None)


def _versions(state: _State) -> tuple[ModelVersion, ...]:
    newest_first = sorted(state.versions.values(), key=lambda version: (-version.number, -version.earlier))
    return tuple(_finished(version, state.aliases) for version in newest_first)


def _finished(version: _Version, aliases: Mapping[str, _Version]) -> ModelVersion:
    values = version.event.values
    size = values.get("size_bytes")
    return ModelVersion(
        number=version.number,
        label=version_label(version.number, version.earlier),
        stage=version.stage,
        stage_since=version.stage_since,
        registered=version.event.time,
        by=version.event.by,
        aliases=tuple(sorted(alias for alias, held in aliases.items() if held is version)),
        run=_run_key(values.get("run")),
        path=_text(values.get("path")),
        uri=_text(values.get("uri")),
        digest=_text(values.get("digest")),
        size_bytes=size if isinstance(size, int) and not isinstance(size, bool) else None,
        description=version.description,
        tags=dict(sorted(version.tags.items())),
        removed=version.removed,
    )


def registrations(events: Iterable[ModelEvent]) -> dict[str, str]:
    """Return the id of the event that registered each version, by the version's label, oldest first."""
    found: dict[str, str] = {}
    numbers: list[int | None] = []
    for event in sorted(events, key=lambda event: (event.time, event.id)):
        if event.type == kinds.REGISTERED and event.version is not None:
            found[version_label(event.version, numbers.count(event.version))] = event.id
            numbers.append(event.version)
    return found


def version_label(number: int, earlier: int) -> str:
    """Name a version for people, given how many registrations of its number came before."""
    return str(number) if not earlier else f"{number} (conflict)" if earlier == 1 else f"{number} (conflict {earlier})"


def _conflicts(model: str, state: _State) -> Iterator[Problem]:
    """Name each registration of a number that another one has; removing one of them ends the conflict."""
    held = [version for version in state.versions.values() if not version.removed]
    numbers = Counter(version.number for version in held)
    for version in held:
        if version.earlier and numbers[version.number] > 1:
            label = version_label(version.number, version.earlier)
            reason = f"version {version.number} is registered more than once; this one is shown as {label}"
            yield Problem(event_file(model, version.event.id), 0, reason, "line")


def _held_stages(versions: Sequence[ModelVersion], stages: Sequence[str]) -> dict[str, tuple[ModelVersion, ...]]:
    held = {version.stage for version in versions if not version.removed}
    named = [stage for stage in (*stages, *sorted(held - set(stages))) if stage != NO_STAGE]
    return {stage: _holders(versions, stage) for stage in named}


def _holders(versions: Sequence[ModelVersion], stage: str) -> tuple[ModelVersion, ...]:
    held = [version for version in versions if version.stage == stage and not version.removed]
    return tuple(sorted(held, key=lambda version: version.stage_since or 0.0, reverse=True))


def _run_key(run: object) -> RunKey | None:
    if not isinstance(run, str):
        return None
    experiment, slash, run_id = run.rpartition("/")
    return RunKey(experiment, run_id) if slash and experiment and run_id else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _tags(values: Any) -> dict[str, str]:
    pairs = values.items() if isinstance(values, dict) else ()
    return {name: value if isinstance(value, str) else str(value) for name, value in pairs if value is not None}
