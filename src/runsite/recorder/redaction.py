"""Keep out of the log what says whose machine it is: home folders, users, host names, credentials.

Two strengths. What the recorder gathers by itself (the command, the remote, an error's message) loses all of it.
What the user's code hands over (params, tags, notes, sources) keeps its words, for a param may well be called like the
host; but the home folder becomes `~`, an address loses its credentials, and a secret is left out. By which shapes and
names a secret is known says `secret_patterns`, for the site too.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runsite.secret_patterns import is_secret, without_secrets, without_user

REDACTED = "***"
MAX_COMMAND = 2_000
"""`python -c` may carry a whole program."""

# Names every machine has tell nothing, and redacting them would spoil paths such as /home or /root/data.
_COMMON_USERS = frozenset({"root", "user", "users", "home", "ubuntu", "runner", "admin", "jovyan", "vscode"})
_COMMON_HOSTS = frozenset({"localhost", "localhost.localdomain"})

_OPTION = re.compile(r"^(?P<name>-{0,2}[\w.+-]+)=(?P<value>.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Redaction:
    """What this machine's texts must not say."""

    homes: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    def given(self, text: str) -> str:
        """Redact a text that the user's code handed over."""
        for home in self.homes:
            text = re.sub(rf"(?<![\w.~-]){re.escape(home)}(?![\w-])", "~", text)
        return without_secrets(text, REDACTED)

    def gathered(self, text: str) -> str:
        """Redact a text that the recorder gathered by itself."""
        text = self.given(text)
        for user in self.users:
            text = re.sub(rf"(?<=[/\\]){re.escape(user)}(?=[/\\:'\"\s]|$)|\b{re.escape(user)}(?=@)", "<user>", text)
        for host in self.hosts:
            text = re.sub(rf"(?<![\w-]){re.escape(host)}(?![\w-])", "<host>", text, flags=re.IGNORECASE)
        return text

    def values(self, value: Any) -> Any:
        """Redact every text in a JSON value that the user's code handed over."""
        if isinstance(value, str):
            return self.given(value)
        if isinstance(value, list):
            return [self.values(item) for item in value]
        if isinstance(value, dict):
            return {key: REDACTED if is_secret(key, item) else self.values(item) for key, item in value.items()}
        return value

    def remote(self, address: str) -> str:
        """Redact the address of a Git remote."""
        return self.gathered(without_user(address.strip()))

    def command(self, arguments: Sequence[str]) -> str:
        """Return a command line as one text without its secrets."""
        text = self.gathered(shlex.join(_without_secret_values(arguments)))
        return text if len(text) <= MAX_COMMAND else text[: MAX_COMMAND - 1] + "…"


def machine_redaction(environ: Mapping[str, str], *, home: Path, host: str) -> Redaction:
    """Say what to redact on this machine."""
    homes = {str(home), str(home.resolve()), environ.get("HOME", ""), environ.get("USERPROFILE", "")}
    users = {home.name, *(environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME"))}
    hosts = {host, host.partition(".")[0], environ.get("HOSTNAME", "")}
    return Redaction(
        homes=tuple(sorted((text.rstrip("/\\") for text in homes if _is_a_home(text)), key=_longest_first)),
        users=tuple(sorted(user for user in users if len(user) >= 3 and user.lower() not in _COMMON_USERS)),
        hosts=tuple(
            sorted((name for name in hosts if len(name) >= 4 and name.lower() not in _COMMON_HOSTS), key=_longest_first)
        ),
    )


def _without_secret_values(arguments: Sequence[str]) -> list[str]:
    """Replace whole the values of arguments whose name says that they are secret; a text does not show their ends."""
    shown: list[str] = []
    for argument in arguments:
        option = _OPTION.match(argument)
        if option and is_secret(option["name"], option["value"]):
            shown.append(f"{option['name']}={REDACTED}")
        elif shown and shown[-1].startswith("-") and is_secret(shown[-1], argument) and not argument.startswith("--"):
            shown.append(REDACTED)
        else:
            shown.append(argument)
    return shown


def _is_a_home(home: str) -> bool:
    # A service account's home may be `/`, which is everybody's.
    return len(home.rstrip("/\\")) > 1


def _longest_first(text: str) -> tuple[int, str]:
    return (-len(text), text)
