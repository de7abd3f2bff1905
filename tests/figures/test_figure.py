"""A figure for a paper is the page's chart: same runs, same values, same bytes each time, at an exact size."""

import json
import re
import struct
import sys
from collections.abc import Callable
from csv import reader
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from runsite.charts.steady_pdf import embedded_fonts
from runsite.cli import main
from runsite.model import RunKey
from runsite.site_paths import experiment_page, run_page
from support import START, metrics, params, run_end, run_start, write_charts, write_run

ODD = 'a.b[0] "x" \\ `y` </script>'
VALUES = {
    "one": [0.9, 0.4, 0.35, 0.31, 0.3],
    "two": [0.8, 0.6, 0.2, 0.15, 0.1],
    "three": [0.7, 0.75, 0.72, 0.5, 0.45],
}
SVG = "{http://www.w3.org/2000/svg}"
CLOSE = [1e-309, 2e-309, 3e-309]
Draw = Callable[..., bytes]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    for number, (run, values) in enumerate(VALUES.items()):
        points = (
            metrics(step, {"val/loss": value, ODD: -value, "wild": 10.0**-step if step else "NaN"})
            for step, value in enumerate(values)
        )
        start = run_start(time=START + number, run=run)
        write_run(folder / "runs", "digits", run, start, params(lr=number), *points, run_end())
    for number in range(26):
        rows = [metrics(step, {"val/loss": 0.5, ODD: number + step}) for step in range(2)]
        odd: dict[str, Any] = {"type": "metric_definition", "name": ODD, "goal": "minimize"}
        settings = params(**{"width": number, ODD: -number})
        write_run(folder / "runs", "wide", f"w{number}", run_start(), settings, odd, *rows, run_end())
    for number, far in enumerate([1.7e308, -1.7e308, 0.0]):
        settings = params(lr=number, far=far, width=-number)
        write_run(folder / "runs", "far", f"f{number}", run_start(), settings, metrics(0, {"loss": number}), run_end())
    close = [metrics(step, {"close": value}) for step, value in enumerate(CLOSE)]
    for number in range(28):
        day = f"2026-01-{number + 1:02}"
        settings = params(a_day=day, **{f"k{place:02}": (number * (place + 3)) % 43 for place in range(40)})
        judged: dict[str, Any] = {"type": "metric_definition", "name": "acc", "goal": "maximize"}
        logged = metrics(0, {"acc": 21 + 78 * number / 27})
        write_run(folder / "runs", "swept", f"s{number}", run_start(), settings, judged, logged, run_end())
    for number in range(3):
        name = f"{number}{'m' * 60}"
        rows = [metrics(step, {"loss": 1_000_020 + number + step}) for step in range(3)]
        settings = params(lr=number, augment=("flip", "none")[number % 2])
        write_run(folder / "runs", "long", f"l{number}", run_start(name=name), settings, *rows, run_end())
    write_run(folder / "runs", "close", "c", run_start(run="c"), *close, run_end())
    spec = {
        "data": {"name": "runs"},
        "title": "The rates",
        "mark": "bar",
        "encoding": {"x": {"field": "id"}, "y": {"field": "params.lr"}},
    }
    broken = {**spec, "title": "Broken", "transform": [{"calculate": "nosuch(1)", "as": "a"}]}
    tiny = {
        "data": {"values": [{"x": 5e-324}, {"x": 3e-322}]},
        "title": "Tiny",
        "mark": "point",
        "encoding": {"x": {"field": "x", "type": "quantitative", "scale": {"zero": False}}},
    }
    lost = {**spec, "title": "Lost", "encoding": {"x": {"field": "params.nosuch"}}}
    endless = {**spec, "title": "Endless", "mark": {"type": "point", "size": {"expr": "1/0"}}}
    shapeless = {"data": {"name": "runs"}, "title": "Shapeless", "mark": "geoshape"}
    charts = {"rates": spec, "unknown": broken, "tiny": tiny, "lost": lost, "endless": endless, "shapeless": shapeless}
    write_charts(folder / "runs", "digits", charts)
    assert main(["build", str(folder / "runs"), "-o", str(folder / "site"), "--cache", str(chart_cache)]) == 0
    return folder / "site"


