"""Pages of a site that is served live: they follow the logs, and what the reader did stays."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from browser.visits import INK, SETTLED, TOOLTIP, Visit, fresh_context
from live.commands import Command, fetch, free_port, starting, until
from runsite.registry import register_model, set_model_stage
from support import START, Record, append_to_run, metrics, params, run_end, run_start, write_charts, write_run

DEADLINE_SECONDS = 90
"""Only where all is lost: the machine may be busy, and a page asks for what it lost after up to 60 s."""
HIDE = (
    "Object.defineProperty(document, 'hidden', {{ value: {}, configurable: true }}); "
    "document.dispatchEvent(new Event('visibilitychange'))"
)


@dataclass(frozen=True)
class Live:
    """A store, and its site as it is served."""

    store: Path
    site: Path
    address: str
    serve: Command

    def add_run(self, experiment: str, run: str, *, values: int = 5, time: float = START) -> Path:
        """Write a run without an end, and wait until the site has it."""
        points = [metrics(step, {"val/loss": 1 / (step + 1)}, time=time + step) for step in range(values)]
        folder = write_run(self.store, experiment, run, run_start(time=time), params(lr=0.1), *points)
        until(lambda: any(self.site.glob(f"experiments/{experiment}-*/runs/{run}-*/index.html")))
        until(lambda: any(self.site.glob(f"experiments/{experiment}-*/index.html")))  # a run's page comes first
        until(lambda: f'/{self.page(experiment, run)}"' in fetch(self.address + self.page(experiment)))
        return folder

    @property
    def settings(self) -> Path:
        return self.store / "runsite.toml"

    @property
    def style(self) -> Path:
        return self.store / "theme" / "static" / "compare.css"

    def page(self, experiment: str, run: str = "") -> str:
        """Return the path of a page."""
        pattern = f"experiments/{experiment}-*/" + (f"runs/{run}-*/index.html" if run else "index.html")
        return next(iter(self.site.glob(pattern))).relative_to(self.site).as_posix()


def is_told(address: str) -> bool:
    """Tell whether pages were told of the first build: one that opens between its files and its news loads anew."""
    return re.search(r' data-generation="[^"]+-[1-9]', fetch(address)) is not None


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("live")
    write_run(folder / "runs", "first", "one")
    with starting(folder, chart_cache) as begin:
        serve = begin("serve", "runs", "--watch", "--port", str(free_port()))
        address = serve.wait_for(r"serving (\S+)")[1]
        until(lambda: is_told(address))
        yield Live(folder / "runs", folder / "site", address, serve)


@pytest.fixture(scope="module")
def one_context(chromium: Browser, live: Live) -> Iterator[BrowserContext]:
    """A context whose process outlives its tabs, by a picture of the site: a fresh one takes two seconds to warm up."""
    with fresh_context(chromium) as made:
        made.new_page().goto(live.address + "assets/icon.svg")
        yield made


@pytest.fixture
def context(one_context: BrowserContext) -> Iterator[BrowserContext]:
    """The context, without a tab of ours before and after."""
    yield one_context
    for page in one_context.pages[1:]:
        page.close()


@pytest.fixture
def own_context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh context, for another server or another clock: all tabs of a context have one clock."""
    with fresh_context(chromium) as made:
        yield made


def open_page(context: BrowserContext, live: Live, path: str) -> Visit:
    """Open a page, and mark it so that one that was loaded anew is known."""
    visit = Visit(context.new_page(), live.address)
    visit.open(path)
    visit.page.evaluate("window.is_the_same = true")
    until(lambda: visit.page.evaluate("Boolean(document.documentElement.dataset.live)"))
    return visit


def holds(page: Page, expression: str) -> Any:
    """Wait until an expression holds; the page's policy forbids Playwright's own way."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (value := page.evaluate(expression)):
        assert time.monotonic() < deadline, f"{expression}: {page.inner_text('body')[:2000]}"
        page.wait_for_timeout(20)
    return value


def says(page: Page, text: str, *, within: str = "main") -> None:
    holds(page, f"[...document.querySelectorAll({within!r})].some((part) => part.innerText.includes({text!r}))")


@contextmanager
def put(path: Path, text: str) -> Iterator[None]:
    """Put a file there for as long as the context lasts: other tests have the same store."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    try:
        yield
    finally:
        path.unlink()


