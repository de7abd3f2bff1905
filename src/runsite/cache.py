"""Blobs that a build remembers, in one SQLite file: a pure cache, which may be lost at any moment.

Nothing here is ever an error. A file that cannot be read, is of another layout or torn is deleted and begun anew; one
that another build holds, or that cannot be written, is left alone: the build is slower, never wrong. One that is held
for a moment, as by a `serve` that looks for what changed, is waited for. Each blob carries a digest, so that no flipped
bit is taken for a fact. A build is one transaction, which it commits once its outputs are in place: killed before, the
next repeats work and never skips any.

The journal is WAL where the disk has shared memory, else SQLite's own rollback journal. `synchronous` is off: after a
loss of power the file may be torn, which is noticed, and costs a build.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

FILE_NAME = "build.sqlite"
LAYOUT = 2
# Opening waits twice at most. Of 10,000 runs a look holds the file for some 10 ms; a build without it may take minutes.
PATIENCE_SECONDS = 0.5
_DIGEST_BYTES = 16
_TABLE = "CREATE TABLE IF NOT EXISTS blobs (name BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID"
_BEGINS_SO = "name >= ? AND name < ?"


class Cache:
    """An open cache; without a connection, or once that failed, it holds what it is given as long as it is open."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._held: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        """Return a blob; None if there is none that is whole."""
        if name in self._held:
            return self._held[name]
        return next((content for _, content in self._rows("SELECT * FROM blobs WHERE name = ?", _key(name))), None)

    def get_all(self, start: str) -> dict[str, bytes]:
        """Return all blobs whose names begin so, by the rest of their names."""
        query = f"SELECT * FROM blobs WHERE {_BEGINS_SO}"
        return {name.removeprefix(start): content for name, content in self._rows(query, *_range(start))}

    def put(self, name: str, content: bytes) -> None:
        """Remember a blob: for this build at once, for later ones from the next commit on."""
        self._execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", _key(name), _digest(content) + content)
        if self._connection is None:
            self._held[name] = content

    def forget(self, name: str) -> None:
        """Drop a blob with the next commit."""
        self._execute("DELETE FROM blobs WHERE name = ?", _key(name))
        self._held.pop(name, None)

    def forget_all(self, start: str) -> None:
        """Drop all blobs whose names begin so with the next commit."""
        self._execute(f"DELETE FROM blobs WHERE {_BEGINS_SO}", *_range(start))
        self._held = {name: content for name, content in self._held.items() if not name.startswith(start)}

    @property
    def is_lasting(self) -> bool:
        """Tell whether there is a file, which outlives the build."""
        return self._connection is not None

    def commit(self) -> None:
        """Keep what was put and forgotten since the last commit, all or nothing."""
        if self._connection is not None:
            try:
                self._connection.commit()
            except sqlite3.Error:
                self.close()

    def close(self) -> None:
        """Let go of the file; what was not committed is lost."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _execute(self, statement: str, *values: bytes) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(statement, values)
            except sqlite3.Error:
                self.close()

    def _rows(self, query: str, *values: bytes) -> Iterator[tuple[str, bytes]]:
        if self._connection is None:
            return
        try:
            for name, content in self._connection.execute(query, values):
                whole = isinstance(content, bytes) and content[:_DIGEST_BYTES] == _digest(content[_DIGEST_BYTES:])
                if whole:
                    yield _name(name), content[_DIGEST_BYTES:]
        except sqlite3.Error:
            self.close()


@contextlib.contextmanager
def open_cache(folder: Path | None) -> Iterator[Cache]:
    """Open the cache of a folder; None is no cache."""
    cache = Cache(None if folder is None else _connect(folder / FILE_NAME))
    try:
        yield cache
    finally:
        cache.close()


def _connect(file: Path) -> sqlite3.Connection | None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return _opened(file)
    except sqlite3.OperationalError:  # locked, or no right to write
        return None
    except sqlite3.DatabaseError:
        return _begun_anew(file)
    except OSError:
        return None


def _begun_anew(file: Path) -> sqlite3.Connection | None:
    try:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
        return _opened(file)
    except (sqlite3.Error, OSError):
        return None


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=PATIENCE_SECONDS, check_same_thread=False)
    try:
        with contextlib.suppress(sqlite3.OperationalError):  # no shared memory here: the rollback journal does
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # a second build goes without, instead of between
        connection.execute("BEGIN IMMEDIATE")
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        if layout not in (0, LAYOUT):
            raise sqlite3.DatabaseError(f"layout {layout}")
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA user_version = {LAYOUT}")
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _key(name: str) -> bytes:
    """Write a name as bytes: those of files may hold what is no UTF-8, which is no text to SQLite."""
    return name.encode("utf-8", "surrogatepass")


def _name(key: bytes) -> str:
    return key.decode("utf-8", "surrogatepass")


def _range(start: str) -> tuple[bytes, bytes]:
    """Bound the keys of all names that begin so; no character is written with a byte 0xff."""
    return _key(start), _key(start) + b"\xff"


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()[:_DIGEST_BYTES]
