"""What a page is: a path, a template and a context; and the frame that all pages share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from runsite.data_script import DataFile
from runsite.model import CustomChart, Problem, RunKey
from runsite.pages.artifacts import ArtifactFile
from runsite.site_paths import ALL_RUNS_PAGE, relative
from runsite.tables import RunTable

OVERVIEW = "index.html"
MODELS = "models/index.html"
ABOUT = "about.html"
NOT_FOUND = "404.html"
NOTICES = "notices.html"
RUNS = "All runs"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site, ready to print."""

    path: str
    """Relative to the site's root."""
    template: str
    context: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    """What was found wrong while making it, such as dead links."""
    data: tuple[DataFile, ...] = ()
    """Data scripts that come with it, for other pages to load."""


class Link(NamedTuple):
    """A link as a template prints it."""

    text: str
    href: str


class NavItem(NamedTuple):
    """A link of the main navigation."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class PageData:
    """What pages need beside the content; the build hands it in, so that pages read no file."""

    table: Callable[[str], RunTable]
    """The run table of an experiment, by its name, and that of all runs, ALL_RUNS."""
    artifacts: Callable[[RunKey], Sequence[ArtifactFile]] = field(default=lambda _: ())
    """A run's artifacts as they are in the site."""
    patch: Callable[[RunKey], ArtifactFile | None] = field(default=lambda _: None)
    """The uncommitted changes a run was started with; None where there are none, or they are kept back."""
    published: Callable[[str], str | None] = field(default=lambda _: None)
    """From the path of another file in the store (a picture beside a report) to its path in the site."""
    charts: Callable[[str], Sequence[CustomChart]] = field(default=lambda _: ())
    """The charts that a store brings along for an experiment."""
    version: Callable[[str], str] = field(default=lambda _: "0")
    """The content hash of a data file, by its path in the site."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page: the site's title and where the navigation leads."""

    title: str
    reports: str | None = None
    """Path (with fragment) that the word "Reports" leads to; None without reports."""

    def context(
        self, path: str, *, title: str, current: str = "", experiment: Link | None = None, data_until: Any = None
    ) -> dict[str, Any]:
        """Begin a page's context; `current` is the navigation's word for it."""
        return {
            "page_title": title if title == self.title else f"{title} · {self.title}",
            "site_title": self.title,
            "nav": self._nav(path, current, experiment),
            "crumbs": (),
            "data_until": data_until,
        }

    def _nav(self, path: str, current: str, experiment: Link | None) -> tuple[NavItem, ...]:
        items = [("Overview", OVERVIEW)]
        if experiment is not None:
            items.append((experiment.text, experiment.href))
        items.append((RUNS, ALL_RUNS_PAGE))
        items.append(("Models", MODELS))
        if self.reports is not None:
            items.append(("Reports", self.reports))
        items.append(("About", ABOUT))
        return tuple(NavItem(text, relative(target, page=path), text == current) for text, target in items)
