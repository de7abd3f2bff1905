"""What one line says: every rule of docs/format.md on a record, on its own."""

import json
import math
from typing import Any

import pytest

from runsite.model import Artifact, Dataset, Environment, LoggedModel, MetricDefinition, Note, RunFailure, Source
from runsite.records.json_object import MAX_DEPTH, MAX_LINE_BYTES
from runsite.records.parse import Metrics, Params, Record, RunEnd, RunStart, Tags, parse_record


def parse(type_: str, **keys: Any) -> Record:
    return parse_record(json.dumps({"type": type_, **keys}).encode())


def metric_value(text: str) -> tuple[Any, list[tuple[str, str]]]:
    """Parse a metrics record with one value, written as the text; return what was read and what was said."""
    record = parse_record(b'{"type":"metrics","values":{"a":%s,"neighbour":1}}' % text.encode())
    assert isinstance(record.body, Metrics)
    assert record.body.values["neighbour"] == 1.0
    return record.body.values.get("a"), list(record.problems)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        ("-0.0", -0.0),
        ("1e-400", 0.0),
        ("1.5E+3", 1500.0),
        ("9007199254740993", 9007199254740992.0),
        ("123456789012345678901234567890", 1.2345678901234568e29),
        ('"NaN"', math.nan),
        ('"Infinity"', math.inf),
        ('"-Infinity"', -math.inf),
        ("NaN", math.nan),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
    ],
)
def test_a_metric_value_is_a_number_or_the_name_of_one(text: str, value: float) -> None:
    read, problems = metric_value(text)

    assert repr(read) == repr(value)
    assert problems == []


def test_null_is_a_missing_value_and_nothing_to_complain_of() -> None:
    assert metric_value("null") == (None, [])


@pytest.mark.parametrize("text", ["true", "false", '"1.5"', '"nan"', '"inf"', '""', "[1]", '{"a":1}'])
def test_what_is_no_number_is_skipped_and_counted_and_its_neighbours_kept(text: str) -> None:
    read, problems = metric_value(text)

    assert read is None
    assert problems == [("value", f'metric "a": {json.dumps(json.loads(text))} is not a number')]


@pytest.mark.parametrize(("text", "value"), [("1e400", math.inf), ("-1e400", -math.inf), ("9" * 5000, math.inf)])
def test_a_number_beyond_the_largest_double_is_infinity_with_a_note(text: str, value: float) -> None:
    read, problems = metric_value(text)

    assert read == value
    assert [kind for kind, _ in problems] == ["note"]
    assert "is beyond the largest double, read as Infinity" in problems[0][1]


def test_of_duplicate_keys_the_last_wins() -> None:
    record = parse_record(b'{"type":"metrics","step":1,"step":2,"values":{"a":1,"a":2}}')

    assert record.body == Metrics(2, {"a": 2.0})


@pytest.mark.parametrize("step", [0, -3, 1.5, 2**63, 10**300])
def test_a_step_is_any_finite_number(step: float) -> None:
    record = parse("metrics", step=step, values={"a": 1})

    assert record.body == Metrics(step, {"a": 1.0})


@pytest.mark.parametrize("step", ["3", True, [1], "NaN", math.nan, math.inf])
def test_a_step_that_is_no_number_is_missing_and_counted(step: Any) -> None:
    record = parse("metrics", step=step, values={"a": 1})

    assert record.body == Metrics(None, {"a": 1.0})
    assert [kind for kind, _ in record.problems] == ["value"]


def test_a_missing_step_is_nothing_to_complain_of() -> None:
    for record in (parse("metrics", values={"a": 1}), parse("metrics", step=None, values={"a": 1})):
        assert (record.body, record.problems) == (Metrics(None, {"a": 1.0}), [])


@pytest.mark.parametrize("time", ["2026-01-01", "5", "NaN", math.nan, True, [], {}])
def test_a_time_that_is_no_number_is_missing_and_counted(time: Any) -> None:
    record = parse("metrics", time=time, values={"a": 1})

    assert record.time is None
    assert record.body == Metrics(None, {"a": 1.0})
    assert [kind for kind, _ in record.problems] == ["value"]


@pytest.mark.parametrize(
    "name", ["a/b.c[0] @x", "", "损失", "e\u0301", "__proto__", "a\\b", '"', "\u202e", "🦊", "x" * 200]
)
def test_names_may_hold_anything_but_control_characters(name: str) -> None:
    for kind in ("metrics", "params", "tags"):
        record = parse(kind, values={name: 1})
        assert isinstance(record.body, Metrics | Params | Tags)
        assert list(record.body.values) == [name]
        assert record.problems == []


@pytest.mark.parametrize("character", ["\0", "\n", "\x1b", "\x7f", "\x85"])
def test_a_name_with_a_control_character_is_skipped_and_counted(character: str) -> None:
    for kind in ("metrics", "params", "tags"):
        record = parse(kind, values={f"a{character}b": 1, "kept": 1})
        assert isinstance(record.body, Metrics | Params | Tags)
        assert list(record.body.values) == ["kept"]
        assert [problem[0] for problem in record.problems] == ["value"]


