"""Build the site: read what changed, settle what spans runs, make each unit that is not as it was, put all into place.

Experiments are worked off one by one, and a run's summary is decoded when its page, its shard or its experiment is
made; so memory grows with the largest experiment, and a line written for one run of ten thousand decodes the runs of
one shard.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from runsite.build.assets import Assets
from runsite.build.charts import bound_charts, charts_digest, charts_script, custom_charts
from runsite.build.content import models_of, read_charts, read_reports, read_text
from runsite.build.experiments import Experiments, keep_layout, layout_digest, layout_of, without_runs
from runsite.build.memory import NOTHING_BESIDE, ExperimentFacts, Memory, RunFacts, Unit, digest_of
from runsite.build.overview import Overview
from runsite.build.pages import PagePrinter
from runsite.build.reasons import joined
from runsite.build.runs import SiteRuns
from runsite.build.shards import stage_shard
from runsite.build.units import Units
from runsite.charts.custom_programs import run_program
from runsite.config import Settings
from runsite.model import RUNNING, Problem, RunKey, RunSummary, SiteContent
from runsite.pages.beside import Relations, make_run, version_runs
from runsite.pages.site import make_experiment, site_frame
from runsite.privacy import cleaner
from runsite.reporter import Reporter
from runsite.shown_names import shown_text
from runsite.site.writer import SiteWriter
from runsite.site_paths import table_file
from runsite.sources import StoreListing
from runsite.tables import RunTable, run_table, without_values
from runsite.tables.filter_grammar import Filter
from runsite.tables.run_files import run_files
from runsite.tables.run_table import MAX_HTML_ROWS
from runsite.tables.script import shard_paths, sharded, table_head
from runsite.tables.shard_table import TableLayout
from runsite.tables.views import view_links


@dataclass(slots=True)
class Outcome:
    """What there is to say of a build that is done, but for what was written."""

    runs: int = 0
    runs_read: int = 0
    skipped_lines: int = 0
    skipped_values: int = 0
    artifacts_left_out: int = 0
    problems: tuple[Problem, ...] = ()
    experiments: int = 0
    models: int = 0
    reports: int = 0
    notes: tuple[str, ...] = ()
    """What the settings name and no run has."""


class WholeSite:
    """One build, from the listings to staged files."""

    def __init__(
        self,
        listings: Sequence[StoreListing],
        settings: Settings,
        *,
        title: str,
        code: str,
        filter: Filter | None,
        memory: Memory,
        known: Mapping[str, str],
        site: SiteWriter,
        reporter: Reporter,
        cache: Path | None,
        allow_code: bool,
    ) -> None:
        self._listings = listings
        self._settings = settings
        self._title = title
        self._code = code
        self._memory = memory
        self._reporter = reporter
        self._cache = cache
        self._allow_code = allow_code
        self._units = Units(site, memory, known)
        folders = {str(folder.key): folder for listing in listings for folder in listing.runs}
        stores = [listing.store.path for listing in listings]
        self._runs = SiteRuns(folders, stores, settings, memory=memory, units=self._units, filter=filter)

    def make(self, *, workers: int) -> Outcome:
        """Make everything that is not as it was."""
        self._runs.read(self._reporter, workers=workers)
        texts = {
            name: self._clean(read_text(path)) for each in self._listings for name, path in each.experiments.items()
        }
        self._models = models_of(self._runs.store_paths, self._settings, self._clean)
        self._reports = read_reports(self._listings, self._clean)
        self._experiments = Experiments(self._runs, texts, self._settings, memory=self._memory)
        self._experiments.settle()
        self._charts = read_charts(self._listings, self._experiments.runs, self._clean)
        self._run_program = cache(run_program)  # one in a store's root makes a chart of each experiment
        assets = Assets(
            self._listings[0].store.path,
            self._settings,
            code=self._code,
            memory=self._memory,
            units=self._units,
            cache=self._cache,
        )
        assets.make(self._reporter)
        frame = site_frame(SiteContent(self._title, "", (), (), self._reports, (), None))
        self._memory.facts |= {"frame": [frame.title, frame.reports], "models": len(self._models)}
        self._memory.facts["secrets"] = sorted(self._runs.secrets)
        self._printer = PagePrinter(
            self._runs,
            self._settings,
            frame=frame,
            experiments=list(self._experiments.runs),
            models=self._models,
            reports=self._reports,
            assets=assets,
            units=self._units,
        )
        total = len(self._runs.facts) + len(self._experiments.runs)
        for _ in self._reporter.progress(self._make_experiments(), label="Writing pages", total=total):
            pass
        overview = Overview(
            self._experiments,
            title=self._title,
            settings=self._settings,
            listings=self._listings,
            memory=self._memory,
            printer=self._printer,
        )
        site_filter = self._runs.site_filter()
        shown = site_filter and replace(site_filter, text=self._clean(shown_text(site_filter.text)))
        overview.make(self._models, self._reports, shown)
        return self._outcome()

    @cached_property
    def _clean(self) -> Any:
        return cleaner(self._runs.secrets) if self._settings.private else str

    # Experiments and runs

    def _make_experiments(self) -> Iterator[None]:
        for name, own in self._experiments.runs.items():
            facts = self._memory.experiments[name]
            self._make_experiment(name, facts)
            yield
            known, facts.shards = facts.shards, {}
            if not own:
                continue
            layout = layout_of(name, facts)
            for shard, members in self._shards_of(own):
                settled = cache(self._experiments.settled)  # for as long as the shard and its pages are made
                facts.shards[shard] = self._make_shard(layout, shard, members, known.get(shard, Unit()), settled)
                for run in members:
                    self._make_run(run, facts, settled)
                    yield

    def _make_experiment(self, name: str, facts: ExperimentFacts) -> None:
        """Make the page of an experiment, and its runs for programs; both are made of one table."""
        made = cache(lambda: run_table(self._experiments.summary(name), at_best_rows=MAX_HTML_ROWS))
        self._make_experiment_page(name, facts, made)
        keys = [facts.lasting, layout_digest(facts)]
        if self._units.is_current(facts.files, keys):
            self._units.keep(facts.files)
            return
        with self._units.making(keys, self._units.why(facts.files, keys, (facts.reason, facts.reason))) as unit:
            for file in run_files(made(), self._experiments.summary(name).runs):
                self._units.stage(file.path, file.content)
        facts.files = unit

    def _make_experiment_page(self, name: str, facts: ExperimentFacts, made: Callable[[], RunTable]) -> None:
        printer = self._printer
        keys = [
            facts.digest,
            digest_of(repr(self._settings.views)),
            charts_digest(self._charts[name], allow_code=self._allow_code),
            *printer.keys(facts.page, "experiment.html"),
        ]
        if self._units.is_current(facts.page, keys):
            self._units.keep(facts.page)
            return
        views_reason = "the views of runsite.toml changed"
        charts_reason = "what its custom charts say changed, or whether their code is run"
        reasons = (facts.reason, views_reason, charts_reason, *printer.reasons)
        with printer.making(keys, self._units.why(facts.page, keys, reasons)) as unit:
            experiment, table = self._experiments.summary(name), made()
            keep_layout(facts, table)
            columns = {column.id: column for column in table.columns}
            views = view_links(self._settings.views, columns)
            head = table_head(table, table_file(name), shards=shard_paths(table), views=views)
            self._units.stage(head.path, head.content)
            tables = {name: without_values(table)}
            charts = custom_charts(self._charts[name], facts, allow_code=self._allow_code, run=self._run_program)
            if experiment.runs:
                charts = bound_charts(charts, table.columns)
            if charts:
                file = charts_script(name, charts)
                self._units.stage(file.path, file.content)
            data = printer.data(tables, {name: charts})
            printer.stage(make_experiment(experiment, frame=printer.frame, links=printer.links, data=data), unit)
        facts.page = unit

    def _shards_of(self, own: Sequence[RunFacts]) -> Iterator[tuple[str, list[RunFacts]]]:
        """Part the runs of an experiment by the shards of its table."""
        runs = sorted(own, key=lambda run: run.key)
        open_rows = {row for row, run in enumerate(runs) if run.status == RUNNING}
        for shard, rows in sharded([run.key for run in runs], open_rows=open_rows):
            yield shard, [runs[row] for row in rows]

    def _make_shard(
        self,
        layout: TableLayout,
        shard: str,
        members: Sequence[RunFacts],
        unit: Unit,
        settled: Callable[[str], RunSummary],
    ) -> Unit:
        facts = self._memory.experiments[layout.experiment]
        parents = {RunKey(*run.parent) for run in members if run.parent}
        known = {parent: self._runs.facts.get(str(parent)) for parent in parents}
        names = {key: run.name or run.run for key, run in known.items() if run and run.experiment == layout.experiment}
        pairs: list[list[Any]] = [[run.key, run.summary] for run in members]
        named = sorted([str(key), name] for key, name in names.items())
        keys = [digest_of(pairs), layout_digest(facts), digest_of(named)]
        for run in members:
            run.shard = shard
        if self._units.is_current(unit, keys):
            self._units.keep(unit)
            return unit
        told = joined(self._runs.tell_rows([*(run.key for run in members), *(key for key, _ in unit.members)]))
        parents_reason = joined(self._runs.tell(sorted(map(str, parents))))
        reasons = (told or facts.reason, facts.reason, parents_reason)
        with self._units.making(keys, self._units.why(unit, keys, reasons)) as made:
            made.members = pairs
            summaries = [settled(run.key) for run in members]
            stage_shard(shard, summaries, layout, names=names, units=self._units)
        return made

    def _make_run(self, run: RunFacts, facts: ExperimentFacts, settled: Callable[[str], RunSummary]) -> None:
        printer = self._printer
        old_children, run.children = run.children, sorted(child.key for child in self._children.get(run.key, ()))
        keys = [run.summary, facts.shapes[run.shape], *self._related_keys(run), *printer.keys(run.page, "run.html")]
        if self._units.is_current(run.page, keys):
            self._units.keep(run.page)
            return
        parent = joined(self._runs.tell(["/".join(run.parent)])) if run.parent else ""
        reasons = (
            run.reason,
            facts.reason,
            parent,
            self._why_children(run, old_children),
            "what models say of it changed",
            *printer.reasons,
        )
        with printer.making(keys, self._units.why(run.page, keys, reasons)) as unit:
            page = make_run(
                settled(run.key),
                without_runs(run.experiment, facts),
                frame=printer.frame,
                relations=self._relations(run),
                links=printer.links,
                data=printer.data({}),
            )
            printer.stage(page, unit)
            unit.left_out = printer.left_out(RunKey(run.experiment, run.run))
        run.page = unit

    # What stands beside a run

    @cached_property
    def _children(self) -> dict[str, list[RunFacts]]:
        children: dict[str, list[RunFacts]] = {}
        for run in self._runs.facts.values():
            if run.parent is not None:
                children.setdefault("/".join(run.parent), []).append(run)
        return children

    @cached_property
    def _versions(self) -> Mapping[RunKey, Any]:
        return version_runs(self._models)

    def _why_children(self, run: RunFacts, before: Sequence[str]) -> str:
        children = sorted({*before, *run.children})
        told = self._runs.tell(children)
        beside = {self._runs.facts[key].experiment for key in run.children if not self._runs.became(key)}
        return joined([*told, *(self._memory.experiments[name].reason for name in sorted(beside))])

    def _related_keys(self, run: RunFacts) -> list[bytes]:
        """Digest what is said of a run's parent, of its children, and by models of it."""
        parent = self._runs.facts.get("/".join(run.parent)) if run.parent else None
        children = self._children.get(run.key, ())
        versions = self._versions.get(RunKey(run.experiment, run.run), ())
        beside = [[child.key, child.steady, self._memory.experiments[child.experiment].goals] for child in children]
        named = parent and [parent.key, parent.name]
        return [digest_of(each) if each else NOTHING_BESIDE for each in (named, beside, versions and repr(versions))]

    def _relations(self, run: RunFacts) -> Relations:
        parent = self._runs.facts.get("/".join(run.parent)) if run.parent else None
        children = [self._experiments.settled(child.key) for child in self._children.get(run.key, ())]
        children.sort(key=lambda child: (child.started is None, child.started or 0.0, child.key))
        return Relations(
            None if parent is None else self._runs.summary(parent.key),
            tuple(children),
            self._versions.get(RunKey(run.experiment, run.run), ()),
        )

    def _outcome(self) -> Outcome:
        facts = list(self._runs.facts.values())
        unread = [problem for listing in self._listings for problem in listing.problems]
        lost = [*unread, *(Problem(*row) for run in facts for row in run.lost)]
        units = (self._memory.units["overview"], *(run.page for run in facts))
        told = [*self._experiments.page_problems(), *(Problem(*row) for unit in units for row in unit.problems)]
        return Outcome(
            runs=len(facts),
            runs_read=len(facts) + len(self._runs.left_out),
            skipped_lines=len(unread) + sum(run.skipped[0] for run in facts),
            skipped_values=sum(run.skipped[1] for run in facts),
            artifacts_left_out=sum(len(run.page.left_out) for run in facts),
            problems=(*lost, *told),
            experiments=len(self._experiments.runs),
            models=len(self._models),
            reports=len(self._reports),
            notes=tuple(self._notes()),
        )

    def _notes(self) -> Iterator[str]:
        for name in self._experiments.runs:
            for column in self._memory.experiments[name].unknown_columns:
                yield f"experiment {name}: no run has the column {column!r} that runsite.toml asks for"
        yield from self._memory.facts["notes"]
