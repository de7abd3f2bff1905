"""What `runsite model ...` does with its words: each verb writes one event and says how to keep it."""

import argparse
import json
import os
import sys
from pathlib import Path

from runsite.errors import RunsiteError
from runsite.model import ModelEvent
from runsite.number_format import format_time
from runsite.records.encode import plain
from runsite.registry import (
    describe_model,
    event_path,
    event_sentence,
    folder_name,
    keep_command,
    model_history,
    register_model,
    remove_model_alias,
    remove_model_version,
    rollback_model,
    set_model_alias,
    set_model_stage,
    tag_model,
)
from runsite.shown_names import quoted
from runsite.store_place import find_store


def run_model_register(options: argparse.Namespace) -> int:
    """Register a version."""
    event = register_model(
        options.model,
        run=options.source_run,
        path=options.path,
        uri=options.uri,
        description=options.description,
        store=_store(options),
        by=options.by,
    )
    return _told(event, options)


def run_model_stage(options: argparse.Namespace) -> int:
    """Move a version to a stage."""
    event = set_model_stage(
        options.model,
        options.version,
        options.stage,
        reason=options.reason,
        archive_existing=options.archive_existing,
        store=_store(options),
        by=options.by,
    )
    return _told(event, options)


def run_model_alias(options: argparse.Namespace) -> int:
    """Set or remove an alias."""
    if options.remove == (options.version is not None):
        raise RunsiteError("model alias: give a VERSION to set the alias, or --remove to take it away")
    if options.remove:
        return _told(remove_model_alias(options.model, options.alias, store=_store(options), by=options.by), options)
    event = set_model_alias(options.model, options.alias, options.version, store=_store(options), by=options.by)
    return _told(event, options)


def run_model_describe(options: argparse.Namespace) -> int:
    """Describe a model or a version."""
    event = describe_model(
        options.model, options.description, version=options.version, store=_store(options), by=options.by
    )
    return _told(event, options)


def run_model_tag(options: argparse.Namespace) -> int:
    """Set a tag of a model or a version."""
    name, equals, value = options.tag.partition("=")
    if not equals or not name:
        raise RunsiteError(f"model tag: {quoted(options.tag)} is not NAME=VALUE")
    event = tag_model(options.model, {name: value}, version=options.version, store=_store(options), by=options.by)
    return _told(event, options)


def run_model_rollback(options: argparse.Namespace) -> int:
    """Return a stage to the version that held it before."""
    event = rollback_model(
        options.model, reason=options.reason or "", stage=options.stage, store=_store(options), by=options.by
    )
    return _told(event, options)


def run_model_remove(options: argparse.Namespace) -> int:
    """Withdraw a version."""
    event = remove_model_version(
        options.model, options.version, reason=options.reason, store=_store(options), by=options.by
    )
    return _told(event, options)


def run_model_history(options: argparse.Namespace) -> int:
    """Print what happened to a model, oldest first."""
    for event in model_history(options.model, store=_store(options)):
        print(event_json(event) if options.json else event_line(event))
    return 0


def event_json(event: ModelEvent) -> str:
    """Write an event as one line of JSON, as it stands in its file."""
    facts = {"id": event.id, "time": event.time, "by": event.by, "type": event.type, "version": event.version}
    return json.dumps(plain(facts | dict(event.values)), ensure_ascii=False)


def event_line(event: ModelEvent) -> str:
    """Write an event for people."""
    reason = event.values.get("reason")
    return f"{format_time(event.time)}  {event.by}: {event_sentence(event)}" + (f" ({reason})" if reason else "")


def _told(event: ModelEvent, options: argparse.Namespace) -> int:
    print(event_json(event))
    store = _store(options)
    path = event_path(store, folder_name(store, options.model), event)
    print(f"written to {path}\nto keep it: {keep_command(path)}", file=sys.stderr)
    return 0


def _store(options: argparse.Namespace) -> Path:
    return find_store(options.store, cwd=Path.cwd(), environ=os.environ)
