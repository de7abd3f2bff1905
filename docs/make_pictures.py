"""Make the pictures of the docs: `python docs/make_pictures.py [NAME...]` photographs the site of example_runs.

Without names it makes them all: `docs/experiment.png` for the README, and each of PICTURES in `docs/pictures/`, cut to
the part that the text beside it is about. The browser's clock, time zone and language stand still, so that the same
pages and the same browser make the same bytes. It needs the test extras and a Chromium, as `python3 tests/run_all.py`
installs them.

The pictures are in the source repository, not in the wheel; a test keeps them in all below 1.2 MB. That is why most are
as wide as a page of the docs shows them, and are cut off after a few rows.
"""

import base64
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser.visits import FLAGS, SETTLED, fresh_context  # noqa: E402  # tests/ is not on the path before the line above
from machine import find_chromium  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
LOSSES = ".metric_chart[data-metric$='/loss']"
README_PICTURE = ROOT / "docs" / "experiment.png"
# Three days after the last record in example_runs.
NOW = datetime(2026, 11, 26, 16, tzinfo=UTC)
# Painted in one thread and anew for each picture: else a hundred pixels differ by 1 from one time to the next.
SAME_PAINT = ["--num-raster-threads=1", "--disable-partial-raster", "--disable-skia-runtime-opts"]
STILL = {"locale": "en-GB", "timezone_id": "UTC"}
ROW = ".run_table tbody tr"
MARGIN = 8
"""Pixels kept around what is cut out."""
ALL_RUNS = "all runs"
DIGITS, BIOPSIES = "digits-mlp", "biopsy-sweeps"
TABLE_READY = """() => {
  const note = document.querySelector(".run_table_note")?.textContent ?? "";
  return document.querySelector(".run_table table[role=treegrid] tbody tr") && !note.startsWith("Loading");
}"""
DRAWN = """() => [...document.querySelectorAll("figure.metric_chart")]
  .filter((figure) => figure.getBoundingClientRect().top < innerHeight && figure.checkVisibility())
  .every((figure) => figure.querySelector(".plot canvas, .plot svg"))"""
SIDE_BY_SIDE = '<!doctype html><body style="margin: 0; display: flex">{left}{right}</body>'


def nothing(_: Page) -> None:
    """Leave the page as its address shows it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be seen on one picture."""

    name: str
    """File name without `.png`."""
    page: str
    """An experiment, or ALL_RUNS."""
    view: tuple[tuple[str, str], ...] = ()
    """State of the run table as the address holds it."""
    act: Callable[[Page], None] = nothing
    """What is typed and clicked before the picture is taken."""
    around: tuple[str, ...] = (".run_table",)
    """Selectors of what is cut out: the smallest rectangle around all of them."""
    size: tuple[int, int] = (1000, 900)
    """Width and height of the window; what lies beyond is not on the picture."""
    most_height: int = 420
    scheme: str = "light"
    scripts: bool = True


def click(selector: str) -> Callable[[Page], None]:
    """Return an act that clicks on something."""
    return lambda tab: tab.click(selector)


def fill_filter(text: str) -> Callable[[Page], None]:
    """Return an act that puts a text into the filter at once; suggestions for its end follow."""
    return lambda tab: tab.fill(".run_table_filter", text)


def search_columns(tab: Page) -> None:
    tab.click(".run_table_columns summary")
    tab.locator(".menu_search").press_sequentially("acc")


def open_column_menu(tab: Page) -> None:
    tab.click('th[data-column="metrics.test/acc.best"]', button="right")


def show_view(tab: Page) -> None:
    tab.click(".run_table_views a:has-text('moved pictures')")
    tab.wait_for_function(TABLE_READY)


def fold_two_sweeps(tab: Page) -> None:
    for _ in range(2):
        tab.locator(".fold[aria-label^='Fold']").last.click()
    leave(tab)


def unfold_seventh_group(tab: Page) -> None:
    tab.click(f"{ROW}[aria-rowindex='8'] .fold")
    leave(tab)


def leave(tab: Page) -> None:
    """Take pointer and focus away: what shows only under them is no part of the picture."""
    tab.mouse.move(0, 0)
    tab.evaluate("document.activeElement.blur()")


def draw_charts(tab: Page) -> None:
    tab.locator(".chart_bar").evaluate("(bar) => bar.scrollIntoView()")
    tab.locator(f"{LOSSES} svg.marks").first.wait_for()
    tab.locator(f"{LOSSES} svg.marks").last.wait_for()
    leave(tab)


def draw_selected(tab: Page) -> None:
    """Select every third run, and draw the selected ones alone."""
    for row in range(0, tab.locator(".select_run").count(), 3):
        tab.locator(".select_run").nth(row).check()
    tab.click("button:has-text('Draw only these')")
    leave(tab)
    tab.wait_for_function(DRAWN)


