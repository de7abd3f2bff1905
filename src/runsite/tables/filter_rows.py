"""Which rows of a run table a filter lets through; `static/filter_rows.js` is its twin.

The policy, held together by tests/twins/filter.json.

- What is missing fails every comparison, also != and NOT IN, as in a join of SQL; only IS NULL finds it. NOT (...) is
  plain negation, so `not x = 1` holds where x is missing. A column that no run has is missing everywhere.
- Numbers compare as numbers, to the last digit. NaN equals NaN and fails every other comparison.
- A number and a text differ, and neither comes first; but a param that is a text of digits is a number to a number. In
  quotes a value equals a text letter by letter, and a number or a boolean by what it says: MLflow stores all as text.
- Texts come in the order of sort_order. Statuses disregard case. A date is a whole day, a date with a time an instant.
- LIKE and ~ see a number as JavaScript writes it, and a time as 2026-01-31T12:00:05Z.
"""

import math
import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any

from runsite.tables.filter_grammar import And, Comparison, Filter, Node, Not, Or, Value, Words
from runsite.tables.filter_names import (
    WORD_COLUMNS,
    UnknownName,
    is_in_milliseconds,
    named_columns,
    quote_name,
    resolve_names,
    resolve_path,
)
from runsite.tables.filter_pattern import compile_like, compile_regex
from runsite.tables.filter_values import (
    Number,
    moment_text,
    number_text,
    read_digits,
    read_duration,
    read_moment,
    read_number,
)
from runsite.tables.model import LARGE_INTEGER, Column, Kind, TableValue
from runsite.tables.sort_order import text_key

__all__ = ["UnknownName", "filter_rows", "named_columns", "quote_name", "resolve_names"]

Test = Callable[[TableValue], bool]
Compare = Callable[[Any, Any], bool]
Mask = list[bool]

_COMPARE: dict[str, Compare] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBER_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_BOOLEANS = {"true": True, "false": False}


def filter_rows(filter: Filter, columns: Mapping[str, Column], row_count: int) -> list[int]:
    """List the rows that a filter lets through, in their order."""
    if filter.root is None:
        return list(range(row_count))
    mask = _mask(filter.root, columns, row_count)
    return [row for row in range(row_count) if mask[row]]


def _mask(node: Node, columns: Mapping[str, Column], row_count: int) -> Mask:
    match node:
        case And(items):
            masks = [_mask(item, columns, row_count) for item in items]
            return [all(row) for row in zip(*masks, strict=True)]
        case Or(items):
            masks = [_mask(item, columns, row_count) for item in items]
            return [any(row) for row in zip(*masks, strict=True)]
        case Not(item):
            return [not passes for passes in _mask(item, columns, row_count)]
        case Words(texts):
            return _words_mask(texts, [columns[id] for id in WORD_COLUMNS if id in columns], row_count)
        case Comparison():
            return _comparison_mask(node, columns, row_count)


def _words_mask(texts: tuple[str, ...], columns: Collection[Column], row_count: int) -> Mask:
    wanted = [text.lower() for text in texts]
    looked_at = [[_text(column.values[row], column.kind).lower() for column in columns] for row in range(row_count)]
    return [all(any(word in text for text in row) for word in wanted) for row in looked_at]


def _comparison_mask(node: Comparison, columns: Mapping[str, Column], row_count: int) -> Mask:
    column = columns.get(resolve_path(node.path, columns.__contains__))
    if node.operator == "is null":
        return [column is None or _is_null(column, row) for row in range(row_count)]
    if column is None:
        return [False] * row_count
    if node.operator == "is not null":
        return [not _is_null(column, row) for row in range(row_count)]
    return _tested(column, _test(node, column.kind), row_count)


def _is_null(column: Column, row: int) -> bool:
    """Tell what is missing, or was logged as null, which a table shows as that word."""
    value = column.values[row]
    return value is None or (column.kind == "param" and value == "null")


def _tested(column: Column, test: Test, row_count: int) -> Mask:
    """Test each distinct value once; 1 and true are told apart, which a dict alone would not."""
    known: dict[tuple[type, TableValue], bool] = {}
    mask = []
    for value in column.values[:row_count]:
        key = (type(value), value)
        if key not in known:
            known[key] = value is not None and test(value)
        mask.append(known[key])
    return mask


