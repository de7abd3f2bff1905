"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { NOW, column, metric, param, declared, more_payload, table_of, runs_table, names_of } = require("./tables.js");
const data = require("../../themes/default/static/table_data.js");

const HOSTILE = 'a.b[0] "x" \\ `y`';

function two_shards() {
  return table_of({
    columns: [
      column("name", "text"), column("experiment", "text"), column("status", "status"), metric("acc", "best", declared), param("lr"), param("__proto__"),
      metric("acc", "min", { block: "more" }), metric("loss", "at best of acc", { block: "more", anchor: "acc" }), column("started", "time"), column("id", "text"),
    ],
    shards: [
      {
        experiment: "one",
        values: { name: ["a", "b"], id: ["a", "b"], status: ["finished", "running"], "metrics.acc.best": [0.5, 0.9], started: [1, 2], "params.__proto__": [7, 8] },
        diverged: [1], without_series: [0], parents: [[1, "one/a"]], open_runs: [[1, NOW, NOW + 600]], repeats: ["k", "k"],
      },
      {
        experiment: HOSTILE,
        values: { name: ["c"], id: ["c"], status: ["running"], "metrics.acc.best": ["NaN"], started: [3], "params.lr": [0.1] },
        diverged: [0], parents: [[0, "one/b"]], open_runs: [[0, null, null]], repeats: ["k"],
      },
    ],
  });
}

test("shards stand one below the other", () => {
  const table = two_shards();
  assert.strictEqual(table.row_count, 3);
  assert.deepStrictEqual(table.column_of.get("name").values, ["a", "b", "c"]);
  assert.deepStrictEqual(table.column_of.get("metrics.acc.best").values, [0.5, 0.9, "NaN"]);
  assert.deepStrictEqual(table.repeats, ["k", "k", "k"]);
});

test("what a shard lacks is missing in its rows alone", () => {
  const table = two_shards();
  assert.deepStrictEqual(table.column_of.get("params.lr").values, [null, null, 0.1]);
  assert.deepStrictEqual(table.column_of.get("params.__proto__").values, [7, 8, null]);
});

test("rows are told by experiment and key", () => {
  const table = two_shards();
  assert.deepStrictEqual(table.column_of.get("experiment").values, ["one", "one", HOSTILE]);
  assert.deepStrictEqual(table.keys, ["one/a", "one/b", `${HOSTILE}/c`]);
  assert.strictEqual(table.row_of.get(`${HOSTILE}/c`), 2);
});

test("each row has the address of its page", () => {
  const table = two_shards();
  assert.deepStrictEqual([0, 1, 2].map(table.link), ["experiments/one/runs/a-1/index.html", "experiments/one/runs/b-1/index.html", `experiments/${HOSTILE}/runs/c-1/index.html`]);
});

test("what is true of few rows is counted through the shards", () => {
  const table = two_shards();
  assert.deepStrictEqual([table.diverged, table.without_series], [new Set([1, 2]), new Set([0])]);
  assert.deepStrictEqual(table.parents, new Map([[1, "one/a"], [2, "one/b"]]));
  assert.deepStrictEqual(table.open_runs, new Map([[1, { last_time: NOW, stalled_at: NOW + 600 }], [2, { last_time: null, stalled_at: null }]]));
});

test("later columns are empty until they come", () => {
  const table = two_shards();
  const [least, at_best] = ["metrics.acc.min", "metrics.loss.at best of acc"].map((id) => table.column_of.get(id));
  assert.deepStrictEqual([data.is_loaded(table, least), data.is_loaded(table, table.column_of.get("name"))], [false, true]);
  assert.deepStrictEqual(least.values, [null, null, null]);
  assert.ok(least.is_constant);

  data.add_more(table, [more_payload({ values: { "metrics.acc.min": [0.1, 0.2], [at_best.id]: [3, 4] }, distances: { [at_best.id]: [0, -2] } }), null]);

  assert.ok(data.is_loaded(table, least));
  assert.deepStrictEqual([least.values, least.is_constant], [[0.1, 0.2, null], false]);
  assert.deepStrictEqual([at_best.values, at_best.distances], [[3, 4, null], [0, -2, null]]);
  assert.strictEqual(least.distances, null);
});

test("a column that one experiment has at once and another later is whole in the end", () => {
  const table = table_of({
    columns: [column("name", "text"), column("id", "text"), metric("m", "last", { block: "more" })],
    shards: [{ values: { name: ["a"], id: ["a"], "metrics.m.last": [1] } }, { values: { name: ["b"], id: ["b"] } }],
  });
  data.add_more(table, [null, more_payload({ values: { "metrics.m.last": [2] } })]);
  assert.deepStrictEqual(table.column_of.get("metrics.m.last").values, [1, 2]);
});

