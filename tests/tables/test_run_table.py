"""Which columns a run table shows first, what stands in them, and what is marked."""

import math

import numpy as np

from runsite.model import RunKey
from runsite.model.summary import AtExtremes
from runsite.tables import run_table, without_values
from runsite.tables.model import Cell, Column, RunTable
from runsite.tables.run_table import MAX_AT_BEST_COLUMNS, MAX_EARLY_METRICS
from summarised import START, at_extremes, experiment, metric, run

ACC = metric("val/acc", 0.5, 0.9, 0.8, goal="maximize")


def shown_ids(table: RunTable) -> list[str]:
    return [column.id for column in table.shown]


def column(table: RunTable, id: str) -> Column:
    return next(column for column in table.columns if column.id == id)


def cell(table: RunTable, row: int, id: str) -> Cell:
    return table.rows[row].cells[shown_ids(table).index(id)]


def test_first_columns_are_name_status_main_metric_params_and_times() -> None:
    runs = [run("a", ACC, params={"lr": 0.1}), run("b", ACC, params={"lr": 0.2})]

    table = run_table(experiment(runs, main=ACC))

    assert shown_ids(table) == [
        "name",
        "status",
        "metrics.val/acc.best",
        "metrics.val/acc.last",
        "params.lr",
        "started",
        "duration",
    ]


def test_at_most_three_further_metrics_and_six_params_are_shown() -> None:
    metrics = [ACC, *(metric(f"m{place}", 1.0) for place in range(5))]
    runs = [run("a", *metrics, params={f"p{place}": place for place in range(9)})]

    shown = shown_ids(run_table(experiment(runs, main=ACC, quiet_metrics=frozenset({"m1"}))))

    assert [id for id in shown if id.startswith("metrics.m")] == [
        "metrics.m0.last",
        "metrics.m2.last",
        "metrics.m3.last",
    ]
    assert [id for id in shown if id.startswith("params.")] == [f"params.p{place}" for place in range(6)]


def test_a_metric_without_a_goal_has_no_best() -> None:
    table = run_table(experiment([run("a", metric("grad_norm", 3.0, 1.0))]))

    assert [column.id for column in table.columns if column.group == "metric"] == [
        "metrics.grad_norm.last",
        "metrics.grad_norm.min",
        "metrics.grad_norm.max",
        "metrics.grad_norm.mean",
        "metrics.grad_norm.first",
        "metrics.grad_norm.curve",
    ]


def test_all_other_columns_are_there_but_hidden() -> None:
    runs = [run("a", ACC, params={"lr": 0.1}, tags={"team": "vision"}, attempts=2)]

    table = run_table(experiment(runs, main=ACC, varying_params=()))
    hidden = {column.id for column in table.columns if not column.shown}

    figures = {f"metrics.val/acc.{aggregate}" for aggregate in ("min", "max", "mean", "first", "curve")}
    assert figures | {"params.lr", "tags.team", "attempts", "steps", "id"} <= hidden


def test_settings_choose_columns_and_their_order() -> None:
    runs = [run("a", ACC, metric("loss", 1.0), params={"lr": 0.1}, tags={"team": "vision"})]
    wanted = ("loss", "lr", "team", "metrics.`val/acc`.max", "val/acc.last", "status", "nonsense")

    table = run_table(experiment(runs, main=ACC, columns=wanted))

    assert shown_ids(table) == [
        "name",
        "metrics.loss.last",
        "params.lr",
        "tags.team",
        "metrics.val/acc.max",
        "metrics.val/acc.last",
        "status",
    ]
    assert table.unknown_columns == ("nonsense",)


def test_settings_hide_columns() -> None:
    table = run_table(experiment([run("a", ACC)], main=ACC, hidden_columns=("duration", "val/acc.last")))

    assert shown_ids(table) == ["name", "status", "metrics.val/acc.best", "started"]


def test_missing_is_missing_and_never_zero() -> None:
    table = run_table(experiment([run("a", ACC), run("b", started=None, ended=None, last_time=None)], main=ACC))

    assert column(table, "metrics.val/acc.best").values == (0.9, None)
    assert column(table, "duration").values == (60.0, None)
    assert (cell(table, 1, "metrics.val/acc.best").text, cell(table, 1, "metrics.val/acc.best").value) == ("", "")
    assert cell(table, 1, "started").text == ""


def test_non_finite_values_travel_as_text_and_are_shown() -> None:
    runs = [run(f"r{place}", metric("loss", value)) for place, value in enumerate((math.nan, math.inf, -math.inf))]

    table = run_table(experiment(runs))

    assert column(table, "metrics.loss.last").values == ("NaN", "Infinity", "-Infinity")
    assert [cell(table, row, "metrics.loss.last").text for row in range(3)] == ["NaN", "∞", "\u2212∞"]


