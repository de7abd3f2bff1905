"""The pattern page prints, so that a change of style can be looked at."""

import math
import posixpath
import re

from pages_made import MADE_ASSETS
from runsite.pages.patterns import STATUSES, make_patterns_pages, pattern_curves, pattern_experiment
from runsite.themes import Theme


def printed_patterns() -> dict[str, str]:
    theme = Theme.load(made_assets=MADE_ASSETS)
    return {page.path: theme.render(page).decode() for page in make_patterns_pages(version=lambda _: "1")}


def test_the_pattern_page_shows_each_status_and_part() -> None:
    patterns = next(text for path, text in printed_patterns().items() if path.endswith("patterns.html"))

    for part in (
        "stalled",
        "diverged",
        "run_table",
        "metric_chart",
        "relation_kinds",
        "gallery",
        "html_frame",
        "another value",
    ):
        assert part in patterns


def test_every_link_between_the_pattern_pages_leads_to_one_of_them() -> None:
    pages = printed_patterns()
    links = {(path, href) for path, text in pages.items() for href in re.findall(r' href="([^":#?]+\.html)', text)}

    assert links
    lost = {(path, href) for path, href in links if posixpath.normpath(f"{path}/../{href}") not in pages}
    assert lost == set()


def test_the_figures_of_the_patterns_are_those_of_their_curves() -> None:
    for number, (run, status) in enumerate(zip(pattern_experiment().runs, STATUSES, strict=True)):
        for name, values in pattern_curves(number, status).items():
            finite = [value for value in values if math.isfinite(value)]
            metric = run.metrics[name]
            assert metric.best is not None
            assert (metric.min, metric.max, metric.finite) == (min(finite), max(finite), len(finite))
            assert metric.best.value == (max(finite) if name == "val/acc" else min(finite))
