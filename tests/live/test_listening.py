"""What `serve` says of where the site is."""

from types import SimpleNamespace
from typing import Any

import pytest

from runsite.live.access import Access
from runsite.live.listening import Listening, announce

ENVIRON = {"SSH_CONNECTION": "10.0.0.9 50000 10.0.0.4 22", "USER": "ada"}


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_way_over_ssh_is_said_wherever_it_listens(host: str) -> None:
    said: list[str] = []
    server: Any = SimpleNamespace(server_address=(host, 7483))

    announce(server, Access(frozenset(), "right"), Listening(host), environ=ENVIRON, say=said.append)

    assert "from your own machine: ssh -N -L 7483:127.0.0.1:7483 ada@10.0.0.4" in said
    assert "then open http://127.0.0.1:7483/t/right/" in said
