"""In which order the values of a table column stand; `static/sort_order.js` is its twin.

The policy, held together by tests/twins/sort_order.json, which both test suites run. It orders *table values*: what a
column hands to the browser, so that both languages judge the same thing (JSON numbers, texts, booleans, null; NaN and
the infinities as the texts of the record format; whole numbers beyond 2^53 as text).

- In columns of numbers and params: -Infinity, numbers by value, Infinity, false, true, then texts. A text of 16 to
  300 digits is a whole number, compared to the last digit.
- Texts stand in natural order, whatever the reader's language: lower case by Unicode's own table, runs of the digits
  0-9 by their value, everything else by UTF-16 code unit (the order in which JavaScript compares). Equal so far, the
  text itself decides. A locale's collation was not taken: it differs from one computer to the next.
- NaN and missing stand last in both directions, missing at the very end: whoever asks for the greatest loss first
  wants the greatest, not three hundred blanks.
- Equal values keep the order of the table, in both directions.
"""

import re
from collections.abc import Sequence

from runsite.tables.model import LARGE_INTEGER, Kind, TableValue

SortKey = tuple[int, float, int, bytes]

NUMERIC_KINDS = frozenset({"number", "time", "duration", "param"})
"""Kinds whose columns may hold numbers as text."""
_DIGITS = re.compile(r"[0-9]+")
_MINUS_INFINITY, _NUMBER, _INFINITY, _BOOLEAN, _TEXT = range(5)
# The number of digits is told by one code unit below the surrogates.
_LONGEST_DIGITS = 0xD7FE


def sort_rows(values: Sequence[TableValue], *, kind: Kind, descending: bool = False) -> list[int]:
    """Return the rows of a column in order: ordinary values, then NaN, then missing."""
    nan_is_number = kind in NUMERIC_KINDS
    missing = [row for row, value in enumerate(values) if value is None]
    nan = [row for row, value in enumerate(values) if nan_is_number and value == "NaN"]
    last = {*missing, *nan}
    key = value_key if nan_is_number else text_key
    ordinary = [row for row in range(len(values)) if row not in last]
    return [*sorted(ordinary, key=lambda row: key(values[row]), reverse=descending), *nan, *missing]


def value_key(value: TableValue) -> SortKey:
    """Make the key by which a number or param is compared; not for NaN and missing."""
    if isinstance(value, bool):
        return _BOOLEAN, float(value), 0, b""
    if isinstance(value, int | float):
        return _NUMBER, float(value), int(value), b""
    if value == "-Infinity":
        return _MINUS_INFINITY, 0.0, 0, b""
    if value == "Infinity":
        return _INFINITY, 0.0, 0, b""
    if value is not None and LARGE_INTEGER.fullmatch(value):
        return _NUMBER, float(value), int(value), b""
    return text_key(value)


def text_key(value: TableValue) -> SortKey:
    """Make the key by which a text is compared."""
    text = str(value)
    natural = _DIGITS.sub(_digits_key, text.lower())
    return _TEXT, 0.0, 0, f"{natural}\0\0{text}".encode("utf-16-be", "surrogatepass")


def _digits_key(found: re.Match[str]) -> str:
    digits = found[0].lstrip("0")
    return f"\0{chr(1 + min(len(digits), _LONGEST_DIGITS))}{digits}"
