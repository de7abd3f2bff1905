"""Read what a connection sends, with a deadline for the head of a request: its line and its headers.

A limit for each read alone would let whoever sends a line now and then hold a connection for ever. Between requests a
connection may be silent for a while; once a request has begun, all of its head must come within a time.
"""

import io
import socket
import time
from collections.abc import Callable
from typing import Any


class HeadReader(io.RawIOBase):
    """What a connection sends; TimeoutError once the deadline is over."""

    def __init__(
        self,
        connection: socket.socket,
        *,
        idle_seconds: float,
        head_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._idle_seconds = idle_seconds
        self._head_seconds = head_seconds
        self._clock = clock
        self._ends: float | None = None
        """None until a request has begun."""

    def readable(self) -> bool:
        return True

    def begin(self) -> None:
        """Wait for another request."""
        self._ends = None

    def readinto(self, buffer: Any) -> int:
        """Receive what has come, or wait for it."""
        left = self._idle_seconds if self._ends is None else self._ends - self._clock()
        if left <= 0:
            raise TimeoutError("the head of a request took too long")
        self._connection.settimeout(left)
        try:
            count = self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(self._idle_seconds)
        if self._ends is None:
            self._ends = self._clock() + self._head_seconds
        return count
