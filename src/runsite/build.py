"""Build a site: read the stores, summarise, print the pages, put everything into place.

The runs are gone through once. Of each, the curves become data scripts at once and are forgotten; what pages and
tables say (a RunSummary) is kept, because the pages that come after speak of all runs. So memory grows with the
number of runs, not with their length.

A filter judges what the logs say, before anything is redacted: else `tags.user != 'anna'` would let every run through
once the site hides its users. It can judge only when all runs are read, as experiments have the columns of all their
runs; then whatever was kept of the others is dropped. A run without an end is "running" to it, whatever the hour: the
same input makes the same site.
"""

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runsite.charts.series import series_scripts
from runsite.charts.specs import chart_assets
from runsite.config import Settings, read_settings
from runsite.errors import RunsiteError
from runsite.model import (
    ExperimentSummary,
    Problem,
    Report,
    Run,
    RunKey,
    RunSummary,
    SiteContent,
    SiteFilter,
    SourceSummary,
)
from runsite.pages import site_pages
from runsite.pages.page import PageData
from runsite.privacy import clean, cleaner, known_secrets, private_run
from runsite.readers import list_stores, read_runs
from runsite.registry import read_models
from runsite.reporter import Reporter
from runsite.site import SITE_FILE, PublishedFiles, RunArtifacts, SiteWriter, Written
from runsite.site_paths import ALL_RUNS_TABLE, folder_of_run, run_folder, table_file
from runsite.sources import RunFolder, StoreListing, empty_store_error, shown_name
from runsite.summaries import summarise_experiment, summarise_run
from runsite.tables import ALL_RUNS, RunTable, all_runs_table, run_table, without_values
from runsite.tables.filter_grammar import Filter, parse_filter
from runsite.tables.matching import matching_rows
from runsite.tables.run_files import run_files
from runsite.tables.run_table import all_columns
from runsite.tables.script import ShardPaths, shard_paths, table_head, table_shards
from runsite.tables.settings_notes import settings_notes
from runsite.tables.views import view_links
from runsite.themes import Theme, builtin_themes, content_version

CONTENT_VERSION_DIGITS = 10


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did, for its last line."""

    written: Written
    runs: int
    runs_read: int
    """More than `runs` where a filter left some out."""
    skipped_lines: int
    skipped_values: int
    artifacts_left_out: int
    problems: tuple[Problem, ...]
    """What `--strict` fails for: skipped lines and values, dead links."""

    def in_words(self) -> str:
        """Say it in one line: runs, pages written and kept, what was skipped and left out."""
        pages, kept = self.written.pages(self.written.written), self.written.pages(self.written.kept)
        runs = f"{self.runs:,} of {self.runs_read:,}" if self.runs < self.runs_read else f"{self.runs:,}"
        return (
            f"{runs} runs, {pages:,} pages written, {kept:,} kept, {self.skipped_lines:,} lines and "
            f"{self.skipped_values:,} values skipped, {self.artifacts_left_out:,} artifacts left out"
        )


def build(
    stores: Sequence[Path], output: Path, *, cache: Path | None, reporter: Reporter, filter: str | None = None
) -> BuildResult:
    """Compile stores into a site, or those of their runs that a filter finds; the first store's settings hold."""
    wanted = parse_filter(filter or "")
    listings = list_stores(stores)
    settings = read_settings(listings[0].store.path)
    # A page that teaches is better than none, but it must not take the place of a site whose disk went away.
    is_empty = all(listing.is_empty for listing in listings)
    if is_empty and (output / SITE_FILE).exists():
        raise empty_store_error(listings[0])
    for note in _listing_notes(listings):
        reporter.message(note)
    with SiteWriter(output) as site:
        reading = _Reading(settings, site, wanted)
        folders = [folder for listing in listings for folder in listing.runs]
        for folder, run in read_runs(reporter.progress(folders, label="Reading runs", total=len(folders))):
            reading.take(folder, run)
        if wanted.root is not None and not is_empty:
            reading.leave_out_unmatched()
        clean_text = cleaner(frozenset(reading.secrets)) if settings.private else str
        content = site_content(
            listings, reading.summaries, settings, clean_text=clean_text, filter=reading.site_filter()
        )
        theme = _stage_assets(settings, listings[0].store.path, cache, reading)
        problems = _write_pages(
            content, reading, listings=listings, settings=settings, theme=theme, reporter=reporter, site=site
        )
        written = site.finish(_facts(content))
    if is_empty:
        raise empty_store_error(listings[0])
    return _result(written, content, len(reading.left_out()), problems)


