"""Chart assets are made once, kept in a cache that may fail, and import nothing heavy before they must."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runsite.charts import specs
from runsite.charts.kinds import metric_chart

DATA_NAMES = ["others", "bands", "raw", "points", "lone", "best", "marks", "seams"]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the two slow makers, and list what was made."""
    names: list[str] = []

    def maker(name: str) -> bytes:
        names.append(name)
        return f"made({len(names)});\n".encode()

    monkeypatch.setattr(specs, "vega_script", lambda: maker("vega"))
    monkeypatch.setattr(specs, "specs_script", lambda: maker("specs"))
    monkeypatch.setattr(specs, "relation_specs_script", lambda: maker("relation specs"))
    return names


def test_second_build_takes_assets_from_the_cache(tmp_path: Path, made: list[str]) -> None:
    first = specs.chart_assets(tmp_path / "new" / "cache")
    second = specs.chart_assets(tmp_path / "new" / "cache")

    assert made == ["vega", "specs", "relation specs"]
    assert first == second
    assert [file.path for file in first] == ["assets/vega.js", "assets/chart_specs.js", "assets/relation_specs.js"]


def test_without_a_cache_assets_are_made_each_time(made: list[str]) -> None:
    specs.chart_assets(None)
    specs.chart_assets(None)

    assert made == ["vega", "specs", "relation specs"] * 2


def test_cache_that_cannot_be_written_is_no_error(tmp_path: Path, made: list[str]) -> None:
    (tmp_path / "file").write_text("not a folder")

    assets = specs.chart_assets(tmp_path / "file")

    assert made == ["vega", "specs", "relation specs"]
    assert assets[0].content == b"made(1);\n"


def test_torn_cache_entry_is_made_again(tmp_path: Path, made: list[str]) -> None:
    specs.chart_assets(tmp_path)
    for entry in tmp_path.iterdir():
        entry.write_bytes(b"torn")

    specs.chart_assets(tmp_path)

    assert made == ["vega", "specs", "relation specs"] * 2


def test_entries_of_other_versions_leave_the_cache(tmp_path: Path, made: list[str]) -> None:
    (tmp_path / "vega-0123456789abcdef.js").write_text("old();\n")

    specs.chart_assets(tmp_path)

    assert made
    assert len(list(tmp_path.glob("vega-*.js"))) == 1


def test_charts_import_nothing_heavy_before_they_are_made() -> None:
    code = (
        "import sys; import runsite.charts, runsite.charts.cards, runsite.charts.specs, runsite.charts.sparkline;"
        "print([name for name in ('altair', 'vl_convert', 'numpy', 'msgspec', 'jinja2') if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8").stdout

    assert printed.strip() == "[]"


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
