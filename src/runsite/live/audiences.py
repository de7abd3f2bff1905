"""Who is told what builds came to: open pages, or the terminal."""

from collections.abc import Callable
from pathlib import Path

from runsite.build import BuildResult
from runsite.live.look import Look
from runsite.live.streams import Streams
from runsite.themes import ASSETS_FOLDER

WAITING = "Looking for runs…"


class PageAudience:
    """Tells open pages."""

    def __init__(self, streams: Streams, look: Look, say: Callable[[str], None]) -> None:
        self._streams = streams
        self._look = look
        self._say = say
        self.failure = WAITING

    def wrote(self, result: BuildResult, seconds: float) -> None:
        del seconds
        written, removed = result.written.written, result.written.removed
        has_other_assets = any(path.startswith(ASSETS_FOLDER) for path in (*written, *removed))
        must_reload = self._look.renew(has_other_assets=has_other_assets)
        self._streams.look = self._look.digest
        self._streams.tell(written, removed=removed, must_reload=must_reload)

    def replaced(self) -> None:
        before = self._look.digest
        self._look.renew()
        self._streams.look = self._look.digest
        self._streams.tell_unknown(must_reload=self._look.digest != before)

    def failed(self, text: str, *, has_written: bool = False) -> None:
        self._say(text)
        self.failure = text
        if has_written:
            self.replaced()
        self._streams.tell_error(text)

    def mended(self) -> None:
        self._say("built again")
        self.failure = WAITING
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

    def failed(self, text: str, *, has_written: bool = False) -> None:
        del has_written
        self._say(text)

    def mended(self) -> None:
        self._say("built again")
