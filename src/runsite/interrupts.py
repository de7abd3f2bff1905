"""What Ctrl-C comes to: one line and exit code 130, from the first import to the last line.

While the command line is imported nothing is begun yet, and an exception in the middle of an import ends as a
traceback of somebody else's: there the process ends at once. A command is interrupted by `KeyboardInterrupt`, so that
it can leave a terminal as it found it and a site whole; whoever then presses Ctrl-C again waits no longer. SIGTERM, and
SIGHUP of a terminal that was closed, are heard as a first Ctrl-C, but hurry nobody who is ending already. What must not
be left half done, such as files being moved into place, is `Unbroken`: whatever was heard meanwhile is acted on after
it. A process that was told to hear no Ctrl-C, as a shell tells those in the background, hears none, nor a SIGHUP under
`nohup`. What Python does before it comes to us, some 15 ms, is beyond our reach.
"""

import _thread
import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # takes 9 ms to import, in which nobody would hear Ctrl-C yet
    from typing import NoReturn

EXIT_CODE = 130
# A process ends as a whole, so there is one for all threads. Whoever ends the process takes it for good, and once more
# where a signal comes on the way.
_unbroken = _thread.RLock()


def end(*_: object) -> "NoReturn":
    """Say that we were stopped, and end; what another thread must not leave half done is waited for."""
    begin_nothing_more()
    os.write(2, b"runsite: stopped\n")
    os._exit(EXIT_CODE)


def begin_nothing_more() -> None:
    """Wait for what is `Unbroken`, and let nothing of the kind begin: the process is about to end."""
    _unbroken.acquire()


try:
    import signal
except (KeyboardInterrupt, RuntimeError):  # takes 9 ms too; within an enum Python 3.11 makes the one of the other
    end()

# The order in which they are held back. Windows knows no SIGHUP.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_CAN_HOLD = hasattr(signal, "pthread_sigmask")  # Windows cannot


def end_at_once() -> None:
    """From now on end at once where interrupted."""
    _hear(end)


def unwind() -> None:
    """From now on raise KeyboardInterrupt where interrupted first, and end at once with a Ctrl-C after that."""
    _hear(_unwind)


def end_as_told() -> None:
    """Let each signal end this process without a word, as it does those that hear nothing."""
    for number in _SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


class Held:
    """A block in which this thread, and every process and thread that it begins, hears no signal before it is over."""

    def __enter__(self) -> None:
        if _CAN_HOLD:
            self._before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)

    def __exit__(self, *_: object) -> None:
        if _CAN_HOLD:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)


def leave_to_parent() -> None:
    """Hear nothing of what a terminal sends to all its processes; SIGTERM, with which our parent ends us, ends us.

    For a process that was begun while signals were `Held`.
    """
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if _CAN_HOLD:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _hear(handler: "signal._HANDLER") -> None:
    for number in _SIGNALS:
        deaf = (signal.SIG_IGN, signal.SIG_DFL, None) if number == signal.SIGINT else (signal.SIG_IGN, None)
        if signal.getsignal(number) not in deaf:
            signal.signal(number, handler)


def _unwind(*_: object) -> "NoReturn":
    _hear(_be_ending)
    raise KeyboardInterrupt


def is_told_to_end() -> bool:
    """Tell whether something was heard since `unwind`."""
    return any(signal.getsignal(number) == _be_ending for number in _SIGNALS)


def _be_ending(number: int, _: object) -> None:
    if number == signal.SIGINT:
        end()


class Unbroken:
    """A block that no signal breaks off, in whatever thread: the first that was heard meanwhile acts after it."""

    def __init__(self) -> None:
        self._heard: list[int] = []
        self._handlers: dict[int, signal._HANDLER] = {}

    def __enter__(self) -> None:
        try:
            self._hold_back()
            _unbroken.acquire()
        except BaseException:
            self._hear_again()
            raise

    def _hold_back(self) -> None:
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            if not callable(handler):
                continue
            try:
                signal.signal(number, self._note)
            except ValueError:  # no thread but the main one is interrupted, or may say by what
                return
            self._handlers[number] = handler

    def _note(self, number: int, _: object) -> None:
        self._heard.append(number)

    def __exit__(self, *_: object) -> None:
        _unbroken.release()
        self._hear_again()
        if self._heard:
            signal.raise_signal(self._heard[0])

    def _hear_again(self) -> None:
        for number, handler in self._handlers.items():
            if signal.getsignal(number) == self._note:  # else one that was not held back yet has said how to go on
                signal.signal(number, handler)
