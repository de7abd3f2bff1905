"""A page of very many charts: what was scrolled past long ago is let go of, and made anew where it is seen again."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.visits import fresh_context, visiting
from built_site import build_by_command
from support import metrics, write_run

METRICS = 90
CARDS = "[...runsite.charts.sections[0].cards.values()]"
HELD = f"{CARDS}.filter(({{ view }}) => view).length"
# Each card a chart in its place, drawn lines in it.
PICTURES = f"{CARDS}.filter(({{ plot }}) => plot.querySelector('svg.marks path[d*=L]')).length"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    """The page of a run of many metrics."""
    folder = tmp_path_factory.mktemp("many")
    values = [{f"part{number % 3}/m{number:02}": step * (number + 1) for number in range(METRICS)} for step in range(9)]
    write_run(folder / "runs", "bench", "wide", *(metrics(step, row) for step, row in enumerate(values)))
    build_by_command(folder / "runs", folder / "site", chart_cache)
    (page,) = (folder / "site").glob("experiments/*/runs/wide-*/index.html")
    return page


def test_cards_far_behind_keep_their_picture_alone_until_they_are_seen_again(chromium: Browser, many: Path) -> None:
    with fresh_context(chromium) as context, visiting(context, "") as visit:
        page = visit.page
        page.goto(many.as_uri())
        cards = page.locator("figure.metric_chart:visible")
        count = cards.count()
        for place in range(0, count, 6):
            cards.nth(place).scroll_into_view_if_needed()
            page.wait_for_function(f"() => Boolean({CARDS}[{place}].view)")
        cards.last.scroll_into_view_if_needed()
        page.wait_for_function(f"() => {HELD} < {METRICS - 10} && {PICTURES} === {METRICS}")
        cards.first.scroll_into_view_if_needed()
        page.wait_for_function(f"() => Boolean({CARDS}[0].view)")
        tracks = page.evaluate(f"() => {CARDS}[0].hover.tracks.length")

    assert count == METRICS
    assert tracks == 1
    assert visit.faults == []
