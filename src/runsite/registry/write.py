"""Write what happens to registered models: each call appends one event, which no later call changes.

What an MLflow user expects, and where we differ:

- A version's number is the next one. Stages are None, Staging, Production and Archived unless the settings name others.
  A stage may hold several versions; `archive_existing` moves those it held to Archived, in the same event.
- Entering or leaving Production needs a reason, and so does a roll-back.
- A roll-back returns a stage to the version that held it before and archives the one that holds it now, in one event.
  Should the earlier version still hold the stage, the later one just leaves it.
- A version in Production cannot be removed, only moved out of it first.

Two branches that register the same number cannot see each other; `fold` shows the later one as "2 (conflict)".
Every function finds the store by the rule of `store_place` unless `store` is given, and takes `by` from git's
user.name. `keep_command` gives the Git commands that keep an event.
"""

import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from runsite.errors import RegistryError
from runsite.model import ModelEvent, ModelVersion
from runsite.recorder.names import check_name
from runsite.recorder.run import ActiveRun
from runsite.recorder.values import checked_values
from runsite.registry import events as kinds
from runsite.registry.fold import registrations
from runsite.registry.model_writer import ModelWriter, Version, open_known_model, open_model, place_of
from runsite.registry.read import folder_name, parse_event, read_model
from runsite.registry.registration import RunReference, version_origin
from runsite.registry.stage_history import stage_entries
from runsite.registry.wording import commit_subject
from runsite.shown_names import quoted, shown_name, shown_text

PRODUCTION = "Production"
ARCHIVED = "Archived"

Clock = Callable[[], float]
Store = str | Path | None


def register_model(
    name: str,
    *,
    run: RunReference | None = None,
    path: str | None = None,
    uri: str | None = None,
    digest: str | None = None,
    description: str | None = None,
    tags: Mapping[str, object] | None = None,
    store: Store = None,
    by: str | None = None,
    clock: Clock = time.time,
) -> ModelEvent:
    """Register a new version of a model; the event's `version` is its number.

    `run` is the run it comes from (the run object, or its key), `path` a file or folder relative to that run, whose
    digest and size are recorded; `uri` says where a model lies that is not in the store, `digest` what it then is.
    """
    if store is None and isinstance(run, ActiveRun):
        store = run.store
    writer = open_model(name, store=store, by=by, clock=clock)
    origin = version_origin(writer.store, run=run, path=path, uri=uri, digest=digest)
    texts = None if tags is None else _texts(tags)
    number = max((version.number for version in writer.model.versions), default=0) + 1
    values = {**origin, "description": description, "tags": texts or None}
    return writer.append(kinds.REGISTERED, number=number, values=values)


def set_model_stage(
    name: str,
    version: Version,
    stage: str,
    *,
    reason: str | None = None,
    archive_existing: bool = False,
    store: Store = None,
    by: str | None = None,
    clock: Clock = time.time,
) -> ModelEvent:
    """Move a version to a stage; `archive_existing` archives the versions the stage held."""
    writer = open_known_model(name, store=store, by=by, clock=clock)
    found = writer.version(version)
    if found.stage == writer.stage(stage):
        raise RegistryError(f"version {found.label} of model {quoted(name)} is in {stage} already")
    _require_reason(reason, stages=(found.stage, stage))
    held = [other for other in writer.model.stages.get(stage, ()) if other != found] if archive_existing else []
    values = {"from": found.stage, "to": stage, "reason": reason, **_replaced(writer, held)}
    return writer.append(kinds.STAGE_CHANGED, version=found, values=values)


def rollback_model(
    name: str,
    *,
    reason: str,
    stage: str = PRODUCTION,
    store: Store = None,
    by: str | None = None,
    clock: Clock = time.time,
) -> ModelEvent:
    """Return a stage to the version that held it before; the version that holds it now is archived."""
    writer = open_known_model(name, store=store, by=by, clock=clock)
    _require(reason, "a roll-back")
    holders = writer.model.stages.get(writer.stage(stage), ())
    if not holders:
        raise RegistryError(f"no version of model {quoted(name)} is in {stage}; there is nothing to roll back")
    now = holders[0]
    before = _held_before(writer, now, stage=stage)
    if before is None:
        raise RegistryError(f"no version of model {quoted(name)} held {stage} before version {now.label}")
    if before.stage == stage:
        values = {"from": stage, "to": writer.stage(ARCHIVED), "reason": reason, "rollback": stage}
        return writer.append(kinds.STAGE_CHANGED, version=now, values=values)
    values = {"from": before.stage, "to": stage, "reason": reason, "rollback": stage, **_replaced(writer, [now])}
    return writer.append(kinds.STAGE_CHANGED, version=before, values=values)