def bar(page: Page, addresses: str | re.Pattern[str], *, times: int | None = None) -> list[str]:
    """Let requests fail; return the list of those that did."""
    asked: list[str] = []

    def cut_off(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(addresses, cut_off, times=times)
    return asked


SECTION = "globalThis.runsite.charts?.sections?.[0]"
DRAWS_NO_MORE = """(async () => {
  const sections = globalThis.runsite.charts?.sections ?? [];
  const cards = sections.flatMap((section) => [...section.cards.values()]);
  await Promise.all(cards.map((card) => card.drawing));
  await new Promise((done) => setTimeout(done));  // what waited for a drawing begins another
  return cards.every((card) => !card.is_near || (card.drawing && !card.is_stale && !card.is_queued))
    && sections.every(({ zoom: { dirty, moved, seen, is_busy } }) =>
      !is_busy && !moved.size && ![...dirty].some((card) => seen.has(card)));
})()"""


def draws(page: Page, points: int) -> None:
    """Wait until the first chart has so many points of its line."""
    holds(page, f"{SECTION} && [...{SECTION}.cards.values()][0].lines?.[0]?.series.count === {points}")
    holds(page, f"[...{SECTION}.cards.values()][0].view?.data('points').length === {points}")


def draws_no_more(page: Page) -> None:
    """Wait until the charts in sight and near it have been drawn as they stay: they move nothing below any more."""
    page.evaluate(SETTLED)
    holds(page, DRAWS_NO_MORE)
    page.evaluate(SETTLED)


def rests(visit: Visit) -> None:
    """Wait until a page has taken all news that there are, and its charts show them."""
    address = visit.page.url.partition("#")[0]
    known = "document.documentElement.dataset.live"
    until(lambda: f' data-generation="{visit.page.evaluate(known)}"' in fetch(address))
    draws_no_more(visit.page)


def stayed(visit: Visit) -> None:
    """Assert that a page was never loaded anew, and complained of nothing."""
    assert visit.page.evaluate("window.is_the_same") is True
    assert visit.faults == []


def test_line_that_is_logged_moves_curve_figures_and_row(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("lines", "a")
    run = open_page(context, live, live.page("lines", "a"))
    experiment = open_page(context, live, live.page("lines"))
    draws(run.page, 5)
    draws(experiment.page, 5)

    append_to_run(folder, metrics(5, {"val/loss": 7.25}, time=START + 5))

    for visit in (run, experiment):
        draws(visit.page, 6)
        says(visit.page, "7.25")
        stayed(visit)


def test_what_the_reader_did_stays(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("kept", "a")
    for number in range(40):
        write_run(live.store, "kept", f"b{number:02}", run_start(), metrics(0, {"val/loss": number + 2}), run_end())
    until(lambda: "41 runs" in fetch(live.address + live.page("kept")))
    fragment = "#filter=val%2Floss+%3C+30&sort=-val%2Floss&selected=kept%2Fa"
    visit = open_page(context, live, live.page("kept") + fragment)
    page = visit.page
    says(page, "29 of 41 runs", within=".run_table_note")
    draws_no_more(page)
    page.evaluate("document.querySelector('.run_table_box').scrollTop = 140")
    page.evaluate("window.scrollTo(0, 120)")
    page.locator(".run_table_filter").focus()

    append_to_run(folder, metrics(6, {"val/loss": 8.5}, time=START + 9))
    says(page, "8.5", within=".run_table")

    assert page.evaluate("location.hash") == fragment
    assert page.evaluate("document.querySelector('.run_table_box').scrollTop") == 140
    assert page.evaluate("scrollY") == 120
    assert page.evaluate("document.activeElement.className") == "run_table_filter"
    says(page, "1 selected")
    write_run(live.store, "kept", "worst", run_start(), metrics(0, {"val/loss": 29.5, "val/acc": 0.5}), run_end())
    says(page, "30 of 42 runs", within=".run_table_note")
    says(page, "Runs of kept: 30 of 42 runs", within="caption")
    assert page.evaluate("document.querySelector('.run_table_box').scrollTop") == 140
    assert page.evaluate("scrollY") == 120
    stayed(visit)


def test_zoom_stays_while_the_curve_grows(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("zoomed", "a", values=40)
    visit = open_page(context, live, live.page("zoomed", "a") + "#zoom=10:20")
    window = "[...globalThis.runsite.charts.sections[0].cards.values()][0].view?.scale('x').domain().join()"
    assert holds(visit.page, f"{window} === '10,20' && {window}")

    append_to_run(folder, metrics(40, {"val/loss": 3.5}, time=START + 50))
    says(visit.page, "3.5")
    section = "globalThis.runsite.charts.sections[0]"
    holds(visit.page, f"[...{section}.cards.values()][0].lines[0].series.count === 41")
    holds(visit.page, f"{window} === '10,20'")

    assert visit.page.evaluate("location.hash") == "#zoom=10:20"
    stayed(visit)


CURSOR = ".metric_chart canvas.chart_cursor"
SAID = "document.querySelector('.metric_chart .plot').getAttribute('aria-valuetext')"


def test_place_that_is_pointed_at_stays_while_the_curve_grows(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("pointed", "a", values=41)
    visit = open_page(context, live, live.page("pointed", "a"))
    draws(visit.page, 41)
    visit.page.locator(".metric_chart .plot").first.hover()
    before = visit.page.evaluate(TOOLTIP)

    for step in (41, 42, 43):
        append_to_run(folder, metrics(step, {"val/loss": 0.5}, time=START + step))
        draws(visit.page, step + 1)
        assert visit.page.evaluate(TOOLTIP) == before
    rests(visit)

    assert visit.page.evaluate(TOOLTIP) == before
    assert visit.page.evaluate(INK, CURSOR)
    visit.page.mouse.move(0, 0)
    append_to_run(folder, metrics(44, {"val/loss": 0.5}, time=START + 44))
    draws(visit.page, 45)
    rests(visit)
    assert visit.page.locator(".chart_tooltip:visible").count() == 0
    stayed(visit)


def test_keyboard_walks_on_while_the_curve_grows(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("walked", "a", values=40)
    visit = open_page(context, live, live.page("walked", "a"))
    draws(visit.page, 40)
    visit.page.locator(".metric_chart .plot").first.focus()
    steps = []

    for step in range(40, 44):
        visit.page.keyboard.press("ArrowRight")
        steps.append(visit.page.evaluate(SAID).partition(":")[0])
        append_to_run(folder, metrics(step, {"val/loss": 0.5}, time=START + step))
        draws(visit.page, step + 1)
    rests(visit)

    assert steps == ["step 0", "step 1", "step 2", "step 3"]
    holds(visit.page, f"{SAID}.startsWith('step 3: ')")
    assert visit.page.evaluate(TOOLTIP)["caption"] == "step 3"
    visit.page.keyboard.press("End")
    assert visit.page.evaluate(SAID) == "step 43: 0.5"
    stayed(visit)


def test_new_runs_experiments_metrics_and_ends_appear(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("growing", "a")
    experiment = open_page(context, live, live.page("growing"))
    run = open_page(context, live, live.page("growing", "a"))
    overview = open_page(context, live, "index.html")
    draws(run.page, 5)

    append_to_run(folder, metrics(5, {"val/acc": 0.875}, time=START + 5))
    says(run.page, "val/acc", within="section.charts")
    holds(run.page, "document.querySelectorAll('.metric_chart .vega svg').length === 2")
    write_run(live.store, "growing", "bee", run_start(time=START + 9), metrics(0, {"val/loss": 0.001}, time=START + 9))
    says(experiment.page, "bee", within=".run_table")
    says(experiment.page, "bee", within=".chart_legend")
    write_run(live.store, "brand new", "a")
    says(overview.page, "brand new")
    append_to_run(folder, run_end("failed", error={"type": "OutOfMemory", "message": "42 GB"}))
    says(run.page, "✕ failed")
    says(experiment.page, "✕ failed", within=".run_table")
    says(overview.page, "OutOfMemory: 42 GB")

    for visit in (experiment, run, overview):
        stayed(visit)


FIGURES = (
    "[...document.querySelectorAll('[data-metric=\"{}\"] .chart_figures > span')]"
    ".map((item) => item.textContent.trim()).join(' · ')"
)
AXES = "[...document.querySelector('[aria-label=\"x axis\"]').options].map(({ text }) => text).join(' · ')"


def test_figures_that_a_metric_gets_with_its_second_value_appear(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("few", "a", values=1)
    append_to_run(folder, metrics(1, {"x": 3}, time=START + 1))
    visit = open_page(context, live, live.page("few", "a"))
    figures = FIGURES.format("x")
    holds(visit.page, f"{figures} === 'last 3'")

    for step, figures_now in ((2, "last 9 · min 3 · max 9"), (3, "last 10 · min 3 · max 10")):
        append_to_run(folder, metrics(step, {"x": step + 7}, time=START + step))
        holds(visit.page, f"{figures} === {figures_now!r}")

    rests(visit)
    assert visit.page.evaluate(figures) == "last 10 · min 3 · max 10"
    stayed(visit)


def test_figures_stand_once_after_goals_were_set_and_unset(live: Live, context: BrowserContext) -> None:
    write_run(live.store, "unset", "a", run_start(), metrics(0, {"test/acc": 0.5, "x": 3}))
    until(lambda: any(live.site.glob("experiments/unset-*/index.html")))
    visit = open_page(context, live, live.page("unset"))
    x, accuracy = FIGURES.format("x"), FIGURES.format("test/acc")
    holds(visit.page, f"{x} === 'always 3' && {accuracy} === 'best 0.5 a'")

    with put(live.settings, '[metrics.x]\ngoal = "maximize"\n[metrics."test/acc"]\ngoal = "minimize"\n'):
        holds(visit.page, f"{x} === 'best 3 a' && {accuracy} === 'best 0.5'")
        live.settings.write_text('[metrics.x]\ngoal = "minimize"\nunit = "%"\n')
        holds(visit.page, f"document.querySelector('[data-metric=x] .unit') && {accuracy} === 'best 0.5'")

    holds(visit.page, f"{x} === 'always 3'")
    rests(visit)
    assert visit.page.evaluate(accuracy) == "best 0.5 a"
    stayed(visit)


@pytest.mark.parametrize("run", ["a", ""])
def test_metric_that_comes_can_be_chosen_as_axis_and_the_one_chosen_stays(
    live: Live, context: BrowserContext, run: str
) -> None:
    experiment = f"axes{len(run)}"
    folder = live.add_run(experiment, "a")
    visit = open_page(context, live, live.page(experiment, run))
    holds(visit.page, f"{AXES} === 'step · relative time · wall time'")
    menu = visit.page.get_by_label("x axis", exact=True)
    menu.select_option("relative")
    menu.focus()

    append_to_run(folder, *(metrics(step, {"epoch": step, "acc": step / 8}, time=START + step) for step in (5, 6)))
    holds(visit.page, f"{AXES}.split(' · ').toSorted().join() === 'acc,epoch,relative time,step,val/loss,wall time'")
    definition = {"type": "metric_definition", "name": "acc", "step_metric": "epoch"}
    append_to_run(folder, definition)
    holds(visit.page, f"{AXES}.startsWith('as declared · step · ')")
    with put(live.settings, '[metrics.epoch]\nlabel = "Round"\n'):
        holds(visit.page, f"{AXES}.includes('Round')")

        assert menu.input_value() == "relative"
        assert menu.evaluate("(menu) => menu === document.activeElement")
        menu.select_option("")
        axis_name = "document.querySelector('[data-metric=acc] .axis_name').textContent"
        holds(visit.page, f"{axis_name} === 'Round'")
    holds(visit.page, f"{axis_name} === 'epoch'")
    assert menu.input_value() == ""
    stayed(visit)


def test_quiet_charts_that_were_closed_during_a_search_stay_closed(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("still", "a")
    append_to_run(folder, *(metrics(step, {"const": 1}, time=START + step) for step in (5, 6, 7)))
    until(lambda: "quiet_charts" in fetch(live.address + live.page("still", "a")))
    visit = open_page(context, live, live.page("still", "a") + "#find_chart=const")
    holds(visit.page, "document.querySelector('.quiet_charts').open")
    visit.page.click(".quiet_charts > summary")

    append_to_run(folder, metrics(8, {"val/loss": 7.25}, time=START + 8))
    holds(visit.page, f"{FIGURES.format('val/loss')}.includes('last 7.25')")

    assert not visit.page.evaluate("document.querySelector('.quiet_charts').open")
    stayed(visit)


def test_curve_over_another_metric_grows(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("over", "a")
    append_to_run(folder, *(metrics(step, {"val/loss": 0.5, "epoch": step}, time=START + step) for step in (5, 6)))
    until(lambda: "epoch" in fetch(live.address + live.page("over", "a")))
    visit = open_page(context, live, live.page("over", "a") + "#x=metric%3Aepoch")
    points = "[...runsite.charts.sections[0].cards.values()][0].view?.data('points').length"
    holds(visit.page, f"{points} === 2")

    append_to_run(folder, *(metrics(step, {"val/loss": 0.25, "epoch": step}, time=START + step) for step in (7, 8)))

    holds(visit.page, f"{points} === 4")
    stayed(visit)


def test_chart_that_can_no_longer_be_drawn_names_no_axis_and_is_no_slider(live: Live, context: BrowserContext) -> None:
    live.add_run("lost", "a")
    visit = open_page(context, live, live.page("lost", "a"))
    draws(visit.page, 5)
    plot = "document.querySelector('.metric_chart .plot')"
    holds(visit.page, f"{plot}.getAttribute('role') === 'slider'")

    with put(live.settings, '[metrics."val/loss"]\nstep_metric = "epoch"\n'):
        says(visit.page, "1 run without epoch", within=".plot")
        assert visit.page.evaluate(f"{plot}.getAttribute('aria-label')") is None
        assert visit.page.evaluate("document.querySelector('.axis_name').textContent") == ""
        assert visit.page.inner_text(".metric_chart").count("without epoch") == 1
    holds(visit.page, f"{plot}.getAttribute('role') === 'slider'")
    stayed(visit)


def two_values(step: int, *names: str) -> list[Record]:
    """Make records of metrics for one build: where it sees one value alone, it lays their charts aside as quiet."""
    return [metrics(each, dict.fromkeys(names, each), time=START + each) for each in (step, step + 1)]


MANY = [f"train/{number}" for number in range(13)]
"""So many metrics that charts stand in groups."""


def test_card_that_comes_before_a_pinned_one_stands_before_it_once_that_is_unpinned(
    live: Live, context: BrowserContext
) -> None:
    folder = live.add_run("pins", "a")
    visit = open_page(context, live, live.page("pins", "a") + "#pin_charts=val%2Floss")
    holds(visit.page, "document.querySelector('.pinned_charts .metric_chart')")

    append_to_run(folder, *two_values(5, "val/acc", "val/zeal", "a/new"))
    holds(visit.page, "document.querySelectorAll('.metric_chart').length === 4")
    visit.page.click("[data-metric='val/loss'] .chart_pin")

    order = "[...document.querySelectorAll('.metric_chart')].map((card) => card.dataset.metric).join()"
    live_order = visit.page.evaluate(order)
    visit.page.reload()
    holds(visit.page, "document.querySelectorAll('.metric_chart').length === 4")
    assert live_order == visit.page.evaluate(order)
    assert visit.faults == []


def test_group_of_cards_that_comes_is_folded_where_the_address_folds_it(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("folds", "a")
    append_to_run(folder, *two_values(5, *MANY))
    until(lambda: "chart_group" in fetch(live.address + live.page("folds", "a")))
    visit = open_page(context, live, live.page("folds", "a") + "#folded=late%2Cval")
    opened = "[...document.querySelectorAll('.chart_group[open]')].map(({ dataset }) => dataset.prefix).join()"
    holds(visit.page, f"{opened} === 'train'")

    append_to_run(folder, *two_values(7, "late/a", "late/b"))
    holds(visit.page, "document.querySelector('[data-metric=\"late/a\"]')")

    holds(visit.page, f"{opened} === 'train'")
    assert visit.page.evaluate("location.hash") == "#folded=late%2Cval"
    stayed(visit)


def test_pinned_card_is_there_once_when_groups_begin(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("begun", "a")
    visit = open_page(context, live, live.page("begun", "a") + "#pin_charts=val%2Floss")
    holds(visit.page, "document.querySelector('.pinned_charts .metric_chart')")

    append_to_run(folder, *two_values(5, *MANY))

    holds(visit.page, "document.querySelectorAll('.chart_group').length === 2")
    holds(visit.page, "document.querySelector('.pinned_charts [data-metric=\"val/loss\"]')")
    assert visit.page.evaluate("runsite.charts.sections[0].cards.size") == 14
    assert visit.page.evaluate("document.querySelectorAll('.metric_chart').length") == 14
    stayed(visit)


@pytest.mark.parametrize(
    ("view", "legend", "reason"),
    [
        ("drawn=-worded%2Fa", "b", "1 run, as chosen in the table"),
        ("group=params.lr&band=min_max", "lr 0.1", "1 group of the table"),
    ],
)
def test_words_of_the_curves_that_the_reader_chose_stay_when_runs_come(
    live: Live, context: BrowserContext, view: str, legend: str, reason: str
) -> None:
    experiment = f"worded{len(legend)}"
    view = view.replace("worded", experiment)
    for run in "ab":
        write_run(live.store, experiment, run, run_start(), params(lr=0.1), metrics(0, {"val/loss": 0.5}), run_end())
    until(lambda: any(live.site.glob(f"experiments/{experiment}-*/index.html")))
    until(lambda: "2 runs" in fetch(live.address + live.page(experiment)))
    visit = open_page(context, live, live.page(experiment) + f"#{view}")
    words = (
        "['.chart_legend', '.chart_reason'].map((part) => document.querySelector(`section.charts > ${part}`).innerText)"
    )
    holds(visit.page, f"{words}.join() === {legend + chr(44) + reason!r}")

    live.add_run(experiment, "c")

    says(visit.page, "3 runs", within=".run_table_note")
    rests(visit)
    seen = visit.page.evaluate(words)
    visit.page.reload()
    holds(visit.page, f"{words}.join() === {','.join(seen)!r}")
    assert visit.faults == []


def test_views_of_the_settings_come_go_and_are_marked(live: Live, context: BrowserContext) -> None:
    live.add_run("viewed", "a")
    visit = open_page(context, live, live.page("viewed"))
    views = "[...document.querySelectorAll('.run_table_views:not([hidden]) a')].map((link) => link.innerText).join()"
    with put(live.settings, '[views."Good"]\nfilter = "val/loss < 1"\n'):
        holds(visit.page, f"{views} === 'All,Good'")
        visit.page.click(".run_table_views a:last-child")
        assert visit.page.inner_text(".run_table_views [aria-current]") == "Good"
    holds(visit.page, f"{views} === ''")
    stayed(visit)


def test_custom_charts_follow_runs_points_and_specs(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("own", "a")
    x, y = ({"field": name, "type": "quantitative"} for name in ("step", "value"))
    points = {"data": {"name": "metric:val/loss"}, "mark": "point", "encoding": {"x": x, "y": y}}
    runs = {"data": {"name": "runs"}, "mark": "point", "encoding": {"x": {"field": "id"}}}
    write_charts(live.store, "own", {"points": points, "runs": runs})
    until(lambda: "runs.vl.json" in fetch(live.address + live.page("own")))
    visit = open_page(context, live, live.page("own"))
    visit.page.evaluate("document.querySelector('.custom_charts').scrollIntoView()")
    marks = (
        "[...document.querySelectorAll('.custom_chart')]"
        ".map((card) => card.querySelectorAll('.mark-symbol path').length).join()"
    )
    holds(visit.page, f"{marks} === '5,1'")

    append_to_run(folder, metrics(5, {"val/loss": 0.75}, time=START + 5))
    holds(visit.page, f"{marks} === '6,1'")
    live.add_run("own", "b", values=4)
    holds(visit.page, f"{marks} === '10,2'")
    stayed(visit)
    write_charts(live.store, "own", {"more": runs})

    visit.page.get_by_text("more.vl.json").wait_for(timeout=1000 * DEADLINE_SECONDS)  # it is loaded anew
    visit.page.evaluate("document.querySelector('.custom_charts').scrollIntoView()")
    holds(visit.page, f"{marks} === '2,10,2'")
    assert visit.faults == []


def test_custom_chart_whose_rows_could_not_be_loaded_is_drawn_once_they_come(
    live: Live, context: BrowserContext
) -> None:
    live.add_run("rowless", "a")
    runs = {"data": {"name": "runs"}, "mark": "point", "encoding": {"x": {"field": "id"}}}
    write_charts(live.store, "rowless", {"runs": runs})
    until(lambda: "runs.vl.json" in fetch(live.address + live.page("rowless")))
    page = context.new_page()
    bar(page, "**/rows/**")
    page.goto(f"{live.address}{live.page('rowless')}")
    page.evaluate("document.querySelector('.custom_charts').scrollIntoView()")
    says(page, "This chart could not be drawn", within=".custom_chart")

    page.unroute("**/rows/**")

    page.locator(".custom_chart .mark-symbol path").wait_for(timeout=1000 * DEADLINE_SECONDS)


def test_table_whose_rows_could_not_be_loaded_starts_once_they_come_again(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("retried", "a")
    page = context.new_page()
    bar(page, "**/rows/**")
    page.goto(live.address + live.page("retried"))
    until(lambda: page.evaluate("Boolean(document.documentElement.dataset.live)"))
    assert page.is_hidden(".filter_box")

    page.unroute("**/rows/**")
    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))

    says(page, "0.0625", within=".run_table")
    holds(page, "!document.querySelector('.filter_box').hidden")


def test_relations_follow_values_and_runs(live: Live, context: BrowserContext) -> None:
    folders = [live.add_run("related", f"r{number}", values=2 + number) for number in range(3)]
    visit = open_page(context, live, live.page("related"))
    visit.page.locator("section.relations").scroll_into_view_if_needed()
    visit.page.locator(".relation_listing summary").click()
    says(visit.page, "0.25", within=".relation_listing")

    append_to_run(folders[2], metrics(5, {"val/loss": 0.0625}, time=START + 5))
    says(visit.page, "0.0625", within=".relation_listing")
    live.add_run("related", "new", values=8)

    says(visit.page, "new", within=".relation_listing")
    says(visit.page, "0.125", within=".relation_listing")
    assert "lack" not in visit.page.inner_text("section.relations")
    stayed(visit)


def test_order_follows_a_goal_that_is_changed_unless_the_reader_chose_one(live: Live, context: BrowserContext) -> None:
    live.add_run("judged", "long", values=9)
    append_to_run(live.add_run("judged", "short", values=2), metrics(2, {"val/loss": 5.5}, time=START + 2))
    visit = open_page(context, live, live.page("judged"))
    place = "document.querySelector('main table').innerText.indexOf"
    holds(visit.page, f"0 < {place}('long') && {place}('long') < {place}('short')")

    with put(live.settings, '[metrics."val/loss"]\ngoal = "maximize"\n'):
        holds(visit.page, f"0 < {place}('short') && {place}('short') < {place}('long')")
        says(visit.page, "2 runs, best first by val/loss")
        stayed(visit)


def test_open_menu_of_columns_takes_up_labels_order_and_params(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("menus", "a")
    append_to_run(folder, metrics(5, {"acc": 0.5}, time=START + 5))
    until(lambda: "metrics.acc" in fetch(live.address + live.page("menus")))
    visit = open_page(context, live, live.page("menus"))
    names = "[...document.querySelectorAll('.metric_name')].map(({ textContent }) => textContent).join()"
    visit.page.click(".run_table_columns summary")
    holds(visit.page, f"{names} === 'val/loss,acc'")
    visit.page.evaluate("(window.box = document.querySelector('[name=\"metrics.val/loss.mean\"]')).focus()")

    append_to_run(folder, metrics(6, {"acc": 0.625}, time=START + 6))
    says(visit.page, "0.625", within=".run_table")
    assert visit.page.evaluate("box.isConnected")  # it says nothing else than before
    with put(live.settings, '[experiments.menus]\nmetric = "acc"\n[metrics."val/loss"]\nlabel = "Loss"\n'):
        holds(visit.page, f"{names} === 'acc,Loss'")
        assert visit.page.evaluate("document.activeElement.name") == "metrics.val/loss.mean"
    holds(visit.page, f"{names} === 'val/loss,acc'")

    visit.page.click(".run_table_group summary")
    append_to_run(live.add_run("menus", "b"), params(depth=3))
    says(visit.page, "depth", within=".run_table_group")
    stayed(visit)


def test_baseline_that_the_settings_name_is_taken_unless_the_reader_chose(live: Live, context: BrowserContext) -> None:
    for run in "abc":
        live.add_run("based", run)
    as_it_came = open_page(context, live, live.page("based"))
    says(as_it_came.page, "3 runs", within=".run_table_note")
    chosen = open_page(context, live, live.page("based") + "#baseline=based%2Fc")
    without = open_page(context, live, live.page("based") + "#baseline=none")
    with put(live.settings, '[experiments."based"]\nbaseline = "b"\n'):
        as_it_came.page.bring_to_front()
        says(as_it_came.page, "Baseline: b", within=".run_table_chips")
        as_it_came.page.fill(".run_table_filter", "lr > 0")
        holds(as_it_came.page, "location.hash.includes('filter')")
        assert "baseline" not in as_it_came.page.evaluate("location.hash")
        for visit, chips in ((chosen, "Baseline: c"), (without, "")):
            visit.page.bring_to_front()
            holds(visit.page, "runsite.run_tables[0].started().then(({ table }) => table.head.baseline === 'based/b')")
            holds(visit.page, f"document.querySelector('.run_table_chips').innerText.startsWith({chips!r})")
            assert "Baseline: b" not in visit.page.inner_text(".run_table_chips")
    as_it_came.page.bring_to_front()
    holds(as_it_came.page, "!document.querySelector('.run_table_chips').innerText.includes('Baseline')")
    for visit in (as_it_came, chosen, without):
        stayed(visit)


def test_chart_at_full_size_follows_the_runs_and_the_label(live: Live, context: BrowserContext) -> None:
    live.add_run("sized", "a")
    visit = open_page(context, live, live.page("sized"))
    draws(visit.page, 5)
    visit.page.locator(".metric_chart").first.hover()
    visit.page.locator(".metric_chart .chart_full").first.click()
    dialog = visit.page.locator("dialog.full_chart")
    legend = dialog.locator(".full_head .chart_legend li")
    assert legend.count() == 0

    live.add_run("sized", "b")
    with put(live.settings, '[metrics."val/loss"]\nlabel = "Loss at hand"\n'):
        holds(visit.page, "document.querySelectorAll('dialog .full_head .chart_legend li').length === 2")
        holds(visit.page, "document.querySelector('dialog').ariaLabel === 'Loss at hand'")
        legend.nth(1).hover()
        holds(visit.page, "document.querySelector('dialog .plot.is_faded')")
    stayed(visit)


def test_versions_and_stages_appear(live: Live, context: BrowserContext) -> None:
    visit = open_page(context, live, "models/index.html")

    event = register_model("reader", uri="https://example.org/m", store=live.store, by="Ada")
    says(visit.page, "reader")
    assert event.version is not None
    set_model_stage("reader", event.version, "Production", reason="best", store=live.store, by="Ada")

    says(visit.page, "Production")
    stayed(visit)


def test_run_that_says_nothing_more_turns_stalled(live: Live, own_context: BrowserContext) -> None:
    now = time.time()
    live.add_run("quiet", "a", time=now - 60)
    page = own_context.new_page()
    page.clock.install()
    page.goto(live.address + live.page("quiet", "a"))
    says(page, "▶ running")

    page.clock.fast_forward(3_600_000)

    says(page, "◌ stalled")


def test_page_that_was_hidden_catches_up_once_it_is_seen(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("hidden", "a")
    visit = open_page(context, live, live.page("hidden", "a"))

    visit.page.evaluate(HIDE.format("true"))
    append_to_run(folder, metrics(5, {"val/loss": 4.25}, time=START + 5))
    until(lambda: "4.25" in (live.site / live.page("hidden", "a")).read_text())
    assert "4.25" not in visit.page.inner_text("main")
    visit.page.evaluate(HIDE.format("false"))

    says(visit.page, "4.25")
    draws(visit.page, 6)
    stayed(visit)


@pytest.mark.parametrize(("experiment", "taker"), [("missed", "renew_points"), ("unseen", "adopt_charts")])
def test_news_that_could_not_be_taken_are_asked_for_again(
    live: Live, context: BrowserContext, experiment: str, taker: str
) -> None:
    folder = live.add_run(experiment, "a")
    visit = open_page(context, live, live.page(experiment))
    draws(visit.page, 5)
    visit.page.evaluate(
        """(taker) => {
          const real = runsite.live[taker];
          runsite.live[taker] = () => { runsite.live[taker] = real; throw new Error("once"); };
        }""",
        taker,
    )

    append_to_run(folder, metrics(5, {"val/loss": 0.125}, time=START + 5))

    draws(visit.page, 6)
    says(visit.page, "0.125", within=".run_table")
    assert [fault for fault in visit.faults if "once" not in fault] == []
    assert len(visit.faults) == 1
    assert visit.page.evaluate("window.is_the_same") is True


def test_data_that_could_not_be_loaded_are_asked_for_again(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("cut", "a")
    visit = open_page(context, live, live.page("cut"))
    draws(visit.page, 5)
    cut = bar(visit.page, re.compile(r"\?live="), times=2)

    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))

    draws(visit.page, 6)
    says(visit.page, "0.0625", within=".run_table")
    assert len(cut) == 2
    assert visit.page.evaluate("window.is_the_same")


def test_data_that_can_never_be_loaded_hold_up_nothing_else(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("barred", "a")
    visit = open_page(context, live, live.page("barred"))
    draws(visit.page, 5)
    barred = re.compile(r"/series\.js\?live=")
    bar(visit.page, barred)

    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))
    says(visit.page, "0.0625", within=".run_table")
    live.add_run("barred", "b", values=3)
    says(visit.page, "2 runs")
    says(visit.page, "Some data of this page could not be loaded", within=".live_banner")
    visit.page.unroute(barred)

    holds(visit.page, f"[...{SECTION}.cards.values()][0].lines?.[0].series.count === 6")
    holds(visit.page, "document.querySelector('.live_banner').hidden")
    assert visit.page.evaluate("window.is_the_same")


def test_curves_of_a_run_that_came_are_asked_for_again(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("joined", "a")
    visit = open_page(context, live, live.page("joined"))
    draws(visit.page, 5)
    barred = re.compile(r"/runs/b-[^/]*/series\.js")
    visit.page.evaluate(
        """(() => {
          const { load_lost } = runsite.live;
          window.tries = 0;
          runsite.live.load_lost = (from) => { window.tries += 1; return load_lost(from); };
        })()"""
    )
    asked = bar(visit.page, barred)

    live.add_run("joined", "b", values=4)
    says(visit.page, "1 run could not be loaded", within=".chart_notes")
    for step in range(5, 9):  # what stands there goes on, and what is lost is not asked for with each line
        append_to_run(folder, metrics(step, {"val/loss": 0.0625}, time=START + step))
        holds(visit.page, f"[...{SECTION}.cards.values()][0].lines[0]?.series.count === {step + 1}")
    times_asked = len(asked)
    assert times_asked <= 1 + visit.page.evaluate("window.tries")
    visit.page.unroute(barred)

    holds(visit.page, f"[...{SECTION}.cards.values()][0].lines?.length === 2")
    assert "could not" not in visit.page.inner_text(".chart_notes")
    assert visit.page.evaluate("window.is_the_same")


def test_data_that_never_come_are_given_up(live: Live, own_context: BrowserContext) -> None:
    own_context.clock.install()
    folder = live.add_run("hung", "a")
    visit = open_page(own_context, live, live.page("hung"))
    draws(visit.page, 5)
    held: list[Route] = []
    visit.page.route(re.compile(r"/series\.js\?live="), lambda route: held.append(route), times=1)

    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))
    until(lambda: visit.page.evaluate("1") and bool(held))
    visit.page.clock.fast_forward(31_000)
    says(visit.page, "0.0625", within=".run_table")
    visit.page.clock.fast_forward(3000)

    draws(visit.page, 6)
    assert visit.page.evaluate("window.is_the_same")


def test_run_that_cannot_be_loaded_keeps_no_comparison_from_its_news(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("weighed", "a")
    live.add_run("weighed", "b")
    visit = open_page(context, live, "compare.html#runs=weighed%2Fa,weighed%2Fb")
    draws_two = f"[...{SECTION}.cards.values()][0].lines?.[0]?.series.count"
    holds(visit.page, f"{SECTION} && {draws_two} === 5")
    bar(visit.page, "**/rows/*.js*")

    live.add_run("weighed", "c")
    append_to_run(folder, {"type": "dataset", "name": "digits"}, metrics(5, {"val/loss": 0.0625}, time=START + 5))
    holds(visit.page, f"{draws_two} === 6")
    append_to_run(folder, metrics(6, {"val/loss": 0.0625}, time=START + 6))
    holds(visit.page, f"{draws_two} === 7")
    visit.page.unroute("**/rows/*.js*")

    says(visit.page, "6 s")
    assert visit.page.evaluate("window.is_the_same")


def test_waiting_page_becomes_the_site_of_an_empty_store(
    tmp_path: Path, chart_cache: Path, own_context: BrowserContext
) -> None:
    (tmp_path / "runs").mkdir()
    with starting(tmp_path, chart_cache) as begin:
        serve = begin("serve", "runs", "--watch", "--port", str(free_port()))
        page = own_context.new_page()
        page.goto(serve.wait_for(r"serving (\S+)")[1])

        until(lambda: page.locator(".live_waiting").count() == 0 and (tmp_path / "site" / "index.html").exists())


SPACING = "getComputedStyle(document.querySelector('h1')).letterSpacing"


def test_style_that_could_not_be_loaded_is_asked_for_again(live: Live, context: BrowserContext) -> None:
    visit = open_page(context, live, "index.html")
    links = "document.querySelectorAll('link[rel=stylesheet]').length"
    before = visit.page.evaluate(links)
    bar(visit.page, re.compile(r"\.css\?live="), times=1)

    with put(live.style, "h1 { letter-spacing: 6px; }"):
        holds(visit.page, f"{SPACING} === '6px'")

        holds(visit.page, f"{links} === {before}")
        assert visit.page.evaluate("window.is_the_same")
    holds(visit.page, f"{SPACING} !== '6px'")


def test_page_without_metrics_draws_the_first(live: Live, context: BrowserContext) -> None:
    folder = write_run(live.store, "early", "a", run_start(), params(lr=0.1))
    until(lambda: any(live.site.glob("experiments/early-*/index.html")))
    visit = open_page(context, live, live.page("early"))
    says(visit.page, "stalled", within=".run_table")

    with visit.page.expect_navigation(timeout=1e3 * DEADLINE_SECONDS):
        append_to_run(folder, *(metrics(step, {"val/loss": 1 / (step + 1)}, time=START + step) for step in range(4)))

    draws(visit.page, 4)
    visit.page.locator("section.relations canvas, section.relations svg").first.wait_for(state="attached")


def test_connection_that_is_dead_without_an_end_is_made_anew(live: Live, own_context: BrowserContext) -> None:
    own_context.clock.install()
    folder = live.add_run("silent", "a")
    visit = open_page(own_context, live, live.page("silent"))
    draws(visit.page, 5)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url) if "/live/events" in request.url else None)

    visit.page.clock.fast_forward(60_000)
    until(lambda: visit.page.evaluate("1") and bool(asked))

    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))
    draws(visit.page, 6)


def test_curves_that_come_late_do_not_take_the_place_of_newer_ones(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("overtaken", "a")
    visit = Visit(context.new_page(), live.address)
    held: list[Route] = []
    visit.page.route(re.compile(r"/series\.js(\?v=|$)"), lambda route: held.append(route))
    visit.page.goto(live.address + live.page("overtaken"), wait_until="domcontentloaded")
    holds(visit.page, "[...document.scripts].some(({ src }) => src.includes('series.js'))")
    until(lambda: visit.page.evaluate("1") and bool(held))
    [late] = held
    old = late.fetch()

    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))
    says(visit.page, "0.0625", within=".run_table")
    late.fulfill(response=old)

    draws(visit.page, 6)


def test_chart_that_could_not_be_drawn_is_with_news_of_its_metric(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("undrawn", "a")
    visit = Visit(context.new_page(), live.address)
    bar(visit.page, "**/series.js*")
    visit.open(live.page("undrawn"))
    says(visit.page, "This chart could not be drawn")

    visit.page.unroute("**/series.js*")
    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))

    draws(visit.page, 6)


def test_chart_that_could_not_be_drawn_is_once_there_is_a_connection_again(live: Live, context: BrowserContext) -> None:
    live.add_run("unreached", "a")
    visit = Visit(context.new_page(), live.address)
    bar(visit.page, "**/series.js*")
    visit.open(live.page("unreached"))
    says(visit.page, "This chart could not be drawn")

    visit.page.unroute("**/series.js*")
    for is_hidden in ("true", "false"):
        visit.page.evaluate(HIDE.format(is_hidden))

    draws(visit.page, 5)


def test_chart_at_full_size_stays_there_or_goes_with_its_metric(live: Live, context: BrowserContext) -> None:
    live.add_run("placed", "a")
    other = live.add_run("placed", "b")
    append_to_run(other, metrics(0, {"own": 1.0}, time=START), metrics(1, {"own": 2.0}, time=START + 1))
    until(lambda: 'data-metric="own"' in fetch(live.address + live.page("placed")))
    visit = open_page(context, live, f"{live.page('placed')}#pin_charts=own")
    card = '.metric_chart[data-metric="own"]'
    visit.page.locator(f"{card} svg.marks").wait_for()
    visit.page.locator(card).hover()
    visit.page.locator(f"{card} .chart_full").click()
    said = f"document.querySelector('{card} .plot').getAttribute('aria-valuetext')"
    visit.page.keyboard.press("ArrowRight")
    assert visit.page.evaluate(said) == "step 0: 1"

    append_to_run(other, metrics(2, {"another": 1.0}, time=START + 2))
    holds(visit.page, "document.querySelector('[data-metric=another]')")
    assert visit.page.locator(f"dialog {card}").count() == 1
    visit.page.keyboard.press("ArrowRight")
    assert visit.page.evaluate(said) == "step 1: 2"
    shutil.rmtree(other)
    holds(visit.page, "!document.querySelector('dialog.full_chart')")

    assert visit.page.locator(card).count() == 0
    held = "(({ zoom, past, shelf }) => [...zoom.watched, ...zoom.seen, ...past, ...shelf.pins.keys()])"
    assert "own" not in visit.page.evaluate(f"{held}(runsite.charts.sections[0]).map((card) => card.metric.name)")
    stayed(visit)


ORDER = "[...document.querySelectorAll('.metric_chart')].map((card) => card.dataset.metric).join()"


def reads_on(visit: Visit, metric: str, step: int) -> None:
    """Assert that the keys go on reading a chart, at the next step."""
    visit.page.keyboard.press("ArrowRight")
    said = f"document.querySelector('[data-metric=\"{metric}\"] .plot').getAttribute('aria-valuetext')"
    assert visit.page.evaluate(said).partition(":")[0] == f"step {step}"


def test_chart_at_full_size_stays_there_when_groups_begin_and_end(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("regrouped", "a", values=40)
    append_to_run(folder, *(metrics(step, {"val/acc": step}, time=START + 40 + step) for step in range(3)))
    until(lambda: 'data-metric="val/acc"' in fetch(live.address + live.page("regrouped", "a")))
    log = (folder / "run.jsonl").read_text("utf-8")
    visit = open_page(context, live, live.page("regrouped", "a") + "#zoom=10:20")
    card = visit.page.locator("[data-metric='val/loss']")
    card.locator("svg.marks").wait_for()
    before = visit.page.evaluate(ORDER)
    window = (
        "[...runsite.charts.sections[0].cards.values()].map(({ view }) => view?.scale('x').domain().join()).join(' ')"
    )
    holds(visit.page, f"{window}.includes('10,20')")
    card.hover()
    card.locator(".chart_full").click()
    visit.page.mouse.move(0, 0)
    rests(visit)
    reads_on(visit, "val/loss", 9)
    reads_on(visit, "val/loss", 10)

    append_to_run(folder, *two_values(90, *MANY))
    holds(visit.page, "document.querySelectorAll('.chart_group').length === 2")
    assert visit.page.locator("dialog[open] [data-metric='val/loss']").count() == 1
    reads_on(visit, "val/loss", 11)
    (folder / "run.jsonl").write_text(log, "utf-8")
    holds(visit.page, "!document.querySelector('.chart_group')")
    assert visit.page.locator("dialog[open] [data-metric='val/loss']").count() == 1
    reads_on(visit, "val/loss", 12)
    visit.page.locator("dialog .full_close").click()
    holds(visit.page, "!document.querySelector('dialog')")

    assert visit.page.evaluate(ORDER) == before
    assert visit.page.evaluate("location.hash") == "#zoom=10:20"
    assert visit.page.evaluate("runsite.charts.sections[0].cards.size") == 2
    stayed(visit)


def test_chart_keeps_the_focus_when_groups_begin_or_the_order_changes(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("reread", "a")
    append_to_run(folder, *(metrics(step, {"acc": step, "b": step}, time=START + step) for step in (5, 6)))
    until(lambda: 'data-metric="acc"' in fetch(live.address + live.page("reread", "a")))
    visit = open_page(context, live, live.page("reread", "a") + "#pin_charts=b")
    visit.page.locator("[data-metric='val/loss'] svg.marks").wait_for()
    visit.page.focus("[data-metric='val/loss'] .plot")
    focused = "document.activeElement.closest('[data-metric]')?.dataset.metric === 'val/loss'"
    before = visit.page.evaluate(ORDER)

    with put(live.settings, '[experiments."reread"]\nmetric = "acc"\n'):
        holds(visit.page, f"{ORDER} === 'b,acc,val/loss'")
        assert visit.page.evaluate(focused)
    holds(visit.page, f"{ORDER} === {before!r}")
    assert visit.page.evaluate(focused)
    append_to_run(folder, *two_values(7, *MANY))
    holds(visit.page, "document.querySelectorAll('.chart_group').length > 1")
    assert visit.page.evaluate(focused)
    live_order = visit.page.evaluate(ORDER)

    stayed(visit)
    visit.page.reload()
    holds(visit.page, "document.querySelector('.pinned_charts .metric_chart')")
    assert live_order == visit.page.evaluate(ORDER)


def test_connection_that_drops_is_said_and_a_restarted_server_loads_no_page_anew(
    tmp_path: Path, chart_cache: Path, own_context: BrowserContext
) -> None:
    port = str(free_port())
    with starting(tmp_path, chart_cache) as begin:
        serve = begin("serve", "runs", "--watch", "--port", port)
        live = Live(tmp_path / "runs", tmp_path / "site", serve.wait_for(r"serving (\S+)")[1], serve)
        folder = live.add_run("again", "a", values=40)
        for number in range(40):
            write_run(
                live.store, "again", f"b{number:02}", run_start(), metrics(0, {"val/loss": number + 2}), run_end()
            )
        until(lambda: "41 runs" in fetch(live.address + live.page("again")) and is_told(live.address))
        fragment = "#filter=val%2Floss+%3C+30&sort=-val%2Floss&selected=again%2Fa&zoom=10%3A20"
        experiment = open_page(own_context, live, live.page("again") + fragment)
        run = open_page(own_context, live, live.page("again", "a"))
        draws(run.page, 40)
        says(experiment.page, "29 of 41 runs", within=".run_table_note")
        draws_no_more(experiment.page)
        experiment.page.evaluate("document.querySelector('.run_table_box').scrollTop = 140")
        experiment.page.evaluate("window.scrollTo(0, 120)")
        before = experiment.page.evaluate("document.documentElement.dataset.live")

        assert serve.interrupt() == 0
        for visit in (experiment, run):
            says(visit.page, "No connection to runsite serve. Trying again…", within=".live_banner:not([hidden])")
        append_to_run(folder, metrics(40, {"val/loss": 8.5}, time=START + 50))
        begin("serve", "runs", "--watch", "--port", port)

        draws(run.page, 41)
        says(run.page, "8.5")
        says(experiment.page, "8.5", within=".run_table")
        assert experiment.page.evaluate("document.documentElement.dataset.live") != before
        assert experiment.page.evaluate("location.hash") == fragment
        assert experiment.page.evaluate("document.querySelector('.run_table_box').scrollTop") == 140
        assert experiment.page.evaluate("scrollY") == 120
        says(experiment.page, "1 selected")
        for visit in (experiment, run):
            assert visit.page.evaluate("window.is_the_same") is True
            holds(visit.page, "document.querySelector('.live_banner').hidden")


def test_restarted_server_with_other_templates_loads_pages_anew(
    tmp_path: Path, chart_cache: Path, own_context: BrowserContext
) -> None:
    port = str(free_port())
    write_run(tmp_path / "runs", "first", "one")
    with starting(tmp_path, chart_cache) as begin:
        serve = begin("serve", "runs", "--watch", "--port", port)
        live = Live(tmp_path / "runs", tmp_path / "site", serve.wait_for(r"serving (\S+)")[1], serve)
        until(lambda: is_told(live.address))
        visit = open_page(own_context, live, "about.html")
        assert serve.interrupt() == 0
        template = live.store / "theme" / "templates" / "parts" / "first_run.html"
        template.parent.mkdir(parents=True)
        template.write_text("<p>Ours</p>")

        with visit.page.expect_navigation(timeout=1e3 * DEADLINE_SECONDS):
            begin("serve", "runs", "--watch", "--port", port)

        assert visit.page.evaluate("window.is_the_same === undefined")


def test_styles_are_swapped_and_templates_load_the_page_anew(live: Live, context: BrowserContext) -> None:
    visit = open_page(context, live, "index.html")

    with put(live.style, "h1 { letter-spacing: 7px; }"):
        holds(visit.page, f"{SPACING} === '7px'")
        stayed(visit)
    holds(visit.page, f"{SPACING} !== '7px'")
    template = live.store / "theme" / "templates" / "about.html"
    template.parent.mkdir(parents=True, exist_ok=True)
    try:
        with visit.page.expect_navigation(timeout=1e3 * DEADLINE_SECONDS):
            template.write_text("<p>Ours</p>")

        assert visit.page.evaluate("window.is_the_same === undefined")
    finally:
        with visit.page.expect_navigation(timeout=1e3 * DEADLINE_SECONDS):  # not while other tests have pages open
            template.unlink()


def test_edited_style_gives_every_chart_its_new_colours(live: Live, context: BrowserContext) -> None:
    for number in (1, 2, 3):
        write_run(live.store, "coloured", f"a{number}", params(lr=number), metrics(0, {"val/loss": number}), run_end())
    until(lambda: any(live.site.glob("experiments/coloured-*/index.html")))
    visit = open_page(context, live, live.page("coloured"))
    holds(visit.page, "document.querySelector('.metric_chart .vega svg')")
    visit.page.evaluate("document.querySelector('section.relations').scrollIntoView()")
    holds(visit.page, "document.querySelector('.relation .vega')?.childElementCount")
    text = "[...document.querySelectorAll('{} svg text')].some((text) => text.getAttribute('fill') === '#123456')"

    with put(live.style, "section.charts, section.relations, .metric_chart, .relation { --muted: #123456; }"):
        for chart in (".metric_chart", ".relation"):
            holds(visit.page, text.format(chart))
        stayed(visit)
    holds(visit.page, f"!{text.format('.metric_chart')}")


def test_run_that_is_removed_leaves_its_pages_quiet(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("shrinking", "a")
    live.add_run("shrinking", "b")
    run = open_page(context, live, live.page("shrinking", "a"))
    experiment = open_page(context, live, live.page("shrinking"))
    for visit in (run, experiment):
        holds(visit.page, "document.querySelector('.metric_chart .vega svg')")

    shutil.rmtree(folder)

    says(run.page, "This page is no longer part of the site.", within=".live_banner")
    holds(experiment.page, "document.querySelectorAll('.run_table tbody tr:not(.spacer)').length === 1")
    for visit in (run, experiment):
        stayed(visit)


def test_reader_of_a_chart_at_full_size_is_told_that_its_run_is_gone(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("vanishing", "a")
    visit = open_page(context, live, live.page("vanishing", "a"))
    draws(visit.page, 5)
    visit.page.locator(".metric_chart").hover()
    visit.page.locator(".chart_full").click()
    in_sight = """(() => {
      const { left, top } = document.querySelector(".live_banner").getBoundingClientRect();
      return document.elementFromPoint(left + 5, top + 5)?.closest(".live_banner") !== null;
    })()"""

    shutil.rmtree(folder)

    says(visit.page, "This page is no longer part of the site.", within="dialog[open] .live_banner")
    assert visit.page.evaluate(in_sight)
    visit.page.keyboard.press("Escape")
    holds(visit.page, "!document.querySelector('dialog')")
    assert visit.page.evaluate(in_sight)
    visit.page.locator(".metric_chart").hover()
    visit.page.locator(".chart_full").click()
    holds(visit.page, "document.querySelector('dialog[open] .live_banner')")
    assert visit.page.evaluate(in_sight)
    stayed(visit)


@pytest.mark.parametrize("control", [".select_run", ".eye", ".compare", "a"])
def test_focus_stays_on_the_control_of_its_run(live: Live, context: BrowserContext, control: str) -> None:
    experiment = f"focus{len(control)}"
    folder = live.add_run(experiment, "a")
    live.add_run(experiment, "b")
    visit = open_page(context, live, live.page(experiment) + "#sort=-val%2Floss")
    row = (
        "[...document.querySelectorAll('.run_table tbody tr')]"
        ".find((row) => row.querySelector('.name a')?.textContent === 'b')"
    )
    holds(visit.page, row)
    visit.page.evaluate(f"{row}.querySelector('.name {control}').focus()")

    append_to_run(folder, metrics(6, {"val/loss": 8.5}, time=START + 9))
    says(visit.page, "8.5", within=".run_table")
    write_run(live.store, experiment, "c", run_start(), metrics(0, {"val/loss": 99.5}))
    says(visit.page, "99.5", within=".run_table")

    assert visit.page.evaluate(f"document.activeElement === {row}.querySelector('.name {control}')")
    stayed(visit)


def test_failed_build_is_said_over_the_last_good_page_and_goes_away(live: Live, context: BrowserContext) -> None:
    visit = open_page(context, live, "about.html")

    with put(live.store / "theme" / "templates" / "about.html", "{{ nothing_of_the_kind }}"):
        says(visit.page, "about.html:1: 'nothing_of_the_kind' is undefined", within=".live_banner")
        says(visit.page, "About this site")

    holds(visit.page, "document.querySelector('.live_banner').hidden")
    says(visit.page, "About this site")


def test_log_that_is_cut_while_it_is_watched_shrinks_its_curve(live: Live, context: BrowserContext) -> None:
    log = live.add_run("torn", "a", values=8) / "run.jsonl"
    visit = open_page(context, live, live.page("torn", "a"))
    draws(visit.page, 8)
    whole = log.read_bytes()

    log.write_bytes(b"".join(whole.splitlines(keepends=True)[:5]) + b'{"type": "metr')
    draws(visit.page, 3)
    log.write_bytes(whole)

    draws(visit.page, 8)
    stayed(visit)


def test_run_that_is_moved_away_and_back_is_taken_up_where_it_was(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("moved", "a")
    live.add_run("moved", "b")
    visit = open_page(context, live, live.page("moved", "a"))
    draws(visit.page, 5)

    away = folder.rename(live.store.parent / "away")
    says(visit.page, "This page is no longer part of the site.", within=".live_banner")
    append_to_run(away, metrics(5, {"val/loss": 4.25}, time=START + 5))
    away.rename(folder)

    draws(visit.page, 6)
    holds(visit.page, "document.querySelector('.live_banner').hidden")
    stayed(visit)


def test_store_and_settings_that_cannot_be_read_are_said_with_file_and_line(
    live: Live, context: BrowserContext
) -> None:
    live.add_run("stays", "a")
    visit = open_page(context, live, live.page("stays"))

    with put(live.settings, "[site]\ntitle = \n"):
        says(visit.page, "the last build failed. runs/runsite.toml:2: not TOML", within=".live_banner")
    holds(visit.page, "document.querySelector('.live_banner').hidden")
    away = live.store.rename(live.store.parent / "unmounted")
    try:
        says(visit.page, "the last build failed. runs: no such store", within=".live_banner")
        live.store.mkdir()
        says(visit.page, " runs are gone", within=".live_banner")
    finally:
        away.replace(live.store)  # the empty folder

    holds(visit.page, "document.querySelector('.live_banner').hidden")
    stayed(visit)


def test_comparison_grows_and_what_the_reader_did_stays(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("compared", "a")
    live.add_run("compared", "b")
    visit = open_page(context, live, "compare.html#runs=compared%2Fa,compared%2Fb")
    count = "[...(globalThis.runsite.charts?.sections?.[0]?.cards.values() ?? [])][0]?.lines?.[0]?.series.count"
    holds(visit.page, f"{count} === 5")
    visit.page.set_viewport_size({"width": 1280, "height": 500})
    draws_no_more(visit.page)
    visit.page.evaluate("window.base = document.querySelectorAll('[name=base]')[1]; base.focus()")
    visit.page.evaluate("window.scrollTo(0, 90)")

    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))

    holds(visit.page, f"{count} === 6")
    says(visit.page, "0.0625", within="#compare_metrics")
    says(visit.page, "0.0625", within=".compare_sentence")
    assert visit.page.evaluate("document.activeElement === base && base.isConnected")
    assert visit.page.evaluate("scrollY") == 90
    append_to_run(folder, params(momentum=0.875), metrics(6, {"val/acc": 0.625}, time=START + 6))
    says(visit.page, "0.875", within="#compare_params")
    says(visit.page, "0.625", within="#compare_metrics")
    stayed(visit)


def test_card_of_a_comparison_just_out_of_sight_follows(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("under", "a")
    live.add_run("under", "b")
    visit = open_page(context, live, "compare.html#runs=under%2Fa,under%2Fb")
    says(visit.page, "best 0.2", within=".metric_chart")
    visit.page.locator(".metric_chart svg.marks").wait_for()
    draws_no_more(visit.page)
    top = visit.page.evaluate("document.querySelector('.metric_chart').getBoundingClientRect().top")
    visit.page.set_viewport_size({"width": 1280, "height": int(top) - 100})
    visit.page.evaluate(SETTLED)

    append_to_run(folder, metrics(5, {"val/loss": 0.0625}, time=START + 5))

    says(visit.page, "best 0.0625", within=".metric_chart")
    assert visit.page.evaluate("scrollY") == 0
    stayed(visit)


def test_comparison_that_comes_to_a_verdict_keeps_the_page_policy(live: Live, context: BrowserContext) -> None:
    folder = live.add_run("verdict", "a", values=0)
    append_to_run(live.add_run("verdict", "b", values=0), metrics(0, {"acc": 0.5}))
    until(lambda: "metrics.acc" in fetch(live.address + live.page("verdict")))
    visit = open_page(context, live, "compare.html#runs=verdict%2Fa,verdict%2Fb")
    says(visit.page, "not logged", within="#compare_metrics")

    append_to_run(folder, metrics(0, {"acc": 0.75}))

    says(visit.page, "Verdict", within="#compare_metrics")
    holds(visit.page, "document.querySelector('#compare_metrics table').style.minWidth === '830px'")
    stayed(visit)


def test_curve_of_a_metric_that_comes_and_the_best_by_another_goal_reach_an_open_comparison(
    live: Live, context: BrowserContext
) -> None:
    folder = live.add_run("curves", "a")
    live.add_run("curves", "b")
    visit = open_page(context, live, "compare.html#runs=curves%2Fa,curves%2Fb")
    says(visit.page, "best 0.2", within=".metric_chart")

    append_to_run(folder, *(metrics(step, {"a/new": step}, time=START + step) for step in (5, 6)))

    cards = "[...runsite.charts.sections[0].cards.values()]"
    holds(visit.page, f"{cards}.find(({{ metric }}) => metric.name === 'a/new')?.lines?.[0]?.series.count === 2")
    names = visit.page.evaluate("[...document.querySelectorAll('.metric_chart')].map((card) => card.dataset.metric)")
    assert names == ["val/loss", "a/new"]
    visit.page.click("[data-metric='a/new'] .chart_pin")
    visit.page.click("[data-metric='a/new'] .chart_pin")
    with put(live.settings, '[metrics."val/loss"]\ngoal = "maximize"\n'):
        says(visit.page, "best 1 ", within=".metric_chart")
    says(visit.page, "best 0.2", within=".metric_chart")
    stayed(visit)


def test_card_of_a_comparison_at_full_size_stands_in_its_place_once_it_is_closed(
    live: Live, context: BrowserContext
) -> None:
    folder = live.add_run("behind", "a")
    append_to_run(folder, *(metrics(step, {"first": step, "last": step}, time=START + step) for step in (5, 6)))
    live.add_run("behind", "b")
    visit = open_page(context, live, "compare.html#runs=behind%2Fa,behind%2Fb")
    names = "[...document.querySelectorAll('.metric_chart')].map((card) => card.dataset.metric).join()"
    holds(visit.page, f"{names} === 'val/loss,first,last'")
    visit.page.locator(".metric_chart svg.marks").first.wait_for()
    card = visit.page.locator("[data-metric='first']")
    card.hover()
    card.locator(".chart_full").click()

    append_to_run(folder, *(metrics(step, {"later": step}, time=START + step) for step in (7, 8)))
    holds(visit.page, "document.querySelector('[data-metric=later]')")
    assert visit.page.locator("dialog [data-metric='first']").count() == 1
    with put(live.settings, '[experiments."behind"]\nmetric = "last"\n'):
        holds(visit.page, f"{names}.startsWith('last,')")
        visit.page.keyboard.press("Escape")
        holds(visit.page, f"{names} === 'last,first,later,val/loss'")
    stayed(visit)


def test_comparison_of_a_run_that_is_not_there_yet_becomes_one_once_it_is(live: Live, context: BrowserContext) -> None:
    live.add_run("awaited", "a")
    visit = open_page(context, live, "compare.html#runs=awaited%2Fa,awaited%2Fb")
    says(visit.page, "awaited/b is not in this site.")

    live.add_run("awaited", "b")

    says(visit.page, "2 compared", within="#compare_runs")
    stayed(visit)


def test_comparison_of_an_experiment_that_is_renamed_says_that_its_runs_are_gone(
    live: Live, context: BrowserContext
) -> None:
    live.add_run("leaving", "a")
    live.add_run("leaving", "b")
    two = open_page(context, live, "compare.html#runs=leaving%2Fa,leaving%2Fb")
    says(two.page, "2 compared", within="#compare_runs")
    one = open_page(context, live, "compare.html#runs=leaving%2Fa")
    says(one.page, "One run alone")

    (live.store / "leaving").rename(live.store / "left")

    for visit, missing in ((two, ["a", "b"]), (one, ["a"])):
        visit.page.bring_to_front()
        visit.page.get_by_text("Nothing is chosen yet.").wait_for(timeout=1000 * DEADLINE_SECONDS)  # it is loaded anew
        said = visit.page.evaluate("[...document.querySelectorAll('#compare .warn')].map((part) => part.textContent)")
        assert said == [f"leaving/{run} is not in this site." for run in missing]
        assert visit.page.is_visible("#compare_lead")
        assert visit.page.evaluate("(runsite.charts?.sections ?? []).length") == 0
    stayed(one)

    (live.store / "left").rename(live.store / "leaving")

    two.page.bring_to_front()
    says(two.page, "2 compared", within="#compare_runs")
    assert two.page.is_hidden("#compare_lead")
    assert two.faults == []


def test_labels_units_and_order_that_are_declared_reach_the_cards_of_a_comparison(
    live: Live, context: BrowserContext
) -> None:
    for run in "ab":
        append_to_run(live.add_run("declared", run), metrics(6, {"a/first": 1, "z": 2}, time=START + 6))
    visit = open_page(context, live, "compare.html#runs=declared%2Fa,declared%2Fb")
    says(visit.page, "best", within=".metric_chart")
    visit.page.click("[data-metric='z'] .chart_pin")
    before = visit.page.evaluate("[...document.querySelectorAll('.metric_chart')].map((card) => card.dataset.metric)")
    assert before == ["z", "val/loss", "a/first"]
    declared = '[experiments."declared"]\nmetric = "a/first"\n[metrics."val/loss"]\nlabel = "Loss"\nunit = "nat"\n'
    with put(live.settings, declared):
        says(visit.page, "Loss", within=".metric_chart h3")
        says(visit.page, "nat", within=".metric_chart .unit")
        names = "[...document.querySelectorAll('.metric_chart')].map((card) => card.dataset.metric).join()"
        holds(visit.page, f"{names} === 'z,a/first,val/loss'")
    holds(visit.page, f"{names} === 'z,val/loss,a/first'")
    assert "Loss" not in visit.page.inner_text(".charts")
    visit.page.click("[data-metric='z'] .chart_pin")
    holds(visit.page, f"{names} === 'val/loss,a/first,z'")
    stayed(visit)
