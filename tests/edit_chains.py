"""Random chains of what happens to a store between builds, and the oracle: a clean build of what came out.

Each edit is something people, programs or Git do to a store. After a chain the site that was built edit by edit must
be, byte for byte, the site that one clean build makes. What an edit touches is chosen by a seeded generator, so a chain
is its number.
"""

import json
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runsite.build import BuildResult, build
from runsite.build.verify import compare_sites
from runsite.charts.levels import MAX_WITHOUT_LEVELS
from runsite.errors import RunsiteError
from runsite.readers import log_memo
from runsite.registry import register_model, set_model_alias, set_model_stage
from support import START, RecordingReporter, append_to_run, metrics, params, run_end, run_start, write_run

EXPERIMENTS = ("digits", "wine/sweep", "odd name")
METRICS = ("val/acc", "train/loss", "lr", "a.b[0]", "epoch")
SECOND_NS = 1_000_000_000
# About three lines: so a log of a chain is read in pieces as a long one is.
LONG_LOG_BYTES = 300
# Disks stamp files with a clock that ticks every 1 to 10 ms.
CLOCK_TICK_NS = 20_000_000


@dataclass
class Chain:
    """A store that is edited, the site built from it after each edit, and the tape of what was done."""

    folder: Path
    charts: Path
    random: random.Random
    tape: list[str] = field(default_factory=list)
    number: int = 0
    time: float = START
    filter: str | None = None
    """Which runs the site has."""

    @property
    def store(self) -> Path:
        return self.folder / "runs"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def build(self) -> BuildResult:
        """Build what there is, the way people do."""
        with long_logs_from(LONG_LOG_BYTES):
            try:
                return self._built(self.site, self.cache)
            except RunsiteError:  # the filter finds none
                self.filter = None
                return self._built(self.site, self.cache)

    def _built(self, site: Path, cache: Path) -> BuildResult:
        reporter = RecordingReporter()
        return build([self.store], site, cache=cache, reporter=reporter, filter=self.filter, allow_removals=True)

    def differences(self) -> list[str]:
        """Build once more, cleanly, and name the files that differ."""
        clean = self.folder / "clean"
        for place in (clean, self.folder / "clean-cache"):
            shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.charts, self.folder / "clean-cache")
        self._built(clean, self.folder / "clean-cache")
        return compare_sites(self.site, clean)

    def later(self) -> float:
        self.time += self.random.choice((0.5, 1, 30, 4000))
        return self.time

    def logs(self) -> list[Path]:
        return sorted(self.store.rglob("run*.jsonl"))

    def any_log(self) -> Path:
        return self.random.choice(self.logs())

    def any_run(self) -> Path:
        return self.any_log().parent

    def point(self) -> Any:
        names = self.random.sample(METRICS, self.random.randint(1, 3))
        values = {name: self.random.choice((0.5, 1, 0.1, -3.25, "NaN", self.random.random())) for name in names}
        return metrics(self.random.choice((None, self.random.randint(0, 50))), values, time=self.later())


@contextmanager
def long_logs_from(size: int) -> Iterator[None]:
    """Let a build go on where it stopped in logs of so many bytes: those of a chain are short."""
    before, log_memo.MIN_LOG_BYTES = log_memo.MIN_LOG_BYTES, size
    try:
        yield
    finally:
        log_memo.MIN_LOG_BYTES = before


def begin_chain(folder: Path, charts: Path, seed: int) -> Chain:
    """Make a small store and build its site."""
    chain = Chain(folder, charts, random.Random(seed))
    shutil.copytree(charts, chain.cache)
    for _ in range(chain.random.randint(2, 5)):
        add_run(chain)
    (chain.store / "reports").mkdir()
    write_report(chain)
    chain.build()
    return chain


