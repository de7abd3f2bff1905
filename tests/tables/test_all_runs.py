"""The table of all runs: columns put together, the 50 newest in HTML, no value stored twice."""

from runsite.model import ExperimentSummary, RunKey
from runsite.site_paths import ALL_RUNS_TABLE
from runsite.tables import ALL_RUNS, RunTable, all_runs_table, run_table, without_values
from runsite.tables.model import Column
from runsite.tables.script import shard_paths, table_head
from summarised import START, experiment, metric, run
from table_data import received

ACC = metric("val/acc", 0.5, 0.9, goal="maximize")


def whole_table(*experiments: ExperimentSummary) -> RunTable:
    """Make it as the build does, from tables without their values."""
    return all_runs_table(experiments, [without_values(run_table(each)) for each in experiments])


def column(table: RunTable, id: str) -> Column:
    return next(column for column in table.columns if column.id == id)


def named(name: str, *ids: str, value: float = 0.5, started: float = START) -> ExperimentSummary:
    runs = [run(id, metric("val/acc", value, goal="maximize"), experiment=name, started=started) for id in ids]
    return experiment(runs, main=ACC, name=name)


def test_columns_of_all_experiments_are_put_together_by_id() -> None:
    first = experiment([run("a", ACC, params={"lr": 1}, experiment="one")], main=ACC, name="one")
    second = experiment([run("b", metric("loss", 1.0), params={"lr": 2, "depth": 3}, experiment="two")], name="two")

    table = whole_table(first, second)
    ids = [column.id for column in table.columns]

    assert len(ids) == len(set(ids))
    tables = [run_table(each) for each in (first, second)]
    assert set(ids) == {column.id for own in tables for column in own.columns}


def test_shown_first_are_what_tells_experiments_and_runs_apart() -> None:
    small = experiment([run("b", metric("loss", 1.0, goal="minimize"), params={"depth": 3}, experiment="two")])
    small = experiment(small.runs, main=small.runs[0].metrics["loss"], name="two")
    large = experiment([run(id, ACC, params={"lr": 1}, experiment="one") for id in "ac"], main=ACC, name="one")

    table = whole_table(small, large)

    assert [column.id for column in table.shown] == [
        "name",
        "experiment",
        "status",
        "metrics.val/acc.best",
        "metrics.loss.best",
        "params.depth",
        "params.lr",
        "started",
        "duration",
    ]
    assert [header.id for header in table.header] == [column.id for column in table.shown]


def test_at_most_four_main_metrics_and_four_params_are_shown() -> None:
    experiments = []
    for place in range(6):
        main = metric(f"m{place}", 1.0, goal="minimize")
        runs = [run("a", main, params={f"p{place}": 1, "lr": place}, experiment=f"e{place}")]
        experiments.append(experiment(runs, main=main, name=f"e{place}"))

    shown = [column.id for column in whole_table(*experiments).shown]

    assert [id for id in shown if id.startswith("metrics.")] == [f"metrics.m{place}.best" for place in range(4)]
    assert [id for id in shown if id.startswith("params.")] == ["params.lr", "params.p0", "params.p1", "params.p2"]


def test_where_experiments_differ_about_a_goal_there_is_none() -> None:
    scores = [metric("score", 1.0, goal=goal) for goal in ("maximize", "minimize", "maximize")]
    experiments = [
        experiment([run("a", score, experiment=f"e{place}")], main=score, name=f"e{place}")
        for place, score in enumerate(scores)
    ]

    table = whole_table(*experiments)

    assert (column(table, "metrics.score.best").goal, column(table, "metrics.score.best").goal_from) == (None, None)
    agreed = column(whole_table(experiments[0], experiments[2]), "metrics.score.best")
    assert (agreed.goal, agreed.goal_from) == ("maximize", "record")


def test_a_column_that_one_experiment_loads_later_is_loaded_later() -> None:
    many = [metric(f"m{place:02}", 1.0) for place in range(60)]
    large = experiment([run("a", *many, experiment="one")], name="one")
    small = experiment([run("b", many[59], experiment="two")], name="two")

    table = whole_table(large, small)

    assert [column(table, f"metrics.{name}.last").block for name in ("m59", "m00")] == ["more", "rows"]


def test_html_holds_the_fifty_newest_of_all() -> None:
    old = named("old", *(f"o{place}" for place in range(40)))
    new = named("new", *(f"n{place}" for place in range(40)), started=START + 9)
    undated = experiment([run("x", ACC, experiment="undated", started=None)], name="undated")

    table = whole_table(old, new, undated)

    assert (len(table.rows), table.row_count) == (50, 81)
    assert [key.partition("/")[0] for key in table.keys] == ["new"] * 40 + ["old"] * 10
    assert (table.note, table.order_note, table.sorted_by) == ("50 newest of 81", "newest first", "-started")


def test_the_number_of_runs_is_told_in_the_right_number() -> None:
    assert whole_table(named("one", "a")).note == "1 run by start"
    assert whole_table(named("one", "a", "b")).note == "2 runs by start"


def test_rows_say_values_status_and_experiment_of_their_runs() -> None:
    one = named("one", "a", value=0.25)
    open_run = run("b", experiment="two", status="running", ended=None, started=START + 9)
    two = experiment([open_run], name="two", diverged=frozenset({RunKey("two", "b")}))

    table = whole_table(one, two)
    ids = [column.id for column in table.shown]
    first, second = ([cell.text for cell in row.cells] for row in table.rows)

    assert dict(zip(ids, first, strict=True)) | {"started": ""} == {
        "name": "b",
        "experiment": "two",
        "status": "no end recorded",
        "metrics.val/acc.best": "",
        "started": "",
        "duration": "51 s",
    }
    assert second[:4] == ["a", "one", "finished", "0.25"]
    assert table.rows[0].cells[2].diverged
    assert not any(cell.best for row in table.rows for cell in row.cells)
    assert table.rows[1].cells[0].href == table.links[1]


def test_its_script_names_the_shards_of_the_experiments_and_holds_no_value() -> None:
    experiments = [named("one", "needle-a", value=0.123454321), named("two", "needle-b", value=0.543212345)]
    tables = [run_table(each) for each in experiments]
    shards = [paths for table in tables for paths in shard_paths(table)]

    head = table_head(whole_table(*experiments), ALL_RUNS_TABLE, shards=shards)
    kind, key, payload = received(head)

    assert (head.path, kind, key) == ("runs/table.js", "table", ALL_RUNS)
    assert payload["shards"] == [list(paths) for paths in shards]
    assert (payload["row_count"], payload["best"], payload["drawn"]) == (2, None, [])
    assert b"needle" not in head.content
    assert b"0.1234" not in head.content
    assert not any("values" in column for column in payload["columns"])


def test_a_site_without_runs_has_a_table_without_rows() -> None:
    for table in (whole_table(), whole_table(experiment([], name="planned"))):
        assert (table.row_count, table.rows) == (0, ())
        assert [column.id for column in table.shown] == ["name"]


def test_runs_without_a_start_stand_by_experiment_then_by_id() -> None:
    experiments = [
        experiment([run(id, experiment=name, started=None) for id in ids], name=name)
        for name, ids in (("a-b", "y"), ("a", "zx"))
    ]

    assert list(whole_table(*experiments).keys) == ["a/x", "a/z", "a-b/y"]
