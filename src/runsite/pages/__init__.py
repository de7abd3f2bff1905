"""What the pages of a site hold: pure functions from the site's content to pages; no file, no clock.

Pages are made one at a time, so that ten thousand run pages never stand in memory together. What needs a file (the
head of an artifact, the hash of a data script) is handed in as `PageData`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from runsite.charts.cards import experiment_charts, run_charts
from runsite.model import ExperimentSummary, ModelVersion, Problem, RunKey, RunSummary, SiteContent
from runsite.pages.about import make_about_page
from runsite.pages.artifacts import ArtifactFile
from runsite.pages.compare import compare_links, make_compare_page
from runsite.pages.experiment import make_experiment_page
from runsite.pages.index import make_index_page
from runsite.pages.model import make_model_page
from runsite.pages.models import make_models_page
from runsite.pages.not_found import make_not_found_page
from runsite.pages.notices import make_notices_page
from runsite.pages.page import OVERVIEW, Frame, Page, PageData
from runsite.pages.report import make_report_page, report_folder
from runsite.pages.run import RunPlace, make_run_page
from runsite.pages.run_details import run_details
from runsite.pages.runs import make_runs_page
from runsite.pages.store_links import StoreLinks, store_links
from runsite.site_paths import ALL_RUNS_TABLE, experiment_page, model_page, report_page, run_page
from runsite.tables import ALL_RUNS

__all__ = ["ArtifactFile", "Frame", "Page", "PageData", "site_frame", "site_pages"]


def site_pages(content: SiteContent, data: PageData) -> Iterator[Page]:
    """Make every page of the site, one at a time."""
    frame = site_frame(content)
    relations = _relate(content)
    links = store_links(content, data)
    dead_links: list[Problem] = []
    for page in _text_pages(content, frame=frame, relations=relations, links=links, data=data):
        dead_links += page.problems
        yield page
    for experiment in content.experiments:
        for run in experiment.runs:
            yield _run_page(run, experiment, frame=frame, relations=relations, links=links)
    version = data.version(ALL_RUNS_TABLE)
    yield make_runs_page(content, frame=frame, table=data.table(ALL_RUNS), version=version)
    yield make_compare_page(content, frame=frame, version=data.version)
    yield make_models_page(content.models, frame=frame, stages=content.stages)
    yield make_index_page(content, frame=frame)
    yield make_about_page(content, frame=frame, dead_links=dead_links)
    yield make_not_found_page(frame=frame)
    yield make_notices_page(frame=frame)


def site_frame(content: SiteContent) -> Frame:
    """Say what stands around every page of a site."""
    reports = None
    if content.reports:
        reports = f"{OVERVIEW}#reports" if len(content.reports) > 1 else report_page(content.reports[0].name)
    return Frame(content.title, reports)


@dataclass(frozen=True, slots=True)
class _Relations:
    """Who belongs to whom among runs and versions."""

    runs: Mapping[RunKey, RunSummary]
    children: Mapping[RunKey, tuple[RunSummary, ...]]
    versions: Mapping[RunKey, tuple[tuple[str, ModelVersion], ...]]


def _relate(content: SiteContent) -> _Relations:
    runs = {run.key: run for experiment in content.experiments for run in experiment.runs}
    children: dict[RunKey, list[RunSummary]] = {}
    for run in runs.values():
        if run.parent is not None:
            children.setdefault(run.parent, []).append(run)
    versions: dict[RunKey, list[tuple[str, ModelVersion]]] = {}
    for model in content.models:
        for version in model.versions:
            if version.run is not None and not version.removed:
                versions.setdefault(version.run, []).append((model.name, version))
    return _Relations(
        runs,
        {key: tuple(found) for key, found in children.items()},
        {key: tuple(found) for key, found in versions.items()},
    )


def _text_pages(
    content: SiteContent, *, frame: Frame, relations: _Relations, links: StoreLinks, data: PageData
) -> Iterator[Page]:
    """Make the pages that hold texts whose dead links the about page lists."""
    for experiment in content.experiments:
        yield make_experiment_page(
            experiment,
            frame=frame,
            resolve=links.resolver(folder=experiment.name, page=experiment_page(experiment.name)),
            table=data.table(experiment.name),
            version=data.version,
            charts=experiment_charts(experiment, version=data.version),
        )
    for model in content.models:
        resolve = links.resolver(folder=f"models/{model.name}", page=model_page(model.name))
        yield make_model_page(model, frame=frame, runs=relations.runs, resolve=resolve)
    for report in content.reports:
        resolve = links.resolver(folder=report_folder(report), page=report_page(report.name))
        yield make_report_page(report, frame=frame, resolve=resolve)


def _run_page(
    run: RunSummary, experiment: ExperimentSummary, *, frame: Frame, relations: _Relations, links: StoreLinks
) -> Page:
    place = RunPlace(
        experiment.title,
        experiment.main_metric,
        relations.runs.get(run.parent) if run.parent is not None else None,
        relations.children.get(run.key, ()),
        relations.versions.get(run.key, ()),
        run_charts(run, experiment, version=links.data.version),
        compare_links(run, experiment),
    )
    resolve = links.resolver(folder=run.store_path, page=run_page(run.key))
    files = links.data.artifacts(run.key)
    page = make_run_page(run, frame=frame, place=place, files=files, resolve=resolve)
    return replace(page, data=run_details(run, files=files, patch=links.data.patch(run.key)))
