"""Registered models: the fold of their events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runsite.model.names import RunKey
from runsite.model.run import Problem


@dataclass(frozen=True, slots=True)
class ModelEvent:
    """One thing that happened to a registered model."""

    id: str
    time: float
    by: str
    type: str
    """version_registered, stage_changed, alias_set, alias_removed, described, tagged, version_removed."""
    version: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """The event's other keys: from, to, reason, alias, run, path, uri, digest, description, size_bytes, …"""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model as it stands now."""

    number: int
    label: str
    """The number as text, or "2 (conflict)" for the later of two registrations of one number."""
    stage: str
    stage_since: float | None
    registered: float
    by: str
    aliases: tuple[str, ...] = ()
    run: RunKey | None = None
    path: str | None = None
    uri: str | None = None
    digest: str | None = None
    size_bytes: int | None = None
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A registered model: the fold of its events."""

    name: str
    card: str
    """Markdown of card.md; empty when there is none."""
    description: str | None
    versions: tuple[ModelVersion, ...]
    """Newest first."""
    stages: Mapping[str, tuple[ModelVersion, ...]]
    """Versions in each stage but None, stages in their set order, newest entry first."""
    events: tuple[ModelEvent, ...]
    """Oldest first, by (time, id)."""
    problems: tuple[Problem, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
