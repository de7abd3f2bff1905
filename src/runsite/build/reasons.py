"""Say why outputs are made: all reasons in one line, each once; of runs of which the same is true, the first.

What is told of a build is held against the last one that is remembered. Where nothing is remembered of a page that the
site has, it is not called new: why it was forgotten is told instead. Nor is a change called what only could be one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from runsite.number_format import format_count_of

CHANGED = "changed"
MAY_HAVE_CHANGED = "may have changed: it was too new to be told by its time"
NEW = "is new"
GONE = "is gone"
FOUND = "was left out by the filter before"
LEFT_OUT = "is left out by the filter now"
FORGOTTEN = "nothing is remembered of it"
CACHE_LOST = "nothing is remembered of the site: its cache is gone, or is another"
CACHE_TORN = "a part of what is remembered of the site is lost"
CACHE_CLOSED = "nothing is remembered: another build holds the cache, or it cannot be read or written"
CODE_CHANGED = "a file of runsite itself was changed or touched, or Python or a library is another"
VERIFY_DIFFERED = "--verify found that a clean build differs, so nothing that was remembered is trusted"
NOTHING_CHANGED = "nothing to write: no log, text, setting or template changed, and no output is gone"
NOTHING_DIFFERS = "nothing to write: what changed makes no output different"
NOTHING_CERTAIN = "nothing to write: what is too new to be told by its time was looked at again; no output is different"
# A line of a terminal or two; whoever changes more at once looks for the kinds of it.
MAX_TOLD = 10
_BETWEEN = "; "


def why_nothing(*, is_whole: bool, is_certain: bool) -> str:
    """Say why nothing is written though not all is as it was: all is remembered, and it certainly is not, or not so."""
    if not is_whole:
        return nothing_for(CACHE_TORN)
    return NOTHING_DIFFERS if is_certain else NOTHING_CERTAIN


def nothing_for(reason: str) -> str:
    """Say that for this reason all was looked at, and nothing is written."""
    return f"{reason}; no output is different"


def joined(reasons: Iterable[str]) -> str:
    """Write reasons, each of which may be several already, in one line."""
    told = list(dict.fromkeys(part for reason in reasons for part in reason.split(_BETWEEN) if part))
    more = [f"and {len(told) - MAX_TOLD:,} more reasons"] if len(told) > MAX_TOLD + 1 else []
    return _BETWEEN.join([*(told[:MAX_TOLD] if more else told), *more])


def said_of(noun: str, names: Sequence[str], what: str) -> str:
    """Say what became of something, and of how many more the same."""
    more = f" (and {len(names) - 1:,} more)" if len(names) > 1 else ""
    return f"{noun} {names[0]} {what}{more}"


def changed_rules(old: Sequence[Any] | None, new: Sequence[Any]) -> list[str]:
    """Say which settings changed that logs are read by: [private, the definition of each metric]."""
    if old is None:
        return []
    told = ["[site] private changed"] if old[0] != new[0] else []
    names = [name for name in sorted(old[1].keys() | new[1].keys()) if old[1].get(name) != new[1].get(name)]
    return [*told, said_of("the settings of metric", names, CHANGED)] if names else told


def changed_filter(old: Sequence[Any] | None, new: Sequence[Any] | None) -> str:
    """Say what changed of a site's filter: [text, runs it was held against], None without one."""
    if old is None or new is None:
        return "the filter changed" if old != new else ""
    told = ["the filter changed"] if old[0] != new[0] else []
    if old[1] != new[1]:
        told.append(f"the filter judges {format_count_of(new[1], 'run')} instead of {old[1]:,}")
    return joined(told)


def changed_logs(old: Mapping[str, Sequence[Any]], new: Mapping[str, Any]) -> list[str]:
    """Say what happened to a run's logs since they were read; of each was known its signature, digest and size."""
    told = [f"{name} is new" for name in new if name not in old]
    told += [f"{name} is gone" for name in old if name not in new]
    return told + [
        f"{name} {_how(before[2], new[name].signature)}"
        for name, before in old.items()
        if name in new and (new[name].digest != before[1] or (new[name].signature or (0,))[0] != before[2])
    ]


def _how(size: int, found: Sequence[int] | None) -> str:
    grown = 0 if found is None else found[0] - size
    if not grown:
        return "was rewritten"
    return f"grew by {grown:,} bytes" if grown > 0 else f"was cut by {-grown:,} bytes"