class _Reading:
    """What is kept of each run while all are read."""

    def __init__(self, settings: Settings, site: SiteWriter, filter: Filter) -> None:
        self.summaries: list[RunSummary] = []
        self.artifacts: dict[RunKey, RunArtifacts] = {}
        self.versions: dict[str, str] = {}
        self.secrets: set[str] = set()
        """Hosts and users that any run's log names: no card, report or description may say them either."""
        self.files: PublishedFiles | None = None
        self._settings = settings
        self._site = site
        self._filter = filter
        self._logged: list[RunSummary] = []
        """With a filter: the runs as their logs tell them, redacted in nothing."""
        self._owners: dict[Path, RunKey] = {}
        self._left_out: set[RunKey] = set()

    def take(self, folder: RunFolder, run: Run) -> None:
        shown = private_run(run) if self._settings.private else run
        if self._settings.private:
            self.secrets |= known_secrets(run)
        summary = summarise_run(shown, definitions=self._settings.metrics)
        self.summaries.append(summary)
        if self._filter.root is not None:
            is_whole = shown is run
            self._logged.append(summary if is_whole else summarise_run(run, definitions=self._settings.metrics))
            self._owners[folder.path.resolve()] = run.key
        patch = run.source.patch if run.source else None
        if run.artifacts or patch:
            store = folder.path.parents[folder.store_path.count("/")]
            self.artifacts[run.key] = RunArtifacts(store, folder.path, run.artifacts, shown.artifacts, patch)
        for script in series_scripts(run.key, shown.series):
            self.stage(script.path, script.content)

    def stage(self, path: str, content: bytes) -> str:
        digest = self._site.stage(path, content)
        self.versions[path] = digest[:CONTENT_VERSION_DIGITS]
        return digest

    def leave_out_unmatched(self) -> None:
        """Forget the runs that the filter does not find; RunsiteError if that is all of them."""
        kept = _matching_runs(self._filter, self._logged, self._settings)
        if not kept:
            raise RunsiteError(f"the filter finds none of {len(self._logged):,} runs; nothing is written")
        self._left_out = {run.key for run in self._logged} - kept
        self.summaries = [run for run in self.summaries if run.key in kept]
        self.artifacts = {key: found for key, found in self.artifacts.items() if key in kept}
        gone = {run_folder(key) for key in self._left_out}
        for path in [path for path in self.versions if folder_of_run(path) in gone]:
            del self.versions[path]
            self._site.drop(path)

    def site_filter(self) -> SiteFilter | None:
        """Say of which runs the site is built; None if of all."""
        return SiteFilter(self._filter.text, len(self._logged)) if self._logged else None

    def is_kept_back(self, file: Path) -> bool:
        """Tell of a file in a store whether it belongs to a run that is left out; runs may lie below runs."""
        if not self._left_out:
            return False
        owner = next((self._owners[folder] for folder in file.resolve().parents if folder in self._owners), None)
        return owner in self._left_out

    def left_out(self) -> set[tuple[RunKey, str]]:
        return self.files.left_out if self.files else set()


def _matching_runs(filter: Filter, runs: Sequence[RunSummary], settings: Settings) -> set[RunKey]:
    """Return the runs that a filter finds, judged by what their logs say, whatever of that the site will show."""
    experiments = list(_experiments((), runs, settings, clean_text=str))
    found = matching_rows(filter, [all_columns(experiment) for experiment in experiments])
    return {own.runs[row].key for own, rows in zip(experiments, found, strict=True) for row in rows}