def add_run(chain: Chain) -> None:
    """Training starts, and may end."""
    chain.number += 1
    experiment, run = chain.random.choice(EXPERIMENTS), f"run-{chain.number}"
    parent = chain.any_run().name if chain.number > 1 and chain.random.random() < 0.3 else None
    values = {"lr": chain.random.choice((0.1, 0.2)), "seed": chain.number, "path": f"/home/ada/out/{chain.number}"}
    lines = [run_start(run=run, time=chain.later(), parent=parent, name=chain.random.choice((None, "same name")))]
    lines += [params(**values), *(chain.point() for _ in range(chain.random.randint(0, 6)))]
    if chain.random.random() < 0.4:
        lines.append({"type": "artifact", "path": "artifacts/note.txt", "name": "note"})
        (chain.store / experiment / run / "artifacts").mkdir(parents=True)
        (chain.store / experiment / run / "artifacts" / "note.txt").write_text(f"note {chain.number}")
    if chain.random.random() < 0.6:
        lines.append(run_end(chain.random.choice(("finished", "failed")), time=chain.later()))
    write_run(chain.store, experiment, run, *lines)


def append_point(chain: Chain) -> None:
    append_to_run(chain.any_log().parent, chain.point(), writer=writer_of(chain.any_log()))


def append_to_open(chain: Chain) -> None:
    """Training goes on: what happens most, and has a short way of its own."""
    open_logs = [log for log in chain.logs() if b'"run_end"' not in log.read_bytes()[-300:]]
    if open_logs:
        log = chain.random.choice(open_logs)
        worse = metrics(chain.number, {"train/loss": 50 + chain.number}, time=chain.later())
        append_to_run(log.parent, chain.random.choice((worse, chain.point())), writer=writer_of(log))


def append_to_any(chain: Chain) -> None:
    log = chain.any_log()
    record = chain.random.choice(
        (
            chain.point(),
            {"type": "note", "text": f"see [it](../{chain.any_run().name}) and ![p](artifacts/note.txt)"},
            {"type": "tags", "values": {"team": chain.random.choice(("a", "b"))}},
            {"type": "metric_definition", "name": "train/loss", "goal": chain.random.choice(("minimize", "maximize"))},
            run_end(chain.random.choice(("finished", "failed", "killed")), time=chain.later()),
            run_start(time=chain.later()),
            {"type": "source", "command": "train --token abc", "commit": "f00"},
            {"type": "params", "values": {"host": "node17", "lr": 7, "new": [1, 2]}},
        )
    )
    append_to_run(log.parent, record, writer=writer_of(log), newline=chain.random.random() < 0.8)


def writer_of(log: Path) -> str:
    return log.name.removeprefix("run.").removesuffix("jsonl").removesuffix(".")


def tear(chain: Chain) -> None:
    """A line is half written."""
    with chain.any_log().open("ab") as file:
        file.write(json.dumps(chain.point()).encode()[: chain.random.randint(1, 30)])


def end_line(chain: Chain) -> None:
    with chain.any_log().open("ab") as file:
        file.write(b"\n")


def truncate(chain: Chain) -> None:
    log = chain.any_log()
    os.truncate(log, chain.random.randint(0, log.stat().st_size))


def rename_run(chain: Chain) -> None:
    run = chain.any_run()
    chain.number += 1
    run.rename(run.with_name(f"renamed-{chain.number}"))


def move_run(chain: Chain) -> None:
    run = chain.any_run()
    target = chain.store / chain.random.choice(EXPERIMENTS) / f"moved-{chain.number}"
    chain.number += 1
    if not target.exists() and not target.is_relative_to(run):
        target.parent.mkdir(parents=True, exist_ok=True)
        run.rename(target)


def delete_run(chain: Chain) -> None:
    if len(chain.logs()) > 2:
        shutil.rmtree(chain.any_run())


def delete_log(chain: Chain) -> None:
    if len(chain.logs()) > 2:
        chain.any_log().unlink()


