"""The loop that builds: when, with which hints, and what it tells."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from live.commands import until
from runsite.build import BuildResult
from runsite.errors import OutputError, StoreError
from runsite.live.rebuilding import Rebuilding, StoppableReporter, StoppedError
from runsite.live.watching import MAX_HINTS, Hints, Watcher
from runsite.signatures import Signature, signature
from runsite.site.written import Written
from support import RecordingReporter

NOTHING = BuildResult(Written(), 1, 1, 0, 0, 0, 1, ())


def result(*written: str) -> BuildResult:
    return BuildResult(Written(written=list(written)), 1, 1, 0, 0, 0, 1, ())


@dataclass
class Tape:
    """Writes down what it is told."""

    told: list[object] = field(default_factory=list)

    def wrote(self, result: BuildResult, seconds: float) -> None:
        del seconds
        self.told.append(list(result.written.written))

    def replaced(self) -> None:
        self.told.append("replaced")

    def failed(self, text: str, *, has_written: bool = False) -> None:
        self.told += [text, "written"] if has_written else [text]

    def mended(self) -> None:
        self.told.append("mended")


@dataclass
class Scripted:
    """Builds that do what the test says, one after the other; the last one ends the loop."""

    steps: list[Callable[[], BuildResult]]
    hints: Hints = field(default_factory=Hints)
    changed: Mapping[str, Signature] | None = field(default_factory=dict)
    tape: Tape = field(default_factory=Tape)
    watcher: Watcher | None = None
    is_led_out: bool = False
    site_file: Path = Path()
    asked: list[frozenset[str] | None] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def build(self, hints: frozenset[str] | None) -> BuildResult:
        self.asked.append(hints)
        step = self.steps[len(self.asked) - 1]
        if len(self.asked) == len(self.steps):
            self.stop.set()
        found = signature(self.site_file)
        return replace(step(), site_found=found, site_left=signature(self.site_file))

    def look(self) -> Mapping[str, Signature] | None:
        return self.changed

    def places(self) -> Sequence[Path]:
        return []

    def leads_out(self) -> bool:
        return self.is_led_out

    def run(self, site_file: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Run the loop to its end, which comes within seconds."""
        self.site_file = site_file
        loop = Rebuilding(
            build=self.build,
            look=self.look,
            places=self.places,
            is_led_out=self.leads_out,
            site_file=site_file,
            audience=self.tape,
            hints=self.hints,
            stop=self.stop,
            watcher=self.watcher,
            say=self.said.append,
            clock=clock,
        )
        loop.run()


class Hearing(Watcher):
    """Hears of everything, or says that it may not."""

    def __init__(self, *, hears_all: bool) -> None:
        super().__init__(Hints())
        self._hears_all = hears_all

    def hears_all(self, folders: Sequence[Path]) -> bool:
        del folders
        return self._hears_all


class Timed(Hints):
    """Hints that come when the test says; to wait for one moves the clock."""

    def __init__(self, *times: float) -> None:
        super().__init__()
        self.now = 0.0
        self._times = list(times)

    def wait(self, seconds: float) -> bool:
        if not self._times or self._times[0] > self.now + seconds:
            self.now += seconds
            return False
        self.now = self._times.pop(0)
        self.add("/store/a/run.jsonl")
        return True


@dataclass
class Looking(Scripted):
    """Looks that take a tenth of a second, by the clock of the hints."""

    looked: list[float] = field(default_factory=list)
    """When."""

    def look(self) -> Mapping[str, Signature] | None:
        assert isinstance(self.hints, Timed)
        self.looked.append(round(self.hints.now, 3))
        self.hints.now += 0.1
        return super().look()


def looks_of(
    hints: Timed, tmp_path: Path, *, builds: int, watcher: Watcher | None, is_led_out: bool = False
) -> list[float]:
    """Run so many builds, and return when everything was looked at meanwhile."""
    looking = Looking([lambda: NOTHING] * builds, hints, watcher=watcher, is_led_out=is_led_out)
    looking.run(tmp_path / "site.json", clock=lambda: hints.now)
    return looking.looked


