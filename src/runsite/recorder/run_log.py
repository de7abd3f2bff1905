"""Append records to the log of a run: one whole line per write, one file per writer.

A line handed to `os.write` on a descriptor opened with O_APPEND survives kill -9 and is never torn by other local
writers, and buffering it would save nothing (the call takes 0.5 to 0.9 µs). Two machines appending to one file on a
network disk do lose lines, so each writer has its own: `run.jsonl` belongs to whoever creates it first; a resumed run,
another rank, a forked child or another process gets `run.<8 hex>.jsonl`.

A disk that refuses must not end a training of three days: the first lost record is said on stderr, later ones are
counted, and each call tries again.
"""

import os
import secrets
import sys
from pathlib import Path

from runsite.recorder.names import RUN_FILE

_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_NOWHERE = -1


class RunLog:
    """Writes lines to this process' own file of a run, and never raises for the disk's sake."""

    def __init__(self, path: Path, descriptor: int, *, torn: bool = False) -> None:
        self.path = path
        self.lost = 0
        """Records the disk refused."""
        self._descriptor = descriptor
        self._process = os.getpid() if descriptor != _NOWHERE else _NOWHERE
        self._torn = torn
        """The file ends in the middle of a line."""

    def write(self, line: bytes) -> None:
        """Append one line that ends with its newline."""
        if os.getpid() != self._process:
            self._move_to_own_file()
        if self._torn:
            line = b"\n" + line
        try:
            written = os.write(self._descriptor, line)
        except OSError as error:
            self._count_lost(error.strerror)
            return
        if written < len(line):
            self._torn = True
            self._count_lost("the disk took part of a line")
        else:
            self._torn = False

    def close(self) -> None:
        """Close the file; nothing is buffered, so nothing can be lost here."""
        if self._descriptor != _NOWHERE and os.getpid() == self._process:
            os.close(self._descriptor)
        self._descriptor = _NOWHERE
        if self.lost > 1:
            _say(f"{self.lost} records could not be written to {self.path.name}")

    def _move_to_own_file(self) -> None:
        """Leave the file to the process that opened it, of which this one is a fork or a pickled copy."""
        if self._descriptor != _NOWHERE:
            os.close(self._descriptor)
        self._descriptor, self._torn, self._process = _NOWHERE, False, os.getpid()
        try:
            self.path, self._descriptor = _create_own(self.path.parent)
        except OSError:
            return  # the write that follows fails, and is counted and said there

    def _count_lost(self, problem: str | None) -> None:
        self.lost += 1
        if self.lost == 1:
            _say(f"cannot write to {self.path.name} ({problem}); training goes on, records are being lost")


def open_first_log(folder: Path) -> RunLog:
    """Create a run's log: run.jsonl if nobody has it yet, else one of its own; raise OSError if the disk refuses."""
    path = folder / RUN_FILE
    try:
        return RunLog(path, _create(path))
    except FileExistsError:
        return RunLog(*_create_own(folder))


def open_log(path: Path) -> RunLog:
    """Open a log that may be there to append to it; raise OSError if the disk refuses."""
    return RunLog(path, os.open(path, _APPEND, 0o666), torn=_ends_torn(path))


def joined_log(folder: Path) -> RunLog:
    """Return a log that creates a file of its own at the first line."""
    return RunLog(folder / RUN_FILE, _NOWHERE)


def _create_own(folder: Path) -> tuple[Path, int]:
    while True:
        path = folder / f"run.{secrets.token_hex(4)}.jsonl"
        try:
            return path, _create(path)
        except FileExistsError:
            continue


def _create(path: Path) -> int:
    return os.open(path, _APPEND | os.O_EXCL, 0o666)


def _ends_torn(path: Path) -> bool:
    with path.open("rb") as log:
        if log.seek(0, os.SEEK_END) == 0:
            return False
        log.seek(-1, os.SEEK_END)
        return log.read(1) != b"\n"


def _say(message: str) -> None:
    print(f"runsite: {message}", file=sys.stderr)
