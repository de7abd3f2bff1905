"""Serve a site, and with `watch` keep it as its stores are: the whole story of `runsite serve`."""

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runsite import interrupts
from runsite.build import build
from runsite.build.kept import Kept
from runsite.errors import RunsiteError
from runsite.live.access import make_access
from runsite.live.audiences import LineAudience, PageAudience
from runsite.live.listening import Listening, announce, listen
from runsite.live.look import Look
from runsite.live.place import Place
from runsite.live.rebuilding import Audience, LastingReporter, Rebuilding, StoppableReporter
from runsite.live.site_files import SiteFiles
from runsite.live.streams import Streams
from runsite.live.watching import Hints, Watcher
from runsite.reporter import Reporter
from runsite.site.written import SITE_FILE

# A build that was told to stop ends after the run, page or chart that it is at; a disk that hangs holds nobody up.
STOP_SECONDS = 30
ENDED = "a fault of ours (above) ended the building, and the site would stay as it is; start again"


def rebuilding(
    place: Place, audience: Audience, *, reporter: Reporter, polls: bool, build_options: Mapping[str, Any]
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
            **build_options,
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
def running(loop: Rebuilding, *, unasked: Callable[[], object] = lambda: None) -> Iterator[threading.Event]:
    """Run the loop beside; leaving ends it, a build that is under way with the old site or the new one whole.

    Gives what is set when the loop has ended; `unasked` is called where nobody told it to end. Nobody joins the thread:
    Python 3.11 takes one for ended where a signal interrupts that.
    """
    ended = threading.Event()

    def run() -> None:
        try:
            loop.run()
        finally:
            ended.set()
            if not loop.stop.is_set():
                unasked()

    thread = threading.Thread(target=run, name="builds", daemon=True)
    try:
        thread.start()
        yield ended
    finally:
        loop.stop.set()
        loop.hints.wake()
        if thread.is_alive() and not ended.wait(STOP_SECONDS):
            interrupts.begin_nothing_more()


def watch(place: Place, *, reporter: Reporter, build_options: Mapping[str, Any]) -> None:
    """Build whenever something changes, until interrupted."""
    reporter = LastingReporter(reporter)
    loop = rebuilding(
        place, LineAudience(place.output, reporter.message), reporter=reporter, polls=False, build_options=build_options
    )
    with contextlib.suppress(KeyboardInterrupt), running(loop) as ended:
        while not ended.wait(1):  # without end, Windows would hear no Ctrl-C
            pass
        raise RunsiteError(ENDED)


def serve(
    place: Place,
    listening: Listening,
    *,
    watches: bool,
    polls: bool,
    reporter: Reporter,
    build_options: Mapping[str, Any],
    opens: Callable[[str], object],
    environ: Mapping[str, str],
) -> None:
    """Serve the site until interrupted, built before or again and again; `opens` hears its address."""
    reporter = LastingReporter(reporter)
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
            result = build(place.stores, place.output, cache=place.cache, reporter=reporter, **build_options)
            for note in result.notes:
                reporter.message(note)
            reporter.message(f"{place.output / 'index.html'}: {result.in_words()}")
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        if streams is not None:
            stack.callback(streams.close)
        if audience is not None:
            loop = rebuilding(place, audience, reporter=reporter, polls=polls, build_options=build_options)
            stack.enter_context(running(loop, unasked=server.shutdown))
        address = announce(server, access, listening, environ=environ, say=reporter.message)
        # It is waited for where it runs in the terminal, and the process must not wait with it.
        threading.Thread(target=opens, args=(address,), daemon=True).start()
        server.serve_forever(poll_interval=0.5)
        raise RunsiteError(ENDED)
