"""Where a link written in a store's Markdown leads in the site.

People link as the files lie: `../digits/brave-otter/artifacts/confusion.png` from a report, `artifacts/x.png` from a
run's note, `digits/brave-otter` from anywhere. A run's folder or log becomes its page, an artifact its published file,
experiment, model and report theirs; a picture beside a report is published for it. What leaves the store is nothing.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runsite.model import RegisteredModel, Report, RunKey, SiteContent
from runsite.notes import Resolver
from runsite.pages.page import OVERVIEW, PageData
from runsite.site_paths import experiment_page, model_page, relative, report_page, run_page


@dataclass(frozen=True, slots=True)
class StoreLinks:
    """The store's paths and what stands for them in the site."""

    pages: Mapping[str, str]
    """From a path in the store, without a trailing `/`, to a page."""
    runs: Mapping[str, RunKey]
    """From a run's folder to its key."""
    data: PageData

    def resolver_for(self, folder: str, page: str) -> Resolver:
        """Make a resolver, as `resolver` does."""
        return self.resolver(folder=folder, page=page)

    def resolver(self, *, folder: str, page: str) -> Resolver:
        """Make the resolver for a text that lies in a folder of the store and is shown on a page."""

        def resolve(target: str) -> str | None:
            path, _, fragment = target.partition("#")
            path = path.partition("?")[0]
            found = self._find(posixpath.join(folder, path)) or self._find(path)
            if found is None:
                return None
            anchor = f"#{fragment}" if fragment and found.endswith(".html") else ""
            return relative(found, page=page) + anchor

        return resolve

    def _find(self, path: str) -> str | None:
        inside = posixpath.normpath(path.lstrip("/"))
        if inside.startswith("..") or "\\" in inside or "\0" in inside:
            return None
        return self.pages.get(inside) or self._find_artifact(inside) or self.data.published(inside)

    def _find_artifact(self, path: str) -> str | None:
        folder = posixpath.dirname(path)
        while folder and folder not in self.runs:
            folder = posixpath.dirname(folder)
        if not folder:
            return None
        rest = path.removeprefix(folder + "/")
        if rest.startswith("run.") and "/" not in rest:
            return run_page(self.runs[folder])
        files = self.data.artifacts(self.runs[folder])
        return next((file.published for file in files if file.artifact.path == rest), None)


def store_links(content: SiteContent, data: PageData) -> StoreLinks:
    """List what every path of a store leads to."""
    runs = {run.store_path: run.key for experiment in content.experiments for run in experiment.runs}
    names = [experiment.name for experiment in content.experiments]
    return links_among(runs, names, models=content.models, reports=content.reports, data=data)


def links_among(
    runs: Mapping[str, RunKey],
    experiments: Iterable[str],
    *,
    models: Iterable[RegisteredModel],
    reports: Iterable[Report],
    data: PageData,
) -> StoreLinks:
    """List what every path leads to, of runs by their folders in the store."""
    pages = {".": OVERVIEW}
    for report in reports:
        pages[report.modified_path] = report_page(report.name)
    for model in models:
        pages |= dict.fromkeys((f"models/{model.name}", f"models/{model.name}/card.md"), model_page(model.name))
    for name in experiments:
        pages |= dict.fromkeys((name, f"{name}/experiment.md"), experiment_page(name))
    pages |= {str(key): run_page(key) for key in runs.values()}
    pages |= {folder: run_page(key) for folder, key in runs.items()}
    return StoreLinks(pages, runs, data)
