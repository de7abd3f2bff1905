"""The words, quoted texts and signs of a run filter; `static/filter_tokens.js` is its twin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from runsite.errors import FilterError

MAX_SHOWN = 30
KEYWORDS = frozenset({"and", "or", "not", "in", "like", "ilike", "is"})
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_SPACES = re.compile(f"[{_SPACE}]*")
_BARE = re.compile(rf"(?:[A-Za-z0-9_./\-@:\[\]%+#$]|[^\x00-\x7f{_SPACE}])+")
_SIGNS = re.compile("[=!<>~]+")
_WORDS = {"&": 'write "and"', "|": 'write "or"'}
_CURLY = "\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a path, between dots."""

    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One word, quoted text, path or sign, and where it stands."""

    kind: str
    """word, text, name (a path with quotes), sign, end, or a bracket or comma itself."""
    text: str
    start: int
    end: int
    parts: tuple[Part, ...] = ()

    @property
    def keyword(self) -> str:
        lowered = self.text.lower() if self.kind == "word" else ""
        return lowered if lowered in KEYWORDS else ""


def count_units(text: str, place: int) -> int:
    """Say a place in a text as a browser counts."""
    return place + sum(char > "\uffff" for char in text[:place])


def fail_at(text: str, start: int, end: int, problem: str) -> NoReturn:
    """Raise an error that points at a piece of the filter."""
    raise FilterError(text, count_units(text, start), count_units(text, end), problem)


def read_tokens(text: str) -> Iterator[Token]:
    """Split a filter; the last token is its end."""
    place = _skip_spaces(text, 0)
    while place < len(text):
        token = _token(text, place)
        yield token
        place = _skip_spaces(text, token.end)
    yield Token("end", "", len(text), len(text))


def _skip_spaces(text: str, place: int) -> int:
    found = _SPACES.match(text, place)
    return found.end() if found else place


def _token(text: str, start: int) -> Token:
    char = text[start]
    if char == "(":
        return Token("(", char, start, start + 1)
    if char == ")":
        return Token(")", char, start, start + 1)
    if char == ",":
        return Token(",", char, start, start + 1)
    if char == "'":
        inner, end = _read_quoted(text, start)
        return Token("text", inner, start, end)
    signs = _SIGNS.match(text, start)
    if signs:
        return Token("sign", signs[0], start, signs.end())
    return _read_path(text, start)


def _read_path(text: str, start: int) -> Token:
    parts: list[Part] = []
    place, after_dot = start, True
    while after_dot:
        if text[place : place + 1] in ("`", '"'):
            inner, place = _read_quoted(text, place)
            parts.append(Part(inner, is_quoted=True))
        else:
            bare = _read_bare(text, place)
            place += len(bare)
            follows = text[place : place + 1] in ("`", '"') and bare.endswith(".")
            parts += map(Part, (bare[:-1] if follows else bare).split("."))
            if follows:
                continue
        after_dot = text[place : place + 1] == "." and parts[-1].is_quoted
        place += after_dot
    if len(parts) == 1 and text[start] == '"':
        return Token("text", parts[0].text, start, place, tuple(parts))
    kind = "name" if any(part.is_quoted for part in parts) else "word"
    return Token(kind, text[start:place], start, place, tuple(parts))


def _read_bare(text: str, place: int) -> str:
    found = _BARE.match(text, place)
    if found is None and (place == len(text) or _SPACES.fullmatch(text[place])):
        fail_at(text, place, place, "expected a name after .")
    if found is None:
        remedy = _WORDS.get(text[place], "a name that holds it is written in backticks")
        problem = f"{shown(text[place])} means nothing here; {remedy}"
        fail_at(text, place, place + 1, problem)
    if found[0][0] in _CURLY:
        fail_at(text, place, place + 1, f"{found[0][0]} is not a quote here; write ' or \"")
    return found[0]


def _read_quoted(text: str, start: int) -> tuple[str, int]:
    quote = text[start]
    end = text.find(quote, start + 1)
    while end >= 0 and text.startswith(quote, end + 1):
        end = text.find(quote, end + 2)
    if end < 0:
        fail_at(text, start, start + 1, f"the {quote} opened here is never closed; add {quote}")
    return text[start + 1 : end].replace(quote * 2, quote), end + 1


def shown(text: str) -> str:
    """Write a piece of the filter as an error quotes it: on one line, and cut."""
    plain = "".join(" " if char < " " or char in "\x7f\x85\u2028\u2029" else char for char in text)
    return plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 1] + "\u2026"
