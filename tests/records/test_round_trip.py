"""Properties of the record format, on seeded random records: what is written is what is read."""

import json
import math
import random
from typing import Any

import pytest

from runsite.records.encode import encode_record
from runsite.records.fast_lines import REFUSED, metrics_decoder, row_shape
from runsite.records.parse import Metrics, Params, parse_record

PIECES = [
    "loss",
    "/",
    ".",
    " ",
    "@",
    "[0]",
    "é",
    "e\u0301",
    "損失",
    "🦊",
    "\u202e",
    '"',
    "\\",
    "__proto__",
    "<",
    "&",
    "\u2028",
]
NUMBERS = [0, -0.0, 1, -1, 0.1, 1e-320, 5e-324, 1.7976931348623157e308, 2**53 + 1, -(2**63), 2**64, 10**30, 1e22]
NON_FINITE = [math.nan, math.inf, -math.inf]


def some_name(random_: random.Random) -> str:
    return "".join(random_.choices(PIECES, k=random_.randint(1, 6)))


def some_number(random_: random.Random) -> float:
    return random_.choice([*NUMBERS, *NON_FINITE, random_.gauss(0, 1e3), random_.randint(-(10**9), 10**9)])


def some_value(random_: random.Random, depth: int = 0) -> Any:
    kind = random_.randint(0, 6 if depth < 4 else 4)
    if kind == 5:
        return [some_value(random_, depth + 1) for _ in range(random_.randint(0, 3))]
    if kind == 6:
        return {some_name(random_): some_value(random_, depth + 1) for _ in range(random_.randint(0, 3))}
    return [None, True, False, some_name(random_), random_.choice(NUMBERS)][kind]


@pytest.mark.parametrize("seed", range(200))
def test_metrics_written_and_read_are_the_same(seed: int) -> None:
    random_ = random.Random(seed)
    values = {some_name(random_): some_number(random_) for _ in range(random_.randint(1, 8))}
    step = random_.choice([None, 0, random_.randint(-5, 10**18), 10**25, random_.random(), -0.5])

    line = encode_record({"type": "metrics", "step": step, "time": 1.5, "values": values})
    record = parse_record(line.removesuffix(b"\n"))

    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert record.problems == []
    assert isinstance(record.body, Metrics)
    assert record.body.step == step
    assert {k: repr(v) for k, v in record.body.values.items()} == {k: repr(float(v)) for k, v in values.items()}


@pytest.mark.parametrize("seed", range(200))
def test_params_written_and_read_are_the_same(seed: int) -> None:
    random_ = random.Random(seed)
    values = {some_name(random_): some_value(random_) for _ in range(random_.randint(1, 8))}

    record = parse_record(encode_record({"type": "params", "values": values}))

    assert record.problems == []
    assert isinstance(record.body, Params)
    assert repr(record.body.values) == repr(values)


@pytest.mark.parametrize("seed", range(300))
def test_the_fast_way_and_the_careful_way_read_the_same_where_both_read(seed: int) -> None:
    random_ = random.Random(seed)
    values = {some_name(random_).replace("\\", ""): some_number(random_) for _ in range(random_.randint(0, 5))}
    record: dict[str, Any] = {"type": random_.choice(["metrics"] * 9 + ["tags"]), "values": values}
    others: dict[str, list[Any]] = {
        "step": [None, 3, -1.5, 2**70, "x", True],
        "time": [None, 5, 1.5e9, "x"],
        "rank": [0],
    }
    for key, choices in others.items():
        if random_.random() < 0.7:
            record[key] = random_.choice(choices)
    line = json.dumps(record, ensure_ascii=False, allow_nan=True, separators=random_.choice([(",", ":"), (", ", ": ")]))
    raw = line.encode()
    if random_.random() < 0.3:
        cut = random_.randrange(len(raw))
        raw = raw[:cut] + random_.choice([b"", b"}", b"\xff", b"0"]) + raw[cut + 1 :]

    careful = parse_record(raw)
    try:
        row = metrics_decoder()(raw)
    except REFUSED:
        return

    assert isinstance(careful.body, Metrics)
    assert repr((row.values, row.step, row.time)) == repr((dict(careful.body.values), careful.body.step, careful.time))


def test_a_line_without_a_type_is_no_row_of_metrics() -> None:
    with pytest.raises(REFUSED):
        metrics_decoder()(b'{"values":{"a":1}}')
    with pytest.raises(REFUSED):
        row_shape(("a",)).decode(b'{"values":{"a":1}}')


@pytest.mark.parametrize("seed", range(20))
def test_a_line_damaged_anywhere_never_raises(seed: int) -> None:
    random_ = random.Random(seed)
    values = {some_name(random_): some_value(random_) for _ in range(5)}
    line = bytearray(
        encode_record({"type": random_.choice(["params", "metrics", "note", "run_end"]), "values": values})
    )

    for place in range(len(line)):
        damaged = line.copy()
        damaged[place] = random_.randrange(256)
        parse_record(bytes(damaged))
