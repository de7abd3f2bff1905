"""Zoom: spike and NaN of a long run are seen at every zoom; only what is in view is loaded; the address keeps it."""

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.visits import INK, SETTLED, fresh_context, visiting
from built_site import build_by_command
from support import START

POINTS = 300_000
SPIKE, NAN = 229_500, 99_900
HOSTILE = 'a.b[0] "x" \\ `y` </script>'
WIDTHS = [300_000, 90_000, 30_000, 9000, 3000, 900, 300, 90, 30, 9, 4]
DRAWN = """(plot) => {
  const area = plot.querySelector("svg .background").getBoundingClientRect();
  const inside = (mark) => [...plot.querySelectorAll(`svg g.${mark} path`)].map((path) => path.getBoundingClientRect())
    .map((box) => [box.left + box.width / 2 - area.left, box.top + box.height / 2 - area.top]);
  const corners = [...plot.querySelectorAll("svg g.mark-line path")].flatMap((path) =>
    [...path.getAttribute("d").matchAll(/[ML]([-\\d.e]+),([-\\d.e]+)/g)].map(([, x, y]) => [Number(x), Number(y)]));
  return { width: area.width, corners, dots: inside("lone_marks"), lower: inside("lower_marks") };
}"""

VALUE_LABELS = """(plot) => {
  const axis = [...plot.querySelectorAll("svg g.role-axis")].at(-1);
  const left = (element) => element.getBoundingClientRect().left - plot.getBoundingClientRect().left;
  return [...axis.querySelectorAll(".role-axis-label text")].map((label) => [label.textContent, left(label)]);
}"""
NOTED = """(text) => document.querySelector('[data-metric="loss"] .chart_notes').textContent.includes(text)"""
ACC_NOTED = NOTED.replace('"loss"', '"acc"')
NOTE_IN_PLACE = """() => document.querySelector('[data-metric="loss"] .plot > .plot_note')"""
DOTS = (
    """(count) => document.querySelectorAll("figure:not([data-metric=acc]) svg g.lone_marks path").length === count"""
)

AT_REST = """(window) => {
  const [{ cards, zoom }] = runsite.charts.sections;
  const card = [...cards.values()].find(({ metric }) => metric.name === "loss");
  const is_asked = card.shown && (!window || String(card.shown.window) === String(window));
  return is_asked && !card.shown.wanted.length && !zoom.is_busy && !zoom.dirty.has(card) && !zoom.moved.has(card);
}"""
"""Whether the window asked for, or any, is drawn of the finest points that it needs."""
ALL_DRAWN = "() => [...runsite.charts.sections[0].cards.values()].every(({ hover }) => hover.tracks.length)"
SCROLL_END = (
    """() => { window.scroll_end = new Promise((done) => addEventListener("scrollend", done, { once: true })); }"""
)
FRAME = """(plot) => {
  const [area, ground] = [plot, plot.querySelector(".background")].map((each) => each.getBoundingClientRect());
  return { left: ground.left - area.left, top: ground.top - area.top, width: ground.width, height: ground.height };
}"""
"""Where in a plot its lines are drawn."""
FOLLOWED = """() => [...runsite.charts.sections[0].cards.values()].some(
  ({ metric, shown, hover }) => metric.name === "loss" && shown?.inside && shown.is_finest && hover.tracks.length)"""