def test_a_control_character_in_the_name_of_a_thing_becomes_a_mark() -> None:
    start = parse("run_start", name="a\x1b[2J")
    dataset = parse("dataset", name="d\n")
    artifact = parse("artifact", name="x\ty", path="artifacts/x")

    assert isinstance(start.body, RunStart)
    assert start.body.name == "a\ufffd[2J"
    assert dataset.body == Dataset("d\ufffd")
    assert artifact.body == Artifact("x\ufffdy", path="artifacts/x")
    assert [kind for record in (start, dataset, artifact) for kind, _ in record.problems] == ["note"] * 3


def test_a_lone_surrogate_becomes_a_mark_with_one_note() -> None:
    record = parse_record(rb'{"type":"params","values":{"a\ud800":["\udfff",{"x":"\ud83e\udd8a"}]}}')

    assert record.body == Params({"a\ufffd": ["\ufffd", {"x": "🦊"}]})
    assert record.problems == [("note", "a lone surrogate read as U+FFFD")]


@pytest.mark.parametrize("raw", [b"\xff", b"\xed\xa0\x80", b"\xc3"])
def test_bytes_that_are_not_utf8_become_marks_with_a_note(raw: bytes) -> None:
    record = parse_record(b'{"type":"params","values":{"a":"' + raw + b'"}}')

    assert isinstance(record.body, Params)
    assert set(record.body.values["a"]) == {"\ufffd"}
    assert record.problems == [("note", "bytes that are not UTF-8 read as U+FFFD")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"training starts now", "not JSON: Expecting value at column 1"),
        (b'{"type":"metrics","values":{"a":1}', "not JSON: Expecting ',' delimiter at column 35"),
        (b'{"type":"note","text":"x"}{"type":"note","text":"y"}', "not JSON: Extra data at column 27"),
        (b"[1, 2]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"values":{}}', 'no "type"'),
        (b'{"type":7}', 'no "type"'),
        (b'{"type":""}', 'no "type"'),
        (b'{"type":"metrics"}', '"values" is not an object'),
        (b'{"type":"tags","values":null}', '"values" is not an object'),
        (b'{"type":"params","values":[1]}', '"values" is not an object'),
        (b'{"type":"artifact"}', 'an artifact needs "path" or "uri"'),
        (b'{"type":"dataset","name":""}', 'a dataset record needs "name"'),
        (b'{"type":"metric_definition"}', 'a metric_definition record needs "name"'),
        (b'{"type":"note","text":7}', 'a note record needs "text"'),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: bytes, reason: str) -> None:
    record = parse_record(line)

    assert record.body is None
    assert record.problems == [("line", reason)]


@pytest.mark.parametrize("levels", [MAX_DEPTH, 900, 100_000])
def test_a_value_nested_without_end_spoils_its_line_alone(levels: int) -> None:
    line = b'{"type":"params","values":{"a":' + b"[" * levels + b"]" * levels + b"}}"

    assert parse_record(line).problems == [("line", f"JSON nested deeper than {MAX_DEPTH} levels")]


def test_a_value_nested_as_deep_as_allowed_is_read() -> None:
    levels = MAX_DEPTH - 2
    line = b'{"type":"params","values":{"a":' + b"[" * levels + b"]" * levels + b',"b":[[],[]]}}'

    assert parse_record(line).problems == []


def test_a_line_without_end_is_not_parsed() -> None:
    line = b'{"type":"note","text":"' + b"x" * MAX_LINE_BYTES + b'"}'

    assert parse_record(line).problems == [("line", "longer than 67,108,864 bytes, the most a record may have")]


@pytest.mark.parametrize("kind", ["heartbeat", "histogram", "text", "console", "from_the_future"])
def test_a_heartbeat_or_an_unknown_type_tells_its_time_and_nothing_else(kind: str) -> None:
    record = parse(kind, time=5.5, anything={"a": [1]})

    assert (record.type, record.time, record.body, record.problems) == (kind, 5.5, None, [])


def test_unknown_keys_are_ignored() -> None:
    record = parse("metrics", values={"a": 1}, rank=3, extra={"deep": [1]})

    assert (record.body, record.problems) == (Metrics(None, {"a": 1.0}), [])


def test_params_keep_their_json_type() -> None:
    values = {"i": 1, "f": 1.0, "b": True, "n": None, "s": "1", "l": [1, "a"], "o": {"x": 2**70}}
    body = parse("params", values=values).body

    assert isinstance(body, Params)
    assert {name: repr(value) for name, value in body.values.items()} == {k: repr(v) for k, v in values.items()}


def test_a_run_start_says_who_the_run_is() -> None:
    record = parse("run_start", format=1, run="a1", name="first", parent="sweep", time=2.0)

    assert (record.body, record.time) == (RunStart(1, "a1", "first", "sweep"), 2.0)
    assert parse("run_start").body == RunStart(1, None, None, None)


