"""How runsite writes numbers, bytes, durations and times for people; `static/format.js` is its twin.

The policy, held together by tests/twins/number_format.json, which both test suites run:

- Rounding starts from the shortest decimal text that reads back as the same double, which Python and JavaScript
  agree on to the digit, and goes half away from zero: 0.8125 at 3 digits is 0.813, 1.005 is 1.01. Rounding the exact
  binary value was not taken: the two languages break its ties differently (0.812 against 0.813), and 1.005 would
  come out as 1 although the log says 1.005.
- A metric shows 4 significant digits without trailing zeros; whole digits are never rounded away below 1e10.
- No value is rounded up to 1 or 100, bounds that an accuracy has not reached: it shows up to 6 digits, and beyond them
  nines: 0.99997, 0.999999. Fewer than 4 wanted digits (sizes, durations) are rounded as ever.
- From 1e10 up and below 1e-4 the notation is scientific, as 1.2e-5.
- Signs of metrics are real minus signs (U+2212), as wide as a digit; "-0" is "0".
- Params are text to copy: every digit, ASCII minus, no separators; 1.0 and 1 are the same number in JSON.
- In a table a param is a figure like the others, with 6 digits unless it is whole; an empty text shows as "".
- Bytes are decimal (1 kB = 1,000 B), times are UTC.
"""

import json
import math
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

MINUS = "\u2212"
INFINITY = "\u221e"
DEFAULT_DIGITS = 4
# Ten digits with separators are as wide as a table cell; beyond that nobody counts zeros.
MAX_PLAIN_EXPONENT = 9
MIN_PLAIN_EXPONENT = -4
# Where Python's own repr changes to an exponent at the upper end.
MAX_PARAM_EXPONENT = 15
# Exponents from which a carry leads to 1 and to 100.
BELOW_BOUND = (-1, 1)
MAX_BELOW_BOUND_DIGITS = 6
PARAM_CELL_DIGITS = 6
# Up to here a double holds every whole number.
SAFE_INTEGER = 2**53
# 1e10 days: the two languages count whole hours alike up to here, and nobody beyond.
ENDLESS_SECONDS = 8.64e14
BYTE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SECOND = -62_135_596_800  # 0001-01-01
_END_SECOND = 253_402_300_800  # 10000-01-01


@lru_cache(maxsize=8192)  # a run's page says most numbers two or three times
def format_number(value: float | None, digits: int = DEFAULT_DIGITS) -> str:
    """Write a metric's value with so many significant digits; None is empty."""
    if value is None:
        return ""
    if value != value:
        return "NaN"
    sign = MINUS if value < 0 else ""
    if value in (math.inf, -math.inf):
        return sign + INFINITY
    shown, exponent = _round(*_shortest(value), digits)
    if not shown:
        return "0"
    if MIN_PLAIN_EXPONENT <= exponent <= MAX_PLAIN_EXPONENT:
        return sign + _plain(shown, exponent, ",")
    return sign + _scientific(shown, exponent, MINUS)


def format_count(number: int | None) -> str:
    """Write a whole number in full, with separators."""
    return "" if number is None else f"{number:,}".replace("-", MINUS)


def format_count_of(number: int, noun: str) -> str:
    """Write how many there are of something: "1 run", "1,200 runs"."""
    return f"{format_count(number)} {noun}{'' if number == 1 else 's'}"


def format_step(step: float | None) -> str:
    """Write a step: whole steps in full, others (epochs, seconds) with 6 digits."""
    if step is not None and math.isfinite(step) and step == math.floor(step) and abs(step) < 2**53:
        return format_count(int(step))
    return format_number(step, 6)


def format_bytes(size_bytes: int | None) -> str:
    """Write a size with 3 digits and its unit."""
    if size_bytes is None:
        return ""
    size, unit = float(size_bytes), 0
    while size >= 999.5 and unit < len(BYTE_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{format_number(size, 3)} {BYTE_UNITS[unit]}"


def format_duration(seconds: float | None) -> str:
    """Write a duration in its two largest units."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 0:
        return MINUS + format_duration(-seconds)
    if seconds < 0.9995:
        return f"{math.floor(seconds * 1000 + 0.5)} ms"
    if seconds < 9.95:
        return f"{format_number(seconds, 2)} s"
    whole = math.floor(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes = math.floor(seconds / 60 + 0.5)
    if minutes < 1440:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    if seconds >= ENDLESS_SECONDS:
        return f"{format_number(seconds / 86400)} d"
    hours = math.floor(seconds / 3600 + 0.5)
    return f"{format_count(hours // 24)} d {hours % 24:02d} h"


def format_time(unix: float | None) -> str:
    """Write a time to the minute, in UTC; empty outside the years 1 to 9999."""
    if unix is None or not _FIRST_SECOND <= unix < _END_SECOND:
        return ""
    return (_EPOCH + timedelta(seconds=math.floor(unix))).strftime("%Y-%m-%d %H:%M UTC").rjust(20, "0")


def format_param(value: Any) -> str:
    """Write a param as it can be typed again: strings as they are, all else as compact JSON."""
    if isinstance(value, str):
        return value
    return repr(value) if type(value) is int else _json_text(value)


def format_param_cell(value: Any) -> str:
    """Write a param for a table cell, where figures stand one below the other; whole numbers keep every digit."""
    if value == "":
        return '""'
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return format_param(value)
    if value == math.floor(value) and abs(value) <= SAFE_INTEGER:
        return _exact(value).replace("-", MINUS)
    return format_number(value, PARAM_CELL_DIGITS)


def _json_text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _exact(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_json_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json_text(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _exact(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    text = repr(value) if value and type(value) is float else "e"
    if "e" not in text:  # the common case: Python writes it so, ten times faster
        return text.removesuffix(".0")
    digits, exponent = _shortest(value)
    sign = "-" if value < 0 else ""
    if not digits:
        return "0"
    plain = MIN_PLAIN_EXPONENT <= exponent <= MAX_PARAM_EXPONENT
    return sign + (_plain(digits, exponent, "") if plain else _scientific(digits, exponent, "-"))


def _shortest(value: float) -> tuple[str, int]:
    """Digits without outer zeros and the exponent of the first one; no digits for zero."""
    text = int.__repr__(value) if isinstance(value, int) else float.__repr__(float(value))
    mantissa, _, power = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = len(whole) + int(power or 0) - 1 - (len(whole + fraction) - len(digits))
    return digits.rstrip("0"), exponent


def _round(digits: str, exponent: int, wanted: int) -> tuple[str, int]:
    keep = max(wanted, exponent + 1) if exponent <= MAX_PLAIN_EXPONENT else wanted
    if len(digits) <= keep:
        return digits, exponent
    rounded = str(int(digits[:keep]) + (digits[keep] >= "5"))
    if len(rounded) > keep and exponent in BELOW_BOUND and wanted >= DEFAULT_DIGITS:
        return _round(digits, exponent, wanted + 1) if wanted < MAX_BELOW_BOUND_DIGITS else (digits[:keep], exponent)
    return rounded.rstrip("0"), exponent + len(rounded) - keep


def _plain(digits: str, exponent: int, separator: str) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole, fraction = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    grouped = f"{int(whole):,}".replace(",", separator)
    return f"{grouped}.{fraction}" if fraction else grouped


def _scientific(digits: str, exponent: int, minus: str) -> str:
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{mantissa}e{minus if exponent < 0 else ''}{abs(exponent)}"