LIFT = """() => { for (const { name } of runsite.charts.sections[0].runs) runsite.charts.sections[0].lift(name); }"""
LIFTED = """() => [...runsite.charts.sections[0].cards.values()].find(({ metric }) => metric.name === "loss")
  .hover.cursor.line.strokes.flat().map(([x]) => x)"""


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    """The page of a run of 300,000 points, one of them a spike and one of them NaN, beside a short metric."""
    folder = tmp_path_factory.mktemp("zoom")
    log = folder / "runs" / "bench" / "long" / "run.jsonl"
    log.parent.mkdir(parents=True)
    with log.open("w") as file:
        for step in range(POINTS):
            loss = f"{3 * math.exp(-4 * step / POINTS) + step * 7919 % 997 / 9970:.5f}"
            loss = "50" if step == SPIKE else '"NaN"' if step == NAN else loss
            acc = f',"acc":{step / POINTS:.4f}' if step % 1000 == 0 else ""
            time = f"{START + step / 20:.2f}"
            file.write(f'{{"type":"metrics","step":{step},"time":{time},"values":{{"loss":{loss}{acc}}}}}\n')
    hostile = folder / "runs" / "bench" / "hostile" / "run.jsonl"
    hostile.parent.mkdir()
    records = ({"type": "metrics", "step": step, "values": {HOSTILE: step % 7, "acc": 0.5}} for step in range(3000))
    hostile.write_text("".join(json.dumps(record) + "\n" for record in records))
    again = folder / "runs" / "apart" / "again" / "run.jsonl"
    again.parent.mkdir(parents=True)
    records = (
        {"type": "metrics", "step": step, "values": {"loss": 1 / (1 + step)}} for step in [*range(60), *range(30, 90)]
    )
    again.write_text("".join(json.dumps(record) + "\n" for record in records))
    site = build_by_command(folder / "runs", folder / "site", chart_cache)
    (page,) = site.glob("experiments/*/runs/long-*/index.html")
    return page


@contextmanager
def opened(
    browser: Browser, page_file: Path, fragment: str = "", *, metric: str = "loss"
) -> Iterator[tuple[Page, Locator, list[str]]]:
    """Open the run's page with its charts drawn; hand over the plot of a metric and what is asked for."""
    asked: list[str] = []
    origin = f"{page_file.parent.as_uri()}/"
    with fresh_context(browser) as context, visiting(context, origin.split("experiments/")[0]) as visit:
        visit.page.on("request", lambda request: asked.append(request.url))
        visit.page.goto(origin + "index.html" + fragment)
        plot = visit.page.locator(f"figure[data-metric={json.dumps(metric)}] .plot")
        plot.locator("svg.marks").wait_for()
        visit.page.evaluate(SETTLED)
        yield visit.page, plot, asked
        assert visit.faults == []


def levels_in(asked: list[str]) -> list[str]:
    return sorted({re.sub(r"\?.*", "", url.rpartition("/")[2]) for url in asked if "/levels/" in url})


def window_around(step: int, width: int) -> tuple[float, float]:
    start = min(max(0.0, step - width * 0.4), POINTS - 1 - width) if width < POINTS else 0.0
    return start, min(start + width, POINTS - 1)


def go_to(page: Page, window: tuple[float, float]) -> None:
    page.evaluate("(text) => { location.hash = text; }", f"#zoom={window[0]}:{window[1]}")
    page.wait_for_function(AT_REST, arg=window)


def place_of(step: int, window: tuple[float, float], width: float) -> float:
    return (step - window[0]) / (window[1] - window[0]) * width


def test_spike_and_nan_are_drawn_at_every_zoom(chromium: Browser, long_run: Path) -> None:
    with opened(chromium, long_run) as (page, plot, asked):
        for width in WIDTHS:
            window = window_around(SPIKE, width)
            go_to(page, window)
            drawn = plot.evaluate(DRAWN)
            peak = min(drawn["corners"], key=lambda corner: float(corner[1]))
            assert peak[1] < 15, width
            assert peak[0] == pytest.approx(place_of(SPIKE, window, drawn["width"]), abs=2), width
        for width in WIDTHS:
            window = window_around(NAN, width)
            go_to(page, window)
            drawn = plot.evaluate(DRAWN)
            expected = place_of(NAN, window, drawn["width"])
            assert [place for place, _ in drawn["lower"]] == [pytest.approx(expected, abs=2)], width

    assert len(levels_in(asked)) < 20, asked


