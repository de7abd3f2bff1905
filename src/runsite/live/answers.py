"""What is answered to a request: values, made from a file and the headers that were sent; nothing is sent here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import BinaryIO

from runsite.live.live_page import POLICY
from runsite.live.media_types import media_type
from runsite.live.site_files import OpenFile

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Data files are scripts, which any page could load and read if browsers were not told otherwise.
    "Cross-Origin-Resource-Policy": "same-origin",
    # Kept, but asked for anew each time: what is not as it was is seen at once, what is costs no bytes.
    "Cache-Control": "no-cache",
}


@dataclass(slots=True)
class Answer:
    """A status, headers and what follows them."""

    status: HTTPStatus
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    stream: BinaryIO | None = None
    """In place of `content`: a file, from where it stands."""
    length: int = 0
    """How much of the stream."""


def text_answer(status: HTTPStatus, text: str, **headers: str) -> Answer:
    """Answer with a line of text."""
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    plain = {"Content-Type": "text/plain; charset=utf-8", "Content-Security-Policy": POLICY}
    return Answer(status, {**COMMON, **plain, **own}, f"{text}\n".encode())


def page_answer(content: bytes, status: HTTPStatus = HTTPStatus.OK, *, policy: str = POLICY) -> Answer:
    """Answer with a page that is made or changed on the way."""
    return Answer(
        status, {**COMMON, "Content-Type": media_type("index.html"), "Content-Security-Policy": policy}, content
    )


def file_answer(file: OpenFile, asked: Mapping[str, str]) -> Answer:
    """Answer with a file, with the part of it that was asked for, or with the news that it is as it was."""
    headers = {**COMMON, "ETag": file.tag, "Content-Security-Policy": POLICY}
    if file.tag in _tags(asked.get("If-None-Match", "")):
        return Answer(HTTPStatus.NOT_MODIFIED, headers)
    headers |= {"Content-Type": media_type(file.path), "Accept-Ranges": "bytes"}
    wanted = asked.get("Range", "") if asked.get("If-Range", file.tag) == file.tag else ""
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or not (found[1] or found[2]):
        return Answer(HTTPStatus.OK, headers, stream=file.stream, length=file.size_bytes)
    first, end = _part(found[1], found[2], file.size_bytes)
    if first >= end:
        headers["Content-Range"] = f"bytes */{file.size_bytes}"
        return Answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers)
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{file.size_bytes}"
    file.stream.seek(first)
    return Answer(HTTPStatus.PARTIAL_CONTENT, headers, stream=file.stream, length=end - first)


def _tags(text: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in text.split(",")]


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """Return where a part begins and ends; without a beginning it is so many of the last bytes."""
    # Longer numbers lie beyond any file, and Python refuses to read very long ones.
    begin, end = (int(text[:20]) if text else None for text in (first, last))
    if begin is None:
        return max(0, size - (end or 0)), size
    return begin, size if end is None else min(end + 1, size)
