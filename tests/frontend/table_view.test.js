"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { NOW, column: usual_column, metric, param, declared, runs_table } = require("./tables.js");
const lines = require("../../themes/default/static/table_lines.js");
const view = require("../../themes/default/static/table_view.js");

const column = (id, kind, values, more = {}) => usual_column(id, kind, { values, ...more });
const ACC = metric("acc", "best", declared);

function small_table() {
  const values = { "metrics.acc.best": [0.9, 0.8, 0.7], "metrics.loss.last": [1, 1, 0], "params.lr": [1, 1, 1], "params.gone": [null, null, null] };
  return runs_table(["a", "b", "c"], values, { columns: [ACC, metric("loss", "last"), param("lr"), param("gone", { shown: false })] });
}

const shown = (wish) => view.shown_columns(small_table(), { columns: [], pinned: [], hides_constants: false, ...wish }).map(({ id }) => id);
const USUAL = ["name", "status", "metrics.acc.best", "metrics.loss.last", "params.lr", "started"];

test("without a wish the usual columns are shown", () => assert.deepStrictEqual(shown({}), USUAL));

test("the name is always the first column", () => {
  assert.deepStrictEqual(shown({ columns: ["started", "name"] }), ["name", "started"]);
  assert.deepStrictEqual(shown({ columns: ["id", "id"] }), ["name", "id"]);
});

test("columns that a link names and the table lacks are passed over", () => {
  assert.deepStrictEqual(shown({ columns: ["gone", "id"] }), ["name", "id"]);
  assert.deepStrictEqual(shown({ columns: ["gone"], pinned: ["gone", "id"] }), USUAL);
});

test("pinned columns stand behind the name, in the order in which they were pinned", () => {
  assert.deepStrictEqual(shown({ pinned: ["params.lr", "status"] }), ["name", "params.lr", "status", "metrics.acc.best", "metrics.loss.last", "started"]);
  assert.deepStrictEqual(shown({ columns: ["status", "id"], pinned: ["id", "params.lr"] }), ["name", "id", "status"]);
});

test("columns in which all runs agree can be hidden", () => {
  assert.deepStrictEqual(shown({ hides_constants: true }), ["name", "metrics.acc.best", "metrics.loss.last", "started"]);
  assert.deepStrictEqual(shown({ hides_constants: true, columns: ["params.gone", "id"] }), ["name", "id"]);
});

test("a single run agrees with itself in all columns, and is shown", () => {
  const table = runs_table(["a"], { "params.lr": [1] }, { columns: [param("lr")] });
  const found = view.shown_columns(table, { columns: [], pinned: [], hides_constants: true });
  assert.deepStrictEqual(found.map(({ id }) => id), ["name", "status", "params.lr", "started"]);
});

