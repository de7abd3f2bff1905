"""Measure the run table of an experiment's page: opening, sorting, filtering, scrolling, its heap, what it loads.

    python benches/table.py [--runs 1000 10000 100000] [--rounds 5] [--folder FOLDER] [--profile ACTION]

Makes an experiment of made-up runs in memory (no logs), lets runsite write its page and its data scripts, and opens it
in a headless Chromium from a file, and at 1,000 runs over http too. 40 columns lie in the data that every reader
loads: 11 fields of a run, 11 params, 2 tags, best and last of metrics. The page has no charts: Vega and the curves of
10 runs are loaded beside the table and cost 25 to 90 ms more of the main thread, after the rows stand.

Each round opens the page anew, so that "first" means with nothing ranked or lowered yet. Opening is wall time from
the navigation's start: to the rows that HTML holds, and to the frame in which the script's own are painted. All else
is processor time of the main thread, until two frames later, in milliseconds; "nothing" is what measuring itself costs.
`--profile sort_text` (or another action's name) writes a .cpuprofile of it instead, to open in Chromium.
"""

import argparse
import functools
import gzip
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

from chromium import PAINTED, Cost, Meter, chromium, served, tab
from playwright.sync_api import Browser, Page

from runsite.config import ExperimentSettings
from runsite.data_script import DataFile
from runsite.model import MetricSummary, Point, RunKey, RunSummary, Source
from runsite.pages.experiment import make_experiment_page
from runsite.pages.page import Frame
from runsite.site_paths import experiment_page, table_file
from runsite.summaries import summarise_experiment
from runsite.tables import RunTable, run_table, without_values
from runsite.tables.script import shard_paths, table_head, table_shards
from runsite.themes import Theme, content_version

Made = TypeVar("Made")
EXPERIMENT = "cifar100"
START = 1_750_000_000.0
# With their goals: best and last; without: last alone. 11 + 11 + 2 + 5 x 2 + 6 = 40 columns.
WITH_GOAL = (
    ("val/acc", "maximize"),
    ("val/loss", "minimize"),
    ("train/loss", "minimize"),
    ("test/acc", "maximize"),
    ("test/f1", "maximize"),
)
WITHOUT_GOAL = ("train/grad_norm", "train/samples_per_second", "val/ece", "gpu/memory_gb", "gpu/power_watts", "lr")
FILTERED_WORD = "brisk-h"
FILTERED_COMPARISON = "val/loss.best < 0.4 and optimizer = adamw"
WHEEL_STEPS = 100
HEADER = '.run_table th[data-column="{}"] .sort_button'
FIRST_ROWS = """
requestAnimationFrame(function look() {
  if (!document.querySelector(".run_table tbody tr[aria-level]")) return requestAnimationFrame(look);
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { globalThis.first_rows = performance.now(); };
  channel.port2.postMessage(0);
});
"""
"""Rows that a script drew have a level; the message comes after the frame that they are in is painted."""
KEEPING = "globalThis.runsite = { kept: [], receive: (...data) => runsite.kept.push(data) };"


def make_runs(count: int) -> Iterator[RunSummary]:
    """Make up runs of a sweep: some failed, one in a thousand is running, values are missing here and there."""
    numbers = random.Random(7)
    for place in range(count):
        yield make_run(place, numbers)


def make_run(place: int, numbers: random.Random) -> RunSummary:
    """Make up one run."""
    words = (
        numbers.choice(("brisk", "calm", "deep", "eager", "fuzzy")),
        numbers.choice(("heron", "owl", "elm", "fox")),
    )
    key = RunKey(EXPERIMENT, f"{numbers.getrandbits(40):010x}")
    started = START + place * 97.0 + numbers.random()
    ended = started + numbers.lognormvariate(7, 1)
    status = numbers.choices(("finished", "failed", "killed", "pruned", "running"), (900, 50, 24, 25, 1))[0]
    params = {
        "lr": float(f"{10 ** numbers.uniform(-5, -1):.4g}"),
        "batch_size": numbers.choice((32, 64, 128, 256)),
        "optimizer": numbers.choice(("adam", "adamw", "sgd", "lion")),
        "weight_decay": numbers.choice((0.0, 0.0001, 0.001, 0.01)),
        "dropout": round(numbers.uniform(0, 0.5), 2),
        "model": numbers.choice(("resnet18", "resnet50", "vit_small_patch16_224", "convnext_tiny")),
        "width": numbers.choice((64, 128, 256)),
        "augment": numbers.choice((True, False)),
        "warmup_steps": numbers.randrange(0, 2000, 100),
        "precision": numbers.choice(("fp32", "bf16")),
        "seed": numbers.randrange(10_000),
    }
    return RunSummary(
        key=key,
        name=f"{words[0]}-{words[1]}-{place}",
        store_path=f"{EXPERIMENT}/{key.run}",
        status=status,
        started=started,
        ended=None if status == "running" else ended,
        last_time=ended,
        attempts=1 + (numbers.random() < 0.02),
        params={name: value for name, value in params.items() if numbers.random() > 0.01},
        tags={"team": numbers.choice(("vision", "speech")), "host_kind": numbers.choice(("a100", "h100", "l4"))},
        metrics=make_metrics(numbers),
        source=Source(commit=f"{numbers.randrange(40):040x}", branch=numbers.choice(("main", "augment", "warmup"))),
    )


