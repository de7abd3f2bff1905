"""Texts of a store that are gone, or too large, once they are read: the site was listed a moment before."""

from pathlib import Path

import pytest

from runsite.build.content import read_charts, read_reports
from runsite.errors import StoreError
from runsite.sources import list_store
from support import run_start, write_run


@pytest.fixture
def store(tmp_path: Path) -> Path:
    write_run(tmp_path / "runs", "digits", "a", run_start())
    for folder, name in (("reports", "week.md"), ("charts", "cost.vl.json")):
        (tmp_path / "runs" / folder).mkdir()
        (tmp_path / "runs" / folder / name).write_text("{}")
    return tmp_path / "runs"


def test_chart_that_went_since_it_was_listed_is_named(store: Path) -> None:
    listing = list_store(store)
    (store / "charts" / "cost.vl.json").unlink()

    with pytest.raises(StoreError, match=r"cost\.vl\.json: cannot be read \(No such file or directory\)"):
        read_charts([listing], ["digits"], str)


def test_report_that_went_since_it_was_listed_is_named(store: Path) -> None:
    listing = list_store(store)
    (store / "reports" / "week.md").unlink()

    with pytest.raises(StoreError, match=r"week\.md: cannot be read \(No such file or directory\)"):
        read_reports([listing], str)


@pytest.mark.parametrize(("size", "is_read"), [(1_000_000, True), (1_000_001, False)])
def test_text_of_a_chart_that_is_too_large_is_left_out(store: Path, size: int, is_read: bool) -> None:
    (store / "charts" / "cost.vl.json").write_text("x" * size)

    (chart,) = read_charts([list_store(store)], ["digits"], str)["digits"]

    assert (chart.text is not None) is is_read
