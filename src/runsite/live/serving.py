"""Serve a site, and with `watch` keep it as its stores are: the whole story of `runsite serve`."""

import contextlib
import secrets
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runsite.build import build
from runsite.build.kept import Kept
from runsite.live.access import make_access
from runsite.live.audiences import LineAudience, PageAudience
from runsite.live.listening import Listening, announce, listen
from runsite.live.look import Look
from runsite.live.place import Place
from runsite.live.rebuilding import Audience, Rebuilding, StoppableReporter
from runsite.live.site_files import SiteFiles
from runsite.live.streams import Streams
from runsite.live.watching import Hints, Watcher
from runsite.reporter import Reporter
from runsite.site.written import SITE_FILE

# A build that moves its files into place is waited for; that is a matter of milliseconds to a few seconds.
STOP_SECONDS = 30


def rebuilding(
    place: Place, audience: Audience, *, reporter: Reporter, polls: bool, build_options: Mapping[str, Any] | None = None
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
        is_led_out=place.is_led_out,
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
    access = make_access(listening.host, environ=environ)
    look = Look(place)
    streams = Streams(secrets.token_hex(4), look.digest) if watches else None
    files = SiteFiles(place.output)
    audience = None if streams is None else PageAudience(streams, look, reporter.message)
    with contextlib.ExitStack() as stack:
        # First, for a port that is busy must not be found out after a build of minutes.
        server = listen(listening, files, access, streams=streams, place=place, audience=audience, say=reporter.message)
        stack.callback(server.server_close)
        if not watches:
            result = build(place.stores, place.output, cache=place.cache, reporter=reporter)
            reporter.message(f"{place.output / 'index.html'}: {result.in_words()}")
        stack.enter_context(_until_interrupted())
        if streams is not None:
            stack.callback(streams.close)
        if audience is not None:
            stack.enter_context(running(rebuilding(place, audience, reporter=reporter, polls=polls)))
        address = announce(server, access, listening, environ=environ, say=reporter.message)
        threading.Timer(0, opens, (address,)).start()
        server.serve_forever(poll_interval=0.5)


@contextlib.contextmanager
def _until_interrupted() -> Iterator[None]:
    """End well on Ctrl-C, and on SIGTERM as if it were one."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        yield