def site_content(
    listings: Sequence[StoreListing],
    runs: Sequence[RunSummary],
    settings: Settings,
    *,
    clean_text: Callable[[str], str] = str,
    filter: SiteFilter | None = None,
) -> SiteContent:
    """Gather what the site says; the texts of the stores' other files go through `clean_text`.

    With a filter `runs` are those it finds, and experiments without any are left out.
    """
    times = [run.last_time for run in runs if run.last_time is not None]
    models = [model for listing in listings for model in read_models(listing.store.path, stages=settings.stages)]
    _refuse_twice("model", [model.name for model in models])
    experiments = _experiments(listings, runs, settings, clean_text=clean_text)
    reports = [_read_report(path, listing) for listing in listings for path in listing.reports]
    _refuse_twice("report", [report.name for report in reports])
    return SiteContent(
        title=settings.title or default_title(listings[0].store.path),
        description=settings.description,
        experiments=tuple(experiment for experiment in experiments if experiment.runs or filter is None),
        models=tuple(replace(clean(model, clean_text), name=model.name) for model in models),
        reports=tuple(replace(report, text=clean_text(report.text)) for report in reports),
        sources=tuple(_source(listing, runs) for listing in listings),
        data_until=max([*times, *(event.time for model in models for event in model.events)], default=None),
        stages=settings.stages,
        filter=filter and replace(filter, text=clean_text(filter.text)),
    )


def default_title(store: Path) -> str:
    """Name the site after the Git repository the store lies in, else after the folder above the store."""
    store = store.resolve()
    repository = next((folder for folder in (store, *store.parents) if (folder / ".git").exists()), None)
    return (repository or store.parent).name or store.name


def _experiments(
    listings: Sequence[StoreListing],
    runs: Iterable[RunSummary],
    settings: Settings,
    *,
    clean_text: Callable[[str], str],
) -> Iterable[ExperimentSummary]:
    texts = {name: _read_text(path) for listing in listings for name, path in listing.experiments.items()}
    grouped: dict[str, list[RunSummary]] = {name: [] for name in texts}
    for run in runs:
        grouped.setdefault(run.key.experiment, []).append(run)
    for name, own in sorted(grouped.items()):
        text = clean_text(texts.get(name, ""))
        yield summarise_experiment(name, own, text=text, settings=settings.experiment(name), repeat=settings.repeat)


def _read_report(path: Path, listing: StoreListing) -> Report:
    store_path = "/".join(map(shown_name, path.relative_to(listing.store.path).parts))
    return Report(posixpath.splitext(store_path.removeprefix("reports/"))[0], _read_text(path), store_path)


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise RunsiteError(f"{path}: cannot be read ({error.strerror}); make it readable or move it away") from error


def _source(listing: StoreListing, runs: Iterable[RunSummary]) -> SourceSummary:
    folders = {folder.key: folder for folder in listing.runs}
    own = [run for run in runs if run.key in folders]
    return SourceSummary(
        name=listing.store.name,
        runs=len(own),
        log_files=sum(len(run.log_files) for run in own),
        log_bytes=sum(log.stat().st_size for run in own for log in folders[run.key].logs if log.exists()),
        folders_passed_over=listing.passed_over,
        problems=tuple(problem for run in own for problem in run.problems),
    )