def rows(first: int, last: int) -> tuple[str, ...]:
    """Select two rows of the table, and with them all that stands between."""
    return tuple(f"{ROW}[aria-rowindex='{row + 1}']" for row in (first, last))


BAR, TABS = ".run_table_bar", ".run_table_views"
HEAD = ".run_table_box thead"
KEPT = (
    "columns",
    "metrics.val/acc.best,metrics.test/acc.best,metrics.val/loss.best,params.augment,params.lr,params.width",
)
FEW = ("columns", "metrics.val/acc.best,metrics.test/acc.best,params.lr")
# lr 0.1 · width 128 · seed 0, trained on pictures that were not moved.
BASELINE = ("baseline", f"{DIGITS}/kind-lark-a748")
AT_BEST = "metrics.test/acc.at best of val/acc"

PICTURES = (
    Picture("first-screen", DIGITS, around=(TABS, *rows(1, 11)), size=(1240, 900)),
    Picture(
        "columns",
        DIGITS,
        act=search_columns,
        around=(BAR, ".run_table_columns .table_menu_content"),
        size=(900, 800),
        most_height=440,
    ),
    Picture(
        "at-best",
        DIGITS,
        view=(
            ("columns", f"metrics.val/acc.best,metrics.val/acc.curve,{AT_BEST},params.lr,params.width"),
            ("width", f"{AT_BEST}:170"),
        ),
        around=(HEAD, *rows(1, 6)),
        size=(900, 900),
    ),
    Picture(
        "column-menu",
        DIGITS,
        view=(KEPT, ("pin", "params.width")),
        act=open_column_menu,
        around=(HEAD, ".column_actions"),
        size=(900, 900),
    ),
    Picture(
        "sort",
        DIGITS,
        view=(KEPT, ("sort", "params.augment,-metrics.test/acc.best,metrics.val/loss.best")),
        around=(BAR, *rows(1, 7)),
    ),
    Picture(
        "filter",
        DIGITS,
        view=(KEPT,),
        act=fill_filter("augment = shift and val"),
        around=(BAR, ".filter_hints"),
        most_height=240,
    ),
    Picture(
        "wrong-filter",
        DIGITS,
        view=(KEPT,),
        act=fill_filter("params.lrr < 0.1 and status = finished"),
        around=(BAR, *rows(1, 3)),
    ),
    Picture("views", DIGITS, act=show_view, around=(TABS, *rows(1, 5)), size=(690, 900)),
    Picture("nested", BIOPSIES, act=fold_two_sweeps, around=(BAR, *rows(1, 7)), size=(880, 900)),
    Picture(
        "group-menu",
        DIGITS,
        act=click(".run_table_group summary"),
        around=(BAR, ".run_table_group .table_menu_content"),
        size=(900, 900),
    ),
    Picture(
        "groups",
        DIGITS,
        view=(FEW, ("group", "repeats"), ("width", "name:300")),
        act=unfold_seventh_group,
        around=(BAR, *rows(1, 13)),
        size=(900, 900),
        most_height=480,
    ),
    Picture(
        "baseline",
        DIGITS,
        view=(FEW, ("group", "repeats"), BASELINE, ("width", "name:300"), ("stats", "mean")),
        around=(".run_table_chips", *rows(1, 12)),
        size=(900, 900),
        most_height=480,
    ),
    Picture(
        "baseline-of-runs",
        DIGITS,
        view=(FEW, BASELINE, ("filter", "seed = 0"), ("width", "name:300")),
        around=(".run_table_chips", *rows(1, 10)),
        size=(900, 900),
        scheme="dark",
    ),
    Picture(
        "curves",
        DIGITS,
        view=(KEPT, ("filter", "seed = 0 and status = finished and val/acc > 97")),
        act=draw_selected,
        around=(".run_table_chips", ".metric_chart"),
        size=(1000, 1200),
        most_height=800,
        scheme="dark",
    ),
    Picture(
        "bands",
        DIGITS,
        view=(("group", "params.lr"), ("band", "min_max"), ("y_scale", "log"), ("charts", "val/loss,train/loss")),
        act=draw_charts,
        around=(".chart_bar", ".metric_chart[data-metric='val/loss']", ".metric_chart[data-metric='train/loss']"),
        size=(800, 900),
    ),
    Picture(
        "take-away",
        DIGITS,
        view=(KEPT,),
        act=click(".run_table_take_away summary"),
        around=(BAR, ".run_table_take_away .table_menu_content"),
        size=(900, 900),
    ),
    Picture(
        "keys",
        DIGITS,
        view=(KEPT,),
        act=click(".run_table_keys summary"),
        around=(BAR, ".run_table_keys .table_menu_content"),
        size=(900, 900),
    ),
    Picture("all-runs", ALL_RUNS, around=("main h1", *rows(1, 10)), size=(1200, 900), most_height=480),
    Picture("without-scripts", DIGITS, around=("main h2", *rows(1, 5)), size=(1100, 900), scripts=False),
    Picture("narrow", DIGITS, around=("main h2", *rows(1, 8)), size=(360, 900), most_height=520),
)


