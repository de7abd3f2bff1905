"""What a site says beside its runs: texts, models, reports, sources."""

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from runsite.charts.custom import MAX_BYTES
from runsite.config import Settings
from runsite.errors import SameNameError, StoreError
from runsite.model import ChartFile, ExperimentSummary, RegisteredModel, Report, SiteContent, SiteFilter, SourceSummary
from runsite.model.visible import visible
from runsite.privacy import clean
from runsite.registry import read_models
from runsite.shown_names import shown_name
from runsite.sources import StoreListing
from runsite.sources.store import CHARTS


def models_of(
    stores: Sequence[Path], settings: Settings, clean_text: Callable[[str], str]
) -> tuple[RegisteredModel, ...]:
    """Read the registered models of all stores."""
    models = [model for store in stores for model in read_models(store, stages=settings.stages)]
    _refuse_twice("model", [model.name for model in models])
    return tuple(replace(clean(model, clean_text), name=model.name) for model in models)


def read_reports(listings: Sequence[StoreListing], clean_text: Callable[[str], str]) -> tuple[Report, ...]:
    """Read the reports of all stores."""
    reports = [_read_report(path, listing) for listing in listings for path in listing.reports]
    _refuse_twice("report", [report.name for report in reports])
    return tuple(replace(report, text=clean_text(report.text)) for report in reports)


def read_charts(
    listings: Sequence[StoreListing], experiments: Iterable[str], clean_text: Callable[[str], str]
) -> dict[str, tuple[ChartFile, ...]]:
    """Read the charts that stores bring along, by experiment: its own after those for every one."""
    shared = [_read_chart(path, listing, clean_text) for listing in listings for path in listing.charts.get("", ())]
    return {
        name: (
            *shared,
            *(_read_chart(path, listing, clean_text) for listing in listings for path in listing.charts.get(name, ())),
        )
        for name in experiments
    }


def _read_chart(path: Path, listing: StoreListing, clean_text: Callable[[str], str]) -> ChartFile:
    store_path = _store_path(path, listing)
    name = visible(shown_name(path.name)).removesuffix(".vl.json").removesuffix(".py")
    content = _read_bytes(path, most=MAX_BYTES + 1)
    is_large = len(content) > MAX_BYTES
    return ChartFile(name, visible(store_path), None if is_large else clean_text(_text(content)))


def site_content(
    experiments: Sequence[ExperimentSummary],
    *,
    title: str,
    settings: Settings,
    models: tuple[RegisteredModel, ...],
    reports: tuple[Report, ...],
    sources: tuple[SourceSummary, ...],
    filter: SiteFilter | None,
) -> SiteContent:
    """Gather what the pages that span runs say."""
    runs = [run for experiment in experiments for run in experiment.runs]
    times = [time for run in runs for time in (run.started, run.ended) if time is not None]
    return SiteContent(
        title=title,
        description=settings.description,
        experiments=tuple(experiments),
        models=models,
        reports=reports,
        sources=sources,
        data_until=max([*times, *(event.time for model in models for event in model.events)], default=None),
        stages=settings.stages,
        filter=filter,
    )


def source_summary(
    listing: StoreListing, experiments: Sequence[ExperimentSummary], *, is_filtered: bool
) -> SourceSummary:
    """Say what was read from one store; of a filtered site's, nothing that names what it leaves out."""
    keys = {folder.key for folder in listing.runs}
    own = [run for experiment in experiments for run in experiment.runs if run.key in keys]
    own.sort(key=lambda run: run.key)
    shown = {"", *(experiment.name for experiment in experiments)}
    unread = [each for each in listing.problems if not is_filtered or _experiment_of(each.file) in shown]
    return SourceSummary(
        name=listing.store.name,
        runs=len(own),
        log_files=sum(len(run.log_files) for run in own),
        folders_passed_over=listing.passed_over,
        problems=(*unread, *(problem for run in own for problem in run.problems)),
    )


def _experiment_of(file: str) -> str:
    """Name the experiment whose description or chart a file is; nothing for a file of the whole store."""
    folder = posixpath.dirname(file)
    return "" if folder.split("/")[0] == "reports" else folder.removesuffix(CHARTS).removesuffix("/")


def _read_report(path: Path, listing: StoreListing) -> Report:
    store_path = _store_path(path, listing)
    return Report(posixpath.splitext(store_path.removeprefix("reports/"))[0], read_text(path), store_path)


def _store_path(path: Path, listing: StoreListing) -> str:
    return shown_name(path.relative_to(listing.store.path).as_posix())


def read_text(path: Path) -> str:
    """Read a text of a store as UTF-8; StoreError if it cannot be read."""
    return _text(_read_bytes(path))


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")


def _read_bytes(path: Path, *, most: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise StoreError(path, f"cannot be read ({error.strerror})", "make it readable or move it away") from error


def _refuse_twice(noun: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SameNameError(noun, twice[0])
