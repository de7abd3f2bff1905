"""What each registry call writes, and what it refuses."""

import hashlib
import itertools
import json
import math
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

import runsite
from registered import MODEL, Registry
from runsite.errors import RecordError, RegistryError
from runsite.model import RunKey
from runsite.registry import (
    describe_model,
    event_path,
    keep_command,
    model_history,
    read_models,
    register_model,
    remove_model_alias,
    remove_model_version,
    set_model_stage,
    tag_model,
)


def test_an_event_is_one_readable_file(registry: Registry) -> None:
    event = registry.register()

    path = event_path(registry.store, MODEL, event)
    assert path.parent == registry.store / "models" / MODEL / "events"
    assert re.fullmatch(r"20231114T221321Z-[0-9a-f]{8}\.json", path.name)
    assert json.loads(path.read_text()) == {
        "id": path.stem,
        "time": 1_700_000_001.0,
        "by": "Ann",
        "type": "version_registered",
        "version": 1,
        "run": "digits/one",
        "path": "artifacts/model.pkl",
        "digest": "sha256:" + hashlib.sha256(b"weights").hexdigest(),
        "size_bytes": 7,
    }
    assert path.read_text().count("\n") > 5
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_versions_are_numbered_from_one_and_a_removed_number_is_not_used_again(registry: Registry) -> None:
    numbers = [registry.register().version, registry.register().version]
    remove_model_version(MODEL, 2, store=registry.store, by="Ann", clock=registry.clock)
    numbers.append(registry.register().version)

    assert numbers == [1, 2, 3]


def test_a_folder_is_digested_as_sha256sum_lists_it(registry: Registry) -> None:
    event = registry.register(run="digits/one", path="artifacts/folder")

    listing = "".join(f"{hashlib.sha256(text).hexdigest()}  {name}\n" for text, name in ((b"bb", "b"), (b"a", "sub/a")))
    assert event.values["digest"] == "sha256:" + hashlib.sha256(listing.encode()).hexdigest()
    assert event.values["size_bytes"] == 3