def set_model_alias(
    name: str, alias: str, version: Version, *, store: Store = None, by: str | None = None, clock: Clock = time.time
) -> ModelEvent:
    """Give a version an alias; an alias that another version has moves here."""
    writer = open_known_model(name, store=store, by=by, clock=clock)
    found = writer.version(version)
    if check_name(alias, "alias") in found.aliases:
        raise RegistryError(f"version {found.label} of model {quoted(name)} has the alias {quoted(alias)} already")
    return writer.append(kinds.ALIAS_SET, version=found, values={"alias": alias})


def remove_model_alias(
    name: str, alias: str, *, store: Store = None, by: str | None = None, clock: Clock = time.time
) -> ModelEvent:
    """Take an alias away from the version that has it."""
    writer = open_known_model(name, store=store, by=by, clock=clock)
    found = next((version for version in writer.model.versions if alias in version.aliases), None)
    if found is None:
        raise RegistryError(f"no version of model {quoted(name)} has the alias {quoted(alias)}")
    return writer.append(kinds.ALIAS_REMOVED, version=found, values={"alias": alias})


def describe_model(
    name: str,
    description: str,
    *,
    version: Version | None = None,
    store: Store = None,
    by: str | None = None,
    clock: Clock = time.time,
) -> ModelEvent:
    """Describe a model, or one version of it; an empty text takes the description away."""
    writer = open_known_model(name, store=store, by=by, clock=clock)
    found = None if version is None else writer.version(version)
    return writer.append(kinds.DESCRIBED, version=found, values={"description": description})


def tag_model(
    name: str,
    tags: Mapping[str, object],
    *,
    version: Version | None = None,
    store: Store = None,
    by: str | None = None,
    clock: Clock = time.time,
) -> ModelEvent:
    """Set tags of a model, or of one version of it; a value of None takes a tag away."""
    writer = open_known_model(name, store=store, by=by, clock=clock)
    found = None if version is None else writer.version(version)
    return writer.append(kinds.TAGGED, version=found, values={"values": _texts(tags)})


def remove_model_version(
    name: str,
    version: Version,
    *,
    reason: str | None = None,
    store: Store = None,
    by: str | None = None,
    clock: Clock = time.time,
) -> ModelEvent:
    """Withdraw a version; its history stays, its number is not used again."""
    writer = open_known_model(name, store=store, by=by, clock=clock)
    found = writer.version(version)
    if found.stage == PRODUCTION:
        raise RegistryError(f"version {found.label} of model {quoted(name)} is in Production; move it out first")
    return writer.append(kinds.REMOVED, version=found, values={"reason": reason})


def model_history(name: str, *, store: Store = None) -> tuple[ModelEvent, ...]:
    """Return what happened to a model, oldest first."""
    place = place_of(store)
    events = read_model(place, kinds.check_model_name(folder_name(place, name))).events
    if not events:
        raise RegistryError(f"no model {quoted(name)} in {place}; `runsite models` lists them")
    return events


def keep_command(event_path: Path, *, cwd: Path | None = None) -> str:
    """Return the Git commands that keep an event, to be typed in `cwd` (else in the working directory)."""
    here = (cwd or Path.cwd()).resolve()
    path = event_path.resolve()
    shown = path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)
    git = "git" if path.is_relative_to(here) else f"git -C {_shell_word(str(path.parent))}"
    subject = commit_subject(parse_event(path.read_bytes(), stem=path.stem), model=shown_name(_model_of(path)))
    file = _shell_word(shown)
    return f"{git} add {file} && {git} commit -m {shlex.quote(subject)} -- {file}"


def _shell_word(text: str) -> str:
    """Quote a path for a shell; bytes that are not UTF-8 are written as Bash, ksh and zsh read them."""
    if shown_text(text) == text:
        return shlex.quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{shown_text(escaped)}'"


def _model_of(event_path: Path) -> str:
    parts = event_path.parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index(kinds.MODELS_FOLDER) + 1 : -2])


def _held_before(writer: ModelWriter, now: ModelVersion, *, stage: str) -> ModelVersion | None:
    entries = stage_entries(writer.model.events, stage)
    labels = {registration: label for label, registration in registrations(writer.model.events).items()}
    by_label = {version.label: version for version in writer.model.versions}
    held = [by_label[labels[entry]] for entry in entries if entry in labels]
    while held and held.pop() != now:
        pass
    return next((version for version in reversed(held) if version != now and not version.removed), None)


def _replaced(writer: ModelWriter, versions: Sequence[ModelVersion]) -> dict[str, Any]:
    if not versions:
        return {}
    named = [{"version": version.number, "registration": writer.registration(version)} for version in versions]
    return {"replaced": named, "replaced_to": writer.stage(ARCHIVED)}


def _require_reason(reason: str | None, *, stages: Sequence[str]) -> None:
    if PRODUCTION in stages:
        _require(reason, "entering or leaving Production")


def _require(reason: str | None, act: str) -> None:
    if not isinstance(reason, str) or not reason.strip():
        raise RegistryError(f"{act} needs a reason")


def _texts(tags: Mapping[str, object]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in checked_values(tags, "tag").items()}
