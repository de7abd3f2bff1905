"""A small folder that is listed like a site, a server on a free port, and requests as bytes, which nobody tidies."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from runsite.live.access import Access
from runsite.live.server import Limits, SiteServer
from runsite.live.site_files import SiteFiles
from runsite.live.streams import Streams

PAGE = (
    b"<!doctype html>\n<html>\n<head>\n"
    b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'\">\n"
    b"</head>\n<body><h1>Site</h1></body>\n</html>\n"
)
FILES = {
    "index.html": PAGE,
    "404.html": b"<!doctype html><title>Not found</title>",
    "runs/index.html": PAGE,
    "experiments/odd-1/index.html": PAGE,
    "assets/site.js": b"1;",
    "artifacts/ab/clip.mp4": bytes(range(256)) * 4,
    "artifacts/ab/scan.svg": b"<svg/>",
}
SECRET = b"not for anybody"


def write_site(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """Write files and the list that names them; beside them lies what nobody may read."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "site-files.json").write_text(json.dumps(sorted(files)))
    (folder / "site.json").write_text('{"generator": "runsite"}')
    (folder / "unlisted.txt").write_bytes(SECRET)
    (folder.parent / "secret.txt").write_bytes(SECRET)
    return folder


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes


@dataclass
class Served:
    """A server that runs, and how to ask it."""

    port: int
    streams: Streams | None
    open_sockets: list[socket.socket] = field(default_factory=list)

    def connect(self) -> socket.socket:
        """Open a connection; it is closed with the server."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.open_sockets.append(connection)
        return connection

    def ask(self, target: str | bytes, method: str = "GET", **headers: str) -> Reply:
        """Send a request whose target is exactly this."""
        line = target if isinstance(target, bytes) else target.encode()
        sent = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items() if value)
        connection = self.connect()
        connection.sendall(method.encode() + b" " + line + b" HTTP/1.1\r\n" + head.encode() + b"\r\n")
        return read_reply(connection)


def read_reply(connection: socket.socket) -> Reply:
    """Read to the end of the connection."""
    received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, content = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return Reply(int(status.split()[1]), {name.lower(): value for name, _, value in pairs}, content)


@contextmanager
def serving(
    folder: Path,
    *,
    access: Access | None = None,
    streams: Streams | None = None,
    limits: Limits | None = None,
) -> Iterator[Served]:
    """Serve a folder while the context lasts."""
    names = Access(frozenset({"localhost"}))
    server = SiteServer(
        ("127.0.0.1", 0),
        SiteFiles(folder),
        access or names,
        streams=streams,
        live_files=lambda: {"live.js": b"2;", "live.css": b"p {}"},
        waits_for=lambda: "runs: no such store <yet>",
        limits=limits,
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    served = Served(server.server_address[1], streams)
    try:
        yield served
    finally:
        if streams is not None:
            streams.close()
        for connection in served.open_sockets:
            connection.close()
        server.shutdown()
        server.server_close()
        thread.join()
