"""What the overview and the about page say of ties, of long lists and of the newest runs."""

import re
from math import nan

import pytest

from pages_made import model, printed, site
from runsite.model import ModelEvent, ModelVersion
from runsite.site_paths import experiment_page, model_page
from summarised import START, experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, goal="maximize")


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_runs_that_tie_at_the_best_are_counted_and_the_earliest_is_linked() -> None:
    tied = [run(f"r{number}", ACC, started=START + 100 - number) for number in range(9)]
    worse = run("w", metric("val/acc", 0.8, goal="maximize"), started=START - 5)

    pages = printed(site(experiment([*tied, worse], main=ACC)))

    for path in ("index.html", experiment_page("digits")):
        assert re.search(r'<a href="[^"]*runs/r8[^"]*">r8 and 8 more</a>, 9 runs tie at the best', pages[path])
    assert 'r8 and 8 more</a> <span class="muted">9 runs tie at the best</span></td>' in pages["index.html"]


def test_a_best_that_one_run_has_alone_speaks_of_no_tie() -> None:
    shown = experiment([run("a", ACC), run("b", metric("val/acc", 0.89999, goal="maximize"))], main=ACC)

    assert "tie" not in words(printed(site(shown))["index.html"]).split()


def test_a_new_run_says_of_which_metric_its_value_is_and_that_it_diverged() -> None:
    lost = run("lost", metric("val/acc", 0.7, nan, goal="maximize"), started=START + 9)
    open_end = run("plain", metric("count", 3.0), experiment="other", started=START + 5)
    shown = experiment([run("a", ACC), lost], main=ACC, diverged=frozenset({lost.key}))
    other = experiment([open_end], main=metric("count", 3.0), name="other", title="other", best=None)

    text = words(printed(site(shown, other))["index.html"]).partition(" New ")[2]

    assert "lost 0.7 best val/acc in digits ✓ finished ↯ diverged started" in text
    assert "a 0.9 best val/acc in digits ✓ finished started" in text
    assert "plain 3 last count in other" in text


def test_the_overview_counts_the_experiments_whose_best_stands_below() -> None:
    names = [f"e{number}" for number in range(8)]
    shown = [experiment([run("a", ACC, experiment=name)], main=ACC, name=name, title=name) for name in names]

    assert "and 2 more below" in words(printed(site(*shown))["index.html"])
    assert "more below" not in words(printed(site(*shown[:6]))["index.html"])


@pytest.mark.parametrize("facts", [{"goal": "maximize"}, {"goal": "maximize", "goal_from": "guess"}, {}])
def test_about_counts_the_metrics_it_does_not_list(facts: dict[str, str]) -> None:
    shown = run("a", *[metric(f"m{number}", 0.5, **facts) for number in range(300)])  # type: ignore[arg-type]  # texts

    assert "and 240 more" in words(printed(site(experiment([shown])))["about.html"])


def test_no_page_names_the_mail_host_of_whoever_wrote_an_event() -> None:
    version = ModelVersion(1, "1", "None", None, START, "ada@example.org", ())
    events = (ModelEvent("1", START, "Ada <ada@example.org>", "version_registered", 1),)

    pages = printed(site(models=(model("m", versions=(version,), events=events),)))

    assert not [path for path, page in pages.items() if "example.org" in page]
    assert "by ada" in words(pages[model_page("m")])
