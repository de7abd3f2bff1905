"""Serve a site: read one request, ask who it comes from, answer with a file, a page that listens, or a stream of news.

One thread per connection: a stream is a thread that waits, and a reader who takes bytes slowly keeps nobody waiting but
itself. Only GET and HEAD are answered, nothing that is sent is read beyond its headers, and nothing is ever written.
"""

import contextlib
import io
import queue
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote

from runsite.live.access import Access, comes_from_elsewhere, split_target
from runsite.live.answers import COMMON, Answer, file_answer, page_answer, text_answer
from runsite.live.head_reader import HeadReader
from runsite.live.live_page import EVENTS, LIVE_FOLDER, POLICY, live_page, waiting_page
from runsite.live.media_types import media_type
from runsite.live.news import is_data
from runsite.live.site_files import INDEX, SiteFiles, site_path
from runsite.live.streams import Stream, Streams, event_text

NOT_FOUND_PAGE = "404.html"
# As many as are told at once that there is no room; beyond, connections are closed without a word.
MAX_REFUSALS = 16
REFUSAL_SECONDS = 2
METHODS = ("GET", "HEAD")
# To find out that nobody is there any more, as does the page (live.js); proxies and tunnels close what is silent for a
# minute.
PULSE_SECONDS = 15
PULSE = b"event: pulse\ndata: {}\n\n"
CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections there may be, and how long each may be silent."""

    connections: int = 512
    """A browser opens six connections to a host, and one more for each page that listens."""
    idle_seconds: float = 30
    """Between two requests, and in the middle of an answer that is not taken; a page that listens may be silent."""
    head_seconds: float = 30
    """For a request's line and headers, a few kB."""


