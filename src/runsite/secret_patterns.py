"""Know a secret by its shape or by the name before it: the one home of these rules, for the recorder and for the site.

A name tells either that any value behind it is secret (`password`, `api_key`, `HF_TOKEN`), or only that it may be:
`token` and `_KEY` are words of this field (pad_token, SORT_KEY), so there the value has to look like a secret too. In
prose (`secret: a lot`) it always has to.

Texts may be long and made to be slow, so every quantifier that may run from many places is bounded.
"""

import re
from functools import cached_property, lru_cache


class _Late:
    """A pattern that is compiled when a text first needs it: all of them take 30 ms, and most texts need none."""

    def __init__(self, text: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._text = text
        self._flags = flags

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)


# Before `token` or `key` these make a word of the field, or of a database.
_ORDINARY = (
    "pad mask eos bos cls sep unk next image audio video special sort primary foreign public partition cache group "
    "join lookup start end stop max num per prompt text word first last dedup index"
).split()
_NO_FIELD_WORD = "".join(rf"(?<!{word})(?<!{word}[\s_.-])" for word in _ORDINARY)
_NO_FIELD_WORD_IN_CAPITALS = "".join(rf"(?<!{word.upper()}_)" for word in _ORDINARY)
_SERVICE = (
    "auth|access|api|hf|hub|huggingface|git|github|gitlab|gh|wandb|neptune|comet|mlflow|refresh|bearer|session|bot|"
    "slack|personal|deploy|login|user|azure|aws|npm|pypi|docker|databricks|secret|private|oauth|csrf|id"
)
_KEY_KIND = (
    "api|access|private|secret|auth|wandb|account|comet|neptune|mlflow|encryption|signing|license|licence|ssh|deploy|"
    "openai|anthropic|azure|aws|gcp|subscription"
)
_PASS_OF = "ssh|db|user|smtp|mysql|pg|postgres|ftp|http|proxy|admin|root|mail|redis"
_HARD = (
    r"(?:secrets?|passw(?:or)?ds?|passphrase|credentials?|(?<![a-z])creds?|(?<![a-z])jwt|"
    r"(?<![a-z])(?!(?-i:(?<!\w)PWD\b))pwd|"
    rf"(?<![a-z])(?:{_PASS_OF})[_-]?pass|(?:{_KEY_KIND})[_-]?keys?(?:[_-]?id)?|"
    r"(?<![a-z])(?:git|github|gitlab|gh|azure|ado|docker|databricks|npm)[_-]pat)"
)
"""Names whose value is secret, whatever it is."""
_SERVICE_TOKEN = rf"(?<![a-z])(?:{_SERVICE})[_-]?token"
_OPTION_WORD = (
    rf"(?:(?<![a-z]){_NO_FIELD_WORD}token|(?<![a-z])(?<!use[_-])(?<!no[_-])auth|(?<![a-z])(?<![a-z][_.-])pa(?:ss|t))"
)
"""Names that tell a secret only as those of an option."""
_CAPITALS = r"(?-i:(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{0,60}_"

