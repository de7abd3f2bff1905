"""Opening pages and taking down everything that goes wrong on them."""

import contextlib
import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, expect

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
PATIENCE_MILLISECONDS = 60_000
"""Only where all is lost: the machine may be busy."""
SETTLED = """() => new Promise((done) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(true);
  requestAnimationFrame(() => requestAnimationFrame(() => channel.port2.postMessage(0)));
})"""
"""Two frames later what was asked for has been painted."""
TOOLTIP = """() => document.querySelector(".chart_tooltip:not([hidden])").tooltip.said"""
"""What the tooltip in sight says: {caption, rows}. Its words are pixels."""
INK = """(selector) => {
  const canvas = document.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const places = [];
  for (let at = 3; at < data.length; at += 4) {
    if (data[at]) places.push([(at >> 2) % canvas.width, Math.floor((at >> 2) / canvas.width)]);
  }
  if (!places.length) return null;
  const [x, y] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const [least, most] = [Math.min, Math.max].map((choose) => (numbers) => numbers.reduce((a, b) => choose(a, b)));
  return { left: least(x), right: most(x) + 1, top: least(y), bottom: most(y) + 1 };
}"""
"""Where a canvas is drawn on, in its pixels; null if nowhere."""


@dataclass(eq=False)  # no slots: Playwright notes on the object that it listens
class Visit:
    """A tab and every fault seen in it, each as one line."""

    page: Page
    origin: str
    """Where the site's root lies, with its `/`."""
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._fault(f"exception: {error}"))
        self.page.on("request", self._requested)
        self.page.on("requestfailed", self._request_failed)
        self.page.on("response", self._answered)
        self.page.on("dialog", self._asked)
        self.page.on("popup", lambda popup: self._fault(f"window opened: {popup.url}"))

    def open(self, path: str) -> Page:
        """Go to a page of the site and wait until it has been painted."""
        self.page.goto(self.origin + path, wait_until="load")
        self.page.evaluate(SETTLED)
        return self.page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self._fault(f"console {message.type}: {message.text}")

    def _requested(self, request: Request) -> None:
        if not is_at_home(request.url, self.origin):
            self._fault(f"left the site: {request.url}")

    def _request_failed(self, request: Request) -> None:
        # Leaving a page ends what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self._fault(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._fault(f"{response.status}: {response.url}")

    def _asked(self, dialog: Dialog) -> None:
        self._fault(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _fault(self, text: str) -> None:
        self.faults.append(f"{self.page.url.removeprefix(self.origin)}: {text}")


def is_at_home(url: str, origin: str) -> bool:
    """Tell whether a request stays within the site: its own files, or data made in the page."""
    return urlsplit(url).scheme in ("data", "blob", "about") or url.startswith(origin)


@contextlib.contextmanager
def visiting(context: BrowserContext, origin: str) -> Iterator[Visit]:
    """Open a tab, hand it over, close it."""
    page = context.new_page()
    try:
        yield Visit(page, origin)
    finally:
        page.close()


@contextlib.contextmanager
def fresh_context(browser: Browser, **options: object) -> Iterator[BrowserContext]:
    """Make a context that has seen nothing yet, 1280 px wide unless told otherwise."""
    settings = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
    context = browser.new_context(**settings)  # type: ignore[arg-type]  # options as Playwright names them
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    try:
        yield context
    finally:
        context.close()


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves one folder under one path prefix and logs nothing."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, prefix: str, directory: str) -> None:
        self._prefix = prefix
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]  # passed on as they came

    def translate_path(self, path: str) -> str:
        inside = path.startswith(self._prefix)
        return super().translate_path("/" + path.removeprefix(self._prefix) if inside else "/outside of the site")

    def do_GET(self) -> None:
        # Chromium asks every host for this by itself, for pages that name no icon: published text files.
        if self.path == "/favicon.ico":
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        return


@contextlib.contextmanager
def served(folder: Path, *, prefix: str) -> Iterator[str]:
    """Serve a folder on 127.0.0.1 under a prefix such as `/a/b/` and hand over the address of its root."""
    handler = functools.partial(_QuietHandler, prefix=prefix, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
