"""A program that makes a chart does nothing to the build but hand back a spec, or what went wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from live.commands import is_running, until
from runsite.charts.custom import custom_chart
from runsite.charts.custom_programs import run_program
from runsite.errors import RunsiteError
from runsite.model import ChartFile, CustomChart

PROGRAM = """import altair as alt
chart = alt.Chart(alt.NamedData("runs"), title="Runs").mark_bar().encode(x="status:N", y="count()")
"""
WORDLESS = """class Odd(Exception):
    def __str__(self):
        raise Odd
raise Odd
"""
RESHAPED = f"""import os, sys, threading, time
os.environ["RUNSITE_ODD"] = "1"
os.chdir("/")
sys.stdin.read()
sys.stdout = sys.stderr = None
threading.Thread(target=time.sleep, args=(60,)).start()
{PROGRAM}"""


def made_by(text: str) -> CustomChart:
    return custom_chart(ChartFile("a", "digits/charts/a.py", text), allow_code=True)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("import sys\nsys.exit(0)", 2, "SystemExit: 0"),
        ('raise SystemExit("boom")', 1, "SystemExit: boom"),
        ("def chart():\n    raise KeyboardInterrupt", 2, "KeyboardInterrupt"),
        (WORDLESS, 4, "Odd: its text cannot be told (Odd)"),
        ("def chart():\n    return chart()", 2, "RecursionError: maximum recursion depth exceeded"),
        ("import os\nos._exit(3)", 0, "it ended Python, with exit code 3, before there was a chart"),
        ("import os\nos.closerange(0, 99)", 0, "it ended Python, with exit code 1, before there was a chart"),
        ("import altair\nchart = altair.Chart", 0, "TypeError: "),
        (r'raise ValueError("a name \ud800")', 1, r"ValueError: a name \ud800"),
        ("class Chart:\n    def to_dict(self):\n        return {1j: 1}\nchart = Chart()", 0, "TypeError: keys must be"),
    ],
)
def test_program_that_ends_otherwise_says_so_on_its_card(text: str, line: int, said: str) -> None:
    chart = made_by(text)

    assert (chart.line, said in chart.problem) == (line, True), chart.problem


HELD_UP = """
import sys
from runsite.charts.custom_programs import run_program
run_program("import os, sys, time\\nprint(os.getpid(), file=sys.stderr, flush=True)\\ntime.sleep(600)", "charts/a.py")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_program_ends_with_a_build_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", HELD_UP], stderr=subprocess.PIPE, text=True) as build:
        assert build.stderr is not None
        program = int(build.stderr.readline())
        assert is_running(program)
        build.kill()
        until(lambda: not is_running(program))


def test_program_may_define_classes_of_any_kind() -> None:
    text = (
        "from __future__ import annotations\nimport pickle\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Look:\n    mark: str = 'bar'\n"
        "import altair as alt\n"
        "look = pickle.loads(pickle.dumps(Look('tick')))\n"
        "chart = alt.Chart(alt.NamedData('runs')).mark_tick().encode(x='status:N').properties(title=look.mark)\n"
    )

    chart = made_by(text)

    assert (chart.problem, chart.title) == ("", "tick")


def test_program_changes_nothing_in_the_build() -> None:
    folder = Path.cwd()

    chart = made_by(RESHAPED)

    assert (chart.title, chart.problem) == ("Runs", "")
    assert (Path.cwd(), "RUNSITE_ODD" in os.environ, sys.stdout is None) == (folder, False, False)


def test_workers_that_a_program_leaves_behind_end_with_it() -> None:
    pool = "from concurrent.futures import ProcessPoolExecutor\npool = ProcessPoolExecutor(1)\n"
    chart = made_by(f"{PROGRAM}{pool}chart.title = str(pool.submit(__import__('os').getpid).result())\n")

    assert chart.problem == ""
    until(lambda: not is_running(int(chart.title)))


def test_what_a_program_prints_stays_out_of_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    chart = made_by(f'import os\nprint("noise")\nos.system("echo louder")\n{PROGRAM}')

    assert (chart.title, chart.problem) == ("Runs", "")
    assert capfd.readouterr() == ("", "noise\nlouder\n")


def test_where_no_python_can_be_started_the_build_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    with pytest.raises(RunsiteError, match=r"charts/b\.py: no Python could be started to run it"):
        run_program("1", "charts/b.py")
