"""Measure the charts of a page: what they cost the main thread, what they load.

    python benches/charts.py [cards] [zoom] [--points 10000000] [--rounds 5] [--folder FOLDER] [--profile]

Both parts, unless one is named. `cards` (chart_cards.py) draws, appends, points, chooses 100 runs, scrolls 300 metrics.
`zoom` writes the series of one run of one metric (noise on a falling curve, one spike, one NaN) into a site that was
built from a short log, so that no log of 10 million lines need be read, and opens the run's page over http. It turns
the wheel over the spike, notch by notch, from the overview down to single steps, once a round, each time with an empty
browser cache. An event's cost is processor time of the main thread from the turn of the wheel until two frames later:
drawing from what is there, and reading the finer points that come within that time; they are drawn with the next event,
or when the wheel rests. "at rest" is what follows an event's two frames within 0.35 s, taken at every third notch of a
last way. "nothing" is what measuring itself costs, and is within each figure. `--profile` writes a .cpuprofile of one
round instead, to open in Chromium.
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from chart_cards import bench_cards
from chromium import PAINTED, Meter, chromium, served, tab
from playwright.sync_api import Browser, Page, Request

from runsite.charts.series import series_scripts
from runsite.model import RunKey, Series
from runsite.site_paths import run_page

KEY = RunKey("bench", "long")
PARTS = ("cards", "zoom")
SPIKE = 0.765
ZOOM_BUDGET = 16.0
# From 10 million steps to one or two.
NOTCHES = 84
REST = 350
"""Milliseconds: less than the page waits before it writes the address."""


def long_series(points: int) -> Series:
    """Make a series as a training logs it: single precision, 20 steps a second."""
    chance = np.random.default_rng(0)
    values = np.exp(np.arange(points) * (-4 / points)) + chance.random(points) * 0.1
    values = values.astype(np.float32).astype(np.float64)
    values[int(points * SPIKE)], values[points // 3] = 50, math.nan
    times = 1.7e9 + np.arange(points) * 0.05 + chance.random(points) * 0.004
    return Series("loss", np.arange(points), values, times)


@dataclass(frozen=True, slots=True)
class Written:
    """What writing the long series took and made."""

    seconds: float
    peak_bytes: float
    files: int
    size_bytes: int


def make_site(folder: Path, points: int) -> Written:
    """Build a site of one short run, then give the run its long series."""
    store, site = folder / "store", folder / "site"
    log = store / KEY.experiment / KEY.run / "run.jsonl"
    log.parent.mkdir(parents=True)
    lines = [{"type": "metrics", "step": step, "values": {"loss": 1 / (1 + step)}} for step in range(9)]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = [sys.executable, "-m", "runsite", "build", str(store), "-o", str(site)]
    subprocess.run(command, check=True, capture_output=True)
    series = long_series(points)
    files = size = 0
    started = time.process_time()
    for file in series_scripts(KEY, {"loss": series}):
        path = site / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        files, size = files + 1, size + len(file.content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1024 if sys.platform != "darwin" else 1)
    return Written(time.process_time() - started, peak, files, size)


@contextmanager
def opened(browser: Browser, root: str) -> Iterator[tuple[Page, list[Request]]]:
    """Open the run's page, its chart drawn, under the pointer and with focus."""
    with tab(browser) as page:
        asked: list[Request] = []
        page.goto(root + run_page(KEY))
        plot = page.locator(".metric_chart .plot").first
        plot.locator("svg.marks").wait_for()
        area = plot.locator("svg.marks .background").first.bounding_box()
        assert area
        page.mouse.move(area["x"] + area["width"] * SPIKE, area["y"] + area["height"] / 3)
        plot.focus()
        page.on("requestfinished", lambda request: asked.append(request))  # a method of a list is no listener
        page.evaluate(PAINTED)
        yield page, asked


def turn(page: Page) -> Callable[[], object]:
    return lambda: page.mouse.wheel(0, -100)


