"""Plain text for a terminal: columns that line up whatever the script of a name, and no text that steers the terminal.

A wide character (East Asian, emoji) takes two cells, a combining one none. Control characters, which could move the
cursor or colour the screen, and the marks that reverse the direction of text are shown as U+FFFD; a line break or tab
as a space.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from runsite.model.visible import REVERSING

REPLACEMENT = "\ufffd"
GAP = "  "


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of a plain table: its header lines, its cells, and which side they keep to."""

    header: tuple[str, ...]
    cells: tuple[str, ...]
    is_right: bool = False

    @property
    def width(self) -> int:
        return max(map(display_width, (*self.header, *self.cells)), default=0)

    def lines(self) -> list[str]:
        """Return header and cells, each as wide as the widest."""
        width = self.width
        return [pad(text, width, right=self.is_right) for text in (*self.header, *self.cells)]


def plain(text: str) -> str:
    """Make a text safe to print on one line."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain_character, text))


def plain_block(text: str, indent: str = "") -> str:
    """Make a text of many lines safe to print."""
    return "\n".join(indent + plain(line) for line in text.splitlines())


def display_width(text: str) -> int:
    """Count the cells a text takes."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def cut(text: str, width: int) -> str:
    """Shorten a text to so many cells, with an ellipsis."""
    if display_width(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _character_width(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up with blanks, on its left if it keeps to the right."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def lay_out(columns: Sequence[TextColumn], *, rule: bool = True) -> list[str]:
    """Put columns beside each other, with a line under the header."""
    if not columns:
        return []
    lines = [GAP.join(parts).rstrip() for parts in zip(*(column.lines() for column in columns), strict=True)]
    under_header = len(columns[0].header)
    if rule and under_header:
        lines.insert(under_header, GAP.join("─" * column.width for column in columns))
    return lines


@cache
def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _plain_character(character: str) -> str:
    if character in "\n\r\t\v\f\u2028\u2029":
        return " "
    if character in REVERSING or unicodedata.category(character) in ("Cc", "Cs"):
        return REPLACEMENT
    return character
