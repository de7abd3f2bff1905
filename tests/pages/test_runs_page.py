"""The page of all runs, and an experiment's runs for programs."""

import re

from pages_made import made, printed, site
from runsite.site_paths import ALL_RUNS_PAGE, experiment_page, run_page, runs_file, table_file
from summarised import START, experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, 0.8, goal="maximize")
PAGE = experiment_page("digits")


def tags(page: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name."""
    found = re.findall(rf"<{name}\b([^>]*)>", page)
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', attributes)) for attributes in found]


def test_an_experiment_page_links_its_runs_for_programs() -> None:
    page = printed(site(experiment([run("a", ACC)], main=ACC)))[PAGE]

    links = [(link["type"], link["href"]) for link in tags(page, "link") if link.get("rel") == "alternate"]
    assert links == [
        ("text/csv", "../../" + runs_file("digits", "csv")),
        ("application/json", "../../" + runs_file("digits", "json")),
    ]
    shown = page.partition("<main")[2]
    assert [href for href in (link.get("href") for link in tags(shown, "a")) if href and "runs." in href] == [
        href for _, href in links
    ]
    assert ">runs.csv</a>" in shown
    assert ">runs.json</a>" in shown


def test_an_experiment_page_names_its_table_with_its_content() -> None:
    page = printed(site(experiment([run("a", ACC)], main=ACC)), version=lambda path: f"of-{len(path)}")[PAGE]

    section = next(each for each in tags(page, "section") if each.get("class") == "run_table")
    path = table_file("digits")
    assert (section["data-table"], section["data-root"]) == ("digits", "../../")
    assert section["data-src"] == f"../../{path}?v=of-{len(path)}"


def test_the_page_of_all_runs_is_in_the_navigation_of_every_page() -> None:
    pages = made(site(experiment([run("a", ACC)], main=ACC)))

    for path, page in pages.items():
        if path in ("404.html",):
            continue
        found = [item for item in page.context["nav"] if item.text == "All runs"]
        assert [item.href for item in found] == ["../" * path.count("/") + ALL_RUNS_PAGE], path
        assert found[0].current == (path == ALL_RUNS_PAGE)


def test_the_page_of_all_runs_has_the_newest_runs_of_all_experiments_without_scripts() -> None:
    one = experiment([run("a", ACC, experiment="one")], main=ACC, name="one")
    two = experiment([run("b", experiment="two", started=START + 9)], name="two")

    page = printed(site(one, two))[ALL_RUNS_PAGE]

    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    keys = [key for shown in (two, one) for key in (run.key for run in shown.runs)]
    assert [link["href"] for link in tags(body, "a")] == [f"../{run_page(key)}" for key in keys]
    section = next(each for each in tags(page, "section") if each.get("class") == "run_table")
    assert (section["data-table"], section["data-src"]) == ("", "../runs/table.js?v=0")


def test_the_page_of_all_runs_leads_to_every_experiment_without_scripts() -> None:
    names = ("one", "two", "</script>")
    content = site(*(experiment([run("a", experiment=name)], name=name) for name in names))

    page = printed(content)[ALL_RUNS_PAGE]

    links = {link["href"] for link in tags(page, "a") if "href" in link}
    assert {f"../{experiment_page(name)}" for name in names} <= links


def test_the_page_of_all_runs_of_an_empty_site_is_a_page() -> None:
    page = printed(site())[ALL_RUNS_PAGE]

    assert "<h1>All runs</h1>" in page
    assert "0 runs" in page
