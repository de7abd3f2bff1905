"""A run table as data scripts: its head, and the shards of its rows."""

import math
from dataclasses import replace
from typing import Any

from runsite.model import IgnoredParam, RepeatRule, RunKey, RunSummary
from runsite.site_paths import run_page, table_shard
from runsite.summaries.curve_levels import CURVE_LEVELS
from runsite.tables import run_table
from runsite.tables.script import MAX_SHARD_ROWS, shard_paths, table_shards
from runsite.tables.views import ViewLink
from summarised import START, at_extremes, experiment, metric, run
from table_data import head_of, linked_pages, listed_values, received, shard_files, shards_of

ACC = metric("val/acc", 0.5, 0.9, goal="maximize")
HOSTILE = "</script><script>alert(1)</script>\u2028&"
MANY = 3_000
KINDS = ("table_rows", "table_more")


def many_runs(**changed: RunSummary) -> list[RunSummary]:
    """Make 3,000 runs, some of them others than usual."""
    usual = {f"r{number:04}": run(f"r{number:04}", metric("loss", 2.0, 1 / (1 + number))) for number in range(MANY)}
    return list({**usual, **changed}.values())


def test_a_table_lies_beside_the_page_of_its_experiment() -> None:
    table = run_table(experiment([run("a", ACC)], main=ACC))

    paths = [head_of(table).path, *(file.path for file in table_shards(table))]

    folder = paths[0].removesuffix("table.js")
    assert folder.startswith("experiments/digits-")
    assert paths == [f"{folder}table.js", f"{folder}rows/all.js", f"{folder}more/all.js"]
    assert shard_paths(table) == ((paths[1], paths[2]),)


def test_head_names_each_shard_without_what_changes_with_its_lines() -> None:
    table = run_table(experiment([run("a", ACC)], main=ACC))
    rows, more = (table_shard("digits", block, "all") for block in ("rows", "more"))

    kind, key, head = received(head_of(table))

    assert (kind, key) == ("table", "digits")
    assert head["shards"] == [[rows, more]]


def test_a_table_without_late_columns_has_no_later_script() -> None:
    table = run_table(experiment([run("a")]))

    assert received(head_of(table))[2]["shards"] == [[table_shard("digits", "rows", "all"), None]]
    assert [file.path for file in table_shards(table)] == [table_shard("digits", "rows", "all")]


def test_each_shard_is_received_by_its_path() -> None:
    for file in table_shards(run_table(experiment([run("a", ACC)], main=ACC))):
        kind, key, _ = received(file)
        assert (kind, key) == ({"rows": "table_rows", "more": "table_more"}[file.path.split("/")[2]], file.path)


def test_head_says_what_a_page_must_know_before_the_rows() -> None:
    runs = [run("a", ACC), run("b", metric("val/acc", 0.5, goal="maximize"), params={"lr": 0.1})]
    rule = RepeatRule((IgnoredParam("seed", "tells repeats apart"),), ("lr",))
    table = run_table(experiment(runs, main=ACC, repeat_rule=rule, baseline="b"))

    head = received(head_of(table, views=[ViewLink("fast", {"sort": "-started"})]))[2]

    assert (head["row_count"], head["sorted_by"]) == (2, "-metrics.val/acc.best")
    assert (head["best"], head["baseline"]) == ("digits/a", "digits/b")
    assert head["drawn"] == [["digits/a", 0, 0], ["digits/b", 1, 0]]
    assert head["repeats"] == {"params": ["params.lr"], "ignored": [["seed", "tells repeats apart"]]}
    assert head["views"] == [["fast", [["sort", "-started"]]]]
    assert ["finished", "✓"] in head["glyphs"]
    assert head["levels"] == CURVE_LEVELS


def test_head_tells_of_each_column_what_its_header_and_its_cells_need() -> None:
    runs = [run("a", ACC, metric("loss", 1.0), at_extremes=at_extremes("val/acc", "highest", {"loss": (0.3, 2)}))]

    head = received(head_of(run_table(experiment(runs, main=ACC))))[2]
    columns = {column["id"]: column for column in head["columns"]}

    assert columns["metrics.val/acc.best"] == {
        "id": "metrics.val/acc.best",
        "label": "val/acc",
        "detail": "best ▲",
        "title": "metrics.val/acc.best; best of each run; higher is better, declared in the logs",
        "group": "metric",
        "kind": "number",
        "is_numeric": True,
        "shown": True,
        "descending_first": True,
        "block": "rows",
        "metric": "val/acc",
        "aggregate": "best",
        "goal": "maximize",
        "goal_from": "record",
        "best_mark": "★",
        "best_title": "best of 1 run; higher is better, declared in the logs",
    }
    assert {name: columns["metrics.loss.curve"][name] for name in ("kind", "block", "is_numeric", "shown")} == {
        "kind": "curve",
        "block": "more",
        "is_numeric": False,
        "shown": False,
    }
    assert columns["metrics.loss.at best of val/acc"]["anchor"] == "val/acc"
    assert "goal" not in columns["metrics.loss.last"]
    assert "metric" not in columns["started"]
    assert [column["id"] for column in head["columns"] if column["shown"]][:2] == ["name", "status"]


