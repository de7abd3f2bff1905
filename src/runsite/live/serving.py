"""Serve a site, and with `watch` keep it as its stores are: the whole story of `runsite serve`."""

import contextlib
import secrets
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runsite.build import BuildResult, build
from runsite.build.assets import theme_place
from runsite.build.kept import Kept
from runsite.config import read_settings
from runsite.errors import RunsiteError, ServeError
from runsite.live.access import LOOPBACK, Access, is_loopback, make_access, tunnel_line
from runsite.live.live_files import live_files
from runsite.live.rebuilding import Rebuilding, StoppableReporter, changed_paths
from runsite.live.server import SiteServer
from runsite.live.site_files import SiteFiles
from runsite.live.streams import Streams
from runsite.live.watching import Hints, Watcher
from runsite.reporter import Reporter
from runsite.signatures import Signature, signature
from runsite.site.written import SITE_FILE
from runsite.themes import DEFAULT_THEME, theme_folders

FIRST_PORT = 7483
# Who serves more sites than that names a port.
PORTS = 20
# A build that moves its files into place is waited for; that is a matter of milliseconds to a few seconds.
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Place:
    """What is built from where to where."""

    stores: Sequence[Path]
    output: Path
    cache: Path

    def theme_folders(self) -> tuple[Path, ...]:
        """Name the folders of the theme; those of the default theme if the settings cannot be read."""
        try:
            chosen, own = theme_place(self.stores[0], read_settings(self.stores[0]).theme)
            return theme_folders(chosen, project_folder=own)
        except RunsiteError:
            return theme_folders(DEFAULT_THEME)

    def watched(self) -> list[Path]:
        """Name the folders whose changes change the site: the stores, and what the theme is made of."""
        places = [*map(Path.absolute, self.stores), *self.theme_folders()]
        return [
            place for place in places if not any(place != other and place.is_relative_to(other) for other in places)
        ]


class _Templates:
    """Tells of a theme's templates whether they are as they were."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seen = self._look()

    def _look(self) -> dict[str, Signature]:
        folders = self._place.theme_folders()
        files = (file for folder in folders for file in (folder / "templates").rglob("*.html"))
        return {str(file): signature(file) for file in files}

    def have_changed(self) -> bool:
        """Tell whether they changed since this was asked last."""
        before, self._seen = self._seen, self._look()
        return before != self._seen


class PageAudience:
    """Tells open pages."""

    def __init__(self, streams: Streams, templates: _Templates, say: Callable[[str], None]) -> None:
        self._streams = streams
        self._templates = templates
        self._say = say
        self.failure = "Looking for runs…"

    def wrote(self, result: BuildResult, seconds: float) -> None:
        del seconds
        self._streams.tell(changed_paths(result), must_reload=self._templates.have_changed())

    def replaced(self) -> None:
        self._streams.tell((), must_reload=True)

    def failed(self, text: str) -> None:
        self._say(text)
        self.failure = text
        self._streams.tell_error(text)

    def mended(self) -> None:
        self._say("built again")
        self._streams.tell_error(None)


class LineAudience:
    """Says each build in one line."""

    def __init__(self, output: Path, say: Callable[[str], None]) -> None:
        self._output = output
        self._say = say

    def wrote(self, result: BuildResult, seconds: float) -> None:
        self._say(f"{self._output / 'index.html'}: {result.in_words()}, {seconds:.1f} s")

    def replaced(self) -> None:
        self._say(f"{self._output / 'index.html'}: built by another process")

    def failed(self, text: str) -> None:
        self._say(text)

    def mended(self) -> None:
        self._say("built again")


def rebuilding(
    place: Place, audience: Any, *, reporter: Reporter, polls: bool, build_options: Mapping[str, Any] | None = None
) -> Rebuilding:
    """Make the loop that keeps a site as its stores are."""
    stop, kept = threading.Event(), Kept()
    hints = Hints(leave_out=(place.output.absolute(), place.cache.absolute()))
    reporting = StoppableReporter(reporter, stop)
    return Rebuilding(
        build=lambda paths: build(
            place.stores,
            place.output,
            cache=place.cache,
            reporter=reporting,
            kept=kept,
            hints=paths,
            **(build_options or {}),
        ),
        look=lambda: kept.changed_inputs(place.output, place.cache),
        places=place.watched,
        site_file=place.output / SITE_FILE,
        audience=audience,
        hints=hints,
        stop=stop,
        watcher=None if polls else Watcher(hints),
        say=reporter.message,
    )


@contextlib.contextmanager
def running(loop: Rebuilding) -> Iterator[threading.Thread]:
    """Run the loop beside; leaving ends it, a build that is under way with the old site or the new one whole."""
    thread = threading.Thread(target=loop.run, name="builds", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        loop.stop.set()
        loop.hints.wake()
        thread.join(STOP_SECONDS)


def watch(place: Place, *, reporter: Reporter, build_options: Mapping[str, Any]) -> None:
    """Build whenever something changes, until interrupted."""
    loop = rebuilding(
        place, LineAudience(place.output, reporter.message), reporter=reporter, polls=False, build_options=build_options
    )
    with _until_interrupted(), running(loop) as thread:
        while thread.is_alive():
            thread.join(1)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, as it was asked for."""

    host: str = LOOPBACK
    port: int | None = None
    """None is the first free one."""