@dataclass(frozen=True, slots=True)
class Round:
    """One way from the overview to single steps."""

    costs: list[float]
    files: list[str]
    size_bytes: int
    window: str


def zoom_in(browser: Browser, root: str) -> Round:
    """Turn the wheel until few steps are in sight."""
    with opened(browser, root) as (page, asked):
        meter = Meter(page)
        costs = [meter.cost(turn(page)).thread for _ in range(NOTCHES)]
        page.wait_for_timeout(1000)
        names = [urlsplit(request.url).path for request in asked]
        levels = [request for request, name in zip(asked, names, strict=True) if "/levels/" in name]
        return Round(
            costs,
            [name.rpartition("/")[2] for name in names if "/levels/" in name],
            sum(request.sizes()["responseBodySize"] for request in levels),
            urlsplit(page.url).fragment,
        )


def rests(browser: Browser, root: str) -> list[float]:
    """Turn the wheel, resting at every third notch; return what is done there: finer points, the hover overlay."""
    with opened(browser, root) as (page, _):
        meter = Meter(page)
        costs = []
        for notch in range(NOTCHES):
            turn(page)()
            page.evaluate(PAINTED)
            if notch % 3 == 0:
                costs.append(meter.cost(lambda: page.wait_for_timeout(REST)).thread)
        return costs


def nothing(browser: Browser, root: str) -> float:
    with opened(browser, root) as (page, _):
        meter = Meter(page)
        return float(statistics.median(meter.cost(lambda: None).thread for _ in range(20)))


def percentile(costs: Sequence[float], share: float) -> float:
    return sorted(costs)[min(len(costs) - 1, int(len(costs) * share))]


def bench_zoom(options: argparse.Namespace, folder: Path) -> list[str]:
    """Print what zooming costs; return the budgets missed."""
    written = make_site(folder, options.points)
    print(f"{options.points:,} points: {written.seconds:.2f} s of processor time, {written.files:,} files, ", end="")
    print(f"{written.size_bytes / 1e6:.0f} MB, peak memory {written.peak_bytes / 1e6:.0f} MB with the series itself")
    with chromium() as browser, served(folder / "site") as root:
        if options.profile:
            write_profile(browser, root)
            return []
        base = nothing(browser, root)
        rounds = [zoom_in(browser, root) for _ in range(options.rounds)]
        resting = rests(browser, root)
    costs = [cost for one in rounds for cost in one.costs]
    last = rounds[-1]
    print(f"a wheel event, main thread: median {statistics.median(costs):.1f} ms, ", end="")
    print(f"p95 {percentile(costs, 0.95):.1f} ms (budget {ZOOM_BUDGET:.0f}), nothing {base:.1f} ms")
    best = [min(one) for one in zip(*(one.costs for one in rounds), strict=True)]
    print(f"the least of {options.rounds} rounds for each event: ", end="")
    print(f"median {statistics.median(best):.1f} ms, p95 {percentile(best, 0.95):.1f} ms")
    print(f"at rest after an event: median {statistics.median(resting):.1f} ms, greatest {max(resting):.1f} ms")
    print(
        f"overview to #{last.window}: {len(last.files)} files, {last.size_bytes / 1e3:.0f} KB: {' '.join(last.files)}"
    )
    return [] if percentile(costs, 0.95) <= ZOOM_BUDGET else ["zoom"]


def write_profile(browser: Browser, root: str) -> None:
    with opened(browser, root) as (page, _):
        meter = Meter(page)

        def act() -> None:
            for _ in range(NOTCHES):
                page.mouse.wheel(0, -100)
                page.evaluate(PAINTED)

        path = Path("zoom.cpuprofile")
        path.write_text(json.dumps(meter.profile(act)))
        print(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="cards, zoom")
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    parts = options.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    missed: list[str] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        if "cards" in parts:
            missed += bench_cards(Path(folder) / "cards", options.rounds)
        if "zoom" in parts:
            missed += bench_zoom(options, Path(folder) / "zoom")
    print("missed: " + ("; ".join(missed) or "nothing"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
