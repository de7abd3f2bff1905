"""What the server answers, asked in bytes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.commands import until
from live.served import FILES, PAGE, SECRET, Served, read_reply, serving, write_site
from live.test_site_files import OUTSIDE
from runsite.live.access import Access
from runsite.live.server import Limits, SiteServer
from runsite.live.site_files import SiteFiles
from runsite.live.streams import Streams

CLIP = FILES["artifacts/ab/clip.mp4"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site")


@pytest.fixture
def served(site: Path) -> Iterator[Served]:
    with serving(site) as found:
        yield found


@pytest.fixture
def live(site: Path) -> Iterator[Served]:
    with serving(site, streams=Streams("epoch", "look")) as found:
        yield found


def test_page_is_served_as_it_was_built_where_nothing_is_watched(served: Served) -> None:
    reply = served.ask("/")

    assert (reply.status, reply.content) == (200, PAGE)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_spelling_is_answered_with_what_lies_outside(served: Served, address: str) -> None:
    reply = served.ask(b"/" + address.encode("utf-8"))

    assert reply.status in (400, 404)
    assert SECRET not in reply.content
    assert b"root:" not in reply.content


@pytest.mark.parametrize("target", ["http://evil.example/index.html", "index.html", "*", "?", "http://127.0.0.1/../x"])
def test_target_that_is_no_path_is_refused(served: Served, target: str) -> None:
    assert served.ask(target).status in (400, 403, 404)


def test_target_that_is_no_path_is_not_said_to_lack_a_token_where_none_is_asked(served: Served) -> None:
    assert b"must begin with /" in served.ask("*").content


def test_folder_is_never_listed(served: Served) -> None:
    assert served.ask("/artifacts/ab/").status == 404
    assert served.ask("/assets").status == 404


def test_folder_of_a_page_is_one_slash_further(served: Served) -> None:
    reply = served.ask("/experiments/odd-1")

    assert (reply.status, reply.headers["location"]) == (301, "/experiments/odd-1/")


def test_what_is_missing_is_answered_with_the_page_of_the_site_that_says_so(served: Served) -> None:
    reply = served.ask("/nothing.html")

    assert (reply.status, reply.content) == (404, FILES["404.html"])


@pytest.mark.parametrize("hosts", [("evil.example",), (), ("localhost", "evil.example"), ("localhost", "localhost")])
def test_foreign_missing_or_double_host_is_refused(served: Served, hosts: tuple[str, ...]) -> None:
    head = "".join(f"Host: {host}\r\n" for host in hosts)
    connection = served.connect()
    connection.sendall(f"GET / HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())

    reply = read_reply(connection)

    assert reply.status == 403
    assert b"Site" not in reply.content


def test_script_tag_of_another_site_gets_no_data(served: Served) -> None:
    reply = served.ask(
        "/assets/site.js", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors", Sec_Fetch_Dest="script"
    )

    assert (reply.status, reply.content) == (403, b"asked for by a page of another site\n")


@pytest.mark.parametrize(
    "target", ["/", "/index.html", "/t/", "/t/wrong", "/t/wrong/", "/live/events", "/live/live.js"]
)
def test_without_the_token_nothing_is_served(site: Path, target: str) -> None:
    with serving(site, access=Access(frozenset(), "right"), streams=Streams("e", "look")) as served:
        reply = served.ask(target)

    assert reply.status == 403
    assert b"<h1>" not in reply.content


def test_with_the_token_pages_are_served_and_redirects_keep_it(site: Path) -> None:
    with serving(site, access=Access(frozenset(), "right")) as served:
        assert served.ask("/t/right/").content == PAGE
        assert served.ask("/t/right/runs").headers["location"] == "/t/right/runs/"
        bare = served.ask("/t/right")
        assert (bare.status, bare.headers["location"]) == (301, "/t/right/")


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "__class__"]
)
def test_other_methods_are_refused(served: Served, method: str) -> None:
    reply = served.ask("/", method)
    foreign = served.ask("/", method, Host="evil.example")

    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
    assert (reply.headers["connection"], reply.headers["x-content-type-options"]) == ("close", "nosniff")
    assert reply.content == b"only GET and HEAD\n"
    assert foreign.status == 403


@pytest.mark.parametrize(
    "line", [b"GET", b"GET / HTTP/x", b"GET / / HTTP/1.1", b"GET / HTTP/2.0", b"GET /" + b"x" * 70_000]
)
def test_what_is_no_request_gets_our_headers(served: Served, line: bytes) -> None:
    connection = served.connect()
    connection.sendall(line + b"\r\n\r\n")

    reply = read_reply(connection)

    assert reply.status in (400, 414, 505)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert b"<" not in reply.content


@pytest.mark.parametrize("header", ["Content-Length: {length}", "Transfer-Encoding: chunked", "transfer-encoding: x"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_body_of_a_request_is_never_another_request(served: Served, method: str, header: str) -> None:
    body = b"GET /assets/site.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = f"{method} /index.html HTTP/1.1\r\nHost: localhost\r\n{header.format(length=len(body))}\r\n\r\n"
    connection = served.connect()
    connection.sendall(head.encode() + body)

    reply = read_reply(connection)

    assert (reply.status, reply.headers["connection"]) == (405 if method == "POST" else 200, "close")
    assert b"HTTP/1.1" not in reply.content


def test_target_that_names_its_host_is_answered_if_the_host_is_ours(served: Served) -> None:
    assert served.ask(f"http://127.0.0.1:{served.port}/index.html").content == PAGE
    assert served.ask("http://localhost").content == PAGE
    assert served.ask("http://evil.example/index.html").status == 403
    assert served.ask("http://localhost/index.html", Host="evil.example").status == 403
    assert served.ask("http://localhost//evil.example/x").status == 404


def test_request_whose_headers_never_end_is_closed_however_often_a_line_comes(site: Path) -> None:
    with serving(site, limits=Limits(head_seconds=0.3)) as served:
        connection = served.connect()
        connection.settimeout(0.05)  # a line each time that nothing came
        connection.sendall(b"GET / HTTP/1.1\r\n")

        until(lambda: is_closed_at_another_line(connection))


def is_closed_at_another_line(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        with contextlib.suppress(ConnectionError):
            connection.sendall(b"A: b\r\n")
        return False
    except ConnectionError:
        return True


def test_each_request_of_a_connection_has_its_own_time(site: Path) -> None:
    with serving(site, limits=Limits(head_seconds=0.3)) as served:
        connection = served.connect()
        for wait in (0.0, 0.4):
            assert not threading.Event().wait(wait)
            connection.sendall(b"HEAD /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_connection_that_asks_nothing_more_is_closed_and_a_page_that_listens_is_not(site: Path) -> None:
    with serving(site, streams=Streams("epoch", "look"), limits=Limits(idle_seconds=3)) as served:
        assert served.streams is not None
        listens = served.connect()
        listens.sendall(b"GET /live/events?page=index.html&since=epoch.look-0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        read_until(listens, b'event: error\ndata: {"text":null,"generation":"epoch.look-0"}\n\n')
        silent, kept = served.connect(), served.connect()
        kept.sendall(b"HEAD /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert read_until(kept, b"\r\n\r\n").startswith(b"HTTP/1.1 200")

        assert (silent.recv(1), kept.recv(1)) == (b"", b"")
        served.streams.tell(["runs/table.js"])

        assert b"event: row" in read_until(listens, b"runs/table.js")


def test_reader_for_whom_there_is_no_room_is_told_so_until_there_is(site: Path) -> None:
    with serving(site, limits=Limits(connections=2, idle_seconds=600)) as served:
        held = [served.connect() for _ in range(2)]
        for connection in held:
            connection.sendall(b"HEAD /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
            read_until(connection, b"\r\n\r\n")

        refused = served.ask("/index.html")

        assert (refused.status, refused.headers["retry-after"]) == (503, "30")
        assert refused.content.startswith(b"2 connections are open to this server")
        for connection in held:
            connection.close()
        until(lambda: served.ask("/index.html").status == 200)  # their threads give their places back


def test_interrupt_while_a_connection_begins_is_passed_on(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = threading.Thread.start

    def begin_and_be_interrupted(thread: threading.Thread) -> None:
        begin(thread)
        thread.join()  # it has answered, and given its place back
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", begin_and_be_interrupted)
    with (
        SiteServer(("127.0.0.1", 0), SiteFiles(site), Access(frozenset({"localhost"}))) as server,
        socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=10) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with pytest.raises(KeyboardInterrupt):
            server.handle_request()


def test_many_for_whom_there_is_no_room_keep_nobody_waiting_who_has_a_place(site: Path) -> None:
    with serving(site, limits=Limits(connections=1)) as served:
        kept = served.connect()
        ask = b"HEAD /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n"
        kept.sendall(ask)
        read_until(kept, b"\r\n\r\n")
        for _ in range(100):
            served.connect()  # and says nothing

        kept.sendall(ask)

        assert read_until(kept, b"\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_head_has_the_length_and_no_content(served: Served) -> None:
    reply = served.ask("/artifacts/ab/clip.mp4", "HEAD")

    assert (reply.status, reply.headers["content-length"], reply.content) == (200, "1024", b"")


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("bytes=0-0", 206, CLIP[:1], "bytes 0-0/1024"),
        ("bytes=1000-", 206, CLIP[1000:], "bytes 1000-1023/1024"),
        ("bytes=-24", 206, CLIP[-24:], "bytes 1000-1023/1024"),
        ("bytes=10-5000", 206, CLIP[10:], "bytes 10-1023/1024"),
        ("bytes=-5000", 206, CLIP, "bytes 0-1023/1024"),
        ("bytes=1024-", 416, b"", "bytes */1024"),
        ("bytes=9-3", 416, b"", "bytes */1024"),
        (f"bytes={'9' * 5000}-", 416, b"", "bytes */1024"),
        ("bytes=0-1,4-5", 200, CLIP, None),
        ("bytes=-", 200, CLIP, None),
        ("bytes=a-b", 200, CLIP, None),
        ("lines=0-1", 200, CLIP, None),
    ],
)
def test_part_of_a_film_is_served(served: Served, asked: str, status: int, part: bytes, said: str | None) -> None:
    reply = served.ask("/artifacts/ab/clip.mp4", Range=asked)

    assert (reply.status, reply.content, reply.headers.get("content-range")) == (status, part, said)
    assert reply.headers["content-length"] == str(len(part))


def test_file_that_is_known_is_not_sent_again_until_it_changes(site: Path, served: Served) -> None:
    tag = served.ask("/assets/site.js").headers["etag"]
    known = served.ask("/assets/site.js", If_None_Match=f'"other", W/{tag}')

    (site / "assets" / "site.js").write_bytes(b"22;")
    changed = served.ask("/assets/site.js", If_None_Match=tag)

    assert (known.status, known.content) == (304, b"")
    assert (changed.status, changed.content) == (200, b"22;")


def test_types_are_ours_and_what_is_not_known_is_bytes(served: Served, site: Path) -> None:
    write_site(site, {**FILES, "a.unknown": b"<script>"})

    assert served.ask("/assets/site.js").headers["content-type"] == "text/javascript; charset=utf-8"
    assert served.ask("/artifacts/ab/scan.svg").headers["content-type"] == "image/svg+xml"
    assert served.ask("/a.unknown").headers["content-type"] == "application/octet-stream"


def test_live_page_carries_its_script_and_the_file_does_not(site: Path, live: Served) -> None:
    reply = live.ask("/experiments/odd-1/")

    assert (
        b'data-page="experiments/odd-1/index.html" data-root="../../" data-generation="epoch.look-0"' in reply.content
    )
    assert b"default-src 'none'; connect-src 'self'; script-src 'self'" in reply.content
    assert (site / "experiments/odd-1/index.html").read_bytes() == PAGE
    assert live.ask("/live/live.js").content == b"2;"
    assert live.ask("/live/other.js").status == 404


def test_place_without_a_site_says_what_it_waits_for(tmp_path: Path) -> None:
    with serving(tmp_path / "site", streams=Streams("e", "look")) as served:
        reply = served.ask("/experiments/later/")

    assert reply.status == 200
    assert b"runs: no such store &lt;yet&gt;" in reply.content
    assert b'data-page="experiments/later/index.html"' in reply.content


@pytest.mark.parametrize(
    "path", ["runs/table.js", "experiments/odd-1/rows/open.js", "experiments/odd-1/runs/a-1/series.js"]
)
def test_data_of_pages_that_listen_are_not_kept_for_going_back(tmp_path: Path, path: str) -> None:
    site = write_site(tmp_path / "site", {**FILES, path: b"1;"})

    with serving(site, streams=Streams("e", "look")) as listening, serving(site) as plain:
        kept = [listening.ask(f"/{path}?v=1"), plain.ask(f"/{path}?v=1"), listening.ask("/assets/site.js")]

    assert [reply.headers["cache-control"] for reply in kept] == ["no-store", "no-cache", "no-cache"]


def test_page_that_listens_hears_what_a_build_wrote(live: Served) -> None:
    assert live.streams is not None
    connection = live.connect()
    connection.sendall(b"GET /live/events?page=index.html&since=epoch.look-0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    read_until(connection, b'id: epoch.look-0\nevent: error\ndata: {"text":null,"generation":"epoch.look-0"}\n\n')

    live.streams.tell(["index.html", "runs/table.js"])

    heard = read_until(connection, b"</html>")
    row, page, *_ = heard.split(b"\n\n")
    assert row == b'event: row\ndata: {"paths":["runs/table.js"],"generation":"epoch.look-1"}'
    # A page whose connection ends between the two has not heard all of the build.
    assert page.startswith(b'id: epoch.look-1\nevent: html\ndata: {"html":"<!doctype html>')


def test_data_that_are_gone_come_empty_to_a_page_that_takes_them_up_again(live: Served) -> None:
    again = live.ask("/experiments/gone/rows/open-1.js?live=epoch.look-1")

    assert (again.status, again.content, again.headers["content-type"]) == (200, b"", "text/javascript; charset=utf-8")
    assert live.ask("/experiments/gone/rows/open-1.js").status == 404
    assert live.ask("/experiments/gone/index.html?live=epoch.look-1").status == 404


def read_until(connection: socket.socket, end: bytes) -> bytes:
    heard = b""
    while end not in heard:
        part = connection.recv(1 << 16)
        assert part, heard
        heard += part
    return heard


def test_two_hundred_open_connections_and_slow_ones_keep_nobody_waiting(live: Served) -> None:
    for number in range(100):
        listens = live.connect()
        listens.sendall(
            f"GET /live/events?page={number}&since=epoch.look-0 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        )
        half = live.connect()
        half.sendall(b"GET /index.html HTTP/1.1\r\nHo")

    replies = [live.ask("/index.html").status for _ in range(20)]

    assert replies == [200] * 20


def test_reader_who_takes_nothing_is_let_go_and_the_others_hear_on(live: Served) -> None:
    assert live.streams is not None
    with (
        live.streams.stream("index.html", "epoch.look-0") as sleeper,
        live.streams.stream("index.html", "epoch.look-0") as reader,
    ):
        for _ in range(100):
            live.streams.tell(["index.html"])
            reader.batches.get_nowait()

        assert sleeper.batches.get_nowait() is None
        assert len(live.streams) == 1
