"""A run table as a data script."""

import json
import math
from typing import Any

from runsite.model import ExperimentSummary, RunKey
from runsite.tables import run_table, table_script
from summarised import experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, goal="maximize")


def payload_of(laid_out: ExperimentSummary) -> dict[str, Any]:
    text = table_script(run_table(laid_out)).content.decode()
    arguments = text.removeprefix("runsite.receive(").removesuffix(");\n")
    kind, name, payload = json.loads(f"[{arguments}]")
    assert (kind, name) == ("table", laid_out.name)
    return dict(payload)


def test_script_lies_beside_the_page_of_its_experiment() -> None:
    path = table_script(run_table(experiment([run("a")]))).path

    assert path.startswith("experiments/digits-")
    assert path.endswith("/table.js")


def test_columns_hold_every_run() -> None:
    runs = [run(f"r{place:03}", metric("loss", float(place))) for place in range(120)]

    payload = payload_of(experiment(runs))
    loss = next(column for column in payload["columns"] if column["id"] == "metrics.loss.last")

    assert payload["row_count"] == 120
    assert payload["values"][loss["values"]] == [float(place) for place in range(120)]


def test_equal_columns_lie_once() -> None:
    payload = payload_of(experiment([run("a", ACC), run("b", ACC)], main=ACC))
    places = {column["id"]: column["values"] for column in payload["columns"]}

    assert places["metrics.val/acc.best"] == places["metrics.val/acc.max"]
    assert places["metrics.val/acc.best"] != places["metrics.val/acc.min"]


def test_non_finite_values_are_never_tokens() -> None:
    script = table_script(
        run_table(experiment([run("a", metric("loss", math.nan)), run("b", metric("loss", math.inf))]))
    )

    assert b'["NaN","Infinity"]' in script.content


def test_hostile_names_cannot_leave_the_script() -> None:
    name = "</script><script>alert(1)</script>\u2028&"

    script = table_script(run_table(experiment([run("a", name=name, params={"__proto__": "<!--"})], name=name)))

    assert not set(script.content) & set(b"<>&")
    assert "\u2028".encode() not in script.content


def test_links_are_the_paths_of_the_run_pages() -> None:
    table = run_table(experiment([run("first"), run("second")]))

    before, after, segments = payload_of(experiment([run("first"), run("second")]))["links"]

    assert tuple(before + segment + after for segment in segments) == table.links


def test_what_is_true_of_few_runs_is_listed_by_row() -> None:
    runs = [
        run("a"),
        run("b", status="running", ended=None, parent=RunKey("digits", "a")),
    ]

    payload = payload_of(experiment(runs, diverged=frozenset({RunKey("digits", "b")})))

    assert payload["diverged"] == [1]
    assert payload["parents"] == [[1, 0]]
    assert payload["open_runs"] == [[1, 1_700_000_060.0, 1_700_000_660.0]]
    assert payload["swatches"] == [[0, 0, 0], [1, 1, 0]]


def test_same_experiment_gives_the_same_bytes() -> None:
    runs = [run("b", ACC, tags={"z": 1, "a": 2}), run("a", ACC, tags={"m": 3})]

    assert table_script(run_table(experiment(runs))) == table_script(run_table(experiment(runs)))
