"""One run's page, with what stands beside it in the site; and what the comparison loads of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from runsite.charts.cards import run_charts
from runsite.model import ExperimentSummary, ModelVersion, RegisteredModel, RunKey, RunSummary
from runsite.notes import Resolver
from runsite.pages.compare import compare_links
from runsite.pages.page import Frame, Page, PageData
from runsite.pages.run import RunPlace, make_run_page
from runsite.pages.run_details import run_details
from runsite.site_paths import run_page
from runsite.summaries.steady import steady_run

ResolverFor = Callable[[str, str], Resolver]
"""Makes the resolver of links for a text that lies in a folder of the store and is shown on a page."""


@dataclass(frozen=True, slots=True)
class Relations:
    """Who belongs to a run among other runs and versions."""

    parent: RunSummary | None = None
    children: tuple[RunSummary, ...] = ()
    """In the order in which they were started."""
    versions: tuple[tuple[str, ModelVersion], ...] = ()


def version_runs(models: Iterable[RegisteredModel]) -> dict[RunKey, tuple[tuple[str, ModelVersion], ...]]:
    """Say which versions of which models came from which runs."""
    versions: dict[RunKey, list[tuple[str, ModelVersion]]] = {}
    for model in models:
        for version in model.versions:
            if version.run is not None and not version.removed:
                versions.setdefault(version.run, []).append((model.name, version))
    return {key: tuple(found) for key, found in versions.items()}


def make_run(
    run: RunSummary,
    experiment: ExperimentSummary,
    *,
    frame: Frame,
    relations: Relations,
    links: ResolverFor,
    data: PageData,
) -> Page:
    """Make the page of one run; of the experiment it needs what is said of it and of its metrics, not its runs."""
    place = RunPlace(
        experiment.title,
        experiment.main_metric,
        relations.parent,
        tuple(steady_run(child, main=None) for child in relations.children),
        relations.versions,
        run_charts(run, experiment, version=data.version),
        compare_links(run, experiment),
    )
    resolve = links(run.store_path, run_page(run.key))
    files = data.artifacts(run.key)
    page = make_run_page(run, frame=frame, place=place, files=files, resolve=resolve)
    return replace(page, data=run_details(run, files=files, patch=data.patch(run.key)))
