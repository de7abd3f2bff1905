"""Ctrl-C at any moment of a command: one line and exit code 130, never a traceback."""

import contextlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from live.commands import is_running, until
from runsite.build.executors import CHUNK_RUNS, executor_of
from runsite.errors import WorkerError
from support import folder_bytes, metrics, run_start, write_run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signal to one process")
STOPPED = "runsite: stopped"


# A signal at the moment that a module begins to be imported.
TOLD_AT_AN_IMPORT = """
import os, sys

number, module = int(sys.argv.pop(1)), sys.argv.pop(1)

def watch(event, arguments):
    global module
    if event == "import" and arguments[0] == module:
        module = None
        os.write(2, b"told\\n")
        os.kill(os.getpid(), number)

sys.addaudithook(watch)
from runsite.__main__ import start
start()
"""
STOPPED_AS_TOLD = (130, f"told\n{STOPPED}\n")


def told_at(module: str, *words: str, number: int = signal.SIGINT) -> list[str]:
    return [sys.executable, "-c", TOLD_AT_AN_IMPORT, str(int(number)), module, *words]


def interrupted(command: list[str], cwd: Path) -> tuple[int, str]:
    """Run a command that is told to stop; return the code and what was said."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def store(tmp_path: Path) -> Path:
    write_run(tmp_path / "runs", "digits", "a", run_start(), *[metrics(step, {"loss": 1.0}) for step in range(2000)])
    return tmp_path


@pytest.mark.parametrize("words", [["build"], ["serve", "--watch", "--port", "0"], ["runs"]], ids=" ".join)
@pytest.mark.parametrize("module", ["enum", "argparse", "runsite.cli.parser"])
def test_ctrl_c_while_the_command_line_is_imported_says_one_line(store: Path, words: list[str], module: str) -> None:
    assert interrupted(told_at(module, *words, "runs"), store) == STOPPED_AS_TOLD


TOLD_IN_AN_ENUM = """
import os, sys

def watch(frame, event, argument):
    if frame.f_code.co_name == "__set_name__":
        sys.setprofile(None)
        os.kill(os.getpid(), 2)

sys.setprofile(watch)
from runsite.__main__ import start
start()
"""


def test_ctrl_c_while_the_first_enum_is_made_says_one_line(store: Path) -> None:
    assert interrupted([sys.executable, "-c", TOLD_IN_AN_ENUM, "runs", "runs"], store) == (130, f"{STOPPED}\n")


@pytest.mark.parametrize("module", ["runsite.build", "sqlite3", "numpy", "jinja2", "runsite.charts.assets"])
def test_ctrl_c_while_a_build_imports_and_works_says_one_line(store: Path, module: str) -> None:
    assert interrupted(told_at(module, "build", "runs"), store) == STOPPED_AS_TOLD


@pytest.mark.parametrize(("command", "module"), [("runs", "msgspec"), ("check", "numpy")])
def test_ctrl_c_while_a_reading_command_imports_says_one_line(store: Path, command: str, module: str) -> None:
    assert interrupted(told_at(module, command, "runs"), store) == STOPPED_AS_TOLD


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_ctrl_c_that_a_terminal_sends_to_all_workers_says_one_line(tmp_path: Path) -> None:
    for number in range(64):
        points = [metrics(step, {"loss": 1.0}) for step in range(300)]
        write_run(tmp_path / "runs", "digits", f"r{number}", run_start(), *points)
    command = [sys.executable, "-m", "runsite", "build", "runs", "--workers", "2"]

    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        until(lambda: [catches_interrupts(child) for child in children_of(process.pid)] == [False, False])
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read()

    assert (process.returncode, said) == (130, f"{STOPPED}\n")


# A signal to all processes, as from a terminal, at the n-th moment that a process or thread is begun.
TOLD_AT_A_BEGINNING = """
import os, signal, sys, threading, time
from runsite.__main__ import start

moment, begun, main, begin = int(sys.argv.pop(1)), 0, os.getpid(), threading._start_new_thread

def count():
    global begun
    begun += os.getpid() == main
    if begun == moment:
        begun += 1
        os.killpg(main, signal.SIGINT)
        time.sleep(0.1)

def begin_thread(*arguments):
    count()
    number = begin(*arguments)
    count()
    return number

threading._start_new_thread = begin_thread
os.register_at_fork(before=count, after_in_parent=count)
start()
"""


@pytest.mark.skipif(not hasattr(os, "register_at_fork"), reason="this system forks no processes")
@pytest.mark.parametrize("moment", range(1, 9))
@pytest.mark.parametrize(
    ("words", "code", "said"), [([], 130, f"{STOPPED}\n"), (["--watch"], 0, "")], ids=["", "watch"]
)
def test_ctrl_c_while_workers_are_begun_says_one_line(
    store: Path, moment: int, words: list[str], code: int, said: str
) -> None:
    for number in range(CHUNK_RUNS):  # more than one worker reads
        write_run(store / "runs", "digits", f"r{number}", run_start())
    command = [sys.executable, "-c", TOLD_AT_A_BEGINNING, str(moment), "build", "runs", "--workers", "2", *words]

    done = subprocess.run(command, cwd=store, capture_output=True, text=True, check=False, start_new_session=True)

    assert (done.returncode, done.stderr) == (code, said)


BEGUN = """
import multiprocessing, sys
from runsite.build.executors import executor_of

