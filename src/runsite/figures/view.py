"""From a copied link to a page of a site that lies on this machine: nothing is fetched.

A link is an address as the browser shows it (`file:///...`, `http://...`) or a path, with or without the fragment that
holds the view. A file lies in the site whose `site.json` stands in a folder above it. Of a page on a host only the path
counts: it is looked up in a site that was built here, from the longest end of the path to the shortest, since a host
may keep the site in any folder.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from runsite.errors import FigureError
from runsite.site.written import SITE_FILE
from runsite.site_paths import COMPARE_PAGE

_WITH_CHARTS = ("experiments/", COMPARE_PAGE)


@dataclass(frozen=True, slots=True)
class View:
    """What a link shows."""

    site: Path
    page: str
    """Relative to the site's root, with `/`."""
    fragment: str
    """With its `#`; empty without one."""


def find_view(link: str, *, site: Path) -> View:
    """Find the page that a link means; of a link to a host in `site`."""
    parts = urlsplit(link)
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if parts.scheme in ("http", "https"):
        return View(site, _page_of_host(link, unquote(parts.path), site=site), fragment)
    path, _, fragment_text = link.partition("#")
    file = Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(path)
    page = file / "index.html" if file.is_dir() else file
    if not page.is_file():
        raise FigureError(link, f"there is no page {page}; copy the address of a page of a built site")
    root = next((folder for folder in page.absolute().parents if is_site(folder)), None)
    if root is None or page.suffix != ".html":
        raise FigureError(link, "this is no page of a site that runsite built")
    return View(root, page.absolute().relative_to(root).as_posix(), f"#{fragment_text}" if fragment_text else "")


def _page_of_host(link: str, path: str, *, site: Path) -> str:
    if not is_site(site):
        raise FigureError(link, f"nothing is fetched, and {site} holds no site; --site names the folder of a built one")
    steps = [step for step in f"{path}index.html".split("/") if step] if path.endswith("/") else path.split("/")
    if ".." in steps:
        raise FigureError(link, "this is no address of a page")
    ends = ("/".join(steps[start:]) for start in range(len(steps)))
    found = next((end for end in ends if end.startswith(_WITH_CHARTS) and (site / end).is_file()), None)
    if found is None:
        raise FigureError(link, f"{site} has no such page with charts; --site names the folder of the site that has it")
    return found


def is_site(folder: Path) -> bool:
    """Tell whether a folder holds a site of ours."""
    try:
        info = json.loads((folder / SITE_FILE).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(info, dict) and info.get("generator") == "runsite"
