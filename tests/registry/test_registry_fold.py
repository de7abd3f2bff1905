"""What a set of events says, in whatever order and state it is found."""

import itertools
import random
from typing import Any

import pytest

from registered import MODEL, Registry
from runsite.answers.check import check_stores
from runsite.model import ModelEvent, RegisteredModel
from runsite.registry import fold_model, remove_model_version


def event(time: float, kind: str, version: int | None = 1, *, id: str = "", **values: Any) -> ModelEvent:
    """Make an event whose id is its time, unless it is given."""
    return ModelEvent(id or f"e{time:g}", time, "Ann", kind, version, values)


def problems(model: RegisteredModel) -> list[tuple[str, str]]:
    return [(problem.file, problem.reason) for problem in model.problems]


HISTORY = (
    event(1, "version_registered", 1, run="a/b/c", path="artifacts/m", digest="sha256:ab", size_bytes=9),
    event(2, "stage_changed", 1, to="Production", reason="first"),
    event(3, "alias_set", 1, alias="champion"),
    event(4, "version_registered", 2, uri="s3://x", description="second", tags={"a": 1}),
    event(5, "stage_changed", 2, to="Production", replaced=[{"version": 1}], replaced_to="Archived"),
    event(6, "alias_set", 2, alias="champion"),
)


def test_the_order_of_files_does_not_matter() -> None:
    expected = fold_model(MODEL, HISTORY)

    assert all(fold_model(MODEL, order) == expected for order in itertools.permutations(HISTORY, len(HISTORY)))
    assert [(v.label, v.stage, v.aliases, v.stage_since) for v in expected.versions] == [
        ("2", "Production", ("champion",), 5),
        ("1", "Archived", (), 5),
    ]
    assert list(expected.stages) == ["Staging", "Production", "Archived"]
    assert [version.label for version in expected.stages["Production"]] == ["2"]
    assert expected.events == HISTORY


def test_events_of_one_moment_are_ordered_by_id() -> None:
    events = (
        event(1, "version_registered", id="a"),
        event(2, "alias_set", id="c", alias="x"),
        event(2, "alias_removed", id="b", alias="x"),
    )

    model = fold_model(MODEL, events)

    assert model.versions[0].aliases == ("x",)
    assert problems(model) == [(f"models/{MODEL}/events/b.json", "removes the alias 'x', which is not set")]


def test_two_branches_that_registered_one_number_are_both_shown() -> None:
    events = (
        event(1, "version_registered", 2, id="theirs", digest="sha256:aa"),
        event(2, "version_registered", 2, id="ours", digest="sha256:bb"),
        event(3, "stage_changed", 2, registration="ours", to="Production"),
        event(4, "stage_changed", 2, to="Staging"),
        event(5, "version_registered", 2, id="third"),
    )

    model = fold_model(MODEL, events)

    assert [(version.label, version.stage, version.digest) for version in model.versions] == [
        ("2 (conflict 2)", "None", None),
        ("2 (conflict)", "Production", "sha256:bb"),
        ("2", "Staging", "sha256:aa"),
    ]
    assert problems(model) == [
        (
            f"models/{MODEL}/events/ours.json",
            "version 2 is registered more than once; this one is shown as 2 (conflict)",
        ),
        (
            f"models/{MODEL}/events/third.json",
            "version 2 is registered more than once; this one is shown as 2 (conflict 2)",
        ),
    ]


def test_a_conflict_can_be_acted_upon_by_its_label(registry: Registry) -> None:
    registry.register()
    registry.write_file("other.json", {"time": 5_000_000_000.0, "by": "Bo", "type": "version_registered", "version": 1})
    assert [finding.fails for finding in check_stores([registry.store])] == [True]

    registry.stage("1 (conflict)", "Staging")

    assert registry.stages() == {"1": "None", "1 (conflict)": "Staging"}
    assert registry.register().version == 2
    remove_model_version(MODEL, "1 (conflict)", store=registry.store, by="Ann", clock=registry.clock)
    assert check_stores([registry.store]) == []


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (event(9, "stage_changed", 7, to="Staging"), "speaks of version 7, which is not registered"),
        (event(9, "stage_changed", None, to="Staging"), "speaks of version None, which is not registered"),
        (event(9, "stage_changed", 1), 'changes a stage without "to"'),
        (event(9, "alias_set", 1), 'sets no "alias"'),
        (event(9, "alias_set", 1, alias=3), 'sets no "alias"'),
        (event(9, "described", None), 'has no "description"'),
        (event(9, "tagged", 1, values=[1]), 'has no "values"'),
        (event(9, "version_registered", None), 'registers no "version"'),
    ],
)
def test_an_event_that_makes_no_sense_is_named_and_spoils_nothing(odd: ModelEvent, reason: str) -> None:
    model = fold_model(MODEL, (*HISTORY, odd))

    assert problems(model) == [(f"models/{MODEL}/events/e9.json", reason)]
    assert model.versions == fold_model(MODEL, HISTORY).versions


def test_an_event_of_a_kind_from_the_future_is_kept_and_changes_nothing() -> None:
    model = fold_model(MODEL, (*HISTORY, event(9, "signed", 1, key="k")))

    assert model.events[-1].type == "signed"
    assert model.problems == ()
    assert model.versions == fold_model(MODEL, HISTORY).versions


def test_a_stage_nobody_set_up_is_still_shown() -> None:
    model = fold_model(MODEL, (*HISTORY, event(9, "stage_changed", 1, to="Canary")), stages=("None", "Production"))

    assert list(model.stages) == ["Production", "Canary"]


def test_values_of_wrong_types_are_left_out_of_a_version() -> None:
    odd = event(1, "version_registered", run=3, path=[], size_bytes=True, digest=5, tags="x", description={})

    (version,) = fold_model(MODEL, [odd]).versions

    assert (version.run, version.path, version.size_bytes, version.digest) == (None, None, None, None)
    assert (version.tags, version.description) == ({}, None)


def test_any_heap_of_events_folds_without_an_error() -> None:
    source = random.Random(7)
    kinds = "version_registered stage_changed alias_set alias_removed described tagged version_removed odd".split()
    odd_values: list[Any] = [None, 1, "x", "Production", [], [{"version": 1}], ["x"], {}, {"a": None}, True, "e3"]
    keys = "to from alias values description replaced replaced_to registration rollback run reason tags".split()

    for _ in range(300):
        heap = [
            event(source.randrange(9), source.choice(kinds), source.choice([None, 1, 2]), id=f"e{number}")
            for number in range(source.randrange(12))
        ]
        heap = [
            ModelEvent(
                each.id, each.time, each.by, each.type, each.version, {k: source.choice(odd_values) for k in keys}
            )
            for each in heap
        ]
        model = fold_model(MODEL, heap)
        assert len(model.events) == len(heap)
        assert all(version in model.versions for held in model.stages.values() for version in held)