test("the best value is marked by its goal, among numbers that differ", () => {
  const best = (values, more) => runs_table(["a", "b", "c"], { "metrics.m.best": values }, { columns: [metric("m", "best", more)] }).column_of.get("metrics.m.best").best_value;
  assert.strictEqual(best([1, 3, 2], declared), 3);
  assert.strictEqual(best([1, 3, "-Infinity"], { ...declared, goal: "minimize" }), 1);
  assert.strictEqual(best([0, "Infinity", -1], declared), 0);
  assert.strictEqual(best([2, 2, 2], declared), undefined);
  assert.strictEqual(best([2, null, "NaN"], declared), undefined);
  assert.strictEqual(best([1, 3, 2], {}), undefined);
});

const order = (ids, values, more) => {
  const table = runs_table(ids, values, more);
  return names_of(table, table.base_order);
};

test("the order is best first, of equals the earliest, missing last and newest first", () => {
  const more = { columns: [metric("acc", "best", declared)], sorted_by: "-metrics.acc.best", started: [1, 2, 3, 4, null] };
  assert.deepStrictEqual(order(["a", "b", "c", "d", "e"], { "metrics.acc.best": [0.5, 0.9, 0.5, null, null] }, more), ["b", "a", "c", "d", "e"]);
});

test("a metric to be minimized has its least first", () => {
  const more = { columns: [metric("loss", "best", { goal: "minimize" })], sorted_by: "metrics.loss.best" };
  assert.deepStrictEqual(order(["a", "b", "c"], { "metrics.loss.best": [3, null, 1] }, more), ["c", "a", "b"]);
});

test("runs that start together stand by their keys", () => {
  assert.deepStrictEqual(order(["b", "c", "a", "B"], {}, { started: [5, 5, 5, 9] }), ["B", "a", "b", "c"]);
  assert.deepStrictEqual(order(["b", "a"], {}, { started: [null, null] }), ["a", "b"]);
});

test("runs of several experiments that start together stand by experiment, then by id", () => {
  const shard = (experiment, ids) => ({ experiment, values: { name: ids, id: ids, started: ids.map(() => null) } });
  const columns = [column("name", "text"), column("started", "time"), column("id", "text")];
  const table = table_of({ columns, shards: [shard("a-b", ["y"]), shard("a", ["z", "x"])] });
  assert.deepStrictEqual([...table.base_order].map((row) => table.keys[row]), ["a/x", "a/z", "a-b/y"]);
});

test("a table without runs is read", () => {
  const empty = table_of({ columns: [column("name", "text")], shards: [] });
  assert.deepStrictEqual([empty.row_count, [...empty.base_order], empty.column_of.get("name").values], [0, [], []]);
  assert.strictEqual(data.judge_statuses(empty, NOW), false);
});

test("the reader's clock says which runs are stalled", () => {
  const table = runs_table(["a", "b", "c"], {}, { status: ["running", "finished", "running"], open_runs: [[0, NOW, NOW + 600], [2, null, null]] });
  const status = table.column_of.get("status");
  const rank_of = () => [...status.ranked.ranks];
  const before = rank_of();
  assert.ok(!status.is_constant);

  assert.strictEqual(data.judge_statuses(table, NOW + 600), false);
  assert.strictEqual(data.judge_statuses(table, NOW + 601), true);
  assert.deepStrictEqual(status.values, ["stalled", "finished", "running"]);
  assert.notDeepStrictEqual(rank_of(), before);
  assert.strictEqual(data.judge_statuses(table, NOW + 602), false);
  assert.strictEqual(data.judge_statuses(table, NOW), true);
  assert.deepStrictEqual(status.values, ["running", "finished", "running"]);
});

test("runs of one status do not agree once some of them are stalled", () => {
  const table = runs_table(["a", "b"], {}, { status: ["running", "running"], open_runs: [[0, NOW, NOW + 600], [1, null, null]] });
  assert.ok(table.column_of.get("status").is_constant);
  data.judge_statuses(table, NOW + 601);
  assert.ok(!table.column_of.get("status").is_constant);
});

test("a column that equals the status is not judged", () => {
  const table = runs_table(["a"], { "params.state": ["running"] }, { columns: [param("state")], status: ["running"], open_runs: [[0, NOW, NOW + 1]] });
  data.judge_statuses(table, NOW + 2);
  assert.deepStrictEqual(["status", "params.state"].map((id) => table.column_of.get(id).values), [["stalled"], ["running"]]);
});

test("what could not start does with data that come again, and what started takes them up", async () => {
  const said = [];
  let is_there = false;
  const start = async () => {
    said.push("start");
    if (!is_there) throw new Error("gone");
    return { renew: () => said.push("renew") };
  };
  const table = data.renewable(start);
  is_there = true;
  await table.renew();
  await table.renew();

  assert.deepStrictEqual(said, ["start", "start", "renew"]);
});
