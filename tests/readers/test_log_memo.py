"""Reading goes on where it stopped and gives what reading the whole file gives; what it cannot trust it reads whole."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readers.test_log_part import LOSS, facts, loss, random_log
from runsite.readers.log_memo import KeptLogs
from runsite.readers.log_part import LogPart, read_part
from runsite.signatures import signature


class Memos(dict[str, bytes]):
    """Keeps in a dict what was read."""

    def put(self, key: str, content: bytes) -> None:
        self[key] = content

    def forget(self, key: str) -> None:
        self.pop(key, None)


def read(path: Path, kept: KeptLogs | None = None, **options: Any) -> LogPart:
    """Read a log the way a run is read; say in its name whether reading went on."""
    found = signature(path)
    start = kept.start("log", path, found) if kept else None
    keep = kept.keeper("log", path, found, start) if kept else None
    return read_part(path, file="whole" if start is None else "gone on", start=start, keep=keep, **options)


def same(part: LogPart) -> dict[str, Any]:
    return {**facts(part), "file": "", "problems": [(each.line, each.reason) for each in part.problems]}


@pytest.mark.parametrize("seed", range(40))
def test_a_log_read_in_pieces_is_the_log_read_at_once(tmp_path: Path, seed: int) -> None:
    numbers, path, kept = random.Random(seed), tmp_path / "run.jsonl", KeptLogs(Memos(), min_bytes=1)
    content = random_log(seed).replace(b"\r", b"")
    went_on = 0

    for end in sorted({numbers.randrange(1, len(content)) for _ in range(6)} | {len(content)}):
        path.touch()
        with path.open("r+b") as log:  # the same file grows
            log.write(content[:end])
        part = read(path, kept, chunk_bytes=numbers.choice((64, 1000, 100_000)))
        went_on += part.file == "gone on"
        assert same(part) == same(read(path))

    assert went_on


def grown(path: Path) -> None:
    with path.open("ab") as log:
        log.write(LOSS.replace(b"0.5", b"0.25") + b"\n")


def rewritten(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"0.5", b"0.7", 1))


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: len(LOSS) + 1])


def rotated(path: Path) -> None:
    content = path.read_bytes()
    path.rename(path.with_suffix(".old"))
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ((grown,), "gone on"),
        ((rewritten, grown), "whole"),
        ((truncated,), "whole"),
        ((truncated, grown, grown), "whole"),
        ((rotated, grown), "whole"),
    ],
    ids=lambda value: "+".join(each.__name__ for each in value) if isinstance(value, tuple) else value,
)
def test_only_what_was_appended_is_read_of_a_file_that_only_grew(
    tmp_path: Path, changes: tuple[Callable[[Path], None], ...], way: str
) -> None:
    path, kept = tmp_path / "run.jsonl", KeptLogs(Memos(), min_bytes=1)
    path.write_bytes(b"".join(b"%s\n" % LOSS.replace(b"0.5", number) for number in (b"0.5", b"0.75", b"1.5")))
    read(path, kept)

    for change in changes:
        change(path)
    part = read(path, kept)

    assert (part.file, loss(part)) == (way, loss(read(path)))


def test_what_is_kept_is_written_anew_once_the_log_grew_by_an_eighth(tmp_path: Path) -> None:
    path, memos = tmp_path / "run.jsonl", Memos()
    path.write_bytes((LOSS + b"\n") * 32)
    read(path, KeptLogs(memos, min_bytes=1))
    first = memos["log"]

    for lines in range(1, 4):
        grown(path)
        read(path, KeptLogs(memos, min_bytes=1))
        assert memos["log"] == first, lines
    grown(path)
    read(path, KeptLogs(memos, min_bytes=1))

    assert memos["log"] != first


def test_what_is_kept_goes_with_the_first_reading_that_does_not_go_on_from_it(tmp_path: Path) -> None:
    path, memos = tmp_path / "run.jsonl", Memos()
    path.write_bytes((LOSS + b"\n") * 32)
    read(path, KeptLogs(memos, min_bytes=1))
    assert memos

    truncated(path)
    read(path, KeptLogs(memos, min_bytes=10 * len(LOSS)))

    assert memos == {}


def test_short_logs_and_packed_ones_are_not_kept(tmp_path: Path) -> None:
    memos = Memos()
    for name in ("run.jsonl", "run.jsonl.gz"):
        (tmp_path / name).write_bytes((LOSS + b"\n") * 32)
    read(tmp_path / "run.jsonl", KeptLogs(memos))
    read(tmp_path / "run.jsonl.gz", KeptLogs(memos, min_bytes=1))

    assert memos == {}
