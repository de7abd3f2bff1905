"""Run random chains of edits and builds by the thousand, and kill builds at random moments.

    python benches/oracle.py [--chains 5000] [--first 0] [--kills 200] [--folder FOLDER] [--workers 2]

After each chain the site must be, byte for byte, that of one clean build (tests/edit_chains.py says what the edits
are). Each build that is killed must be repaired by the next, to those bytes, and meanwhile no link of a page that a
reader comes to may be broken, and no data that a table refers to may be missing. Prints each chain that fails with its
tape, and exits with 1 if any did. The test suite runs the first 30 chains and 10 kills.
"""

import argparse
import multiprocessing
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from compiled_once import compile_templates_once  # lies beside the tests
from crawling import broken_references
from edit_chains import EDITS, begin_chain, run_chain
from test_incremental import BUILDER

PROGRESS = 100
# The threads of vl-convert, which compiles charts, do not live on in a fork: a build there would wait for ever.
WORKERS = multiprocessing.get_context("spawn")

compile_templates_once()


def fault_of_chain(seed: int, charts: Path, folder: Path | None) -> str:
    """Run one chain; return what is wrong with it."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        try:
            chain = run_chain(Path(place), charts, seed)
            different = chain.differences()
        except Exception:  # any fault ends this chain alone, and is reported
            return f"chain {seed}: {traceback.format_exc()}"
    return f"chain {seed}: {different} differ after {chain.tape}" if different else ""


def fault_of_kill(seed: int, charts: Path, folder: Path | None) -> str:
    """Edit, start a build, kill it at a random moment, read along, build again; return what is wrong."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        chain = begin_chain(Path(place), charts, seed)
        for _ in range(chain.random.randint(1, 3)):
            chain.random.choice(EDITS)(chain)
        before = set(broken_references(chain.site))  # where somebody took a page away
        command = [sys.executable, "-c", BUILDER, str(chain.store), str(chain.site), str(chain.cache)]
        builder = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        moment = time.monotonic() + random.Random(seed).random() * 1.5
        broken: set[str] = set()
        while builder.poll() is None and time.monotonic() < moment:
            broken.update(broken_references(chain.site))
        builder.send_signal(signal.SIGKILL)
        builder.wait()
        broken.update(broken_references(chain.site))
        chain.build()
        broken -= before
        different = chain.differences()
    return f"kill {seed}: {sorted(broken) or different} after {chain.tape}" if broken or different else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("chains", 5_000), ("first", 0), ("kills", 200), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    options = parser.parse_args()
    faults = 0
    with (
        tempfile.TemporaryDirectory(dir=options.folder) as place,
        ProcessPoolExecutor(options.workers, WORKERS) as pool,
    ):
        from runsite.charts.assets import chart_assets  # compiles the charts once, for all chains

        charts = Path(place)
        chart_assets(charts)
        seeds = range(options.first, options.first + options.chains)
        work = [pool.submit(fault_of_chain, seed, charts, options.folder) for seed in seeds]
        work += [pool.submit(fault_of_kill, seed, charts, options.folder) for seed in range(options.kills)]
        for number, done in enumerate(work, start=1):
            fault = done.result()
            faults += bool(fault)
            if fault:
                print(fault, flush=True)
            if number % PROGRESS == 0:
                print(f"{number:,} of {len(work):,} done, {faults:,} faults", flush=True)
    print(f"{options.chains:,} chains and {options.kills:,} kills: {faults:,} faults")
    return int(faults > 0)


if __name__ == "__main__":
    raise SystemExit(main())
