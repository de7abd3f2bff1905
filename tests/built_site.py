"""Building a site by the command, and reading it without a browser: its pages, what they say, each address in them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

ADDRESSES = ("href", "src", "poster", "data-src")
CALL = re.compile(r"^runsite\.receive\((.*)\);?\s*$", re.DOTALL)
"""A data script is exactly one such call, whose arguments are JSON."""
OUR_FILE = re.compile(r"^[\w./%-]+\.(html|js)(\?v=\w+)?(#.*)?$")


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class PageText(HTMLParser):
    """One page of a site, as a reader without scripts gets it."""

    path: str
    markup: str
    elements: list[_Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Element] = []
        self.feed(self.markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, dict(attrs))
        self.elements.append(element)
        self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(_Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str) -> list[_Element]:
        return [element for element in self.elements if element.tag == tag]

    def text_of(self, tag: str) -> str:
        """Return the text of the first element of that name, with blanks folded."""
        return " ".join(next((element.text for element in self.all(tag)), "").split())

    @cached_property
    def ids(self) -> list[str]:
        return [str(element.attributes["id"]) for element in self.elements if element.attributes.get("id")]

    @cached_property
    def islands(self) -> list[Any]:
        """What stands in the page's `application/json` scripts."""
        return [
            json.loads(script.text)
            for script in self.all("script")
            if script.attributes.get("type") == "application/json"
        ]

    @cached_property
    def links(self) -> list[str]:
        """Every address the markup names, as written."""
        named = [element.attributes.get(name) for element in self.elements for name in ADDRESSES]
        return [address for address in named if address is not None]

    @cached_property
    def data_links(self) -> list[str]:
        """Addresses of our own pages and scripts that the page's data name."""
        return [text for island in self.islands for text in strings_in(island) if OUR_FILE.match(text)]


def strings_in(value: Any) -> Iterator[str]:
    """Yield every text inside a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_in(item)


@dataclass(frozen=True)
class BuiltSite:
    """A folder that runsite wrote."""

    folder: Path

    @cached_property
    def files(self) -> frozenset[str]:
        paths = (path for path in self.folder.rglob("*") if path.is_file() or path.is_symlink())
        return frozenset(path.relative_to(self.folder).as_posix() for path in paths)

    @cached_property
    def page_paths(self) -> list[str]:
        """Paths of all pages, for who does not read them here: parsing those of the examples takes a second."""
        return sorted(path for path in self.files if path.endswith(".html"))

    @cached_property
    def pages(self) -> dict[str, PageText]:
        return {path: PageText(path, (self.folder / path).read_text("utf-8")) for path in self.page_paths}

    def kinds(self) -> dict[str, str]:
        """Choose one page of each kind: {kind: path}."""
        kinds: dict[str, str] = {}
        for path in self.page_paths:
            kinds.setdefault(kind_of(path), path)
        return kinds

    def received(self, path: str) -> list[Any]:
        """Return the arguments a data script hands over; fail unless it is one call with JSON."""
        text = (self.folder / path).read_text("utf-8")
        call = CALL.match(text)
        assert call, f"{path} is not one runsite.receive(…) call: {text[:80]!r}"
        arguments = json.loads(f"[{call[1]}]")
        assert isinstance(arguments, list)
        return arguments

    @cached_property
    def data_scripts(self) -> list[str]:
        """Scripts below the experiments: data, not code."""
        return sorted(path for path in self.files if path.endswith(".js") and not path.startswith("assets/"))

    def target(self, link: str, *, page: str) -> tuple[str, str]:
        """Resolve a relative link to (path of a file, fragment)."""
        parts = urlsplit(link)
        folder = PurePosixPath(page).parent.as_posix()
        path = normpath(f"{folder}/{unquote(parts.path)}") if parts.path else page
        return path, unquote(parts.fragment)

    def broken_links(self) -> list[str]:
        """Name each internal address, in markup or data, that leads nowhere."""
        broken: list[str] = []
        for page in self.pages.values():
            for link in [*page.links, *page.data_links]:
                if fault := self._fault_of(link, page=page.path):
                    broken.append(f"{page.path}: {link!r} {fault}")
        return sorted(set(broken))

    def _fault_of(self, link: str, *, page: str) -> str | None:
        parts = urlsplit(link)
        if parts.scheme in ("http", "https", "mailto", "data"):
            return None
        if parts.scheme or parts.netloc or link.startswith("/"):
            return "is no relative link"
        path, fragment = self.target(link, page=page)
        if path not in self.files:
            return f"leads to {path}, which is not there"
        is_anchor = fragment and "=" not in fragment and path in self.pages
        if is_anchor and fragment not in self.pages[path].ids:
            return f"has no anchor #{fragment}"
        return None

    def reachable(self) -> set[str]:
        """Follow links from index.html, through pages and the tables' data; return the paths of all pages met."""
        tables = {path: self.rows_of(path) for path in self.data_scripts if path.endswith("/table.js")}
        met: set[str] = set()
        ahead = ["index.html"]
        while ahead:
            path = ahead.pop()
            if path in met or path not in self.pages:
                continue
            met.add(path)
            page = self.pages[path]
            links = [link for link in [*page.links, *page.data_links] if not urlsplit(link).scheme]
            targets = [self.target(link, page=path)[0] for link in links]
            ahead += targets
            ahead += [run for target in targets for run in tables.get(target, ())]
        return met

    def shards_of(self, table_script: str) -> list[tuple[str, str | None]]:
        """Return the addresses of a table's shards, `rows` and `more`, as its head names them."""
        return [(rows, more) for rows, more in self.received(table_script)[2]["shards"]]

    def rows_of(self, table_script: str) -> list[str]:
        """Return the pages of all runs of a table: its shards hold what their paths share, and what they do not."""
        pages: list[str] = []
        for rows, _ in self.shards_of(table_script):
            before, after, middles = self.received(urlsplit(rows).path)[2]["links"]
            pages += [before + middle + after for middle in middles]
        return pages


def kind_of(path: str) -> str:
    """Name the kind of page that stands at a path."""
    parts = path.split("/")
    if parts[0] == "experiments":
        return "run" if "runs" in parts else "experiment"
    if parts[0] == "runs":
        return "all runs"
    if parts[0] == "models":
        return "model" if len(parts) == 3 else "models"
    return "report" if parts[0] == "reports" else path.removesuffix(".html")


def build_by_command(store: Path, site: Path, cache: Path) -> Path:
    """Build a site as a user does, with the compiled charts in a cache; return its folder."""
    command = [sys.executable, "-m", "runsite.cli", "build", str(store), "-o", str(site), "--cache", str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return site