def make_metrics(numbers: random.Random) -> dict[str, MetricSummary]:
    """Make up metrics, one in twenty missing, one in two hundred diverged."""
    made = {}
    for name, goal in (*WITH_GOAL, *((name, None) for name in WITHOUT_GOAL)):
        if numbers.random() < 0.05:
            continue
        best = numbers.randrange(10_000) / 10_000 if "acc" in name else numbers.gammavariate(2, 0.3)
        last = float("nan") if numbers.random() < 0.005 else best * numbers.uniform(0.9, 1.1)
        made[name] = MetricSummary(
            name,
            count=100,
            finite=100,
            first=Point(0, 1.0),
            last=Point(numbers.randrange(100, 20_000, 100), last),
            min=best * 0.9,
            max=best * 1.1,
            mean=best,
            best=Point(90, best) if goal else None,
            goal=goal,  # type: ignore[arg-type]  # the literals above
            goal_from="record" if goal else None,
            curve="abcdefghijklmnopqrstuvwxyzabcdef"[: numbers.randrange(20, 32)],
        )
    return dict(sorted(made.items()))


@dataclass
class Site:
    """The page and its data in a folder."""

    folder: Path
    table: RunTable
    data: list[Path]
    """Scripts that hold the table: the head and the rows, not what is loaded when it is asked for."""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return experiment_page(EXPERIMENT)

    def address(self, root: str, *, all_columns: bool = False) -> str:
        ids = [column.id for column in self.table.columns if column.block == "rows"]
        return f"{root}{self.page}" + (f"#columns={quote(','.join(ids))}" if all_columns else "")


def write_site(folder: Path, runs: int) -> Site:
    """Let runsite write the page of an experiment, and say how long each part took."""
    seconds: dict[str, float] = {}
    made = timed(seconds, "make up", lambda: list(make_runs(runs)))
    settings = ExperimentSettings()
    experiment = timed(seconds, "summarise", lambda: summarise_experiment(EXPERIMENT, made, text="", settings=settings))
    table = timed(seconds, "table", lambda: run_table(experiment))
    shards = timed(seconds, "shards", lambda: list(table_shards(table)))
    versions = {file.path: content_version(file.content) for file in shards}
    path = table_file(EXPERIMENT)
    head = timed(
        seconds, "head", lambda: table_head(table, path, shards=shard_paths(table), version=versions.__getitem__)
    )
    files = [*shards, head]
    theme = Theme.load(made_assets={})
    page = make_experiment_page(
        experiment,
        frame=Frame("Bench"),
        resolve=lambda _: None,
        table=without_values(table),
        charts=None,
        version=lambda _: content_version(head.content),
    )
    files.append(DataFile(page.path, timed(seconds, "print", lambda: theme.render(page))))
    files += [DataFile(file.site_path, file.content) for file in theme.static_files.values()]
    data = [path, *(rows for rows, _ in shard_paths(table))]
    files += only_data(data)
    for file in files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_bytes(file.content)
    return Site(folder, without_values(table), [folder / each for each in data], seconds)


def timed(seconds: dict[str, float], name: str, make: Callable[[], Made]) -> Made:
    """Take down the processor time that something took."""
    started = time.process_time()
    made = make()
    seconds[name] = time.process_time() - started
    return made


