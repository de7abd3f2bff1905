"""Read many runs: in this process by default, in others with `--workers`, in the order that was asked for.

The bytes of a site do not depend on who read what. Runs go out in chunks, so that handing over costs little beside
reading, and few chunks are on their way at once, so that curves never pile up in memory. No more processes are begun
than there are chunks, and what is one chunk is read here.

Reading many small files from a cold disk means waiting for each. Threads touch them some way ahead, so that the disk
has many requests to sort; on a warm one that costs 1 % of the time.
"""

import contextlib
import math
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from runsite import interrupts
from runsite.build.reading import ReadingRules, ReadRun, read_chunk, read_one
from runsite.errors import WorkerError
from runsite.readers.log_memo import KeptLogs
from runsite.sources import RunFolder

# 16 runs of 1,000 lines are 3 MB of logs and 1 MB of curves: 50 ms of work for 1 ms of handing over.
CHUNK_RUNS = 16
AHEAD_THREADS = 8
# Below this, waiting for the disk is no time worth starting threads for.
MIN_RUNS_AHEAD = 64
_NO_READAHEAD = not hasattr(os, "posix_fadvise")


class Executor(Protocol):
    """Where work is done: the part of `concurrent.futures.Executor` that reading needs."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]": ...


class InProcess:
    """Does the work at once, where it is asked for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Do it."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def useful_workers(workers: int, *, runs: int) -> int:
    """Return how many workers so many runs keep busy, of those that there may be."""
    return max(1, min(workers, math.ceil(runs / CHUNK_RUNS)))


@contextlib.contextmanager
def executor_of(workers: int) -> Iterator[Executor]:
    """Open an executor: this process for one worker, else so many others."""
    if workers == 1:
        yield InProcess()
        return
    others = multiprocessing.active_children()
    is_over = threading.Event()
    with _begun(workers, others, is_over) as pool:
        try:
            yield pool
            is_over.set()
        except BrokenProcessPool as error:
            raise WorkerError from error
        except BaseException:
            _end(_workers_beside(others))
            raise


def _begun(workers: int, others: Collection[BaseProcess], is_over: threading.Event) -> ProcessPoolExecutor:
    """Begin a pool with all its workers, which end together; WorkerError where the system lets us begin no more."""
    try:
        with interrupts.Held():  # a pool that is half begun cannot be ended
            pool = ProcessPoolExecutor(workers, initializer=_begin_worker)
            for _ in range(workers):  # the first begins all if they are forked, else each begins one
                pool.submit(int)
            writer = pool._result_queue._writer  # type: ignore[attr-defined]  # our own end of the pipe of results
            threading.Thread(
                target=_end_together, args=(writer, _workers_beside(others), is_over), name="workers", daemon=True
            ).start()
            return pool
    except (OSError, RuntimeError) as error:  # no handles, processes or threads are left
        _end(_workers_beside(others))
        raise WorkerError(error) from error
    except BaseException:  # what was held back
        _end(_workers_beside(others))
        raise


def _end_together(writer: Connection, workers: Sequence[BaseProcess], is_over: threading.Event) -> None:
    """End all workers with the first that ends before all is read: the pool alone may wait for the others for ever."""
    wait([worker.sentinel for worker in workers])
    if not is_over.is_set():
        _end(workers)
        # One that ended in the middle of a result leaves the pool waiting for the rest, which we alone could say.
        writer.close()


def _workers_beside(others: Collection[BaseProcess]) -> list[BaseProcess]:
    return [process for process in multiprocessing.active_children() if process not in others]


def _end(workers: Iterable[BaseProcess]) -> None:
    for worker in workers:
        worker.terminate()  # it would read on for seconds, and be waited for


def _begin_worker() -> None:
    interrupts.leave_to_parent()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when the process that it works for is gone: killed, that cannot say so, and nobody else would."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def read_all(
    folders: Sequence[RunFolder],
    rules: ReadingRules,
    *,
    executor: Executor,
    workers: int = 1,
    kept: KeptLogs | None = None,
) -> Iterator[ReadRun]:
    """Read runs in the order given; one that went away meanwhile is left out.

    `kept` serves one worker alone: handing what is kept of a long log to another process costs as much as it saves.
    """
    if workers == 1:
        found = (executor.submit(read_one, folder, rules, kept).result() for folder in _warmed(folders))
        yield from (read for read in found if read is not None)
        return
    waiting: deque[Future[list[ReadRun]]] = deque()
    for chunk in _chunks(_warmed(folders), CHUNK_RUNS):
        waiting.append(executor.submit(read_chunk, chunk, rules))
        if len(waiting) >= 2 * workers:
            yield from waiting.popleft().result()
    for rest in waiting:
        yield from rest.result()


def _chunks(folders: Iterable[RunFolder], size: int) -> Iterator[list[RunFolder]]:
    iterator = iter(folders)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _warmed(folders: Sequence[RunFolder]) -> Iterator[RunFolder]:
    """Yield the folders while threads ask the disk for the logs of those that come next."""
    if len(folders) < MIN_RUNS_AHEAD or _NO_READAHEAD:
        yield from folders
        return
    batches = [folders[start : start + CHUNK_RUNS] for start in range(0, len(folders), CHUNK_RUNS)]
    with ThreadPoolExecutor(AHEAD_THREADS) as threads:
        ahead = 2 * AHEAD_THREADS
        for batch in batches[:ahead]:
            _ask(threads, batch)
        for place, batch in enumerate(batches):
            if place + ahead < len(batches):
                _ask(threads, batches[place + ahead])
            yield from batch


def _ask(threads: ThreadPoolExecutor, batch: Sequence[RunFolder]) -> None:
    with contextlib.suppress(RuntimeError):  # no thread can be begun; it is read all the same
        threads.submit(_warm, batch)


def _warm(folders: Sequence[RunFolder]) -> None:
    for folder in folders:
        for log in folder.logs:
            with contextlib.suppress(OSError):
                descriptor = os.open(log, os.O_RDONLY)
                try:
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_WILLNEED)
                finally:
                    os.close(descriptor)