def second_writer(chain: Chain) -> None:
    """Another process writes beside the first, with times before or after."""
    run = chain.any_run()
    name = chain.random.choice(("rank1", "later"))
    start = chain.random.choice((START - 5, chain.later()))
    path = run / f"run.{name}.jsonl"
    if not path.exists():
        append_to_run(run, run_start(time=start), chain.point(), writer=name)


def corrupt(chain: Chain) -> None:
    """A byte goes bad, and the time of the file is as it was."""
    log = chain.any_log()
    before, content = log.stat(), bytearray(log.read_bytes())
    if content:
        content[chain.random.randrange(len(content))] ^= chain.random.choice((1, 0x20, 0x80))
        log.write_bytes(content)
        os.utime(log, ns=(before.st_atime_ns, before.st_mtime_ns))


def touch(chain: Chain) -> None:
    os.utime(chain.any_log())


def set_clock_back(chain: Chain) -> None:
    """What is written now seems older than all the rest."""
    log = chain.any_log()
    append_to_run(log.parent, chain.point(), writer=writer_of(log))
    old = chain.random.choice((0, 1_000_000_000)) * SECOND_NS
    os.utime(log, ns=(old, old))


def check_out(chain: Chain) -> None:
    """Git writes every file anew: other inodes, other times, the same bytes."""
    for path in sorted(chain.store.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)


def edit_settings(chain: Chain) -> None:
    text = chain.random.choice(
        (
            "",
            '[site]\ntitle = "Another"\n',
            "[site]\nprivate = false\n",
            '[metrics."train/loss"]\ngoal = "maximize"\nlabel = "the loss"\n',
            '[experiments.digits]\nmetric = "train/loss"\ncolumns = ["lr", "team"]\n',
            '[groups]\nrepeat = ["lr"]\n[views.best]\nfilter = "status = finished"\n',
        )
    )
    (chain.store / "runsite.toml").write_text(text)


def edit_template(chain: Chain) -> None:
    """The project's own theme overrides a template, or gives it up."""
    template = chain.store / "theme" / "templates" / chain.random.choice(("about.html", "models.html"))
    if template.exists():
        template.unlink()
    else:
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text(f'{{% extends "base.html" %}}{{% block content %}}{chain.number}{{% endblock %}}')


def edit_description(chain: Chain) -> None:
    experiment = chain.random.choice(EXPERIMENTS)
    if (chain.store / experiment).is_dir():
        link = f"[a run]({chain.any_run().name})"
        (chain.store / experiment / "experiment.md").write_text(f"# Title {chain.number}\n\nSee {link}, node17.\n")


def edit_chart(chain: Chain) -> None:
    """A chart for all experiments or one of them is written, broken, or removed."""
    folders = [chain.store, *(chain.store / name for name in EXPERIMENTS if (chain.store / name).is_dir())]
    folder = chain.random.choice(folders) / "charts"
    file = folder / chain.random.choice(("a.vl.json", "b.py"))
    if file.exists() and chain.random.random() < 0.3:
        file.unlink()
        return
    folder.mkdir(exist_ok=True)
    data = chain.random.choice(("runs", "metric:train/loss", "nothing"))
    field = chain.random.choice(("id", "branch", "params.lr", "params.nosuch", "metrics['val/acc'].best", "tags.kept"))
    spec = {
        "title": f"Chart {chain.number}",
        "data": {"name": data},
        "mark": chain.random.choice(("bar", "bar", "barr")),
        "encoding": {"x": {"field": field}},
    }
    file.write_text(chain.random.choice((json.dumps(spec), "{", "1 / 0")))


