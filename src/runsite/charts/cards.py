"""What a page prints of its charts: the cards, the legend and the island from which the browser draws.

A page's context gets one `ChartSection` as `charts`, and its template says

    {% include "parts/chart_section.html" %}     legend, cards, quiet cards, island
    {% include "parts/chart_scripts.html" %}     once, where the page's scripts stand

or takes the pieces: `parts/chart_legend.html` (wants `charts`), and the macro `metric_chart(card)` of
`parts/metric_chart.html` inside `<section class="charts" data-chart-data="#{{ charts.island_id }}">`. A card says its
figures as text, so it reads without scripts. The island holds what the browser needs, relative to the page:

    {"runs": [{"key", "name", "href", "colour", "dash", "series"}, ...], "metrics": [{"name", "label", "unit", "goal",
    "step_metric"?}, ...], "vega": address, "specs": address}

Colours: 8 hues, and with each the next of 3 dash patterns; from the 25th run on grey (colour None).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from runsite import site_paths
from runsite.data_script import script_safe
from runsite.goal_mark import GoalMark, goal_mark
from runsite.model import RUNNING, ExperimentSummary, MetricSummary, Point, RunSummary
from runsite.number_format import format_count, format_number, format_step
from runsite.site_paths import SPECS_ASSET, VEGA_ASSET

HUES = 8
DASHES = 3
# 250 KB of HTML; the table of metrics names the rest.
MAX_CARDS = 300
ISLAND_ID = "chart-data"

Version = Callable[[str], str]
"""From the path of a data file in the site to its content hash."""


class Appearance(NamedTuple):
    """How a run's line looks: `series_<colour>` and `dash_<dash>` in charts.css."""

    colour: int | None
    dash: int


class DrawnRun(NamedTuple):
    """A run in a legend."""

    key: str
    name: str
    """Unique among the runs drawn."""
    href: str
    colour: int | None
    dash: int
    series: str
    """Address of its curves."""


class Figure(NamedTuple):
    """A number on a card: "best 0.95 at step 120"."""

    word: str
    text: str
    detail: str
    title: str
    """The value in full."""


@dataclass(frozen=True, slots=True)
class MetricCard:
    """The chart of one metric, as its template prints it."""

    name: str
    label: str
    unit: str
    section: str
    """What stands before the first `/` of the name; empty without one."""
    mark: GoalMark | None
    figures: tuple[Figure, ...]
    note: str
    """How many of the runs drawn have the metric, where not all do, or how many of them the figures are of."""


@dataclass(frozen=True, slots=True)
class ChartSection:
    """All charts of a page."""

    cards: tuple[MetricCard, ...]
    quiet: tuple[MetricCard, ...]
    """Constants, clocks and counters: for a closed `<details>`."""
    runs: tuple[DrawnRun, ...]
    reason: str
    """Why these runs: "10 best of 300 by val/acc"; empty for a single run."""
    more: str
    """How many metrics have no card; empty for none."""
    island: str
    """Script-safe JSON."""
    island_id: str = ISLAND_ID


