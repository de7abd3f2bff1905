"""Commands that go on until they are interrupted: started, listened to, ended."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DEADLINE_SECONDS = 60
"""Only where all is lost: the machine may be busy."""


@dataclass
class Command:
    """A command that runs, and the lines it has said."""

    process: subprocess.Popen[str]
    said: list[str]

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read lines until one matches; a command that never says such a line is ended."""
        assert self.process.stderr is not None
        deadline = threading.Timer(DEADLINE_SECONDS, self.process.kill)
        deadline.start()
        try:
            for line in self.process.stderr:
                self.said.append(line.rstrip("\n"))
                found = re.search(pattern, line)
                if found:
                    return found
        finally:
            deadline.cancel()
        raise AssertionError(f"never said {pattern!r}: {self.said}")

    def interrupt(self) -> int:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(DEADLINE_SECONDS)


def is_running(process: int) -> bool:
    """Tell whether a process is there that has not ended; on Linux."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


Start = Callable[..., Command]


@contextmanager
def starting(folder: Path, cache: Path) -> Iterator[Start]:
    """Start commands in a folder; whatever still runs in the end is ended."""
    begun: list[Command] = []

    def begin(*words: str, **environ: str) -> Command:
        known = {name: value for name, value in os.environ.items() if name != "SSH_CONNECTION"}
        process = subprocess.Popen(
            [sys.executable, "-m", "runsite", *words, "--cache", str(cache)],
            cwd=folder,
            env=known | environ,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(Command(process, []))
        return begun[-1]

    try:
        yield begin
    finally:
        for command in begun:
            command.process.kill()
            command.process.wait()
            assert command.process.stderr is not None
            command.process.stderr.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str) -> str:
    """Read a page; say what was answered if it is none. The first build compiles charts, and holds all else up."""
    try:
        with urllib.request.urlopen(address, timeout=DEADLINE_SECONDS) as reply:
            return str(reply.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{error.code} {address}: {error.read()[:500]!r}") from error


def until(holds: Callable[[], bool]) -> None:
    """Wait for what must come."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # another process is waited for, and it says nothing
