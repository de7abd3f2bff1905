r"""Which rows LIKE and ~ match: patterns that mean the same in Python and in browsers; `filter_pattern.js` is the twin.

The policy. `re` and JavaScript differ in small ways (what `.` and `$` and `\s` match, what may stand unescaped, what
may be repeated), so a pattern is read here, by one grammar, and each language gets its own translation:

    a.c  [a-z]  [^0-9]  \d \D \w \W \s \S  ^ $ \b \B  (a|b)  (?:a)  (?=a) (?!a)  * + ? {2} {2,} {2,5}, each also with ?

Letters, digits and spaces of classes are those of ASCII; `.` is any character but a line feed, `$` the very end.
`(?i)` at the very beginning ignores the case of ASCII letters. No back references, no look-behind.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

# A pattern that somebody wrote by hand; it also bounds how deep groups nest.
MAX_PATTERN = 200
MAX_REPEAT = 1000
_SPACES = r" \t\n\r\f\v"
_NO_SPACES = r"\0-\x08\x0e-\x1f\x21-" + "\\U0010ffff"
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": _SPACES, "D": r"\D", "W": r"\W", "S": _NO_SPACES}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_REPEAT = re.compile(r"\{([0-9]{1,4})(,([0-9]{1,4})?)?\}")
_GROUPS = ("(?:", "(?=", "(?!")


class PatternError(ValueError):
    """A pattern outside our subset; the filter that holds it says where."""


Matches = Callable[[str], bool]


def compile_regex(pattern: str) -> Matches:
    """Make the test whether a text holds the pattern anywhere."""
    found = re.compile(translate_regex(pattern), re.ASCII).search
    return lambda text: found(text) is not None


def compile_like(pattern: str) -> Matches:
    """Make the test whether a whole text fits: % is any run of characters, _ any one."""
    segments = [re.compile(_like_segment(segment), re.DOTALL) for segment in pattern.split("%")]
    if len(segments) == 1:
        return lambda text: segments[0].fullmatch(text) is not None
    tail = re.compile(rf"(?:{segments[-1].pattern})\Z", re.DOTALL)

    def matches(text: str) -> bool:
        found = segments[0].match(text)
        for segment in segments[1:-1]:
            found = found and segment.search(text, found.end())
        return found is not None and tail.search(text, found.end()) is not None

    return matches


def translate_regex(pattern: str) -> str:
    """Check a pattern against the subset, and write it for `re`."""
    if _units(pattern) > MAX_PATTERN:
        raise PatternError(f"it has {_units(pattern)} characters, at most {MAX_PATTERN} are allowed")
    ignores_case = pattern.startswith("(?i)")
    reader = _Reader(pattern, 4 if ignores_case else 0, ignores_case)
    return reader.read_all()


def _like_segment(segment: str) -> str:
    return "".join("." if char == "_" else _literal(char) for char in segment)


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _literal(char: str) -> str:
    return char if char.isascii() and char.isalnum() else f"\\U{ord(char):08x}"


@dataclass(slots=True)
class _Reader:
    pattern: str
    place: int
    ignores_case: bool

    def read_all(self) -> str:
        written = self.alternatives()
        if self.place < len(self.pattern):
            raise PatternError("a ) closes nothing; write \\) for the character")
        return written

    def alternatives(self) -> str:
        written = ""
        while self.place < len(self.pattern) and self.pattern[self.place] != ")":
            written += "|" if self.takes("|") else self.piece()
        return written

    def piece(self) -> str:
        written, repeats = self.atom()
        repeat = self.repeat()
        if repeat and not repeats:
            raise PatternError(f"{repeat} has nothing to repeat")
        if repeat:
            repeat += "?" if self.takes("?") else ""
            if self.repeat():
                raise PatternError(f"{repeat} is repeated again")
        return written + repeat

    def atom(self) -> tuple[str, bool]:
        """Read one thing, and whether it may be repeated."""
        char = self.next()
        if char == "\\":
            return self.escape()
        if char == "(":
            return self.group()
        if char == "[":
            return self.set_of_characters(), True
        if char == ".":
            return r"[^\n]", True
        if char in "^$":
            return ("^" if char == "^" else r"\Z"), False
        if char in "*+?":
            raise PatternError(f"{char} has nothing to repeat; write \\{char} for the character")
        if char in "{}]":
            raise PatternError(f"write \\{char} for the character {char}")
        return (f"[{self.member(char)}]" if self.ignores_case else _literal(char)), True

    def repeat(self) -> str:
        if self.place < len(self.pattern) and self.pattern[self.place] in "*+?":
            return self.next()
        found = _REPEAT.match(self.pattern, self.place)
        if found is None:
            return ""
        least, most = int(found[1]), int(found[3] or found[1])
        if least > MAX_REPEAT or most > MAX_REPEAT or most < least:
            raise PatternError(f"{found[0]} is no count; counts go from 0 to {MAX_REPEAT}, the smaller first")
        self.place = found.end()
        return found[0]

    def group(self) -> tuple[str, bool]:
        opening = self.pattern[self.place - 1 : self.place + 2]
        if opening in _GROUPS:
            self.place += 2
        elif self.pattern[self.place : self.place + 1] == "?":
            raise PatternError("of the groups that begin with (? only (?: (?= (?! are known, and (?i) at the beginning")
        inner = self.alternatives()
        if not self.takes(")"):
            raise PatternError("a ( is never closed; write \\( for the character")
        return (f"{opening}{inner})" if opening in _GROUPS else f"(?:{inner})"), opening not in _GROUPS[1:]

    def escape(self) -> tuple[str, bool]:
        char = self.escaped()
        if char in "bB":
            return f"\\{char}", False
        if char in _CLASSES:
            return f"[{_CLASSES[char]}]", True
        return _literal(self.character(char)), True

    def set_of_characters(self) -> str:
        written = "[^" if self.takes("^") else "["
        if self.pattern[self.place : self.place + 1] == "]":
            raise PatternError("a [ ] holds nothing; write \\] for the character")
        while not self.takes("]"):
            written += self.range_of_characters()
        return written + "]"

    def range_of_characters(self) -> str:
        first = self.set_member()
        following = self.pattern[self.place : self.place + 2]
        if following[:1] != "-" or following in ("-", "-]"):
            return _CLASSES[first[1]] if len(first) == 2 else self.member(first)
        self.place += 1
        last = self.set_member()
        if len(first) == 2 or len(last) == 2 or last < first:
            raise PatternError(f"{first}-{last} is no range of characters")
        return self.members(first, last)

    def set_member(self) -> str:
        """Read one character of a set, or a class as `\\d`."""
        if self.place >= len(self.pattern):
            raise PatternError("a [ is never closed; write \\[ for the character")
        char = self.next()
        if char != "\\":
            return char
        char = self.escaped()
        return f"\\{char}" if char in _CLASSES else self.character(char)

    def escaped(self) -> str:
        if self.place >= len(self.pattern):
            raise PatternError("it ends with \\; write \\\\ for the character")
        return self.next()

    def character(self, char: str) -> str:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if not char.isascii() or char.isalnum() or char < " ":
            raise PatternError(f"\\{char} means nothing here")
        return char

    def member(self, char: str) -> str:
        return self.members(char, char)

    def members(self, first: str, last: str) -> str:
        """Write a range for a set, with the other case of its ASCII letters if case is ignored."""
        ranges = [(first, last)]
        if self.ignores_case:
            for low, high, shift in (("a", "z", -32), ("A", "Z", 32)):
                start, end = max(first, low), min(last, high)
                if start <= end:
                    ranges.append((chr(ord(start) + shift), chr(ord(end) + shift)))
        return "".join(_literal(a) if a == b else f"{_literal(a)}-{_literal(b)}" for a, b in ranges)

    def next(self) -> str:
        self.place += 1
        return self.pattern[self.place - 1]

    def takes(self, char: str) -> bool:
        if self.pattern[self.place : self.place + 1] != char:
            return False
        self.place += 1
        return True
