"""Where a model's events lie, and how one is written: a file per event, complete or absent, never replaced.

`models/<model>/events/<utc>-<8 hex>.json`: a shared log would not merge in Git, single files always do. A file gets a
temporary name first and its own by a hard link, which fails where a file of that name exists; so nothing is ever
overwritten, and a reader never meets half an event.
"""

import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runsite.errors import RegistryError
from runsite.model import ModelEvent
from runsite.recorder.names import check_folder_path
from runsite.records.encode import plain

MODELS_FOLDER = "models"
EVENTS_FOLDER = "events"
CARD_FILE = "card.md"

REGISTERED = "version_registered"
STAGE_CHANGED = "stage_changed"
ALIAS_SET = "alias_set"
ALIAS_REMOVED = "alias_removed"
DESCRIBED = "described"
TAGGED = "tagged"
REMOVED = "version_removed"


def check_model_name(name: object) -> str:
    """Return a model's name that is fit for folders of the store; `/` nests."""
    name = check_folder_path(name, kind="model")
    if any(part.lower() in (EVENTS_FOLDER, CARD_FILE) for part in name.split("/")):
        raise RegistryError(f"model name {name!r}: `events` and `card.md` have their own meaning in a model's folder")
    return name


def model_folder(store: Path, model: str) -> Path:
    """Return the folder of a registered model."""
    return store / MODELS_FOLDER / check_model_name(model)


def event_path(store: Path, model: str, event: ModelEvent) -> Path:
    """Return the file of an event."""
    return model_folder(store, model) / EVENTS_FOLDER / f"{event.id}.json"


def new_event_id(time: float) -> str:
    """Make an event's id: when, and eight digits that make it the only one."""
    return f"{datetime.fromtimestamp(time, UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def event_text(event: ModelEvent) -> str:
    """Write an event as it stands in its file: indented, because people review it."""
    record: dict[str, Any] = {"id": event.id, "time": event.time, "by": event.by, "type": event.type}
    if event.version is not None:
        record["version"] = event.version
    return json.dumps(plain(record | dict(event.values)), ensure_ascii=False, indent=2) + "\n"


def write_event(store: Path, model: str, event: ModelEvent) -> Path:
    """Write an event's file; raise RegistryError if the disk refuses."""
    path = event_path(store, model, event)
    temporary = path.with_name(f".tmp-{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(event_text(event).encode())
        _give_name(temporary, path)
    except OSError as error:
        raise RegistryError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _give_name(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):  # a disk without hard links; ids do not repeat
        temporary.rename(path)
