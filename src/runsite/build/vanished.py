"""Keep the old site where so many of its runs are gone that it looks like a disk that went away.

Which runs a site has stands in its list of files. What is remembered may be of an older site, where another cache was
used meanwhile; so it only helps to name them, and so does runs.json, which lies beside an experiment's page. But where
the list names no run at all, as somebody may have emptied it, what is remembered must do.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from runsite.build.memory import RunFacts
from runsite.errors import StoreError
from runsite.model import RunKey
from runsite.site.written import listed_paths
from runsite.site_paths import run_page
from runsite.sources import StoreListing

# A disk that went away takes all runs or a whole tree of them; people remove single ones.
MIN_VANISHED = 10
_NAMED = 3
_RUN_PAGE = re.compile(r"experiments/[^/]+/runs/[^/]+/index\.html")


def refuse_vanished(listings: Sequence[StoreListing], known: Mapping[str, RunFacts], output: Path) -> None:
    """Raise StoreError where all runs of the site that lies there, or most of many, are gone."""
    named = {run_page(RunKey(run.experiment, run.run)): key for key, run in known.items()}
    pages = _pages_of(output) or list(named)
    here = {run_page(folder.key) for listing in listings for folder in listing.runs}
    gone = sorted(page for page in pages if page not in here)
    if (gone and not here) or (len(gone) >= MIN_VANISHED and len(gone) * 2 > len(pages)):
        names = ", ".join(_name(page, named, output) for page in gone[:_NAMED])
        lost = "the only run is gone" if len(pages) == 1 else f"{len(gone):,} of {len(pages):,} runs are gone"
        problem = f"{lost}{', such as ' if len(gone) > _NAMED else ': '}{names}"
        remedy = "the old site is kept; bring the store back, or build with --allow-removals"
        raise StoreError(listings[0].store.path, problem, remedy)


def _pages_of(output: Path) -> list[str]:
    """List the pages of runs of a site; none without a list of its files."""
    return [path for path in listed_paths(output) or () if _RUN_PAGE.fullmatch(path)]


def _name(page: str, named: Mapping[str, str], output: Path) -> str:
    """Name a run by its key; by its page where neither the memory nor the site tells that."""
    return named.get(page) or next((str(key) for key in _listed_beside(page, output) if run_page(key) == page), page)


def _listed_beside(page: str, output: Path) -> list[RunKey]:
    """Return the runs of the page's experiment, as the site lists them for programs."""
    try:
        rows = json.loads((output / page.partition("/runs/")[0] / "runs.json").read_bytes())
        return [RunKey(row["experiment"], row["run"]) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        return []