def _refuse_twice(noun: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RunsiteError(f"two stores hold the {noun} {twice[0]!r}; rename one or build them apart")


def _write_pages(
    content: SiteContent,
    reading: _Reading,
    *,
    listings: Sequence[StoreListing],
    settings: Settings,
    theme: Theme,
    reporter: Reporter,
    site: SiteWriter,
) -> tuple[Problem, ...]:
    """Stage tables and pages; return what was found wrong while making pages."""
    files = PublishedFiles(
        reading.artifacts,
        stores=tuple(listing.store.path for listing in listings),
        limit=settings.artifact_limit,
        private=settings.private,
        stage=reading.stage,
        is_kept_back=reading.is_kept_back,
    )
    reading.files = files
    tables = _write_tables(content, reading, settings=settings, reporter=reporter)
    data = PageData(
        artifacts=files.of_run,
        patch=files.patch_of,
        published=files.beside,
        table=tables.__getitem__,
        version=reading.versions.__getitem__,
    )
    problems: list[Problem] = []
    total = len(reading.summaries) + len(content.experiments)
    for page in reporter.progress(site_pages(content, data), label="Writing pages", total=total):
        for file in page.data:
            site.stage(file.path, file.content)
        site.stage(page.path, theme.render(page))
        problems += page.problems
    site.stage(".nojekyll", b"")
    return tuple(problems)


def _write_tables(
    content: SiteContent, reading: _Reading, *, settings: Settings, reporter: Reporter
) -> dict[str, RunTable]:
    """Stage the data of every run table, and return the tables without it: ten thousand runs are 100 MB of columns."""
    tables: dict[str, RunTable] = {}
    shards: list[ShardPaths] = []
    for experiment in content.experiments:
        table = run_table(experiment)
        for column in table.unknown_columns:
            reporter.message(
                f"experiment {experiment.name}: no run has the column {column!r} that runsite.toml asks for"
            )
        own = shard_paths(table)
        columns = {column.id: column for column in table.columns}
        views = view_links(settings.views, columns)
        path = table_file(experiment.name)
        for file in (*table_shards(table), *run_files(table, experiment.runs)):
            reading.stage(file.path, file.content)
        head = table_head(table, path, shards=own, version=reading.versions.__getitem__, views=views)
        reading.stage(head.path, head.content)
        tables[experiment.name] = without_values(table)
        shards += own
    whole = all_runs_table(content.experiments, tables.values())
    views = view_links(settings.views, {column.id: column for column in whole.columns})
    head = table_head(whole, ALL_RUNS_TABLE, shards=shards, version=reading.versions.__getitem__, views=views)
    reading.stage(head.path, head.content)
    for text in settings_notes(settings, content.experiments, whole):
        reporter.message(text)
    return {**tables, ALL_RUNS: without_values(whole)}


def _stage_assets(settings: Settings, store: Path, cache: Path | None, reading: _Reading) -> Theme:
    made: Mapping[str, bytes] = {asset.path: asset.content for asset in chart_assets(cache)}
    versions = {path.removeprefix("assets/"): content_version(content) for path, content in made.items()}
    theme = Theme.load(_theme_place(settings, store), project_folder=_own_theme(store), made_assets=versions)
    for path, content in made.items():
        reading.stage(path, content)
    for file in theme.static_files.values():
        reading.stage(file.site_path, file.content)
    return theme


def _theme_place(settings: Settings, store: Path) -> str | Path:
    """A theme is a built-in name or a folder, seen from runsite.toml."""
    return settings.theme if settings.theme in builtin_themes() else (store / settings.theme).resolve()


def _own_theme(store: Path) -> Path | None:
    """The store's own templates and static files, which go before those of any theme."""
    return (store / "theme").resolve() if (store / "theme").is_dir() else None


def _listing_notes(listings: Sequence[StoreListing]) -> Iterable[str]:
    for listing in listings:
        for tool in () if listing.is_empty else listing.foreign:
            yield f"{listing.store.path}: holds what looks like logs of {tool}; not read yet"


def _facts(content: SiteContent) -> dict[str, object]:
    return {
        "counts": {
            "experiments": len(content.experiments),
            "runs": sum(len(experiment.runs) for experiment in content.experiments),
            "models": len(content.models),
            "reports": len(content.reports),
        }
    }


def _result(
    written: Written, content: SiteContent, artifacts_left_out: int, problems: tuple[Problem, ...]
) -> BuildResult:
    runs = [run for experiment in content.experiments for run in experiment.runs]
    lost = [problem for run in runs for problem in run.problems if problem.kind != "note"]
    return BuildResult(
        written=written,
        runs=len(runs),
        runs_read=content.filter.runs_read if content.filter else len(runs),
        skipped_lines=sum(run.skipped_lines for run in runs),
        skipped_values=sum(run.skipped_values for run in runs),
        artifacts_left_out=artifacts_left_out,
        problems=(*lost, *problems),
    )
