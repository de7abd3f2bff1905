"""What printing any page needs: the frame, the theme, where links lead, and the store's files that go along."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from runsite.build.assets import Assets
from runsite.build.memory import Unit, digest_of
from runsite.build.runs import SiteRuns
from runsite.build.units import Units
from runsite.config import Settings
from runsite.model import CustomChart, RegisteredModel, Report, RunKey
from runsite.notes import Resolver
from runsite.pages.artifacts import ArtifactFile
from runsite.pages.page import Frame, Page, PageData
from runsite.pages.store_links import StoreLinks, links_among
from runsite.site.published import PublishedFiles, RunArtifacts
from runsite.tables import RunTable

_FRAME_REASON = "the site's title or its navigation changed"
_FILES_REASON = "which files the site may hold changed ([site] artifact_limit, private)"
_KEPT_BACK_REASON = "which of its files belong to runs that are left out changed"
_LINKS_REASON = "what its links may lead to changed"


class PagePrinter:
    """Prints pages into units."""

    def __init__(
        self,
        runs: SiteRuns,
        settings: Settings,
        *,
        frame: Frame,
        experiments: Sequence[str],
        models: tuple[RegisteredModel, ...],
        reports: tuple[Report, ...],
        assets: Assets,
        units: Units,
    ) -> None:
        self.units = units
        self.frame = frame
        self._runs = runs
        self._experiments = experiments
        self._models = models
        self._reports = reports
        self._assets = assets
        self._files = PublishedFiles(
            _Artifacts(runs),
            stores=tuple(runs.store_paths),
            limit=settings.artifact_limit,
            private=settings.private,
            stage=units.stage,
            is_kept_back=self._is_kept_back,
            look_at=units.look_at,
        )
        self._files_digest = digest_of([settings.artifact_limit, settings.private])
        self._theme_digests: dict[tuple[str, ...], bytes] = {}

    def keys(self, unit: Unit, *templates: str) -> list[bytes]:
        """Return the last keys of any unit that holds pages: the frame, the theme, its files and links."""
        own = self._kept_back_key(unit), self._link_key(unit)
        return [self._frame_digest, self._files_digest, self._theme_digest(templates), *own]

    @cached_property
    def _frame_digest(self) -> bytes:
        return digest_of([self.frame.title, self.frame.reports])

    def _theme_digest(self, templates: tuple[str, ...]) -> bytes:
        if templates not in self._theme_digests:
            self._theme_digests[templates] = self._assets.digest(templates)
        return self._theme_digests[templates]

    def _is_kept_back(self, place: Path) -> bool:
        self.units.publish_from(place)
        return self._runs.is_kept_back(place)

    def _kept_back_key(self, unit: Unit) -> bytes:
        found = [place for place in unit.places if self._runs.is_kept_back(Path(place))]
        return digest_of(found) if found else b""

    def _link_key(self, unit: Unit) -> bytes:
        return self._links_digest if unit.is_linked else b""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What changed where these keys are others."""
        return _FRAME_REASON, _FILES_REASON, self._assets.reason, _KEPT_BACK_REASON, _LINKS_REASON

    @contextmanager
    def making(self, keys: Sequence[bytes], reason: str) -> Iterator[Unit]:
        """Make a unit of pages; which files and links they have is known once they are made."""
        self._files.forget()  # each unit must look at its files itself, to be made again when they change
        with self.units.making(keys, reason) as unit:
            yield unit
        unit.keys[-2:] = self._kept_back_key(unit), self._link_key(unit)

    def stage(self, page: Page, unit: Unit) -> None:
        """Print a page, and write the data that comes with it."""
        for file in page.data:
            self.units.stage(file.path, file.content)
        self.units.stage(page.path, self._assets.theme.render(page))
        unit.problems += [[p.file, p.line, p.reason, p.kind] for p in page.problems]

    def data(
        self, tables: Mapping[str, RunTable], charts: Mapping[str, Sequence[CustomChart]] | None = None
    ) -> PageData:
        """Gather what pages need beside their content."""
        return PageData(
            artifacts=self._artifacts_of,
            patch=self._files.patch_of,
            published=self._files.beside,
            table=tables.__getitem__,
            charts=lambda name: (charts or {}).get(name, ()),
            version=self.units.version,
        )

    def _artifacts_of(self, key: RunKey) -> Sequence[ArtifactFile]:
        return self._files.of_run(key) if str(key) in self._runs.facts else ()

    def left_out(self, key: RunKey) -> list[str]:
        """Name the artifacts of a run whose page was made that are not copied."""
        return sorted(self._files.left_out.get(key, ()))

    def links(self, folder: str, page: str) -> Resolver:
        """Make the resolver of links for a text that lies in a folder of the store."""

        def resolve(target: str) -> str | None:
            self.units.link()
            return self._store_links.resolver(folder=folder, page=page)(target)

        return resolve

    @cached_property
    def _store_links(self) -> StoreLinks:
        runs = {run.store_path: RunKey(run.experiment, run.run) for run in self._runs.facts.values()}
        return links_among(runs, self._experiments, models=self._models, reports=self._reports, data=self.data({}))

    @cached_property
    def _links_digest(self) -> bytes:
        """Digest all that a link may lead to, but for files beside the runs, which units look at."""
        return digest_of(
            [
                sorted([run.key, run.store_path, run.artifacts] for run in self._runs.facts.values()),
                self._experiments,
                [model.name for model in self._models],
                [[report.name, report.modified_path] for report in self._reports],
            ]
        )


class _Artifacts(Mapping[RunKey, RunArtifacts]):
    """The artifacts of runs, decoded when asked for; the last run's are kept, as each page asks twice."""

    def __init__(self, runs: SiteRuns) -> None:
        self._runs = runs
        self._last: tuple[RunKey, RunArtifacts] | None = None

    def __getitem__(self, key: RunKey) -> RunArtifacts:
        if self._last is None or self._last[0] != key:
            found = self._runs.artifacts(str(key))
            if found is None:
                raise KeyError(key)
            self._last = key, found
        return self._last[1]

    def __contains__(self, key: Any) -> bool:
        facts = self._runs.facts.get(str(key))
        return facts is not None and bool(facts.artifacts)

    def __iter__(self) -> Iterator[RunKey]:
        return (RunKey(run.experiment, run.run) for run in self._runs.facts.values() if run.artifacts)

    def __len__(self) -> int:
        return sum(1 for _ in self)
