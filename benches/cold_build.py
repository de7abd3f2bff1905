"""Measure a cold build against its floor: reading every byte and writing two files of 60 KB together a run.

    python benches/cold_build.py [--runs 1000] [--steps 1000] [--metrics 10] [--rounds 3] [--folder FOLDER]

Generates a store, then measures floor and build in turn, each build in a fresh process into an empty folder with the
compiled charts in the cache (making those takes 2 s once a version). Prints processor seconds (user and system,
children included), the ratio, the output's size and the build's peak memory. Machines differ and are noisy: the ratio
of medians is the figure.
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
from pathlib import Path

from processor import processor_seconds

PAGE_BYTES, DATA_BYTES = 5_000, 55_000
BUDGET = 8.0


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
    command = [sys.executable, "-m", "runsite", "build", str(store), "-o", str(output), "--cache", str(cache)]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("runs", 1000), ("steps", 1000), ("metrics", 10), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), options)


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Generate, measure in turn, print."""
    store, output, cache = folder / "store", folder / "site", folder / "cache"
    generate(store, runs=options.runs, steps=options.steps, metrics=options.metrics)
    run_build(store, output, cache)
    size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    floors, builds = [], []
    for _ in range(options.rounds):
        shutil.rmtree(folder / "floor", ignore_errors=True)
        floors.append(processor_seconds(lambda: read_and_write(store, folder / "floor")))
        shutil.rmtree(output)
        started = time.perf_counter()
        builds.append(processor_seconds(lambda: run_build(store, output, cache)))
        print(f"round: floor {floors[-1]:.3f} s, build {builds[-1]:.3f} s, wall {time.perf_counter() - started:.2f} s")
    floor, build = statistics.median(floors), statistics.median(builds)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"{options.runs} runs x {options.metrics} metrics x {options.steps} steps, {os.cpu_count()} cores")
    print(f"floor {floor:.3f} s, build {build:.3f} s of processor time (medians of {options.rounds})")
    print(f"ratio {build / floor:.1f} (budget {BUDGET:.0f}), output {size / 1e6:.1f} MB, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