def test_a_newer_format_gets_a_clear_message() -> None:
    record = parse("run_start", format=2)

    assert isinstance(record.body, RunStart)
    assert record.body.format == 2
    assert record.problems == [
        ("note", "format 2 is newer than this runsite reads (1): upgrade runsite to see all of this run")
    ]


@pytest.mark.parametrize("number", ["1", 1.5, True])
def test_a_format_that_is_no_whole_number_is_taken_for_format_1(number: Any) -> None:
    record = parse("run_start", format=number)

    assert isinstance(record.body, RunStart)
    assert record.body.format == 1
    assert [kind for kind, _ in record.problems] == ["value"]


@pytest.mark.parametrize("status", ["finished", "failed", "killed", "pruned"])
def test_a_run_end_has_one_of_four_statuses(status: str) -> None:
    assert parse("run_end", status=status).body == RunEnd(status, None)


def test_an_end_without_a_status_is_finished_unless_it_has_an_error() -> None:
    assert parse("run_end").body == RunEnd("finished", None)
    assert parse("run_end", error={"type": "OSError", "message": "no"}).body == RunEnd(
        "failed", RunFailure("OSError", "no")
    )


def test_an_unknown_status_is_counted_and_never_hides_an_error() -> None:
    crashed = parse("run_end", status="crashed", error="out of memory")
    done = parse("run_end", status=["done"])

    assert (crashed.body, done.body) == (
        RunEnd("failed", RunFailure("Error", "out of memory")),
        RunEnd("finished", None),
    )
    assert [kind for record in (crashed, done) for kind, _ in record.problems] == ["value", "value"]


def test_a_metric_definition_declares_what_a_metric_is() -> None:
    record = parse("metric_definition", name="val/acc", goal="maximize", unit="%", step_metric="epoch", label="acc")

    assert record.body == MetricDefinition("val/acc", "maximize", "%", "epoch", "acc")


def test_a_goal_that_is_neither_is_none_and_counted() -> None:
    record = parse("metric_definition", name="a", goal="max", unit=7)

    assert record.body == MetricDefinition("a")
    assert record.problems == [("value", 'goal "max" is neither maximize nor minimize')]


def test_a_dataset_is_known_by_name_and_digest() -> None:
    record = parse("dataset", name="digits", context="training", digest="sha256:1", source="s3://d", rows=1797)

    assert record.body == Dataset("digits", "training", "sha256:1", "s3://d", 1797)
    assert parse("dataset", name="d", rows="many", context=3).body == Dataset("d")


def test_an_artifact_is_a_file_of_the_run_or_an_address() -> None:
    file = parse("artifact", path="artifacts/a/b.png", step=5, size_bytes=9, sha256="00", kind="image")
    address = parse("artifact", uri="s3://bucket/model/", name="model")

    assert file.body == Artifact("b.png", "artifacts/a/b.png", None, 5, 9, "00", "image")
    assert address.body == Artifact("model", uri="s3://bucket/model/")
    assert parse("artifact", uri="s3://bucket/model/").body == Artifact("model", uri="s3://bucket/model/")
    assert parse("artifact", path="a", uri="b").body == Artifact("a", path="a")


def test_source_environment_model_and_note_are_read() -> None:
    source = parse("source", command=["python", "train.py"], commit="c", branch="b", remote="r", dirty=True, patch="p")
    environment = parse("environment", python="3.11", platform="Linux", packages={"numpy": "2.0", "x": 1})
    model = parse("model", path="artifacts/m", name="m", flavor="sklearn", requirements=["a"], size_bytes=1, sha256="0")
    note = parse("note", text="**hm**", time=7.0)

    assert source.body == Source("python train.py", "c", "b", "r", True, "p")
    assert environment.body == Environment("3.11", "Linux", {"numpy": "2.0", "x": "1"})
    assert model.body == LoggedModel("m", "artifacts/m", "sklearn", None, ("a",), 1, "0")
    assert note.body == Note("**hm**", 7.0)


def test_optional_keys_of_a_wrong_type_are_missing() -> None:
    assert parse("source", command=3, dirty="yes", commit=[]).body == Source()
    assert parse("environment", python=3, packages=["numpy"]).body == Environment()
    assert parse("model", requirements="numpy", size_bytes=True).body == LoggedModel()


def test_hosts_users_and_homes_are_known_as_secrets_wherever_a_record_names_them() -> None:
    record = parse(
        "environment",
        host="gpu-node-17",
        system={"user": "mwolf", "machine": {"hostname": "box.lab"}},
        values={"slurm.node": "n0042", "system/host": "cn-9", "depth": "deep"},
        workers=[{"ip": "10.0.0.7"}],
        home="xy",
    )

    assert sorted(record.secrets) == ["10.0.0.7", "box.lab", "cn-9", "gpu-node-17", "mwolf", "n0042"]
