"""Numbers, bytes, durations and times read the same in Python and in the browser."""

import json
import math
import random
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runsite import number_format

ROOT = Path(__file__).parent.parent
CASES = json.loads((ROOT / "tests/twins/number_format.json").read_text(encoding="utf-8"))
FORMAT_JS = ROOT / "themes/default/static/format.js"
NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def said(case: dict[str, Any]) -> str:
    function: Callable[..., str] = getattr(number_format, case["function"])
    arguments = case["arguments"]
    if not case["function"].startswith("format_param"):
        arguments = [NON_FINITE.get(value, value) if isinstance(value, str) else value for value in arguments]
    return function(*arguments)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']} {case['arguments']}")
def test_case_of_the_twins(case: dict[str, Any]) -> None:
    assert said(case) == case["text"]


def seeded_doubles(seed: int, count: int) -> list[float]:
    """Ties, short decimals, every exponent, neighbours of powers of ten, shares just below 1 and 100."""
    chance = random.Random(seed)
    doubles = []
    for _ in range(count):
        kind = chance.randrange(6)
        if kind == 0:
            value = struct.unpack("<d", chance.randbytes(8))[0]
        elif kind == 1:
            value = chance.randrange(1, 4096) / 2 ** chance.randrange(1, 14)
        elif kind == 2:
            value = round(chance.uniform(-10, 10), chance.randrange(1, 7))
        elif kind == 3:
            value = math.nextafter(10.0 ** chance.randrange(-12, 18), chance.choice([0.0, math.inf]))
        elif kind == 4:
            value = chance.choice([1, 100]) * (1 - 10 ** -chance.uniform(1, 12))
        else:
            value = float(chance.randrange(-(10**12), 10**12))
        if math.isfinite(value):
            doubles.append(value)
    return doubles


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the twin")
def test_python_and_javascript_agree_on_thousands_of_seeded_doubles() -> None:
    doubles = seeded_doubles(seed=20, count=6000)
    script = """
        const format = require(process.argv[1]);
        const doubles = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const all = (value) => [3, 4, 6].map((digits) => format.format_number(value, digits)).concat(
            format.format_param(value), format.format_param_cell(value), format.format_step(value),
            format.format_duration(value), format.format_bytes(Math.abs(Math.trunc(value))), format.format_time(value));
        process.stdout.write(JSON.stringify(doubles.map(all)));
    """
    answer = subprocess.run(
        ["node", "-e", script, str(FORMAT_JS)],
        input=json.dumps(doubles),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    expected = [
        [number_format.format_number(value, digits) for digits in (3, 4, 6)]
        + [
            number_format.format_param(value),
            number_format.format_param_cell(value),
            number_format.format_step(value),
            number_format.format_duration(value),
            number_format.format_bytes(abs(math.trunc(value))),
            number_format.format_time(value),
        ]
        for value in doubles
    ]
    assert json.loads(answer.stdout) == expected


def test_param_text_reads_back_as_the_same_number() -> None:
    for value in seeded_doubles(seed=7, count=3000):
        assert float(number_format.format_param(value)) == value


def test_whole_numbers_beyond_doubles_keep_every_digit_in_params() -> None:
    assert number_format.format_param(2**64 + 1) == "18446744073709551617"
    assert number_format.format_count(2**64 + 1) == "18,446,744,073,709,551,617"


def test_no_share_is_rounded_up_to_a_bound_it_does_not_reach() -> None:
    for value in seeded_doubles(seed=3, count=3000):
        for digits in (4, 5, 6):
            text = number_format.format_number(value, digits)
            assert text != "1" or value >= 1
            assert text != "100" or value >= 100
