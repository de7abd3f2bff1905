"""What Ctrl-C comes to: one line and exit code 130, from the first import to the last line.

While the command line is imported nothing is begun yet, and an exception in the middle of an import ends as a
traceback of somebody else's: there the process ends at once. A command is interrupted by `KeyboardInterrupt`, so that
it can leave a terminal as it found it; whoever then asks a second time waits no longer. A process that was told to
hear no Ctrl-C, as a shell tells those in the background, hears none. What Python does before it comes to us, some
15 ms, is beyond our reach.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # takes 9 ms to import, in which nobody would hear Ctrl-C yet
    from typing import NoReturn

EXIT_CODE = 130


def end(*_: object) -> "NoReturn":
    """Say that we were stopped, and end."""
    os.write(2, b"runsite: stopped\n")
    os._exit(EXIT_CODE)


try:
    import signal
except (KeyboardInterrupt, RuntimeError):  # takes 9 ms too; within an enum Python 3.11 makes the one of the other
    end()


def end_at_once() -> None:
    """From now on end at once where interrupted."""
    _hear(end)


def unwind() -> None:
    """From now on raise KeyboardInterrupt where interrupted first, and end at once after that."""
    _hear(_unwind)


def _hear(handler: "signal._HANDLER") -> None:
    if signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, signal.SIG_DFL, None):
        signal.signal(signal.SIGINT, handler)


def _unwind(*_: object) -> "NoReturn":
    end_at_once()
    raise KeyboardInterrupt