def main() -> None:
    """Build the example site, photograph what was asked for."""
    wanted = set(sys.argv[1:]) or {README_PICTURE.stem, *(picture.name for picture in PICTURES)}
    chromium = find_chromium()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build = [sys.executable, "-m", "runsite.cli", "build", str(ROOT / "example_runs"), "-o", str(site)]
        subprocess.run(build, check=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *SAME_PAINT])
        if README_PICTURE.stem in wanted:
            write(README_PICTURE, readme_picture(browser, page_file(site, DIGITS)))
        for picture in PICTURES:
            if picture.name in wanted:
                write(FOLDER / f"{picture.name}.png", photograph(browser, site, picture))
        browser.close()


def write(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    print(f"{file.relative_to(ROOT)}: {len(content) // 1000} kB")


def page_file(site: Path, name: str) -> Path:
    if name == ALL_RUNS:
        return site / "runs" / "index.html"
    (page,) = site.glob(f"experiments/{name}-*/index.html")
    return page


def photograph(browser: Browser, site: Path, picture: Picture) -> bytes:
    """Open a view of a page, do what the picture asks for, and cut it out."""
    width, height = picture.size
    options = {"viewport": {"width": width, "height": height}, "color_scheme": picture.scheme, **STILL}
    with fresh_context(browser, java_script_enabled=picture.scripts, **options) as context:
        tab = context.new_page()
        tab.clock.set_fixed_time(NOW)
        view = "&".join(f"{name}={quote(text, safe='')}" for name, text in picture.view)
        tab.goto(f"{page_file(site, picture.page).as_uri()}#{view}", wait_until="load")
        if picture.scripts:
            tab.wait_for_function(TABLE_READY)
            picture.act(tab)
            tab.wait_for_function(TABLE_READY)
            tab.evaluate(SETTLED)
        return tab.screenshot(clip=cut(tab, picture), animations="disabled")


def cut(tab: Page, picture: Picture) -> FloatRect:
    """Return the rectangle around all that the picture is about, within the window."""
    boxes = [box for selector in picture.around if (box := tab.locator(selector).first.bounding_box())]
    width, height = picture.size
    left = max(0, min(box["x"] for box in boxes) - MARGIN)
    top = max(0, min(box["y"] for box in boxes) - MARGIN)
    right = min(width, max(box["x"] + box["width"] for box in boxes) + MARGIN)
    lowest = max(box["y"] + box["height"] for box in boxes)
    # Below a row stands the next one: half of it would be seen.
    below = 0 if picture.around[-1].startswith(ROW) else MARGIN
    bottom = min(height, lowest + below, top + picture.most_height)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def readme_picture(browser: Browser, page: Path) -> bytes:
    """Join a page's head and run table in light, and its curves in dark, to one picture."""
    height, left, right = 720, 600, 680
    table = half(browser, page, size=(left, height), scheme="light", anchor="top")
    curves = half(browser, page, size=(right, height), scheme="dark", anchor="curves")
    with fresh_context(browser, viewport={"width": left + right, "height": height}) as context:
        tab = context.new_page()
        images = {"left": image(table, left, height), "right": image(curves, right, height)}
        tab.set_content(SIDE_BY_SIDE.format(**images), wait_until="load")
        return tab.screenshot()


def half(browser: Browser, page: Path, *, size: tuple[int, int], scheme: str, anchor: str) -> bytes:
    """Photograph one screen of a page from an anchor on."""
    # A little smaller than in a browser, so that two columns of charts fit into the right side.
    scale = 0.85
    viewport = {"width": round(size[0] / scale), "height": round(size[1] / scale)}
    options = {"viewport": viewport, "device_scale_factor": scale, "color_scheme": scheme, **STILL}
    with fresh_context(browser, **options) as context:
        tab = context.new_page()
        tab.clock.set_fixed_time(NOW)
        tab.goto(f"{page.as_uri()}#{anchor}")
        tab.wait_for_function(TABLE_READY)
        tab.wait_for_function(DRAWN)
        tab.evaluate(SETTLED)
        return tab.screenshot()


def image(content: bytes, width: int, height: int) -> str:
    address = "data:image/png;base64," + base64.b64encode(content).decode()
    return f'<img src="{address}" width="{width}" height="{height}">'


if __name__ == "__main__":
    main()
