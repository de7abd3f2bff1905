"""Measure what a build costs after small changes, in fresh processes.

    python benches/incremental.py [--runs 1000 10000] [--steps 20] [--metrics 10] [--rounds 3] [--folder FOLDER]

Generates a store of one experiment whose runs have ended, but for a few, with one artifact each, builds its site, and
then measures: nothing to do, one line appended that is no new best, one that is the best of all runs, one new run, one
template edited. Modules are compiled beforehand, as an installer does it. Prints
processor seconds (user and system, children included; the median of the rounds), and of the last round the files and
bytes that were written: everything in the output whose inode or time changed.

Budgets at 10,000 runs: nothing to do 0.25 s; one line appended 0.5 s, six files and 150 KB; a cold build that compiles
the charts too 300 MB, in the build's process and in the one that compiles.
"""

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from processor import processor_seconds

OPEN_EVERY = 1_000
START = 1_732_300_000


def generate(store: Path, *, runs: int, steps: int, metrics: int) -> None:
    """Write runs of noisy curves with ten params each."""
    numbers = random.Random(0)
    for run in range(runs):
        folder = store / "bench" / f"{run:06d}"
        (folder / "artifacts").mkdir(parents=True)
        (folder / "artifacts" / "notes.txt").write_text(f"notes of run {run}\n")
        begun = START + 60 * run
        lines = [{"type": "run_start", "format": 1, "run": folder.name, "time": begun}]
        lines += [{"type": "params", "values": {f"p{place}": numbers.randrange(8) for place in range(10)}}]
        lines += [line(step, numbers, begun, metrics) for step in range(steps)]
        lines += [{"type": "artifact", "path": "artifacts/notes.txt", "name": "notes"}]
        if run % OPEN_EVERY:
            lines += [{"type": "run_end", "status": "finished", "time": begun + steps}]
        (folder / "run.jsonl").write_text("".join(json.dumps(record) + "\n" for record in lines))


def line(step: int, numbers: random.Random, begun: float, metrics: int, *, worse: float = 0.0) -> dict[str, object]:
    """Make a row; m0 is a loss, the main metric."""
    values = {f"m{place}": 9 * math.exp(-step / 300) + numbers.random() for place in range(1, metrics)}
    values["val/loss"] = 9 * math.exp(-step / 300) + numbers.random() + worse
    return {"type": "metrics", "step": step, "time": begun + step, "values": values}


PROGRAM = """
import atexit, resource, sys
peaks = lambda: print(*(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
atexit.register(peaks)
sys.argv = ["runsite", "build", sys.argv[1], "-o", sys.argv[2]]
from runsite.__main__ import start
start()
"""


def compiled_modules(folder: Path) -> dict[str, str]:
    """Return an environment in which Python keeps compiled modules, in a folder of ours, whatever ours says."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder)}


def build(store: Path, site: Path) -> list[float]:
    """Build in a fresh process; return the peak memory of that process and of those it started, in MB."""
    command = [sys.executable, "-c", PROGRAM, str(store), str(site)]
    environment = compiled_modules(site.parent / "compiled")
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    unit = 1024 if sys.platform != "darwin" else 1024**2
    return [int(peak) / unit for peak in done.stdout.split()]


def files_of(site: Path) -> dict[str, tuple[int, int, int]]:
    """Look at every file: inode, time, size."""
    found = {}
    for place, _, names in os.walk(site):
        for name in names:
            status = os.stat(f"{place}/{name}")  # noqa: PTH116  # of 30,000 files
            found[f"{place}/{name}"] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def measure(folder: Path, *, runs: int, options: argparse.Namespace) -> None:
    """Build, change, build again; print."""
    store, site = folder / "store", folder / "site"
    generate(store, runs=runs, steps=options.steps, metrics=options.metrics)
    time.sleep(0.1)  # a file as young as the build that reads it is read again by the next
    peaks: list[float] = []
    seconds = processor_seconds(lambda: peaks.extend(build(store, site)))
    memory = f"{peaks[0]:.0f} MB, and {peaks[1]:.0f} MB where the charts are compiled"
    print(f"{runs:,} runs x {options.metrics} metrics x {options.steps} steps: cold {seconds:.1f} s, {memory}")
    numbers, template = random.Random(1), store / "theme" / "templates" / "about.html"
    log = store / "bench" / "000000" / "run.jsonl"

    bests = iter(range(1, options.rounds + 1))

    def append(worse: float) -> None:
        with log.open("a") as file:
            file.write(json.dumps(line(options.steps + 1, numbers, START, options.metrics, worse=worse)) + "\n")

    def add_run() -> None:
        added = store / "bench" / f"new-{numbers.random()}"
        added.mkdir()
        (added / "run.jsonl").write_bytes((store / "bench" / "000001" / "run.jsonl").read_bytes())

    def edit_template() -> None:
        template.parent.mkdir(parents=True, exist_ok=True)
        block = f"<p>{numbers.random()}</p>"
        template.write_text(f'{{% extends "base.html" %}}{{% block content %}}{block}{{% endblock %}}')

    changes: dict[str, Callable[[], None]] = {
        "nothing to do": lambda: None,
        "one line appended": lambda: append(50.0),
        "a new best": lambda: append(-100.0 * next(bests)),
        "one new run": add_run,
        "one template edited": edit_template,
    }
    for name, change in changes.items():
        spent = []
        for _ in range(options.rounds):
            change()
            time.sleep(0.1)
            before = files_of(site)
            spent.append(processor_seconds(lambda: build(store, site)))
        after = files_of(site)
        written = [path for path, status in after.items() if before.get(path) != status]
        size = sum(after[path][2] for path in written)
        print(f"  {name:20} {statistics.median(spent):6.3f} s, {len(written):6,} files, {size / 1000:9.1f} KB")
        if options.names and len(written) < 20:
            for path in sorted(written):
                print(f"      {after[path][2]:8,} {Path(path).relative_to(site)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", default=[1_000, 10_000])
    for name, default in (("steps", 20), ("metrics", 10), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    parser.add_argument("--names", action="store_true", help="name the files that were written")
    options = parser.parse_args()
    for runs in options.runs:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            measure(Path(folder), runs=runs, options=options)


if __name__ == "__main__":
    main()