def serve(
    place: Place,
    listening: Listening,
    *,
    watches: bool,
    polls: bool,
    reporter: Reporter,
    opens: Callable[[str], object],
    environ: Mapping[str, str],
) -> None:
    """Serve the site until interrupted, built before or again and again; `opens` hears its address."""
    if not watches:
        result = build(place.stores, place.output, cache=place.cache, reporter=reporter)
        reporter.message(f"{place.output / 'index.html'}: {result.in_words()}")
    access = make_access(listening.host, environ=environ)
    streams = Streams(secrets.token_hex(4)) if watches else None
    files = SiteFiles(place.output)
    with _until_interrupted(), contextlib.ExitStack() as stack:
        audience = None
        if streams is not None:
            audience = PageAudience(streams, _Templates(place), reporter.message)
        server = listen(listening, files, access, streams=streams, place=place, audience=audience, say=reporter.message)
        stack.callback(server.server_close)
        if streams is not None:
            stack.callback(streams.close)
        if audience is not None:
            stack.enter_context(running(rebuilding(place, audience, reporter=reporter, polls=polls)))
        address = _announce(server, access, listening, environ=environ, say=reporter.message)
        threading.Timer(0, opens, (address,)).start()
        server.serve_forever(poll_interval=0.5)


def listen(
    listening: Listening,
    files: SiteFiles,
    access: Access,
    *,
    streams: Streams | None,
    place: Place,
    audience: PageAudience | None,
    say: Callable[[str], None],
) -> SiteServer:
    """Take the port that was asked for, or the first that is free; ServeError if there is none."""
    wanted = [listening.port] if listening.port is not None else list(range(FIRST_PORT, FIRST_PORT + PORTS))
    problem: OSError | None = None
    for port in wanted:
        try:
            server = SiteServer(
                (listening.host, port),
                files,
                access,
                streams=streams,
                live_files=lambda: live_files(place.theme_folders()),
                waits_for=lambda: audience.failure if audience else "",
            )
        except OSError as error:
            problem = error
            continue
        if listening.port is None and port != FIRST_PORT:
            say(f"port {FIRST_PORT} is busy; taking {port}")
        return server
    assert problem is not None
    raise ServeError(listening.host, wanted[0], problem.strerror or str(problem))


def _announce(
    server: SiteServer, access: Access, listening: Listening, *, environ: Mapping[str, str], say: Callable[[str], None]
) -> str:
    """Say where the site is, and how to get there from elsewhere; return its address."""
    port = server.server_address[1]
    is_here = is_loopback(listening.host)
    name = "127.0.0.1" if listening.host in ("0.0.0.0", "::", "") else listening.host
    address = f"http://{f'[{name}]' if ':' in name else name}:{port}{access.prefix}"
    say(f"serving {address}")
    if not is_here:
        say(
            "warning: whoever reaches this machine and has this address can read the site; it goes over the line openly"
        )
    connection = environ.get("SSH_CONNECTION")
    if connection and is_here:
        user = environ.get("USER") or environ.get("LOGNAME") or "you"
        say(f"from your own machine: {tunnel_line(port, connection, user)}")
        say(f"then open {address}")
    say("Ctrl-C ends it")
    return address


@contextlib.contextmanager
def _until_interrupted() -> Iterator[None]:
    """End well on Ctrl-C, and on SIGTERM as if it were one."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        yield