def test_params_keep_their_types_and_large_integers_their_digits() -> None:
    values = [True, 3, 1.5, "adam", None, [1, 2], {"__proto__": 1}, 2**60, math.nan]
    runs = [run(f"r{place}", params={"p": value}) for place, value in enumerate(values)]

    got = column(run_table(experiment([*runs, run("z")])), "params.p").values

    assert got == (True, 3, 1.5, "adam", "null", "[1, 2]", '{"__proto__": 1}', "1152921504606846976", "NaN", None)


def test_long_texts_are_whole_in_a_column_and_cut_in_a_cell() -> None:
    table = run_table(experiment([run("a", params={"prompt": "x" * 5000})], columns=("prompt",)))

    assert len(str(column(table, "params.prompt").values[0])) == 5000
    assert len(table.rows[0].cells[1].value) == 300


def test_best_value_is_marked_full_when_declared_and_hollow_when_guessed() -> None:
    declared = [run("a", metric("acc", 0.9, goal="maximize")), run("b", metric("acc", 0.7, goal="maximize"))]
    guessed = [
        run("a", metric("loss", 0.9, goal="minimize", goal_from="guess")),
        run("b", metric("loss", 0.7, goal="minimize", goal_from="guess")),
    ]

    marks = [cell(run_table(experiment(declared)), row, "metrics.acc.best").best for row in (0, 1)]
    hollow = [cell(run_table(experiment(guessed)), row, "metrics.loss.best") for row in (0, 1)]

    assert marks == ["★", ""]
    assert [found.best for found in hollow] == ["", "☆"]
    assert hollow[1].best_title == "best of 2 runs; lower is better, guessed from its name"


def test_nothing_is_best_among_equals() -> None:
    table = run_table(experiment([run("a", ACC), run("b", ACC)], main=ACC))

    assert [row.cells[2].best for row in table.rows] == ["", ""]


def test_the_strongest_goal_of_a_metric_counts() -> None:
    runs = [
        run("a", metric("score", 1.0, goal="minimize", goal_from="guess")),
        run("b", metric("score", 2.0, goal="maximize", goal_from="record")),
    ]

    found = column(run_table(experiment(runs)), "metrics.score.best")

    assert (found.goal, found.goal_from, found.best_value) == ("maximize", "record", 2.0)


def test_html_holds_fifty_rows_and_the_data_all() -> None:
    table = run_table(experiment([run(f"r{place:03}", ACC) for place in range(300)], main=ACC))

    assert (len(table.rows), table.row_count, len(table.links)) == (50, 300, 300)
    assert table.note == "50 best of 300 by val/acc"
    assert table.order_note == "best first by val/acc (higher is better, declared in the logs)"


def test_without_a_goal_the_newest_stand_first() -> None:
    table = run_table(experiment([run(f"r{place}") for place in range(60)]))

    assert (table.sorted_by, table.note, table.order_note) == ("-started", "50 newest of 60", "newest first")


def test_header_says_what_sorts_the_rows() -> None:
    table = run_table(experiment([run("a", ACC)], main=ACC))

    sorts = {header.id: header.sort for header in table.header if header.sort}

    assert sorts == {"metrics.val/acc.best": "descending"}


def test_repeated_names_bring_the_id() -> None:
    runs = [run("a", name="same"), run("b", name="same")]

    assert "id" in shown_ids(run_table(experiment(runs)))
    assert "id" not in shown_ids(run_table(experiment(runs[:1])))


def test_a_run_without_a_name_is_called_by_its_id() -> None:
    assert run_table(experiment([run("a1", name="")])).rows[0].cells[0].text == "a1"


def test_parent_is_a_link_within_the_table_and_a_key_beyond() -> None:
    runs = [
        run("sweep", name="the sweep"),
        run("child", parent=RunKey("digits", "sweep")),
        run("stray", parent=RunKey("other", "gone")),
    ]

    table = run_table(experiment(runs))
    cells = [cell(table, row, "parent") for row in range(3)]

    assert [found.text for found in cells] == ["", "the sweep", "other/gone"]
    assert [bool(found.href) for found in cells] == [False, True, False]
    assert table.parent_rows == (None, 0, None)


def test_run_without_an_end_is_not_judged_in_html() -> None:
    table = run_table(experiment([run("a", status="running", ended=None, longest_gap_seconds=300.0)]))

    status = cell(table, 0, "status")
    assert (status.glyph, status.text) == ("▶", "no end recorded")
    assert status.title == "last record 2023-11-14 22:14 UTC"
    assert table.open_runs[0].stalled_at == START + 60 + 1500


def test_drawn_runs_carry_the_colour_of_their_line() -> None:
    runs = [run(f"r{place}") for place in range(12)]

    table = run_table(experiment(runs))

    swatches = [table.rows[row].cells[0].swatch for row in (0, 8, 10)]
    assert [(found.colour, found.dash) if found else None for found in swatches] == [(0, 0), (0, 1), None]


def test_decimal_points_stand_one_below_the_other() -> None:
    runs = [run(f"r{place}", metric("loss", value)) for place, value in enumerate((0.25, 3.0, 0.1234, math.nan, 1e-9))]

    table = run_table(experiment(runs))

    classes = [cell(table, row, "metrics.loss.last").classes for row in range(5)]
    assert classes == ["short_2", "short_4 whole", "", "", ""]


