"""The comparison page, and the links that lead to it."""

from urllib.parse import unquote

from pages_made import made, printed, site
from runsite.model import RunKey
from runsite.pages.compare import compare_address
from runsite.site_paths import COMPARE_PAGE, run_page
from summarised import START, experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, goal="maximize")


def test_the_page_says_what_it_is_without_scripts() -> None:
    page = printed(site(experiment([run("a", ACC)], main=ACC)))[COMPARE_PAGE]

    assert "<h1>Compare runs</h1>" in page
    assert "press <b>Compare</b> above the table" in page
    assert "<noscript>" in page
    assert 'href="experiments/digits' in page


def test_the_page_does_not_change_with_a_line_of_a_log() -> None:
    before = site(experiment([run("a", ACC)], main=ACC))
    line_later = run("a", metric("val/acc", 0.5, 0.9, 0.95, goal="maximize"), last_time=START + 99)
    after = site(experiment([line_later], main=ACC), data_until=START + 99)

    assert printed(before)[COMPARE_PAGE] == printed(after)[COMPARE_PAGE]


def test_a_hostile_experiment_ends_no_script() -> None:
    name = 'a.b[0] "x" \\ `y` </script>'
    page = printed(site(experiment([run("a", experiment=name)], name=name, title=name)))[COMPARE_PAGE]

    assert page.count("<script") == page.count("</script>")


def test_an_address_escapes_what_parts_runs() -> None:
    address = compare_address(RunKey("e,1", "a;b%"), RunKey("e", "c"), page="experiments/e/runs/r/index.html")

    assert address.startswith("../../../../compare.html#runs=")
    assert unquote(address.partition("=")[2]) == "e%2C1/a%3Bb%25,e/c"


def test_a_run_page_leads_to_what_it_can_be_compared_with() -> None:
    child = run("c", ACC, parent=RunKey("digits", "p"))
    shown = experiment([run("p", ACC), child], main=ACC, baseline="p")

    links = made(site(shown))[run_page(child.key)].context["compare"]

    address = "../../../../compare.html#runs=digits%2Fc"
    assert [(link.text, link.href) for link in links] == [
        ("the best run", f"{address}&with=best"),
        ("the baseline", f"{address}&with=baseline"),
        ("its parent", f"{address}&with=parent"),
    ]


def test_a_run_that_can_be_compared_with_nothing_has_no_such_link() -> None:
    page = printed(site(experiment([run("a")])))[run_page(RunKey("digits", "a"))]

    assert "compare with" not in page


def test_a_run_page_comes_with_its_details() -> None:
    page = made(site(experiment([run("a", ACC)], main=ACC)))[run_page(RunKey("digits", "a"))]

    assert [file.path.rpartition("/")[2] for file in page.data] == ["details.js"]
