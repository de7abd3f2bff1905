"""Measure the charts that relate runs to each other: what they cost the main thread.

    python benches/relations.py [--runs 300 10000] [--rounds 3] [--folder FOLDER]

Writes a store of so many short runs (a param of numbers over four decades, one of texts, two of few numbers, two
metrics), builds it, and opens the experiment's page once for each kind of chart and round. "draw" is processor time of
the main thread from a press on the kind's button until its chart stands, Vega being there; "filter" from a filter typed
into the table, which lets three quarters of the runs through, until table and chart have followed. "longest" is the
longest task of either, by processor time from a trace, which costs time itself: it is the least of the rounds. None may
be longer than 200 ms. Writing and building 10,000 runs takes half a minute; with --folder once.
"""

import argparse
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chart_cards import longest_task
from chromium import Meter, chromium, tab
from playwright.sync_api import Browser, Page

from runsite.site_paths import experiment_page

EXPERIMENT = "sweep"
START = 1_750_000_000.0
KINDS = ("scatter", "parallel", "importance", "histogram", "best_so_far")
LONGEST_TASK_MS = 200
FILTER = """
  const input = document.querySelector(".run_table_filter");
  input.value = "depth < 3";
  input.dispatchEvent(new Event("input"));
"""


def main() -> None:
    """Print a line for each number of runs and kind; fail where a task is too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", default=[300, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where sites are kept from one call to the next")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        slow = [
            line
            for runs in options.runs
            for line in measure(browser, built(options.folder or Path(temporary), runs), runs, options.rounds)
        ]
    if slow:
        sys.exit(f"a task of more than {LONGEST_TASK_MS} ms: {', '.join(slow)}")


def built(folder: Path, runs: int) -> Path:
    """Write and build a store of so many runs, unless it is there."""
    site = folder / f"site-{runs}"
    if not (site / "site.json").exists():
        write_store(folder / f"runs-{runs}", runs)
        command = [sys.executable, "-m", "runsite.cli", "build", str(folder / f"runs-{runs}"), "-o", str(site)]
        subprocess.run(command, check=True, capture_output=True)
    return site


def write_store(store: Path, runs: int) -> None:
    chance = random.Random(runs)
    for number in range(runs):
        lr = 10 ** chance.uniform(-4, 0)
        loss = 0.1 + abs(math.log10(lr) + 2) / 10 + chance.gauss(0, 0.02)
        started = START + 60 * number
        params = {"lr": lr, "optimizer": "adam sgd lion".split()[number % 3], "depth": number % 4, "seed": number % 5}
        values = {"val/loss": loss, "val/acc": 1 - loss}
        records = [
            {"type": "run_start", "format": 1, "time": started},
            {"type": "params", "values": params},
            {"type": "metrics", "step": 1, "time": started + 1, "values": values},
            {"type": "run_end", "status": "finished", "time": started + 50},
        ]
        folder = store / EXPERIMENT / f"r{number:05}"
        folder.mkdir(parents=True)
        (folder / "run.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")


def measure(browser: Browser, site: Path, runs: int, rounds: int) -> list[str]:
    """Print what each kind costs, and return those that cost too much."""
    slow = []
    for kind in KINDS:
        costs = [one_round(browser, site, kind) for _ in range(rounds)]
        draw, follow = (statistics.median(column) for column in zip(*costs, strict=True))
        longest = min(longest_tasks(browser, site, kind) for _ in range(rounds))
        said = f"draw {draw:5.0f}  filter {follow:5.0f}  longest {longest:5.0f} ms"
        print(f"{runs:>7,} runs  {kind:<12} {said}", flush=True)
        if longest > LONGEST_TASK_MS:
            slow.append(f"{kind} of {runs:,}")
    return slow


def one_round(browser: Browser, site: Path, kind: str) -> tuple[float, float]:
    with opened(browser, site, kind) as page:
        meter = Meter(page)
        draw = meter.cost(lambda: changed(page, press(kind)))
        follow = meter.cost(lambda: changed(page, FILTER))
    return draw.thread, follow.thread


def longest_tasks(browser: Browser, site: Path, kind: str) -> float:
    with opened(browser, site, kind) as page:
        draw = longest_task(browser, page, lambda: changed(page, press(kind)))
        follow = longest_task(browser, page, lambda: changed(page, FILTER))
    return max(draw, follow)


@contextmanager
def opened(browser: Browser, site: Path, kind: str) -> Iterator[Page]:
    """Open the experiment with another kind of chart drawn."""
    before = "importance" if kind == "histogram" else "histogram"
    with tab(browser) as page:
        page.goto(f"{(site / experiment_page(EXPERIMENT)).as_uri()}#relation={before}")
        page.evaluate("() => document.querySelector('section.relations').scrollIntoView()")
        page.locator("section.relations .vega").wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        yield page


def press(kind: str) -> str:
    return f"document.querySelector('.relation_kinds [data-kind={kind}]').click()"


def changed(page: Page, act: str) -> None:
    """Act, and wait until another drawing stands in place of the one before."""
    page.evaluate(f"() => {{ globalThis.before = document.querySelector('section.relations .vega'); {act} }}")
    page.wait_for_function(
        "() => { const now = document.querySelector('section.relations .vega'); return now && now !== before; }"
    )


if __name__ == "__main__":
    main()
