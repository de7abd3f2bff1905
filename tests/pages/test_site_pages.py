"""All pages of a site: which there are, what each says first, and that each holds its own alone."""

import re
from math import nan
from typing import Any

import pytest

from pages_made import made, model, printed, report, site
from runsite.model import (
    Dataset,
    Environment,
    LoggedModel,
    ModelEvent,
    ModelVersion,
    Note,
    ParamConflict,
    Problem,
    RunFailure,
    RunKey,
    RunSummary,
    Source,
)
from runsite.pages.site import site_frame
from runsite.site_paths import experiment_page, model_page, report_page, run_page
from summarised import START, experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, 0.8, goal="maximize")
HOSTILE = "</script><img src=x onerror=alert(1)>\"'{{ 7*7 }}"


def words(page: str) -> str:
    """Read a page's text as a person does."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def in_order(text: str, *said: str) -> bool:
    """Tell whether a text says these words one after the other."""
    return re.search(".*".join(map(re.escape, said)), text, re.DOTALL) is not None


def run_words(shown: RunSummary, **data: Any) -> str:
    return words(printed(site(experiment([shown], main=ACC)), **data)[run_page(shown.key)])


def test_a_site_has_these_pages() -> None:
    content = site(experiment([run("a", ACC)], main=ACC), models=(model("m"),), reports=(report("# R"),))

    assert sorted(made(content)) == sorted(
        [
            "404.html",
            "about.html",
            "compare.html",
            "index.html",
            "notices.html",
            "models/index.html",
            "runs/index.html",
            experiment_page("digits"),
            run_page(RunKey("digits", "a")),
            model_page("m"),
            report_page("first"),
        ]
    )


def test_an_empty_store_is_taught() -> None:
    page = printed(site())["index.html"]

    assert "Three lines write the first one" in page
    assert 'runsite.start_run("my-experiment"' in words(page).replace("&quot;", '"')


def test_a_run_page_does_not_depend_on_other_runs() -> None:
    other = run("b", metric("val/acc", 0.99, goal="maximize"), started=START + 9)
    path = run_page(RunKey("digits", "a"))

    alone = printed(site(experiment([run("a", ACC)], main=ACC)))[path]
    beside = printed(site(experiment([other, run("a", ACC)], main=ACC), data_until=START + 1e6))[path]

    assert alone == beside


def test_the_overview_says_first_what_needs_attention() -> None:
    failed = run("f", ACC, status="failed", failure=RunFailure("ValueError", "bad\nshape"), ended=START + 7)
    lost = run("d", metric("val/acc", 0.5, nan, goal="maximize"))
    open_run = run("o", ACC, status="running", ended=None)
    shown = experiment([run("a", ACC), failed, lost, open_run], main=ACC, diverged=frozenset({lost.key}))

    page = printed(site(shown))["index.html"]

    text = words(page)
    assert "✕ failed f at step 2: ValueError: bad shape · 2023-11-14 22:13 UTC" in text
    assert "↯ diverged d val/acc ended as NaN at step 1" in text
    assert "▶ no end recorded o last record 2023-11-14 22:14 UTC" in text
    assert "stalled" not in text
    assert f'data-stalled-at="{START + 60 + 600:.0f}"' in page
    assert in_order(text, "Needs attention", "Best", "New", "Experiments")


def test_a_calm_site_says_that_nothing_needs_attention() -> None:
    text = words(printed(site(experiment([run("a", ACC)], main=ACC)))["index.html"])

    assert "no run failed or diverged, and every run has ended" in text
    assert "0.9 val/acc ▲ (higher is better, declared in the logs) a , at step 1" in text


def test_an_experiment_says_its_best_run_and_counts() -> None:
    runs = [run("a", ACC), run("b", status="failed"), run("c", status="pruned")]
    shown = experiment(
        runs, main=ACC, title="Digits", description="First **paragraph**.\n\nSecond.", drawn_reason="all 3 runs"
    )

    text = words(printed(site(shown))[experiment_page("digits")])

    assert in_order(text, "Digits", "First paragraph .", "0.9", "About this experiment", "Second.")
    assert "Best val/acc ▲" in text
    assert "Finished ✓ 1 Pruned ⊘ 1 Failed ✕ 1" in text


def test_lines_that_could_not_be_read_are_counted_on_the_experiment_and_listed_on_the_run() -> None:
    problems = tuple(Problem("digits/a/run.jsonl", line, "not JSON") for line in range(1, 251))
    shown = run("a", ACC, problems=problems)
    pages = printed(site(experiment([shown], main=ACC)))

    assert "250 lines of these logs could not be read" in words(pages[experiment_page("digits")])
    text = words(pages[run_page(shown.key)])
    assert "250 lines could not be read." in text
    assert "digits/a/run.jsonl:200 not JSON" in text
    assert "run.jsonl:201" not in text
    assert "and 50 more" in text


def test_a_run_page_says_everything_the_log_says() -> None:
    text = run_words(
        run(
            "a",
            metric("val/acc", 0.5, 0.9, nan, goal="maximize"),
            metric("loss", 2.0, 1.0),
            attempts=2,
            params={"lr": 0.1, "model/depth": 3},
            params_conflicts=(ParamConflict("lr", 0.1, 0.5, "digits/a/run.jsonl", 7),),
            tags={"team": "vision"},
            datasets=(Dataset("digits", "training", "sha256:12", "there", 1797),),
            models=(LoggedModel("net", "artifacts/net", "sklearn", size_bytes=5000, requirements=("numpy",)),),
            source=Source("python train.py", "c0ffee", "main", "https://github.com/a/b.git", True),
            environment=Environment("3.11", "Linux", {"numpy": "2"}),
            notes=(Note("A **note**", START),),
            log_files=("digits/a/run.jsonl",),
        )
    )

    for said in (
        "↯ diverged",
        "2 attempts",
        "1 min 00 s",
        "lr 0.1 model/depth 3",
        "lr 0.1 0.5 digits/a/run.jsonl:7",
        "team vision",
        "digits training 1,797 sha256:12 there",
        "net Flavor sklearn",
        "5 kB",
        "python train.py",
        "c0ffee with uncommitted changes",
        "numpy 2",
        "A note",
        "Read from digits/a/run.jsonl in format 1.",
    ):
        assert said in text


def test_the_metrics_table_holds_every_figure() -> None:
    page = printed(site(experiment([run("a", metric("val/acc", 0.5, 0.9, 0.8, nan, goal="maximize"))], main=ACC)))

    row = page[run_page(RunKey("digits", "a"))].partition('<tr class="main_metric">')[2].partition("</tr>")[0]

    cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)[1:-1]]
    assert cells == ["NaN", "0.9", "1", "0.5", "0.5", "0.9", "4", "1"]


def test_a_failed_run_shows_its_error() -> None:
    shown = run("a", status="failed", failure=RunFailure("ValueError", "two\nlines"))

    assert "<b>ValueError</b>" in printed(site(experiment([shown])))[run_page(shown.key)]
    assert "ValueError two lines" in run_words(shown)


def test_a_run_without_metrics_or_params_is_told_how_to_log_them() -> None:
    text = run_words(run("a"))

    assert "No metric was logged" in text
    assert "Params" not in text


def test_parent_and_children_find_each_other() -> None:
    parent = run("p")
    child = run("c", ACC, parent=parent.key)
    pages = printed(site(experiment([parent, child], main=ACC)))

    assert "Related runs Run Status val/acc c ✓ finished 0.9" in words(pages[run_page(parent.key)])
    assert "part of p" in words(pages[run_page(child.key)])


def test_a_parent_that_is_not_here_is_named_without_a_link() -> None:
    assert "Part of gone/x (not in this store)" in run_words(run("a", parent=RunKey("gone", "x")))


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/a/b.git", "https://github.com/a/b/commit/c0ffee"),
        ("https://git.example.org/a/b", None),
        ("git@github.com:a/b.git", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_commit_is_a_link_where_its_address_is_known(remote: str, address: str | None) -> None:
    shown = run("a", source=Source(commit="c0ffee", remote=remote))

    context = made(site(experiment([shown])))[run_page(shown.key)].context

    assert context["source"]["commit_href"] == address


def test_a_model_says_what_is_in_each_stage_and_what_changed_last() -> None:
    shown = run("a", ACC)
    version = ModelVersion(2, "2", "Production", START, START, "Ada", ("champion",), shown.key, "artifacts/net")
    move = {"from": "None", "to": "Production", "reason": "it is better"}
    events = (
        ModelEvent("1", START, "Ada", "version_registered", 2),
        ModelEvent("2", START, "Ada", "stage_changed", 2, move),
        ModelEvent("3", START, "Ada", "alias_set", 2, {"alias": "champion"}),
    )
    stages = {"Production": (version,)}
    registered = model("m", versions=(version,), stages=stages, events=events, card="# Card\n\nBe *kind*.")
    pages = printed(site(experiment([shown], main=ACC), models=(registered,)))

    text = words(pages[model_page("m")])

    assert in_order(text, "Production version 2 champion since 2023-11-14", "Last change", "Versions", "History")
    assert "Last change: Ada gave version 2 the alias champion, 2023-11-14 22:13 UTC" in text
    assert "2023-11-14 22:13 UTC Ada moved version 2 from None to Production: it is better" in text
    assert "val/acc ▲ (higher is better, declared in the logs) 0.9" in text
    assert "Be kind ." in text
    assert "m version 2 Production" in words(pages[run_page(shown.key)])
    assert "Production 2" in words(pages["index.html"])


def test_no_model_is_taught() -> None:
    assert "runsite model register" in words(printed(site())["models/index.html"])


def test_a_report_is_read_with_its_links_and_its_dead_links_are_told() -> None:
    text = "# Findings\n\n[run](../digits/a/) [gone](gone.md)\n\n## One\n\n## Two\n\n## Three\n"
    content = site(experiment([run("a", ACC)], main=ACC), reports=(report(text),))
    pages = printed(content)
    path = report_page("first")

    assert f'href="../{run_page(RunKey("digits", "a"))}"' in pages[path]
    assert '<a href="#text-two">Two</a>' in pages[path]
    assert "1 link leads nowhere" in words(pages[path])
    assert "reports/first.md Not found in this store: gone.md" in words(pages["about.html"])
    assert made(content)[path].problems == (Problem("reports/first.md", 0, "Not found in this store: gone.md", "note"),)


def test_the_word_reports_leads_to_the_only_report_or_to_the_list() -> None:
    assert site_frame(site()).reports is None
    assert site_frame(site(reports=(report("x"),))).reports == report_page("first")
    assert site_frame(site(reports=(report("x"), report("y", name="b")))).reports == "index.html#reports"


def test_about_says_which_goals_are_declared_and_which_guessed() -> None:
    guessed = metric("loss", 1.0, goal="minimize", goal_from="guess")

    text = words(printed(site(experiment([run("a", ACC, guessed, metric("speed", 1.0))], main=ACC)))["about.html"])

    assert "Declared val/acc ▲" in text
    assert "Guessed loss ▽" in text
    assert "No goal speed" in text


def test_the_page_for_lost_addresses_needs_no_other_file() -> None:
    page = printed(site())["404.html"]

    assert not re.findall(r'(?:src=|rel="stylesheet")', page)
    assert "script-src &#x27;sha256-" in page


def test_hostile_texts_are_text_on_every_page() -> None:
    shown = run(
        HOSTILE,
        metric(HOSTILE, 0.5, goal="maximize"),
        params={HOSTILE: HOSTILE},
        tags={HOSTILE: HOSTILE},
        status="failed",
        failure=RunFailure(HOSTILE, HOSTILE),
        notes=(Note(HOSTILE),),
        datasets=(Dataset(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        source=Source(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        environment=Environment(HOSTILE, HOSTILE, {HOSTILE: HOSTILE}),
        problems=(Problem(HOSTILE, 1, HOSTILE),),
        experiment=HOSTILE,
    )
    main = metric(HOSTILE, 0.5, goal="maximize")
    hostile = experiment([shown], main=main, name=HOSTILE, title=HOSTILE, description=HOSTILE, drawn_reason=HOSTILE)
    registered = model(HOSTILE, card=HOSTILE, description=HOSTILE)
    reports = (report(HOSTILE, name=HOSTILE),)
    content = site(hostile, title=HOSTILE, description=HOSTILE, models=(registered,), reports=reports)

    for page in printed(content).values():
        assert "<img src=x" not in page
        assert "49" not in words(page).replace("2023", "")
        assert page.count("<script") == page.count("</script>")


def test_no_page_names_an_hour_of_its_making() -> None:
    content = site(experiment([run("a", ACC)], main=ACC))

    assert printed(content) == printed(content)
