"""Several writers of one run: each has its own file, and no line is lost or torn."""

import json
import pickle
import subprocess
import threading
from pathlib import Path

import pytest

import runsite
from recorded import other_logs, recorded, records_of_type, script_command
from runsite.recorder.run_log import joined_log, open_log

RANKS = 8
STEPS = 500


def test_eight_ranks_write_eight_files_and_lose_nothing(tmp_path: Path) -> None:
    script = f"""
import runsite, sys
rank = int(sys.argv[1])
with runsite.start_run("ddp", store="runs", run_id="job", resume=True) as run:
    for step in range({STEPS}):
        run.log_metrics({{f"rank {{rank}}/loss": step / 7}}, step=step)
"""
    command = script_command(script, cwd=tmp_path)
    ranks = [subprocess.Popen([*command, str(rank)], cwd=tmp_path, stderr=subprocess.PIPE) for rank in range(RANKS)]
    errors = [rank.communicate(timeout=60)[1].decode() for rank in ranks]

    folder = tmp_path / "runs" / "ddp" / "job"
    files = ["run.jsonl", *other_logs(folder)]
    written = [records_of_type(folder, "metrics", file) for file in files]
    assert [rank.returncode for rank in ranks] == [0] * RANKS, errors
    assert len(files) == RANKS
    assert sorted(next(iter(each[0]["values"])) for each in written) == [f"rank {rank}/loss" for rank in range(RANKS)]
    assert all([record["step"] for record in each] == list(range(STEPS)) for each in written)


def test_eight_writers_of_one_file_tear_no_line(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from runsite.recorder.run_log import open_log
from runsite.records.encode import encode_record
log = open_log(Path("run.jsonl"))
for step in range({STEPS}):
    log.write(encode_record({{"type": "note", "writer": sys.argv[1], "step": step, "text": "x" * 3000}}))
"""
    command = script_command(script, cwd=tmp_path)
    writers = [subprocess.Popen([*command, str(number)], cwd=tmp_path) for number in range(RANKS)]
    for writer in writers:
        assert writer.wait(timeout=60) == 0

    # A writer that opens the file in the middle of another's write may begin with a newline: an empty line is no harm.
    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_bytes().splitlines() if line]
    for number in range(RANKS):
        assert [line["step"] for line in lines if line["writer"] == str(number)] == list(range(STEPS))


def test_threads_share_a_run(tmp_path: Path) -> None:
    def log(number: int) -> None:
        for step in range(STEPS):
            run.log_metric(f"thread {number}", 1.0, step=step)

    with runsite.start_run("digits", store=tmp_path) as run:
        threads = [threading.Thread(target=log, args=(number,)) for number in range(RANKS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(records_of_type(run.folder, "metrics")) == RANKS * STEPS
    assert other_logs(run.folder) == []


def test_a_pickled_run_writes_to_its_own_file_and_does_not_end_the_run(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path, name="shared") as run:
        with pickle.loads(pickle.dumps(run)) as copy:
            copy.log_metric("x", 1.0)
            assert (copy.key, copy.name, copy.folder) == (run.key, run.name, run.folder)
        run.log_metric("x", 2.0)

    (log,) = other_logs(run.folder)
    assert [record["type"] for record in recorded(run.folder, log)] == ["metrics"]
    assert records_of_type(run.folder, "run_end") == [{"status": "finished"}]


def test_a_copy_that_logs_nothing_leaves_no_file(tmp_path: Path) -> None:
    log = joined_log(tmp_path)
    log.close()

    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_folder_is_gone_goes_on_without_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = joined_log(tmp_path / "gone")
    log.write(b"{}\n")
    log.close()

    assert "records are being lost" in capsys.readouterr().err


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_log_cut_anywhere_is_continued_on_a_line_of_its_own(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "run.jsonl"
    line = b'{"type":"note","text":"one"}\n'
    path.write_bytes(line + line[:cut])

    log = open_log(path)
    log.write(line)
    log.close()

    lines = path.read_bytes().splitlines()
    assert lines[0] == lines[-1] == line.rstrip()
    assert len(lines) == 3
