"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { column, metric, param, declared, runs_table, names_of } = require("./tables.js");
const lines = require("../../themes/default/static/table_lines.js");
const { parse_sort } = require("../../themes/default/static/table_state.js");
const { summarise_group } = require("../../themes/default/static/group_statistics.js");

const ACC = metric("acc", "best", declared);
const TEAM = column("tags.team", "param", { group: "tag", label: "team" });
const IDS = ["a0", "a1", "b0", "b1", "b2", "c0"];
const VALUES = {
  "metrics.acc.best": [0.5, 0.7, 0.9, 0.95, 0.1, "NaN"],
  "params.lr": [0.1, 0.1, 0.01, 0.01, 0.01, null],
  "params.seed": [0, 1, 0, 1, 2, 0],
  "tags.team": ["x", "y", "x", "y", "x", "x"],
};
const STATUS = ["finished", "finished", "finished", "finished", "failed", "finished"];
const COLUMNS = [ACC, param("lr"), param("seed"), TEAM];

const seeds = (more) => runs_table(IDS, VALUES, { columns: COLUMNS, status: STATUS, repeats: ["ka", "ka", "kb", "kb", "kb", "kc"], params: ["params.lr"], ...more });
const all_rows = (table) => Uint32Array.from({ length: table.row_count }, (_, row) => row);
const groups_of = (table, group) => lines.make_groups(table, all_rows(table), group);
const members = (table, groups) => groups.map(({ rows }) => names_of(table, rows).join(" "));

function grouped(table, group, statistics = ["mean", "ci", "sd", "min", "max"]) {
  const groups = groups_of(table, group);
  const shown = ["name", "status", "metrics.acc.best", "params.lr", "params.seed", "tags.team", "started"].map((id) => table.column_of.get(id));
  return { groups, columns: lines.grouped_columns(table, groups, shown, statistics) };
}

const values_of = (columns, id) => columns.find((each) => each.id === id).group_values;

test("runs are grouped by what they hold in a param", () => {
  const table = seeds();
  const groups = groups_of(table, ["params.lr"]);
  assert.deepStrictEqual(members(table, groups), ["a0 a1", "b0 b1 b2", "c0"]);
  assert.deepStrictEqual(groups.map(({ label }) => label), ["lr 0.1", "lr 0.01", "without lr"]);
});

test("runs are grouped by several params and tags", () => {
  const table = seeds();
  const groups = groups_of(table, ["tags.team", "params.lr"]);
  assert.deepStrictEqual(members(table, groups), ["a0", "a1", "b0 b2", "b1", "c0"]);
  assert.deepStrictEqual(groups.map(({ label }) => label), ["team x · lr 0.1", "team y · lr 0.1", "team x · lr 0.01", "team y · lr 0.01", "team x"]);
});

test("runs are grouped by their repeats, within their experiment", () => {
  const table = seeds();
  const groups = groups_of(table, ["repeats"]);
  assert.deepStrictEqual(members(table, groups), ["a0 a1", "b0 b1 b2", "c0"]);
  assert.deepStrictEqual(groups.map(({ key }) => key), ["e/ka", "e/kb", "e/kc"]);
});

test("groups of repeats are called by the params that tell them apart, at most six", () => {
  const names = ["width", "depth", "parameters", "constant", ...Array.from({ length: 9 }, (_, place) => `p${place}`)];
  const ids = Array.from({ length: 1024 }, (_, row) => `r${row}`);
  const value = { width: (row) => row % 2, depth: (row) => (row >> 1) % 2, parameters: (row) => 1000 * (row % 4), constant: () => "adam" };
  const values = Object.fromEntries(names.map((name, place) => [`params.${name}`, ids.map((_, row) => (value[name] ?? ((each) => (each >> (place - 2)) % 2))(row))]));
  const table = runs_table(ids, values, { columns: names.map((name) => param(name)), params: names.map((name) => `params.${name}`) });

  const label = (order) => lines.make_groups(table, order, ["repeats"])[0].label;

  assert.strictEqual(label([0, 1, 2, 3]), "width 0 · depth 0");
  assert.strictEqual(label(ids.map((_, row) => row)).split(" · ").length, 6);
  assert.strictEqual(label([5]), "r5");
});

test("groups stand by their first run, and a group's runs in their order", () => {
  const table = seeds();
  assert.deepStrictEqual(members(table, lines.make_groups(table, [5, 4, 1, 2, 0], ["params.lr"])), ["c0", "b2 b0", "a1 a0"]);
});

test("missing, the empty text, and texts that look like numbers are groups of their own", () => {
  const held = [null, "", 1, "1", true, "true", "null", "a,b", "a"];
  const table = runs_table(held.map((_, row) => `r${row}`), { "params.p": held, "params.q": held.map((_, row) => (row === 8 ? "b" : null)) }, { columns: [param("p"), param("q")] });
  for (const group of [["params.p"], ["params.p", "params.q"]]) {
    const groups = groups_of(table, group);
    assert.strictEqual(groups.length, held.length);
    assert.ok(groups.every(({ key }) => key !== ""), "an empty key would be lost in the address");
  }
});

