"""Which runs repeat one configuration: "the same but for the seed".

Two runs are repeats if their params agree, these apart:

- seed, random_seed, random_state, rng_seed, fold, and what the settings add: by the whole name or by its last segment
  after / or . (`train/seed`, `Config.SEED`), in whatever case.
- params of which every run that has one has another value, in at least 3 runs, and all of whose values look like
  paths, like ids or like times: an output folder, a job's uuid, the hour of the launch.

In doubt a param makes the key. To find no repeats is a nuisance; to average two configurations is a false result. So
`org/model`, `8/255`, `resnet50`, a model's name with a date at its end and a learning rate stay, however unique they
are, and a bare number is a time only in the years 2008 to 2039, not if its name counts something, not if it is round.

Only finished runs are averaged: a pruned or failed one stands where its loss happened to be.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from runsite.model import IgnoredParam, RepeatRule, RunSummary

REPEAT_PARAMS = frozenset({"seed", "random_seed", "random_state", "rng_seed", "fold"})
"""Params that tell repeats of one configuration apart."""
MIN_UNIQUE_RUNS = 3
KEY_DIGITS = 12
"""48 bits: among 100,000 configurations two share a key once in 56,000 experiments."""

_SEGMENTS = re.compile(r"[/.]")
_WORD_ENDS = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_PATH_WORDS = frozenset("path dir directory folder file output out log logs logdir checkpoint ckpt root cwd".split())
_ID_WORDS = frozenset("id uuid guid hash sha digest commit job".split())
_COUNT_WORDS = frozenset(
    "param params parameter parameters size num n count counts token tokens step steps sample samples example examples "
    "flops macs bytes limit max min budget total".split()
)
_ROOTED = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}://|[A-Z]:[\\/]|\\\\|~|\.{1,2}/|/[^/])", re.IGNORECASE)
_FIGURES = re.compile(r"[-+0-9.,eE/]+")
_HEX_ID = re.compile(r"(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,}", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ID_PARTS = re.compile(r"[-_.:/@]")
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_TURN = re.compile(r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])")
# wideresnet28x10 and efficientnetb0v2 turn three times between letters and digits; 16 random ones seven times.
_LONG_ID, _LONG_ID_TURNS = 16, 4
_NAMED_ID, _NAMED_ID_TURNS, _JOB_DIGITS = 6, 2, 5
_DATE = r"(?<![0-9])(?:19|20)[0-9]{2}([-_/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3])[-:._h]?[0-5][0-9](?:[-:._m]?[0-5][0-9](?:[.,][0-9]{1,9})?)?s?"
_DATE_AND_CLOCK = re.compile(rf"{_DATE}[-T _.,]{{1,2}}{_CLOCK}(?![0-9])", re.IGNORECASE)
_DATE_ALONE = re.compile(rf"{_DATE}(?![0-9])")
_NUMBER = re.compile(r"[0-9]{10,19}(?:\.[0-9]{1,9})?")
_FIRST_SECOND, _END_SECOND = 1_200_000_000, 2_200_000_000
_UNITS_PER_SECOND = (1, 10**3, 10**6, 10**9)


def repeat_rule(runs: Sequence[RunSummary], extra: Collection[str]) -> RepeatRule:
    """Decide which params make the configuration; `extra` names further ones that do not."""
    found: dict[str, list[Any]] = {}
    for run in runs:
        for name, value in run.params.items():
            found.setdefault(name, []).append(value)
    counts = {name: len(set(map(_value_key, values))) for name, values in found.items()}
    wanted = frozenset(name.lower() for name in extra)
    reasons = {
        name: reason
        for name, values in sorted(found.items())
        if (reason := _reason(name, values, counts[name], wanted))
    }

    def place(name: str) -> tuple[bool, bool, str]:
        return counts[name] == len(runs) > 2, len(found[name]) * 2 < len(runs), name

    varying = [name for name, values in found.items() if counts[name] > 1 or len(values) < len(runs)]
    return RepeatRule(
        ignored=tuple(IgnoredParam(name, reason) for name, reason in reasons.items()),
        key_params=tuple(sorted((name for name in varying if name not in reasons), key=place)),
    )


def repeat_keys(runs: Sequence[RunSummary], rule: RepeatRule) -> list[str]:
    """Return for each run a short key that it shares with the repeats of its configuration."""
    ignored = frozenset(param.name for param in rule.ignored)
    return [_repeat_key(run.params, ignored) for run in runs]


def is_averaged(status: str) -> bool:
    """Tell whether a run counts in the mean of its repeats; the others are only counted."""
    return status == "finished"


def _reason(name: str, values: Sequence[Any], distinct: int, extra: frozenset[str]) -> str | None:
    """Say why a param does not make the key; None if it does."""
    names = {name.lower(), _SEGMENTS.split(name)[-1].lower()}
    if names & REPEAT_PARAMS:
        return "tells repeats apart"
    if names & extra:
        return "named in runsite.toml"
    if distinct < len(values) or distinct < MIN_UNIQUE_RUNS:
        return None
    words = frozenset(_WORD_ENDS.sub(" ", _SEGMENTS.split(name)[-1]).lower().split())
    looks = (what for what, looks_so in _LOOKS.items() if all(looks_so(value, words) for value in values))
    what = next(looks, None)
    return what and f"{what}, another one in each run"


def _looks_like_path(value: Any, words: frozenset[str]) -> bool:
    if not isinstance(value, str) or value[:1] in ("", "[", "{") or "\n" in value or " / " in value:
        return False
    if _FIGURES.fullmatch(value) or _DATE_ALONE.fullmatch(value):
        return False
    if _ROOTED.match(value):
        return True
    parts = [part for part in re.split(r"[/\\]", value) if part]
    if len(parts) < 2:
        return False
    return len(parts) > 2 or bool(words & _PATH_WORDS) or any(map(_is_own_name, parts))


def _is_own_name(part: str) -> bool:
    """Tell whether a part of a path names a single run."""
    return _looks_like_id(part, frozenset()) or _looks_like_time(part, frozenset())


def _looks_like_id(value: Any, words: frozenset[str]) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return "job" in words and value >= 10 ** (_JOB_DIGITS - 1)
    if not isinstance(value, str):
        return False
    if _UUID.search(value) or _HEX_ID.fullmatch(_ID_PARTS.split(value)[-1]):
        return True
    if not _TOKEN.fullmatch(value):
        return False
    turns = len(_TURN.findall(value))
    if words & _ID_WORDS:
        is_job = value.isdigit() and len(value) >= _JOB_DIGITS
        return is_job or (len(value) >= _NAMED_ID and turns >= _NAMED_ID_TURNS)
    return len(value) >= _LONG_ID and turns >= _LONG_ID_TURNS


def _looks_like_time(value: Any, words: frozenset[str]) -> bool:
    if isinstance(value, str):
        if _DATE_ALONE.fullmatch(value) or _DATE_AND_CLOCK.search(value):
            return True
        if not _NUMBER.fullmatch(value):
            return False
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or words & _COUNT_WORDS:
        return False
    in_range = any(_FIRST_SECOND * unit <= value < _END_SECOND * unit for unit in _UNITS_PER_SECOND)
    return in_range and value % 1000 != 0


_LOOKS: Mapping[str, Callable[[Any, frozenset[str]], bool]] = {
    "a time": _looks_like_time,
    "an id": _looks_like_id,
    "a path": _looks_like_path,
}


def _value_key(value: Any) -> Any:
    """Name a param's value so that equal JSON values have one name: 1 and 1.0 are one number, true is none."""
    kind = type(value)
    if kind is str or kind is int or (kind is float and value == value):
        return value
    return (json.dumps(_canonical(value), sort_keys=True),)


def _repeat_key(params: Mapping[str, Any], ignored: frozenset[str]) -> str:
    own = {name: _canonical(value) for name, value in params.items() if name not in ignored}
    return hashlib.sha256(_encode(own).encode("ascii")).hexdigest()[:KEY_DIGITS]


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def _canonical(value: Any) -> Any:
    """Write whole floats as integers, at any depth."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is float:
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {name: _canonical(item) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [_canonical(item) for item in value]
    return value