def write_report(chain: Chain) -> None:
    run = chain.any_run().relative_to(chain.store).as_posix()
    text = f"# Report\n\nSee [run](../{run}), ![file](../{run}/artifacts/note.txt), ![p](plot.png).\n"
    (chain.store / "reports" / f"{chain.random.choice('ab')}.md").write_text(text)
    if chain.random.random() < 0.5:
        (chain.store / "reports" / "plot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([chain.random.randint(0, 9)]))


def edit_artifact(chain: Chain) -> None:
    notes = sorted(chain.store.rglob("note.txt"))
    if notes:
        note = chain.random.choice(notes)
        if chain.random.random() < 0.3:
            note.unlink()
        else:
            note.write_text(f"changed {chain.random.random()}")


def registry_event(chain: Chain) -> None:
    chain.number += 1
    run = chain.any_run().relative_to(chain.store).as_posix()
    told: dict[str, Any] = {"store": chain.store, "by": "Ada", "clock": lambda: chain.time}
    event = register_model("digits", uri="https://example.org/m", run=run, **told)
    assert event.version is not None
    if chain.random.random() < 0.5:
        set_model_stage("digits", event.version, "Production", reason="best", archive_existing=True, **told)
    if chain.random.random() < 0.5:
        set_model_alias("digits", "champion", event.version, **told)


def break_output(chain: Chain) -> None:
    """Somebody deletes a page, after the clock of the disk has ticked: within a tick its folder would keep its time."""
    page = chain.random.choice(sorted(chain.site.rglob("*.html")))
    while time.time_ns() < page.parent.stat().st_mtime_ns + CLOCK_TICK_NS:
        pass
    page.unlink()


def lose_cache(chain: Chain) -> None:
    """The cache is deleted, torn or overwritten."""
    file = chain.cache / "build.sqlite"
    what = chain.random.randrange(3)
    if what == 0:
        for each in chain.cache.glob("build.sqlite*"):
            each.unlink()
    elif what == 1 and file.exists():
        os.truncate(file, file.stat().st_size // 2)
    elif file.exists():
        with file.open("r+b") as stream:
            stream.seek(chain.random.randrange(max(1, file.stat().st_size - 64)))
            stream.write(bytes(64))


def change_filter(chain: Chain) -> None:
    """The site is built of some of the runs only, or of all again."""
    chain.filter = chain.random.choice((None, "status = finished", "params.lr = 0.1", "train/loss > 0"))


def log_patch(chain: Chain) -> None:
    """A run has, or has again, the difference between its source and a commit."""
    run = chain.any_run()
    (run / "artifacts").mkdir(exist_ok=True)
    (run / "artifacts" / "fix.patch").write_text(f"--- a/train.py\n+++ b/train.py\n+{chain.random.randint(0, 3)}\n")
    append_to_run(run, {"type": "source", "commit": "f00", "dirty": True, "patch": "artifacts/fix.patch"})


def log_many(chain: Chain) -> None:
    """A series grows so long that it has finer levels."""
    log = chain.any_log()
    first, value = chain.random.randint(0, 50), chain.random.random()
    rows = [metrics(first + step, {"train/loss": value + step % 7}) for step in range(MAX_WITHOUT_LEVELS + 1)]
    append_to_run(log.parent, *rows, writer=writer_of(log))


EDITS: tuple[Callable[[Chain], None], ...] = (
    add_run,
    append_point,
    append_to_open,
    append_to_open,
    append_to_open,
    append_to_open,
    append_to_any,
    append_to_any,
    append_to_any,
    tear,
    end_line,
    truncate,
    rename_run,
    move_run,
    delete_run,
    delete_log,
    second_writer,
    corrupt,
    touch,
    set_clock_back,
    check_out,
    edit_settings,
    edit_template,
    edit_description,
    edit_chart,
    edit_chart,
    write_report,
    edit_artifact,
    registry_event,
    break_output,
    lose_cache,
    change_filter,
    log_patch,
    log_many,
)


def run_chain(folder: Path, charts: Path, seed: int, *, edits: int = 6) -> Chain:
    """Edit and build in turn, sometimes several edits between two builds."""
    chain = begin_chain(folder, charts, seed)
    for _ in range(edits):
        for _ in range(chain.random.choice((1, 1, 1, 2, 3))):
            edit = chain.random.choice(EDITS) if chain.logs() else add_run
            chain.tape.append(edit.__name__)
            edit(chain)
        chain.build()
        chain.tape.append("build")
    return chain
