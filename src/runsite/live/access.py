"""Who may read a site that is served: which names of this machine count, and which addresses carry a token.

A page of another site may ask this server for anything in the reader's name. Three things stand against it: the `Host`
that is asked for must be an address, or a name of this machine, as a foreign name that was pointed here after its page
had loaded ("DNS rebinding") is neither; what the browser says comes from another site is refused, but for opening a
page; and answers forbid to be embedded elsewhere. A machine that several people share has one 127.0.0.1 for all of
them, and so has one that is reached over the network: there a random token is the first part of every address. It is
part of the path because relative links, which a site has throughout, would drop a query.
"""

import hmac
import ipaddress
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
# All addresses of this machine.
ANYWHERE = ("0.0.0.0", "::", "")
# 144 bits, 24 letters.
TOKEN_BYTES = 18
_ABSOLUTE = re.compile(r"http://([^/?#]*)(.*)", re.IGNORECASE)
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Access:
    """What a request must say to be answered."""

    names: frozenset[str]
    """Names of this machine in lower case; addresses count besides."""
    token: str | None = None

    @property
    def prefix(self) -> str:
        """The path below which the site lies, with a slash at both ends."""
        return f"/t/{self.token}/" if self.token else "/"

    def allows_host(self, host: str | None) -> bool:
        """Tell whether a `Host` header is an address, or a name of this machine."""
        found = _HOST.fullmatch(host or "")
        if found is None:
            return False
        name = found["name"].strip("[]").lower().removesuffix(".")
        return name in self.names or is_address(name)

    def lacks_slash(self, target: str) -> bool:
        """Tell whether a request's target is the prefix but for its last slash."""
        path = target.partition("?")[0] + "/"
        return self.token is not None and hmac.compare_digest(path.encode(), self.prefix.encode())

    def below_prefix(self, target: str) -> str | None:
        """Return the rest of a request's target; None if the token is missing or wrong."""
        begin, rest = target[: len(self.prefix)], target[len(self.prefix) :]
        return rest if hmac.compare_digest(begin.encode(), self.prefix.encode()) else None


def make_access(host: str, *, environ: Mapping[str, str]) -> Access:
    """Choose what is asked of requests: a token for all who reach us by more than a loopback address of their own."""
    names = {"localhost"}
    if not is_loopback(host):
        names |= {host.lower(), socket.gethostname().lower(), socket.getfqdn().lower()}
    is_shared = not is_loopback(host) or bool(environ.get("SSH_CONNECTION"))
    return Access(frozenset(names), secrets.token_urlsafe(TOKEN_BYTES) if is_shared else None)


def split_target(target: str) -> tuple[str | None, str]:
    """Return the host that a request's target names itself, as requests to proxies do, and the rest."""
    found = _ABSOLUTE.fullmatch(target)
    if found is None:
        return None, target
    return found[1], found[2] if found[2].startswith("/") else f"/{found[2]}"


def is_address(name: str) -> bool:
    """Tell whether a name is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a host."""
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def comes_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Tell whether the page of another site asks for more than to open a page of this one."""
    site = headers.get("Sec-Fetch-Site", "none")
    is_opened = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
    return site not in ("none", "same-origin") and not is_opened


def in_address(host: str) -> str:
    """Write a host as it stands before a port."""
    return f"[{host}]" if ":" in host else host


def tunnel_line(host: str, port: int, ssh_connection: str, user: str) -> str:
    """Write the command that brings a port of this machine to the one that the reader sits at."""
    listens = in_address(LOOPBACK if host in ANYWHERE else host)
    words = ssh_connection.split()
    here = words[2] if len(words) >= 4 else socket.gethostname()
    there = f"-p {words[3]} " if len(words) >= 4 and words[3] != "22" else ""
    return f"ssh -N -L {port}:{listens}:{port} {there}{user}@{here}"