test("groups by a column that the table lacks are one", () => {
  const table = seeds();
  assert.deepStrictEqual(members(table, groups_of(table, ["params.gone"])), [IDS.join(" ")]);
  assert.deepStrictEqual(groups_of(table, ["params.lr", "params.gone"]).length, 3);
});

test("only finished runs are averaged, the others counted", () => {
  const table = seeds();
  const { groups, columns } = grouped(table, ["params.lr"]);
  assert.deepStrictEqual(groups.map(({ averaged }) => names_of(table, averaged).join(" ")), ["a0 a1", "b0 b1", "c0"]);
  assert.deepStrictEqual(values_of(columns, "n"), [2, 2, 1]);
  assert.deepStrictEqual(values_of(columns, "min(metrics.acc.best)"), [0.5, 0.9, null]);
});

test("the figures of a group are those of its finished runs", () => {
  const { groups, columns } = grouped(seeds(), ["params.lr"]);
  const figures = groups.map(({ averaged }) => summarise_group(averaged.map((row) => VALUES["metrics.acc.best"][row])));
  for (const name of ["mean", "ci", "sd", "min", "max"]) {
    assert.deepStrictEqual(values_of(columns, `${name}(metrics.acc.best)`), figures.map((each) => each[name]));
  }
  assert.deepStrictEqual(columns.find(({ id }) => id === "mean(metrics.acc.best)").figures, figures);
  assert.deepStrictEqual([figures[0].mean, figures[2].not_finite], [0.6, 1]);
});

test("columns of groups are name, n, the figures asked for, and what the runs share", () => {
  const { columns } = grouped(seeds(), ["params.lr"], ["mean", "sd"]);
  assert.deepStrictEqual(columns.map(({ id }) => id), ["name", "n", "status", "mean(metrics.acc.best)", "sd(metrics.acc.best)", "params.lr", "params.seed", "tags.team"]);
  assert.deepStrictEqual(values_of(columns, "name"), ["lr 0.1", "lr 0.01", "without lr"]);
  assert.deepStrictEqual(values_of(columns, "params.lr"), [0.1, 0.01, null]);
  assert.deepStrictEqual(values_of(columns, "params.seed"), ["2 values", "3 values", 0]);
  assert.deepStrictEqual(values_of(columns, "tags.team"), ["2 values", "2 values", "x"]);
});

test("the best mean is marked, other figures are not", () => {
  const { columns } = grouped(seeds(), ["params.lr"]);
  const best = (name) => columns.find(({ id }) => id === `${name}(metrics.acc.best)`).best_value;
  assert.ok(Math.abs(best("mean") - 0.925) < 1e-12);
  assert.deepStrictEqual(["ci", "sd", "min", "max"].map(best), [undefined, undefined, undefined, undefined]);
});

test("groups are sorted by any figure, those without one last", () => {
  const { groups, columns } = grouped(seeds(), ["params.lr"]);
  const sorted = (sort) => [...lines.sorted_groups(groups, columns, parse_sort(sort))].map((place) => groups[place].label);
  const [a, b, none] = ["lr 0.1", "lr 0.01", "without lr"];
  for (const [sort, labels] of [
    ["", [a, b, none]],
    ["gone", [a, b, none]],
    ["-mean(metrics.acc.best)", [b, a, none]],
    ["mean(metrics.acc.best)", [a, b, none]],
    ["-metrics.acc.best", [b, a, none]], // a column of single runs means its mean
    ["ci(metrics.acc.best)", [b, a, none]],
    ["-sd(metrics.acc.best)", [a, b, none]],
    ["-min(metrics.acc.best)", [b, a, none]],
    ["max(metrics.acc.best)", [a, b, none]],
    ["n", [none, a, b]],
    ["-n,-mean(metrics.acc.best)", [b, a, none]],
    ["name", [b, a, none]],
    ["params.lr", [b, a, none]],
  ]) assert.deepStrictEqual(sorted(sort), labels, sort);
});

test("an open group has its runs below it", () => {
  const table = seeds();
  const groups = groups_of(table, ["params.lr"]);
  const found = lines.grouped_lines(groups, [1, 0, 2], new Set([groups[0].key, groups[2].key]));
  const [first, second, third] = [0, 1, 2].map(lines.group_line);
  assert.deepStrictEqual([...found.lines], [second, first, 0, 1, third, 5]);
  assert.deepStrictEqual([...found.depths], [0, 0, 1, 1, 0, 1]);
});

test("a line says a group's value, or a run's below its mean", () => {
  const table = seeds();
  const { columns } = grouped(table, ["params.lr"]);
  const said = (id, line) => lines.line_value(columns.find((each) => each.id === id), line);
  assert.strictEqual(said("mean(metrics.acc.best)", lines.group_line(0)), 0.6);
  assert.strictEqual(said("mean(metrics.acc.best)", 1), 0.7);
  assert.deepStrictEqual([said("sd(metrics.acc.best)", 1), said("n", 1)], [null, null]);
  assert.deepStrictEqual([said("name", 1), said("params.seed", 1)], ["a1", 1]);
  assert.deepStrictEqual([lines.line_value(table.column_of.get("name"), 1), lines.line_value(table.column_of.get("name"), -1)], ["a1", null]);
});
