"""Whichever way a process leaves a run, the log says how."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

import runsite
from recorded import only_run, other_logs, records_of_type, run_script, start_script

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals and forks of POSIX")


class TrialPruned(Exception):  # noqa: N818 (the name is Optuna's)
    """Called as Optuna's is."""


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (ValueError("bad loss"), {"status": "failed", "error": {"type": "ValueError", "message": "bad loss"}}),
        (KeyboardInterrupt(), {"status": "killed"}),
        (runsite.Pruned("not worth it"), {"status": "pruned"}),
        (TrialPruned(), {"status": "pruned"}),
        (SystemExit(0), {"status": "finished"}),
        (SystemExit(), {"status": "finished"}),
        (SystemExit(3), {"status": "failed", "error": {"type": "SystemExit", "message": "3"}}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_ends_the_run_and_goes_on_its_way(tmp_path: Path, error: BaseException, end: dict[str, Any]) -> None:
    with pytest.raises(type(error)), runsite.start_run("digits", store=tmp_path) as run:
        raise error

    assert records_of_type(run.folder, "run_end") == [end]


def test_an_early_end_inside_with_stands(tmp_path: Path) -> None:
    with runsite.start_run("digits", store=tmp_path) as run:
        run.end_run("pruned")

    assert records_of_type(run.folder, "run_end") == [{"status": "pruned"}]


@pytest.mark.parametrize(
    ("ending", "end"),
    [
        ("", {"status": "finished"}),
        ("sys.exit(0)", {"status": "finished"}),
        ("1 / 0", {"status": "failed", "error": {"type": "ZeroDivisionError", "message": "division by zero"}}),
        ("raise runsite.Pruned", {"status": "pruned"}),
        ("raise KeyboardInterrupt", {"status": "killed"}),
    ],
)
def test_a_run_left_open_is_closed_when_the_interpreter_exits(tmp_path: Path, ending: str, end: dict[str, Any]) -> None:
    run_script(f"import runsite\nrun = runsite.start_run('digits', store='runs')\n{ending}\n", cwd=tmp_path)

    assert records_of_type(only_run(tmp_path / "runs"), "run_end") == [end]


WAITING = """
import runsite, signal, sys, time
{before}
run = runsite.start_run("digits", store="runs")
child = runsite.start_run("digits", store="runs", run_id="child", parent=run)
run.log_metric("x", 1.0, step=0)
print("ready", flush=True)
while True:
    time.sleep(60)
"""


@posix_only
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_ends_all_open_runs_as_killed(tmp_path: Path, name: str) -> None:
    number = getattr(signal, name)
    process = start_script(WAITING.format(before=""), cwd=tmp_path)
    tell(process, number)

    folders = sorted((tmp_path / "runs" / "digits").iterdir())
    assert process.returncode == -number
    assert [records_of_type(folder, "run_end") for folder in folders] == [[{"status": "killed"}]] * 2


@posix_only
def test_kill_9_loses_nothing_that_was_logged(tmp_path: Path) -> None:
    process = start_script(
        """
import runsite
with runsite.start_run("digits", store="runs") as run:
    for step in range(10**9):
        run.log_metrics({"loss": 1 / (step + 1), "acc": 0.5}, step=step)
        if step >= 1000:
            print(step, flush=True)
""",
        cwd=tmp_path,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    told = process.stdout.read().splitlines()
    process.wait()
    process.stdout.close()

    logged = [record["step"] for record in records_of_type(only_run(tmp_path / "runs"), "metrics")]
    assert logged == list(range(len(logged)))
    assert len(logged) > max([1000, *(int(line) for line in told[:-1])])


@posix_only
def test_the_handler_a_program_had_is_called_and_decides(tmp_path: Path) -> None:
    before = "signal.signal(signal.SIGTERM, lambda number, frame: (print('saving'), sys.exit(7)))"
    process = start_script(WAITING.format(before=before), cwd=tmp_path)
    told = tell(process, signal.SIGTERM)

    folders = sorted((tmp_path / "runs" / "digits").iterdir())
    assert process.returncode == 7
    assert told == "saving\n"
    assert [records_of_type(folder, "run_end") for folder in folders] == [[{"status": "killed"}]] * 2


@posix_only
@pytest.mark.parametrize("form", ["with runsite.start_run('digits', store='runs') as run:", "if run := start():"])
def test_a_program_that_shrugs_a_signal_off_goes_on_logging(tmp_path: Path, form: str) -> None:
    script = f"""
import runsite, signal, os
def start():
    return runsite.start_run("digits", store="runs")
signal.signal(signal.SIGTERM, lambda number, frame: None)
{form}
    os.kill(os.getpid(), signal.SIGTERM)
    run.log_metric("x", 1.0)
"""
    assert run_script(script, cwd=tmp_path).returncode == 0

    folder = only_run(tmp_path / "runs")
    assert len(records_of_type(folder, "metrics")) == 1
    assert records_of_type(folder, "run_end") == [{"status": "finished"}]


@posix_only
def test_an_error_after_a_signal_that_was_let_pass_makes_an_open_run_killed(tmp_path: Path) -> None:
    script = """
import runsite, signal, os
signal.signal(signal.SIGTERM, lambda number, frame: None)
run = runsite.start_run("digits", store="runs")
os.kill(os.getpid(), signal.SIGTERM)
raise RuntimeError("stopped")
"""
    run_script(script, cwd=tmp_path)

    assert records_of_type(only_run(tmp_path / "runs"), "run_end") == [{"status": "killed"}]


@posix_only
def test_ignored_signals_stay_ignored_and_handlers_are_put_back(tmp_path: Path) -> None:
    signal_before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        term_before = signal.getsignal(signal.SIGTERM)
        first = runsite.start_run("digits", store=tmp_path)
        second = runsite.start_run("digits", store=tmp_path)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        first.end_run()
        second.end_run()
        assert signal.getsignal(signal.SIGTERM) == term_before
    finally:
        signal.signal(signal.SIGHUP, signal_before)


@posix_only
def test_a_forked_child_writes_its_own_file_and_never_ends_the_run(tmp_path: Path) -> None:
    script = """
import os, runsite, sys
with runsite.start_run("digits", store="runs") as run:
    run.log_metric("parent", 1.0)
    child = os.fork()
    if child == 0:
        run.log_metric("child", 2.0)
        sys.exit(0)
    os.waitpid(child, 0)
    run.log_metric("parent", 3.0)
"""
    assert run_script(script, cwd=tmp_path).returncode == 0

    folder = only_run(tmp_path / "runs")
    (log,) = other_logs(folder)
    assert records_of_type(folder, "metrics") == [{"values": {"parent": 1.0}}, {"values": {"parent": 3.0}}]
    assert records_of_type(folder, "metrics", log) == [{"values": {"child": 2.0}}]
    assert records_of_type(folder, "run_end") == [{"status": "finished"}]
    assert records_of_type(folder, "run_end", log) == []


@posix_only
def test_a_terminated_worker_of_a_pool_does_not_end_the_run(tmp_path: Path) -> None:
    script = """
import multiprocessing, runsite
def work(number):
    return number * 2
if __name__ == "__main__":
    with runsite.start_run("digits", store="runs") as run:
        for _ in range(60):  # a worker that is terminated at a bad moment used to stay, and the pool waited for it
            with multiprocessing.get_context("fork").Pool(2) as pool:
                run.log_metric("sum", sum(pool.map(work, range(4))))
"""
    done = run_script(script, cwd=tmp_path)

    folder = only_run(tmp_path / "runs")
    assert (done.returncode, done.stderr) == (0, "")
    assert records_of_type(folder, "run_end") == [{"status": "finished"}]
    assert other_logs(folder) == []


@posix_only
def test_a_forked_child_has_the_signal_handlers_of_the_program_alone(tmp_path: Path) -> None:
    script = """
import os, runsite, signal
def own(number, frame): pass
signal.signal(signal.SIGHUP, own)
with runsite.start_run("digits", store="runs"), runsite.start_run("digits", store="runs"):
    child = os.fork()
    if child == 0:
        here = (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP))
        os._exit(0 if here == (signal.SIG_DFL, own) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert signal.getsignal(signal.SIGTERM) not in (signal.SIG_DFL, None)
"""

    done = run_script(script, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


@posix_only
def test_a_worker_that_fails_leaves_a_note(tmp_path: Path) -> None:
    script = """
import os, runsite
with runsite.start_run("digits", store="runs") as run:
    child = os.fork()
    if child == 0:
        try:
            with run:
                raise ValueError("shard 3 is empty")
        finally:
            os._exit(1)
    os.waitpid(child, 0)
"""
    run_script(script, cwd=tmp_path)

    folder = only_run(tmp_path / "runs")
    (log,) = other_logs(folder)
    assert records_of_type(folder, "note", log) == [{"text": "A worker process failed: ValueError: shard 3 is empty"}]
    assert records_of_type(folder, "run_end") == [{"status": "finished"}]


def test_an_interactive_session_ends_its_run_as_finished_whatever_went_wrong_before(tmp_path: Path) -> None:
    script = """
import runsite, sys
sys.ps1 = ">>> "
run = runsite.start_run("digits", store="runs")
1 / 0
"""
    run_script(script, cwd=tmp_path)

    assert records_of_type(only_run(tmp_path / "runs"), "run_end") == [{"status": "finished"}]


def tell(process: Any, number: int) -> str:
    """Wait until a script is ready, send it a signal and wait for its end; return what it still said."""
    assert process.stdout.readline() == "ready\n"
    os.kill(process.pid, number)
    process.wait(timeout=30)
    told: str = process.stdout.read()
    process.stdout.close()
    return told
