"""Faults of ours beside builds: the loop tells them, and goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from live.test_rebuilding import NOTHING, Hearing, Scripted, Tape, Timed
from runsite.build import BuildResult
from runsite.errors import StoreError
from runsite.signatures import Signature


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


@pytest.mark.parametrize(("fault", "builds", "seconds"), [("places", 1, 1), ("look", 2, 5.5), ("leads_out", 2, 10)])
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
