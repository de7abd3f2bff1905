"""Measure a cold build against its floor: reading every byte and writing two files of 60 KB together a run.

    python benches/cold_build.py [--runs 1000] [--steps 1000] [--metrics 10] [--rounds 3] [--folder FOLDER]

Generates a store, then measures floor and build in turn, each build in a fresh process into an empty folder with the
compiled charts in the cache (making those takes 2 s once a version), and modules compiled, as an installer does it.
Prints processor seconds (user and system, children included), the ratio, the output's size and the build's peak memory.
Machines differ and are noisy: the ratio of medians is the figure.

Beside the ratio stands what no build in Python can go below: the floor, importing what reading and printing need, and
msgspec's decoding of each line into a struct of its shape, with nothing done to what comes out. And how many run pages
a second of one core makes, with all else that is written after reading: the experiment's page, table and shards with
their sparklines.
"""

import argparse
import json
import math
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from processor import processor_seconds

from runsite.build import build
from runsite.build.kept import Kept

PAGE_BYTES, DATA_BYTES = 5_000, 55_000
BUDGET = 8.0
PAGES_BUDGET = 1_000
Item = TypeVar("Item")


def generate(store: Path, *, runs: int, steps: int, metrics: int) -> None:
    """Write a store of noisy exponential curves with 20 params a run."""
    numbers = random.Random(0)
    for run in range(runs):
        folder = store / "bench" / f"{run:06d}"
        folder.mkdir(parents=True)
        noise = [f"{numbers.random():.6f}"[1:] for _ in range(997)]
        with (folder / "run.jsonl").open("w") as log:
            params = {f"p{place}": place * run for place in range(20)}
            log.write(json.dumps({"type": "params", "values": params}) + "\n")
            for step in range(steps):
                whole = int(9 * math.exp(-step / 300))
                values = ",".join(f'"m{m}":{whole}{noise[(step * 7 + m * 13) % 997]}' for m in range(metrics))
                log.write(f'{{"type":"metrics","step":{step},"time":{1732300000 + step}.5,"values":{{{values}}}}}\n')


def read_and_write(store: Path, output: Path) -> None:
    """Do what no build can do without, with the barest calls."""
    for log in sorted(store.glob("bench/*/run.jsonl")):
        _read(str(log))
    page, data = b"x" * PAGE_BYTES, b"x" * DATA_BYTES
    for number in range(len(list((store / "bench").iterdir()))):
        folder = f"{output}/{number:06d}"
        Path(folder).mkdir(parents=True)
        _write(f"{folder}/index.html", page)
        _write(f"{folder}/data.json", data)


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size + 1)
    finally:
        os.close(descriptor)


def _write(path: str, content: bytes) -> None:
    descriptor = os.open(path + ".tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.write(descriptor, content)
    os.close(descriptor)
    os.replace(path + ".tmp", path)  # noqa: PTH105  # a Path would cost as much as the call


def run_build(store: Path, output: Path, cache: Path) -> None:
    """Build in a fresh process."""
    run_python("-m", "runsite", "build", str(store), "-o", str(output), "--cache", str(cache), compiled=cache)


def import_all(compiled: Path) -> None:
    """Import in a fresh process what a build imports, which does nothing else."""
    run_python("-c", "import runsite.cli.build_command, runsite.build.whole, jinja2", compiled=compiled)


def run_python(*words: str, compiled: Path) -> None:
    """Run Python in a process that keeps compiled modules in a folder of ours, whatever our own environment says."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept |= {"PYTHONPYCACHEPREFIX": str(compiled / "compiled"), "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, *words], check=True, capture_output=True, env=kept)


def decode_all(store: Path, metrics: int) -> None:
    """Decode each line of metrics into a struct made for it, and nothing more."""
    values = msgspec.defstruct("Values", [(f"m{metric}", float) for metric in range(metrics)])
    row = msgspec.defstruct("Row", [("step", int), ("time", float), ("values", values)])
    decoder = msgspec.json.Decoder(row)
    for log in sorted(store.glob("bench/*/run.jsonl")):
        for line in _read(str(log)).split(b"\n")[1:-1]:
            decoder.decode(line)


class PhaseReporter:
    """Measures the phases of a build."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def message(self, text: str) -> None:
        del text

    def progress(self, items: Iterable[Item], *, label: str, total: int) -> Iterator[Item]:
        """Hand the items through and note what making them took."""
        del total
        begun = time.process_time()
        yield from items
        self.seconds[label] = time.process_time() - begun


def pages_per_second(store: Path, folder: Path, cache: Path, *, runs: int, kept: Kept) -> float:
    """Build in this process; return how many run pages a second were made once all runs were read.

    What is kept from round to round are the compiled templates, as `serve` has them.
    """
    reporter = PhaseReporter()
    (cache / "build.sqlite").unlink()
    build([store], folder, cache=cache, reporter=reporter, kept=kept)
    return runs / reporter.seconds["Writing pages"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("runs", 1000), ("steps", 1000), ("metrics", 10), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does it
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), options)


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Generate, measure in turn, print."""
    store, output, cache = folder / "store", folder / "site", folder / "cache"
    generate(store, runs=options.runs, steps=options.steps, metrics=options.metrics)
    run_build(store, output, cache)
    size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    floors, builds, imports, decodings, pages = [], [], [], [], []
    kept = Kept()
    for _ in range(options.rounds):
        shutil.rmtree(folder / "floor", ignore_errors=True)
        floors.append(processor_seconds(lambda: read_and_write(store, folder / "floor")))
        shutil.rmtree(output)
        started = time.perf_counter()
        builds.append(processor_seconds(lambda: run_build(store, output, cache)))
        imports.append(processor_seconds(lambda: import_all(cache)))
        decodings.append(processor_seconds(lambda: decode_all(store, options.metrics)))
        shutil.rmtree(folder / "pages", ignore_errors=True)
        pages.append(pages_per_second(store, folder / "pages", cache, runs=options.runs, kept=kept))
        print(f"round: floor {floors[-1]:.3f} s, build {builds[-1]:.3f} s, wall {time.perf_counter() - started:.2f} s")
    floor, whole = statistics.median(floors), statistics.median(builds)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"{options.runs} runs x {options.metrics} metrics x {options.steps} steps, {os.cpu_count()} cores")
    print(f"floor {floor:.3f} s, build {whole:.3f} s of processor time (medians of {options.rounds})")
    importing, decoding = statistics.median(imports), statistics.median(decodings)
    least = floor + importing + decoding
    print(f"importing {importing:.3f} s, decoding alone {decoding:.3f} s: {least / floor:.1f} floors at the very least")
    print(f"run pages per second and core {statistics.median(pages):,.0f} (budget {PAGES_BUDGET:,})")
    print(f"ratio {whole / floor:.1f} (budget {BUDGET:.0f}), output {size / 1e6:.1f} MB, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
