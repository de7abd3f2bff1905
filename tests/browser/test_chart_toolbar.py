"""The controls over charts: what they change is drawn, stands in the address, and can be taken back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.visits import TOOLTIP, fresh_context, visiting

CARD = 'figure[data-metric="val/loss"]'
FIRST = "[...runsite.charts.sections[0].cards.values()].find(({ metric }) => metric.name === 'val/loss')"
DRAWN = f"() => {FIRST}.hover.tracks.length > 0"
"""Drawn, and read where it is pointed at."""
MANY_DRAWN = """() => [...runsite.charts.sections[0].zoom.seen].filter(({ hover }) => hover.tracks.length).length > 2"""
DOMAIN = f"(axis) => {FIRST}.view.scale(axis).domain()"
DOMAIN_ENDS = f"([axis, end, least]) => {FIRST}.view.scale(axis).domain()[end] >= least"
FULL_SIZE = f"""() => {{
  const {{ width, height }} = document.querySelector('dialog[open] {CARD} svg.marks').getBoundingClientRect();
  return width > 1000 && height > 500;
}}"""
CROSSHAIRS = """() => [...document.querySelectorAll(".plot .chart_cursor")]
  .map((canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height))
  .filter(({ data }) => data.some(Boolean)).length"""
ON_LINE = f"""() => {{
  const {{ hover, plot }} = {FIRST};
  const track = hover.tracks[3];
  const index = Math.floor(track.steps.length / 2);
  const box = plot.getBoundingClientRect();
  const at = [box.left + hover.x.place(track.steps[index]), box.top + hover.y.place(track.values[index])];
  return {{ at, href: new URL(track.run.href, document.baseURI).href, name: track.run.name }};
}}"""
APPEND = f"""async () => {{
  const card = {FIRST};
  const {{ look, series }} = card.loaded.lines[0];
  const more = {{ steps: [...series.steps, 150], values: [...series.values, 9], times: null, count: series.count + 1 }};
  await card.renew(look.key, {{ ...series, ...more }});
}}"""


@contextmanager
def opened(browser: Browser, root: str, site: Path, fragment: str = "") -> Iterator[Page]:
    """Open the experiment that has repeats, its curve of val/loss drawn."""
    (folder,) = (path.name for path in site.glob("experiments/digits-mlp-*"))
    with fresh_context(browser) as context, visiting(context, root) as visit:
        visit.page.goto(f"{root}experiments/{folder}/index.html{fragment}")
        visit.page.locator(CARD).scroll_into_view_if_needed()
        visit.page.wait_for_function(DRAWN)
        yield visit.page
        assert visit.faults == []


def test_choices_are_drawn_and_kept_in_the_address(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site) as page:
        bar, card = page.locator(".chart_bar"), page.locator(CARD)
        bar.get_by_label("x axis", exact=True).select_option("relative")
        bar.get_by_label("log y").check()
        bar.get_by_label("Smooth", exact=True).select_option("gaussian")
        expect(card.locator(".axis_name")).to_have_text(re.compile(r"relative time \((s|min:s)\)"))
        expect(card.locator(".chart_notes")).to_contain_text("smoothed, Gaussian 2 % of the axis")
        expect(card.locator("svg .raw_marks path").first).to_be_attached()
        chosen = page.url.partition("#")[2]
        bar.get_by_role("button", name="Usual charts").click()
        expect(card.locator(".axis_name")).to_have_text("step")
        expect(card.locator("svg .raw_marks path")).to_have_count(0)
        usual = page.url.partition("#")[2]

    assert chosen == "x=relative&y_scale=log&smooth=gaussian%3A2"
    assert usual == ""


def test_bands_and_further_runs_come_from_the_table(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site, "#group=params.lr&band=ci&others=grey") as page:
        card = page.locator(CARD)
        expect(card.locator(".chart_notes")).to_contain_text(re.compile(r"\d groups of \d+ runs: mean and its 95 %"))
        expect(card.locator("svg .bands_marks path").first).to_be_attached()
        expect(card.locator("svg .others_marks path").first).to_be_attached()
        legend = page.locator("section.charts .chart_legend li").all_inner_texts()
        groups = page.locator(".run_table .group_row").count()

    assert len(legend) == groups > 2
    assert all(name.strip().startswith("lr ") for name in legend)


def test_bands_over_a_table_without_groups_are_said_to_be_none(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site, "#filter=params.seed%20=%201&band=sd") as page:
        expect(page.locator("section.charts > .chart_reason").first).to_contain_text(
            "No bands: the table has no groups"
        )


def test_one_cursor_reads_all_charts_and_a_click_on_a_line_opens_its_run(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site) as page:
        page.wait_for_function(MANY_DRAWN)
        page.mouse.move(*page.evaluate(ON_LINE)["at"])
        page.wait_for_function(f"() => ({CROSSHAIRS})() > 2")
        expect(page.locator(".chart_tooltip:visible")).to_have_count(1)
        rows = page.evaluate(TOOLTIP)["rows"]
        found = page.evaluate(ON_LINE)
        page.mouse.click(*found["at"])
        page.wait_for_url(f"{found['href']}*")

    assert len(rows) == 10
    assert len([row for row in rows if row["is_nearest"]]) == 1


def test_keys_choose_a_run_and_open_it(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    with opened(chromium, origins["file"], example_site) as page:
        plot = page.locator(f"{CARD} .plot")
        plot.focus()
        for key in ("End", "ArrowUp", "ArrowUp", "ArrowDown"):
            page.keyboard.press(key)
        said = str(plot.get_attribute("aria-valuetext"))
        href = page.evaluate(f"() => new URL({FIRST}.hover.reading.href, document.baseURI).href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{href}*")

    assert re.match(r"step 1\d\d: lr ", said), said


def test_cards_are_found_pinned_and_shown_at_full_size(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site) as page:
        page.locator(".chart_search").fill("LOSS val")
        found = page.locator("section.charts .metric_chart:visible").evaluate_all(
            "(all) => all.map((one) => one.dataset.metric)"
        )
        page.locator(".chart_search").fill("")
        page.locator(CARD).hover()
        page.locator(f"{CARD} .chart_pin").click()
        first = page.locator(".metric_chart").first.get_attribute("data-metric")
        address = page.url.partition("#")[2]
        page.locator(f"{CARD} .chart_full").click()
        page.wait_for_function(FULL_SIZE)
        page.keyboard.press("Escape")
        expect(page.locator(f"{CARD} .chart_full")).to_be_focused()
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.locator(f".pinned_charts {CARD} svg.marks")).to_be_visible()

    assert found == ["val/loss"]
    assert (first, address) == ("val/loss", "pin_charts=val%2Floss")


def test_chart_at_full_size_stays_there_while_it_is_pinned_and_unpinned(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site) as page:
        order = "() => [...document.querySelectorAll('.metric_chart')].map((card) => card.dataset.metric)"
        before = page.evaluate(order)
        name = before[1]
        for is_pinned in (True, False):
            card = page.locator(f'.metric_chart[data-metric="{name}"]')
            card.hover()
            card.locator(".chart_full").click()
            dialog = page.locator("dialog[open]")
            dialog.locator(".chart_pin").click()
            expect(dialog.locator(".metric_chart .chart_pin")).to_be_focused()
            expect(dialog.locator(".chart_pin")).to_have_attribute("aria-pressed", str(is_pinned).lower())
            page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
            expect(page.locator(".pinned_charts")).to_be_visible(visible=is_pinned)
            after = page.evaluate(order)
            assert after == ([name, *(other for other in before if other != name)] if is_pinned else before)


@pytest.mark.parametrize("fragment", ["#smooth=ema%3A2", "#smooth=ema%3A2&zoom=20%3A160"], ids=["whole", "zoomed"])
def test_points_that_come_later_keep_zoom_and_smoothing(
    fragment: str, chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site, fragment) as page:
        page.wait_for_function(DOMAIN_ENDS, arg=["x", 0, 20 if "zoom" in fragment else 0])
        before = page.evaluate(DOMAIN, "x")
        page.evaluate(f"() => {{ {FIRST}.view.is_same = true; }}")
        page.evaluate(APPEND)
        page.wait_for_function(DOMAIN_ENDS, arg=["y", 1, 9])
        after = page.evaluate(DOMAIN, "x")
        same_view = page.evaluate(f"() => {FIRST}.view.is_same === true")
        expect(page.locator(f"{CARD} .chart_notes")).to_contain_text("smoothed, half-life 2 %")

    assert same_view
    assert after[0] == before[0]
    assert after[1] >= 150 if "zoom" not in fragment else after == before


def test_charts_say_which_of_their_runs_the_filter_leaves_out(
    chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    with opened(chromium, origins["file"], example_site) as page:
        line, box = page.locator(".chart_left_out"), page.locator(".run_table_filter")
        legend = page.locator("section.charts .chart_legend li")
        expect(line).to_be_hidden()
        box.fill("status = nothing")
        expect(line).to_have_text("The table's filter leaves out all 10 runs drawn Clear the filter")
        box.fill("params.lr <= 0.01")
        expect(line).to_contain_text(re.compile(r"leaves out (\d of the|all) 10 runs drawn"))
        line.get_by_role("button", name="Draw").click()
        expect(line).to_be_hidden()
        found = legend.all_inner_texts()
        box.fill("params.lr > 0.01")
        expect(line).to_contain_text(f"leaves out all {len(found)} runs drawn")
        expect(legend).to_have_text(found)
        line.get_by_role("button", name="Clear the filter").click()
        expect(line).to_be_hidden()
        expect(box).to_have_value("")
