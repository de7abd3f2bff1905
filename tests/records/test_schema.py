"""docs/format-1.schema.json and docs/format.md against the code: what one allows, the other reads without complaint."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import runsite
from runsite.model import Run
from runsite.readers import read_run
from runsite.records.parse import KNOWN_TYPES, RESERVED_TYPES, parse_record
from runsite.sources import list_store

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "format.md").read_text("utf-8")
SCHEMA: dict[str, Any] = json.loads((DOCS / "format-1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
EXAMPLES = [json.loads(line) for line in re.findall(r"^    (\{\"type\":.+\})$", PAGE, re.MULTILINE)]
OWN_KEYS = {"type", "time"}

VALID: tuple[dict[str, Any], ...] = (
    *EXAMPLES,
    {"type": "run_start"},
    {"type": "run_start", "name": None, "parent": None, "time": None},
    {"type": "params", "values": {}},
    {"type": "params", "values": {"": None, "a b": [True, {"x": [1.5]}], "é/ü@[0]": 10**30}},
    {"type": "tags", "values": {"a": None}},
    {"type": "metrics", "values": {"a": 1, "b": "NaN", "c": "Infinity", "d": "-Infinity", "e": None, "f": 1e308}},
    {"type": "metrics", "values": {}, "step": -1.5, "time": 0, "rank": 3},
    {"type": "metric_definition", "name": "a", "goal": None},
    {"type": "artifact", "path": "a", "uri": "b"},
    {"type": "source", "command": ["python", "t.py"]},
    {"type": "environment"},
    {"type": "model"},
    {"type": "run_end"},
    {"type": "run_end", "status": None},
    {"type": "run_start", "format": None},
    {"type": "run_end", "status": "pruned", "error": None},
    {"type": "run_end", "error": "out of memory"},
    {"type": "heartbeat"},
    {"type": "from_the_future", "values": 7},
)

WRONG: tuple[Any, ...] = (
    [],
    7,
    {},
    {"type": ""},
    {"type": 7},
    {"type": "heartbeat", "time": "now"},
    {"type": "heartbeat", "time": True},
    {"type": "run_start", "format": 2},
    {"type": "run_start", "format": "1"},
    {"type": "run_start", "name": "a\n"},
    {"type": "params"},
    {"type": "params", "values": None},
    {"type": "params", "values": {"a\u0085": 1}},
    {"type": "tags", "values": [1]},
    {"type": "metrics", "values": {"a": True}},
    {"type": "metrics", "values": {"a": "1"}},
    {"type": "metrics", "values": {"a": "nan"}},
    {"type": "metrics", "values": {"a": [1]}},
    {"type": "metrics", "values": {"a\x7f": 1}},
    {"type": "metrics", "values": {"a": 1}, "step": "1"},
    {"type": "metrics", "values": {"a": 1}, "step": False},
    {"type": "metric_definition"},
    {"type": "metric_definition", "name": ""},
    {"type": "metric_definition", "name": "a", "goal": "max"},
    {"type": "dataset"},
    {"type": "dataset", "name": "a\x1b"},
    {"type": "artifact"},
    {"type": "artifact", "path": "", "uri": None},
    {"type": "artifact", "path": "a", "step": "1"},
    {"type": "note"},
    {"type": "note", "text": ["a"]},
    {"type": "run_end", "status": "crashed"},
)


def complaints(record: Any) -> list[str]:
    return [reason for _, reason in parse_record(json.dumps(record).encode()).problems]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_page_and_code_know_the_same_record_types() -> None:
    in_schema = {branch["if"]["properties"]["type"]["const"] for branch in SCHEMA["allOf"]}
    on_page = set(re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE))

    assert in_schema == on_page == KNOWN_TYPES
    assert all(f"`{name}`" in PAGE for name in RESERVED_TYPES)
    assert all(name in SCHEMA["properties"]["type"]["$comment"] for name in KNOWN_TYPES | RESERVED_TYPES)


def test_the_page_names_every_key_of_the_schema() -> None:
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL))

    for name in KNOWN_TYPES:
        keys = set(SCHEMA["$defs"][name].get("properties", {}))
        assert {key for key in keys if f"`{key}`" not in sections[name]} == set()


def test_the_page_shows_every_record_type_once_at_least() -> None:
    assert {example["type"] for example in EXAMPLES} == KNOWN_TYPES


@pytest.mark.parametrize("record", VALID, ids=lambda record: json.dumps(record)[:60])
def test_what_the_schema_allows_is_read_without_complaint(record: dict[str, Any]) -> None:
    VALIDATOR.validate(record)

    assert complaints(record) == []
    if record["type"] in KNOWN_TYPES - {"heartbeat"}:
        assert parse_record(json.dumps(record).encode()).body is not None


@pytest.mark.parametrize("record", WRONG, ids=lambda record: json.dumps(record)[:60])
def test_what_the_schema_refuses_is_complained_of(record: Any) -> None:
    assert not VALIDATOR.is_valid(record)
    assert len(complaints(record)) == 1


def test_what_the_recorder_writes_is_what_the_schema_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNSITE_QUIET", "1")
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    store = tmp_path / "runs"

    with runsite.start_run("e", params={"lr": 0.1, "deep": {"a": [float("nan")]}}, tags={"a": 1}, store=store) as run:
        run.define_metric("val/acc", goal="maximize", unit="%", step_metric="epoch")
        run.log_metrics({"val/acc": float("nan"), "loss": float("-inf"), "n": 10**30}, step=1)
        run.log_metric("é[0]", 0.5)
        run.log_dataset(tmp_path / "data.csv", context="training", rows=1)
        run.log_artifact(tmp_path / "data.csv", step=2)
        run.log_artifact("s3://bucket/key")
        run.log_note("**well**")
    with runsite.start_run("e", store=store, parent=run, name="child") as child:
        child.end_run("pruned")

    lines = [line for log in store.rglob("run*.jsonl") for line in log.read_bytes().splitlines()]
    assert {json.loads(line)["type"] for line in lines} >= KNOWN_TYPES - {"heartbeat", "model"}
    for line in lines:
        VALIDATOR.validate(json.loads(line))
        assert parse_record(line).problems == []


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def only_run(store: Path) -> Run:
    run = read_run(list_store(store).runs[0])
    assert run is not None
    return run


def test_the_logger_on_the_page_writes_a_run_that_we_read(tmp_path: Path) -> None:
    logger, use = fenced("python")

    subprocess.run([sys.executable, "-I", "-c", logger + use], cwd=tmp_path, check=True)

    run = only_run(tmp_path / "runs")
    assert (str(run.key), run.status, run.problems) == ("digits/first-try", "finished", ())
    assert run.params == {"lr": 0.1, "seed": 0}
    assert run.series["val/acc"].steps.tolist() == list(range(100))
    assert len(run.series["train/loss"].values) == 101
    assert str(run.series["train/loss"].values[-1]) == "nan"
    assert run.definitions["val/acc"].goal == "maximize"
    assert logger.count("\n") - logger.count("\n\n") <= 15
    for line in (tmp_path / "runs" / "digits" / "first-try" / "run.jsonl").read_text().splitlines():
        VALIDATOR.validate(json.loads(line, parse_constant=lambda token: pytest.fail(f"{token} is no JSON")))


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("sh") is None, reason="needs a POSIX shell")
def test_the_shell_logger_on_the_page_writes_a_run_that_we_read(tmp_path: Path) -> None:
    (script,) = fenced("sh")

    subprocess.run(["sh", "-euc", script], cwd=tmp_path, check=True)

    run = only_run(tmp_path / "runs")
    assert (str(run.key), run.status, run.problems) == ("digits/from-the-shell", "finished", ())
    assert run.series["loss"].values.tolist() == [0.8, 0.7, 0.6]
