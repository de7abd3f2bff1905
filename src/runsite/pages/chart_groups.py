"""Group a page's charts by the part of their names before the first `/`, once there are too many to look over."""

from collections.abc import Sequence
from typing import NamedTuple

from runsite.charts.cards import ChartSection, MetricCard
from runsite.number_format import format_count

# Four rows of three charts: about what fits on a screen or two; more needs headings.
MAX_UNGROUPED = 12
NO_PREFIX = "Without a prefix"


class ChartGroup(NamedTuple):
    """Charts that stand together."""

    anchor: str
    title: str
    """Empty where all charts stand in one group."""
    number: str
    cards: Sequence[MetricCard]


def chart_groups(charts: ChartSection | None) -> list[ChartGroup]:
    """Group the charts of a page, in the order in which the first of each group stands."""
    cards = () if charts is None else charts.cards
    by_prefix: dict[str, list[MetricCard]] = {}
    for card in cards:
        by_prefix.setdefault(card.section, []).append(card)
    if len(cards) <= MAX_UNGROUPED or len(by_prefix) < 2:
        return [ChartGroup("", "", "", cards)] if cards else []
    return [
        ChartGroup(f"charts-{number}", prefix or NO_PREFIX, format_count(len(found)), found)
        for number, (prefix, found) in enumerate(by_prefix.items(), start=1)
    ]