def test_zooming_loads_only_the_chunks_in_view(chromium: Browser, long_run: Path) -> None:
    with opened(chromium, long_run) as (page, plot, asked):
        before = levels_in(asked)
        go_to(page, (229_000, 230_000))
        page.wait_for_function(NOTED, arg="of 1,001 points")
        after = levels_in(asked)
        go_to(page, (229_490, 229_500.5))
        page.wait_for_function(DOTS, arg=11)
        steps = plot.evaluate(DRAWN)

    assert before == []
    assert after == ["1-27.js", "1-28.js", "index.js"]
    assert levels_in(asked) == after, "no more for what lies within"
    assert len(steps["dots"]) == 11


def test_one_zoom_holds_for_all_charts_until_told_otherwise(chromium: Browser, long_run: Path) -> None:
    with opened(chromium, long_run, "#zoom=100000:200000") as (page, _, _asked):
        expect(page.locator("figure.metric_chart.is_zoomed")).to_have_count(2)
        page.locator('figure[data-metric="loss"]').hover()
        page.locator('figure[data-metric="loss"] .zoom_all').click()
        page.locator('figure[data-metric="loss"] .zoom_reset').click()
        page.wait_for_function("() => document.querySelectorAll('.is_zoomed').length === 1")
        page.wait_for_url(lambda url: "zoom_each=1" in url and "zoom%3Aloss" not in url)
        fragment = page.url.partition("#")[2]

    assert "zoom%3Aacc=100000%3A200000" in fragment


def test_address_brings_the_zoom_back_and_escape_ends_it(chromium: Browser, long_run: Path) -> None:
    with opened(chromium, long_run) as (page, plot, _):
        page.wait_for_function(ALL_DRAWN)
        box = plot.bounding_box()
        assert box
        page.mouse.move(box["x"] + 120, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 150, box["y"] + 60)
        page.mouse.move(box["x"] + 200, box["y"] + 60)
        assert plot.locator(".zoom_brush").count() == 1
        page.mouse.up()
        page.wait_for_url("**#zoom=**")
        address = page.url
        page.wait_for_function(AT_REST)
        labels = plot.locator("svg g.role-axis-label text").all_inner_texts()
        page.reload()
        plot.locator("svg.marks").wait_for()
        page.wait_for_function(AT_REST)
        again = plot.locator("svg g.role-axis-label text").all_inner_texts()
        plot.focus()
        page.keyboard.press("Escape")
        page.wait_for_function("() => !location.hash")
        zoomed = page.locator(".is_zoomed").count()

    start, end = (float(number) for number in address.partition("zoom=")[2].split("%3A"))
    assert end - start == pytest.approx(POINTS * 80 / 310, rel=0.1)
    assert again == labels
    assert zoomed == 0


def test_page_scrolls_over_a_chart_without_focus_and_a_chart_with_focus_zooms(
    chromium: Browser, long_run: Path
) -> None:
    with opened(chromium, long_run) as (page, plot, _):
        page.set_viewport_size({"width": 900, "height": 420})
        page.wait_for_function(ALL_DRAWN)
        plot.hover()
        page.evaluate(SCROLL_END)
        page.mouse.wheel(0, 120)
        page.evaluate("() => window.scroll_end")
        assert page.evaluate("() => scrollY") > 0
        scrolled = page.url
        page.evaluate("() => scrollTo(0, 0)")
        plot.hover()
        before = page.evaluate("() => scrollY")
        page.keyboard.down("Control")
        page.mouse.wheel(0, -200)
        page.keyboard.up("Control")
        page.wait_for_url("**#zoom=**")
        by_key = page.url
        plot.focus()
        page.keyboard.press("+")
        page.wait_for_function("(before) => location.href !== before", arg=by_key)
        after = page.evaluate("() => scrollY")

    assert "zoom=" not in scrolled
    assert after == before


