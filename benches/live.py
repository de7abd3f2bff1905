"""Measure a site that is served live: from a line appended to a page that shows it, under load, and at rest.

    python benches/live.py [--runs 100 1000 10000] [--lines 50] [--folders 10000] [--writers 20] [--seconds 120]
        [--lost 10] [--overflows 3]

Generates a store as `incremental.py` does, serves it in a process of its own, and opens an experiment's page, a run's
page and the overview in Chromium. Then, for each size:
1. at rest: the processor share of the server over a minute;
2. one line after the other: wall time until the run's figure, its curve, its row and its curve beside others are there,
   frame by frame; median and 95th percentile; the server's processor seconds for each line;
3. with events lost on purpose, how late a line is seen: the server sleeps while its queue of events overflows, or it
   looks every few seconds and asks for no events.
And once: how soon the first of many watched folders tells of a line; and many writers that log 50 lines a second each:
whether the site then has every point, how many builds there were, and the memory of the server and of a page meanwhile.

Wall times are what a reader waits for, and grow with whatever else the machine does: the load is printed beside them.
"""

import argparse
import json
import math
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from chromium import Meter, chromium
from incremental import START, generate
from playwright.sync_api import Browser, Page

from runsite.live.watching import Hints, Watcher

RUN = "000000"
TICKS = os.sysconf("SC_CLK_TCK")
REST_SECONDS = 60  # of a large store everything is looked at every 20 s
LINES_A_SECOND = 50
WATCH = """
  window.when = (shows) => new Promise((done, fail) => {
    const end = performance.now() + 60000;
    const look = () => {
      if (shows()) done(performance.timeOrigin + performance.now());
      else if (performance.now() > end) fail(new Error(`never: ${shows}`));
      else requestAnimationFrame(look);
    };
    look();
  });
  window.has = (selector, text) =>
    [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(text));
  window.points = (metric) => {
    const cards = [...(globalThis.runsite?.charts?.sections?.[0]?.cards.values() ?? [])];
    const card = cards.find((one) => one.metric.name === metric);
    const line = card?.lines?.find(({ look }) => look.key === "bench/000000");
    return card?.view && !card.is_stale ? line?.series.count : undefined;
  };
"""