def test_params_line_up_as_figures_when_they_are_numbers() -> None:
    runs = [
        run("a", params={"dropout": None, "depth": 3, "name": "x"}),
        run("b", params={"dropout": 0.5, "depth": "auto"}),
    ]

    table = run_table(experiment(runs))

    assert [column(table, f"params.{name}").is_numeric for name in ("dropout", "depth", "name")] == [True, False, False]


def test_params_are_rounded_in_cells_and_exact_behind_them() -> None:
    table = run_table(experiment([run("a", params={"lr": 0.47809938688832354}), run("b", params={"lr": -1e-05})]))

    rounded, small = cell(table, 0, "params.lr"), cell(table, 1, "params.lr")
    assert (rounded.text, rounded.value, rounded.title) == ("0.478099", "0.47809938688832354", "0.47809938688832354")
    assert (small.text, small.value) == ("\u22121e\u22125", "-1e-5")


def test_integers_beyond_doubles_line_up_as_figures() -> None:
    table = run_table(experiment([run("a", params={"seed": 2**64}), run("b", params={"seed": 1})]))

    assert column(table, "params.seed").is_numeric


def test_an_empty_text_is_not_like_a_missing_one() -> None:
    table = run_table(experiment([run("a", params={"note": ""}), run("b", params={"note": "x"}), run("c", ACC)]))

    empty, missing = cell(table, 0, "params.note"), cell(table, 2, "params.note")
    assert (empty.text, empty.classes, empty.title) == ('""', "empty_text", "")
    assert (missing.text, missing.classes) == ("", "")


def test_an_experiment_without_runs_is_an_empty_table() -> None:
    table = run_table(experiment([]))

    assert (table.row_count, table.rows, shown_ids(table)) == (0, (), ["name"])


def test_a_metric_stands_also_at_the_best_step_of_another() -> None:
    told = at_extremes("val/acc", "highest", {"loss": (0.3, 0), "lr": (0.01, 5)})
    runs = [run("a", ACC, metric("loss", 1.0), metric("lr", 0.1), at_extremes=told), run("b", ACC, metric("loss", 2.0))]

    table = run_table(experiment(runs, main=ACC))
    loss, rate = (column(table, f"metrics.{name}.at best of val/acc") for name in ("loss", "lr"))

    assert (loss.values, loss.distances) == ((0.3, None), ())
    assert (rate.values, rate.distances) == ((0.01, None), (5, None))
    assert [(each.aggregate, each.anchor, each.block, each.shown) for each in (loss, rate)] == [
        ("at best", "val/acc", "more", False)
    ] * 2
    assert not any(column.id.startswith("metrics.val/acc.at best") for column in table.columns)


def test_only_what_most_readers_ask_for_is_loaded_at_once() -> None:
    metrics = [metric(f"m{place:02}", 2.0, 1.0, goal="minimize") for place in range(60)]

    table = run_table(experiment([run("a", *metrics, params={"lr": 1}, tags={"team": "x"})]))
    early = {column.id for column in table.columns if column.block == "rows"}

    assert {id.rpartition(".")[2] for id in early if id.startswith("metrics.")} == {"best", "last"}
    assert len([id for id in early if id.startswith("metrics.")]) == 2 * MAX_EARLY_METRICS
    assert {"name", "id", "status", "started", "params.lr", "tags.team"} <= early


def test_columns_at_anothers_best_are_not_more_than_240() -> None:
    names = [f"m{place:02}" for place in range(20)]
    metrics = [metric(name, 2.0, 1.0, goal="minimize") for name in names]
    told = AtExtremes(
        {(name, "lowest"): row for row, name in enumerate(names)},
        {name: column for column, name in enumerate(names)},
        np.ones((20, 20)),
        np.zeros((20, 20)),
    )

    table = run_table(experiment([run("a", *metrics, at_extremes=told)]))
    anchors = [column.anchor for column in table.columns if column.anchor]

    assert len(anchors) == MAX_AT_BEST_COLUMNS == 240
    assert list(dict.fromkeys(anchors)) == names[:13]


def test_settings_name_a_baseline_that_is_there() -> None:
    runs = [run("a", ACC), run("b", ACC)]

    named, gone = (run_table(experiment(runs, baseline=id)).baseline for id in ("b", "gone"))

    assert (named, gone) == ("digits/b", None)


def test_a_table_whose_data_are_written_forgets_them_and_still_prints() -> None:
    runs = [run("a", ACC, metric("loss", 1.0), parent=RunKey("digits", "b")), run("b", ACC)]
    table = run_table(experiment(runs, main=ACC))

    bare = without_values(table)

    assert (bare.rows, bare.header, bare.row_count, bare.note) == (table.rows, table.header, 2, table.note)
    assert [column.id for column in bare.columns] == [column.id for column in table.columns]
    assert not any(column.values or column.distances for column in bare.columns)
    assert (bare.keys, bare.links, bare.parents, bare.parent_rows, bare.repeats) == ((), (), (), (), ())
