"""Keep hosts, users, home paths and secrets out of the site: the one place where a run's texts are cleaned.

What is taken out, unless `[site] private = false`:
- home folders (`/home/NAME`, `/Users/NAME`, `C:\\Users\\NAME`, `/root`) become `~`;
- credentials in addresses (`https://user:token@host`) go, the address stays;
- values of options and variables that name a secret (`--api-key X`, `HF_TOKEN=X`), and words of the shapes that
  well-known tokens have, become `[redacted]`;
- host names, users and the like that the log itself names in a field of that name, and the NAME of every home folder
  it mentions, are taken out wherever they stand in that run's texts.
Patches are not published: they hold code nobody has looked at. Folder names are kept, they are what people chose.
"""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from runsite.model import ParamConflict, Run, RunKey, Series, Source
from runsite.secret_patterns import (
    is_secret,
    may_name_secrets,
    without_opaque_words,
    without_secrets,
    without_user,
)

REDACTED = "[redacted]"
Noun = TypeVar("Noun")

# A home lies at a path's start: s3://bucket/home/x is none. A mount may stand before it, or an option (-I/home/x).
_START = r"(?:(?<![\w.~-])(?<!\w:/)|(?<=[\s\"'=]-[A-Za-z])|(?<=\\[nrt]))"
_MOUNT = r"(?:/(?:mnt|nfs|net|gpfs|lustre|export|cluster|private|usr|var|System/Volumes/Data))?"
_NAME = r"[^/\\\s\"':;,)\]}>]"
_HOME = re.compile(
    rf"{_START}(?:{_MOUNT}/(?:home|Users)|(?:/mnt)?/[a-z]/Users)/"
    rf"(?P<posix>[A-Z]{_NAME}{{0,60}}(?: [A-Z]{_NAME}{{0,60}}){{1,3}}(?=/)|{_NAME}+)|"
    r"(?<![\w.~-])/root(?![\w.-])|"
    r"(?i:(?<![a-z])[a-z]:[\\/]{1,4}|\\\\[^\\/\s]{1,200}[\\/]{1,4})(?i:users)[\\/]{1,4}"
    r"(?P<windows>[^\\/:*?\"<>|\s]+(?: [^\\/:*?\"<>|\s]+){0,5}(?=[\\/])|[^\\/:*?\"<>|\s]+)|"
    r"(?:(?<![\w.~-])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))(?i:%2F(?:home|users)%2F)(?P<quoted>[^%\s\"'&/]+)|"
    r"(?<![\w.~/-])~[A-Za-z_][\w.-]{0,60}(?=/)"
)
_COMMON_WORDS = frozenset(
    "root user home localhost node host train test none null main data model default base admin runner worker master "
    "gpu cpu cuda linux ubuntu ec2-user docker jovyan kaggle colab app python nvidia adam sgd".split()
)
"""Names too common to be looked for in texts; a home folder of that name is still `~`."""
_DOMAIN = r"(?:(?:\.[A-Za-z0-9-]+)+\.[A-Za-z]{2,}|\.(?:local|lan|internal|localdomain)\b)?"


def private_run(run: Run) -> Run:
    """Return the run with every text cleaned; its key, its folder and its numbers stay."""
    joined = _joined_texts(run)
    known = _known_secrets(run, joined)
    # Few runs hold anything to take out, and the others need not be rebuilt.
    has_secret_names = may_name_secrets(joined) and _has_secret_names(run)
    if not has_secret_names and _cleaned(joined, _names_pattern(known)) == joined:
        source = run.source and _private_source(run.source)
        return replace(run, secrets=(), source=source) if run.secrets or source != run.source else run
    clean_text = cleaner(known)
    facts = clean(replace(run, series={}, definitions={}, secrets=(), log_files=(), store_path=""), clean_text)
    return replace(
        facts,
        key=run.key,
        parent=run.parent,
        store_path=run.store_path,
        log_files=run.log_files,
        series={clean_text(name): _renamed(series, clean_text(name)) for name, series in run.series.items()},
        definitions={clean_text(name): clean(each, clean_text) for name, each in run.definitions.items()},
        source=_private_source(facts.source) if facts.source else None,
    )


_UNCLEANED = frozenset({"key", "parent", "store_path", "log_files", "series", "secrets"})
_PARTS = attrgetter(*(each.name for each in fields(Run) if each.name not in _UNCLEANED))


def _joined_texts(run: Run) -> str:
    texts = [*run.series]
    for part in filter(None, _PARTS(run)):
        _gather_texts(part, texts)
    return "\n".join(texts)


def _has_secret_names(run: Run) -> bool:
    return any(map(_names_secret, (run.params, run.tags, run.params_conflicts)))


