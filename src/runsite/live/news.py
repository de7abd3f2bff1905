"""From the files that builds wrote to what an open page must hear of them.

| event | says |
|---|---|
| `html` | the page itself was printed anew: its HTML, or that it is gone |
| `points` | curves: the paths of data scripts that a chart may have loaded |
| `row` | run tables: the paths of heads and shards that a table may have loaded |
| `assets` | styles: their paths |
| `reload` | the page must be loaded again: its scripts or its template changed |
| `error` | why the last build failed; nothing if it did not |

A page that asks late gets the same events as one that listened all the time, put together: all it takes is the list
of paths that changed since the build it knows. Data and styles that are gone are not named: nobody can load them.
Where it is not known what changed, folders stand for all that a page may have loaded from them.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from runsite.themes import ASSETS_FOLDER

_POINTS = re.compile(r"experiments/[^/]+/runs/[^/]+/.*\.js")
_ROWS = re.compile(r"(runs|experiments/[^/]+)/table\.js|experiments/[^/]+/(rows|more)/[^/]+\.js")


@dataclass(frozen=True, slots=True)
class News:
    """One event: its name and its data, which become JSON."""

    event: str
    data: dict[str, Any] = field(default_factory=dict)


def news_for(page: str, changed: Collection[str], *, gone: Collection[str] = (), must_reload: bool) -> Iterator[News]:
    """Yield what a page must hear of files that changed, data before HTML; of `html` it says only that it is due."""
    scripts = [path for path in changed if path.startswith(ASSETS_FOLDER) and path.endswith(".js")]
    if must_reload or scripts:
        yield News("reload")
        return
    there = [path for path in changed if path not in gone]
    styles = sorted(path for path in there if path.startswith(ASSETS_FOLDER) and path.endswith(".css"))
    if styles:
        yield News("assets", {"paths": styles})
    points = _near(page, filter(_POINTS.fullmatch, there))
    if points:
        yield News("points", {"paths": points})
    rows = _near(page, filter(_ROWS.fullmatch, there))
    if rows:
        yield News("row", {"paths": rows})
    if page in changed:
        yield News("html")


def all_news(page: str) -> Iterator[News]:
    """Yield what a page must hear where anything may have changed but the theme: it compares for itself."""
    folder = _folder_of(page)
    yield News("points", {"paths": [f"{folder}runs/" if folder else "experiments/"]})
    heads = ["table.js", "rows/", "more/"] if folder else ["runs/", "experiments/"]
    yield News("row", {"paths": [folder + head for head in heads]})
    yield News("html")


def is_data(path: str) -> bool:
    """Tell whether a file is a data script, which pages load as they need it."""
    return bool(_POINTS.fullmatch(path) or _ROWS.fullmatch(path))


def _near(page: str, paths: Iterable[str]) -> list[str]:
    """Leave out what a page cannot have loaded: an experiment's and a run's page load what lies in their experiment."""
    folder = _folder_of(page)
    return sorted(path for path in paths if path.startswith(folder))


def _folder_of(page: str) -> str:
    """Name the folder of a page's experiment, with a slash at its end; nothing for a page that belongs to none."""
    parts = page.split("/")
    return "/".join(parts[:2]) + "/" if parts[0] == "experiments" else ""
