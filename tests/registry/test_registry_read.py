"""Event files as they are found: broken, odd, hostile."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from registered import MODEL, Registry
from runsite.errors import StoreError
from runsite.registry import model_names, read_models
from runsite.registry.read import MAX_EVENT_BYTES

GOOD = {"id": "x", "time": 1.0, "by": "Ann", "type": "version_registered", "version": 1}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON: Expecting value at line 1 column 1"),
        (b'{"id": "x", "ti', "not JSON: Unterminated string starting at line 1 column 13"),
        (b"[]", "not a JSON object"),
        (b"[" * 100_000, "JSON nested deeper than 100 levels"),
        (b'{"time":1,"type":"x","deep":' + b"[" * 900 + b"]" * 900 + b"}", "JSON nested deeper than 100 levels"),
        (b" " * (MAX_EVENT_BYTES + 1), "more than 1,048,576 bytes, not read"),
        (GOOD | {"time": "now"}, 'no "time" in Unix seconds'),
        (GOOD | {"time": True}, 'no "time" in Unix seconds'),
        (GOOD | {"time": 1e300}, "time 1e+300 is no date"),
        (GOOD | {"type": ""}, 'no "type"'),
        (GOOD | {"version": "2"}, "\"version\" '2' is not a whole number from 1"),
        (GOOD | {"version": 0}, '"version" 0 is not a whole number from 1'),
    ],
)
def test_a_file_that_is_no_event_is_named_and_spoils_nothing(registry: Registry, content: Any, reason: str) -> None:
    registry.register()
    registry.write_file("odd.json", content)

    model = registry.read()

    assert [(each.file, each.line, each.reason) for each in model.problems] == [
        (f"models/{MODEL}/events/odd.json", 0, reason)
    ]
    assert [version.label for version in model.versions] == ["1"]


def test_a_copied_event_counts_once(registry: Registry) -> None:
    registry.write_file("a.json", GOOD)
    registry.write_file("b.json", GOOD)

    model = registry.read()

    assert len(model.versions) == 1
    assert [each.reason for each in model.problems] == ["repeats the event x"]


def test_a_mark_at_the_start_and_bytes_that_are_not_utf8_are_read(registry: Registry) -> None:
    registry.write_file(
        "a.json", b'\xef\xbb\xbf{"time": 1, "by": "Bj\xf6rn", "type": "version_registered", "version": 1}'
    )

    (event,) = registry.read().events

    assert (event.id, event.by) == ("a", "Bj\ufffdrn")


def test_hidden_and_other_files_among_events_are_no_events(registry: Registry) -> None:
    registry.register()
    registry.write_file(".tmp-12", b"half")
    registry.write_file(".x.json", b"half")
    registry.write_file("README.md", b"hello")

    assert registry.read().problems == ()


def test_links_are_not_followed(registry: Registry, tmp_path: Path) -> None:
    registry.register()
    (tmp_path / "secret.json").write_text('{"time": 1, "by": "secret", "type": "odd"}')
    folder = registry.store / "models" / MODEL
    (folder / "events" / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "card.md").symlink_to(tmp_path / "secret.json")
    (registry.store / "models" / "linked").symlink_to(folder)

    (model,) = read_models(registry.store)

    assert model.card == ""
    assert [event.by for event in model.events] == ["Ann"]
    assert [each.reason for each in model.problems] == ["a link or no plain file, not read"] * 2


def test_a_card_alone_makes_a_model(registry: Registry) -> None:
    folder = registry.store / "models" / "planned" / "next"
    folder.mkdir(parents=True)
    (folder / "card.md").write_text("# Next")

    (model,) = read_models(registry.store)

    assert (model.name, model.card, model.versions) == ("planned/next", "# Next", ())


def test_a_store_without_models_has_none(tmp_path: Path) -> None:
    assert model_names(tmp_path) == []
    assert read_models(tmp_path / "missing") == ()


@pytest.mark.parametrize("folder", ["models", f"models/{MODEL}", f"models/{MODEL}/events"])
def test_a_folder_that_cannot_be_listed_is_named_and_no_model_vanishes(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    registry.register()
    refused = str(registry.store / folder)
    scandir, listdir = os.scandir, os.listdir

    def refuse(path: Any) -> None:
        if str(path) == refused:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), refused)

    def scandir_refused(path: Any) -> Any:
        refuse(path)
        return scandir(path)

    def listdir_refused(path: Any) -> Any:
        refuse(path)
        return listdir(path)

    monkeypatch.setattr(os, "scandir", scandir_refused)
    monkeypatch.setattr(os, "listdir", listdir_refused)

    with pytest.raises(StoreError) as caught:
        read_models(registry.store)

    assert str(caught.value) == f"{refused}: cannot be listed (Permission denied); make it readable or move it away"


def test_events_of_a_folder_that_lets_nobody_in_are_problems(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register()
    look = os.stat

    def refused(path: Any, **options: Any) -> os.stat_result:
        if str(path).endswith(".json"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return look(path, **options)

    monkeypatch.setattr(os, "stat", refused)
    (model,) = read_models(registry.store)

    assert [problem.text.partition(": ")[2] for problem in model.problems] == ["cannot be read (Permission denied)"]
