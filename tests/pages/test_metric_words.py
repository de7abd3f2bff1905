"""How a page names its metrics, and how it groups many charts."""

import re
from dataclasses import replace

from pages_made import printed, site
from runsite.site_paths import experiment_page, run_page
from summarised import experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, goal="maximize")
ERROR = replace(metric("val/rmse", 3.0, 2.0, goal="minimize", unit="points"), label="validation error")


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_the_metrics_table_keeps_name_unit_and_label_apart() -> None:
    shown = run("a", ERROR, ACC)

    text = words(printed(site(experiment([shown], main=ERROR)))[run_page(shown.key)])

    assert "val/rmse ▼ (lower is better, declared in the logs) [points] · validation error 2 2 1" in text


def test_an_experiment_says_the_main_metrics_name_and_label() -> None:
    pages = printed(site(experiment([run("a", ERROR)], main=ERROR)))
    plain = printed(site(experiment([run("a", ACC)], main=ACC)))

    assert "Judged by val/rmse (validation error) ▼" in words(pages[experiment_page("digits")])
    assert "Judged by val/acc ▲" in words(plain[experiment_page("digits")])


def test_many_charts_stand_in_groups_that_the_contents_list() -> None:
    names = [f"{prefix}/m{number}" for prefix in ("train", "<val>") for number in range(6)] + ["loss"]
    shown = run("a", *[metric(name, 1.0, 0.5) for name in names])

    pages = printed(site(experiment([shown])))

    for path in (experiment_page("digits"), run_page(shown.key)):
        found = re.findall(r'<summary><h3 id="(charts-[^"]+)">(.*?)</h3></summary>', pages[path])
        assert [(anchor, re.sub(r"<[^>]+>", "", title)) for anchor, title in found] == [
            ("charts-1", "&lt;val&gt; 6"),
            ("charts-2", "Without a prefix 1"),
            ("charts-3", "train 6"),
        ]
        assert pages[path].count('<figure class="metric_chart"') == 13
    assert 'href="#charts-3">train' in pages[run_page(shown.key)]


def test_a_dozen_charts_or_one_prefix_need_no_groups() -> None:
    dozen = run("a", *[metric(f"{prefix}/m{n}", 1.0, 0.5) for prefix in ("a", "b") for n in range(6)])
    alike = run("b", *[metric(f"train/m{n}", 1.0, 0.5) for n in range(40)])

    for shown in (dozen, alike):
        page = printed(site(experiment([shown])))[run_page(shown.key)]
        assert "chart_group" not in page
        assert 'href="#charts"' in page
        assert 'href="#charts-' not in page
