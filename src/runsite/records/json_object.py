"""Read one line as a JSON object with the standard library, bounded in size and depth; note what is not as written."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

from runsite.model import ProblemKind, Step

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is not a record of ours; parsing it would cost some twenty times its size in memory."""
MAX_DEPTH = 100
"""Deeper than any real param; all that later walks through a value may do so by recursion (Python's limit is 1,000)."""
# The largest double has 309 digits; CPython refuses to parse whole numbers past 4,300.
_LONGEST_SURE_INT = 308

_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\ud[89a-f]", re.IGNORECASE)
TOO_DEEP = f"JSON nested deeper than {MAX_DEPTH} levels"

Problems = list[tuple[ProblemKind, str]]


def problem_of(error: json.JSONDecodeError) -> str:
    """Say what a parser met, for words on the place to follow, which some of its messages lead over to."""
    return error.msg.removesuffix(" at").removesuffix(": ")


def parse_object(line: bytes, problems: Problems) -> dict[str, Any]:
    """Parse a JSON object and add notes to `problems`; raise ValueError, in words, if it is none."""
    if len(line) > MAX_LINE_BYTES:
        raise ValueError(f"longer than {MAX_LINE_BYTES:,} bytes, the most a record may have")
    text = _decode_text(line, problems)
    try:
        values = json.loads(text, parse_float=_float_noting(problems), parse_int=_int_noting(problems))
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {problem_of(error)} at column {error.colno}") from None
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    if line.count(b"[") + line.count(b"{") > MAX_DEPTH and is_deeper(values, MAX_DEPTH):
        raise ValueError(TOO_DEEP)
    return _without_surrogates(values, problems) if _ESCAPED_SURROGATE.search(text) else values


def is_deeper(value: object, levels: int) -> bool:
    """Tell whether lists and objects are nested deeper than so many levels."""
    layer: list[object] = [value]
    for _ in range(levels + 1):
        layer = [item for each in layer for item in _items(each)]
        if not layer:
            return False
    return True


def _items(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def shortened(text: str) -> str:
    """Cut a text that stands in a sentence."""
    return text if len(text) <= 24 else text[:21] + "..."


def _decode_text(line: bytes, problems: Problems) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        problems.append(("note", "bytes that are not UTF-8 read as U+FFFD"))
        return line.decode(errors="replace")


def _float_noting(problems: Problems) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = float(text)
        if math.isinf(value):
            problems.append(("note", f"{shortened(text)} is beyond the largest double, read as Infinity"))
        return value

    return parse


def _int_noting(problems: Problems) -> Callable[[str], Step]:
    parse_float = _float_noting(problems)

    def parse(text: str) -> Step:
        if len(text) <= _LONGEST_SURE_INT or math.isfinite(float(text)):
            return int(text)
        return parse_float(text)

    return parse


def _without_surrogates(value: Any, problems: Problems) -> Any:
    if isinstance(value, str):
        if not _SURROGATE.search(value):
            return value
        note: tuple[ProblemKind, str] = ("note", "a lone surrogate read as U+FFFD")
        if note not in problems:
            problems.append(note)
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(item, problems) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(k, problems): _without_surrogates(v, problems) for k, v in value.items()}
    return value
