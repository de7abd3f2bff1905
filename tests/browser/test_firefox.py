"""Firefox shows each kind of page without a fault, from a double click and from a host: rows, curves, filter."""

from pathlib import Path

import pytest

from browser.firefox import Firefox
from built_site import BuiltSite

ROWS = "document.querySelectorAll('.run_table tbody tr').length"
CHART = "document.querySelectorAll('.metric_chart svg path').length"
FILTER = """(() => {
  const box = document.querySelector(".run_table_filter");
  box.value = "status = nowhere";
  box.dispatchEvent(new Event("input", { bubbles: true }));
})()"""


@pytest.mark.parametrize("origin", ["file", "folder"])
def test_each_kind_of_page_opens_without_a_fault(
    origin: str, firefox: Firefox, origins: dict[str, str], example_site: Path
) -> None:
    faults: list[str] = []
    for kind, path in BuiltSite(example_site).kinds().items():
        firefox.faults.clear()
        firefox.open(origins[origin] + path)
        seen = firefox.evaluate("window.faults") + firefox.faults
        faults += [f"{kind} {path}: {fault}" for fault in seen]

    assert faults == []


@pytest.mark.parametrize("origin", ["file", "folder"])
def test_experiment_shows_rows_and_curves_and_filters(
    origin: str, firefox: Firefox, origins: dict[str, str], example_site: Path
) -> None:
    firefox.faults.clear()
    firefox.open(origins[origin] + BuiltSite(example_site).kinds()["experiment"])

    assert firefox.wait_for(ROWS) > 1
    firefox.evaluate("document.querySelector('.metric_chart').scrollIntoView()")
    assert firefox.wait_for(CHART) > 1
    firefox.evaluate(FILTER)
    firefox.wait_for("/^0 of/.test(document.querySelector('.run_table_note').textContent)")
    assert firefox.evaluate("window.faults") + firefox.faults == []
