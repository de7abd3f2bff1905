"""What a chart draws is what the command line tells: extremes, last value, and values that are not finite."""

import math
import random
from collections.abc import Iterator
from pathlib import Path

from built_site import build_by_command
from drawn_charts import NON_FINITE, differences, drawn_figures, told_figures
from support import Record, metrics, run_end, run_start, write_run

ROOT = Path(__file__).resolve().parent.parent
POINTS = 9000
RESTART_AT = 4000


def test_charts_of_the_examples_draw_what_is_told(example_site: Path) -> None:
    drawn = drawn_figures(example_site)

    assert len(drawn) > 100
    assert any(figures["last"] in NON_FINITE for figures in drawn.values())
    assert differences(drawn, told_figures(ROOT / "example_runs")) == []


def odd_values(random: random.Random) -> Iterator[dict[str, float | str]]:
    """Yield the values of one step after the other; each metric is odd in its own way."""
    for step in range(POINTS):
        curve = math.exp(-step / 2000) + random.random() / 10
        yield {
            "spikes": curve + 40 * (step in (17, 4801, POINTS - 1)) - 40 * (step in (0, 6003)),
            "every second": "NaN" if step % 2 else curve,
            "few": curve if step % 701 == 3 else "NaN",
            "diverged": curve if step < 7000 else "NaN",
            "infinite": random.choice(("Infinity", "-Infinity", curve)) if step % 97 == 5 else curve,
            "exploded": 1e200 * curve if step == 5003 else -1e180 if step == 77 else curve,
            "never": "NaN",
            "constant": 0.5,
        }


def odd_records() -> Iterator[Record]:
    yield run_start()
    for step, values in enumerate(odd_values(random.Random(7))):
        yield metrics(step, values)
    yield run_start()
    for step, values in enumerate(odd_values(random.Random(8))):
        if step >= RESTART_AT:
            yield metrics(step, values)
    yield run_end()


def test_charts_of_odd_series_draw_what_is_told(tmp_path: Path, chart_cache: Path) -> None:
    write_run(tmp_path / "runs", "odd", "run", *odd_records())

    drawn = drawn_figures(build_by_command(tmp_path / "runs", tmp_path / "site", chart_cache))

    assert {metric for _, metric in drawn} == set(next(odd_values(random.Random(7))))
    assert differences(drawn, told_figures(tmp_path / "runs")) == []