_NUMBER = r"(?![\"']?(?:[+-]?[\d.][\d.,_]{0,40}(?:e[+-]?\d{1,4})?%?|true|false|none|null|yes|no)(?![^\s\"',;)\]}]))"
_LIKELY = rf"{_NUMBER}(?=[\"']?[A-Za-z0-9_+/=.~-]{{6}})"
"""What stands here is no number, and six characters of it could be those of a key."""
_IS = r"[\"']?\s{0,3}"
_GAP = r"(?:\s{1,8}(?:\\\r?\n\s{0,8})?|\s{0,3}=\s{0,3})(?!--?[a-z])"
_PAIR = _Late(
    r"(?P<name>"
    rf"(?<![\w-])--?[\w.-]{{0,60}}?(?:{_HARD}{_GAP}|(?:{_SERVICE_TOKEN}|{_OPTION_WORD}){_GAP}{_NUMBER})|"
    rf"{_HARD}(?:{_IS}=\s{{0,3}}|{_IS}:\s{{0,3}}{_LIKELY}|[\"']\s{{0,3}}:\s{{0,3}}(?=[\"']))|"
    rf"{_SERVICE_TOKEN}(?:{_IS}=\s{{0,3}}{_NUMBER}|{_IS}:\s{{0,3}}{_LIKELY})|"
    rf"(?<!\w)(?<!\w-){_NO_FIELD_WORD}token{_IS}[=:]\s{{0,3}}{_LIKELY}|"
    rf"{_CAPITALS}{_NO_FIELD_WORD_IN_CAPITALS}TOKEN=){_NUMBER}|"
    rf"{_CAPITALS}{_NO_FIELD_WORD_IN_CAPITALS}KEY(?:_ID)?=){_LIKELY}|"
    rf"{_CAPITALS}(?:PASS|PAT|AUTH)=){_NUMBER}|(?-i:(?<![A-Za-z0-9_])(?:PASS|PAT)=){_NUMBER}|"
    rf"\bauthorization{_IS}[=:]\s{{0,3}}[\"']?(?:(?:basic|bearer|token|digest|apikey|negotiate)\s{{1,3}}|{_LIKELY})|"
    rf"\bbearer\s{{1,3}}{_LIKELY}(?=[^\s\d]{{0,40}}\d|\S{{20}})|"
    r"(?<![\w-])sshpass\s{1,3}-p\s{0,3})"
    r"(?:(?P<quote>[\"'])(?!\s)[^\"']*|[^\s\"']+)",
    re.IGNORECASE,
)
_COOKIE = _Late(
    rf"(?P<name>\b(?:set-)?cookie{_IS}[:=]\s{{0,3}})(?P<quote>[\"']?)"
    r"[\w.-]{1,60}=[^\s\"';]+(?:;\s?[\w.-]{1,60}=[^\s\"';]+)*",
    re.IGNORECASE,
)
_LOGIN = _Late(
    r"(?P<name>(?<![\w-])(?:-u|--user|--proxy-user)(?:\s{1,3}|=)?)(?P<quote>[\"']?)"
    r"(?!\d{1,10}:\d{1,10}(?!\S))[^\s:\"'=/-][^\s:\"']{0,100}:(?!//|\\)[^\s\"']+"
)
_CREDENTIALS = _Late(r"(?P<scheme>\b[a-z][a-z0-9+.-]{0,30}://)[^\s/]+@", re.IGNORECASE)
_SIGNED_QUERY = _Late(
    r"(?P<name>[?&;](?:[\w.-]{0,40}(?:signature|credential|token|secret|password)|sig|(?:[\w.-]{0,40}[_-])?key)=)"
    r"[^&\s'\"]+",
    re.IGNORECASE,
)
_WEBHOOK = _Late(
    r"(?P<name>\b(?:hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/|"
    r"api\.telegram\.org/bot))[^\s\"'<>)]+",
    re.IGNORECASE,
)
_SHAPE = _Late(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{16,}|"
    r"sk-(?:[A-Za-z0-9]{20,}|(?:proj|ant|svcacct|or)-[\w-]{16,}|[a-z]{1,20}-\w{20,})|"
    r"[sr]k_(?:live|test)_[A-Za-z0-9]{6,}|dckr_(?:pat|oat)_[\w-]{6,}|whsec_\w{16,}|"
    r"xox[abeprs]-[\w-]{8,}|AKIA[0-9A-Z]{12,}|ASIA[0-9A-Z]{12,}|AIza[\w-]{30,}|"
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|npm_[A-Za-z0-9]{20,}|pypi-[\w-]{16,})|"
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^-]|-(?!----))*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?"
)
_OPAQUE_WORD = _Late(
    r"(?<![^\s=\"'])(?=[^\s\d]{0,100}\d)(?=[^\sA-Za-z]{0,100}[A-Za-z])[A-Za-z0-9_+-]{24,}={0,2}(?![^\s\"'])"
)
_SSH_USER = _Late(r"^(?!git@)[^@/\s:]+@")

_HARD_NAME = _Late(rf"-{{0,2}}[\w./:-]{{0,200}}?(?:{_HARD}|{_SERVICE_TOKEN})\Z", re.IGNORECASE)
_OPTION_NAME = _Late(rf"--?[\w.-]{{0,200}}?{_OPTION_WORD}\Z", re.IGNORECASE)
_LIKELY_NAME = _Late(
    rf"(?:[\w.-]{{0,200}}[./])?token\Z|(?-i:[A-Z0-9_]{{0,200}}_{_NO_FIELD_WORD_IN_CAPITALS}(?:TOKEN|KEY|PASS|PAT|AUTH)\Z)",
    re.IGNORECASE,
)
_VAGUE_NAME = _Late(r"(?:[\w.-]{0,200}[./])?(?:auth|pass|pat)\Z", re.IGNORECASE)
_NUMBER_IS_SECRET = re.compile(r"passw|passphrase|pwd|secret", re.IGNORECASE)
_LIKELY_VALUE = _Late(rf"{_NUMBER}[A-Za-z0-9_+/=.~-]{{6,}}\Z", re.IGNORECASE)

