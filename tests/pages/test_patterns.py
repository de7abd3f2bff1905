"""The pattern page prints, so that a change of style can be looked at."""

from pages_made import MADE_ASSETS
from runsite.pages.patterns import make_patterns_pages
from runsite.themes import Theme


def test_the_pattern_page_shows_each_status_and_part() -> None:
    theme = Theme.load(made_assets=MADE_ASSETS)

    pages = {page.path: theme.render(page).decode() for page in make_patterns_pages(version=lambda _: "1")}

    patterns = next(text for path, text in pages.items() if path.endswith("patterns.html"))
    for part in ("stalled", "diverged", "run_table", "metric_chart", "gallery", "html_frame", "another value"):
        assert part in patterns
