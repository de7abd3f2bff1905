"""Open pages and what each still has to hear: one queue per page, and how far each page has come.

A *generation* counts the builds that wrote something. A page knows the one it was served at, and gets what changed
since. The server keeps, of each path, the generation that wrote it last, so a page that slept or lost its connection
catches up whatever it missed. Where the server cannot know what a page missed, because it was itself started anew or
another process built the site, the page loads all its data once more and compares; only if its *look* is another, which
is a digest of the theme, must it be loaded again itself. A page that does not take what is sent is let go once its
queue is full: it comes back and catches up.
"""

import json
import queue
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from runsite.live.news import News, all_news, news_for

# A page takes an event in some 20 ms; whoever is 32 builds behind does better to begin anew.
QUEUE_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Batch:
    """What one build, or several, mean for a page: events, and the generation that they lead to."""

    generation: str
    news: tuple[News, ...]


@dataclass(eq=False, slots=True)
class Stream:
    """One open page."""

    page: str
    batches: "queue.Queue[Batch | None]" = field(default_factory=lambda: queue.Queue(QUEUE_LENGTH))
    """None ends the stream."""


class Streams:
    """All open pages."""

    def __init__(self, epoch: str, look: str) -> None:
        """`epoch` names this run of the server, `look` what pages look like."""
        self.look = look
        self._epoch = epoch
        self._lock = threading.Lock()
        self._number = 0
        self._written: dict[str, int] = {}
        """The generation that wrote or removed a path last."""
        self._gone: set[str] = set()
        """Paths of those that were removed and not written since."""
        self._reloaded = 0
        """The last generation that all pages must be loaded again for."""
        self._replaced = 0
        """The last generation of which it is not known what it changed."""
        self._error: str | None = None
        self._open: set[Stream] = set()
        self._is_closed = False

    @property
    def generation(self) -> str:
        return f"{self._epoch}.{self.look}-{self._number}"

    def __len__(self) -> int:
        return len(self._open)

    def tell(self, written: Collection[str], *, removed: Collection[str] = (), must_reload: bool = False) -> None:
        """Tell open pages of a build that wrote or removed files."""
        with self._lock:
            self._number += 1
            changed = {*written, *removed}
            self._written |= dict.fromkeys(changed, self._number)
            self._gone = (self._gone - set(written)) | set(removed)
            if must_reload:
                self._reloaded = self._number
            for stream in list(self._open):
                self._put(stream, news_for(stream.page, changed, gone=self._gone, must_reload=must_reload))

    def tell_unknown(self, *, must_reload: bool) -> None:
        """Tell open pages that anything may have changed: all must be loaded again, or if not, all their data."""
        with self._lock:
            self._number += 1
            if must_reload:
                self._reloaded = self._number
            else:
                self._replaced = self._number
            for stream in list(self._open):
                self._put(stream, [News("reload")] if must_reload else all_news(stream.page))

    def tell_error(self, text: str | None) -> None:
        """Tell why a build failed, or that the last one did not."""
        with self._lock:
            if text != self._error:
                self._error = text
                for stream in list(self._open):
                    self._put(stream, [News("error", {"text": text})])

    def _put(self, stream: Stream, news: Iterable[News]) -> None:
        batch = Batch(self.generation, tuple(news))
        if not batch.news:  # it hears of it with what comes next
            return
        try:
            stream.batches.put_nowait(batch)
        except queue.Full:
            self._end(stream)

    def _end(self, stream: Stream) -> None:
        self._open.discard(stream)
        with stream.batches.mutex:
            stream.batches.queue.clear()
        stream.batches.put_nowait(None)

    @contextmanager
    def stream(self, page: str, since: str) -> Iterator[Stream]:
        """Open a stream that begins with what happened since a generation."""
        stream = Stream(page)
        with self._lock:
            if self._is_closed:
                stream.batches.put_nowait(None)
            else:
                self._put(stream, (*self._missed(page, since), News("error", {"text": self._error})))
                self._open.add(stream)
        try:
            yield stream
        finally:
            with self._lock:
                self._open.discard(stream)

    def _missed(self, page: str, since: str) -> Iterator[News]:
        began, _, number = since.rpartition("-")
        epoch, _, look = began.partition(".")
        # Python refuses to read very long numbers.
        known = int(number[:20]) if epoch == self._epoch and number.isdecimal() else -1
        if self._reloaded > known >= 0 or (known < 0 and look != self.look):
            yield News("reload")
        elif known < self._replaced:
            yield from all_news(page)
        else:
            changed = {path for path, written in self._written.items() if written > known}
            yield from news_for(page, changed, gone=self._gone, must_reload=False)

    def close(self) -> None:
        """End all streams; those that are asked for later end at once."""
        with self._lock:
            self._is_closed = True
            for stream in list(self._open):
                self._end(stream)


def event_text(event: str, data: Mapping[str, Any], *, generation: str, completes: bool) -> bytes:
    """Write an event as it is sent. Of that which completes a generation, it comes back as `Last-Event-ID`."""
    text = json.dumps({**data, "generation": generation}, ensure_ascii=False, separators=(",", ":"))
    known = f"id: {generation}\n" if completes else ""
    return f"{known}event: {event}\ndata: {text}\n\n".encode("utf-8", "replace")
