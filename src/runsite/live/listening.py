"""Take a port, and say where the site is and how to get there."""

import errno
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runsite.errors import ServeError
from runsite.live.access import ANYWHERE, LOOPBACK, Access, in_address, is_loopback, tunnel_line
from runsite.live.audiences import PageAudience
from runsite.live.live_files import live_files
from runsite.live.place import Place
from runsite.live.server import SiteServer
from runsite.live.site_files import SiteFiles
from runsite.live.streams import Streams

FIRST_PORT = 7483
# Who serves more sites than that names a port.
PORTS = 20
# What is wrong with a port; anything else is wrong with the address.
OF_PORT = (errno.EADDRINUSE, errno.EACCES)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, as it was asked for."""

    host: str = LOOPBACK
    port: int | None = None
    """None is the first free one."""


def listen(
    listening: Listening,
    files: SiteFiles,
    access: Access,
    *,
    streams: Streams | None,
    place: Place,
    audience: PageAudience | None,
    say: Callable[[str], None],
) -> SiteServer:
    """Take the port that was asked for, or the first that is free; ServeError if there is none."""
    wanted = [listening.port] if listening.port is not None else list(range(FIRST_PORT, FIRST_PORT + PORTS))
    problem: OSError | None = None
    for port in wanted:
        try:
            server = SiteServer(
                (listening.host, port),
                files,
                access,
                streams=streams,
                live_files=lambda: live_files(place.theme_folders()),
                waits_for=lambda: audience.failure if audience else "",
            )
        except OSError as error:
            problem = error
            continue
        if listening.port is None and port != FIRST_PORT:
            say(f"port {FIRST_PORT} is busy; taking {port}")
        return server
    assert problem is not None
    option = "--port" if problem.errno in OF_PORT else "--host"
    raise ServeError(listening.host, wanted[0], problem.strerror or str(problem), option)


def announce(
    server: SiteServer, access: Access, listening: Listening, *, environ: Mapping[str, str], say: Callable[[str], None]
) -> str:
    """Say where the site is, and how to get there from elsewhere; return its address."""
    port = server.server_address[1]
    is_here = is_loopback(listening.host)
    is_anywhere = listening.host in ANYWHERE
    address = _address(LOOPBACK if is_anywhere else listening.host, port, access)
    say(f"serving {address}")
    if is_anywhere:
        say(f"from other machines: {_address(socket.gethostname(), port, access)}")
    if not is_here:
        say(
            "warning: whoever reaches this machine and has this address can read the site; it goes over the line openly"
        )
    connection = environ.get("SSH_CONNECTION")
    if connection:
        user = environ.get("USER") or environ.get("LOGNAME") or "you"
        say(f"from your own machine: {tunnel_line(listening.host, port, connection, user)}")
        say(f"then open {_address(LOOPBACK, port, access)}")
    say("Ctrl-C ends it")
    return address


def _address(name: str, port: int, access: Access) -> str:
    return f"http://{in_address(name)}:{port}{access.prefix}"