@pytest.fixture
def draw(site: Path, tmp_path: Path) -> Draw:
    """Draw a figure by the command; give its bytes."""

    def run(name: str, fragment: str = "", *options: str, page: str = experiment_page("digits")) -> bytes:
        output = tmp_path / name
        code = main(["figure", f"{(site / page).as_uri()}{fragment}", "-o", str(output), *options])
        assert code == 0
        return output.read_bytes()

    return run


def chart(name: str) -> str:
    return f"#chart={quote(name, safe='')}"


def lines_of(svg: str) -> list[list[tuple[float, float]]]:
    """Read the places of each line's points, in pixels."""
    marks = re.findall(r'<g class="mark-line[^"]*"[^>]*>(.*?)</g>', svg, re.DOTALL)
    paths = re.findall(r' d="(M[^"Z]*L[^"Z]*)"', "".join(marks))
    return [[(float(x), float(y)) for x, y in re.findall(r"([-\d.e]+),([-\d.e]+)", path)] for path in paths]


@pytest.mark.parametrize("ending", ["svg", "pdf", "png", "csv"])
def test_same_view_gives_the_same_bytes_twice(draw: Draw, ending: str) -> None:
    first, *others = [draw(f"fig.{ending}", chart("val/loss")) for _ in range(3)]

    assert others == [first, first]


def test_svg_holds_each_drawn_runs_values(draw: Draw, capsys: pytest.CaptureFixture[str], site: Path) -> None:
    svg = draw("fig.svg", chart("val/loss")).decode()

    logged = []
    for run in VALUES:
        capsys.readouterr()
        main(["metrics", run, "val/loss", "--json", "--store", str(site.parent / "runs")])
        logged.append([json.loads(line)["value"] for line in capsys.readouterr().out.splitlines()])
    heights = [[-y for _, y in line] for line in lines_of(svg)]
    # The axis is straight: least and greatest value tell what a pixel is worth, and all others must then fit.
    (low, high), (least, greatest) = ((min(map(min, each)), max(map(max, each))) for each in (heights, logged))
    worth = (greatest - least) / (high - low)
    assert sorted([round(least + (y - low) * worth, 3) for y in line] for line in heights) == sorted(logged)


@pytest.mark.parametrize("width", [85, 123.4])
def test_width_in_millimetres_is_exact(draw: Draw, width: float) -> None:
    svg = draw("fig.svg", chart("val/loss"), "--width", str(width)).decode()
    pdf = draw("fig.pdf", chart("val/loss"), "--width", str(width))
    png = draw("fig.png", chart("val/loss"), "--width", str(width), "--dpi", "254")

    assert f'width="{width}mm"' in svg[:300]
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ", pdf)
    assert box is not None
    assert float(box[1]) == pytest.approx(width / 25.4 * 72, abs=1e-3)
    assert abs(struct.unpack(">I", png[16:20])[0] - width * 10) < 1
    assert struct.unpack(">I", png[png.index(b"pHYs") + 4 :][:4])[0] == 10_000


@pytest.mark.parametrize("dpi", ["3000", "10000"])
def test_png_of_too_many_pixels_is_refused(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], dpi: str
) -> None:
    output = tmp_path / "a.png"
    view = f"{(site / experiment_page('digits')).as_uri()}{chart('val/loss')}"

    code = main(["figure", view, "-o", str(output), "--width", "170", "--dpi", dpi])

    said = capsys.readouterr().err
    assert (code, said.count("\n"), output.exists()) == (1, 1, False)
    assert f"at {dpi} dpi the picture would have" in said
    assert "1 to 100,000,000 in all are drawn; take another --dpi" in said


@pytest.mark.parametrize("dpi", ["0", "10001", "9" * 400])
def test_dots_an_inch_have_a_range(capsys: pytest.CaptureFixture[str], dpi: str) -> None:
    with pytest.raises(SystemExit):
        main(["figure", "index.html", "-o", "a.png", "--dpi", dpi])

    assert f"argument --dpi: '{dpi}' is not a whole number of 1 to 10000" in capsys.readouterr().err


def test_height_in_millimetres_is_exact(draw: Draw) -> None:
    svg = draw("fig.svg", chart("val/loss"), "--height", "70").decode()

    height = re.search(r'height="([\d.]+)mm"', svg)
    assert height is not None
    assert float(height[1]) == pytest.approx(70, abs=0.01)