def test_a_run_is_named_by_key_or_by_the_run_itself(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNSITE_STORE", "nowhere")
    with runsite.start_run("a/b", store=registry.store) as run:
        first = register_model(MODEL, run=run, by="Ann")

    second = registry.register(run=RunKey("digits", "one"))
    assert first.values["run"] == run.key
    assert second.values["run"] == "digits/one"


def test_a_version_may_lie_outside_the_store(registry: Registry) -> None:
    event = registry.register(uri="s3://bucket/model", digest="sha256:ab", description="big", tags={"size": 3})

    assert event.values == {
        "uri": "s3://bucket/model",
        "digest": "sha256:ab",
        "description": "big",
        "tags": {"size": "3"},
    }


def test_an_address_is_kept_without_its_credentials(registry: Registry) -> None:
    event = registry.register(uri="https://ann:pass@host.example/model?token=abc")

    assert event.values["uri"] == "https://host.example/model?token=***"


@pytest.mark.parametrize("name", ["", 3])
def test_a_nameless_alias_is_refused_in_plain_words(registry: Registry, name: Any) -> None:
    registry.register()

    with pytest.raises(RecordError, match="an alias name"):
        registry.alias(name, 1)


@pytest.mark.parametrize(
    ("about", "problem"),
    [
        ({"description": "x"}, "needs the run"),
        ({"path": "artifacts/model.pkl"}, "say which run"),
        ({"run": "digits/one", "path": "a", "uri": "s3://b"}, "not at both"),
        ({"run": "one"}, "without its experiment"),
        ({"run": "digits/two"}, "no run digits/two"),
        ({"run": "digits/one", "path": "artifacts/none.pkl"}, "nothing at"),
        ({"run": "digits/one", "path": "."}, "nothing at"),
        ({"run": "digits/one", "path": "../../secret"}, "leads out"),
        ({"run": "digits/one", "path": "/etc/passwd"}, "leads out"),
    ],
)
def test_a_version_of_nothing_is_refused(registry: Registry, about: dict[str, Any], problem: str) -> None:
    with pytest.raises(RegistryError, match=problem):
        registry.register(**about)

    assert not (registry.store / "models").exists()


def test_a_link_out_of_the_run_is_refused(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (registry.store / "digits" / "one" / "artifacts" / "link").symlink_to(tmp_path / "secret")

    with pytest.raises(RegistryError, match="leads out"):
        registry.register(run="digits/one", path="artifacts/link")


@pytest.mark.parametrize(
    "name", ["", "..", "a/../../b", "/abs", "a\\b", ".x", "a\nb", "events", "a/Events", "a/card.md"]
)
def test_a_model_name_cannot_leave_the_store(registry: Registry, name: str) -> None:
    with pytest.raises((RecordError, RegistryError)):
        register_model(name, uri="s3://x", store=registry.store, by="Ann")

    assert not (registry.store / "models").exists()


def test_model_names_nest_and_may_hold_any_script(registry: Registry) -> None:
    for name in ("team/digits", "модель 😀"):
        register_model(name, uri="s3://x", store=registry.store, by="Ann")

    assert [model.name for model in read_models(registry.store)] == ["team/digits", "модель 😀"]


@pytest.mark.parametrize(("start", "stage"), [("None", "Production"), ("Production", "Archived")])
@pytest.mark.parametrize("reason", [None, "", "  "])
def test_entering_and_leaving_production_needs_a_reason(
    registry: Registry, start: str, stage: str, reason: str | None
) -> None:
    registry.register()
    if start != "None":
        registry.stage(1, start)

    with pytest.raises(RegistryError, match="needs a reason"):
        registry.stage(1, stage, reason=reason)
    assert registry.stages() == {"1": start}


def test_other_stages_need_no_reason(registry: Registry) -> None:
    registry.register()

    event = registry.stage(1, "Staging", reason=None)

    assert event.values == {"registration": registry.read().events[0].id, "from": "None", "to": "Staging"}


def test_unknown_stages_versions_and_models_are_refused(registry: Registry) -> None:
    registry.register()

    with pytest.raises(RegistryError, match="none of None, Staging, Production, Archived"):
        registry.stage(1, "Canary")
    with pytest.raises(RegistryError, match=r"version 2 of model .* is not registered; there are: 1"):
        registry.stage(2, "Staging")
    registry.stage(1, "Staging")
    with pytest.raises(RegistryError, match="is in Staging already"):
        registry.stage(1, "Staging")
    with pytest.raises(RegistryError, match="no model 'other'"):
        set_model_stage("other", 1, "Staging", store=registry.store, by="Ann")
    with pytest.raises(RegistryError, match="no model 'other'"):
        model_history("other", store=registry.store)


def test_settings_may_name_other_stages(registry: Registry) -> None:
    (registry.store / "runsite.toml").write_text('[site]\nstages = ["None", "Canary", "Production", "Archived"]\n')
    registry.register()

    registry.stage(1, "Canary")

    assert registry.stages() == {"1": "Canary"}


def test_a_stage_may_hold_several_versions(registry: Registry) -> None:
    for _ in range(2):
        registry.stage(registry.register().version or 0, "Production")

    assert [version.label for version in registry.read().stages["Production"]] == ["2", "1"]


def test_a_promotion_can_archive_what_the_stage_held_in_one_event(registry: Registry) -> None:
    for _ in range(3):
        registry.register()
    registry.stage(1, "Production")
    registry.stage(2, "Production")
    before = len(registry.read().events)

    registry.stage(3, "Production", archive_existing=True)

    assert registry.stages() == {"1": "Archived", "2": "Archived", "3": "Production"}
    assert len(registry.read().events) == before + 1


def test_rolling_back_goes_back_one_version_at_a_time(registry: Registry) -> None:
    for version in (1, 2, 3):
        registry.register()
        registry.stage(version, "Production", archive_existing=True)

    registry.roll_back()
    assert registry.stages() == {"1": "Archived", "2": "Production", "3": "Archived"}
    registry.roll_back()
    assert registry.stages() == {"1": "Production", "2": "Archived", "3": "Archived"}
    with pytest.raises(RegistryError, match=r"no version of model .* held Production before version 1"):
        registry.roll_back()


def test_a_version_promoted_again_after_a_roll_back_rolls_back_as_before(registry: Registry) -> None:
    for version in (1, 2):
        registry.register()
        registry.stage(version, "Production", archive_existing=True)
    registry.roll_back()
    registry.register()
    registry.stage(3, "Production", archive_existing=True)

    registry.roll_back()

    assert registry.stages() == {"1": "Production", "2": "Archived", "3": "Archived"}


def test_rolling_back_one_of_two_holders_leaves_the_earlier_one(registry: Registry) -> None:
    for version in (1, 2):
        registry.register()
        registry.stage(version, "Production")

    event = registry.roll_back()

    assert registry.stages() == {"1": "Production", "2": "Archived"}
    assert (event.version, event.values["to"], event.values["rollback"]) == (2, "Archived", "Production")
    with pytest.raises(RegistryError, match="held Production before"):
        registry.roll_back()


def test_a_removed_version_is_passed_over_by_a_roll_back(registry: Registry) -> None:
    for version in (1, 2, 3):
        registry.register()
        registry.stage(version, "Production", archive_existing=True)
    remove_model_version(MODEL, 2, store=registry.store, by="Ann", clock=registry.clock)

    registry.roll_back()

    assert registry.stages() == {"1": "Production", "3": "Archived"}


def test_a_roll_back_needs_a_reason_and_something_to_roll_back(registry: Registry) -> None:
    registry.register()
    with pytest.raises(RegistryError, match="nothing to roll back"):
        registry.roll_back()
    with pytest.raises(RegistryError, match="a roll-back needs a reason"):
        registry.roll_back(reason=" ")


def test_an_alias_belongs_to_one_version_and_moves(registry: Registry) -> None:
    registry.register()
    registry.register()
    registry.alias("champion", 1)
    registry.alias("champion", 2)

    assert [version.aliases for version in registry.read().versions] == [("champion",), ()]
    with pytest.raises(RegistryError, match="already"):
        registry.alias("champion", 2)
    remove_model_alias(MODEL, "champion", store=registry.store, by="Ann", clock=registry.clock)
    assert [version.aliases for version in registry.read().versions] == [(), ()]
    with pytest.raises(RegistryError, match=r"no version of model .* has the alias"):
        remove_model_alias(MODEL, "champion", store=registry.store, by="Ann", clock=registry.clock)


def test_descriptions_and_tags_belong_to_the_model_or_to_a_version(registry: Registry) -> None:
    registry.register()
    keys: dict[str, Any] = {"store": registry.store, "by": "Ann", "clock": registry.clock}
    describe_model(MODEL, "Reads digits.", **keys)
    describe_model(MODEL, "The first.", version=1, **keys)
    tag_model(MODEL, {"task": "vision", "old": 1}, **keys)
    tag_model(MODEL, {"old": None}, **keys)
    tag_model(MODEL, {"size": "small"}, version=1, **keys)

    model = registry.read()
    assert (model.description, model.tags) == ("Reads digits.", {"task": "vision"})
    assert (model.versions[0].description, model.versions[0].tags) == ("The first.", {"size": "small"})


def test_a_version_in_production_cannot_be_removed(registry: Registry) -> None:
    registry.register()
    registry.stage(1, "Production")

    with pytest.raises(RegistryError, match="move it out first"):
        remove_model_version(MODEL, 1, store=registry.store, by="Ann")


def test_a_removed_version_takes_nothing_more(registry: Registry) -> None:
    registry.register()
    registry.alias("champion", 1)
    remove_model_version(MODEL, 1, reason="leaked", store=registry.store, by="Ann", clock=registry.clock)

    (version,) = registry.read().versions
    assert (version.removed, version.aliases, version.stage) == (True, (), "None")
    with pytest.raises(RegistryError, match="was removed"):
        registry.stage(1, "Staging")


def test_events_fold_in_the_order_of_writing_even_if_the_clock_stands_still_or_goes_back(registry: Registry) -> None:
    ticks = iter([100.0, 100.0, 99.0, 50.0, 100.0])
    register_model(MODEL, uri="s3://x", store=registry.store, by="Ann", clock=lambda: next(ticks))
    for stage in ("Staging", "Archived", "Staging", "Archived"):
        set_model_stage(MODEL, 1, stage, store=registry.store, by="Ann", clock=lambda: next(ticks))

    events = registry.read().events
    assert [event.values.get("to") for event in events] == [None, "Staging", "Archived", "Staging", "Archived"]
    assert all(later.time > earlier.time for earlier, later in itertools.pairwise(events))
    assert math.isclose(events[-1].time, 100.0)


def test_the_author_is_gits_user_name_unless_somebody_says(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    subprocess.run(["git", "init", "-q"], cwd=registry.store, check=True)

    with pytest.raises(RegistryError, match="say by="):
        register_model(MODEL, uri="s3://x", store=registry.store)
    subprocess.run(["git", "config", "user.name", "Bo Ek"], cwd=registry.store, check=True)
    subprocess.run(["git", "config", "user.email", "bo@example.org"], cwd=registry.store, check=True)

    assert register_model(MODEL, uri="s3://x", store=registry.store).by == "Bo Ek"


def test_the_command_that_keeps_an_event_works_as_printed(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ann@example.org")
    project = registry.store.parent
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    path = event_path(registry.store, MODEL, registry.register())

    here, elsewhere = keep_command(path, cwd=project), keep_command(path, cwd=Path("/"))
    for command in (here, elsewhere):
        assert str(path.name) in command
    assert shlex.split(here)[:2] == ["git", "add"]
    subprocess.run(here, shell=True, cwd=project, check=True, capture_output=True)

    log = subprocess.run(["git", "log", "--format=%s"], cwd=project, check=True, capture_output=True, text=True).stdout
    assert log == f"Register {MODEL} version 1\n"


def test_history_tells_everything_in_order(registry: Registry) -> None:
    registry.register()
    registry.stage(1, "Production")

    history = model_history(MODEL, store=registry.store)

    assert [(event.type, event.by) for event in history] == [("version_registered", "Ann"), ("stage_changed", "Ann")]
