"""Facts about the Vega that vl-convert carries: undocumented, so they are looked at with each upgrade."""

import json
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from runsite.charts.kinds import metric_chart
from runsite.charts.specs import compile_chart, embed_snippet, vega_script

# One spec with every kind of row, drawn with our encoders and by the interpreter alone.
ENCODE = """
require(process.argv[1] + "/vega.js");
const { parse, View, expressionInterpreter } = runsite.vega;
const { with_encoders } = require(process.argv[2] + "/charts_encode.js");
const draw = require(process.argv[2] + "/charts_draw.js");
require(process.argv[2] + "/charts_data.js");
require(process.argv[2] + "/charts_axis.js");
const template = JSON.parse(require("fs").readFileSync(0, "utf8"));
const look = draw.read_look({ getPropertyValue: () => "" });
const point = (run, x, value, earlier = false) => ({ run, x, step: x, value, attempt: 1, earlier, part: 0 });
const rows = {
  points: [point("a", 0, 3, true), point("a", 1, 2), point("a", 2, 4), point("b", 0, 1), point("b", 2, -1)],
  lone: [point("b", 1, 5)], best: [point("a", 2, 4)], raw: [point("a", 0, 1), point("a", 2, 2)],
  others: [point("c", 0, 1), point("c", 2, 6)], seams: [{ run: "a", x: 1, step: 1 }],
  marks: ["NaN", "above", "not_positive"].map((kind) => ({ run: "a", x: 1, step: 1, kind, count: 1 })),
  bands: [0, 1, 2].map((x) => ({ run: "b", x, low: x, high: x + 2, part: 0 })),
};
const runs = ["a", "b"].map((name, colour) => ({ name, colour, dash: colour }));
const chart = { metric: { label: "m" }, runs, look, rows };
let own = 0;
const encode = (...given) => { own += 1; return expressionInterpreter.encode(...given); };
const counting = { ...expressionInterpreter, encode };
const svg = async (expr) => {
  const spec = draw.vega_spec(structuredClone(template), chart, { width: 300, height: 170 }, { bare: false });
  const view = new View(parse(spec, null, { ast: true }), { renderer: "none", expr, hover: false });
  return (await view.toSVG()).replace(/clip\\d+/g, "clip");
};
(async () => {
  const interpreted = await svg(counting);
  const all = own;
  const encoded = await svg(with_encoders(counting));
  process.stdout.write(JSON.stringify({ interpreted, encoded, spared: 2 * all - own }));
})();
"""

# Three cards, of which the first two differ in rows and in what is shown of the axes alone.
SHARE = """
require(process.argv[1] + "/vega.js");
for (const name of ["data", "axis", "encode"]) require(process.argv[2] + `/charts_${name}.js`);
const draw = require(process.argv[2] + "/charts_draw.js");
const { Flows } = require(process.argv[2] + "/charts_flows.js");
const template = JSON.parse(require("fs").readFileSync(0, "utf8"));
const look = draw.read_look({ getPropertyValue: () => "" });
const card = (values, name, domains) => {
  const points = values.map((value, x) => ({ run: name, x, step: x, value, attempt: 1, earlier: false, part: 0 }));
  const rows = { points, lone: [], best: [], marks: [] };
  const run = { name, colour: name === "a" ? 0 : null, dash: 0 };
  return { metric: { label: `metric ${values.length}` }, runs: [run], look, rows, domains };
};
const cards = [card([1, 3, 2], "a"), card([5, 1, 9, 7], "a", { x: [1, 3], y: [0, 10] }), card([1, 3, 2], "b")];
const size = { width: 300, height: 170 };
const svg = async (view) => (await view.toSVG()).replace(/clip\\d+/g, "clip");
(async () => {
  const flows = new Flows();
  let parsed = 0;
  const counting = { ...runsite.vega, parse: (...given) => { parsed += 1; return runsite.vega.parse(...given); } };
  const [alone, shared] = [[], []];
  for (const chart of cards) {
    const spec = draw.vega_spec(template, chart, size, { bare: true });
    alone.push(await svg(await draw.make_view(runsite.vega, spec, null)));
    shared.push(await svg(await flows.make_view(counting, template, chart, { size, container: null })));
  }
  process.stdout.write(JSON.stringify({ alone, shared, parsed }));
})();
"""

