"""What a build tells the outside while it works: plain lines, or a progress bar on a terminal."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO, TypeVar

Item = TypeVar("Item")


class Reporter(Protocol):
    """Where messages and progress go."""

    def message(self, text: str) -> None:
        """Tell one thing in one line."""

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterable[Item]:
        """Hand the items through and show how far they are."""


class LineReporter:
    """Plain lines on a stream; no progress."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def message(self, text: str) -> None:
        print(text, file=self._stream)

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterable[Item]:
        del label, total
        return items


class SilentReporter:
    """Says nothing."""

    def message(self, text: str) -> None:
        del text

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterable[Item]:
        del label, total
        return items


class TerminalReporter:
    """Lines, and a bar for what takes long."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def message(self, text: str) -> None:
        print(text, file=self._stream)

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterator[Item]:
        with _bar(self._stream) as bar:
            task = bar.add_task(label, total=total)
            for item in items:
                yield item
                bar.advance(task)


@contextmanager
def _bar(stream: TextIO) -> Iterator["_Bar"]:
    from rich.console import Console  # 60 ms to import, and only a terminal shows a bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield progress  # type: ignore[misc]  # rich's Progress has the two methods of _Bar under wider types


class _Bar(Protocol):
    def add_task(self, description: str, *, total: int) -> int: ...

    def advance(self, task: int) -> None: ...


def reporter_for(stream: TextIO | None = None) -> Reporter:
    """Choose a bar for a terminal and plain lines for anything else."""
    stream = sys.stderr if stream is None else stream
    return TerminalReporter(stream) if stream.isatty() else LineReporter(stream)
