"""Events in words."""

from typing import Any

import pytest

from registered import Registry
from runsite.model import ModelEvent
from runsite.registry import event_sentence
from runsite.registry.wording import commit_subject


def test_a_model_s_life_reads_as_sentences(registry: Registry) -> None:
    registry.register()
    registry.stage(1, "Production")
    registry.register()
    registry.alias("champion", 2)
    registry.stage(2, "Production", archive_existing=True)
    registry.roll_back()
    registry.stage(2, "Production")
    registry.roll_back()

    events = registry.read().events
    assert [event_sentence(event) for event in events] == [
        "registered version 1",
        "moved version 1 from None to Production",
        "registered version 2",
        "gave version 2 the alias champion",
        "moved version 2 from None to Production, version 1 to Archived",
        "rolled Production back from version 2 to version 1",
        "moved version 2 from Archived to Production",
        "rolled Production back: version 2 left it for Archived",
    ]
    assert [commit_subject(event, model="digits") for event in events[3:6]] == [
        "Call digits version 2 champion",
        "Move digits version 2 to Production",
        "Roll digits back in Production",
    ]
    tagged = ModelEvent("e", 1.0, "Ann", "tagged", None, {"values": {"team": "vision"}})
    assert commit_subject(tagged, model="digits") == "Tag digits"


@pytest.mark.parametrize(
    ("kind", "version", "values", "sentence"),
    [
        ("alias_removed", 1, {"alias": "x"}, "took the alias x from version 1"),
        ("described", None, {}, "described the model"),
        ("tagged", 2, {}, "tagged version 2"),
        ("version_removed", 2, {}, "removed version 2"),
        ("signed_off", 2, {}, "signed off, version 2"),
        ("stage_changed", 1, {"replaced": "odd", "to": 3}, "moved version 1 from None to 3"),
    ],
)
def test_each_kind_has_its_sentence(kind: str, version: int | None, values: dict[str, Any], sentence: str) -> None:
    assert event_sentence(ModelEvent("e", 1.0, "Ann", kind, version, values)) == sentence