_PAIR_SIGN = re.compile(
    r"token(?![is])|secret|passw|passphrase|cred|keys?(?:id)?(?![a-z])|jwt|pwd|pass(?:[\s=_\"':]|$)|auth|"
    r"pat(?:[\s=:\"']|$)|bearer"
)
_NAME_SIGN = re.compile(r"token|secret|pass|cred|key|jwt|pwd|auth|pat\Z")
"""Any secret name holds one of these."""
_SHAPE_SIGNS = tuple(
    "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- hf_ sk- k_live k_test dckr_ whsec_ xox AKIA ASIA AIza eyJ npm_ pypi- "
    "-----BEGIN".split()
)
"""Every shape begins with one of these; looking for them first is twenty times as fast as the pattern."""


def without_secrets(text: str, mark: str) -> str:
    """Take out of a text the credentials of addresses, the values behind secret names, and tokens."""
    lowered = text.lower()
    if "://" in text and "@" in text:
        text = _CREDENTIALS.pattern.sub(r"\g<scheme>", text)
    if "=" in text:
        text = _SIGNED_QUERY.pattern.sub(rf"\g<name>{mark}", text)
    if "hooks" in lowered or "api.telegram" in lowered:
        text = _WEBHOOK.pattern.sub(rf"\g<name>{mark}", text)
    if "cookie" in lowered:
        text = _COOKIE.pattern.sub(rf"\g<name>\g<quote>{mark}", text)
    if "-u" in text or "-user" in text:
        text = _LOGIN.pattern.sub(rf"\g<name>\g<quote>{mark}", text)
    if _PAIR_SIGN.search(lowered):
        text = "".join(_without_values(chunk, mark) for chunk in _chunks(text))
    return _SHAPE.pattern.sub(mark, text) if any(sign in text for sign in _SHAPE_SIGNS) else text


def _without_values(chunk: str, mark: str) -> str:
    if not _PAIR_SIGN.search(chunk.lower()):
        return chunk
    return _PAIR.pattern.sub(lambda pair: f"{pair['name']}{pair['quote'] or ''}{mark}", chunk)


def _chunks(text: str) -> list[str]:
    """Part a text into lines; one that may name a secret keeps the next, where the value may stand."""
    chunks: list[str] = []
    is_open = False
    for line in text.splitlines(keepends=True):
        if is_open:
            chunks[-1] += line
        else:
            chunks.append(line)
        is_open = _PAIR_SIGN.search(line.lower()) is not None
    return chunks


def without_opaque_words(command: str, mark: str) -> str:
    """Take long words of letters and digits out of a command, where they may be keys without a name."""
    return _OPAQUE_WORD.pattern.sub(mark, command)


def without_user(remote: str) -> str:
    """Take the user off the address of a Git remote."""
    return _SSH_USER.pattern.sub("", remote)


def may_name_secrets(text: str) -> bool:
    """Tell whether a secret name could stand in a text, at the end of one of its lines; a `no` is certain."""
    return _PAIR_SIGN.search(text.lower()) is not None


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Tell whether an option, variable or param is named so that any value of it is secret."""
    if not _NAME_SIGN.search(name.lower()):
        return False
    return _HARD_NAME.pattern.fullmatch(name) is not None or _OPTION_NAME.pattern.fullmatch(name) is not None


def is_secret(name: str, value: object) -> bool:
    """Tell whether a named value is secret: for names of the field (`token`), only if it looks like one."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return is_secret_name(name) and _NUMBER_IS_SECRET.search(name) is not None
    if not isinstance(value, str) or not value:
        return False
    return is_secret_name(name) or (_may_be_secret_name(name) and _looks_secret(name, value))


@lru_cache(maxsize=4096)
def _may_be_secret_name(name: str) -> bool:
    if not _NAME_SIGN.search(name.lower()):
        return False
    return _LIKELY_NAME.pattern.fullmatch(name) is not None or _VAGUE_NAME.pattern.fullmatch(name) is not None


def _looks_secret(name: str, value: str) -> bool:
    if not _LIKELY_VALUE.pattern.match(value):
        return False
    return _LIKELY_NAME.pattern.fullmatch(name) is not None or any(letter.isdigit() for letter in value)
