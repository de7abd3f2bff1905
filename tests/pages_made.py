"""Sites of a few runs, made in memory, for the tests of pages: content in, printed pages out."""

from collections.abc import Mapping, Sequence
from typing import Any

from runsite.model import ExperimentSummary, RegisteredModel, Report, RunKey, SiteContent, SourceSummary
from runsite.pages.artifacts import ArtifactFile
from runsite.pages.page import Page, PageData
from runsite.pages.site import site_pages
from runsite.tables import ALL_RUNS, RunTable, all_runs_table, run_table, without_values
from runsite.themes import Theme
from summarised import START

MADE_ASSETS = {"vega.js": "1", "chart_specs.js": "2", "relation_specs.js": "3"}


def site(*experiments: ExperimentSummary, **facts: Any) -> SiteContent:
    """Gather a site's content."""
    runs = sum(len(experiment.runs) for experiment in experiments)
    told: Mapping[str, Any] = {
        "title": "Lab",
        "description": "",
        "experiments": experiments,
        "models": (),
        "reports": (),
        "sources": (SourceSummary("runs", runs, runs, 0),),
        "data_until": START + 60,
    }
    return SiteContent(**{**told, **facts})


def made(content: SiteContent, **data: Any) -> dict[str, Page]:
    """Make all pages of a site, by path."""
    tables = tables_of(content)
    return {page.path: page for page in site_pages(content, PageData(table=tables.__getitem__, **data))}


def tables_of(content: SiteContent) -> dict[str, RunTable]:
    """Make the tables of a site's pages, without the values that their data scripts hold, as the build does."""
    tables = {experiment.name: without_values(run_table(experiment)) for experiment in content.experiments}
    whole = all_runs_table(content.experiments, tables.values())
    return {**tables, ALL_RUNS: without_values(whole)}


def printed(content: SiteContent, **data: Any) -> dict[str, str]:
    """Print all pages of a site in the default theme, by path."""
    theme = Theme.load(made_assets=MADE_ASSETS)
    return {path: theme.render(page).decode() for path, page in made(content, **data).items()}


def no_artifacts(_: RunKey) -> Sequence[ArtifactFile]:
    """Hand in no artifacts for any run."""
    return ()


def report(text: str, *, name: str = "first") -> Report:
    """Make a report that lies in the store's reports folder."""
    return Report(name, text, f"reports/{name}.md")


def model(name: str, **facts: Any) -> RegisteredModel:
    """Make a registered model without versions."""
    told: Mapping[str, Any] = {"card": "", "description": None, "versions": (), "stages": {}, "events": ()}
    return RegisteredModel(name, **{**told, **facts})
