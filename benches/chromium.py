"""A headless Chromium for benches, and meters of what a page costs: its main thread, its frames, its heap.

Wall times are what a reader waits for, and noisy on a machine that does other work. The processor time of the main
thread is what the page's own code can help; so budgets of single actions are set in it.
"""

import contextlib
import functools
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-smooth-scrolling",
]
PAINTED = """() => new Promise((done) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(true);
  requestAnimationFrame(() => requestAnimationFrame(() => channel.port2.postMessage(0)));
})"""
"""Two frames later what was asked for has been painted."""


class Cost(NamedTuple):
    """What an action cost, in milliseconds."""

    thread: float
    """Processor time of the page's main thread."""
    wall: float


class Meter:
    """Measures actions on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def cost(self, act: Callable[[], object]) -> Cost:
        """Act as a reader would, wait until the page is painted, and say what that took."""
        thread, wall = self.thread_milliseconds(), time.perf_counter()
        act()
        self.page.evaluate(PAINTED)
        return Cost(self.thread_milliseconds() - thread, (time.perf_counter() - wall) * 1e3)

    def heap_bytes(self) -> float:
        """Count what the page's scripts hold, after a collection."""
        for _ in range(3):
            self._session.send("HeapProfiler.collectGarbage")
        return float(self._session.send("Runtime.getHeapUsage")["usedSize"])

    def profile(self, act: Callable[[], object]) -> dict[str, object]:
        """Return a .cpuprofile of an action, for Chromium's own tools."""
        self._session.send("Profiler.enable")
        self._session.send("Profiler.setSamplingInterval", {"interval": 200})
        self._session.send("Profiler.start")
        act()
        self.page.evaluate(PAINTED)
        return dict(self._session.send("Profiler.stop")["profile"])

    def thread_milliseconds(self) -> float:
        """Return what the page's main thread has used since it began."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return 1e3 * float(next(metric["value"] for metric in metrics if metric["name"] == "ThreadTime"))


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that CHROMIUM names, else the one of the system, else Playwright's own."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def tab(browser: Browser, script: str = "") -> Iterator[Page]:
    """Open a tab that has seen nothing yet; `script` runs in it before any of a page's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    if script:
        context.add_init_script(script)
    try:
        yield context.new_page()
    finally:
        context.close()


class _QuietHandler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        return


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on 127.0.0.1 and hand over the address of its root."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_QuietHandler, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
