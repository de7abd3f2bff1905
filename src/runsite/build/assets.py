"""The theme and the chart library: written once, and read only by builds that print a page."""

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path

from runsite.build.memory import Memory, Unit, digest_of
from runsite.build.units import Units
from runsite.config import Settings
from runsite.reporter import Reporter
from runsite.themes import Theme, builtin_themes, content_version


class Assets:
    """The assets of a site, and the theme that prints its pages."""

    def __init__(
        self, store: Path, settings: Settings, *, code: str, memory: Memory, units: Units, cache: Path | None
    ) -> None:
        """`store` is the one whose settings count and whose own theme goes before others; `code` names our version."""
        self._store = store
        self._chosen = settings.theme
        self._code = code
        self._memory = memory
        self._units = units
        self._cache = cache

    @cached_property
    def theme(self) -> Theme:
        """The theme, read when the first page is printed."""
        place, own = theme_place(self._store, self._chosen)
        facts = self._memory.facts
        return self._memory.process.theme(
            place,
            own,
            made_assets=facts["made_assets"],
            compiled=self._memory.templates,
            versions=facts.get("theme_versions"),
        )

    def digest(self, templates: Iterable[str]) -> bytes:
        """Digest all that prints the pages of some templates."""
        known = self._memory.facts["theme"]
        return digest_of([known.get(template, "") for template in templates])

    @property
    def reason(self) -> str:
        """Why the theme prints otherwise than before."""
        return str(self._memory.facts["theme_reason"])

    def make(self, reporter: Reporter) -> None:
        """Write the theme's files and the chart library, if they are not there as they must be."""
        unit = self._memory.units.get("assets", Unit())
        keys = [digest_of(self._code), digest_of([str(self._store.absolute()), self._chosen])]
        if self._units.is_current(unit, keys) and "theme" in self._memory.facts:
            self._units.keep(unit)
            return
        from runsite.charts.assets import chart_assets, make_apart  # asks for versions, which brings the mail library

        apart = partial(make_apart, reporter=reporter)
        made = {asset.path: asset.content for asset in chart_assets(self._cache, make=apart)}
        versions = {path.removeprefix("assets/"): content_version(content) for path, content in made.items()}
        self._memory.facts["made_assets"] = versions
        self._memory.facts.pop("theme_versions", None)
        reasons: tuple[str | Callable[[], str], ...] = ("runsite itself changed", "another theme was chosen")
        new = self._memory.why_new("index.html", "the site is new")
        reason = self._units.why(unit, keys, reasons) if unit.keys else new
        with self._units.making(keys, reason) as unit:
            self._look()
            for path, content in made.items():
                self._units.stage(path, content)
            for file in self.theme.static_files.values():
                self._units.stage(file.site_path, file.content)
        self._memory.units["assets"] = unit
        self._memory.facts |= {
            "theme": self.theme.digests(),
            "theme_versions": dict(self.theme.versions),
            "theme_reason": f"the theme changed ({reason.replace('; ', ', ')})",
        }

    def _look(self) -> None:
        self._units.look_at(self._store / "theme")  # it may come or go
        for place in self.theme.places():
            self._units.look_at(place)


def theme_place(store: Path, chosen: str) -> tuple[str | Path, Path | None]:
    """Say where the theme that a store's settings name lies, and the project's own folder that goes before it."""
    own = (store / "theme").resolve() if (store / "theme").is_dir() else None
    return chosen if chosen in builtin_themes() else (store / chosen).resolve(), own