multiprocessing.set_start_method(sys.argv[1])
with executor_of(4):
    print(len(multiprocessing.active_children()))
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_all_workers_are_begun_before_ctrl_c_is_heard_again(method: str) -> None:
    done = subprocess.run([sys.executable, "-c", BEGUN, method], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("4\n", "")


def test_build_whose_worker_is_killed_says_what_to_do() -> None:
    with pytest.raises(WorkerError, match=r"ended, by the system .* with fewer --workers"), executor_of(2) as executor:
        executor.submit(os._exit, 9).result()


def test_workers_read_nothing_more_for_a_build_that_was_stopped() -> None:
    with contextlib.suppress(KeyboardInterrupt), executor_of(2) as executor:
        reading = executor.submit(time.sleep, 20)
        until(reading.running)
        raise KeyboardInterrupt

    assert isinstance(reading.exception(), BrokenProcessPool)


STOPPED_IN_A_RESULT = """
from pathlib import Path
from runsite.build.executors import executor_of

def bytes_read():
    return int(Path("/proc/self/io").read_text().split()[1])

with executor_of(2) as executor:
    before = bytes_read()
    executor.submit(bytes, 200_000_000)
    while bytes_read() < before + 1_000_000:
        pass
    raise KeyboardInterrupt
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_build_that_is_stopped_while_a_worker_hands_over_what_it_read_ends() -> None:
    program = [sys.executable, "-c", STOPPED_IN_A_RESULT]

    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)

    assert done.stderr.rstrip().endswith("KeyboardInterrupt")


KILLED_IN_A_RESULT = STOPPED_IN_A_RESULT.replace(
    "    raise KeyboardInterrupt",
    """
    import multiprocessing
    multiprocessing.active_children()[0].kill()
    reading.result()""",
).replace("    executor.submit", "    executor.submit(bytes, 200_000_000)\n    reading = executor.submit")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_build_whose_worker_is_killed_while_it_hands_over_what_it_read_says_what_to_do() -> None:
    program = [sys.executable, "-c", KILLED_IN_A_RESULT]

    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)

    assert done.stderr.rstrip().endswith("build again, with fewer --workers")


WITH_FEW_FILES = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
from runsite.__main__ import start
start()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process so")
@pytest.mark.parametrize("limit", [8, 12, 14, 16, 18, 20, 24])
def test_build_that_may_begin_no_more_workers_says_what_to_do(tmp_path: Path, chart_cache: Path, limit: int) -> None:
    for number in range(40):
        write_run(tmp_path / "runs", "digits", f"r{number}", run_start())
    words = ["build", "runs", "--workers", "3", "--cache", str(chart_cache)]
    command = [sys.executable, "-c", WITH_FEW_FILES, str(limit), *words]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, len(done.stderr.splitlines())) in ((0, 1), (1, 1)), done.stderr


def test_build_without_standard_streams_builds(store: Path, chart_cache: Path) -> None:
    command = f"exec {sys.executable} -m runsite build runs --cache {chart_cache} <&- >&- 2>&-"

    done = subprocess.run(["sh", "-c", command], cwd=store, check=False)

    assert done.returncode == 0
    assert is_whole(store / "site")


def test_command_whose_folder_is_gone_says_so(tmp_path: Path) -> None:
    command = f"mkdir gone && cd gone && rmdir ../gone && exec {sys.executable} -m runsite runs {tmp_path}"

    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)

    said = "runsite: the folder that this was started in is gone; change to another and try again\n"
    assert (done.returncode, done.stderr) == (1, said)


# A signal when the second site of `--verify` is being removed.
TOLD_AT_A_REMOVAL = """
import os, signal, sys
from runsite.__main__ import start

def watch(event, arguments):
    if event == "shutil.rmtree" and os.path.basename(arguments[0]).startswith("runsite-verify-"):
        os.kill(os.getpid(), signal.SIGINT)

sys.addaudithook(watch)
start()
"""


def test_ctrl_c_while_a_verified_site_is_removed_leaves_nothing_of_it(store: Path, chart_cache: Path) -> None:
    command = [sys.executable, "-c", TOLD_AT_A_REMOVAL, "build", "runs", "--verify", "--cache", str(chart_cache)]

    done = subprocess.run(command, cwd=store, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, STOPPED)
    assert not list(store.glob("runsite-verify-*"))


READING = """
import time
from runsite.build.executors import executor_of
with executor_of(3) as executor:
    for _ in range(3):
        executor.submit(time.sleep, 60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_workers_end_with_a_build_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", READING]) as process:
        until(lambda: [catches_interrupts(child) for child in children_of(process.pid)] == [False] * 3)
        workers = children_of(process.pid)
        process.kill()

    until(lambda: not any(map(is_running, workers)))


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def catches_interrupts(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)


def test_second_ctrl_c_waits_no_longer() -> None:
    program = (
        "import os, signal\nfrom runsite import interrupts\ninterrupts.unwind()\n"
        "try:\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "except KeyboardInterrupt:\n    print('unwinding', flush=True)\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "    print('still here', flush=True)\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, "unwinding\n", f"{STOPPED}\n")


# A first signal between those that a block holds back: SIGINT is by then, SIGTERM is not.
TOLD_AS_SIGNALS_ARE_HELD_BACK = """
import signal
from runsite import interrupts

def look(number):
    if number == signal.SIGTERM:
        signal.getsignal = getsignal
        signal.raise_signal(number)
    return getsignal(number)

interrupts.unwind()
getsignal, signal.getsignal = signal.getsignal, look
try:
    with interrupts.Unbroken():
        print("within")
except KeyboardInterrupt:
    print("unwinding", flush=True)
    signal.raise_signal(signal.SIGINT)
    print("still here")
"""


def test_second_ctrl_c_waits_no_longer_where_the_first_signal_came_as_others_were_held_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOLD_AS_SIGNALS_ARE_HELD_BACK], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "unwinding\n", f"{STOPPED}\n")


# Signals at the n-th file that goes into place, each of which takes long enough for a process to end meanwhile.
TOLD_MIDWAY = """
import os, signal, sys, time
from runsite.__main__ import start

numbers, moment, moved = [getattr(signal, name) for name in sys.argv.pop(1).split()], 3, 0

def watch(event, arguments):
    global moved
    if event == "os.rename" and "runsite-staging" in str(arguments[0]):
        moved += 1
        if moved >= moment:
            time.sleep(0.02)
        if moved == moment:
            for number in numbers:
                os.kill(os.getpid(), number)
                time.sleep(0.2)

sys.addaudithook(watch)
start()
"""


@pytest.mark.parametrize("told", ["SIGINT", "SIGINT SIGINT", "SIGTERM", "SIGTERM SIGTERM", "SIGHUP"])
@pytest.mark.parametrize(
    ("words", "code"), [("build", 130), ("build --watch", 0), ("serve --port 0", 130), ("serve --watch --port 0", 0)]
)
def test_stopped_while_files_go_into_place_leaves_the_new_site_whole(
    store: Path, chart_cache: Path, words: str, code: int, told: str
) -> None:
    command = [sys.executable, "-c", TOLD_MIDWAY, told, *words.split(), "runs", "--cache", str(chart_cache)]

    done = subprocess.run(command, cwd=store, capture_output=True, text=True, check=False)

    assert done.returncode in ({code, 130} if told == "SIGINT SIGINT" else {code}), done.stderr
    # A build in another thread may say its own line between that and the end.
    assert (f"{STOPPED}\n" in done.stderr) == (done.returncode == 130)
    assert is_whole(store / "site")


# A signal once Python has ended most of itself, and with it our ways of hearing any.
TOLD_AT_THE_END = """
import functools, os, signal
from runsite.__main__ import start

late = type("Late", (), {"__del__": functools.partial(os.kill, os.getpid(), signal.SIGINT)})()
start()
"""


def test_second_ctrl_c_while_python_ends_changes_no_exit_code(store: Path, chart_cache: Path) -> None:
    command = [sys.executable, "-c", TOLD_AT_THE_END, "build", "--watch", "runs", "--cache", str(chart_cache)]

    with subprocess.Popen(command, cwd=store, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "pages written" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()

    assert (process.returncode, rest) == (0, "")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_build_that_is_told_to_end_is_stopped_as_by_ctrl_c(store: Path, name: str) -> None:
    found = interrupted(told_at("jinja2", "build", "runs", number=getattr(signal, name)), store)

    assert found == STOPPED_AS_TOLD
    assert not (store / "site").exists()


def is_whole(site: Path) -> bool:
    facts = json.loads((site / "site.json").read_bytes())
    listed = json.loads((site / "site-files.json").read_bytes())
    return not facts["building"] and {*listed, "site.json", "site-files.json"} == set(folder_bytes(site))


def test_command_in_the_background_of_a_shell_hears_no_ctrl_c(store: Path) -> None:
    program = (
        "import os, signal, sys\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nos.execv(sys.executable, sys.argv[1:])"
    )
    command = [sys.executable, "-c", program, *told_at("runsite.errors", "runs", "runs")]

    done = subprocess.run(command, cwd=store, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "told\n")
    assert "digits" in done.stdout