def _names_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(
            is_secret(name, item) or (isinstance(item, dict | list) and _names_secret(item))
            for name, item in value.items()
        )
    if isinstance(value, list | tuple):
        return any(map(_names_secret, value))
    return isinstance(value, ParamConflict) and (
        is_secret(value.name, value.kept) or is_secret(value.name, value.ignored)
    )


def _renamed(series: Series, name: str) -> Series:
    return series if series.name == name else replace(series, name=name)


def _private_source(source: Source) -> Source:
    command = source.command and without_opaque_words(source.command, REDACTED)
    remote = source.remote and without_user(source.remote)
    return replace(source, command=command, remote=remote, patch=None)


def known_secrets(run: Run) -> frozenset[str]:
    """Collect what this run's log names as host, user or home; give it to `cleaner` for texts beside the run."""
    return _known_secrets(run, _joined_texts(run))


def _known_secrets(run: Run, joined: str) -> frozenset[str]:
    found = set(run.secrets)
    if _may_name_a_home(joined):
        found.update(match[match.lastgroup] for match in _HOME.finditer(joined) if match.lastgroup)
    parts = {part for secret in found for part in _names_in(secret)}
    return frozenset(part for part in parts if len(part) >= 3 and part.lower() not in _COMMON_WORDS)


def _may_name_a_home(text: str) -> bool:
    lowered = text.lower()
    return "home" in lowered or "users" in lowered or "/root" in lowered or "~" in lowered


def _names_in(secret: str) -> tuple[str, ...]:
    """Split a user's address and a host's full name, whose first parts are also used alone; paths are none."""
    if "/" in secret or "\\" in secret:
        return ()
    if secret.replace(".", "").isdigit():
        return (secret,)
    return secret, secret.partition("@")[0], secret.partition("@")[2] or secret.partition(".")[0], *secret.split(" ")


def _gather_texts(value: Any, texts: list[str]) -> None:
    # Every value of every run comes by here: the frequent kinds come first, and most items need no call.
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, dict):
        texts += value
        for item in value.values():
            if isinstance(item, str):
                texts.append(item)
            elif not isinstance(item, int | float):
                _gather_texts(item, texts)
    elif isinstance(value, list | tuple):
        for item in value:
            _gather_texts(item, texts)
    elif is_dataclass(value):
        for name in value.__dataclass_fields__:
            _gather_texts(getattr(value, name), texts)


@lru_cache(maxsize=256)
def cleaner(secrets: frozenset[str] = frozenset()) -> Callable[[str], str]:
    """Return a function that takes secrets out of a text; it remembers its answers, for texts repeat over runs."""
    names = _names_pattern(secrets)

    @lru_cache(maxsize=4096)
    def clean_text(text: str) -> str:
        return _cleaned(text, names)

    return clean_text


@lru_cache(maxsize=256)
def _names_pattern(secrets: frozenset[str]) -> re.Pattern[str] | None:
    longest_first = sorted(secrets, key=lambda secret: (-len(secret), secret))
    known = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{known})(?![A-Za-z0-9]){_DOMAIN}", re.IGNORECASE) if known else None


def _cleaned(text: str, names: re.Pattern[str] | None) -> str:
    if _may_name_a_home(text):
        text = _HOME.sub("~", text)
    text = without_secrets(text, REDACTED)
    return names.sub(REDACTED, text) if names else text


def clean(value: Noun, clean_text: Callable[[str], str]) -> Noun:
    """Rebuild plain values and dataclasses with every text cleaned."""
    return _clean(value, clean_text)  # type: ignore[no-any-return]  # same type out as in


def _clean(value: Any, clean_text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {_clean(key, clean_text): _clean_named(key, item, clean_text) for key, item in value.items()}
    if isinstance(value, list):
        options = [None, *value]  # of a command in pieces, an option names the piece behind it
        return [_clean_named(option, item, clean_text) for option, item in zip(options, value, strict=False)]
    if isinstance(value, ParamConflict):
        kept, ignored = (_clean_named(value.name, each, clean_text) for each in (value.kept, value.ignored))
        return replace(value, name=clean_text(value.name), kept=kept, ignored=ignored)
    if isinstance(value, tuple):
        return tuple(_clean(item, clean_text) for item in value)
    if is_dataclass(value) and not isinstance(value, type | RunKey | Series):
        return replace(value, **{each.name: _clean(getattr(value, each.name), clean_text) for each in fields(value)})
    return value


def _clean_named(name: Any, value: Any, clean_text: Callable[[str], str]) -> Any:
    return REDACTED if isinstance(name, str) and is_secret(name, value) else _clean(value, clean_text)
