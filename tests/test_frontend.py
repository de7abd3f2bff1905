"""The front end's pure functions, tested by Node's own runner: `node --test`."""

import subprocess
from pathlib import Path

from machine import MIN_NODE, find_node
from support import skip_or_fail

FRONTEND = Path(__file__).resolve().parent / "frontend"


def test_front_end_passes_its_own_tests() -> None:
    node = find_node()
    if node is None:
        skip_or_fail(f"no Node {MIN_NODE} or newer found")
    files = sorted(str(path) for path in FRONTEND.rglob("*test*.js"))

    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)

    assert files
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
