"""Charts are really drawn: pixels, not only boxes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.visits import fresh_context, visiting
from built_site import BuiltSite

FIGURES = "figure.metric_chart:visible"
INK = """(figure) => {
  const canvas = figure.querySelector(".plot canvas");
  if (canvas) {
    const { width, height } = canvas;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    return pixels.some((byte, index) => index % 4 === 3 && byte > 0);
  }
  return [...figure.querySelectorAll(".plot svg path")].some((path) => (path.getAttribute("d") ?? "").length > 20);
}"""


def draw_all(page: Page) -> list[str]:
    """Bring each chart near the viewport and return the names of those that stay empty."""
    empty: list[str] = []
    for figure in page.locator(FIGURES).all():
        figure.scroll_into_view_if_needed()
        figure.locator(".plot canvas, .plot svg").first.wait_for()
        if not figure.evaluate(INK):
            empty.append(str(figure.get_attribute("data-metric")))
    return empty


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["experiment", "run"])
@pytest.mark.parametrize("origin", ["file", "folder"])
def test_every_chart_has_ink(
    origin: str, kind: str, scheme: str, chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = BuiltSite(example_site).kinds()[kind]

    with fresh_context(chromium, color_scheme=scheme) as context, visiting(context, origins[origin]) as visit:
        page = visit.open(path)
        assert page.locator(FIGURES).count() > 0
        empty = draw_all(page)

    assert empty == []
    assert visit.faults == []


def test_long_run_says_how_many_points_are_drawn(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    site = BuiltSite(example_site)
    long_runs = [
        path for path in site.pages if "/runs/" in path and re.search(r"5,\d\d\d|6,\d\d\d", site.pages[path].markup)
    ]

    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = visit.open(long_runs[0])
        page.get_by_text(re.compile(r"drawn from [\d,]+ of [\d,]+ points")).first.wait_for()

    assert visit.faults == []


def test_hovering_a_chart_shows_values(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = visit.open(BuiltSite(example_site).kinds()["run"])
        figure = page.locator(FIGURES).first
        draw_all(page)
        figure.scroll_into_view_if_needed()
        before = figure.inner_text()
        figure.locator(".plot").hover()
        page.wait_for_function(
            "([figure, before]) => figure.innerText !== before", arg=[figure.element_handle(), before]
        )

    assert visit.faults == []