test("columns are searched by all words, in any case", () => {
  const columns = [metric("val/acc", "best", { detail: "best ▲" }), metric("val/loss", "best", { detail: "best ▽" }), param("Learning_Rate")];
  const found = (text) => view.search_columns(columns, text).map(({ id }) => id);
  assert.deepStrictEqual(found("VAL best"), ["metrics.val/acc.best", "metrics.val/loss.best"]);
  assert.deepStrictEqual(found("best acc"), ["metrics.val/acc.best"]);
  assert.deepStrictEqual(found("learning"), ["params.Learning_Rate"]);
  assert.deepStrictEqual([found("nothing"), found("  ").length], [[], 3]);
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

test("decimals are those of a sample, and of groups those of their figures", () => {
  const loss = column("x", "number", [0.25], { group_values: [0.5, 0.125] });
  assert.strictEqual(view.cell_classes(loss, "0.5"), "cell_number numeric short_2");
  const text = column("x", "text", ["0.25"]);
  assert.strictEqual(view.cell_classes(text, "0.5"), "cell_text");
  const time = column("x", "duration", [0.25]);
  assert.strictEqual(view.cell_classes(time, "250 ms"), "cell_duration numeric");
});

const widest = (table, of) => [...view.widest_lines({ diverged: new Set(), ...table }, of, NOW)];

test("the widest cells and the marked one are measured", () => {
  const names = column("x", "text", ["a", "bbb", "cc", "d", "ee", "ffff"]);
  assert.deepStrictEqual(widest({}, names).slice(0, 4), [5, 1, 2, 4]);
  assert.strictEqual(widest({}, names).length, view.MEASURED_ROWS);
  const marked = column("x", "number", [0.12345, 0.1234, 0.1233, 0.1232, 0.1231, 1, 0.3], { best_value: 1 });
  assert.ok(widest({}, marked).includes(5));
});

test("a status with a run that diverged is wider", () => {
  const status = column("status", "status", ["finished", "finished", "finished", "finished", "running", "finished"]);
  assert.strictEqual(widest({ diverged: new Set([4]) }, status)[0], 4);
});

test("all texts are measured, of other columns a sample that ends within them", () => {
  const texts = Array.from({ length: 5000 }, (_, row) => (row === 4321 ? "x".repeat(99) : "x"));
  assert.strictEqual(widest({}, column("x", "text", texts))[0], 4321);
  const numbers = column("x", "number", Array.from({ length: 5000 }, (_, row) => row / 7));
  assert.ok(widest({}, numbers).every((row) => row % 25 === 0 && row < 5000));
});

test("no line is measured that is not there", () => {
  assert.deepStrictEqual(widest({}, column("x", "number", [])), []);
  assert.deepStrictEqual([...new Set(widest({}, column("x", "number", [1])))], [0]);
});

test("of groups the lines of the groups are measured", () => {
  const mean = column("x", "number", [1, 2, 3], { group_values: [1, 0.123], best_value: 1 });
  assert.deepStrictEqual(widest({}, mean), [lines.group_line(1), lines.group_line(0), lines.group_line(0)]);
});

const counts = (shown, all, groups = null) => ({ shown, all, groups });

test("the note says how many runs are shown and in which order", () => {
  const [acc, loss, name, started] = [ACC, metric("loss", "last"), usual_column("name", "text"), usual_column("started", "time", { descending_first: true })];
  const said = (...keys) => view.note_text(counts(4, 4), keys);
  assert.strictEqual(said([acc, true]), "4 runs, best first by acc");
  assert.strictEqual(said([acc, false]), "4 runs, by acc, least first");
  assert.strictEqual(said([loss, true]), "4 runs, by loss, greatest first");
  assert.strictEqual(said([started, true]), "4 runs, newest first by started");
  assert.strictEqual(said([name, false], [started, false]), "4 runs, by name, A to Z, then oldest first by started");
  assert.strictEqual(said([{ ...acc, goal: "minimize", descending_first: false }, false]), "4 runs, best first by acc");
  assert.strictEqual(view.note_text(counts(1, 1000), []), "1 of 1,000 runs");
  assert.strictEqual(view.note_text(counts(1, 1), []), "1 run");
  assert.strictEqual(view.note_text(counts(0, 1), []), "0 of 1 run");
});

test("the note counts groups", () => {
  const mean = { ...ACC, statistic: "mean" };
  const sd = { ...metric("acc", "best"), statistic: "sd", descending_first: false };
  assert.strictEqual(view.note_text(counts(40, 40, 8), [[mean, true]]), "8 groups of 40 runs, best first by mean of acc");
  assert.strictEqual(view.note_text(counts(5, 40, 1), [[sd, false]]), "1 group of 5 of 40 runs, by std dev of acc, least first");
});

test("a curve goes from edge to edge and from least to greatest", () => {
  assert.strictEqual(view.curve_path("0z5", "05z"), "M1.0 19.0L48.0 1.0L95.0 10.0");
  assert.strictEqual(view.curve_path("00", "05z"), "M1.0 19.0L95.0 19.0");
  assert.strictEqual(view.curve_path("", "05z"), "");
});

test("a gap breaks the line of a curve", () => {
  assert.strictEqual(view.curve_path("0~z0", "05z"), "M1.0 19.0M63.7 1.0L95.0 19.0");
  assert.strictEqual(view.curve_path("~0z~~", "05z"), "M24.5 19.0L48.0 1.0");
  assert.strictEqual(view.curve_path("~~", "05z"), "");
});