def test_head_says_once_on_which_metric_another_stands() -> None:
    shown = replace(ACC, step_metric="epoch")

    columns = received(head_of(run_table(experiment([run("a", shown)], main=shown))))[2]["columns"]

    assert [(c["id"], c["step_metric"]) for c in columns if "step_metric" in c] == [("metrics.val/acc.last", "epoch")]


def test_shards_hold_every_run_once() -> None:
    table = run_table(experiment(many_runs()))

    shards = shards_of(table, "table_rows")
    keys = [f"digits/{id}" for shard in shards for id in listed_values(shard, "id")]

    assert len(shards) == 8
    assert max(len(shard["repeats"]) for shard in shards) <= MAX_SHARD_ROWS
    assert sorted(keys) == sorted(table.keys)


def test_values_of_a_row_stand_together() -> None:
    table = run_table(experiment(many_runs()))
    expected = {id: 1 / (1 + number) for number, id in enumerate(f"r{number:04}" for number in range(MANY))}

    for shard, more in zip(shards_of(table, "table_rows"), shards_of(table, "table_more"), strict=True):
        ids = listed_values(shard, "id")
        assert ids == sorted(ids)
        assert listed_values(shard, "metrics.loss.last") == [expected[id] for id in ids]
        assert listed_values(more, "metrics.loss.min") == [expected[id] for id in ids]
        assert linked_pages(shard) == [run_page(RunKey("digits", id)) for id in ids]


def test_one_line_written_changes_one_shard() -> None:
    before = shard_files(experiment(many_runs()))
    after = shard_files(experiment(many_runs(r1234=run("r1234", metric("loss", 2.0, 0.123)))))

    changed = [path for path in before if before[path] != after[path]]

    assert before.keys() == after.keys()
    assert [path.split("/")[2] for path in changed] == ["rows", "more"]
    assert len({path.split("/")[3] for path in changed}) == 1


def test_a_further_run_and_another_order_change_one_shard() -> None:
    before = shard_files(experiment(many_runs()))
    after = shard_files(experiment([run("later", metric("loss", 2.0, 0.1)), *reversed(many_runs())]))

    changed = [path for path in before if before[path] != after[path]]

    assert before.keys() == after.keys()
    assert len({path.split("/")[3] for path in changed}) == 1


def test_equal_columns_lie_once() -> None:
    rows, more = (shards_of(run_table(experiment([run("a", ACC), run("b", ACC)], main=ACC)), kind)[0] for kind in KINDS)

    places = dict(rows["columns"])
    late = dict(more["columns"])
    assert places["metrics.val/acc.best"] == places["metrics.val/acc.last"]
    assert places["started"] != places["ended"]
    assert late["metrics.val/acc.min"] == late["metrics.val/acc.first"] != late["metrics.val/acc.max"]
    for payload in (rows, more):
        assert len({str(values) for values in payload["values"]}) == len(payload["values"])
        assert {place for _, place in payload["columns"]} == set(range(len(payload["values"])))


def test_true_and_one_are_not_one_column() -> None:
    table = run_table(experiment([run("a", params={"flag": True, "count": 1, "share": 1.0, "text": "1"})]))

    shard = shards_of(table, "table_rows")[0]

    found = [listed_values(shard, f"params.{name}")[0] for name in ("flag", "count", "share", "text")]
    assert [(type(value), value) for value in found] == [(bool, True), (int, 1), (float, 1.0), (str, "1")]


def test_every_row_has_the_experiment_without_a_column_of_it() -> None:
    shard = shards_of(run_table(experiment([run("a"), run("b")])), "table_rows")[0]

    assert shard["experiment"] == "digits"
    assert "experiment" not in dict(shard["columns"])


def test_values_at_anothers_best_come_with_their_distances() -> None:
    near = run("a", ACC, metric("loss", 1.0), at_extremes=at_extremes("val/acc", "highest", {"loss": (0.3, -2)}))
    exact = run("b", ACC, metric("loss", 1.0), at_extremes=at_extremes("val/acc", "highest", {"loss": (0.4, 0)}))
    table = run_table(experiment([near, exact, run("c", ACC)], main=ACC))
    id = "metrics.loss.at best of val/acc"

    rows, more = (shards_of(table, kind)[0] for kind in KINDS)

    assert id not in dict(rows["columns"])
    assert listed_values(more, id) == [0.3, 0.4, None]
    assert listed_values(more, id, of="distances") == [-2, 0, None]


