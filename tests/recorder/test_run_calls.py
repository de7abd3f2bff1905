"""Each call of a run, and the record it leaves."""

import argparse
import decimal
import hashlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import runsite
from recorded import only_run, other_logs, recorded, records_of_type
from runsite.errors import RecordError
from runsite.recorder.run_log import open_log


def test_a_run_says_what_it_is_first(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path, clock=lambda: 5.0) as run:
        pass

    first, *_, last = recorded(run.folder)
    assert first == {"type": "run_start", "time": 5.0, "format": 1, "run": run.id, "name": run.name}
    assert last == {"type": "run_end", "time": 5.0, "status": "finished"}
    assert run.folder == tmp_path / "digits" / run.id


def test_metrics_keep_step_time_and_values(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path, clock=lambda: 5.0) as run:
        run.log_metrics({"train/loss": 0.5, "val/acc": 1}, step=3)
        run.log_metric("val/acc", 0.25)

    rows = [record for record in recorded(run.folder) if record["type"] == "metrics"]
    assert rows == [
        {"type": "metrics", "step": 3, "time": 5.0, "values": {"train/loss": 0.5, "val/acc": 1}},
        {"type": "metrics", "time": 5.0, "values": {"val/acc": 0.25}},
    ]


@pytest.mark.parametrize(
    ("value", "logged"),
    [
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (np.float32(0.5), 0.5),
        (np.float32("inf"), "Infinity"),
        (np.int8(-3), -3),
        (np.array(2.5), 2.5),
        (np.array([2.5]), 2.5),
        (decimal.Decimal("0.125"), 0.125),
        (2**60, 2**60),
        (10**400, "Infinity"),
        (-(10**400), "-Infinity"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_number_is_a_metric_value(tmp_path: Path, value: Any, logged: object) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.log_metric("x", value, step=0)

    assert records_of_type(run.folder, "metrics") == [{"step": 0, "values": {"x": logged}}]


@pytest.mark.parametrize(
    "value", [True, "0.5", b"1", [1.0], {"a": 1}, np.bool_(True), np.array([1.0, 2.0]), np.array("x"), object(), 1j]
)
def test_what_is_no_number_is_refused_at_the_call(tmp_path: Path, value: Any) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        with pytest.raises(RecordError, match=r"metric 'x' is .* not a number"):
            run.log_metrics({"good": 1.0, "x": value})
        run.log_metric("good", 2.0)

    assert records_of_type(run.folder, "metrics") == [{"values": {"good": 2.0}}]


def test_a_metric_without_a_value_is_left_out(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.log_metrics({"loss": 0.5, "val/acc": None}, step=1)

    assert records_of_type(run.folder, "metrics") == [{"step": 1, "values": {"loss": 0.5}}]


@pytest.mark.parametrize(("step", "logged"), [(0, 0), (np.int64(7), 7), (0.5, 0.5), (-3, -3), (2**62, 2**62)])
def test_steps_are_any_finite_number(tmp_path: Path, step: Any, logged: object) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.log_metric("x", 1.0, step=step)

    assert records_of_type(run.folder, "metrics") == [{"step": logged, "values": {"x": 1.0}}]


@pytest.mark.parametrize("step", [True, "3", math.nan, math.inf])
def test_a_step_that_is_no_number_is_refused(tmp_path: Path, step: Any) -> None:
    with (
        runsite.start_run("digits", store=tmp_path) as run,
        pytest.raises(RecordError, match=r"step is .* not a finite number"),
    ):
        run.log_metric("x", 1.0, step=step)


@pytest.mark.parametrize("name", ["val/acc", "a.b[0]", " ", "точность", "__proto__", "😀", "a@b", "x" * 200])
def test_names_hold_anything_but_control_characters(tmp_path: Path, name: str) -> None:
    with runsite.start_run("digits", store=tmp_path, params={name: 1}, tags={name: "t"}) as run:
        run.log_metric(name, 1.0)
        run.define_metric(name, goal="minimize")

    assert records_of_type(run.folder, "metrics") == [{"values": {name: 1.0}}]
    assert records_of_type(run.folder, "params") == [{"values": {name: 1}}]


@pytest.mark.parametrize("name", ["", "a\nb", "a\x00", "\x7f", "\x9b", 3, None])
def test_names_with_control_characters_are_refused_everywhere(tmp_path: Path, name: Any) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        for call in (run.log_metric, run.log_param, run.set_tag):
            with pytest.raises(RecordError):
                call(name, 1.0)
        with pytest.raises(RecordError):
            run.define_metric(name)


def test_params_keep_their_json_type(tmp_path: Path) -> None:
    params = {
        "lr": 0.1,
        "depth": 3,
        "fast": True,
        "none": None,
        "layers": [1, 2],
        "opt": {"name": "sgd"},
        "nan": math.nan,
    }

    with runsite.start_run("digits", store=tmp_path, params=params) as run:
        run.log_param("data", Path("data") / "train.csv")
        run.log_param("width", np.int64(64))

    first, second, third = (record["values"] for record in records_of_type(run.folder, "params"))
    assert first == params | {"nan": "NaN"}
    assert second == {"data": "data/train.csv"}
    assert third == {"width": 64}


def test_params_that_are_no_mapping_are_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="mapping"):
        runsite.start_run("digits", store=tmp_path, params=argparse.Namespace(lr=0.1))  # type: ignore[arg-type]  # the point

    assert list(tmp_path.iterdir()) == []


def test_tags_are_texts(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path, tags={"team": "vision"}) as run:
        run.set_tag("priority", 1)

    assert records_of_type(run.folder, "tags") == [{"values": {"team": "vision"}}, {"values": {"priority": "1"}}]


@pytest.mark.parametrize("step", [10**400, -(10**400), 2**63, -(2**63) - 1, 1e30, np.uint64(2**63)], ids=range(6))
def test_a_step_beyond_64_bits_is_refused(tmp_path: Path, step: Any) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        with pytest.raises(RecordError, match=r"step is .*(64 bits|not a finite number)"):
            run.log_metric("x", 1.0, step=step)
        with pytest.raises(RecordError, match=r"step is .*(64 bits|not a finite number)"):
            run.log_artifact("s3://bucket/key", step=step)

    assert records_of_type(run.folder, "metrics") == []


def test_a_tag_named_like_a_secret_does_not_tell_it(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path, tags={"hf_token": "x", "team": "vision"}) as run:
        run.set_tag("api_key", "y")

    assert records_of_type(run.folder, "tags") == [
        {"values": {"hf_token": "***", "team": "vision"}},
        {"values": {"api_key": "***"}},
    ]


def test_a_definition_says_goal_unit_and_step_metric(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.define_metric("val/acc", goal="maximize", unit="%", step_metric="epoch")
        run.define_metric("loss")
        with pytest.raises(RecordError, match="neither maximize nor minimize"):
            run.define_metric("loss", goal="up")

    assert records_of_type(run.folder, "metric_definition") == [
        {"name": "val/acc", "goal": "maximize", "unit": "%", "step_metric": "epoch"},
        {"name": "loss"},
    ]


def test_notes_are_kept_and_empty_ones_refused(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.log_note("**Better** with dropout.\n\nSee below.")
        with pytest.raises(RecordError):
            run.log_note("  ")

    assert records_of_type(run.folder, "note") == [{"text": "**Better** with dropout.\n\nSee below."}]


def test_a_dataset_file_is_digested_and_its_rows_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = b"a,b\n1,2\n3,4"
    Path("train.csv").write_bytes(content)

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        run.log_dataset("train.csv", context="training")

    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    assert records_of_type(run.folder, "dataset") == [
        {"name": "train.csv", "source": "train.csv", "digest": digest, "rows": 2, "context": "training"}
    ]


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("a.jsonl", b"{}\n{}\n", 2),
        ("a.tsv", b"h\n", 0),
        ("a.csv", b"", 0),
        ("a.csv", b'h\n"two\nlines"\n', None),
        ("a.npy", b"\n\n\n", None),
    ],
)
def test_rows_are_counted_only_where_a_line_is_a_row(
    tmp_path: Path, name: str, content: bytes, rows: int | None
) -> None:
    (tmp_path / name).write_bytes(content)

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        run.log_dataset(tmp_path / name)

    assert records_of_type(run.folder, "dataset")[0].get("rows") == rows


def test_a_dataset_can_be_a_name_with_what_is_known_of_it(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.log_dataset("digits", digest="sha256:ab", source="https://me:pw@example.org/digits", rows=1797)
        with pytest.raises(RecordError, match="no dataset at"):
            run.log_dataset(tmp_path / "missing.csv")

    assert records_of_type(run.folder, "dataset") == [
        {"name": "digits", "digest": "sha256:ab", "source": "https://example.org/digits", "rows": 1797}
    ]


def test_after_its_end_a_run_takes_nothing_more(tmp_path: Path) -> None:
    run = runsite.start_run("digits", store=tmp_path)
    run.end_run("pruned")
    run.end_run("failed")

    with pytest.raises(RecordError, match="has ended"):
        run.log_metric("x", 1.0)
    assert run.ended
    assert records_of_type(run.folder, "run_end") == [{"status": "pruned"}]


def test_an_unknown_status_is_refused(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run, pytest.raises(RecordError, match="finished, failed"):
        run.end_run("done")


def test_a_full_disk_warns_once_and_never_raises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    folder = tmp_path / "digits" / "one"
    folder.mkdir(parents=True)
    (folder / "run.jsonl").symlink_to(full)

    log = open_log(folder / "run.jsonl")
    for _ in range(3):
        log.write(b"{}\n")
    log.close()

    said = capsys.readouterr().err.splitlines()
    assert said == [
        "runsite: cannot write to run.jsonl (No space left on device); training goes on, records are being lost",
        "runsite: 3 records could not be written to run.jsonl",
    ]


def test_a_log_that_ends_in_the_middle_of_a_line_gets_its_newline_first(tmp_path: Path) -> None:
    (tmp_path / "run.jsonl").write_bytes(b'{"type":"note","text":"to')

    log = open_log(tmp_path / "run.jsonl")
    log.write(b'{"type":"note"}\n')
    log.close()

    assert (tmp_path / "run.jsonl").read_bytes() == b'{"type":"note","text":"to\n{"type":"note"}\n'


def test_start_says_one_line_unless_told_to_be_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RUNSITE_QUIET")
    with runsite.start_run("digits", store=tmp_path, name="first try") as run:
        pass
    monkeypatch.setenv("RUNSITE_QUIET", "1")
    runsite.start_run("digits", store=tmp_path).end_run()

    output = capsys.readouterr()
    assert output.err == f"runsite: run first try ({run.key}) in {tmp_path}\n"
    assert output.out == ""


def test_a_run_has_one_log_when_nobody_else_writes(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path):
        pass

    assert other_logs(only_run(tmp_path)) == []
