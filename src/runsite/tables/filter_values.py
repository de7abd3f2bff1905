"""What a value of a run filter means as number, date or duration; `static/filter_values.js` is its twin."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

Number = int | float

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBER_WORD = re.compile(r"([+-]?)inf(?:inity)?|nan", re.IGNORECASE | re.ASCII)
# Longer ones are beyond every double, and Python refuses to read 4,300 digits.
_INTEGER = re.compile(r"[+-]?[0-9]{1,300}")
_DATE = re.compile(r"([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})")
_TIME_OF_DAY = r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,6})?))?(Z|[+-][0-9]{2}:[0-9]{2})?"
_DATE_TIME = re.compile(rf"({_DATE.pattern})[T ]{_TIME_OF_DAY}")
_CLOCK = re.compile(_TIME_OF_DAY)
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) *([A-Za-z]+) ?")
_UNIT_NAMES = {
    0.001: "ms",
    1: "s sec secs second seconds",
    60: "m min mins minute minutes",
    3600: "h hr hrs hour hours",
    86400: "d day days",
    604800: "w week weeks",
}
DURATION_UNITS = {name: seconds for seconds, names in _UNIT_NAMES.items() for name in names.split()}
SECONDS_PER_DAY = 86_400
# As seconds this is the year 5138, as milliseconds March 1973: no run log holds either.
_MOST_SECONDS = 1e11
_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
# The first second of the year 10000, which no date of four digits reaches.
_END_OF_DATES = 253_402_300_800


def read_number(text: str) -> Number | None:
    """Read a number, whole ones to the last digit; None if it is none."""
    word = _NUMBER_WORD.fullmatch(text)
    if word:
        return float(text)
    return read_digits(text)


def read_digits(text: str) -> Number | None:
    """Read a number that is written in digits."""
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else None


def read_moment(text: str, *, is_milliseconds: bool = False) -> tuple[float, float] | None:
    """Read a date, or a number of seconds, as its first moment and its length: of a day, or 0 for an instant."""
    number = read_number(text)
    if number is not None:
        in_thousandths = is_milliseconds or abs(number) > _MOST_SECONDS
        return (float(number) / 1000 if in_thousandths else float(number)), 0
    if _DATE.fullmatch(text):
        day = _read_day(text)
        return None if day is None else (day, SECONDS_PER_DAY)
    found = _DATE_TIME.fullmatch(text)
    day = _read_day(found[1]) if found else None
    if found is None or day is None:
        return None
    seconds = int(found[5]) * 3600 + int(found[6]) * 60 - _offset_seconds(found[8])
    return day + seconds + float(found[7] or 0), 0


def is_date(text: str) -> bool:
    """Whether a word is a date without a time, which may follow it after a space."""
    return _DATE.fullmatch(text) is not None


def is_clock(text: str) -> bool:
    """Whether a word is a time of day."""
    return _CLOCK.fullmatch(text) is not None


def read_duration(text: str) -> Number | None:
    """Read a number of seconds, or a text such as `30 min`, `1.5d` or `1h 30m`."""
    number = read_number(text)
    if number is not None:
        return number
    seconds, place = 0.0, 0
    while place < len(text):
        found = _DURATION.match(text, place)
        if found is None or found[2].lower() not in DURATION_UNITS:
            return None
        seconds += float(found[1]) * DURATION_UNITS[found[2].lower()]
        place = found.end()
    return seconds if text else None


def moment_text(seconds: float) -> str:
    """Write a moment for LIKE and ~, to the second: 2026-01-31T12:00:05Z."""
    if not 0 <= seconds < _END_OF_DATES:
        return number_text(seconds)
    return f"{_FIRST_DAY + timedelta(seconds=int(seconds // 1)):%Y-%m-%dT%H:%M:%S}Z"


def number_text(number: Number) -> str:
    """Write a number for LIKE and ~ as JavaScript does: shortest digits, exponents from 1e21 and below 1e-6."""
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    if 1e-6 <= abs(number) < 1e21:
        return format(Decimal(repr(number)), "f")
    digits, _, exponent = repr(float(number)).partition("e")
    return f"{digits}e{int(exponent):+d}"


def _read_day(text: str) -> float | None:
    try:
        return (datetime.fromisoformat(text).replace(tzinfo=UTC) - _FIRST_DAY).days * SECONDS_PER_DAY
    except ValueError:
        return None


def _offset_seconds(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return -seconds if zone[0] == "-" else seconds