def test_non_finite_values_are_never_tokens() -> None:
    runs = [run("a", metric("loss", math.nan)), run("b", metric("loss", math.inf)), run("c", metric("loss", -math.inf))]

    content = next(table_shards(run_table(experiment(runs)))).content

    assert b'["NaN","Infinity","-Infinity"]' in content


def test_hostile_names_cannot_leave_the_script() -> None:
    shown = run(
        HOSTILE, metric(HOSTILE, 1.0, goal="minimize"), name=HOSTILE, params={HOSTILE: "<!--"}, experiment=HOSTILE
    )
    table = run_table(experiment([shown], main=metric(HOSTILE, 1.0, goal="minimize"), name=HOSTILE))

    for file in (head_of(table, views=[ViewLink(HOSTILE, {"filter": HOSTILE})]), *table_shards(table)):
        assert not set(file.content) & set(b"<>&")
        assert "\u2028".encode() not in file.content
        assert received(file)


def test_names_of_the_language_are_names_like_others() -> None:
    names = ("__proto__", "constructor", 'a.b[0] "x" \\ `y`')
    runs = [run(name, *(metric(each, 1.0, 2.0) for each in names), params=dict.fromkeys(names, 3)) for name in names]
    table = run_table(experiment(runs, name="__proto__"))

    head, rows, more = received(head_of(table))[2], *(shards_of(table, kind)[0] for kind in KINDS)

    ids = {column["id"] for column in head["columns"]}
    for name in names:
        assert {f"metrics.{name}.last", f"metrics.{name}.curve", f"params.{name}"} <= ids
        assert listed_values(rows, f"metrics.{name}.last") == [2.0] * 3
        assert listed_values(rows, f"params.{name}") == [3] * 3
        assert listed_values(more, f"metrics.{name}.min") == [1.0] * 3
    assert listed_values(rows, "id") == sorted(names)
    assert all(without_names_as_keys(payload, names) for payload in (head, rows, more))


def without_names_as_keys(value: Any, names: tuple[str, ...]) -> bool:
    """Tell whether no name from a log is a key of an object: a browser would lose `__proto__`."""
    if isinstance(value, dict):
        return not set(names) & set(value) and all(without_names_as_keys(item, names) for item in value.values())
    return not isinstance(value, list) or all(without_names_as_keys(item, names) for item in value)


def test_what_is_true_of_few_runs_is_listed_by_row() -> None:
    runs = [
        run("b", ACC, status="running", ended=None, parent=RunKey("digits", "a")),
        run("a", ACC),
        run("c", ACC, parent=RunKey("other", "gone")),
        run("mute"),
    ]

    table = run_table(experiment(runs, diverged=frozenset({RunKey("digits", "b")})))
    ended, going_on = shards_of(table, "table_rows")

    assert listed_values(ended, "id") == ["a", "c", "mute"]
    assert ended["parents"] == [[1, "other/gone"]]
    assert ended["without_series"] == [2]
    assert going_on["diverged"] == [0]
    assert going_on["parents"] == [[0, "digits/a"]]
    assert going_on["open_runs"] == [[0, START + 60, START + 660]]


def test_repeats_share_a_key() -> None:
    runs = [run("a", params={"lr": 1, "seed": 0}), run("b", params={"lr": 1, "seed": 1}), run("c", params={"lr": 2})]
    rule = RepeatRule((IgnoredParam("seed", "tells repeats apart"),), ("lr",))

    first, second, third = shards_of(run_table(experiment(runs, repeat_rule=rule)), "table_rows")[0]["repeats"]

    assert first == second != third


def test_same_experiment_gives_the_same_bytes() -> None:
    runs = [run("b", ACC, tags={"z": 1, "a": 2}), run("a", ACC, tags={"m": 3})]

    once, again = (run_table(experiment(runs, main=ACC)) for _ in range(2))

    assert list(table_shards(once)) == list(table_shards(again))
    assert head_of(once) == head_of(again)


def test_an_experiment_without_runs_has_a_head_and_no_shard() -> None:
    table = run_table(experiment([]))

    assert list(table_shards(table)) == []
    head = received(head_of(table))[2]
    assert (head["row_count"], head["shards"], head["best"]) == (0, [], None)


def test_long_texts_are_cut_for_the_browser() -> None:
    table = run_table(experiment([run("a", params={"prompt": "x" * 5000})]))

    assert all(len(file.content) < 5000 for file in table_shards(table))