# One chart for each name: as its title, that of its axis, and the name of a run.
NAMED = """
require(process.argv[1] + "/vega.js");
for (const name of ["data", "axis", "encode"]) require(process.argv[2] + `/charts_${name}.js`);
const draw = require(process.argv[2] + "/charts_draw.js");
const template = JSON.parse(require("fs").readFileSync(0, "utf8"));
const look = draw.read_look({ getPropertyValue: () => "" });
const svg = (name) => {
  const points = [0, 1].map((x) => ({ run: name, x, step: x, value: x, attempt: 1, earlier: false, part: 0 }));
  const runs = [name, "b"].map((each, colour) => ({ name: each, colour, dash: 0 }));
  const axis = { kind: "metric", metric: name, label: name };
  const chart = { metric: { label: name }, axis, runs, look, rows: { points, lone: [], best: [], marks: [] } };
  return draw.svg_text(runsite.vega, template, chart);
};
(async () => {
  const drawn = {};
  for (const name of ["loss", "if", "constructor", "toString", "hasOwnProperty", "valueOf", "__proto__"]) {
    drawn[`name ${name}`] = await svg(name).catch(({ message }) => message);
  }
  process.stdout.write(JSON.stringify(drawn));
})();
"""

# A scale that ends in an error as it is drawn, not as it is parsed.
FAILING = """
require(process.argv[1] + "/vega.js");
require(process.argv[2] + "/charts_encode.js");
const { make_view } = require(process.argv[2] + "/charts_draw.js");
const scale = { name: "x", type: "linear", domain: [1e-309, 3e-308], zero: false, range: "width" };
const spec = { width: 100, height: 100, scales: [scale], axes: [{ orient: "bottom", scale: "x", tickCount: 6 }] };
const told = (error) => process.stdout.write(JSON.stringify({ error }));
make_view(runsite.vega, spec, null).then(() => told("none"), (problem) => told(String(problem)));
"""

# Labels of the value axis, upwards, of charts over narrow parts of numbers of all sizes, on both scales. A label of the
# other axis that ends a line of text stands first.
LABELS = """
require(process.argv[1] + "/vega.js");
for (const name of ["format", "data", "axis", "encode"]) {
  require(process.argv[2] + (name === "format" ? "/format.js" : `/charts_${name}.js`));
}
const draw = require(process.argv[2] + "/charts_draw.js");
const template = JSON.parse(require("fs").readFileSync(0, "utf8"));
const look = draw.read_look({ getPropertyValue: () => "" });
const labels = async (from, to, y) => {
  const row = (x, value) => ({ run: "a", x, step: x, value, attempt: 1, earlier: false, part: 0 });
  const rows = { points: [row(0, from), row(3, to)], lone: [], best: [], marks: [] };
  const runs = [{ name: "a", colour: 0, dash: 0 }];
  const domains = { x: null, y: y === "log" ? [from, to] : null };
  const chart = { metric: { label: "m" }, runs, look, rows, domains, scales: { x: "linear", y } };
  const spec = draw.vega_spec(structuredClone(template), chart, { width: 300, height: 170 }, { bare: true });
  // Without a canvas Vega takes letters for wider than they are.
  for (const axis of spec.axes) axis.labelLimit = 0;
  const svg = await (await draw.make_view(runsite.vega, spec, null)).toSVG();
  return [...svg.matchAll(/<text text-anchor="end"[^>]*>([^<]*)</g)].map(([, text]) => text);
};
(async () => {
  const found = [];
  for (const size of [1e-5, 1, 123456, 1e9, 1e15, 2 ** 53, 1e300]) {
    for (const share of [1e-3, 1e-6, 1e-9, 1e-12, 1e-14, 4e-16]) {
      for (const y of ["linear", "log"]) found.push([size, share, y, await labels(size, size * (1 + share), y)]);
    }
  }
  process.stdout.write(JSON.stringify({ found }));
})();
"""

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run Vega")
STATIC = Path(__file__).parents[2] / "themes/default/static"

