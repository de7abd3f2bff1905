"""The order of a table column, by the cases that the browser's twin runs too."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from runsite.tables.model import TableValue
from runsite.tables.sort_order import sort_rows

CASES = json.loads((Path(__file__).parent.parent / "twins" / "sort_order.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_order_of_a_column(case: dict[str, Any]) -> None:
    values, kind = case["values"], case["kind"]

    assert sort_rows(values, kind=kind) == case["ascending"]
    assert sort_rows(values, kind=kind, descending=True) == case["descending"]


def test_every_pair_of_values_has_one_order() -> None:
    values: list[TableValue] = [value for case in CASES for value in case["values"]]
    expected = [repr(values[row]) for row in sort_rows(values, kind="param")]

    random.Random(3).shuffle(values)
    again = [repr(values[row]) for row in sort_rows(values, kind="param")]

    assert _without_ties(again) == _without_ties(expected)


def _without_ties(shown: list[str]) -> list[str]:
    return [text for text in shown if text not in ("'9007199254740992'", "9007199254740992", "-0.0", "0")]
