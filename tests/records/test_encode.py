"""One record is one line, and says the same with msgspec as without."""

import enum
import json
import math
import random
import struct
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

from recorded import BARE, run_script
from runsite.records.encode import encode_plain_record, encode_record, encode_with_json, plain


class Flavour(enum.StrEnum):
    SWEET = "sweet"


class Level(enum.IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (np.float32("nan"), "NaN"),
        (np.float64(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        ((1, (2, 3)), [1, [2, 3]]),
        ({"b", "a"}, ["a", "b"]),
        ({1: {None: math.inf}}, {"1": {"None": "Infinity"}}),
        (OrderedDict(a=1), {"a": 1}),
        (PurePosixPath("data/x.csv"), "data/x.csv"),
        (1 + 2j, "(1+2j)"),
        (b"\xff", "b'\\xff'"),
        (Flavour.SWEET, "sweet"),
        (Level.HIGH, 3),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("whole 😀 pair", "whole 😀 pair"),
        (2**70, 2**70),
        (2**20_000, hex(2**20_000)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_value_becomes_the_nearest_json_value(value: object, expected: object) -> None:
    line = encode_record({"value": value})

    assert json.loads(line) == {"value": expected}


def test_a_line_is_one_line_whatever_it_holds() -> None:
    line = encode_record({"text": "a\nb\r\u2028c", "name\n": 1})

    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert json.loads(line) == {"text": "a\nb\r\u2028c", "name\n": 1}


def test_a_value_nested_without_end_is_cut_off_as_text() -> None:
    endless: list[Any] = []
    endless.append(endless)

    assert encode_record({"value": endless}).endswith(b"\n")


def test_plain_records_survive_names_that_utf8_cannot_hold() -> None:
    line = encode_plain_record({"type": "metrics", "values": {"loss\udc80": 1.0}})

    assert json.loads(line) == {"type": "metrics", "values": {"loss\ufffd": 1.0}}


def test_random_records_come_back_as_they_were() -> None:
    random_values = random.Random(20)

    for _ in range(300):
        record = {random_text(random_values): random_value(random_values) for _ in range(4)}
        parsed = json.loads(encode_record(record))
        assert parsed == plain(record)
        assert json.loads(encode_with_json(plain(record))) == parsed


def test_every_bit_pattern_of_a_double_survives() -> None:
    random_bits = random.Random(21)
    values = [struct.unpack("<d", random_bits.randbytes(8))[0] for _ in range(2_000)]
    finite = [value for value in values if math.isfinite(value)] + [-0.0, 5e-324, 1.7976931348623157e308, 2.0**53 + 2]

    parsed = json.loads(encode_plain_record({"values": finite}))["values"]

    assert [struct.pack("<d", value) for value in parsed] == [struct.pack("<d", value) for value in finite]


def test_without_msgspec_the_lines_parse_to_the_same(tmp_path: Path) -> None:
    script = """
import math, sys
from runsite.records.encode import encode_record
record = {"a": math.nan, "b": [1, 2.5, "x\\ud800"], "c": {"d": None, "e": 1e300}, "f": 10**30}
sys.stdout.buffer.write(encode_record(record))
assert "msgspec" not in sys.modules
"""

    bare = run_script(script, cwd=tmp_path, flags=BARE)

    record = {"a": math.nan, "b": [1, 2.5, "x\ud800"], "c": {"d": None, "e": 1e300}, "f": 10**30}
    assert bare.stderr == ""
    assert json.loads(bare.stdout) == json.loads(encode_record(record))


def random_text(source: random.Random) -> str:
    letters = "aZ09/.@[]{}\"\\'<>&\t\u00e9\u05d0\u4e2d\u2028😀\ud800\udfff"
    return "".join(source.choice(letters) for _ in range(source.randrange(1, 12)))


def random_value(source: random.Random, depth: int = 0) -> object:
    choices: list[Callable[[], object]] = [
        lambda: source.random() * 10 ** source.randrange(-300, 300),
        lambda: source.choice([math.nan, math.inf, -math.inf, -0.0, 0, 1, True, False, None]),
        lambda: source.randrange(-(2**80), 2**80),
        lambda: random_text(source),
        lambda: [random_value(source, depth + 1) for _ in range(source.randrange(3))],
        lambda: {random_text(source): random_value(source, depth + 1) for _ in range(source.randrange(3))},
    ]
    return source.choice(choices[: 4 if depth > 2 else 6])()
