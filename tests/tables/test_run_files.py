"""An experiment's runs as CSV and JSON: every value in full, what is missing as nothing."""

import csv
import io
import json
import math
from typing import Any

from runsite.model import ExperimentSummary, RunKey
from runsite.site_paths import runs_file
from runsite.summaries.run_json import run_json
from runsite.tables import run_table
from runsite.tables.run_files import run_files
from summarised import START, at_extremes, experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, goal="maximize")


def csv_rows(laid_out: ExperimentSummary) -> list[dict[str, str]]:
    file = run_files(run_table(laid_out), laid_out.runs)[0]
    return list(csv.DictReader(io.StringIO(file.content.decode(), newline=""), strict=True))


def json_objects(laid_out: ExperimentSummary) -> Any:
    return json.loads(run_files(run_table(laid_out), laid_out.runs)[1].content)


def test_files_lie_beside_the_page_of_their_experiment() -> None:
    laid_out = experiment([run("a")])

    paths = [file.path for file in run_files(run_table(laid_out), laid_out.runs)]

    assert paths == [runs_file("digits", "csv"), runs_file("digits", "json")]
    assert [path.rpartition("/")[2] for path in paths] == ["runs.csv", "runs.json"]


def test_csv_has_values_in_full_by_the_ids_of_their_columns() -> None:
    shown = run("a", metric("loss", 2.0, 0.12345678901234568), params={"lr": 0.47809938688832354, "big": 2**64})

    row = csv_rows(experiment([shown]))[0]

    assert row["metrics.loss.last"] == "0.12345678901234568"
    assert (row["params.lr"], row["params.big"]) == ("0.47809938688832354", "18446744073709551616")
    assert (row["id"], row["experiment"], row["status"]) == ("a", "digits", "finished")
    assert (row["started"], row["duration"]) == (f"{START:.0f}", "60")


def test_csv_has_every_column_but_curves_and_values_at_anothers_best() -> None:
    told = at_extremes("val/acc", "highest", {"loss": (0.3, 0)})
    laid_out = experiment([run("a", ACC, metric("loss", 1.0), tags={"team": "x"}, at_extremes=told)], main=ACC)

    ids = list(csv_rows(laid_out)[0])

    left_out = {column.id for column in run_table(laid_out).columns} - set(ids)
    assert left_out == {"metrics.val/acc.curve", "metrics.loss.curve", "metrics.loss.at best of val/acc"}
    assert {"tags.team", "metrics.val/acc.mean", "metrics.val/acc.first"} <= set(ids)


def test_csv_has_a_row_for_each_of_many_runs() -> None:
    laid_out = experiment([run(f"r{place:03}", metric("loss", float(place))) for place in range(120)])

    rows = csv_rows(laid_out)

    assert [row["id"] for row in rows] == [f"r{place:03}" for place in range(120)]
    assert [float(row["metrics.loss.last"]) for row in rows] == [float(place) for place in range(120)]


def test_csv_writes_non_finite_values_as_texts_and_missing_ones_as_nothing() -> None:
    runs = [run("a", metric("loss", math.nan)), run("b", metric("loss", math.inf)), run("c", metric("loss", -math.inf))]

    rows = csv_rows(experiment([*runs, run("d", params={"x": None}), run("e", params={"x": ""})]))

    assert [row["metrics.loss.last"] for row in rows] == ["NaN", "Infinity", "-Infinity", "", ""]
    assert [row["params.x"] for row in rows] == ["", "", "", "null", ""]


def test_csv_survives_names_with_commas_quotes_and_line_breaks() -> None:
    name = 'a.b[0] "x", \\ `y`\nz'
    laid_out = experiment([run("a", metric(name, 1.0), name=name, params={name: name, "__proto__": "é 🦦"})])

    row = csv_rows(laid_out)[0]

    assert row["name"] == row[f"params.{name}"] == name
    assert (row[f"metrics.{name}.last"], row["params.__proto__"]) == ("1", "é 🦦")


def test_json_is_what_the_command_prints() -> None:
    params = {"__proto__": math.inf, "deep": {"x": [1, None]}}
    runs = [run("a", ACC, metric("loss", math.nan, -math.inf), params=params, parent=RunKey("digits", "b"))]

    objects = json_objects(experiment(runs))

    assert objects == [run_json(each, status=each.status) for each in runs]
    assert objects[0]["metrics"]["loss"]["last"] == [1, "-Infinity"]


def test_json_says_nothing_of_a_run_without_an_end_that_changes_with_its_lines() -> None:
    objects = json_objects(experiment([run("b", ACC, status="running", ended=None)]))

    assert objects[0]["status"] == "running"
    assert objects[0]["artifacts"] is None
    changing = ("count", "finite", "last", "min", "max", "best")
    assert {objects[0]["metrics"][ACC.name][name] for name in changing} == {None}
    assert objects[0]["metrics"][ACC.name]["first"] is not None


def test_runs_without_an_end_stand_last_whatever_they_reached() -> None:
    best = metric("val/acc", 0.5, 0.99, goal="maximize")
    open_runs = [run("new", best, status="running", ended=None), run("late", ACC, status="running", ended=None)]
    laid_out = experiment([*open_runs, run("old", ACC)], main=ACC)

    rows = csv_rows(laid_out)

    assert [row["id"] for row in rows] == [each["run"] for each in json_objects(laid_out)] == ["old", "late", "new"]
    assert [row["metrics.val/acc.best"] for row in rows] == ["0.9", "", ""]


def test_json_has_a_line_for_each_run() -> None:
    laid_out = experiment([run("a"), run("b")])

    content = run_files(run_table(laid_out), laid_out.runs)[1].content.decode()

    assert [line[:1] for line in content.splitlines()] == ["[", "{"]
    assert content.endswith("}]\n")


def test_an_experiment_without_runs_has_a_header_and_an_empty_list() -> None:
    laid_out = experiment([])

    table, objects = (file.content for file in run_files(run_table(laid_out), laid_out.runs))

    assert (table, objects) == (b"name\n", b"[]\n")


def test_same_experiment_gives_the_same_bytes() -> None:
    laid_out = experiment([run("a", ACC, tags={"z": 1, "a": 2}), run("b", params={"x": 1})])

    assert run_files(run_table(laid_out), laid_out.runs) == run_files(run_table(laid_out), laid_out.runs)


def test_csv_has_long_texts_whole() -> None:
    row = csv_rows(experiment([run("a", params={"prompt": "x" * 5000})]))[0]

    assert row["params.prompt"] == "x" * 5000
