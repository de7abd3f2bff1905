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
from typing import Any, TypeVar

from runsite.model import ParamConflict, Run, RunKey, Series, Source

REDACTED = "[redacted]"
Noun = TypeVar("Noun")

_HOME = re.compile(
    r"(?:/(?:home|Users)/)([^/\\\s\"':;,)\]}>]+)|(?<![\w.~-])/root(?![\w.-])|"
    r"(?:[A-Za-z]:|\\\\[^\\/\s]+)[\\/]+Users[\\/]+"
    r"([^\\/:*?\"<>|\s]+(?: [^\\/:*?\"<>|\s]+)*(?=[\\/])|[^\\/:*?\"<>|\s]+)"
)
_CREDENTIALS = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]{0,30}://)[^\s/]+@", re.IGNORECASE)
_SSH_USER = re.compile(r"^(?!git@)[^@/\s:]+@")
_SIGNED_QUERY = re.compile(
    r"(?P<name>[?&;](?:[\w.-]{0,40}(?:signature|credential|token|secret|password)|sig|(?:[\w.-]{0,40}[_-])?key)=)"
    r"[^&\s'\"]+",
    re.IGNORECASE,
)
# "token" alone is a word of this field (max_tokens, pad_token), so it needs a neighbour that makes it a secret.
_SECRET_WORD = (
    r"(?:(?<![a-z])(?:auth|access|api|hf|hub|huggingface|git|github|gitlab|gh|wandb|neptune|comet|mlflow|refresh|"
    r"bearer|session|bot|slack|personal|deploy|login|user|azure|aws|npm|pypi)[_-]?token|(?<!\w)(?<!\w-)token|"
    r"secret|passw(?:or)?d|passphrase|credentials?|(?:api|access|private|secret|auth|wandb|account)[_-]?key)"
)
# What may stand before the word is bounded: unbounded, a word of a million letters would take hours.
_SECRET_PAIR = re.compile(
    rf"(?P<name>{_SECRET_WORD}[\"']?\s*[=:]\s*|(?<![\w-])--?[\w.-]{{0,60}}?{_SECRET_WORD}\s+|"
    r"\bauthorization[\"']?\s*[=:]\s*[\"']?(?:\w+\s+)?|\bbearer\s+|(?-i:\b[A-Z][A-Z0-9_]{0,60}_TOKEN=))"
    r"(?:(?P<quote>[\"'])(?!\s)[^\"']*|[^\s\"']+)",
    re.IGNORECASE,
)
_OPTION_NAME = re.compile(
    rf"(?:[\w.-]{{0,200}}?{_SECRET_WORD}|(?-i:[A-Z0-9_]{{0,200}}_(?:TOKEN|KEY)))\Z", re.IGNORECASE
)
_SECRET_NUMBER_NAME = re.compile(r"passw|passphrase|secret|[_-]pin\Z", re.IGNORECASE)
_OPAQUE_WORD = re.compile(r"(?<![^\s=\"'])(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[A-Za-z0-9_+-]{24,}={0,2}(?![^\s\"'])")
_TOKEN_SHAPES = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{16,}|"
    r"sk-(?:[A-Za-z0-9]{20,}|(?:proj|ant|svcacct|or)-[\w-]{16,})|"
    r"xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{12,}|ASIA[0-9A-Z]{12,}|AIza[\w-]{30,}|"
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|npm_[A-Za-z0-9]{20,}|pypi-[\w-]{16,})|"
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^-]|-(?!----))*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?"
)
_COMMON_WORDS = frozenset(
    "root user home localhost node host train test none null main data model default base admin runner worker master "
    "gpu cpu cuda linux ubuntu ec2-user docker jovyan kaggle colab app python nvidia adam sgd".split()
)
"""Names too common to be looked for in texts; a home folder of that name is still `~`."""
_DOMAIN = r"(?:(?:\.[A-Za-z0-9-]+)+\.[A-Za-z]{2,}|\.(?:local|lan|internal|localdomain)\b)?"


def private_run(run: Run) -> Run:
    """Return the run with every text cleaned; its key, its folder and its numbers stay."""
    clean_text = cleaner(known_secrets(run))
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


def _renamed(series: Series, name: str) -> Series:
    return series if series.name == name else replace(series, name=name)


def _private_source(source: Source) -> Source:
    command = source.command and _OPAQUE_WORD.sub(REDACTED, source.command)
    remote = source.remote and _SSH_USER.sub("", source.remote)
    return replace(source, command=command, remote=remote, patch=None)


def known_secrets(run: Run) -> frozenset[str]:
    """Collect what this run's log names as host, user or home."""
    found = set(run.secrets)
    for text in _texts((run.params, run.tags, run.source, run.artifacts, run.notes, run.datasets, run.failure)):
        found.update(name for match in _HOME.finditer(text) if (name := match[1] or match[2]))
    parts = {part for secret in found for part in _names_in(secret)}
    return frozenset(part for part in parts if len(part) >= 3 and part.lower() not in _COMMON_WORDS)


def _names_in(secret: str) -> tuple[str, ...]:
    """Split a user's address and a host's full name, whose first parts are also used alone; paths are none."""
    if "/" in secret or "\\" in secret:
        return ()
    if secret.replace(".", "").isdigit():
        return (secret,)
    return secret, secret.partition("@")[0], secret.partition("@")[2] or secret.partition(".")[0]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.items() for text in _texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    if is_dataclass(value):
        return [text for field in fields(value) for text in _texts(getattr(value, field.name))]
    return []


@lru_cache(maxsize=256)
def cleaner(secrets: frozenset[str] = frozenset()) -> Callable[[str], str]:
    """Return a function that takes secrets out of a text; it remembers its answers, for texts repeat over runs."""
    longest_first = sorted(secrets, key=lambda secret: (-len(secret), secret))
    known = "|".join(map(re.escape, longest_first))
    names = re.compile(rf"(?<![A-Za-z0-9])(?:{known})(?![A-Za-z0-9]){_DOMAIN}", re.IGNORECASE) if known else None

    @lru_cache(maxsize=4096)
    def clean_text(text: str) -> str:
        text = _CREDENTIALS.sub(r"\g<scheme>", text)
        text = _HOME.sub("~", text)
        text = _SIGNED_QUERY.sub(rf"\g<name>{REDACTED}", text)
        text = _SECRET_PAIR.sub(_without_value, text)
        text = _TOKEN_SHAPES.sub(REDACTED, text)
        return names.sub(REDACTED, text) if names else text

    return clean_text


def _without_value(pair: re.Match[str]) -> str:
    return f"{pair['name']}{pair['quote'] or ''}{REDACTED}"


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
    if isinstance(name, str) and _OPTION_NAME.fullmatch(name):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if (isinstance(value, str) and value) or (is_number and _SECRET_NUMBER_NAME.search(name)):
            return REDACTED
    return _clean(value, clean_text)