def only_data(scripts: Sequence[str]) -> list[DataFile]:
    """Make a page that loads the same data and does nothing with it."""
    tags = "".join(f'<script src="{script}"></script>' for script in ("keep.js", *scripts))
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>data</title>{tags}"
    return [DataFile("only_data.html", page.encode()), DataFile("keep.js", KEEPING.encode())]


# What is measured.


@dataclass
class Visit:
    """One opened page and what was done on it, each action's costs by its name."""

    page: Page
    meter: Meter
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def act(self, name: str, act: Callable[[], object]) -> None:
        self.costs.setdefault(name, []).append(self.meter.cost(act))

    def sort(self, name: str, column: str) -> None:
        header = self.page.locator(HEADER.format(column))
        header.scroll_into_view_if_needed()
        header.hover()
        self.act(name, self._press)

    def _press(self) -> None:
        self.page.mouse.down()
        self.page.mouse.up()

    def type(self, first: str, following: str, text: str) -> None:
        """Type a filter key by key, then empty the box."""
        self.page.locator(".run_table_filter").click()
        for place, character in enumerate(text):
            self.act(following if place else first, functools.partial(self.page.keyboard.type, character))
        self.page.keyboard.press("Control+a")
        self.act("clear filter", lambda: self.page.keyboard.press("Backspace"))

    def scroll(self) -> None:
        """Turn the wheel over the rows, four rows a step; each step is two or three frames."""
        box = self.page.locator(".run_table_box")
        box.hover()
        for _ in range(WHEEL_STEPS):
            self.act("wheel step", lambda: self.page.mouse.wheel(0, 120))


def visit_page(page: Page, address: str) -> Visit:
    """Do all that is measured, once."""
    meter = Meter(page)
    page.evaluate(PAINTED)
    visit = Visit(page, meter)
    visit.act("open", lambda: open_page(page, address))
    paint, rows = page.evaluate("[performance.getEntriesByName('first-contentful-paint')[0].startTime, first_rows]")
    visit.costs["HTML rows"], visit.costs["first rows"] = [Cost(0, paint)], [Cost(0, rows)]
    visit.act("nothing", lambda: None)
    visit.sort("sort number", "metrics.val/loss.best")
    visit.sort("sort number again", "metrics.val/loss.best")
    visit.sort("sort text", "name")
    visit.sort("sort text again", "name")
    visit.type("word, first key", "word, next keys", FILTERED_WORD)
    visit.type("comparison, keys", "comparison, keys", FILTERED_COMPARISON)
    visit.scroll()
    return visit


def open_page(page: Page, address: str) -> None:
    page.goto(address, wait_until="load")
    page.wait_for_function("globalThis.first_rows")


def measure(browser: Browser, address: str, rounds: int) -> dict[str, list[Cost]]:
    """Gather the costs of several rounds."""
    costs: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        with tab(browser, FIRST_ROWS) as page:
            for name, found in visit_page(page, address).costs.items():
                costs.setdefault(name, []).extend(found)
    return costs


def heaps(browser: Browser, site: Site) -> tuple[float, float, float]:
    """Return the heap in MB of a page that holds the data alone, of the table just opened, of the table in use."""
    root = f"{site.folder.as_uri()}/"
    with tab(browser) as page:
        page.goto(f"{root}only_data.html")
        data = Meter(page).heap_bytes()
    with tab(browser, FIRST_ROWS) as page:
        open_page(page, site.address(root))
        meter = Meter(page)
        opened = meter.heap_bytes()
        visit = Visit(page, meter)
        visit.sort("", "name")
        visit.type("", "", FILTERED_WORD)
        used = meter.heap_bytes()
    return data / 1e6, opened / 1e6, used / 1e6


def loaded(browser: Browser, site: Site) -> tuple[int, float]:
    """Count the requests over http until the table answers, the icon apart, and their bytes as hosts compress them."""
    asked: list[str] = []
    with served(site.folder) as root, tab(browser, FIRST_ROWS) as page:
        page.on("request", lambda request: asked.append(urlsplit(request.url).path.lstrip("/")))
        open_page(page, site.address(root))
    files = [path for path in asked if not path.endswith(("icon.svg", "favicon.ico"))]
    return len(files), sum(len(gzip.compress((site.folder / path).read_bytes(), 6)) for path in files) / 1e3


# What is printed.

