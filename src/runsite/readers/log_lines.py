"""Frame the bytes of a log as numbered lines, in chunks, without ever holding a long file whole."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

# Large enough that one decoding loop covers some 40,000 rows, small enough that 20 copies fit in 200 MB.
CHUNK_BYTES = 8 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LineChunk:
    """Some whole lines of a file, without their line ends."""

    first_number: int
    lines: list[bytes]
    plain: bool
    """No backslash and no DEL: no name among these lines can hold a control character."""
    pending: bool = False
    """One line that has no newline yet."""


class BrokenGzipError(Exception):
    """A compressed log that ends early or is damaged."""


def read_chunks(path: Path) -> Iterator[LineChunk]:
    """Yield a log's lines; raise `BrokenGzipError` after the last line a damaged .gz gives, OSError as it comes."""
    rest, number, broken = b"", 1, None
    with _opened(path) as stream:
        while True:
            try:
                block = stream.read(CHUNK_BYTES)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                block, broken = b"", error
            if not block:
                break
            rest += block
            whole, newline, rest = rest.rpartition(b"\n")
            if newline:
                chunk = _chunk(whole, number)
                number += len(chunk.lines)
                yield chunk
    if rest:
        tail = _chunk(rest, number)
        yield LineChunk(number, tail.lines, tail.plain, pending=True)
    if broken is not None:
        raise BrokenGzipError(str(broken) or "ends early")


def _opened(path: Path) -> gzip.GzipFile | FileIO:
    return gzip.GzipFile(path, "rb") if path.suffix == ".gz" else FileIO(path)


def _chunk(content: bytes, number: int) -> LineChunk:
    if number == 1 and content.startswith(_BOM):
        content = content[len(_BOM) :]
    plain = b"\\" not in content and b"\x7f" not in content
    lines = content.split(b"\n")
    if b"\r" in content:
        lines = [line.removesuffix(b"\r") for line in lines]
    return LineChunk(number, lines, plain)
