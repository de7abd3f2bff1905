"""What a page's HTML hands its scripts: islands of JSON, and where the data of its run table lie."""

import json
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import Any

from runsite.errors import FigureError
from runsite.figures.view import View


@dataclass(frozen=True, slots=True)
class ChartPage:
    """A page with charts."""

    charts: Any
    """The island of its chart section; None on the page that compares runs, which makes its own."""
    table: Any
    """Name, address and root of its run table."""
    compare: Any
    """Island and root of the comparison."""
    relations: Any = None
    """Where the specs of its charts of runs lie."""
    custom: Any = None
    """Name of the experiment and address of its store's own charts."""

    def json(self) -> dict[str, Any]:
        """Return it as figure.js takes it."""
        return asdict(self)


def read_page(view: View) -> ChartPage:
    """Read a page; FigureError if it has no charts."""
    reader = _Reader()
    reader.feed((view.site / view.page).read_text(encoding="utf-8"))
    charts = reader.islands.get(reader.chart_data)
    compare = reader.islands.get("compare_data")
    if compare is not None:
        return ChartPage(None, None, {"island": compare, "root": reader.compare_root})
    if charts is None and reader.custom is None and reader.relations is None:
        raise FigureError(view.page, "this page has no charts; link to an experiment, a run, all runs or a comparison")
    return ChartPage(charts, reader.table, None, reader.relations, reader.custom)


@dataclass(slots=True)
class _Reader(HTMLParser):
    islands: dict[str, Any] = field(default_factory=dict)
    chart_data: str = ""
    table: dict[str, str] | None = None
    compare_root: str = ""
    relations: str | None = None
    custom: dict[str, str] | None = None
    _island: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the scripts look for."""
        found = {name: value or "" for name, value in attrs}
        classes = found.get("class", "").split()
        if tag == "script" and found.get("type") == "application/json":
            self._island = found.get("id", "")
        elif tag == "section" and "charts" in classes:
            self.chart_data = found.get("data-chart-data", "").removeprefix("#")
        elif tag == "section" and "run_table" in classes and "data-src" in found:
            self.table = {"name": found["data-table"], "src": found["data-src"], "root": found["data-root"]}
        elif tag == "section" and "relations" in classes:
            self.relations = found.get("data-specs")
        elif tag == "section" and "custom_charts" in classes:
            self.custom = {"experiment": found["data-experiment"], "src": found["data-src"]}
        elif found.get("id") == "compare":
            self.compare_root = found.get("data-root", "")

    def handle_data(self, data: str) -> None:
        """Read the island that is open."""
        if self._island:
            self.islands[self._island] = json.loads(data)

    def handle_endtag(self, tag: str) -> None:
        """Close an island."""
        if tag == "script":
            self._island = ""