THREAD, WALL = 0, 1
MUSTS = {
    10_000: {"first rows": (WALL, 600.0), "sort": (THREAD, 100.0), "key": (THREAD, 40.0)},
    100_000: {"first rows": (WALL, 1500.0), "sort": (THREAD, 250.0), "key": (THREAD, 100.0)},
}
MOST_HEAP_MB = {100_000: 20.0}
MOST_LOADED = {1_000: (8, 400.0)}


def print_costs(costs: dict[str, list[Cost]], musts: dict[str, tuple[int, float]]) -> list[str]:
    """Print a line an action; return those that miss."""
    missed = []
    for name, found in costs.items():
        is_wall = name in ("HTML rows", "first rows")
        numbers = [cost[WALL if is_wall else THREAD] for cost in found]
        median = statistics.median(numbers)
        slow = sorted(numbers)[min(len(numbers) - 1, len(numbers) * 95 // 100)]
        must = next((most for word, (_, most) in musts.items() if word in name), None)
        verdict = "" if must is None else f"must {must:,.0f}: {'ok' if median <= must else 'MISSED'}"
        missed += [f"{name} {median:.0f} ms"] if must is not None and median > must else []
        print(f"  {name:<18} {median:8.1f} {'wall' if is_wall else 'thread'}  95 % {slow:8.1f}  {verdict}", flush=True)
    return missed


def bench(browser: Browser, folder: Path, runs: int, rounds: int) -> list[str]:
    """Make a site, measure it, print; return what misses its must."""
    site = write_site(folder, runs)
    shards = len(site.data) - 1
    size = sum(path.stat().st_size for path in site.data) / 1e6
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in site.seconds.items())
    print(f"\n{runs:,} runs, {size:.1f} MB of data in {shards} shards, page {page_kilobytes(site):.0f} kB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  made in processor seconds: {parts}; {peak:.0f} MB at most")
    root, musts = f"{site.folder.as_uri()}/", MUSTS.get(runs, {})
    missed = print_costs(measure(browser, site.address(root), rounds), musts)
    print(f" all {sum(column.block == 'rows' for column in site.table.columns)} columns shown:")
    print_costs(measure(browser, site.address(root, all_columns=True), max(1, rounds // 2)), {})
    data, opened, used = heaps(browser, site)
    over = opened - data
    print(f"  heap: data {data:.1f} MB, opened {over:+.1f} MB, sorted and filtered {used - data:+.1f} MB")
    missed += [f"heap {over:.1f} MB"] if over > MOST_HEAP_MB.get(runs, over) else []
    requests, kilobytes = loaded(browser, site)
    print(f"  over http: {requests} requests, {kilobytes:.0f} kB gzip")
    most_requests, most_kilobytes = MOST_LOADED.get(runs, (requests, kilobytes))
    missed += [f"{requests} requests"] if requests > most_requests else []
    missed += [f"{kilobytes:.0f} kB"] if kilobytes > most_kilobytes else []
    return [f"{runs:,} runs: {each}" for each in missed]


def page_kilobytes(site: Site) -> float:
    return (site.folder / site.page).stat().st_size / 1e3


def write_profile(browser: Browser, folder: Path, runs: int, action: str) -> None:
    """Write the .cpuprofile of one action into the current folder."""
    site = write_site(folder, runs)
    address = site.address(f"{site.folder.as_uri()}/")
    with tab(browser, FIRST_ROWS) as page:
        meter = Meter(page)
        visit = Visit(page, meter)
        acts: dict[str, Callable[[], object]] = {
            "open": lambda: open_page(page, address),
            "sort_number": lambda: visit.sort("", "metrics.val/loss.best"),
            "sort_text": lambda: visit.sort("", "name"),
            "filter_word": lambda: visit.type("", "", FILTERED_WORD),
            "filter_comparison": lambda: visit.type("", "", FILTERED_COMPARISON),
            "scroll": visit.scroll,
        }
        if action != "open":
            open_page(page, address)
        path = Path(f"{action}-{runs}.cpuprofile")
        path.write_text(json.dumps(meter.profile(acts[action])))
        print(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    parser.add_argument("--profile", help="open, sort_number, sort_text, filter_word, filter_comparison or scroll")
    options = parser.parse_args()
    missed = []
    with chromium() as browser:
        for runs in options.runs:
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                if options.profile:
                    write_profile(browser, Path(folder), runs, options.profile)
                else:
                    missed += bench(browser, Path(folder), runs, options.rounds)
    print("\nmissed: " + ("; ".join(missed) or "nothing"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