def test_lines_that_come_without_a_pause_keep_no_look_away(tmp_path: Path) -> None:
    assert looks_of(Timed(*range(1, 13)), tmp_path, builds=13, watcher=None) == [4.25, 8.5]


def test_looks_get_rare_where_nothing_is_lost_unheard_until_something_is_heard(tmp_path: Path) -> None:
    hints = Timed(50, 52, 60)

    assert looks_of(hints, tmp_path, builds=4, watcher=Hearing(hears_all=True)) == [4.25, 8.5, 28.5, 48.5, 52.75, 57]


def test_looks_come_every_few_seconds_where_events_may_be_lost(tmp_path: Path) -> None:
    looks = [4.25, 8.5, 12.75, 17, 21.25]

    assert looks_of(Timed(22), tmp_path, builds=2, watcher=Hearing(hears_all=False)) == looks
    assert looks_of(Timed(22), tmp_path, builds=2, watcher=Hearing(hears_all=True), is_led_out=True) == looks


def test_first_build_looks_at_everything_and_later_ones_at_what_was_hinted(tmp_path: Path) -> None:
    hints = Hints()

    def first() -> BuildResult:
        hints.add("/store/a/run.jsonl")
        return result("index.html")

    scripted = Scripted([first, lambda: result("experiments/a/index.html")], hints)
    scripted.run(tmp_path / "site.json")

    assert scripted.asked == [None, frozenset({"/store/a/run.jsonl"})]
    assert scripted.tape.told == [["index.html"], ["experiments/a/index.html"]]


def test_build_that_wrote_nothing_tells_nobody(tmp_path: Path) -> None:
    scripted = Scripted([lambda: NOTHING])
    scripted.run(tmp_path / "site.json")

    assert scripted.tape.told == []


def test_failure_is_told_once_and_so_is_its_end(tmp_path: Path) -> None:
    hints = Hints()

    def broken() -> BuildResult:
        hints.add("/store/x")
        raise StoreError(Path("runs"), "no such store", "make one")

    def whole() -> BuildResult:
        return NOTHING

    scripted = Scripted([broken, broken, whole], hints)
    scripted.run(tmp_path / "site.json")

    assert scripted.tape.told == ["runs: no such store; make one", "mended"]
    assert scripted.asked == [None, None, None]  # after a failure everything is looked at


def test_output_that_cannot_be_written_is_tried_again_though_nothing_changes(tmp_path: Path) -> None:
    def full() -> BuildResult:
        raise OutputError(tmp_path, "cannot be written", "make room")

    scripted = Scripted([full, lambda: result("index.html")])
    scripted.run(tmp_path / "site.json")

    assert scripted.asked == [None, None]
    assert scripted.tape.told == [f"{tmp_path}: cannot be written; make room", "mended", ["index.html"]]


def test_failed_build_that_wrote_a_site_all_the_same_tells_so(tmp_path: Path) -> None:
    site_file, hints = tmp_path / "site.json", Hints()

    def empty() -> BuildResult:
        site_file.write_text("empty")
        hints.add("/store")
        raise StoreError(tmp_path, "no runs here", "log one")

    scripted = Scripted([empty, lambda: NOTHING], hints=hints)
    scripted.run(site_file)

    assert scripted.tape.told == [f"{tmp_path}: no runs here; log one", "written", "mended"]


def test_fault_of_ours_does_not_end_the_loop(tmp_path: Path) -> None:
    hints = Hints()

    def faulty() -> BuildResult:
        hints.add("/store/x")
        raise ZeroDivisionError("by zero")

    scripted = Scripted([faulty, lambda: result("index.html")], hints)
    scripted.run(tmp_path / "site.json")

    assert scripted.tape.told == ["runsite itself failed: ZeroDivisionError: by zero", "mended", ["index.html"]]
    assert "Traceback" in scripted.said[0]


