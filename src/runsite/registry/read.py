"""Read a store's registered models, whatever lies in their folders.

A model is a folder below `models/` that holds `events/` or card.md; its name is the folder's path, so names nest, with
\\xNN for what is not UTF-8. A file that is no event is left out and named as a problem; a folder that cannot be listed
is a StoreError, as it may hold models. Links are not followed, out of the store least of all, and sizes are bounded: an
event is a few hundred bytes, a card some pages.
"""

import json
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runsite.errors import StoreError
from runsite.model import DEFAULT_STAGES, ModelEvent, Problem, RegisteredModel
from runsite.records.json_object import MAX_DEPTH, TOO_DEEP, is_deeper, problem_of
from runsite.registry.events import CARD_FILE, EVENTS_FOLDER, MODELS_FOLDER
from runsite.registry.fold import event_file, fold_model
from runsite.shown_names import shown_name

MAX_EVENT_BYTES = 1024 * 1024
MAX_CARD_BYTES = 4 * 1024 * 1024
# The last second of the year 9999, beyond which no date can be shown.
MAX_TIME = 253_402_300_799.0

_OWN_KEYS = frozenset({"id", "time", "by", "type", "version"})


def read_models(store: Path, *, stages: Sequence[str] = DEFAULT_STAGES) -> tuple[RegisteredModel, ...]:
    """Read all models of a store, sorted by name."""
    return tuple(read_model(store, name, stages=stages) for name in model_names(store))


def model_names(store: Path) -> list[str]:
    """List the models of a store, by their folders below models/."""
    root = store / MODELS_FOLDER
    with _listing(root):
        if root.is_symlink() or not root.is_dir():
            return []
        found = [place for place, folders, files in _walk(root) if _is_model(folders, files)]
    return sorted(Path(place).relative_to(root).as_posix() for place in found)


def folder_name(store: Path, name: str) -> str:
    """Return the folder below models/ of a model, which may be named as it is shown; the name itself if none is."""
    shown = shown_name(name)
    names = model_names(store) if "\\" in shown else []
    return name if name in names else next((each for each in names if shown_name(each) == shown), name)


def read_model(store: Path, name: str, *, stages: Sequence[str] = DEFAULT_STAGES) -> RegisteredModel:
    """Read the model of a folder below models/; without events if there is none."""
    problems: list[Problem] = []
    events: dict[str, ModelEvent] = {}
    folder = store / MODELS_FOLDER / name
    name = shown_name(name)
    for path in _event_files(folder / EVENTS_FOLDER):
        stem = shown_name(path.stem)
        file = event_file(name, stem)
        try:
            event = parse_event(_bounded(path, MAX_EVENT_BYTES), stem=stem)
            if event.id in events:
                raise ValueError(f"repeats the event {event.id}")
            events[event.id] = event
        except ValueError as error:
            problems.append(Problem(file, 0, str(error)))
    card = _read_card(folder / CARD_FILE, file=f"{MODELS_FOLDER}/{name}/{CARD_FILE}", problems=problems)
    return fold_model(name, events.values(), card=card, stages=stages, problems=problems)


def parse_event(content: bytes, *, stem: str) -> ModelEvent:
    """Parse an event's file; raise ValueError with the reason if it is none."""
    try:
        values = json.loads(content.decode(errors="replace").removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {problem_of(error)} at line {error.lineno} column {error.colno}") from None
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    if is_deeper(values, MAX_DEPTH):
        raise ValueError(TOO_DEEP)
    by = values.get("by")
    return ModelEvent(
        id=_text(values, "id") or stem,
        time=_time(values.get("time")),
        by=by if isinstance(by, str) else "",
        type=_required(values, "type"),
        version=_version(values.get("version")),
        values={name: value for name, value in values.items() if name not in _OWN_KEYS},
    )


def _walk(root: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for place, folders, files in os.walk(root, onerror=_fail):
        found = [name for name in folders if not name.startswith(".") and not Path(place, name).is_symlink()]
        yield place, found, files
        folders[:] = [name for name in found if name != EVENTS_FOLDER]


def _fail(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # it went away while it was listed
        raise error


@contextmanager
def _listing(folder: Path) -> Iterator[None]:
    """Turn a disk's error into ours."""
    try:
        yield
    except OSError as error:
        place, problem = Path(error.filename or folder), f"cannot be listed ({error.strerror})"
        raise StoreError(place, problem, "make it readable or move it away") from error


def _is_model(folders: Sequence[str], files: Sequence[str]) -> bool:
    return EVENTS_FOLDER in folders or CARD_FILE in files


def _event_files(folder: Path) -> list[Path]:
    with _listing(folder):
        if folder.is_symlink() or not folder.is_dir():
            return []
        return sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.name.startswith("."))


def _read_card(path: Path, *, file: str, problems: list[Problem]) -> str:
    with _listing(path.parent):
        if not path.is_symlink() and not path.exists():
            return ""
    try:
        return _bounded(path, MAX_CARD_BYTES).decode(errors="replace").removeprefix("\ufeff")
    except ValueError as error:
        problems.append(Problem(file, 0, str(error)))
        return ""


def _bounded(path: Path, limit: int) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            raise ValueError("a link or no plain file, not read")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    if len(content) > limit:
        raise ValueError(f"more than {limit:,} bytes, not read")
    return content


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError('no "time" in Unix seconds')
    if not math.isfinite(value) or not 0 <= value <= MAX_TIME:
        raise ValueError(f"time {value} is no date")
    return float(value)


def _version(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f'"version" {value!r} is not a whole number from 1')
    return value


def _required(values: dict[str, Any], name: str) -> str:
    text = _text(values, name)
    if not text:
        raise ValueError(f'no "{name}"')
    return text


def _text(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) and value else None
