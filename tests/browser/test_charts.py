"""Charts are really drawn: pixels, not only boxes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.visits import INK, TOOLTIP, fresh_context, visiting
from built_site import BuiltSite

FIGURES = "figure.metric_chart:visible"
HAS_INK = """(figure) => {
  const canvas = figure.querySelector(".plot canvas");
  if (canvas) {
    const { width, height } = canvas;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    return pixels.some((byte, index) => index % 4 === 3 && byte > 0);
  }
  return [...figure.querySelectorAll(".plot svg path")].some((path) => (path.getAttribute("d") ?? "").length > 20);
}"""

IS_READ = "(figure) => runsite.charts.sections.some(({ cards }) => cards.get(figure)?.hover.tracks.length)"


def first_readable_plot(page: Page) -> Locator:
    """Bring the first chart near the viewport, and wait until pointing at it reads its curves."""
    figure = page.locator(FIGURES).first
    figure.scroll_into_view_if_needed()
    page.wait_for_function(IS_READ, arg=figure.element_handle())
    return figure.locator(".plot")


def draw_all(page: Page) -> list[str]:
    """Bring each chart near the viewport and return the names of those that stay empty."""
    empty: list[str] = []
    for figure in page.locator(FIGURES).all():
        figure.scroll_into_view_if_needed()
        figure.locator(".plot canvas, .plot svg").first.wait_for()
        if not figure.evaluate(HAS_INK):
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
    longest = max(example_site.glob("experiments/*/runs/*/series.js"), key=lambda path: path.stat().st_size)
    path = longest.with_name("index.html").relative_to(example_site).as_posix()

    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = visit.open(path)
        draw_all(page)
        said = page.locator(FIGURES).locator("figcaption").all_inner_texts()

    assert any(re.search(r"drawn from [\d,]+ of [5-9],\d\d\d points", text) for text in said), said
    assert visit.faults == []


def test_hovering_a_chart_shows_values(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = visit.open(BuiltSite(example_site).kinds()["run"])
        first_readable_plot(page).hover()
        page.locator(".chart_tooltip:visible").wait_for()
        shown, ink = page.evaluate(TOOLTIP), page.evaluate(INK, ".chart_tooltip:not([hidden]) canvas")

    assert re.search(r"\d", shown["rows"][0]["value"])
    # A caption and a row of a value.
    assert ink["right"] - ink["left"] > 30
    assert ink["bottom"] - ink["top"] > 20
    assert visit.faults == []


def test_tap_reads_a_chart_until_the_next_tap_elsewhere(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with fresh_context(chromium, **options) as context, visiting(context, origins["file"]) as visit:
        page = visit.open(BuiltSite(example_site).kinds()["experiment"])
        address = page.url
        first_readable_plot(page).tap()
        page.locator(".chart_tooltip:visible").wait_for()
        shown = page.evaluate(TOOLTIP)
        page.locator(".chart_head").first.tap(position={"x": 2, "y": 2})
        expect(page.locator(".chart_tooltip:visible")).to_have_count(0)

    assert re.search(r"\d", shown["rows"][0]["value"])
    assert page.url == address
    assert visit.faults == []