def test_site_that_another_process_built_is_told_as_such(tmp_path: Path) -> None:
    site_file, hints = tmp_path / "site.json", Hints()
    site_file.write_text("ours")

    def ours() -> BuildResult:
        return result("index.html")

    def after_another() -> BuildResult:
        return NOTHING

    scripted = Scripted([ours, after_another], hints)
    thread = threading.Thread(target=scripted.run, args=(site_file,))
    thread.start()
    until(lambda: bool(scripted.tape.told))
    site_file.write_text("somebody else's")
    hints.add("/store/x")
    thread.join(10)

    assert scripted.tape.told == [["index.html"], "replaced"]


@dataclass
class Waiting(Scripted):
    """Builds whose turn comes once another process has built here, where the number of the build is among these."""

    others: tuple[int, ...] = ()

    def build(self, hints: frozenset[str] | None) -> BuildResult:
        if len(self.asked) in self.others:
            self.site_file.write_text(f"somebody else's, before our build {len(self.asked)}")
        return super().build(hints)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("before", ["ours", None])
def test_site_that_a_build_waited_for_is_told_as_such(tmp_path: Path, number: int, before: str | None) -> None:
    site_file, hints = tmp_path / "site.json", Timed(1)
    if before is not None:
        site_file.write_text(before)
    waiting = Waiting([lambda: NOTHING] * 2, hints, others=(number,))

    waiting.run(site_file, clock=lambda: hints.now)

    assert waiting.tape.told == ["replaced"]


def test_notes_are_said_once_and_again_where_they_come_back(tmp_path: Path) -> None:
    hints = Hints()
    notes = [("no lr",), ("no lr", "no acc"), None, ("no acc", "no lr"), (), ("no lr",)]

    def noting(said: tuple[str, ...] | None) -> BuildResult:
        hints.add("/store/x")
        if said is None:
            raise StoreError(tmp_path, "no such store", "wait")
        return replace(NOTHING, notes=said)

    scripted = Scripted([partial(noting, said) for said in notes], hints)

    scripted.run(tmp_path / "site.json")

    assert scripted.said == ["no lr", "no acc", "no lr"]


def test_build_that_is_told_to_stop_ends_between_two_runs() -> None:
    stop = threading.Event()
    items = iter(StoppableReporter(RecordingReporter(), stop).progress(range(3), label="Reading", total=3))
    assert next(items) == 0

    stop.set()

    with pytest.raises(StoppedError):
        next(items)


def test_our_own_folders_give_no_hints(tmp_path: Path) -> None:
    hints = Hints(leave_out=(tmp_path / "site",))

    hints.add(f"{tmp_path}/site/index.html", f"{tmp_path}/site", "")
    hints.add(f"{tmp_path}/site-notes/x")

    assert hints.wait(0)
    assert hints.take() == frozenset({f"{tmp_path}/site-notes/x"})


def test_look_that_finds_a_whole_checkout_changed_becomes_a_look_at_everything(tmp_path: Path) -> None:
    changed: dict[str, Signature] = {f"/store/{number}/run.jsonl": None for number in range(MAX_HINTS + 1)}
    scripted = Looking([lambda: NOTHING, lambda: NOTHING], hints := Timed(), changed=changed)

    scripted.run(tmp_path / "site.json", clock=lambda: hints.now)

    assert scripted.asked == [None, None]


def test_fault_of_ours_in_telling_does_not_end_the_loop(tmp_path: Path) -> None:
    @dataclass
    class Torn(Tape):
        def wrote(self, result: BuildResult, seconds: float) -> None:
            super().wrote(result, seconds)
            if len(self.told) == 1:
                raise ZeroDivisionError("by zero")

    hints = Timed(1)
    scripted = Scripted([lambda: result("index.html")] * 2, hints, tape=Torn())
    scripted.run(tmp_path / "site.json", clock=lambda: hints.now)

    assert scripted.tape.told[1:] == ["runsite itself failed: ZeroDivisionError: by zero", "mended", ["index.html"]]
    assert "Traceback" in scripted.said[0]


def test_burst_of_hints_becomes_a_look_at_everything() -> None:
    hints = Hints()
    hints.add(*map(str, range(1000)))

    assert hints.take() is None
    assert hints.take() == frozenset()
