"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
for (const name of ["format", "clock", "sort_order"]) require(`../../themes/default/static/${name}.js`);
const view = require("../../themes/default/static/table_view.js");

const NOW = 1700000000;

function column(id, kind, values, more = {}) {
  return { id, label: id, detail: "", group: "run", kind, is_numeric: kind === "number", values, shown: true, descending_first: false, ...more };
}

function small_table() {
  const columns = [
    column("name", "text", 0),
    column("metrics.acc.best", "number", 1, { group: "metric", label: "acc", descending_first: true, best_value: 0.9, best_mark: "★", goal: "maximize" }),
    column("metrics.loss, mean.last", "number", 2, { group: "metric", label: "loss, mean" }),
    column("started", "time", 3, { descending_first: true }),
    column("id", "text", 0, { shown: false }),
  ];
  return view.read_table({
    row_count: 4,
    sorted_by: "-metrics.acc.best",
    best_row: 0,
    columns,
    values: [["run 10", "run 9", "Run 1", "other"], [0.9, 0.8, "NaN", null], [1, 1, 0, 2], [NOW, NOW - 9, NOW - 5, null]],
    links: ["experiments/e/runs/", "/index.html", ["a", "b", "c", "d"]],
    parents: [[1, 0]],
    swatches: [[0, 3, 1]],
    diverged: [2],
    open_runs: [[1, NOW, NOW + 600]],
    glyphs: [["finished", "✓"]],
  });
}

const rows = (table, sort) => [...view.order_rows(table, view.parse_sort(sort, table.column_of))];

test("a payload's references are resolved", () => {
  const table = small_table();
  assert.strictEqual(table.link(1), "experiments/e/runs/b/index.html");
  assert.deepStrictEqual(table.swatches.get(0), { colour: 3, dash: 1 });
  assert.deepStrictEqual(table.open_runs.get(1), { last_time: NOW, stalled_at: NOW + 600 });
  assert.strictEqual(table.column_of.get("id").values, table.column_of.get("name").values);
});

test("a table sorted as it came keeps its order", () => {
  assert.deepStrictEqual(rows(small_table(), "-metrics.acc.best"), [0, 1, 2, 3]);
  assert.deepStrictEqual(rows(small_table(), ""), [0, 1, 2, 3]);
});

test("missing and NaN stay last when the order turns", () => {
  assert.deepStrictEqual(rows(small_table(), "metrics.acc.best"), [1, 0, 2, 3]);
});

test("names are sorted naturally", () => {
  assert.deepStrictEqual(rows(small_table(), "name"), [3, 2, 1, 0]);
});

test("a sort with two columns survives the way through the address", () => {
  const table = small_table();
  const keys = view.parse_sort("-metrics.loss%2C mean.last,name", table.column_of);
  assert.strictEqual(view.sort_text(keys), "-metrics.loss%2C mean.last,name");
  assert.deepStrictEqual([...view.order_rows(table, keys)], [3, 1, 0, 2]);
});

test("columns that a link names and the table lacks are passed over", () => {
  const table = small_table();
  assert.deepStrictEqual(view.parse_sort("gone,-name", table.column_of).map(({ column: { id } }) => id), ["name"]);
  assert.deepStrictEqual(view.shown_columns(table, "gone").map(({ id }) => id), ["name", "metrics.acc.best", "metrics.loss, mean.last", "started"]);
});

test("ids with commas and percent signs survive a list", () => {
  const ids = ["a,b", "100%", "%2C", "plain"];
  assert.deepStrictEqual(view.split_ids(view.join_ids(ids)), ids);
});

test("the first click on a metric shows the best first, the second turns round", () => {
  const table = small_table();
  const acc = table.column_of.get("metrics.acc.best");
  const first = view.next_sort([], acc, false);
  const second = view.next_sort(first, acc, false);
  assert.deepStrictEqual([first, second].map(view.sort_text), ["-metrics.acc.best", "metrics.acc.best"]);
});

test("a click with shift adds a column and turns it on the next", () => {
  const table = small_table();
  const [name, acc] = ["name", "metrics.acc.best"].map((id) => table.column_of.get(id));
  const both = view.next_sort(view.next_sort([], acc, false), name, true);
  assert.strictEqual(view.sort_text(both), "-metrics.acc.best,name");
  assert.strictEqual(view.sort_text(view.next_sort(both, name, true)), "-metrics.acc.best,-name");
  assert.strictEqual(view.sort_text(view.next_sort(both, name, false)), "-name");
});

