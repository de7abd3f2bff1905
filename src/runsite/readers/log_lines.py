"""Frame the bytes of a log as numbered lines, in chunks, without ever holding a long file or a long line whole."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol

from runsite.records.json_object import MAX_LINE_BYTES

# Large enough that one decoding loop covers some 40,000 rows, small enough that 20 copies fit in 200 MB.
CHUNK_BYTES = 8 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
# U+0080 to U+009F, control characters too, as UTF-8.
_HIGH_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class LineChunk:
    """Some whole lines of a file, without their line ends."""

    first_number: int
    lines: list[bytes]
    plain: bool
    """No line of it is `odd`."""
    pending: bool = False
    """One line that has no newline yet."""
    end: int = 0
    """How many bytes of the file were read with it, the last newline included."""


class BrokenGzipError(Exception):
    """A compressed log that ends early or is damaged."""


class Digest(Protocol):
    """What takes in all bytes of a file as they are read."""

    def update(self, data: bytes, /) -> None: ...


def read_chunks(
    path: Path,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    digest: Digest | None = None,
    start: int = 0,
    first_number: int = 1,
) -> Iterator[LineChunk]:
    """Yield a log's lines; raise `BrokenGzipError` after the last line a damaged .gz gives, OSError as it comes.

    `start` is where the line `first_number` begins.
    """
    rest, number, broken, end = _Rest(), first_number, None, start
    with _opened(path, digest) as stream:
        if start:
            stream.seek(start)
        while True:
            try:
                # Of a damaged .gz, read() would lose all that it had unpacked so far; read1() hands it out first.
                block = stream.read1(chunk_bytes) if isinstance(stream, gzip.GzipFile) else stream.read(chunk_bytes)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                block, broken = b"", error
            if not block:
                break
            whole, newline, tail = block.rpartition(b"\n")
            end += len(block)
            if newline:
                chunk = _chunk(rest.taken() + whole, number, end=end - len(tail))
                number += len(chunk.lines)
                yield chunk
            rest.add(tail)
    if rest.size:
        tail_chunk = _chunk(rest.taken(), number, end=end)
        yield LineChunk(number, tail_chunk.lines, tail_chunk.plain, pending=True)
    if broken is not None:
        raise BrokenGzipError(str(broken) or "ends early")


class _Rest:
    """The beginning of a line whose end is not read yet; no more of it than shows that it is too long."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def add(self, piece: bytes) -> None:
        if self.size <= MAX_LINE_BYTES:
            self._pieces.append(piece)
            self.size += len(piece)

    def taken(self) -> bytes:
        content = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return content


class _DigestedFile(FileIO):
    """A file that is digested on the way."""

    def __init__(self, path: Path, digest: Digest) -> None:
        super().__init__(path)
        self._digest = digest

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        self._digest.update(block)
        return block


def _opened(path: Path, digest: Digest | None) -> gzip.GzipFile | FileIO:
    if path.suffix == ".gz":
        if digest is not None:  # by itself, as a damaged one is not read to its end
            digest.update(path.read_bytes())
        return gzip.GzipFile(path, "rb")
    return FileIO(path) if digest is None else _DigestedFile(path, digest)


def _chunk(content: bytes, number: int, *, end: int) -> LineChunk:
    if number == 1 and content.startswith(_BOM):
        content = content[len(_BOM) :]
    lines = content.split(b"\n")
    if b"\r" in content:
        lines = [line.removesuffix(b"\r") for line in lines]
    if len(content) > MAX_LINE_BYTES:
        # One byte too many, and no JSON any more: whoever parses it says that it is too long.
        lines = [line if len(line) <= MAX_LINE_BYTES else line[:MAX_LINE_BYTES] + b"\0" for line in lines]
    return LineChunk(number, lines, not is_odd(content), end=end)


def is_odd(content: bytes) -> bool:
    """Tell whether a name in it may hold a control character, or half a surrogate pair: an escape or a raw one."""
    return b"\\" in content or b"\x7f" in content or (b"\xc2" in content and bool(_HIGH_CONTROL.search(content)))