DRAW = """
const before = new Set(Object.getOwnPropertyNames(globalThis));
require(process.argv[1] + "/vega.js");
const left = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));
globalThis.Function = () => { throw new Error("eval is forbidden here"); };
const { parse, View, expressionInterpreter } = runsite.vega;
const data = require(process.argv[2] + "/charts_data.js");
require(process.argv[2] + "/charts_axis.js");
require(process.argv[2] + "/charts_encode.js");
const draw = require(process.argv[2] + "/charts_draw.js");
const template = JSON.parse(require("fs").readFileSync(0, "utf8"));
const series = { count: 3, steps: [0, 1, 2], values: [0.5, 0.7, null], attempt_starts: [], unstepped: 0,
  kinds: new Map([[2, { kind: "NaN", count: 1 }]]) };
const look = draw.read_look({ getPropertyValue: () => "" });
const chart = { metric: { label: 'a.b[0] "x" </script>' }, runs: [{ name: "__proto__", colour: 0, dash: 0 }], look,
  rows: data.chart_rows([{ run: "__proto__", series }], "maximize") };
const spec = draw.vega_spec(template, chart, { width: 300, height: 170 }, { bare: false });
draw.make_view({ parse, View, expressionInterpreter }, spec, null).then((view) => view.toSVG())
  .then((svg) => process.stdout.write(JSON.stringify({ left, svg })));
"""


@pytest.fixture(scope="module")
def script() -> bytes:
    return vega_script()


def test_named_imports_give_vega_alone(script: bytes) -> None:
    """Half a megabyte is Vega; vega-embed with Vega-Lite is nearly twice that."""
    assert b"vega={parse:" in script[-400:]
    assert 400_000 < len(script) < 700_000


def test_bundle_is_the_same_each_time(script: bytes) -> None:
    assert vega_script() == script


def test_vega_embed_is_there_to_fall_back_on() -> None:
    import vl_convert  # the subject of this module; heavy for the others

    code = vl_convert.javascript_bundle(snippet=embed_snippet())

    assert code.rstrip().rstrip(";").endswith("}")
    assert "vega={embed:" in code[-400:]


def answer_of_node(program: str, script: bytes, folder: Path) -> dict[str, Any]:
    """Hand the compiled metric chart to a program that finds Vega and our scripts in its arguments."""
    (folder / "vega.js").write_bytes(script)
    answer = subprocess.run(
        ["node", "-e", program, str(folder), str(STATIC)],
        input=json.dumps(compile_chart(metric_chart())),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@needs_node
def test_vega_draws_without_eval_and_leaves_one_name(script: bytes, tmp_path: Path) -> None:
    drawn = answer_of_node(DRAW, script, tmp_path)

    assert drawn["left"] == ["runsite"]
    assert "lines_marks" in drawn["svg"]
    assert "a.b[0]" in drawn["svg"]
    assert "</script>" not in drawn["svg"]
    assert "NaN," not in drawn["svg"]


@needs_node
def test_own_encoders_draw_what_the_interpreter_draws(script: bytes, tmp_path: Path) -> None:
    drawn = answer_of_node(ENCODE, script, tmp_path)

    # Lines of three layers, an area, five kinds of symbols.
    assert drawn["spared"] >= 9
    assert drawn["encoded"] == drawn["interpreted"]
    assert drawn["encoded"].count("<path") > 20


@needs_node
def test_cards_that_share_a_parsed_spec_are_drawn_as_if_each_had_its_own(script: bytes, tmp_path: Path) -> None:
    drawn = answer_of_node(SHARE, script, tmp_path)

    assert drawn["shared"] == drawn["alone"]
    assert len(set(drawn["alone"])) == 3
    assert drawn["parsed"] == 2


@needs_node
def test_any_name_can_be_a_title(script: bytes, tmp_path: Path) -> None:
    """Vega takes a text that is a member of JavaScript's objects for the name of a signal."""
    drawn = answer_of_node(NAMED, script, tmp_path)

    shown = {name: svg.count(f">{name.removeprefix('name ')}</text>") for name, svg in drawn.items()}
    assert shown == dict.fromkeys(drawn, 3)


@needs_node
def test_error_of_drawing_reaches_who_waits_for_it(script: bytes, tmp_path: Path) -> None:
    assert "RangeError" in answer_of_node(FAILING, script, tmp_path)["error"]


@needs_node
def test_neighbours_on_an_axis_never_bear_the_same_label(script: bytes, tmp_path: Path) -> None:
    found = answer_of_node(LABELS, script, tmp_path)["found"]

    assert len(found) == 84
    assert [case for case in found if len(case[3]) < 2 or "…" in "".join(case[3])] == []
    assert [case for case in found if any(a == b for a, b in pairwise(case[3]))] == []