def test_ticks_that_become_longer_step_by_step_are_never_cut(chromium: Browser, long_run: Path) -> None:
    with opened(chromium, long_run) as (page, plot, _):
        said = []
        for window in [(0, 229_000), (157_000, 229_000), (189_000, 229_000), (228_000, 229_000)]:
            go_to(page, window)
            labels = plot.evaluate(VALUE_LABELS)
            assert min(left for _, left in labels) > -0.5, labels
            said.append(max(len(text) for text, _ in labels))

    assert said == sorted(said)
    assert said[0] < said[-1]


def test_restart_is_told_where_its_mark_is_seen(chromium: Browser, long_run: Path) -> None:
    (page_file,) = long_run.parents[4].glob("experiments/*/runs/again-*/index.html")
    seams = "svg g.seams_marks path"
    with opened(chromium, page_file, "#zoom=25:35") as (page, plot, _):
        page.wait_for_function(NOTED, arg="1 restart marked")
        seen = plot.locator(seams).count()
        page.evaluate("() => { location.hash = '#zoom=40:50'; }")
        page.wait_for_function(f"(text) => !({NOTED})(text)", arg="restart")
        page.wait_for_function(NOTED, arg="earlier attempts faint")
        unseen = plot.locator(seams).count()

    assert (seen, unseen) == (1, 0)


def test_hostile_name_is_zoomed_like_any_other(chromium: Browser, long_run: Path) -> None:
    (page_file,) = long_run.parent.parent.glob("hostile-*/index.html")

    with opened(chromium, page_file, "#zoom=1000:1010", metric=HOSTILE) as (page, plot, _):
        page.wait_for_function(DOTS, arg=11)
        drawn = plot.evaluate(DRAWN)

    assert len(drawn["dots"]) == 11


def test_runs_are_switched_by_the_eye_while_zoomed(chromium: Browser, long_run: Path) -> None:
    index = long_run.parent.parent.parent / "index.html"
    with opened(chromium, index, "#zoom=229000:230000") as (page, plot, _):
        page.wait_for_function(NOTED, arg="of 1,001 points")
        labels = plot.locator("svg g.role-axis-label text").all_inner_texts()
        eye = page.locator(".run_table tbody tr", has_text="long").locator(".eye")
        eye.click()
        page.wait_for_function(NOTE_IN_PLACE)
        without = page.locator('[data-metric="loss"] .zoom_tools:visible').count()
        page.wait_for_function(ACC_NOTED, arg="No point in this range")
        plot.hover()
        page.mouse.down()
        page.mouse.move(0, 0, steps=3)
        page.mouse.up()
        eye.click()
        plot.locator("svg.marks").wait_for()
        page.wait_for_function(NOTED, arg="of 1,001 points")
        page.wait_for_function(f"(text) => !({ACC_NOTED})(text)", arg="No point in this range")
        page.evaluate(SETTLED)
        again = plot.locator("svg g.role-axis-label text").all_inner_texts()
        for _place in range(5):
            eye.click()
            page.evaluate("() => { location.hash = location.hash.replace('229000', '228000'); }")
            page.evaluate(SETTLED)
        eye.click()
        page.wait_for_function(NOTED, arg="of 2,001 points")
        plot.dblclick()
        page.wait_for_function("() => !location.hash.includes('zoom')")

    assert without == 0
    assert again == labels


def test_lifted_line_is_clipped_to_the_plot(chromium: Browser, long_run: Path) -> None:
    with opened(chromium, long_run, "#zoom=150000.5:150003.5") as (page, plot, _):
        page.wait_for_function(FOLLOWED)
        page.evaluate(LIFT)
        places = page.evaluate(LIFTED)
        ink = page.evaluate(INK, '[data-metric="loss"] .chart_cursor')
        frame = plot.evaluate(FRAME)

    left, right = frame["left"], frame["left"] + frame["width"]
    assert min(places) < left - 10
    assert max(places) > right + 10
    assert ink["left"] >= left - 1
    assert ink["right"] <= right + 1
    # It leaves the frame upwards or downwards on its way to a point that is out of sight.
    assert [ink["top"], ink["bottom"]] == pytest.approx([frame["top"], frame["top"] + frame["height"]], abs=1)
