"""What a build did to the output folder, and the two files that say so there: their names, and what the list names."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

SITE_FILE = "site.json"
LIST_FILE = "site-files.json"
NOT_AS_WRITTEN = "it is not there as it was written"
"""Why a file is written that nothing makes different."""
PAGE_ENDINGS = (".html",)
# Names parted by single slashes, none of them `.` or `..`: so it stays inside the site, however it is read.
_OURS = re.compile(r"(?:(?!\.{0,2}(?:/|$))[^\x00-\x1f\x7f\\:/]+(?:/|$))+")


def may_be_ours(path: str) -> bool:
    """Tell whether a path is one that a build could have written."""
    return _OURS.fullmatch(path) is not None


def list_bytes(output: Path) -> bytes:
    """Return the list of a site's files as it lies there; nothing without one that can be read."""
    try:
        return (output / LIST_FILE).read_bytes()
    except OSError:
        return b""


def listed_paths(output: Path) -> list[str] | None:
    """Return the files of a site by its own list; None without a list that can be read.

    Somebody may have edited it: what no build could have written is left out, so that it is neither served nor deleted.
    """
    try:
        listed = json.loads(list_bytes(output))
    except ValueError:
        return None
    if not isinstance(listed, list):
        return None
    return [path for path in listed if isinstance(path, str) and may_be_ours(path)]


@dataclass(slots=True)
class Written:
    """What a finished build did."""

    written: Sequence[str] = field(default_factory=list)
    kept: Sequence[str] = field(default_factory=list)
    removed: Sequence[str] = field(default_factory=list)
    paths: Sequence[str] = field(default_factory=list)
    """All files of the site, sorted."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why each file was written, where it was said."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """Why the two files that tell of the others were written, if so."""
    bytes_written: int = 0

    def pages(self, paths: Sequence[str]) -> int:
        return sum(path.endswith(PAGE_ENDINGS) for path in paths)


def why_lists(*, is_same_list: bool, is_same_site: bool) -> dict[str, str]:
    """Say why the files that tell of a site are written, while of the others some are written or removed, or none."""
    of_site = NOT_AS_WRITTEN if is_same_list and is_same_site else "it sums the site up"
    of_list = NOT_AS_WRITTEN if is_same_site else "it lists the files of the site"
    return {SITE_FILE: of_site} if is_same_list else {LIST_FILE: of_list, SITE_FILE: of_site}


class ListedPaths(Sequence[str]):
    """The files of a site, read from its list when somebody asks; none without a list that can be read."""

    def __init__(self, output: Path, leave_out: Sequence[str] = ()) -> None:
        self._output = output
        self._leave_out = leave_out
        self._paths: list[str] | None = None

    def _read(self) -> list[str]:
        if self._paths is None:
            self._paths = [path for path in listed_paths(self._output) or () if path not in self._leave_out]
        return self._paths

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._read()[place]

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __eq__(self, other: object) -> bool:
        return self._read() == other

    __hash__ = None  # type: ignore[assignment]  # a list has none either
