"""All pages of a site: those of experiments and texts, of runs, and those that speak of the whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from runsite.charts.cards import experiment_charts
from runsite.model import (
    ExperimentSummary,
    ModelVersion,
    Problem,
    RunKey,
    RunSummary,
    SiteContent,
)
from runsite.pages.about import make_about_page
from runsite.pages.beside import Relations, ResolverFor, make_run, version_runs
from runsite.pages.compare import make_compare_page
from runsite.pages.experiment import make_experiment_page
from runsite.pages.index import make_index_page
from runsite.pages.model import make_model_page
from runsite.pages.models import make_models_page
from runsite.pages.not_found import make_not_found_page
from runsite.pages.notices import make_notices_page
from runsite.pages.page import OVERVIEW, Frame, Page, PageData
from runsite.pages.report import make_report_page, report_folder
from runsite.pages.runs import make_runs_page
from runsite.pages.store_links import store_links
from runsite.site_paths import ALL_RUNS_TABLE, experiment_page, model_page, report_page
from runsite.tables import ALL_RUNS


def site_pages(content: SiteContent, data: PageData) -> Iterator[Page]:
    """Make every page of the site, one at a time."""
    frame = site_frame(content)
    relations = _relate(content)
    links = store_links(content, data)
    dead_links: list[Problem] = []
    texts = (
        *(
            make_experiment(experiment, frame=frame, links=links.resolver_for, data=data)
            for experiment in content.experiments
        ),
        *make_texts(content, runs=relations.runs, frame=frame, links=links.resolver_for),
    )
    for page in texts:
        dead_links += page.problems
        yield page
    for experiment in content.experiments:
        for run in experiment.runs:
            yield make_run(
                run, experiment, frame=frame, relations=relations.of_run(run), links=links.resolver_for, data=data
            )
    yield from make_overview(content, frame=frame, data=data, dead_links=dead_links)


def site_frame(content: SiteContent) -> Frame:
    """Say what stands around every page of a site."""
    reports = None
    if content.reports:
        reports = f"{OVERVIEW}#reports" if len(content.reports) > 1 else report_page(content.reports[0].name)
    return Frame(content.title, reports)


@dataclass(frozen=True, slots=True)
class _AllRelations:
    """Who belongs to whom."""

    runs: Mapping[RunKey, RunSummary]
    children: Mapping[RunKey, list[RunSummary]]
    versions: Mapping[RunKey, tuple[tuple[str, ModelVersion], ...]]

    def of_run(self, run: RunSummary) -> Relations:
        parent = self.runs.get(run.parent) if run.parent is not None else None
        return Relations(parent, tuple(self.children.get(run.key, ())), self.versions.get(run.key, ()))


def _relate(content: SiteContent) -> _AllRelations:
    runs = {run.key: run for experiment in content.experiments for run in experiment.runs}
    children: dict[RunKey, list[RunSummary]] = {}
    for run in sorted(runs.values(), key=lambda run: (run.started is None, run.started or 0.0, run.key)):
        if run.parent is not None:
            children.setdefault(run.parent, []).append(run)
    return _AllRelations(runs, children, version_runs(content.models))


def make_experiment(experiment: ExperimentSummary, *, frame: Frame, links: ResolverFor, data: PageData) -> Page:
    """Make the page of one experiment."""
    return make_experiment_page(
        experiment,
        frame=frame,
        resolve=links(experiment.name, experiment_page(experiment.name)),
        table=data.table(experiment.name),
        version=data.version,
        charts=experiment_charts(experiment, version=data.version),
        custom_charts=data.charts(experiment.name),
    )


def make_texts(
    content: SiteContent, *, runs: Mapping[RunKey, RunSummary], frame: Frame, links: ResolverFor
) -> Iterator[Page]:
    """Make the pages of models and reports; `runs` holds those that versions came from."""
    for model in content.models:
        resolve = links(f"models/{model.name}", model_page(model.name))
        yield make_model_page(model, frame=frame, runs=runs, resolve=resolve)
    for report in content.reports:
        resolve = links(report_folder(report), report_page(report.name))
        yield make_report_page(report, frame=frame, resolve=resolve)


def make_overview(
    content: SiteContent, *, frame: Frame, data: PageData, dead_links: Sequence[Problem]
) -> Iterator[Page]:
    """Make the pages that speak of the whole site."""
    version = data.version(ALL_RUNS_TABLE)
    yield make_runs_page(content, frame=frame, table=data.table(ALL_RUNS), version=version)
    yield make_compare_page(content, frame=frame, version=data.version)
    yield make_models_page(content.models, frame=frame, stages=content.stages)
    yield make_index_page(content, frame=frame)
    yield make_about_page(content, frame=frame, dead_links=dead_links)
    yield make_not_found_page(frame=frame)
    yield make_notices_page(frame=frame)
