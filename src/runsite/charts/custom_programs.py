"""Programs that make charts, `charts/NAME.py`: run in a process of their own that hands back a spec or what went wrong.

Somebody else's program may end Python, print, go to another folder, leave a thread behind or change what Altair does.
None of that reaches the build, nor the next program: what one makes depends on its own text alone. What it prints goes
to standard error, for standard output is the build's. How long it takes, and what it reads and writes, is not bounded.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryFile
from traceback import extract_tb
from types import ModuleType
from typing import IO

from runsite import interrupts
from runsite.errors import RunsiteError
from runsite.shown_names import shown_text

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from runsite.charts.custom_programs import answer
answer(sys.argv[2])
"""
_STDIN, _STDOUT, _STDERR = 0, 1, 2
RunProgram = Callable[[str, str], str]
"""Runs a text that lies at a path; see `run_program`."""


def run_program(text: str, path: str) -> str:
    """Run a program and return its outcome, which is JSON: a `spec`, or a `problem` and its `line`."""
    command = [sys.executable or "python", "-c", _START, json.dumps(sys.path), path]
    own = None if sys.stderr else subprocess.DEVNULL
    try:
        if getattr(sys, "frozen", False):  # then the executable is that program, not Python
            raise FileNotFoundError("none is in this program")
        with TemporaryFile() as told:  # a pipe would end with the last process that it was handed on to
            code = _run(command, text.encode(), stdout=told, stderr=own)
            told.seek(0)
            said = told.read().decode(errors="replace")
    except OSError as error:
        problem = f"{path}: no Python could be started to run it ({error}); build without --allow-code"
        raise RunsiteError(problem) from error
    if not said.endswith("}"):
        return _problem(f"it ended Python, with exit code {code}, before there was a chart")
    return said


def _run(command: Sequence[str], text: bytes, *, stdout: IO[bytes], stderr: int | None) -> int:
    """Run a command and end whatever it leaves behind, as workers of a pool; return its exit code."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, start_new_session=True
    ) as process:
        try:
            process.communicate(text)
        finally:
            process.kill()
            if os.name == "posix":
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    return process.returncode


def answer(path: str) -> None:
    """Run the program that standard input has, write its outcome to standard output, and end with all its threads."""
    interrupts.end_as_told()
    if os.name == "posix":
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    text = sys.stdin.buffer.read().decode()
    told = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)  # for what is no Python of ours, too
    os.dup2(os.open(os.devnull, os.O_RDONLY), _STDIN)
    with redirect_stdout(sys.stderr):
        outcome = _outcome(text, path)
    with os.fdopen(told, "w", encoding="ascii") as file:
        file.write(outcome)
    os._exit(0)


def _end_with_parent(parent: int) -> None:
    """End this session when the build is gone: killed, it ends nothing itself."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.killpg(0, signal.SIGKILL)


def _outcome(text: str, path: str) -> str:
    module = ModuleType(f"charts.{Path(path).stem}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up there
    try:
        exec(compile(text, path, "exec"), module.__dict__)
        made = vars(module).get("chart")
        made = made() if callable(made) and not hasattr(made, "to_dict") else made
        spec = made.to_dict() if made is not None and hasattr(made, "to_dict") else None
        if isinstance(spec, Mapping):
            return json.dumps({"spec": spec})
    except SyntaxError as error:
        return _problem(f"no Python: {error.msg}", error.lineno or 0)
    except BaseException as error:  # it is all that runs here, so even its exit belongs on its card
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == path]
        return _problem(f"{type(error).__name__}: {_words_of(error)}".removesuffix(": "), (lines or [0])[-1] or 0)
    return _problem("no Altair chart called chart, nor a function of that name that makes one")


def _words_of(error: BaseException) -> str:
    try:
        return shown_text(str(error))
    except BaseException as problem:  # whatever it raises, too
        return f"its text cannot be told ({type(problem).__name__})"


def _problem(problem: str, line: int = 0) -> str:
    return json.dumps({"problem": problem, "line": line})