def processor_seconds(process: int) -> float:
    """Return what a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(process: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) / 1024


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[tuple[int, str]]:
    """Serve the store of a folder; hand over the process and the address once the site is there."""
    command = [sys.executable, "-m", "runsite", "serve", "store", "--watch", "--port", "7590", *words]
    said = folder / "said.txt"  # in a pipe that nobody reads the server would wait for ever
    with said.open("w") as stderr:
        process = subprocess.Popen(command, cwd=folder, stderr=stderr)
    try:
        wait_until(lambda: "http://" in said.read_text(), 60)
        address = re.findall(r"http://\S+", said.read_text())[0]
        while "Waiting for runs" in urllib.request.urlopen(address).read().decode():
            time.sleep(0.5)
        settle(process.pid)
        yield process.pid, address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        print("".join(f"  server: {line}\n" for line in said.read_text().splitlines() if is_odd(line)), end="")


def is_odd(line: str) -> bool:
    """Tell whether a line that the server said is more than where it is."""
    return not line.startswith(("serving ", "Ctrl-C "))


def settle(process: int) -> None:
    """Wait until the server has done what it had to do."""
    before = -1.0
    while (now := processor_seconds(process)) - before > 0.2:
        before = now
        time.sleep(2)


def append(store: Path, run: str, step: int, value: float, *, metrics: int = 10) -> float:
    """Append a line; return when."""
    values = {f"m{place}": value for place in range(1, metrics)} | {"val/loss": value}
    text = json.dumps({"type": "metrics", "step": step, "time": START + step, "values": values}) + "\n"
    with (store / "bench" / run / "run.jsonl").open("a") as log:
        at = time.time()
        log.write(text)
    return at


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_timeout(1500)
    return page


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return f"median {statistics.median(ordered):6.0f} ms, p95 {p95:6.0f} ms"


def page_paths(site: Path) -> tuple[str, str]:
    """Return the addresses of the experiment's and of the first run's page."""
    experiment = next(iter(site.glob("experiments/bench-*")))
    run = next(iter(experiment.glob("runs/000000-*/index.html")))
    return f"experiments/{experiment.name}/index.html", run.relative_to(site).as_posix()


def measure_lines(folder: Path, process: int, address: str, browser: Browser, *, lines: int, steps: int) -> None:
    experiment, run = page_paths(folder / "site")
    # With one row its curves are in sight; a run that is none of the best is drawn only where the address says so.
    one_row = f"{experiment}#filter=id+%3D+%22{RUN}%22&drawn=%2Bbench%2F{RUN}"
    pages = {name: open_page(browser, address + path) for name, path in (("experiment", one_row), ("run", run))}
    overview = open_page(browser, address + "index.html")
    for page in pages.values():  # what is not there before a line comes never shows it
        page.evaluate(f"when(() => points('val/loss') === {steps})")
    waits: dict[str, list[float]] = {}
    meters = {name: Meter(page) for name, page in pages.items()}
    threads = {name: meter.thread_milliseconds() for name, meter in meters.items()}
    used = processor_seconds(process)
    for number in range(lines):
        value = 200 + number
        shown = {
            ("run", "figure"): f"has('.figure_value .value', '{value}')",
            ("run", "curve"): f"points('val/loss') === {steps + number + 1}",
            ("experiment", "row"): f"has('.run_table td', '{value}')",
            ("experiment", "curve"): f"points('val/loss') === {steps + number + 1}",
        }
        at = 0.0
        for name, page in pages.items():
            own = [f"() => {text}" for (place, _), text in shown.items() if place == name]
            page.evaluate(f"void (window.all = [{', '.join(own)}].map(window.when))")
        at = append(folder / "store", RUN, steps + number, value)
        for name, page in pages.items():
            seen = page.evaluate("Promise.all(window.all)")
            for (_, what), moment in zip([key for key in shown if key[0] == name], seen, strict=True):
                waits.setdefault(f"{name}'s {what}", []).append(moment - 1e3 * at)
        time.sleep(0.4)
    for what, times in waits.items():
        print(f"  {what:20} {spread(times)}")
    print(f"  server: {1e3 * (processor_seconds(process) - used) / lines:.0f} processor ms a line")
    for name, meter in meters.items():  # what is looked for, frame by frame, included
        print(
            f"  {name}'s page: {(meter.thread_milliseconds() - threads[name]) / lines:.0f} ms of its main thread a line"
        )
    for page in (*pages.values(), overview):
        page.close()


def is_another(file: Path, before: os.stat_result) -> bool:
    """Tell whether a file was put in the place of another."""
    return file.stat().st_ino != before.st_ino


def measure_overflow(folder: Path, process: int, *, rounds: int) -> None:
    """Let a server sleep while more happens than its queue holds, and then a line is logged."""
    beside = [folder / "store" / "bench" / RUN / "artifacts" / name for name in "xy"]  # no record names them
    for file in beside:
        file.touch()
    curve = (folder / "site" / page_paths(folder / "site")[1]).with_name("series.js")
    late = []
    for number in range(rounds):
        time.sleep(2 * REST_SECONDS / rounds)  # by then looks are rare
        before = curve.stat()
        os.kill(process, signal.SIGSTOP)
        with beside[0].open("ab", 0) as one, beside[1].open("ab", 0) as other:
            for _ in range(20_000):  # Linux queues 16,384 events; equal ones after each other are one
                one.write(b"x")
                other.write(b"x")
        append(folder / "store", RUN, 20_000 + number, 800 + number)
        os.kill(process, signal.SIGCONT)
        began = time.monotonic()
        wait_until(partial(is_another, curve, before), 60, pause=0.02)
        late.append(1e3 * (time.monotonic() - began))
    print(f"  after an overflow: {spread(late)}, most {max(late):.0f} ms", flush=True)


def measure(folder: Path, *, runs: int, options: argparse.Namespace) -> None:
    generate(folder / "store", runs=runs, steps=options.steps, metrics=10)
    print(f"{runs:,} runs; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with serving(folder) as (process, address), chromium() as browser:
        used = processor_seconds(process)
        time.sleep(REST_SECONDS)
        print(f"  at rest: {100 * (processor_seconds(process) - used) / REST_SECONDS:.2f} % of a core", flush=True)
        measure_lines(folder, process, address, browser, lines=options.lines, steps=options.steps)
        print(f"  server: {resident_megabytes(process):.0f} MB; load {os.getloadavg()[0]:.1f}", flush=True)
        measure_overflow(folder, process, rounds=options.overflows)
    with serving(folder, "--poll") as (_, address), chromium() as browser:
        page = open_page(browser, address + page_paths(folder / "site")[1])
        late = []
        for number in range(options.lost):
            page.evaluate(f"void (window.all = window.when(() => has('.figure_value .value', '{700 + number}')))")
            at = append(folder / "store", RUN, 10_000 + number, 700 + number)
            late.append(page.evaluate("window.all") - 1e3 * at)
        print(f"  without events: {spread(late)}, most {max(late):.0f} ms", flush=True)


def write_lines(store: Path, run: str, *, seconds: float, logged: dict[str, int]) -> None:
    """Log 50 lines a second."""
    began, count = time.monotonic(), 0
    log = store / "bench" / run / "run.jsonl"
    with log.open("a", buffering=1) as stream:
        start = {"type": "run_start", "format": 1, "run": run, "time": START}
        stream.write(json.dumps(start) + "\n")
        while (now := time.monotonic() - began) < seconds:
            while count < now * LINES_A_SECOND:
                values = {"val/loss": 100.0 + count % 7, "train/loss": 1.0 / (count + 1)}
                record = {"type": "metrics", "step": count, "time": START + count, "values": values}
                stream.write(json.dumps(record) + "\n")
                count += 1
            time.sleep(0.02)
    logged[run] = count


def points_of_site(site: Path) -> dict[str, int]:
    """Count the points that the site's data scripts say each run has, of one metric."""
    found = {}
    for script in site.glob("experiments/bench-*/runs/writer-*/series.js"):
        call = re.fullmatch(r"runsite\.receive\((.*)\);?\s*", script.read_text(), re.DOTALL)
        assert call
        _, key, payload = json.loads(f"[{call[1]}]")
        found[key.rpartition("/")[2]] = dict(payload["series"])["val/loss"]["count"]
    return found


