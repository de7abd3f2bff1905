"""Faults beside builds, and a terminal that was closed: the loop goes on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from live.test_rebuilding import NOTHING, Hearing, Scripted, Tape, Timed
from runsite.build import BuildResult
from runsite.errors import StoreError
from runsite.live.rebuilding import LastingReporter
from runsite.reporter import SilentReporter
from runsite.signatures import Signature

Item = TypeVar("Item")


@dataclass
class Faulty(Scripted):
    """Fails the first time that something beside a build is done."""

    fault: str = ""

    def look(self) -> Mapping[str, Signature] | None:
        self.fail_in("look")
        return super().look()

    def places(self) -> Sequence[Path]:
        self.fail_in("places")
        return super().places()

    def leads_out(self) -> bool:
        self.fail_in("leads_out")
        return super().leads_out()

    def fail_in(self, name: str) -> None:
        if name == self.fault:
            self.fault = ""
            raise FileNotFoundError("theme/static")


@pytest.mark.parametrize(("fault", "builds", "seconds"), [("places", 1, 1), ("look", 2, 5.25), ("leads_out", 2, 9.5)])
def test_fault_beside_builds_is_told_and_all_is_tried_again(
    tmp_path: Path, fault: str, builds: int, seconds: float
) -> None:
    hints = Timed()
    faulty = Faulty([lambda: NOTHING] * builds, hints, watcher=Hearing(hears_all=True), fault=fault)

    faulty.run(tmp_path / "site.json", clock=lambda: hints.now)

    assert faulty.tape.told == ["runsite itself failed: FileNotFoundError: theme/static", "mended"]
    assert (faulty.asked, hints.now) == ([None] * builds, seconds)


def test_fault_in_telling_of_a_failure_does_not_end_the_loop(tmp_path: Path) -> None:
    class Deaf(Tape):
        def failed(self, text: str, *, has_written: bool = False) -> None:
            super().failed(text, has_written=has_written)
            raise BrokenPipeError("nobody hears")

    def broken() -> BuildResult:
        raise StoreError(Path("runs"), "no such store", "make one")

    hints = Timed()
    scripted = Scripted([broken, lambda: NOTHING], hints, tape=Deaf())

    scripted.run(tmp_path / "site.json", clock=lambda: hints.now)

    told = ["runs: no such store; make one", "runsite itself failed: BrokenPipeError: nobody hears", "mended"]
    assert (scripted.tape.told, hints.now) == (told, 1)


class Closed:
    """A terminal that is closed: some of what is told fails, before the first item, after it or after the last one."""

    def __init__(self, fails_at: int) -> None:
        self._fails_at = fails_at

    def message(self, text: str) -> None:
        raise OSError(5, "Input/output error", text)

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterator[Item]:
        for number, item in enumerate(items if self._fails_at else ()):
            yield item
            if number + 1 == self._fails_at:
                break
        raise OSError(5, "Input/output error", f"{label} {total}")


@pytest.mark.parametrize("fails_at", [0, 1, 3])
def test_terminal_that_was_closed_keeps_nothing_from_being_built(fails_at: int) -> None:
    reporter = LastingReporter(Closed(fails_at))

    reporter.message("built again")

    assert list(reporter.progress(iter("abc"), label="Reading", total=3)) == ["a", "b", "c"]


def test_log_that_cannot_be_read_is_no_matter_of_the_terminal() -> None:
    def logs() -> Iterator[str]:
        yield "a"
        raise PermissionError(13, "Permission denied", "run.jsonl")

    with pytest.raises(PermissionError):
        list(LastingReporter(SilentReporter()).progress(logs(), label="Reading", total=2))