def test_pdf_embeds_its_fonts(draw: Draw) -> None:
    pdf = draw("fig.pdf", chart("val/loss"))

    assert embedded_fonts(pdf) == ["LiberationSans", "LiberationSans-Bold"]
    assert pdf.count(b"/FontFile2") == 2
    assert b"CreationDate" not in pdf


def test_csv_holds_the_points_of_the_runs_drawn(draw: Draw) -> None:
    csv = draw("fig.csv", f"{chart('val/loss')}&drawn=-digits%2Fthree").decode()

    head, *rows = csv.split("\r\n")[:-1]
    assert head == "run,name,step,attempt,val/loss"
    points = [(run, step, value) for run in ("one", "two") for step, value in enumerate(VALUES[run])]
    assert set(rows) == {f"digits/{run},{run},{step},1,{value}" for run, step, value in points}


def test_csv_holds_values_that_cannot_be_drawn(draw: Draw, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(reader(StringIO(draw("fig.csv", page=experiment_page("close")).decode())))
    code = main(["figure", str(site / experiment_page("close")), "-o", "fig.svg"])

    assert [row[-1] for row in rows[1:]] == [repr(value) for value in CLOSE]
    assert code == 1
    assert "the values of close lie too close together to be drawn" in capsys.readouterr().err


def test_csv_holds_values_that_a_log_axis_has_no_place_for(draw: Draw) -> None:
    rows = list(reader(StringIO(draw("fig.csv", f"{chart(ODD)}&y_scale=log").decode())))

    assert sorted(float(row[-1]) for row in rows[1:]) == sorted(-value for run in VALUES.values() for value in run)


def test_zoom_of_the_link_is_drawn(draw: Draw) -> None:
    svg = draw("fig.svg", f"{chart('val/loss')}&zoom=1:3").decode()

    assert "for a linear scale with values from 1.0 to 3.0" in svg


def test_axis_scale_and_smoothing_of_the_link_are_drawn(draw: Draw) -> None:
    svg = draw("fig.svg", f"{chart('val/loss')}&y_scale=log&smooth=median%3A40").decode()

    assert "Y-axis for a log scale" in svg
    assert len(lines_of(svg)) == 2 * len(VALUES)


def test_odd_metric_name_is_drawn_and_exported(draw: Draw) -> None:
    svg = draw("fig.svg", chart(ODD)).decode()
    csv = draw("fig.csv", chart(ODD)).decode()

    assert len(lines_of(svg)) == len(VALUES)
    assert "a.b[0] &quot;x&quot; \\ `y` &lt;/script&gt;" in svg or 'a.b[0] "x" \\ `y` &lt;/script&gt;' in svg
    assert csv.startswith('run,name,step,attempt,"a.b[0] ""x"" \\ `y` </script>"\r\n')


@pytest.mark.parametrize("kind", ["scatter", "parallel", "importance", "histogram", "best_so_far"])
def test_odd_names_stand_in_every_chart_of_runs(draw: Draw, kind: str) -> None:
    param, metric = quote(f"params.{ODD}", safe=""), quote(f"metrics.{ODD}.best", safe="")
    columns = f"&relation_x={param}&relation_y={metric}&relation_colour={param}&relation_axes={param},{metric}"
    asked = f"#chart=relation&relation={kind}{columns}&relation_of={metric}"

    svg = ElementTree.fromstring(draw("fig.svg", asked, page=experiment_page("wide")))
    csv = list(reader(StringIO(draw("fig.csv", asked, page=experiment_page("wide")).decode())))

    texts = {"".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert any(ODD[:12] in text for text in texts), texts
    named = {"importance": ODD, "best_so_far": f"best {ODD} so far", "histogram": f"{ODD} best from"}
    assert named.get(kind, f"metrics.{ODD}.best") in [*csv[0], *(row[0] for row in csv)]


def test_titles_of_a_narrow_figure_are_whole_on_several_lines(draw: Draw) -> None:
    param, metric = quote(f"params.{ODD}", safe=""), quote(f"metrics.{ODD}.best", safe="")
    asked = f"#chart=relation&relation_x={param}&relation_y={metric}"

    svg = ElementTree.fromstring(draw("fig.svg", asked, "--width", "86", page=experiment_page("wide")))

    texts = ["".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    wanted = [f"{ODD} best against {ODD}", f"{ODD} best"]
    assert [any(text.replace(" ", "") == title.replace(" ", "") for text in texts) for title in wanted] == [
        True,
        True,
    ], texts


def texts_of(svg: bytes, role: str) -> dict[str, tuple[float, float]]:
    """Read the labels of a kind of guide, and where each stands among the others of its group."""
    root = ElementTree.fromstring(svg)
    groups = [group for group in root.iter(f"{SVG}g") if f" {role}" in f" {group.get('class')} "]
    texts = [text for group in groups for text in group.iter(f"{SVG}text")]
    places = [re.findall(r"-?\d[-\d.e]*", text.get("transform", "")) for text in texts]
    return {"".join(text.itertext()): (float(x), float(y)) for text, (x, y, *_) in zip(texts, places, strict=True)}


def height_of(svg: bytes) -> float:
    found = re.search(rb'height="([\d.]+)mm"', svg)
    assert found is not None
    return float(found[1])


def test_chart_of_params_is_as_high_as_its_rows(draw: Draw) -> None:
    many = draw("many.svg", "#relation=importance", "--chart", "relation", page=experiment_page("swept"))
    few = draw("few.svg", "#relation=importance", "--chart", "relation", page=experiment_page("wide"))

    names = [y for name, (_, y) in texts_of(many, "role-axis-label").items() if name.startswith("k")]
    assert len(names) == 30
    assert min(b - a for a, b in pairwise(sorted(names))) > 12
    assert height_of(many) > 2 * height_of(few)


def test_chart_of_params_has_as_many_rows_as_its_height_holds(draw: Draw, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("#relation=importance", "--chart", "relation", "--height", "60")

    svg = draw("fig.svg", *asked, page=experiment_page("swept"))

    names = [name for name in texts_of(svg, "role-axis-label") if name.startswith("k")]
    assert height_of(svg) == pytest.approx(60, abs=0.01)
    assert 4 < len(names) < 12
    assert f"the strongest {len(names)} of 40 params are drawn, the table has all" in capsys.readouterr().err


def test_ticks_of_shades_stand_on_their_bar(draw: Draw) -> None:
    svg = draw("fig.svg", "#relation=parallel", "--chart", "relation", page=experiment_page("swept"))

    places = [x for x, _ in texts_of(svg, "role-legend-label").values()]
    assert len(places) > 1
    assert all(0 <= x <= 240 for x in places), places


@pytest.mark.parametrize("width", [40, 85])
def test_long_names_of_a_legend_end_within_the_figure(draw: Draw, width: int) -> None:
    svg = draw("fig.svg", chart("loss"), "--width", str(width), page=experiment_page("long"))

    names = list(texts_of(svg, "role-legend-label"))
    root = re.search(rb'stroke-miterlimit="10" transform="translate\(([\d.]+),', svg)
    assert root is not None
    # An "m" is 0.83 of a letter's 11 pixels wide; the names begin 21 pixels right of the plot's edge.
    room = width * 96 / 25.4 - float(root[1]) - 21
    assert len(names) == 3
    assert all(name.endswith("\u2026") and 0.83 * 11 * (len(name) - 2) < room for name in names), (names, room)


@pytest.mark.parametrize(
    ("asked", "options", "said"),
    [
        ("#chart=loss", ["--width", "20"], "a width of 20 mm leaves no room for the plot; give --width"),
        ("#chart=loss", ["--height", "20"], "a height of 20 mm leaves no room for the plot; give --height"),
        ("#chart=relation", ["--width", "20"], "a width of 20 mm leaves no room for the plot; give --width"),
    ],
)
def test_size_without_room_is_refused_with_the_least(
    draw: Draw, site: Path, capsys: pytest.CaptureFixture[str], asked: str, options: list[str], said: str
) -> None:
    page = (site / experiment_page("long")).as_uri()

    code = main(["figure", f"{page}{asked}", "-o", "fig.svg", *options])

    told = capsys.readouterr().err
    assert (code, told.count("\n")) == (1, 1)
    assert said in told
    least = told.rsplit(" or more", 1)[0].rsplit(" ", 1)[1]
    draw("fig.svg", asked, options[0], least, page=experiment_page("long"))


def test_texts_of_a_parallel_axis_stand_apart(draw: Draw) -> None:
    svg = draw(
        "fig.svg",
        "#relation=parallel&relation_axes=params.a_day,params.k01",
        "--chart",
        "relation",
        "--width",
        "120",
        page=experiment_page("swept"),
    )

    found = texts_of(svg, "role-mark")
    days = [y for name, (_, y) in found.items() if name.startswith("2026-01-")]
    assert 5 < len(days) < 28
    assert min(b - a for a, b in pairwise(sorted(days))) >= 11


def test_plot_keeps_its_height_above_a_legend_of_many_rows(draw: Draw) -> None:
    asked = "#chart=relation&relation_x=params.k01&relation_y=params.k02&relation_colour="

    plain = draw("plain.svg", f"{asked}none", "--width", "60", page=experiment_page("swept"))
    rows = draw("rows.svg", f"{asked}params.a_day", "--width", "60", page=experiment_page("swept"))

    heights = [float(re.findall(rb'class="background"[^>]* d="M0,0h[\d.]+v([\d.]+)', svg)[0]) for svg in (plain, rows)]
    assert heights[1] > 0.85 * heights[0]


def test_legend_of_texts_has_a_title(draw: Draw) -> None:
    asked = "#chart=relation&relation_colour=params.augment"

    svg = draw("fig.svg", asked, page=experiment_page("long"))

    assert "augment" in texts_of(svg, "role-legend-title")


def test_run_page_and_comparison_are_drawn(draw: Draw) -> None:
    one = draw("one.csv", chart("val/loss"), page=run_page(RunKey("digits", "two"))).decode()
    both = draw("both.csv", "#runs=digits%2Ftwo%2Cdigits%2Fone", "--chart", "val/loss", page="compare.html").decode()

    assert [row.split(",")[0] for row in one.split("\r\n")[1:-1]] == ["digits/two"] * 5
    assert [row.split(",")[0] for row in both.split("\r\n")[1:-1]] == ["digits/two"] * 5 + ["digits/one"] * 5


def test_chart_of_runs_and_a_chart_of_the_store_are_drawn(draw: Draw) -> None:
    relation = draw("relation.csv", "#chart=relation&relation_x=params.lr&relation_y=metrics.val%2Floss.best").decode()
    drawn = draw("relation.svg", "#chart=relation&relation_x=params.lr").decode()
    own = draw("own.csv", "#chart=rates").decode()
    bars = draw("own.svg", "#chart=rates", "--width", "60").decode()

    assert len(relation.splitlines()) == len(own.splitlines()) == 1 + len(VALUES)
    assert "mark-symbol" in drawn
    assert 'width="60mm"' in bars[:300]
    assert bars.count('aria-roledescription="bar"') == len(VALUES)


def test_what_the_page_says_below_a_chart_is_told(draw: Draw, capsys: pytest.CaptureFixture[str]) -> None:
    draw("fig.csv", chart("wild"))
    assert capsys.readouterr().err.count("\n") == 1

    draw("fig.svg", chart("wild"))
    assert [line.partition("fig.svg: ")[2] for line in capsys.readouterr().err.splitlines()[1:]] == ["3 \u00d7 NaN"]


def test_column_that_no_axis_holds_is_left_out_as_on_the_page(draw: Draw, capsys: pytest.CaptureFixture[str]) -> None:
    draw("fig.svg", "#chart=relation&relation=parallel", page=experiment_page("far"))

    assert "fig.svg: far left out: its values lie too far apart to be drawn\n" in capsys.readouterr().err


def test_error_that_vega_logs_ends_in_one_line(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page = (site / experiment_page("digits")).as_uri()

    code = main(["figure", f"{page}#chart=tiny", "-o", str(tmp_path / "fig.svg")])

    assert (code, capfd.readouterr().err) == (1, "runsite: the chart could not be drawn: Invalid array length\n")


def test_figure_is_drawn_without_a_standard_error(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)

    assert b"</svg>" in draw("fig.svg", chart("val/loss"))


def test_chart_of_the_store_is_called_by_its_title_too(draw: Draw) -> None:
    assert draw("title.svg", "", "--chart", "The rates") == draw("name.svg", "", "--chart", "rates")


def test_log_axis_of_a_small_figure_has_its_powers_of_ten(draw: Draw) -> None:
    svg = draw("fig.svg", f"{chart('wild')}&y_scale=log").decode()

    assert {"0.1", "0.01", "0.001"} <= set(re.findall(r"<text[^>]*>([^<]+)</text>", svg))


def test_dark_figure_has_the_dark_colours_of_the_page(draw: Draw) -> None:
    light = draw("light.svg", chart("val/loss")).decode()
    dark = draw("dark.svg", chart("val/loss"), "--theme", "dark").decode()

    assert ('#fff"' in light, '#0e1116"' in dark) == (True, True)
    assert ('stroke="#025a90"' in light, 'stroke="#63a2f6"' in dark) == (True, True)


def test_link_to_a_host_is_looked_up_in_a_site_that_lies_here(site: Path, tmp_path: Path) -> None:
    link = f"https://team.example/results/{experiment_page('digits').removesuffix('index.html')}{chart('val/loss')}"

    assert main(["figure", link, "-o", str(tmp_path / "fig.csv"), "--site", str(site)]) == 0
    assert (tmp_path / "fig.csv").read_text().startswith("run,name,step")


def test_band_stands_over_the_groups_that_the_table_makes_of_the_runs_it_shows(draw: Draw) -> None:
    asked = f"{chart('val/loss')}&band=min_max&group=status&filter=params.lr%20%3C%202"

    rows = draw("fig.csv", asked).decode().splitlines()
    svg = draw("fig.svg", asked).decode()

    means = [(one + two) / 2 for one, two in zip(VALUES["one"], VALUES["two"], strict=True)]
    cells = [row.split(",") for row in rows]
    assert cells[0] == ["group", "step", "n", "mean(val/loss)", "low", "high"]
    assert [(int(step), int(n)) for _, step, n, *_ in cells[1:]] == [(step, 2) for step in range(5)]
    assert [float(row[3]) for row in cells[1:]] == pytest.approx(means)
    assert "mark-area" in svg
    assert len(lines_of(svg)) == 1


def test_groups_that_are_left_out_are_told(draw: Draw, capsys: pytest.CaptureFixture[str]) -> None:
    asked = f"{chart('val/loss')}&band=min_max&group=params.width"

    draw("fig.svg", asked, page=experiment_page("wide"))

    assert "fig.svg: 24 of 26 groups of the table; at most 24 groups are drawn\n" in capsys.readouterr().err


def test_other_runs_stand_in_grey_behind_those_drawn(draw: Draw) -> None:
    hidden = f"{chart('val/loss')}&drawn=-digits%2Fthree"

    assert len(lines_of(draw("fig.svg", hidden).decode())) == 2
    assert len(lines_of(draw("fig.svg", f"{hidden}&others=grey").decode())) == 3


def test_other_runs_behind_bands_are_those_in_no_band(draw: Draw, capsys: pytest.CaptureFixture[str]) -> None:
    asked = f"{chart('val/loss')}&others=grey&band=ci&group=params.width"

    draw("fig.svg", asked, page=experiment_page("wide"))

    said = capsys.readouterr().err
    assert "fig.svg: 24 groups of 24 runs: mean and its 95 % interval\n" in said
    assert "fig.svg: 2 others in grey\n" in said


def test_only_chart_of_a_page_need_not_be_named(draw: Draw) -> None:
    asked = "relation=histogram&relation_x=params.lr"
    page = "runs/index.html"

    named = draw("named.svg", f"#chart=relation&{asked}", page=page)

    assert named == draw("fig.svg", f"#{asked}&drawn=digits%2Fone", page=page)
    assert named == draw("asked.svg", f"#{asked}", "--chart", "relation", page=page)
    assert b'class="mark-rect' in named


def test_lines_of_a_zoom_end_near_the_plot_under_one_clip(draw: Draw) -> None:
    asked = f"{chart('val/loss')}&drawn=-digits%2Fthree&others=grey&zoom=1.5:2.5"

    svg = draw("fig.svg", asked).decode()

    # One point beyond the window at both sides: steps 1 to 3 of 0 to 4.
    assert [len(line) for line in lines_of(svg)] == [3] * len(VALUES)
    assert re.findall(r'<g class="mark-line[^>]* clip-path', svg) == []
    assert len(re.findall(r' clip-path="', svg)) == 1
    assert draw("fig.png", asked).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("view", "options", "said"),
    [
        (
            "{site}/index.html",
            [],
            "index.html: this page has no charts; link to an experiment, a run, all runs or a comparison",
        ),
        ("{site}/nowhere.html", [], "there is no page"),
        ("{site}/site.json", [], "this is no page of a site that runsite built"),
        (
            "{page}",
            ["--chart", "acc"],
            "there is no chart of acc; --chart names one of "
            f"val/loss, {ODD}, wild, endless, lost, rates, shapeless, tiny, unknown, relation",
        ),
        ("{page}", ["--chart", "unknown"], "the chart could not be drawn: Unrecognized function: nosuch"),
        ("{page}", ["--chart", "endless"], "the chart could not be drawn: none of its marks has a shape and a size"),
        ("{page}", ["--chart", "shapeless"], "the chart could not be drawn: none of its marks has a shape and a size"),
        ("{page}", ["--chart", "lost"], "digits/charts/lost.vl.json: no run has the param 'nosuch'; there is"),
        ("{page}", [], "the address names no chart; --chart names one of val/loss"),
        ("{page}#y_scale=log", ["--chart", ODD], f"{ODD} has no value above 0, which a log axis needs"),
        ("{page}#chart=val%2Floss", ["--font", "No Such Font"], "no font 'No Such Font' here"),
        ("{page}#chart=val%2Floss", ["-o", "nowhere/fig.svg"], "cannot be written"),
        ("{site}/compare.html#runs=digits%2Fgone", [], "the address names no run of this site to compare"),
        (
            "{page}#chart=wild&filter=lr%20>>",
            [],
            "the address has filter=lr >>, which cannot be read at character 4: >> is",
        ),
        (
            "{page}#chart=wild&filter=lrr=1",
            [],
            "the address has filter=lrr=1, but no run has lrr; did you mean params.lr?",
        ),
        ("{page}#relation=pie", ["--chart", "relation"], "relation=pie, which is not scatter, parallel, importance, "),
        ("{page}#chart=wild&smooth=exponential:10", [], "smooth=exponential:10, which is no method and width as ema:2"),
        ("{page}#chart=wild&band=range", [], "the address has band=range, which is not min_max, sd or ci"),
        ("{page}#chart=wild&x=epoch", [], "x=epoch, which is not step, relative, wall or metric:NAME"),
        (
            "{page}#chart=wild&zoom=7",
            [],
            "the address has zoom=7, which is no FROM:TO of two numbers; mend it or leave it out",
        ),
        ("{page}#chart=wild&scale_y=log", [], "scale_y=log, which no page knows; did you mean y_scale?"),
        (
            "{page}#chart=wild&sort=sd(params.nope)",
            [],
            "the address has sort=params.nope, but no run has it; mend it or leave it out",
        ),
        ("{page}#chart=wild&sort=-nope", [], "the address has sort=nope, but no run has it; mend it or leave it out"),
        ("{page}#chart=wild&drawn=-digits%2Fnine", [], "drawn=digits/nine, which is no run of this page"),
        ("{page}#chart=relation&relation_x=params.nope", [], "relation_x=params.nope, but no run has it"),
        ("{page}#chart=relation&relation_x=name", [], "relation_x=name, which no chart can be drawn of"),
        ("{site}/compare.html#chart=wild&runs=digits/one,digits/nine", [], "digits/nine, which is no run of this site"),
        ("https://team.example/x.html", ["--site", "{site}"], "has no such page"),
        ("https://team.example/x.html", ["--site", "nowhere"], "nothing is fetched, and nowhere holds no site"),
    ],
)
def test_view_that_cannot_be_drawn_says_why_in_one_line(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], view: str, options: list[str], said: str
) -> None:
    places = {"site": str(site), "page": str(site / experiment_page("digits"))}
    words = [word.replace("{site}", places["site"]) for word in options]

    code = main(["figure", view.format(**places), "-o", str(tmp_path / "fig.svg"), *words])

    told = capsys.readouterr().err
    assert (code, told.count("\n")) == (1, 1)
    assert said in told


@pytest.mark.parametrize("key", ["n", "sd(params.lr)", "max(metrics.val/loss.best)", "name"])
def test_link_of_a_table_sorted_by_its_groups_is_drawn(draw: Draw, key: str) -> None:
    assert draw("fig.svg", f"#group=repeats&stats=mean,ci,sd,min,max&sort=-{quote(key)}&chart=val/loss")


@pytest.mark.parametrize("words", [["-o", "fig.gif"], ["-o", "fig.pdf", "--width", "wide"], []])
def test_wrong_words_are_a_wrong_use(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["figure", "page.html", *words])
