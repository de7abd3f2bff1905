"""Who may read a site that is served."""

import pytest

from runsite.live.access import LOOPBACK, Access, comes_from_elsewhere, make_access, split_target, tunnel_line

LOCAL = Access(frozenset({"localhost"}))


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:7483", "LOCALHOST", "localhost.", "127.0.0.1:80", "[::1]:7483", "192.168.1.7:7483"]
)
def test_own_names_and_addresses_are_answered(host: str) -> None:
    assert LOCAL.allows_host(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:7483",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "localhost:7483, evil.example",
        "localhost:port",
        "[::1",
        "2130706433.evil",
    ],
)
def test_foreign_names_are_not_answered(host: str | None) -> None:
    assert not LOCAL.allows_host(host)


def test_own_machine_alone_needs_no_token() -> None:
    assert make_access("127.0.0.1", environ={}).token is None
    assert make_access("localhost", environ={}).prefix == "/"


@pytest.mark.parametrize(
    ("host", "environ"),
    [("0.0.0.0", {}), ("10.0.0.4", {}), ("127.0.0.1", {"SSH_CONNECTION": "10.0.0.9 5 10.0.0.4 22"})],
)
def test_reachable_by_others_needs_a_token_of_its_own(host: str, environ: dict[str, str]) -> None:
    one, other = make_access(host, environ=environ), make_access(host, environ=environ)

    assert one.token != other.token
    assert len(str(one.token)) >= 24
    assert one.prefix == f"/t/{one.token}/"


@pytest.mark.parametrize(
    ("target", "host", "rest"),
    [
        ("/index.html", None, "/index.html"),
        ("/http://evil.example/", None, "/http://evil.example/"),
        ("http://localhost:7483/a?b", "localhost:7483", "/a?b"),
        ("HTTP://[::1]", "[::1]", "/"),
        ("http://a@localhost?b", "a@localhost", "/?b"),
        ("https://localhost/", None, "https://localhost/"),
    ],
)
def test_host_that_a_target_names_is_split_off(target: str, host: str | None, rest: str) -> None:
    assert split_target(target) == (host, rest)


def test_prefix_without_its_last_slash_is_known_and_nothing_else() -> None:
    access = Access(frozenset(), "right")

    assert access.lacks_slash("/t/right")
    assert access.lacks_slash("/t/right?x")
    assert not any(map(access.lacks_slash, ("/t/right/", "/t/wrong", "/t", "/", "")))
    assert not Access(frozenset()).lacks_slash("")


def test_address_without_the_token_is_not_below_the_prefix() -> None:
    access = Access(frozenset(), "right")

    assert access.below_prefix("/t/right/index.html?x") == "index.html?x"
    assert access.below_prefix("/t/right/") == ""
    for target in ("/", "/index.html", "/t/wrong/index.html", "/t/right", "//t/right/", "/t/%72ight/", "/T/right/"):
        assert access.below_prefix(target) is None


@pytest.mark.parametrize(
    ("headers", "is_foreign"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"}, False),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, True),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, True),
    ],
)
def test_page_of_another_site_may_link_here_and_nothing_more(headers: dict[str, str], is_foreign: bool) -> None:
    assert comes_from_elsewhere(headers) is is_foreign


def test_tunnel_leads_to_the_machine_that_was_connected_to() -> None:
    line = tunnel_line("127.0.0.1", 7483, "10.0.0.9 50000 10.0.0.4 22", "ada")
    assert line == "ssh -N -L 7483:127.0.0.1:7483 ada@10.0.0.4"
    line = tunnel_line("127.0.0.1", 80, "a 1 10.0.0.4 2222", "ada")
    assert line == "ssh -N -L 80:127.0.0.1:80 -p 2222 ada@10.0.0.4"


@pytest.mark.parametrize(
    ("host", "listens"),
    [("127.5.5.5", "127.5.5.5"), ("::1", "[::1]"), ("10.0.0.4", "10.0.0.4"), ("0.0.0.0", LOOPBACK), ("::", LOOPBACK)],
)
def test_tunnel_ends_where_the_server_listens(host: str, listens: str) -> None:
    line = tunnel_line(host, 7483, "10.0.0.9 50000 10.0.0.4 22", "ada")

    assert line == f"ssh -N -L 7483:{listens}:7483 ada@10.0.0.4"
