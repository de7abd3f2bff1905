"""Decide how a run ended, whichever way the process leaves it.

- Leaving `with`: no error is `finished`; `Pruned` (or Optuna's TrialPruned) is `pruned`; KeyboardInterrupt is
  `killed`; SystemExit with 0 or None is `finished`; any other error is `failed`, with its type and message. The error
  goes on its way in every case.
- SIGTERM and SIGHUP, if nothing handled them before: `killed`, and the process ends by that signal as it would have.
  If the program had its own handler, that one is called and decides; should the program then leave by an error, the
  run is `killed` and not `failed`, and so it is if the handler leaves by one (sys.exit) with the run open. A handler
  that returns has shrugged the signal off. One installed after start_run replaces ours, as it replaces any.
- SIGINT is left to Python, whose KeyboardInterrupt stops a notebook's cell without ending its run.
- The interpreter exits with the run still open: `finished`, or as above by the error that ended the program. In an
  interactive session (a notebook, a REPL) an earlier error ends nothing, so there it is `finished`. An exit by
  `sys.exit(3)` looks like any other there: Python keeps neither that error nor its code for those who come after it,
  so the run is `finished`; inside `with` it is `failed`.
- kill -9: nothing is written, and nothing that was logged is lost; a page says that no end is recorded.

A forked child never ends its parent's run, and our handlers are taken off it at once: a worker of a pool waits for a
semaphore most of its life, and a signal that Python is to handle, coming just before such a wait, is handled only
after it, which is never. A pool that terminates its workers would then wait for them for ever. The signals are held
back from before the fork until then: one that came between would be taken by our handler and lost with it.
"""

import atexit
import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, Literal, Protocol, TypeAlias

Status = Literal["finished", "failed", "killed", "pruned"]
STATUSES: tuple[Status, ...] = ("finished", "failed", "killed", "pruned")

Handler: TypeAlias = "Callable[[int, FrameType | None], Any] | int | None"

# SIGHUP comes when the terminal closes; Windows has none.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_PRUNING_ERRORS = frozenset({"Pruned", "TrialPruned"})


class Pruned(Exception):  # noqa: N818 (a pruned run is no error; `raise runsite.Pruned` says what happens)
    """Raise it to leave a run that is not worth finishing; the run's status becomes `pruned`."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A status and, for a failure, its error."""

    status: Status
    error: BaseException | None = None


def ending_of(error: BaseException | None, *, signalled: bool) -> Ending:
    """Say how a run ends that is left by an error, or by none."""
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return Ending("killed" if signalled and error is not None else "finished")
    if signalled or isinstance(error, KeyboardInterrupt):
        return Ending("killed")
    if type(error).__name__ in _PRUNING_ERRORS:
        return Ending("pruned")
    return Ending("failed", error)


class Endable(Protocol):
    """What an exit watch ends."""

    def end(self, ending: Ending) -> None: ...


class ExitWatch:
    """Ends one run when the process is told to stop or exits by itself."""

    def __init__(self, run: Endable) -> None:
        self.signalled = False
        """A signal came whose own handler let the program decide."""
        self._left_by_handler = False
        """That handler raised, as sys.exit does, and so most likely ended the program."""
        self._run = run
        self._process = os.getpid()
        self._error_before = _last_error()
        self._previous: dict[int, Handler] = {}
        self._masks: dict[int, set[int | signal.Signals]] = {}
        """Signals that were held back before a fork, by forking thread."""
        self._active = False

    def start(self) -> None:
        """Begin to watch; signals only where Python allows it, in the main thread."""
        self._active = True
        atexit.register(self._at_exit)
        _watch_forks(self)
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _SIGNALS:
            previous = signal.getsignal(number)
            if previous == signal.SIG_DFL or callable(previous):
                self._previous[number] = previous
                signal.signal(number, self._on_signal)

    def stop(self) -> None:
        """Stop watching and put back what was there, unless somebody else has taken the signal since."""
        self._active = False
        atexit.unregister(self._at_exit)
        if threading.current_thread() is threading.main_thread():
            self._put_back_handlers()

    def before_fork(self) -> None:
        """Hold signals back in the forking thread."""
        if self._active:
            self._masks[threading.get_ident()] = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)

    def after_fork_in_parent(self) -> None:
        """Let signals through again."""
        mask = self._masks.pop(threading.get_ident(), None)
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def after_fork_in_child(self) -> None:
        """Take our handlers off the child; every watch stops, so that none hands over to another."""
        self._active = False
        self._put_back_handlers()
        self.after_fork_in_parent()

    def _put_back_handlers(self) -> None:
        for number, previous in self._previous.items():
            if signal.getsignal(number) == self._on_signal:
                signal.signal(number, _still_wanted(previous, number))

    def previous(self, number: int) -> Handler:
        """Return the handler this watch stands before."""
        return self._previous.get(number, signal.SIG_DFL)

    @property
    def active(self) -> bool:
        return self._active

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        previous = self._previous[number]
        own = self._active and os.getpid() == self._process
        if callable(previous):
            self.signalled = self.signalled or own
            if own and not _ends_in_a_program(previous, number):
                self._run.end(Ending("killed"))
            try:
                previous(number, frame)
            except BaseException:
                self._left_by_handler = own
                raise
            return
        if own:
            self._run.end(Ending("killed"))
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _at_exit(self) -> None:
        if not self._active or os.getpid() != self._process:
            return
        error = _last_error()
        if error is self._error_before or _is_interactive():
            error = None
        # sys.exit leaves no error to be seen here, but a handler that called it was seen on the way.
        self._run.end(Ending("killed") if self._left_by_handler else ending_of(error, signalled=self.signalled))


def _watch_forks(watch: ExitWatch) -> None:
    """Tell a watch of every fork, for as long as somebody holds it; Python never forgets these calls."""
    if not hasattr(os, "register_at_fork"):
        return

    def told(method: Callable[[], None]) -> Callable[[], None]:
        known = weakref.WeakMethod(method)
        return lambda: call() if (call := known()) is not None else None

    os.register_at_fork(
        before=told(watch.before_fork),
        after_in_parent=told(watch.after_fork_in_parent),
        after_in_child=told(watch.after_fork_in_child),
    )


def _last_error() -> BaseException | None:
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    return error if isinstance(error, BaseException) else None


def _is_interactive() -> bool:
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules


def _watch_of(handler: Handler) -> ExitWatch | None:
    owner = getattr(handler, "__self__", None)
    return owner if isinstance(owner, ExitWatch) else None


def _still_wanted(handler: Handler, number: int) -> Handler:
    """Skip the handlers of watches that have stopped meanwhile (runs need not end in the order they began)."""
    while (watch := _watch_of(handler)) is not None and not watch.active:
        handler = watch.previous(number)
    return handler


def _ends_in_a_program(handler: Handler, number: int) -> bool:
    """Tell whether behind our own watches stands a handler of the user's program, which then decides."""
    while (watch := _watch_of(handler)) is not None:
        handler = watch.previous(number)
    return callable(handler)
