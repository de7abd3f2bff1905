"""How a log file is framed and folded: line ends, tails, packed files, cuts anywhere, and no say for the chunk size."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from runsite.model import Problem
from runsite.readers.log_lines import BrokenGzipError, read_chunks
from runsite.readers.log_part import LogPart, read_part
from runsite.records.encode import encode_record
from runsite.records.json_object import MAX_LINE_BYTES
from support import line_of, metrics

LOSS = b'{"type":"metrics","step":1,"values":{"loss":0.5}}'


def write_log(tmp_path: Path, content: bytes, name: str = "run.jsonl") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def read(path: Path, **options: Any) -> LogPart:
    return read_part(path, file="e/a/run.jsonl", **options)


def facts(part: LogPart) -> dict[str, Any]:
    """Return all that a part says, columns as text, so that parts can be compared."""
    known = {name: getattr(part, name) for name in LogPart.__slots__ if name != "series"}
    columns = {
        name: [repr(column.tolist()) for column in (series.steps, series.values, series.times)]
        + [str(series.steps.dtype), series.attempt_starts]
        for name, series in part.series.items()
    }
    return {**known, "series": columns, "order": list(part.series)}


def reasons(part: LogPart) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.reason, problem.kind) for problem in part.problems]


def loss(part: LogPart) -> list[float]:
    return part.series["loss"].values.tolist() if "loss" in part.series else []


def test_lines_of_windows_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    part = read(write_log(tmp_path, b"\xef\xbb\xbf" + LOSS + b"\r\n" + LOSS + b"\r\n"))

    assert (loss(part), part.problems) == ([0.5, 0.5], [])


def test_blank_lines_are_passed_over_and_counted_as_lines(tmp_path: Path) -> None:
    part = read(write_log(tmp_path, b"\n  \n\r\n" + LOSS + b"\nbad\n"))

    assert loss(part) == [0.5]
    assert [line for line, _, _ in reasons(part)] == [5]


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"\r\n\r\n", b"\0\0\0"])
def test_an_empty_file_says_nothing(tmp_path: Path, content: bytes) -> None:
    part = read(write_log(tmp_path, content))

    assert (part.series, part.problems, part.first_time) == ({}, [], None)


def test_each_bad_line_is_kept_as_file_line_and_reason(tmp_path: Path) -> None:
    part = read(write_log(tmp_path, LOSS + b"\ntorn{\n" + LOSS + b"\n[]\n"))

    assert loss(part) == [0.5, 0.5]
    assert part.problems == [
        Problem("e/a/run.jsonl", 2, "not JSON: Expecting value at column 1", "line"),
        Problem("e/a/run.jsonl", 4, "not a JSON object", "line"),
    ]


@pytest.mark.parametrize("tail", [b'{"type":"met', LOSS[:-1], b"[]", b"7", b"{}", b"\xff"])
def test_a_tail_without_newline_is_pending_and_never_an_error(tmp_path: Path, tail: bytes) -> None:
    part = read(write_log(tmp_path, LOSS + b"\n" + tail))

    assert (loss(part), part.problems) == ([0.5], [])


def test_a_whole_tail_without_newline_is_read(tmp_path: Path) -> None:
    part = read(write_log(tmp_path, LOSS + b"\n" + LOSS))

    assert loss(part) == [0.5, 0.5]


@pytest.mark.parametrize("line", [b'{"type":"metrics","values":{"loss":true,"ok":1}}', b'{"type":"tags"}'])
def test_a_bad_tail_counts_once_its_newline_is_there(tmp_path: Path, line: bytes) -> None:
    pending = read(write_log(tmp_path, LOSS + b"\n" + line))
    whole = read(write_log(tmp_path, LOSS + b"\n" + line + b"\n"))

    assert pending.problems == []
    assert [number for number, _, _ in reasons(whole)] == [2]
    assert list(pending.series) == list(whole.series)


def test_a_cut_at_any_byte_loses_at_most_the_torn_line_and_never_raises(tmp_path: Path) -> None:
    lines = [
        line_of({"type": "run_start", "format": 1, "time": 1.0}),
        line_of(metrics(0, {"loss": 0.5, "é": "NaN"})),
        line_of({"type": "params", "values": {"🦊": [1, {"a": "\\"}]}}) + b"\r",
        line_of(metrics(1, {"loss": 0.25})),
        line_of({"type": "run_end", "status": "finished"}),
    ]
    content = b"\n".join(lines) + b"\n"
    ends = [len(b"\n".join(lines[: place + 1])) for place in range(len(lines))]

    for cut in range(len(content) + 1):
        part = read(write_log(tmp_path, content[:cut]))
        whole = sum(cut > end for end in ends)
        assert part.problems == []
        assert len(loss(part)) >= sum(number < whole for number in (1, 3))
        assert len(part.marks) >= sum(number < whole for number in (0, 4))
        assert len(part.params) >= (whole > 2)


def test_a_torn_line_that_the_next_writer_closed_is_counted_and_spoils_no_other(tmp_path: Path) -> None:
    part = read(write_log(tmp_path, LOSS + b"\n" + LOSS[:20] + b"\n" + LOSS + b"\n"))

    assert loss(part) == [0.5, 0.5]
    assert [line for line, _, _ in reasons(part)] == [2]


def test_a_packed_log_is_read_like_any_other(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + LOSS + b"\r\nbad\n" + LOSS

    packed = read(write_log(tmp_path, gzip.compress(content), "run.jsonl.gz"))

    assert facts(packed) == facts(read(write_log(tmp_path, content)))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_packed_log_that_ends_early_keeps_what_it_gives(tmp_path: Path, share: float) -> None:
    random_ = random.Random(1)
    rows = [metrics(step, {"loss": random_.random()}) for step in range(6_000)]
    packed = gzip.compress(b"".join(line_of(row) + b"\n" for row in rows), mtime=0)

    part = read(write_log(tmp_path, packed[: int(len(packed) * share)], "run.jsonl.gz"))

    assert len(loss(part)) > 6_000 * (share - 0.1)
    assert [(line, kind) for line, _, kind in reasons(part)] == [(0, "line")]
    assert part.problems[0].reason.startswith("compressed file is damaged: ")


@pytest.mark.parametrize(
    "content", [b"not packed at all\n", b"\x1f\x8b", gzip.compress(LOSS + b"\n", mtime=0) + b"rubbish"]
)
def test_a_file_that_only_claims_to_be_packed_is_one_problem(tmp_path: Path, content: bytes) -> None:
    part = read(write_log(tmp_path, content, "run.jsonl.gz"))

    assert [(line, kind) for line, _, kind in reasons(part)] == [(0, "line")]


def test_damage_inside_a_packed_log_keeps_the_lines_before_it(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"".join(line_of(metrics(n, {"loss": n * 0.1})) + b"\n" for n in range(12_000))))
    packed[len(packed) // 2] ^= 0xFF
    path = write_log(tmp_path, bytes(packed), "run.jsonl.gz")

    with pytest.raises(BrokenGzipError):
        for _ in read_chunks(path):
            pass

    assert len(loss(read(path))) > 2_000


def test_a_line_without_end_costs_neither_its_neighbours_nor_its_size_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(LOSS + b'\n{"type":"metrics","values":{"loss":1},"x":"')
        for _ in range(MAX_LINE_BYTES // 2**20 + 2):
            packed.write(b"x" * 2**20)
        packed.write(b'"}\n' + LOSS + b"\n")

    part = read(path)

    assert loss(part) == [0.5, 0.5]
    assert reasons(part) == [(2, "longer than 67,108,864 bytes, the most a record may have", "line")]


def random_log(seed: int) -> bytes:
    random_ = random.Random(seed)
    shapes = [["loss"], ["loss", "acc"], ["acc", "loss"], ["é"], []][: random_.randint(1, 5)]
    lines = []
    for step in range(random_.randint(1, 250)):
        names = random_.choice(shapes)
        values = {name: random_.choice([random_.random(), 1, 2**60, "NaN", None, True]) for name in names}
        common = random_.random() < 0.8
        values = {name: random_.random() for name in names} if common else values
        record: dict[str, Any] = {"type": "metrics", "step": step if random_.random() < 0.95 else step // 2}
        if random_.random() < 0.9:
            record["time"] = random_.choice([1e9 + step, 1e9 - step])
        lines.append(encode_record({**record, "values": values}))
        if random_.random() < 0.1:
            others: list[dict[str, object]] = [
                {"type": "params", "values": {"a": step}},
                {"type": "heartbeat", "time": 5.0},
                {"type": "new"},
            ]
            odd = [b"torn\n", b"\n", b'{"type":"metrics","values":{"a\\u0000":1}}\n', b'{"values":{"a":1}}\n', b"\r\n"]
            odd += [
                b'{"type":"metrics","values":{"a\xc2\x85":1,"loss":3}}\n',
                b'{"type":"metrics","values":{"\xff":1}}\n',
            ]
            lines.append(random_.choice([*(encode_record(other) for other in others), *odd]))
    return b"".join(lines)[: -random_.randint(1, 9) if random_.random() < 0.5 else None]


@pytest.mark.parametrize("seed", range(40))
def test_the_fold_does_not_depend_on_the_chunk_size(tmp_path: Path, seed: int) -> None:
    path = write_log(tmp_path, random_log(seed))
    whole = facts(read(path))

    for chunk_bytes in (1, 64, 1000):
        assert facts(read(path, chunk_bytes=chunk_bytes)) == whole


@pytest.mark.parametrize("seed", range(40))
def test_a_log_read_fast_is_the_log_read_with_care(tmp_path: Path, seed: int) -> None:
    """A further key with an escape in it sends every line the careful way, and changes nothing else."""
    lines = random_log(seed).split(b"\n")
    careful = [line[:-1] + rb',"x":"\n"}' if line.endswith(b"}") else line for line in lines[:-1]]

    fast = facts(read(write_log(tmp_path, b"".join(line + b"\n" for line in lines[:-1]))))
    slow = facts(read(write_log(tmp_path, b"".join(line + b"\n" for line in careful))))

    for each in (fast, slow):  # the reason names a column, which the further key moves
        each["problems"] = [(problem.line, problem.kind) for problem in each["problems"]]
    assert fast == slow


def test_the_first_time_is_that_of_the_first_record_that_has_one(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"type": "params", "values": {}},
        {"type": "metrics", "values": {"a": 1}},
        {"type": "metrics", "time": 7.0, "values": {"a": 1}},
        {"type": "heartbeat", "time": 3.0},
    ]

    part = read(write_log(tmp_path, b"".join(json.dumps(row).encode() + b"\n" for row in rows)))

    assert (part.first_time, part.last_time) == (7.0, 7.0)
