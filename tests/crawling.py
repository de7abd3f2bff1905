"""Reading along while a site is built: what somebody who follows its links would not find."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

ADDRESS = re.compile(r'(?:href|src|poster)="([^"]*)"|"([\w./%-]+\.(?:html|js))(?:[?#][^"]*)?"')
"""In markup, and in the data of a page."""


def broken_references(site: Path) -> list[str]:
    """Follow links from the index, through pages, tables and their shards; name each that leads to no file.

    What a page said a moment ago may have been taken away with it: so what is found broken is looked at once more.
    """
    found = _met_broken(site)
    return sorted(found & _met_broken(site)) if found else []


def _met_broken(site: Path) -> set[str]:
    ahead = ["index.html"] if (site / "index.html").exists() else []
    met, broken = set(ahead), set()
    while ahead:
        place = ahead.pop()
        for target in references(site, place) - met:
            met.add(target)
            if (site / target).exists():
                ahead.append(target)
            else:
                broken.add(f"{place}: {target}")
    return broken


def references(site: Path, place: str) -> set[str]:
    """Return the files of the site that one of them refers to; nothing of one that is not there."""
    is_page = place.endswith(".html")
    is_table, is_shard = place.endswith("/table.js"), "/rows/" in place
    if not (is_page or is_table or is_shard):
        return set()
    try:
        text = (site / place).read_text("utf-8")
    except FileNotFoundError:
        return set()
    return set(linked(text, place) if is_page else shards(received(text)) if is_table else run_pages(received(text)))


def linked(markup: str, page: str) -> Iterator[str]:
    """Yield the files that a page refers to, in markup or data."""
    for attribute, datum in ADDRESS.findall(markup):
        parts = urlsplit(unescape(attribute or datum))
        if parts.path and not parts.scheme:
            yield normpath(f"{dirname(page)}/{unquote(parts.path)}").lstrip("/")


def received(script: str) -> Any:
    """Return what a data script hands over."""
    return json.loads(script[script.index("{") : script.rindex("}") + 1])


def shards(table: Any) -> Iterator[str]:
    return (path for shard in table["shards"] for path in shard if path)


def run_pages(rows: Any) -> Iterator[str]:
    """Yield the pages of a shard's runs: it holds what their paths share, and what they do not."""
    before, after, middles = rows["links"]
    return (before + middle + after for middle in middles)