def measure_writers(folder: Path, *, options: argparse.Namespace) -> None:
    store, site = folder / "store", folder / "site"
    generate(store, runs=20, steps=options.steps, metrics=10)
    print(f"{options.writers} writers of {LINES_A_SECOND} lines a second for {options.seconds} s")
    for number in range(options.writers):
        (store / "bench" / f"writer-{number:02}").mkdir()
    logged: dict[str, int] = {}
    with serving(folder) as (process, address), chromium() as browser:
        page = open_page(browser, address + page_paths(site)[0])
        meter = Meter(page)
        work = {"store": store, "seconds": options.seconds, "logged": logged}
        names = [f"writer-{number:02}" for number in range(options.writers)]
        threads = [threading.Thread(target=write_lines, kwargs=work | {"run": name}) for name in names]
        used, began = processor_seconds(process), time.monotonic()
        for thread in threads:
            thread.start()
        generations = [0]
        for share in (0.1, 0.5, 1.0):
            while time.monotonic() - began < share * options.seconds:
                page.wait_for_timeout(200)
            generations.append(int(page.evaluate("document.documentElement.dataset.live").rpartition("-")[2]))
            memory = f"server {resident_megabytes(process):.0f} MB, page {meter.heap_bytes() / 1e6:.1f} MB"
            print(f"  after {share * options.seconds:4.0f} s: {memory}, generation {generations[-1]}", flush=True)
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - began
        print(f"  server: {(processor_seconds(process) - used) / seconds:.2f} of a core; load {os.getloadavg()[0]:.1f}")
        wait_until(lambda: points_of_site(site) == logged, 60)
    told = told_by_command(folder)
    lost = {run: (count, points_of_site(site).get(run), told.get(run)) for run, count in logged.items()}
    wrong = {run: counts for run, counts in lost.items() if len(set(counts)) != 1}
    print(f"  {sum(logged.values()):,} points logged; site and `runsite runs --json` agree: {not wrong} {wrong or ''}")


def measure_watching(folder: Path, *, folders: int) -> None:
    """Watch many run folders, and wait for the first event."""
    for number in range(folders):
        (folder / "store" / "bench" / f"{number:06}").mkdir(parents=True)
    hints = Hints()
    watcher = Watcher(hints)
    began, used = time.monotonic(), time.process_time()
    watcher.watch([folder / "store"])
    log = folder / "store" / "bench" / f"{folders // 2:06}" / "run.jsonl"
    first = time.monotonic()
    waits = []
    for _ in range(10):
        written = time.monotonic()
        with log.open("a") as stream:
            stream.write("{}\n")
        while str(log) not in (hints.take() or ()):
            hints.wait(5)
        waits.append(1e3 * (time.monotonic() - written))
        time.sleep(0.2)
        hints.take()
    spent = time.process_time() - used
    print(f"{folders:,} run folders: watched after {first - began:.2f} s; {spent:.2f} processor s in all")
    print(
        f"  first event after {waits[0]:.1f} ms, the slowest of ten {max(waits):.1f} ms; load {os.getloadavg()[0]:.1f}"
    )
    watcher.stop()


def wait_until(holds: Callable[[], bool], seconds: float, *, pause: float = 0.5) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(pause)


def told_by_command(folder: Path) -> dict[str, int]:
    command = [sys.executable, "-m", "runsite", "runs", "store", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    told: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    return {run["run"]: run["metrics"]["val/loss"]["count"] for run in told}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="*", default=[100, 1_000, 10_000])
    for name, default in (
        ("lines", 50),
        ("lost", 10),
        ("overflows", 3),
        ("steps", 20),
        ("folders", 10_000),
        ("writers", 20),
        ("seconds", 120),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    options = parser.parse_args()
    for runs in options.runs:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            measure(Path(folder), runs=runs, options=options)
    if options.folders:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            measure_watching(Path(folder), folders=options.folders)
    if options.writers:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            measure_writers(Path(folder), options=options)


if __name__ == "__main__":
    main()
