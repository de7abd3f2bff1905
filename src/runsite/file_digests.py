"""Digest files and folders: the one rule behind every `digest` and `sha256` that runsite writes.

A file: the sha256 of its bytes. A folder: the sha256 of what `sha256sum` prints for its files in the order of their
paths (UTF-8 bytes, `/` between parts, relative to the folder), so that anyone can check it with

    find . -type f | sed 's|^\\./||' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum

Links to folders are not followed and empty folders count for nothing.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# Large enough that hashing, not calling, takes the time; small beside any model.
BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file or a folder holds, in two figures."""

    sha256: str
    size_bytes: int


def file_digest(path: Path) -> Digest:
    """Digest one file."""
    with path.open("rb") as stream:
        return stream_digest(stream)


def stream_digest(stream: BinaryIO) -> Digest:
    """Digest what is left of a stream."""
    total, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK_BYTES):
        total.update(block)
        size += len(block)
    return Digest(total.hexdigest(), size)


def folder_digest(folder: Path) -> Digest:
    """Digest all files of a folder."""
    total, size = hashlib.sha256(), 0
    for relative in sorted(files_below(folder), key=os.fsencode):
        digest = file_digest(folder / relative)
        total.update(f"{digest.sha256}  ".encode() + os.fsencode(relative) + b"\n")
        size += digest.size_bytes
    return Digest(total.hexdigest(), size)


def path_digest(path: Path) -> Digest:
    """Digest a file or a folder."""
    return folder_digest(path) if path.is_dir() else file_digest(path)


def files_below(folder: Path) -> Iterator[str]:
    """Yield the files of a folder as relative paths with `/`, in no order; broken links are passed over."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.is_file():
                yield path.relative_to(folder).as_posix()