class SiteServer(ThreadingHTTPServer):
    """Listens and answers; without `streams` pages are served as they were built."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        files: SiteFiles,
        access: Access,
        *,
        streams: Streams | None = None,
        live_files: Callable[[], Mapping[str, bytes]] = dict,
        waits_for: Callable[[], str] = str,
        limits: Limits | None = None,
    ) -> None:
        """`live_files` gives what lies in live/; `waits_for` says why there is no site yet."""
        self.files = files
        self.access = access
        self.streams = streams
        self.live_files = live_files
        self.waits_for = waits_for
        self.limits = limits or Limits()
        self._places = threading.BoundedSemaphore(self.limits.connections)
        self._refusals = threading.BoundedSemaphore(MAX_REFUSALS)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a connection's thread, if there is room for one more."""
        if self._places.acquire(blocking=False):
            try:
                super().process_request(request, client_address)
            except RuntimeError:  # the system has no thread to give; one that began gives its place back itself
                self._places.release()
                raise
        elif self._refusals.acquire(blocking=False):
            try:
                threading.Thread(target=self._refuse, args=(request,), daemon=True).start()
            except RuntimeError:
                self._refusals.release()
                raise
        else:
            self.shutdown_request(request)

    def _refuse(self, request: socket.socket) -> None:
        """Say that there is no room; what was asked is read first, or the answer would be lost with the connection."""
        try:
            request.settimeout(REFUSAL_SECONDS)
            with contextlib.suppress(OSError):
                request.recv(CHUNK_BYTES)
                request.sendall(_no_room(self.limits))
        finally:
            self._refusals.release()
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over readers who went away; anything else is a fault of ours and shown."""
        if not isinstance(sys.exception(), OSError):
            with contextlib.suppress(OSError):  # nobody can read it
                super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # Python's, 0.9, would leave the headers of answers out
    server: SiteServer
    _authority: str | None = None
    """The host that the target of a request names itself, if it does."""

    def setup(self) -> None:
        limits = self.server.limits
        super().setup()
        self.connection.settimeout(limits.idle_seconds)
        self._head = HeadReader(self.connection, idle_seconds=limits.idle_seconds, head_seconds=limits.head_seconds)
        self.rfile = io.BufferedReader(self._head)

    def handle_one_request(self) -> None:
        self._head.begin()
        super().handle_one_request()

    def parse_request(self) -> bool:
        """Read a request's head; answer here what is not asked for by a method of ours."""
        if not super().parse_request():
            return False
        self._authority, self.path = split_target(self.path)
        if self.command not in METHODS or "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # what may follow is not read, and is no request
        if self.command in METHODS:
            return True
        self._send(
            self._refuse_host() or text_answer(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD", Allow="GET, HEAD")
        )
        return False

    def handle_expect_100(self) -> bool:
        return True  # asks for no body

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request with our headers, in place of Python's page."""
        del message, explain
        self.close_connection = True
        self._send(text_answer(HTTPStatus(code), HTTPStatus(code).phrase.lower()))

    def version_string(self) -> str:
        return "runsite"

    def log_message(self, format: str, *args: Any) -> None:
        del format, args

    def do_GET(self) -> None:
        stream = self._stream_wanted()
        if stream is not None:
            self._send_stream(*stream)
        else:
            self._send(self._answer())

    do_HEAD = do_GET  # noqa: N815  # http.server looks the methods up by these names

    def _asked(self) -> dict[str, str]:
        """Return the headers by their usual spelling."""
        return {name.title(): value for name, value in self.headers.items()}

    def _refuse_host(self) -> Answer | None:
        hosts = self.headers.get_all("Host", [])
        named = hosts if self._authority is None else [*hosts, self._authority]
        if len(hosts) == 1 and all(map(self.server.access.allows_host, named)):
            return None
        return text_answer(HTTPStatus.FORBIDDEN, "this server is not called that")

    def _refusal(self) -> Answer | None:
        """Say why a request is not answered, if so."""
        refusal = self._refuse_host()
        if refusal is not None:
            return refusal
        if comes_from_elsewhere(self._asked()):
            return text_answer(HTTPStatus.FORBIDDEN, "asked for by a page of another site")
        if self.server.access.lacks_slash(self.path):
            return _one_slash_further(self.server.access.prefix)
        if self.server.access.below_prefix(self.path) is None:
            if self.server.access.token is None:
                return text_answer(HTTPStatus.BAD_REQUEST, "what is asked for must begin with /")
            return text_answer(HTTPStatus.FORBIDDEN, "the address lacks the token that `runsite serve` printed")
        return None

    def _stream_wanted(self) -> tuple[Streams, str, str] | None:
        """Return the page that asks for news and the generation it has, if that is what a request asks for."""
        if self.server.streams is None or self._refusal() is not None or self.command != "GET":
            return None
        place, _, query = (self.server.access.below_prefix(self.path) or "").partition("?")
        if place != EVENTS:
            return None
        asked = parse_qs(query)
        since = self.headers.get("Last-Event-ID") or asked.get("since", [""])[0]
        return self.server.streams, asked.get("page", [""])[0], since

    def _answer(self) -> Answer:
        refusal = self._refusal()
        if refusal is not None:
            return refusal
        path = site_path(self.server.access.below_prefix(self.path) or "")
        if path is None:
            return text_answer(HTTPStatus.NOT_FOUND, "no such file")
        if self.server.streams is not None and path.startswith(LIVE_FOLDER):
            return self._live_file(path.removeprefix(LIVE_FOLDER))
        files = self.server.files
        has_site = files.has_site()  # before its list is read: what is in place is listed
        found = files.find(path)
        if found is not None:
            return self._file(found, has_site=has_site)
        if files.is_folder(path):
            return _one_slash_further(f"{self.server.access.prefix}{quote(path)}/")
        return self._missing(path, has_site=has_site)

    def _live_file(self, name: str) -> Answer:
        content = self.server.live_files().get(name)
        if content is None:
            return text_answer(HTTPStatus.NOT_FOUND, "no such file")
        headers = {**COMMON, "Content-Type": media_type(name), "Content-Security-Policy": POLICY}
        return Answer(HTTPStatus.OK, headers, content)

    def _file(self, path: str, *, has_site: bool) -> Answer:
        streams = self.server.streams
        generation = streams.generation if streams is not None else ""  # before the file is read: it is no older
        file = self.server.files.open(path)
        if file is None:
            return self._missing(path, has_site=has_site)
        if path == NOT_FOUND_PAGE or (streams is not None and path.endswith(".html")):
            with file.stream:
                content = file.stream.read()
            if path == NOT_FOUND_PAGE:  # names its script by digest in a policy of its own
                return page_answer(content, policy="frame-ancestors 'self'")
            return page_answer(live_page(content, path=path, generation=generation))
        answer = file_answer(file, self._asked())
        if streams is not None and is_data(path):
            # A page that is gone back to takes what is kept without asking, and would not hear that it is old.
            answer.headers["Cache-Control"] = "no-store"
        if answer.stream is None:
            file.stream.close()
        return answer

    def _missing(self, path: str, *, has_site: bool) -> Answer:
        streams = self.server.streams
        if streams is not None and not has_site and (path == "" or path.endswith(("/", ".html"))):
            page = path if path.endswith(".html") else f"{path}{INDEX}"
            return page_answer(waiting_page(self.server.waits_for(), path=page, generation=streams.generation))
        if streams is not None and has_site and path.endswith(".js") and "?live=" in self.path:
            # Data that a page takes up again come empty where they are gone, so that it tells that from no answer.
            return Answer(
                HTTPStatus.OK, {**COMMON, "Content-Type": media_type(path), "Content-Security-Policy": POLICY}
            )
        file = self.server.files.open(NOT_FOUND_PAGE) if self.server.files.find(NOT_FOUND_PAGE) else None
        if file is None:
            return text_answer(HTTPStatus.NOT_FOUND, "no such file")
        with file.stream:
            return page_answer(file.stream.read(), HTTPStatus.NOT_FOUND, policy="frame-ancestors 'self'")

    def _send(self, answer: Answer) -> None:
        with answer.stream or contextlib.nullcontext():
            self._send_head(answer)
            if self.command != "HEAD":
                self._send_content(answer)

    def _send_head(self, answer: Answer) -> None:
        length = answer.length if answer.stream is not None else len(answer.content)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _send_content(self, answer: Answer) -> None:
        if answer.stream is None:
            self.wfile.write(answer.content)
            return
        length = answer.length
        for chunk in iter(partial(answer.stream.read, CHUNK_BYTES), b""):
            self.wfile.write(chunk[:length])
            length -= len(chunk)
            if length <= 0:
                break

    def _send_stream(self, streams: Streams, page: str, since: str) -> None:
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        for name, value in {**COMMON, "Content-Type": "text/event-stream", "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        with streams.stream(page, since) as stream:
            while self._send_batch(stream):
                pass

    def _send_batch(self, stream: Stream) -> bool:
        """Send what comes next; tell whether there may be more."""
        try:
            batch = stream.batches.get(timeout=PULSE_SECONDS)
        except queue.Empty:
            self.wfile.write(PULSE)
            return True
        if batch is None:
            return False
        *_, last = batch.news
        for news in batch.news:
            data = {"html": self._html(stream.page)} if news.event == "html" else news.data
            self.wfile.write(event_text(news.event, data, generation=batch.generation, completes=news is last))
        return True

    def _html(self, path: str) -> str | None:
        file = self.server.files.open(path) if self.server.files.find(path) == path else None
        if file is None:
            return None
        with file.stream:
            return file.stream.read().decode("utf-8", "replace")


def _no_room(limits: Limits) -> bytes:
    text = f"{limits.connections} connections are open to this server, and it has room for no more; try again soon\n"
    head = [
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(text)}",
    ]
    return "\r\n".join([*head, "Retry-After: 30", "Connection: close", "", text]).encode()


def _one_slash_further(address: str) -> Answer:
    return text_answer(HTTPStatus.MOVED_PERMANENTLY, "one slash further", Location=address)
