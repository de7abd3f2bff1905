"""The pages that span the whole site: overview, all runs, models, reports, about. They are one unit."""

from collections.abc import Sequence

from runsite.build.content import site_content, source_summary
from runsite.build.experiments import Experiments, layout_of
from runsite.build.memory import Memory, Unit, digest_of
from runsite.build.pages import PagePrinter
from runsite.build.reasons import changed_filter
from runsite.config import Settings
from runsite.model import RUNNING, ExperimentSummary, Problem, RegisteredModel, Report, SiteContent, SiteFilter
from runsite.pages.site import make_overview, make_texts
from runsite.site_paths import ALL_RUNS_TABLE
from runsite.sources import StoreListing
from runsite.tables import ALL_RUNS, RunTable, all_runs_table, without_values
from runsite.tables.script import ShardPaths, shard_paths_of, table_head
from runsite.tables.settings_notes import settings_notes
from runsite.tables.views import view_links

_TEMPLATES = tuple(f"{name}.html" for name in "index runs compare models model report about not_found notices".split())
_REASONS = (
    "what models say changed",
    "what reports say changed",
    "runsite.toml changed",
    "the stores or their names changed",
    "other folders lie in the store",
    "which texts of the store are not read changed",
    "what pages of experiments tell of links and charts changed",
)


class Overview:
    """What spans everything."""

    def __init__(
        self,
        experiments: Experiments,
        *,
        title: str,
        settings: Settings,
        listings: Sequence[StoreListing],
        memory: Memory,
        printer: PagePrinter,
    ) -> None:
        self._experiments = experiments
        self._title = title
        self._settings = settings
        self._listings = listings
        self._memory = memory
        self._printer = printer

    def make(
        self, models: tuple[RegisteredModel, ...], reports: tuple[Report, ...], site_filter: SiteFilter | None
    ) -> None:
        """Make the unit if it is not as it was."""
        printer, unit = self._printer, self._memory.units.get("overview", Unit())
        told = self._experiments.page_problems()
        settings = self._settings
        shown_filter = None if site_filter is None else [site_filter.text, site_filter.runs_read]
        old_filter, self._memory.facts["filter"] = self._memory.facts.get("filter"), shown_filter
        keys = [
            digest_of([[name, self._memory.experiments[name].digest] for name in self._experiments.runs]),
            digest_of(shown_filter),
            self._places_digest(),
            digest_of(repr(models)),
            digest_of(repr(reports)),
            _settings_digest(settings),
            digest_of([each.store.name for each in self._listings]),
            digest_of([each.passed_over for each in self._listings]),
            digest_of([repr(each.problems) for each in self._listings]),
            digest_of([[p.file, p.line, p.reason, p.kind] for p in told]),
            *printer.keys(unit, *_TEMPLATES),
        ]
        if printer.units.is_current(unit, keys) and "notes" in self._memory.facts:
            printer.units.keep(unit)
            return
        why_others = self._experiments.why_others() or self._memory.why_new("index.html", "the site is new")
        filter_reason, places_reason = changed_filter(old_filter, shown_filter), self._experiments.why_elsewhere()
        reasons = (why_others, filter_reason, places_reason, *_REASONS, *printer.reasons)
        with printer.making(keys, printer.units.why(unit, keys, reasons)) as unit:
            self._make_pages(unit, self._content(models, reports, site_filter), told)
        self._memory.units["overview"] = unit

    def _places_digest(self) -> bytes:
        """Digest which runs lie in which of several stores."""
        if len(self._listings) == 1:
            return b""
        return digest_of([[str(folder.key) for folder in listing.runs] for listing in self._listings])

    def _content(
        self, models: tuple[RegisteredModel, ...], reports: tuple[Report, ...], site_filter: SiteFilter | None
    ) -> SiteContent:
        experiments = list(map(self._experiments.summary, self._experiments.runs))
        return site_content(
            experiments,
            title=self._title,
            settings=self._settings,
            models=models,
            reports=reports,
            sources=tuple(
                source_summary(listing, experiments, is_filtered=site_filter is not None) for listing in self._listings
            ),
            filter=site_filter,
        )

    def _make_pages(self, unit: Unit, content: SiteContent, told: Sequence[Problem]) -> None:
        printer = self._printer
        printer.units.stage(".nojekyll", b"")
        runs = {run.key: run for experiment in content.experiments for run in experiment.runs}
        dead = list(told)
        for page in make_texts(content, runs=runs, frame=printer.frame, links=printer.links):
            printer.stage(page, unit)
            dead += page.problems
        data = printer.data({ALL_RUNS: self._make_table(content)})
        for page in make_overview(content, frame=printer.frame, data=data, dead_links=dead):
            printer.stage(page, unit)

    def _make_table(self, content: SiteContent) -> RunTable:
        """Write the head of the table of all runs; its rows are those of the experiments' tables."""
        layouts = [layout_of(each.name, self._memory.experiments[each.name]) for each in content.experiments]
        whole = all_runs_table(content.experiments, layouts)
        shards: list[ShardPaths] = []
        for experiment, layout in zip(content.experiments, layouts, strict=True):
            has_more = any(column.block == "more" for column in layout.columns)
            shards += _shards_of(experiment, has_more=has_more)
        self._memory.facts["notes"] = list(settings_notes(self._settings, content.experiments, whole))
        views = view_links(self._settings.views, {column.id: column for column in whole.columns})
        head = table_head(whole, ALL_RUNS_TABLE, shards=shards, views=views)
        self._printer.units.stage(head.path, head.content)
        return without_values(whole)


def _settings_digest(settings: Settings) -> bytes:
    """Digest what pages that span runs, and notes on the settings, take from these."""
    named = (settings.views, settings.experiments, settings.repeat, sorted(settings.metrics))
    return digest_of([settings.description, settings.stages, repr(named)])


def _shards_of(experiment: ExperimentSummary, *, has_more: bool) -> tuple[ShardPaths, ...]:
    open_rows = {row for row, run in enumerate(experiment.runs) if run.status == RUNNING}
    keys = [str(run.key) for run in experiment.runs]
    return shard_paths_of(experiment.name, keys, open_rows=open_rows, has_more=has_more)
