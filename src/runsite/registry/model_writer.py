"""Append events to one model: numbers, times and references are settled here, against what the model holds now.

An event's time is later than that of every event its writer can see, even where a clock is behind, so that folding by
time gives the order of writing.
"""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runsite.config import read_settings
from runsite.errors import RegistryError
from runsite.model import ModelEvent, ModelVersion, RegisteredModel
from runsite.registry.author import author
from runsite.registry.events import check_model_name, new_event_id, write_event
from runsite.registry.fold import registrations
from runsite.registry.read import folder_name, read_model
from runsite.shown_names import quoted
from runsite.store_place import find_store

Version = int | str
"""A version's number, or its label where two branches registered the same number: "2 (conflict)"."""


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """One model as it is now, and who is about to change it."""

    store: Path
    folder: str
    """Below models/: the model's name, but for bytes that are not UTF-8."""
    model: RegisteredModel
    stages: tuple[str, ...]
    by: str
    clock: Callable[[], float]

    def append(
        self, kind: str, *, version: ModelVersion | None = None, number: int | None = None, values: Mapping[str, Any]
    ) -> ModelEvent:
        """Write one event of the model, about a version or (with `number`) a new one."""
        about = {} if version is None else {"registration": self.registration(version)}
        now = self._time()
        event = ModelEvent(
            id=new_event_id(now),
            time=now,
            by=self.by,
            type=kind,
            version=number if version is None else version.number,
            values={**about, **{name: value for name, value in values.items() if value is not None}},
        )
        write_event(self.store, self.folder, event)
        return event

    def version(self, wanted: Version) -> ModelVersion:
        """Return the version somebody named; raise RegistryError if there is none, or it was removed."""
        found = next((version for version in self.model.versions if version.label == str(wanted)), None)
        if found is None or found.removed:
            known = ", ".join(version.label for version in reversed(self.model.versions) if not version.removed)
            problem = "was removed" if found is not None else "is not registered"
            raise RegistryError(
                f"version {wanted} of model {quoted(self.model.name)} {problem}; there are: {known or 'none'}"
            )
        return found

    def registration(self, version: ModelVersion) -> str:
        """Return the id of the event that registered a version."""
        return registrations(self.model.events)[version.label]

    def stage(self, wanted: str) -> str:
        """Return a stage the settings know; raise RegistryError otherwise."""
        if wanted not in self.stages:
            raise RegistryError(
                f"stage {quoted(wanted)} is none of {', '.join(self.stages)}; [site] stages in runsite.toml"
            )
        return wanted

    def _time(self) -> float:
        now = self.clock()
        latest = max((event.time for event in self.model.events), default=0.0)
        return now if now > latest else math.nextafter(latest, math.inf)


def open_model(name: str, *, store: str | Path | None, by: str | None, clock: Callable[[], float]) -> ModelWriter:
    """Read a model to write to it; a new one is empty."""
    place = place_of(store)
    folder = check_model_name(folder_name(place, name))
    stages = read_settings(place).stages
    model = read_model(place, folder, stages=stages)
    return ModelWriter(place, folder, model, stages=stages, by=author(by, store=place), clock=clock)


def open_known_model(name: str, *, store: str | Path | None, by: str | None, clock: Callable[[], float]) -> ModelWriter:
    """Read a model to write to it; raise RegistryError if nothing was registered under its name."""
    writer = open_model(name, store=store, by=by, clock=clock)
    if not writer.model.events:
        raise RegistryError(f"no model {quoted(name)} in {writer.store}; `runsite models` lists them")
    return writer


def place_of(store: str | Path | None) -> Path:
    """Find the store by the rule of `store_place`."""
    return find_store(store, cwd=Path.cwd(), environ=os.environ)
