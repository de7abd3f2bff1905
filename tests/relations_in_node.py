"""The pure functions of the charts of runs, run by Node, which is where tests hold them against other libraries."""

import json
import subprocess
from pathlib import Path
from typing import Any

from machine import MIN_NODE, find_node
from support import skip_or_fail

HERE = Path(__file__).resolve().parent
PROGRAM = """
const { related_table, ODD } = require("./frontend/relations.js");
const { charts, relations } = runsite;
const look = {
  ink: "#111111", muted: "#555555", line: "#dddddd", ground: "#ffffff",
  shades: ["#000000", "#333333", "#666666", "#999999", "#cccccc"],
  colour_of: ({ colour }) => (colour === null ? "#888888" : `#00000${colour}`), dash_of: () => [1, 0],
};
const table = related_table(60, { best: "e/r7" });
const related = (fragment) => charts.relation_of(table, charts.read_relation_state(fragment));
const filled = (fragment, templates) => {
  const relation = related(fragment);
  const chart = charts.relation_chart(relation, look);
  return charts.vega_lite_spec(templates[relation.spec], chart);
};
const functions = { ...relations, related, filled, odd_name: () => ODD };
const calls = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answers = calls.map(([name, ...given]) => functions[name](...given));
const plain = (_, value) => (value instanceof Float64Array || value instanceof Set ? [...value] : value);
process.stdout.write(JSON.stringify(answers, plain));
"""


def ask(*calls: list[Any]) -> list[Any]:
    """Call functions of `runsite.relations`, or those of the program, as `[name, argument, …]`; return the answers."""
    node = find_node()
    if node is None:
        skip_or_fail(f"no Node {MIN_NODE} or newer found")
    given = json.dumps(calls)
    done = subprocess.run([node, "-e", PROGRAM], cwd=HERE, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers
