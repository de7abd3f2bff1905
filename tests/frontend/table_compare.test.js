"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { column, metric, declared, table_of, runs_table } = require("./tables.js");
const { read_table, renew_table } = require("../../themes/default/static/table_data.js");
const lines = require("../../themes/default/static/table_lines.js");
const compare = require("../../themes/default/static/table_compare.js");

const MINUS = "\u2212";
const ID = "metrics.acc.best";

// Configurations of repeats: {configuration: [value of each run]}; runs are called a0, a1, ….
function configurations(told, { goal = declared, status } = {}) {
  const ids = Object.entries(told).flatMap(([name, values]) => values.map((_, place) => `${name}${place}`));
  const values = { [ID]: Object.values(told).flat() };
  return runs_table(ids, values, { columns: [metric("acc", "best", goal)], repeats: ids.map((id) => id[0]), status });
}

function said(table, baseline, run) {
  const found = compare.find_baseline(table, `e/${baseline}`, null);
  return compare.difference(table, found, table.column_of.get(ID), table.row_of.get(`e/${run}`));
}

test("a run is judged by the repeats that came while the table is open, under a head that did not change", () => {
  const rows_of = (told) => configurations(told).shards.map(({ rows }) => rows);
  const table = configurations({ a: [0.5], b: [0.9] });
  assert.strictEqual(said(table, "a0", "b0").word, "not_enough_runs");

  renew_table(table, read_table(table.head, rows_of({ a: LOW, b: HIGH })));

  assert.strictEqual(said(table, "a0", "b0").word, "better");
});

const LOW = [0.5, 0.51, 0.49];
const HIGH = [0.9, 0.91, 0.89];
const NOISY = [0.3, 0.52, 0.8];

for (const [what, told, goal, glyph, word] of [
  ["better by a declared goal", { a: LOW, b: HIGH }, declared, "✓", "better"],
  ["worse by a declared goal", { a: HIGH, b: LOW }, declared, "✗", "worse"],
  ["better where less is wanted", { a: HIGH, b: LOW }, { ...declared, goal: "minimize", goal_from: "settings" }, "✓", "better"],
  ["higher where the goal is guessed", { a: LOW, b: HIGH }, { ...declared, goal_from: "guess" }, "△", "higher"],
  ["lower where the goal is guessed", { a: HIGH, b: LOW }, { ...declared, goal_from: "guess" }, "▽", "lower"],
  ["higher where there is no goal", { a: LOW, b: HIGH }, {}, "△", "higher"],
  ["within noise", { a: LOW, b: NOISY }, declared, "≈", "within_noise"],
  ["equal", { a: LOW, b: LOW }, declared, "=", "equal"],
  ["not enough runs", { a: LOW, b: [0.9] }, declared, "?", "not_enough_runs"],
  ["not enough runs of the baseline", { a: [0.5], b: HIGH }, declared, "?", "not_enough_runs"],
]) {
  test(`a run is ${what}`, () => {
    const found = said(configurations(told, { goal }), "a0", "b0");
    assert.deepStrictEqual([found.glyph, found.word], [glyph, word]);
  });
}

test("the difference is the run's own, the verdict that of its repeats", () => {
  const found = said(configurations({ a: LOW, b: HIGH }), "a1", "b2");
  assert.strictEqual(found.text, "+0.38");
  assert.match(found.title, /^\+0\.38 against the baseline; of its repeats: 0\.4 better than the baseline, beyond seed noise \(Welch's t, p < 0\.0001, n = 3 and 3\)$/);
  assert.strictEqual(said(configurations({ a: HIGH, b: LOW }), "a0", "b0").text, `${MINUS}0.4`);
});

test("a lucky run of a worse configuration is told apart", () => {
  const told = configurations({ a: [0.9, 0.91, 0.89], b: [0.5, 0.95, 0.5, 0.5, 0.5] });
  assert.deepStrictEqual([said(told, "a0", "b1").word, said(told, "a0", "b1").is_contrary], ["worse", true]);
  assert.strictEqual(said(told, "a0", "b0").is_contrary, false);
});

test("a repeat of the baseline is told as one, and not judged", () => {
  const found = said(configurations({ a: LOW, b: HIGH }), "a0", "a1");
  assert.deepStrictEqual([found.text, found.glyph, found.word], ["+0.01", "", "repeat"]);
  assert.match(found.title, /a repeat of the same configuration/);
});

test("only finished repeats count", () => {
  const status = ["finished", "finished", "finished", "finished", "pruned", "failed"];
  assert.strictEqual(said(configurations({ a: LOW, b: HIGH }, { status }), "a0", "b0").word, "not_enough_runs");
});

test("repeats of another experiment are others", () => {
  const shard = (experiment, values) => ({ experiment, repeats: ["k", "k"], values: { name: ["x", "y"], id: ["x", "y"], status: ["finished", "finished"], [ID]: values } });
  const columns = [column("name", "text"), column("status", "status"), metric("acc", "best", declared), column("id", "text")];
  const table = table_of({ columns, shards: [shard("one", [0.5, 0.51]), shard("two", [0.9, 0.91])] });
  const found = compare.difference(table, compare.find_baseline(table, "one/x", null), table.column_of.get(ID), table.row_of.get("two/x"));
  assert.deepStrictEqual([found.text, found.word], ["+0.4", "better"]);
});

test("where there is nothing to compare nothing is said", () => {
  const table = configurations({ a: LOW, b: [null], c: ["NaN"], d: ["Infinity"] });
  for (const run of ["a0", "b0", "c0", "d0"]) assert.strictEqual(said(table, "a0", run), null);
  for (const base of ["b0", "c0", "d0"]) assert.strictEqual(said(table, base, "a0"), null);
  const [acc, name] = [ID, "name"].map((id) => table.column_of.get(id));
  assert.strictEqual(compare.difference(table, null, acc, 1), null);
  assert.strictEqual(compare.difference(table, { row: 0, group: null }, name, 1), null);
});

test("only metrics leave room for a difference", () => {
  const baseline = { row: 0, group: null };
  assert.ok(compare.is_compared(baseline, metric("acc", "best")));
  assert.ok(!compare.is_compared(null, metric("acc", "best")));
  assert.ok(!compare.is_compared(baseline, metric("acc", "curve", { kind: "curve" })));
  assert.ok(!compare.is_compared(baseline, { ...metric("acc", "best"), group: "param" }));
  assert.ok(compare.is_compared(baseline, { ...metric("acc", "best"), group_values: [], statistic: "mean" }));
  assert.ok(!compare.is_compared(baseline, { ...metric("acc", "best"), group_values: [], statistic: "sd" }));
});

test("a baseline is a run, and among groups the group that holds it", () => {
  const table = configurations({ a: LOW, b: HIGH });
  const groups = lines.make_groups(table, [3, 4, 5, 0, 1], ["repeats"]);
  assert.deepStrictEqual(compare.find_baseline(table, "e/a1", null), { row: 1, group: null });
  assert.deepStrictEqual(compare.find_baseline(table, "e/a1", groups), { row: 1, group: 1 });
  assert.strictEqual(compare.find_baseline(table, "e/a2", groups), null); // filtered away
  for (const key of ["", "e/gone", "__proto__"]) assert.strictEqual(compare.find_baseline(table, key, groups), null);
});

function groups_said(told, goal) {
  const table = configurations(told, { goal });
  const groups = lines.make_groups(table, [...table.keys.keys()], ["repeats"]);
  const columns = lines.grouped_columns(table, groups, [table.column_of.get("name"), table.column_of.get(ID)], ["mean", "ci"]);
  const baseline = compare.find_baseline(table, "e/a0", groups);
  const mean = columns.find(({ statistic }) => statistic === "mean");
  return (line, column = mean) => compare.difference(table, baseline, column, line);
}

test("groups are compared by their means", () => {
  const said_of = groups_said({ a: LOW, b: HIGH, c: NOISY, d: [0.7] }, declared);
  const found = [1, 2, 3].map((group) => said_of(lines.group_line(group)));
  assert.deepStrictEqual(found.map(({ text, word }) => [text, word]), [["+0.4", "better"], ["+0.04", "within_noise"], ["+0.2", "not_enough_runs"]]);
  assert.match(found[0].title, /^\+0\.4 against the baseline; 0\.4 better than the baseline, beyond seed noise/);
  assert.match(found[2].title, /not enough runs to judge \(n = 1 and 3\)$/);
});

test("the baseline's own group is compared with nothing, its runs with its mean", () => {
  const said_of = groups_said({ a: LOW, b: HIGH }, declared);
  assert.strictEqual(said_of(lines.group_line(0)), null);
  assert.deepStrictEqual([said_of(1).text, said_of(1).word, said_of(1).title], ["+0.01", "repeat", "+0.01 against the baseline's mean"]);
});

test("a group without a mean is not compared", () => {
  const said_of = groups_said({ a: LOW, b: ["NaN", "NaN"] }, declared);
  assert.strictEqual(said_of(lines.group_line(1)), null);
});

test("a difference has its sign", () => {
  assert.deepStrictEqual([0.5, -0.5, 0, 1e-12, -1234567].map(compare.signed), ["+0.5", `${MINUS}0.5`, "0", `+1e${MINUS}12`, `${MINUS}1,234,567`]);
});
