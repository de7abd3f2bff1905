"""Connections that the system has no thread for, and readers who go away: what they held is given back."""

import contextlib
import io
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live.served import read_reply, write_site
from runsite.live.access import Access
from runsite.live.server import MAX_REFUSALS, Limits, SiteServer
from runsite.live.site_files import OpenFile, SiteFiles

ASK = b"GET /assets/site.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# Closing then resets the connection, and sends nothing more.
NO_LINGER = struct.pack("ii", 1, 0)


@contextlib.contextmanager
def answering(
    files: SiteFiles, limits: Limits | None = None
) -> Iterator[tuple[SiteServer, Callable[[], socket.socket]]]:
    """Make a server that answers one connection at a time, and say how to connect to it."""
    with SiteServer(("127.0.0.1", 0), files, Access(frozenset({"localhost"})), limits=limits) as server:
        yield server, lambda: socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=10)


def begin_none(thread: threading.Thread) -> None:
    raise RuntimeError(f"can't start new thread {thread.name}")


def test_want_of_threads_that_nobody_can_read_of_does_not_end_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(f"nobody reads {text}")

    monkeypatch.setattr(threading.Thread, "start", begin_none)
    monkeypatch.setattr(sys, "stderr", Closed())
    with answering(SiteFiles(write_site(tmp_path / "site"))) as (server, connect), connect() as connection:
        server.handle_request()

        assert connection.recv(1) == b""


def test_who_cannot_even_be_refused_for_want_of_threads_takes_no_place_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = SiteFiles(write_site(tmp_path / "site"))
    with answering(files, Limits(connections=0)) as (server, connect):
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", begin_none)
            patch.setattr(server, "handle_error", lambda *_: None)
            for _ in range(MAX_REFUSALS):
                with connect():
                    server.handle_request()

        with connect() as connection:
            connection.sendall(ASK)
            server.handle_request()

            assert read_reply(connection).status == 503


def test_file_is_closed_where_the_reader_went_before_the_answer_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[OpenFile] = []
    begin = threading.Thread.start

    def begin_and_end(thread: threading.Thread) -> None:
        begin(thread)
        thread.join()

    class LeavingFiles(SiteFiles):
        """The reader goes while a file is opened."""

        def open(self, path: str) -> OpenFile | None:
            file = super().open(path)
            assert file is not None
            opened.append(file)
            connection.close()
            return file

    monkeypatch.setattr(threading.Thread, "start", begin_and_end)
    with answering(LeavingFiles(write_site(tmp_path / "site"))) as (server, connect), connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        connection.sendall(ASK)
        server.handle_request()

    assert [file.stream.closed for file in opened] == [True]