def _test(node: Comparison, kind: Kind) -> Test:
    in_milliseconds = is_in_milliseconds(node.path)
    match node.operator:
        case "in":
            tests = [_value_test("=", value, kind, in_milliseconds) for value in node.values]
            return lambda cell: any(test(cell) for test in tests)
        case "not in":
            tests = [_value_test("!=", value, kind, in_milliseconds) for value in node.values]
            return lambda cell: all(test(cell) for test in tests)
        case "=" | "!=" | "<" | "<=" | ">" | ">=" as plain:
            return _value_test(plain, node.values[0], kind, in_milliseconds)
        case _:
            return _pattern_test(node.operator, node.values[0].text, kind)


def _pattern_test(name: str, pattern: str, kind: Kind) -> Test:
    wanted = not name.startswith(("not", "!"))
    if "~" in name:
        matches = compile_regex(pattern)
        return lambda cell: matches(_text(cell, kind)) is wanted
    if name.endswith("ilike") or kind == "status":
        matches = compile_like(pattern.lower())
        return lambda cell: matches(_text(cell, kind).lower()) is wanted
    matches = compile_like(pattern)
    return lambda cell: matches(_text(cell, kind)) is wanted


def _value_test(name: str, value: Value, kind: Kind, in_milliseconds: bool) -> Test:
    if kind in ("text", "link", "status"):
        return _text_test(name, value.text, ignores_case=kind == "status")
    if kind == "time":
        return _time_test(name, read_moment(value.text, is_milliseconds=in_milliseconds))
    number = read_duration(value.text) if kind == "duration" else read_number(value.text)
    return _mixed_test(name, value, number)


def _text_test(name: str, text: str, *, ignores_case: bool) -> Test:
    compare = _COMPARE[name]
    if ignores_case:
        lowered = text.lower()
        return lambda cell: compare(str(cell).lower(), lowered)
    if name in ("=", "!="):
        return lambda cell: compare(cell, text)
    key = text_key(text)
    return lambda cell: compare(text_key(cell), key)


def _time_test(name: str, moment: tuple[float, float] | None) -> Test:
    if moment is None:
        return lambda _: name == "!="
    start, end = moment[0], moment[0] + moment[1]
    if not moment[1]:
        return lambda cell: _compare_numbers(name, _number(cell), start)
    within: dict[str, Callable[[Number], bool]] = {
        "=": lambda time: start <= time < end,
        "!=": lambda time: not start <= time < end,
        "<": lambda time: time < start,
        "<=": lambda time: time < end,
        ">": lambda time: time >= end,
        ">=": lambda time: time >= start,
    }

    def test(cell: TableValue) -> bool:
        time = _number(cell)
        return time is not None and time == time and within[name](time)

    return test


def _mixed_test(name: str, value: Value, number: Number | None) -> Test:
    """Compare with cells of any type: numbers, booleans, texts."""
    boolean = _BOOLEANS.get(value.text.lower())
    differs = name == "!="

    def test(cell: TableValue) -> bool:
        if isinstance(cell, bool):
            return _equals(name, cell == boolean)
        own = _number(cell)
        if own is not None:
            return _compare_numbers(name, own, number) if number is not None else differs and own == own
        if name in ("=", "!="):
            return _equals(name, _is_same_text(str(cell), value, number, boolean))
        if number is None:
            return _COMPARE[name](text_key(cell), text_key(value.text))
        return _compare_numbers(name, read_digits(str(cell)), number)

    return test


def _equals(name: str, is_equal: bool) -> bool:
    return is_equal if name == "=" else name == "!=" and not is_equal


def _is_same_text(cell: str, value: Value, number: Number | None, boolean: bool | None) -> bool:
    if value.is_quoted or (number is None and boolean is None):
        return cell == value.text
    return cell.lower() == value.text.lower() if number is None else read_digits(cell) == number


def _compare_numbers(name: str, own: Number | None, other: Number) -> bool:
    """NaN equals NaN, and nothing else can be said of it."""
    if own is None:
        return False
    if own != own:
        return name == "=" and other != other
    return _COMPARE[name](own, other)


def _number(cell: TableValue) -> Number | None:
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, str):
        return int(cell) if LARGE_INTEGER.fullmatch(cell) else _NUMBER_WORDS.get(cell)
    return cell


def _text(cell: TableValue, kind: Kind) -> str:
    """Write a value as LIKE, ~ and plain words see it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return moment_text(cell) if kind == "time" else number_text(cell)
