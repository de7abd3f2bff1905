"""The pure functions of the charts of runs, run by Node, which is where tests hold them against other libraries."""

import json
import subprocess
from pathlib import Path
from typing import Any

from machine import MIN_NODE, find_node
from support import skip_or_fail

HERE = Path(__file__).resolve().parent
PROGRAM = """
const { runs_table, metric, param, column } = require("./frontend/relations.js");
const answers = JSON.parse(require("node:fs").readFileSync(0, "utf8")).map(([name, ...given]) => {
  const answer = runsite.relations[name](...given);
  return answer instanceof Float64Array ? [...answer] : answer;
});
process.stdout.write(JSON.stringify(answers, (_, value) => (value instanceof Set ? [...value] : value)));
"""


def ask(*calls: list[Any]) -> list[Any]:
    """Call functions of `runsite.relations`, each `[name, argument, …]`, and return what they answer."""
    node = find_node()
    if node is None:
        skip_or_fail(f"no Node {MIN_NODE} or newer found")
    given = json.dumps(calls)
    done = subprocess.run([node, "-e", PROGRAM], cwd=HERE, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers
