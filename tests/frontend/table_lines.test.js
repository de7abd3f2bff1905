"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { metric, param, declared, runs_table, names_of } = require("./tables.js");
const lines = require("../../themes/default/static/table_lines.js");
const { parse_sort } = require("../../themes/default/static/table_state.js");

const ACC = metric("acc", "best", declared);

function scored(more) {
  const values = { "metrics.acc.best": [0.9, 0.8, "NaN", null], "metrics.acc.curve": ["0", "9", "5", null] };
  const columns = [ACC, metric("acc", "curve", { kind: "curve" })];
  return runs_table(["run 10", "run 9", "Run 1", "other"], values, { columns, sorted_by: "-metrics.acc.best", ...more });
}

const sorted = (table, sort) => names_of(table, lines.sorted_rows(table, parse_sort(sort)));

test("a table sorted as it came keeps its order", () => {
  const came = ["run 10", "run 9", "Run 1", "other"];
  for (const sort of ["-metrics.acc.best", "", "gone", "metrics.acc.curve"]) assert.deepStrictEqual(sorted(scored(), sort), came);
});

test("missing and NaN stay last when the order turns", () => {
  assert.deepStrictEqual(sorted(scored(), "metrics.acc.best"), ["run 9", "run 10", "Run 1", "other"]);
});

test("names are sorted naturally", () => {
  assert.deepStrictEqual(sorted(scored(), "name"), ["other", "Run 1", "run 9", "run 10"]);
  assert.deepStrictEqual(sorted(scored(), "-name,gone"), ["run 10", "run 9", "Run 1", "other"]);
});

test("a second column decides among equals, then the order the table came in", () => {
  const values = { "params.lr": [1, 2, 1, 2], "metrics.acc.best": [0.1, 0.2, 0.3, 0.4] };
  const table = runs_table(["a", "b", "c", "d"], values, { columns: [ACC, param("lr")], sorted_by: "-metrics.acc.best" });
  assert.deepStrictEqual(sorted(table, "params.lr,name"), ["a", "c", "b", "d"]);
  assert.deepStrictEqual(sorted(table, "-params.lr"), ["d", "b", "c", "a"]);
});

test("masked rows keep their order", () => {
  const order = Uint32Array.from([3, 1, 0, 2]);
  assert.deepStrictEqual([...lines.masked(order, Uint8Array.from([1, 0, 1, 1]))], [3, 0, 2]);
  assert.strictEqual(lines.masked(order, null), order);
});

// Nested runs: {id: parent's id}; "!" before an id folds it.

function nested(families, { visible, toggled = [], order } = {}) {
  const ids = Object.keys(families);
  const parents = ids.flatMap((id, row) => (families[id] ? [[row, families[id].includes("/") ? families[id] : `e/${families[id]}`]] : []));
  const table = runs_table(ids, {}, { parents });
  const rows = (order ?? ids).map((id) => ids.indexOf(id)).filter((row) => !visible || visible.includes(ids[row]));
  const found = lines.nested_lines(table, Uint32Array.from(rows), new Set(toggled.map((id) => `e/${id}`)));
  return [...found.lines].map((row, place) => ">".repeat(found.depths[place]) + ids[row]);
}

test("runs stand below their parents", () => {
  const families = { a: null, b: "sweep", sweep: null, c: "sweep", d: "c" };
  assert.deepStrictEqual(nested(families), ["a", "sweep", ">b", ">c", ">>d"]);
});

test("a family stands where its first would, its members in their order", () => {
  const families = { sweep: null, a: null, b: "sweep", c: "sweep" };
  assert.deepStrictEqual(nested(families, { order: ["c", "a", "b", "sweep"] }), ["sweep", ">c", ">b", "a"]);
});

test("a folded run hides all below it", () => {
  const families = { sweep: null, b: "sweep", c: "b", other: null };
  assert.deepStrictEqual(nested(families, { toggled: ["sweep"] }), ["sweep", "other"]);
  assert.deepStrictEqual(nested(families, { toggled: ["b"] }), ["sweep", ">b", "other"]);
  assert.deepStrictEqual(nested(families, { toggled: ["c", "other"] }), ["sweep", ">b", ">>c", "other"]);
});

test("a run whose parent is not in sight stands by itself", () => {
  const families = { a: "gone", b: "elsewhere/a", sweep: null, c: "sweep" };
  assert.deepStrictEqual(nested(families), ["a", "b", "sweep", ">c"]);
  assert.deepStrictEqual(nested(families, { visible: ["c", "a"] }), ["a", "c"]);
});

test("runs that are each other's parents are shown once, and last", () => {
  const seen = nested({ a: "c", b: "a", c: "b", own: "own", plain: null });
  assert.deepStrictEqual(seen.slice(0, 2), ["own", "plain"]);
  assert.deepStrictEqual(seen.map((line) => line.replace(/^>+/, "")).sort(), ["a", "b", "c", "own", "plain"]);
  assert.strictEqual(seen.filter((line) => !line.startsWith(">")).length, 3);
});

test("a run below a circle of parents is shown once too", () => {
  const seen = nested({ a: "b", b: "a", below: "a" });
  assert.deepStrictEqual(seen.map((line) => line.replace(/^>+/, "")).sort(), ["a", "b", "below"]);
});

test("a chain of 20,000 parents is walked to its end", () => {
  const count = 20000;
  const ids = Array.from({ length: count }, (_, row) => `r${row}`);
  const table = runs_table(ids, {}, { parents: ids.slice(1).map((_, row) => [row + 1, `e/r${row}`]) });
  for (const order of [ids.map((_, row) => row), ids.map((_, row) => count - 1 - row)]) {
    const found = lines.nested_lines(table, Uint32Array.from(order), new Set());
    assert.deepStrictEqual([...found.lines], [...ids.keys()]);
    assert.deepStrictEqual([...found.depths.slice(0, 12)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]);
  }
  const folded = lines.nested_lines(table, Uint32Array.from(ids.keys()), new Set(["e/r3"]));
  assert.deepStrictEqual([...folded.lines], [0, 1, 2, 3]);
});

test("rows with children are told apart from those without", () => {
  const table = runs_table(["a", "b", "c"], {}, { parents: [[1, "e/a"]] });
  const { with_children } = lines.nested_lines(table, Uint32Array.from([0, 1, 2]), new Set());
  assert.deepStrictEqual([0, 1, 2].map((row) => with_children.has(row)), [true, false, false]);
});

test("runs of two experiments with one id are not taken for each other", () => {
  const table = runs_table(["a", "b"], {}, { experiment: "other", parents: [[1, "e/a"]] });
  assert.deepStrictEqual([...lines.nested_lines(table, Uint32Array.from([0, 1]), new Set()).depths], [0, 0]);
});

test("lines of groups are told from lines of runs", () => {
  assert.deepStrictEqual([0, 7].map((group) => lines.group_of(lines.group_line(group))), [0, 7]);
  assert.strictEqual(lines.group_of(0), null);
  assert.ok(lines.group_line(0) < 0);
});
