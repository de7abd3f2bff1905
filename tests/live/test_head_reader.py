"""How long the head of a request may take, by a clock that stands until it is told to go on."""

import socket
from collections.abc import Iterator

import pytest

from runsite.live.head_reader import HeadReader
from support import FakeClock


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The reader's end of a connection, and that of whom it hears."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def reader(ends: tuple[socket.socket, socket.socket], clock: FakeClock) -> HeadReader:
    return HeadReader(ends[0], idle_seconds=30, head_seconds=30, clock=clock)


def test_head_of_which_a_line_comes_now_and_then_is_given_up_once_its_time_is_over(
    ends: tuple[socket.socket, socket.socket], reader: HeadReader, clock: FakeClock
) -> None:
    for _ in range(2):
        ends[1].sendall(b"A: b\r\n")
        assert reader.read(100) == b"A: b\r\n"
        clock.advance(15)
    ends[1].sendall(b"A: b\r\n")

    with pytest.raises(TimeoutError):
        reader.read(100)


def test_each_request_has_its_own_time_which_begins_with_its_first_byte(
    ends: tuple[socket.socket, socket.socket], reader: HeadReader, clock: FakeClock
) -> None:
    for _ in range(2):
        reader.begin()
        clock.advance(29)
        for part in (b"GET /", b" HTTP/1.1\r\n"):
            ends[1].sendall(part)
            assert reader.read(100) == part
            clock.advance(29)


def test_connection_that_begins_no_request_is_waited_for_no_longer_than_it_may_be_silent(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    reader = HeadReader(ends[0], idle_seconds=0.1, head_seconds=30)

    with pytest.raises(TimeoutError):
        reader.read(100)