test("a search keeps rows that hold every word, in any case", () => {
  const table = small_table();
  const order = view.order_rows(table, []);
  assert.deepStrictEqual([...view.search_rows(table, order, "RUN 1")], [0, 2]);
  assert.deepStrictEqual([...view.search_rows(table, order, "  ")], [0, 1, 2, 3]);
  assert.deepStrictEqual([...view.search_rows(table, order, "nobody")], []);
});

test("a chosen column stands behind the last of its kind, and leaves again", () => {
  const table = small_table();
  const [name, acc, loss, started] = ["name", "metrics.acc.best", "metrics.loss, mean.last", "started"].map((id) => table.column_of.get(id));
  assert.deepStrictEqual(view.toggle_column([name, acc, started], loss), [name, acc, loss, started]);
  assert.deepStrictEqual(view.toggle_column([name, acc, loss], acc), [name, loss]);
  assert.deepStrictEqual(view.toggle_column([started], acc), [started, acc]);
});

test("the name is always the first column", () => {
  assert.deepStrictEqual(view.shown_columns(small_table(), "started,name").map(({ id }) => id), ["name", "started"]);
});

test("the rows in sight and six on each side are drawn", () => {
  assert.deepStrictEqual(view.row_window(0, 280, 1000), [0, 16]);
  assert.deepStrictEqual(view.row_window(2800, 280, 1000), [94, 116]);
  assert.deepStrictEqual(view.row_window(1e9, 280, 1000), [1000, 1000]);
  assert.deepStrictEqual(view.row_window(0, 280, 3), [0, 3]);
  assert.deepStrictEqual(view.row_window(0, 280, 0), [0, 0]);
});

test("cells are written by kind, and missing is empty", () => {
  const told = [
    [column("x", "number", []), "NaN", "NaN"],
    [column("x", "number", []), "-Infinity", "\u2212∞"],
    [column("x", "number", []), 0.98765432, "0.9877"],
    [column("x", "number", []), null, ""],
    [column("x", "duration", []), 3720, "1 h 02 min"],
    [column("x", "time", []), NOW - 7200, "2 h ago"],
    [column("x", "time", []), NOW - 90 * 86400, "2023-08-16 22:13"],
    [column("x", "param", []), false, "false"],
    [column("x", "param", []), "9007199254740993", "9007199254740993"],
    [column("x", "text", []), "NaN", "NaN"],
    [column("x", "param", []), 0.47809938688832354, "0.478099"],
    [column("x", "param", []), "", '""'],
  ];
  for (const [of, value, text] of told) assert.strictEqual(view.cell_text(of, value, NOW), text);
});

test("a rounded number says itself in full", () => {
  assert.strictEqual(view.cell_title(column("x", "number", []), 0.98765432, "0.9877"), "0.98765432");
  assert.strictEqual(view.cell_title(column("x", "number", []), 0.5, "0.5"), "");
  assert.strictEqual(view.cell_title(column("x", "param", []), 0.4780993868, "0.478099"), "0.4780993868");
  assert.strictEqual(view.cell_title(column("x", "param", []), "", '""'), "");
});

test("decimal points line up by classes", () => {
  const loss = column("x", "number", [0.25, 3, 0.1234, "NaN", 1e-9, null]);
  const classes = loss.values.map((value) => view.cell_classes(loss, view.cell_text(loss, value, NOW)));
  const plain = "cell_number numeric";
  assert.deepStrictEqual(classes, [`${plain} short_2`, `${plain} short_4 whole`, plain, plain, plain, plain]);
});

test("the widest cells and the marked one are measured", () => {
  const table = { diverged: new Set() };
  const names = column("x", "text", ["a", "bbb", "cc", "d", "ee", "ffff"]);
  assert.deepStrictEqual(view.widest_rows(table, names, NOW).slice(0, 4), [5, 1, 2, 4]);
  const marked = column("x", "number", [0.12345, 1, 0.3], { best_value: 1, best_mark: "★" });
  assert.ok(view.widest_rows(table, marked, NOW).includes(1));
});

test("the note says how many runs are shown and in which order", () => {
  const { column_of } = small_table();
  const said = (sort) => view.note_text(4, 4, view.parse_sort(sort, column_of));
  assert.strictEqual(said("-metrics.acc.best"), "4 runs, best first by acc");
  assert.strictEqual(said("metrics.acc.best"), "4 runs, by acc, least first");
  assert.strictEqual(said("-started"), "4 runs, newest first by started");
  assert.strictEqual(said("name,-started"), "4 runs, by name, A to Z, then newest first by started");
  const equal = column("metrics.acc.best", "number", [1, 1], { label: "acc", goal: "maximize", descending_first: true });
  assert.strictEqual(view.note_text(2, 2, [{ column: equal, descending: true }]), "2 runs, best first by acc");
  assert.strictEqual(view.note_text(1, 1000, []), "1 of 1,000 runs");
});
