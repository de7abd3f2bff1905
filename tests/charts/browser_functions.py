"""Runs the pure functions of the front end's charts under Node, to hold them against reference implementations."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from machine import MIN_NODE, find_node
from support import skip_or_fail

STATIC = Path(__file__).resolve().parents[2] / "themes/default/static"
SCRIPTS = ("format", "student_t", "group_statistics", "charts_data", "charts_axis", "charts_smooth", "charts_bands")
PROGRAM = """
const [folder, scripts, call, cases] = JSON.parse(require("fs").readFileSync(0, "utf-8"));
for (const name of scripts) require(`${folder}/${name}.js`);
const answers = cases.map((each) => globalThis.runsite.charts[call](...each));
process.stdout.write(JSON.stringify(answers));
"""


def call_each(function: str, cases: Sequence[Sequence[Any]]) -> list[Any]:
    """Call a function of `runsite.charts` with the arguments of each case; NaN is handed over and back as null."""
    node = find_node()
    if node is None:
        skip_or_fail(f"no Node {MIN_NODE} or newer found")
    told = json.dumps([str(STATIC), SCRIPTS, function, cases])
    done = subprocess.run([node, "-e", PROGRAM], input=told, capture_output=True, text=True, check=True)
    answers: list[Any] = json.loads(done.stdout)
    return answers
