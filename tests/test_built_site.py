"""The site of example_runs, read without a browser: links, words without scripts, names, policy."""

import csv
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from built_site import BuiltSite, PageText, kind_of

KINDS = {"index", "about", "404", "notices", "experiment", "run", "all runs", "compare", "models", "model", "report"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
WINDOWS_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


@pytest.fixture(scope="session")
def site(example_site: Path) -> BuiltSite:
    return BuiltSite(example_site)


def faults(site: BuiltSite, has_fault: object) -> list[str]:
    assert callable(has_fault)
    return [path for path, page in site.pages.items() if has_fault(page)]


def test_there_is_a_page_of_each_kind(site: BuiltSite) -> None:
    assert set(site.kinds()) >= KINDS
    assert {".nojekyll", "site.json"} <= site.files


def test_every_internal_link_resolves(site: BuiltSite) -> None:
    assert site.broken_links() == []


def test_every_page_is_reached_from_the_index(site: BuiltSite) -> None:
    assert set(site.pages) - site.reachable() == {"404.html"}


def test_every_page_reads_without_scripts(site: BuiltSite) -> None:
    def is_mute(page: PageText) -> bool:
        return len(page.all("h1")) != 1 or not page.text_of("h1") or len(page.text_of("main")) < 20

    assert faults(site, is_mute) == []


def test_every_page_has_a_title_and_a_language(site: BuiltSite) -> None:
    def is_unnamed(page: PageText) -> bool:
        return not page.text_of("title") or not page.all("html")[0].attributes.get("lang")

    assert faults(site, is_unnamed) == []


def test_no_two_pages_share_a_title(site: BuiltSite) -> None:
    titles = [page.text_of("title") for page in site.pages.values()]

    assert [title for title in titles if titles.count(title) > 1] == []


def test_no_page_names_an_id_twice(site: BuiltSite) -> None:
    assert faults(site, lambda page: len(page.ids) != len(set(page.ids))) == []


def test_every_page_forbids_code_that_is_not_ours(site: BuiltSite) -> None:
    assert faults(site, lambda page: policy_of(page) != POLICY) == ["404.html"]


def policy_of(page: PageText) -> str:
    metas = page.all("meta")
    found = (meta.attributes for meta in metas if meta.attributes.get("http-equiv") == "Content-Security-Policy")
    return " ".join(str(next(found, {}).get("content")).split())


def test_not_found_page_names_its_own_code_by_digest(site: BuiltSite) -> None:
    # A host shows it at any address, so it can refer to no file.
    page = site.pages["404.html"]

    policy = dict(rule.strip().split(" ", 1) for rule in policy_of(page).split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy["script-src"], policy["style-src"]} == {
        f"'sha256-{b64encode(sha256(element.text.encode()).digest()).decode()}'"
        for element in [*page.all("script"), *page.all("style")]
    }


def test_no_page_holds_inline_code_or_styles(site: BuiltSite) -> None:
    def has_inline(page: PageText) -> bool:
        scripts = [script for script in page.all("script") if "src" not in script.attributes]
        attributes = {name for element in page.elements for name in element.attributes}
        return (
            any(script.attributes.get("type") != "application/json" for script in scripts)
            or bool(page.all("style"))
            or "style" in attributes
            or any(name.startswith("on") for name in attributes)
        )

    assert faults(site, has_inline) == ["404.html"]


def test_scripts_are_classic_and_deferred(site: BuiltSite) -> None:
    # theme.js alone waits for nothing: it sets the chosen colours before the first pixel.
    def is_other(page: PageText) -> bool:
        scripts = [script.attributes for script in page.all("script") if "src" in script.attributes]
        late = [script for script in scripts if "assets/theme.js" not in str(script["src"])]
        return any("defer" not in script for script in late) or any("type" in script for script in scripts)

    assert faults(site, is_other) == []


def test_assets_and_data_are_named_with_their_content(site: BuiltSite) -> None:
    seen: dict[str, set[str]] = {}
    for page in site.pages.values():
        for link in [*page.links, *page.data_links]:
            if link.split("?")[0].endswith((".js", ".css")):
                seen.setdefault(site.target(link, page=page.path)[0], set()).add(link.partition("?v=")[2])

    # Pages that span runs name the curves of a run without their content, which changes with each line of it.
    steady = {path: versions - {""} if path.endswith("/series.js") else versions for path, versions in seen.items()}
    assert [path for path, versions in steady.items() if len(versions) != 1 or "" in versions] == []


def test_links_out_of_the_site_open_safely(site: BuiltSite) -> None:
    def is_open(page: PageText) -> bool:
        outward = [
            link.attributes
            for link in page.all("a")
            if str(link.attributes.get("href")).startswith(("http:", "https:"))
        ]
        return any("noreferrer" not in str(link.get("rel")) for link in outward)

    assert faults(site, is_open) == []


def test_every_data_script_is_one_call_with_json(site: BuiltSite) -> None:
    kinds = {site.received(path)[0] for path in site.data_scripts}

    assert kinds == {
        "series",
        "table",
        "table_rows",
        "table_more",
        "run_details",
        "run_texts",
        "series_levels",
        "custom_charts",
    }


def test_every_shard_that_a_table_names_is_there(site: BuiltSite) -> None:
    tables = [path for path in site.data_scripts if path.endswith("/table.js")]
    named = [address for path in tables for shard in site.shards_of(path) for address in shard if address]

    for path in named:
        assert site.received(path)[:2] == [f"table_{path.split('/')[2]}", path]
    shards = {path for path in site.data_scripts if re.search("/(rows|more)/", path)}
    assert set(named) == shards


def test_all_tables_and_files_of_runs_hold_every_run(site: BuiltSite) -> None:
    pages = {path for path in site.pages if kind_of(path) == "run"}
    tables = {path: site.rows_of(path) for path in site.data_scripts if path.endswith("/table.js")}

    assert set(tables["runs/table.js"]) == pages
    assert len(tables["runs/table.js"]) == len(pages) == sum(map(len, tables.values())) / 2
    for path, rows in tables.items():
        if path != "runs/table.js":
            folder = site.folder / path.removesuffix("table.js")
            assert len(json.loads((folder / "runs.json").read_bytes())) == len(rows)
            with (folder / "runs.csv").open(encoding="utf-8", newline="") as file:
                assert len(list(csv.DictReader(file))) == len(rows)


def test_published_names_are_valid_everywhere(site: BuiltSite) -> None:
    def is_bad(path: str) -> bool:
        return len(path) >= 180 or any(
            not re.fullmatch(r"[A-Za-z0-9][\w.-]*", part) or part.endswith(".") or bool(WINDOWS_RESERVED.match(part))
            for part in path.split("/")
        )

    assert sorted(path for path in site.files if is_bad(path)) == [".nojekyll"]
    assert len({path.lower() for path in site.files}) == len(site.files)


def test_nothing_executable_of_a_run_is_published(site: BuiltSite) -> None:
    suffixes = {Path(path).suffix for path in site.files if path.startswith("artifacts/")}

    assert suffixes.isdisjoint({".html", ".htm", ".svg", ".xml", ".js", ".mjs", ".xhtml"})
