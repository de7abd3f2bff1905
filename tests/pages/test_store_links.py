"""Links in Markdown: from paths of the store to pages and files of the site."""

import pytest

from pages_made import model, report, site, tables_of
from runsite.model import Artifact, RunKey
from runsite.pages.artifacts import ArtifactFile
from runsite.pages.page import PageData
from runsite.pages.store_links import store_links
from runsite.site_paths import experiment_page, model_page, report_page, run_page
from summarised import experiment, run

PAGE = "reports/first.html"
CONTENT = site(experiment([run("r1")]), models=(model("m"),), reports=(report("x"), report("y", name="sub/second")))
DATA = PageData(
    table=tables_of(CONTENT).__getitem__,
    artifacts=lambda _: [ArtifactFile(Artifact("a.png", "artifacts/a.png"), "artifacts/12/34.png")],
    published={"reports/fig.png": "artifacts/56/78.png"}.get,
)

NOWHERE = (
    "../digits/r1/artifacts/gone.png",
    "../digits/r1/x/run.jsonl",
    "../gone/",
    "../../etc/passwd",
    "/etc/passwd",
    "..\\x",
    "a\0b",
)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("../digits/r1/", run_page(RunKey("digits", "r1"))),
        ("../digits/r1", run_page(RunKey("digits", "r1"))),
        ("digits/r1", run_page(RunKey("digits", "r1"))),
        ("../digits/r1/run.jsonl", run_page(RunKey("digits", "r1"))),
        ("../digits/r1/#metrics", run_page(RunKey("digits", "r1")) + "#metrics"),
        ("../digits/r1/artifacts/a.png", "artifacts/12/34.png"),
        ("../digits/r1/artifacts/a.png#x", "artifacts/12/34.png"),
        ("../digits/", experiment_page("digits")),
        ("../digits/experiment.md", experiment_page("digits")),
        ("../models/m", model_page("m")),
        ("../models/m/card.md", model_page("m")),
        ("first.md", report_page("first")),
        ("sub/second.md", report_page("sub/second")),
        ("fig.png", "artifacts/56/78.png"),
        ("..", "index.html"),
    ],
)
def test_a_path_of_the_store_leads_to_its_page(target: str, found: str) -> None:
    resolve = store_links(CONTENT, DATA).resolver(folder="reports", page=PAGE)

    assert resolve(target) == f"../{found}"


@pytest.mark.parametrize("target", NOWHERE)
def test_what_is_not_in_the_store_leads_nowhere(target: str) -> None:
    assert store_links(CONTENT, DATA).resolver(folder="reports", page=PAGE)(target) is None
