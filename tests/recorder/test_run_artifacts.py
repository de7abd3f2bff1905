"""Files a run logs: where they go, what is recorded, and what never happens to them."""

import hashlib
from pathlib import Path

import pytest

import runsite
from recorded import records_of_type
from runsite.errors import RecordError


def test_a_file_is_copied_and_recorded_with_its_digest(tmp_path: Path) -> None:
    image = tmp_path / "confusion.png"
    image.write_bytes(b"pixels")

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        run.log_artifact(image)

    assert records_of_type(run.folder, "artifact") == [
        {
            "path": "artifacts/confusion.png",
            "name": "confusion.png",
            "size_bytes": 6,
            "sha256": hashlib.sha256(b"pixels").hexdigest(),
            "kind": "image",
        }
    ]
    assert (run.folder / "artifacts/confusion.png").read_bytes() == b"pixels"


def test_a_name_and_a_step_show_in_record_and_path(tmp_path: Path) -> None:
    file = tmp_path / "out.png"
    file.write_bytes(b"pixels")

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        run.log_artifact(file, "samples/grid", step=10)
        run.log_artifact(file, name="samples/grid.png", step=20)

    logged = [(each["name"], each["path"], each["step"]) for each in records_of_type(run.folder, "artifact")]
    assert logged == [
        ("samples/grid", "artifacts/samples/grid.step-10.png", 10),
        ("samples/grid.png", "artifacts/samples/grid.step-20.png", 20),
    ]


def test_other_content_under_a_taken_path_leaves_the_first_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        for content in ("one", "two", "one"):
            file.write_text(content)
            run.log_artifact(file)

    paths = [each["path"] for each in records_of_type(run.folder, "artifact")]
    assert paths == [
        "artifacts/report.txt",
        f"artifacts/report-{hashlib.sha256(b'two').hexdigest()[:8]}.txt",
        "artifacts/report.txt",
    ]
    assert [(run.folder / path).read_text() for path in paths] == ["one", "two", "one"]


def test_a_file_already_in_the_run_is_recorded_where_it_lies(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        place = run.folder / "artifacts" / "checkpoints"
        place.mkdir(parents=True)
        (place / "last.pt").write_bytes(b"weights")
        run.log_artifact(place / "last.pt")

    assert [each["path"] for each in records_of_type(run.folder, "artifact")] == ["artifacts/checkpoints/last.pt"]
    assert sorted(path.name for path in (run.folder / "artifacts").iterdir()) == ["checkpoints"]


def test_a_folder_is_logged_file_by_file_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "sub").mkdir(parents=True)
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (folder / name).write_text(name)
    (folder / "broken").symlink_to("nowhere")

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        run.log_artifacts(folder)
        run.log_artifacts(folder, "copy")
        run.log_artifact(folder)

    names = [each["name"] for each in records_of_type(run.folder, "artifact")]
    plain = ["a.txt", "b.txt", "sub/c.txt"]
    assert names == [*plain, *(f"copy/{name}" for name in plain), *(f"model/{name}" for name in plain)]


@pytest.mark.parametrize(
    "name", ["../../../escape", "/etc/passwd", "a/../../b", "...", "con", "a:b|c?.txt", "x" * 300, "é" * 300]
)
def test_no_name_leads_out_of_the_run_or_off_the_disk(tmp_path: Path, name: str) -> None:
    file = tmp_path / "x.txt"
    file.write_text("x")

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        run.log_artifact(file, name)

    (record,) = records_of_type(run.folder, "artifact")
    stored = (run.folder / record["path"]).resolve()
    assert record["name"] == name
    assert stored.is_relative_to(run.folder / "artifacts")
    assert stored.read_text() == "x"
    assert stored.suffix == ".txt"
    assert len(stored.name.encode()) <= 100


def test_an_address_is_recorded_without_credentials(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.log_artifact("s3://bucket/runs/model.pt")
        run.log_artifact("https://me:secret@example.org/w.pt?X-Amz-Signature=abc&part=1", "weights", step=3)

    assert records_of_type(run.folder, "artifact") == [
        {"uri": "s3://bucket/runs/model.pt", "name": "model.pt"},
        {"uri": "https://example.org/w.pt?X-Amz-Signature=***&part=1", "name": "weights", "step": 3},
    ]


def test_a_missing_file_is_said_at_the_call(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        with pytest.raises(RecordError, match="no artifact at"):
            run.log_artifact(tmp_path / "missing.png")
        with pytest.raises(RecordError, match="no folder at"):
            run.log_artifacts(tmp_path / "missing")

    assert records_of_type(run.folder, "artifact") == []


def test_a_disk_that_refuses_a_copy_is_said_and_not_raised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.txt"
    file.write_text("x")

    with runsite.start_run("digits", store=tmp_path / "runs") as run:
        (run.folder / "artifacts").write_text("a file where the folder should be")
        run.log_artifact(file)

    assert "could not be copied" in capsys.readouterr().err
    assert records_of_type(run.folder, "artifact") == []
