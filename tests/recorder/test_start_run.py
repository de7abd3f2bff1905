"""Where a run goes, what it is called, how it is taken up again."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

import runsite
from recorded import other_logs, records_of_type
from runsite.errors import RecordError, RunNotFoundError, StoreError
from runsite.recorder.run_folder import ADJECTIVES, ANIMALS, name_of


def test_an_id_is_two_words_and_four_digits_and_the_name_is_the_words(tmp_path: Path) -> None:
    runs = [runsite.start_run("digits", store=tmp_path) for _ in range(20)]
    for run in runs:
        run.end_run()

    assert len({run.id for run in runs}) == 20
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-[0-9a-f]{4}", run.id) for run in runs)
    assert all(run.id.startswith(run.name.replace(" ", "-")) for run in runs)
    assert len(ADJECTIVES) * len(ANIMALS) * 65_536 == 260_046_848
    assert name_of("my-own-id") == "my-own-id"


def test_a_given_id_is_taken_once(tmp_path: Path) -> None:
    runsite.start_run("digits", store=tmp_path, run_id="job-17").end_run()

    with pytest.raises(RecordError, match="is there already"):
        runsite.start_run("digits", store=tmp_path, run_id="job-17")
    runsite.start_run("other", store=tmp_path, run_id="job-17").end_run()


def test_an_experiment_name_may_nest(tmp_path: Path) -> None:
    with runsite.start_run("vision/digits 2", store=tmp_path) as run:
        pass

    assert run.folder.parent == tmp_path / "vision" / "digits 2"
    assert run.key == f"vision/digits 2/{run.id}"


@pytest.mark.parametrize(
    "name",
    ["", "/abs", "a//b", "a/", "..", "a/../b", ".", ".hidden", "a\\..\\b", "a\nb", "models", "Reports/x", None, 3],
)
def test_an_experiment_name_unfit_for_a_folder_is_refused(tmp_path: Path, name: Any) -> None:
    with pytest.raises(RecordError):
        runsite.start_run(name, store=tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("run_id", ["", "a/b", "..", ".x", "a\\b", "a\x00"])
def test_an_id_unfit_for_a_folder_is_refused(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(RecordError):
        runsite.start_run("digits", store=tmp_path, run_id=run_id)

    assert list(tmp_path.iterdir()) == []


def test_an_experiment_inside_a_run_is_refused(tmp_path: Path) -> None:
    run = runsite.start_run("digits", store=tmp_path)
    run.end_run()

    with pytest.raises(RecordError, match="is a run"):
        runsite.start_run(f"digits/{run.id}/inner", store=tmp_path)


def test_a_store_that_cannot_be_written_is_said_before_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError):
        runsite.start_run("digits", store=tmp_path / "file")


def test_a_parent_is_an_id_within_its_experiment_and_a_key_beyond(tmp_path: Path) -> None:
    with runsite.start_run("sweep", store=tmp_path) as parent:
        near = runsite.start_run("sweep", store=tmp_path, parent=parent)
        far = runsite.start_run("digits", store=tmp_path, parent=parent)
        named = runsite.start_run("sweep", store=tmp_path, parent=parent.id)
        for run in (near, far, named):
            run.end_run()

    parents = [records_of_type(run.folder, "run_start")[0]["parent"] for run in (near, far, named)]
    assert parents == [parent.id, parent.key, parent.id]


def test_a_resumed_run_is_a_new_attempt_in_its_own_file(tmp_path: Path) -> None:
    first = runsite.start_run("digits", store=tmp_path, name="long one", params={"lr": 0.1})
    first.end_run("killed")

    with runsite.start_run("digits", store=tmp_path, resume=first.id) as again:
        again.log_metric("x", 1.0, step=5)

    (log,) = other_logs(first.folder)
    assert again.folder == first.folder
    assert re.fullmatch(r"run\.[0-9a-f]{8}\.jsonl", log)
    assert records_of_type(first.folder, "run_start", log) == [{"format": 1, "run": first.id}]
    assert records_of_type(first.folder, "run_end", log) == [{"status": "finished"}]
    assert records_of_type(first.folder, "run_end") == [{"status": "killed"}]


def test_resume_takes_a_key_too(tmp_path: Path) -> None:
    first = runsite.start_run("a/b", store=tmp_path)
    first.end_run()

    with runsite.start_run("a/b", store=tmp_path, resume=first.key) as again:
        assert again.key == first.key


def test_resume_true_begins_what_is_not_there_and_continues_what_is(tmp_path: Path) -> None:
    for _ in range(3):
        runsite.start_run("digits", store=tmp_path, run_id="job-17", resume=True).end_run()

    folder = tmp_path / "digits" / "job-17"
    assert records_of_type(folder, "run_start") == [{"format": 1, "run": "job-17", "name": "job-17"}]
    assert len(other_logs(folder)) == 2


def test_resuming_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunNotFoundError, match="no run 'ghost'"):
        runsite.start_run("digits", store=tmp_path, resume="ghost")
    with pytest.raises(RecordError, match="run_id"):
        runsite.start_run("digits", store=tmp_path, resume=True)
    with pytest.raises(RecordError, match="another run"):
        runsite.start_run("digits", store=tmp_path, resume="other/run")

    assert list(tmp_path.iterdir()) == []


def test_the_store_is_found_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    job = tmp_path / "jobs" / "7"
    job.mkdir(parents=True)
    monkeypatch.chdir(job)
    monkeypatch.delenv("RUNSITE_STORE", raising=False)

    with runsite.start_run("digits") as run:
        os.chdir(tmp_path)
        run.log_metric("x", 1.0)

    assert run.folder.parent == tmp_path / "runs" / "digits"
    assert len(records_of_type(run.folder, "metrics")) == 1
