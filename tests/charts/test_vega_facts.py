"""Facts about the Vega that vl-convert carries: undocumented, so they are looked at with each upgrade."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from runsite.charts.kinds import metric_chart
from runsite.charts.specs import compile_chart, embed_snippet, vega_script

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


@needs_node
def test_vega_draws_without_eval_and_leaves_one_name(script: bytes, tmp_path: Path) -> None:
    (tmp_path / "vega.js").write_bytes(script)
    template: dict[str, Any] = compile_chart(metric_chart())

    answer = subprocess.run(
        ["node", "-e", DRAW, str(tmp_path), str(STATIC)],
        input=json.dumps(template),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    drawn = json.loads(answer.stdout)

    assert drawn["left"] == ["runsite"]
    assert "lines_marks" in drawn["svg"]
    assert "a.b[0]" in drawn["svg"]
    assert "</script>" not in drawn["svg"]
    assert "NaN," not in drawn["svg"]