def appearance(index: int) -> Appearance:
    """Choose colour and dash pattern of the run drawn as number `index`."""
    if index >= HUES * DASHES:
        return Appearance(None, 0)
    return Appearance(index % HUES, index // HUES)


def experiment_charts(experiment: ExperimentSummary, *, version: Version) -> ChartSection | None:
    """Make the charts of an experiment's page: its metrics over the runs drawn first; None without any."""
    by_key = {run.key: run for run in experiment.runs}
    runs = [by_key[key] for key in experiment.drawn if key in by_key]
    names = [name for name in experiment.metric_names if any(name in run.metrics for run in runs)]
    if not names:
        return None
    shown = names[:MAX_CARDS]
    main = experiment.main_metric.name if experiment.main_metric else None
    cards = [_experiment_card(runs, name=name, is_main=name == main) for name in shown]
    metrics = [next(run.metrics[name] for run in runs if name in run.metrics) for name in shown]
    links = _Links(site_paths.experiment_page(experiment.name), version)
    # Without a version: the curves of an open run change with each line, and this page must not.
    drawn = links.drawn(runs, address=links.plain)
    return ChartSection(
        cards=tuple(card for card in cards if card.name not in experiment.quiet_metrics),
        quiet=tuple(card for card in cards if card.name in experiment.quiet_metrics),
        runs=drawn,
        reason=experiment.drawn_reason,
        more=_more(len(names)),
        island=links.island(drawn, metrics),
    )


def run_charts(run: RunSummary, experiment: ExperimentSummary, *, version: Version) -> ChartSection | None:
    """Make the charts of a run's page: each of its metrics; None without any."""
    if not run.metrics:
        return None
    names = list(dict.fromkeys([*experiment.metric_names, *run.metrics]))
    metrics = [run.metrics[name] for name in names if name in run.metrics][:MAX_CARDS]
    cards = [_run_card(metric) for metric in metrics]
    links = _Links(site_paths.run_page(run.key), version)
    drawn = links.drawn([run], address=links.data)
    return ChartSection(
        cards=tuple(card for card in cards if card.name not in experiment.quiet_metrics),
        quiet=tuple(card for card in cards if card.name in experiment.quiet_metrics),
        runs=drawn,
        reason="",
        more=_more(len(run.metrics)),
        island=links.island(drawn, metrics),
    )


@dataclass(frozen=True, slots=True)
class _Links:
    """Where a page finds the rest of the site."""

    page: str
    version: Version

    def data(self, path: str) -> str:
        return f"{site_paths.relative(path, page=self.page)}?v={self.version(path)}"

    def plain(self, path: str) -> str:
        return site_paths.relative(path, page=self.page)

    def drawn(self, runs: Sequence[RunSummary], *, address: Callable[[str], str]) -> tuple[DrawnRun, ...]:
        names = Counter(_name(run) for run in runs)
        return tuple(
            DrawnRun(
                key=str(run.key),
                name=_name(run) if names[_name(run)] == 1 else f"{_name(run)} ({run.key.run})",
                href=site_paths.relative(site_paths.run_page(run.key), page=self.page),
                colour=appearance(index).colour,
                dash=appearance(index).dash,
                series=address(site_paths.run_folder(run.key) + "series.js") if run.metrics else "",
            )
            for index, run in enumerate(runs)
        )

    def island(self, runs: Iterable[DrawnRun], metrics: Iterable[MetricSummary]) -> str:
        island: Mapping[str, object] = {
            "runs": [run._asdict() for run in runs],
            "metrics": [_metric(metric) for metric in metrics],
            "vega": self.data(VEGA_ASSET),
            "specs": self.data(SPECS_ASSET),
        }
        return script_safe(island).decode()


def _name(run: RunSummary) -> str:
    return run.name or run.key.run


def _metric(metric: MetricSummary) -> dict[str, str | None]:
    facts = {"name": metric.name, "label": metric.label or metric.name, "unit": metric.unit, "goal": metric.goal}
    return facts if metric.step_metric is None else facts | {"step_metric": metric.step_metric}


def _more(metrics: int) -> str:
    return format_count(metrics - MAX_CARDS) if metrics > MAX_CARDS else ""


def _run_card(metric: MetricSummary) -> MetricCard:
    figures = [_figure("last", metric.last.value)] if metric.last is not None else []
    if metric.best is not None:
        figures.append(_best(metric.best, outside="" if metric.best_in_last_attempt else ", earlier attempt"))
    elif metric.min is not None and metric.max is not None and not metric.constant and metric.count > 1:
        figures += [_figure("min", metric.min), _figure("max", metric.max)]
    return _card(metric, tuple(figures), note="")


def _experiment_card(runs: Sequence[RunSummary], *, name: str, is_main: bool) -> MetricCard:
    having = [run for run in runs if name in run.metrics]
    metrics = [run.metrics[name] for run in having]
    figures = _best_of(having, name) or _range(metrics)
    ended = sum(run.status != RUNNING for run in having)
    if figures and ended < len(having) and not is_main:  # of a run without an end only the main metric's best is known
        note = f"of the {format_count(ended)} that ended"
    else:
        note = "" if len(having) == len(runs) else f"{format_count(len(having))} of {format_count(len(runs))} runs"
    return _card(metrics[0], figures, note=note)


def _best_of(runs: Sequence[RunSummary], name: str) -> tuple[Figure, ...]:
    """Say who is best; nothing where the metric has no goal."""
    known = [(run, best) for run in runs if (best := run.metrics[name].best) is not None]
    if not known:
        return ()
    choose = max if known[0][0].metrics[name].goal == "maximize" else min
    run, best = choose(known, key=lambda pair: pair[1].value)
    return (_best(best, by=_name(run)),)


def _range(metrics: Sequence[MetricSummary]) -> tuple[Figure, ...]:
    least = [metric.min for metric in metrics if metric.min is not None]
    greatest = [metric.max for metric in metrics if metric.max is not None]
    if not least:
        return (_figure("last", metrics[0].last.value),) if metrics[0].last is not None else ()
    if min(least) == max(greatest):
        return (_figure("always", min(least)),)
    return _figure("min", min(least)), _figure("max", max(greatest))


def _best(best: Point, *, by: str = "", outside: str = "") -> Figure:
    """Say the best value, and who reached it or at which step."""
    step = f"at step {format_step(best.step)}" if best.step is not None else ""
    return _figure("best", best.value, detail=(by or step) + outside)


def _figure(word: str, value: float, *, detail: str = "") -> Figure:
    return Figure(word, format_number(value), detail, repr(float(value)))


def _card(metric: MetricSummary, figures: tuple[Figure, ...], *, note: str) -> MetricCard:
    section, slash, _ = metric.name.partition("/")
    return MetricCard(
        name=metric.name,
        label=metric.label or metric.name,
        unit=metric.unit or "",
        section=section if slash else "",
        mark=goal_mark(metric.goal, metric.goal_from),
        figures=figures,
        note=note,
    )
