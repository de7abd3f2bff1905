"""A registry to act on in tests: one store, one author, a clock that ticks by one second with each call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runsite.model import ModelEvent, RegisteredModel
from runsite.registry import read_model, register_model, rollback_model, set_model_alias, set_model_stage

MODEL = "digits classifier"


@dataclass(slots=True)
class Registry:
    """The store of one test, and the time in it."""

    store: Path
    now: float = 1_700_000_000.0

    def clock(self) -> float:
        self.now += 1
        return self.now

    def register(self, **keys: Any) -> ModelEvent:
        """Register the run's model file, unless told otherwise."""
        about = keys or {"run": "digits/one", "path": "artifacts/model.pkl"}
        return register_model(MODEL, **about, store=self.store, by="Ann", clock=self.clock)

    def stage(self, version: int | str, stage: str, **keys: Any) -> ModelEvent:
        """Move a version, with a reason."""
        keys = {"reason": "it is better"} | keys
        return set_model_stage(MODEL, version, stage, **keys, store=self.store, by="Ann", clock=self.clock)

    def alias(self, alias: str, version: int | str) -> ModelEvent:
        """Give a version an alias."""
        return set_model_alias(MODEL, alias, version, store=self.store, by="Ann", clock=self.clock)

    def roll_back(self, **keys: Any) -> ModelEvent:
        """Roll Production back."""
        keys = {"reason": "it is worse"} | keys
        return rollback_model(MODEL, **keys, store=self.store, by="Ann", clock=self.clock)

    def read(self) -> RegisteredModel:
        """Read the model as it is now."""
        return read_model(self.store, MODEL)

    def stages(self) -> dict[str, str]:
        """Return the stage of each version that is not removed."""
        return {version.label: version.stage for version in reversed(self.read().versions) if not version.removed}

    def write_file(self, name: str, content: Mapping[str, Any] | bytes, *, model: str = MODEL) -> Path:
        """Write a file among a model's events by hand."""
        path = self.store / "models" / model / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path
