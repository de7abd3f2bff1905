"""What a compiled chart holds, and what it must not."""

import json
from typing import Any

import pytest

from runsite.charts import specs
from runsite.charts.kinds import metric_chart

DATA_NAMES = ["others", "bands", "raw", "points", "lone", "best", "marks", "seams"]


@pytest.fixture(scope="module")
def compiled() -> dict[str, Any]:
    return specs.compile_chart(metric_chart())


def test_data_comes_by_name(compiled: dict[str, Any]) -> None:
    assert [source["name"] for source in compiled["data"] if "source" not in source] == DATA_NAMES
    assert all("url" not in source and "values" not in source for source in compiled["data"])


def test_no_expression_runs_over_points(compiled: dict[str, Any]) -> None:
    """Vega's interpreter made a card three times slower."""
    (lines,) = (mark for mark in compiled["marks"] if mark["name"] == "lines_pathgroup")

    over_points = [source for source in compiled["data"] if source.get("source") == "points"]

    assert over_points == []
    assert "signal" not in json.dumps(lines["marks"])
    assert "test" not in json.dumps(lines["marks"])


def test_specs_hold_no_colour_and_no_text_of_their_own(compiled: dict[str, Any]) -> None:
    for spec in (compiled, metric_chart().to_dict()):
        text = json.dumps(spec)
        assert spec["background"] == "transparent"
        assert "#" not in text
        for placeholder in (
            "$title",
            "$step",
            "$runs",
            "$colours",
            "$dashes",
            "$ink",
            "$muted",
            "$line",
            "$ground",
            "$other",
        ):
            assert f'"{placeholder}"' in text


def test_specs_script_is_the_same_each_time() -> None:
    assert specs.specs_script() == specs.specs_script()
    assert specs.specs_script().startswith(b'runsite.receive("chart_specs","metric",{')
