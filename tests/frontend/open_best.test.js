"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { is_better, find_better } = require("../../themes/default/static/open_best.js");

const COLUMN = 'metrics.a.b[0] "x".best';
const shard = (names, values, { column = COLUMN } = {}) => ({
  columns: [["name", 0], [column, 1]], values: [names, values], links: ["experiments/e-1/runs/", "/index.html", names.map((name) => `${name}-2`)],
});

test("any number is better than none, and text is no number", () => {
  assert.deepStrictEqual([is_better(1, null, "maximize"), is_better(1, undefined, "minimize"), is_better(1, "NaN", "maximize")], [true, true, true]);
  assert.deepStrictEqual([is_better("NaN", 1, "maximize"), is_better(null, 1, "minimize"), is_better("Infinity", null, "maximize")], [false, false, false]);
});

test("an equal value is not better: the run that ended keeps its place", () => {
  assert.deepStrictEqual([is_better(1, 1, "maximize"), is_better(2, 1, "maximize"), is_better(2, 1, "minimize")], [false, true, false]);
});

test("the best of all runs without an end is found over all shards", () => {
  const shards = [shard(["a", "b"], [0.5, "NaN"]), shard(["c", "d"], [0.9, 0.7])];

  const better = find_better(shards, { column: COLUMN, goal: "maximize", best: 0.6 });

  assert.deepStrictEqual(better, { value: 0.9, name: "c", address: "experiments/e-1/runs/c-2/index.html" });
});

test("nothing is found where no run without an end is better, or none has the metric", () => {
  assert.strictEqual(find_better([shard(["a"], [0.5])], { column: COLUMN, goal: "minimize", best: 0.1 }), null);
  assert.strictEqual(find_better([shard(["a"], [0.5], { column: "x" })], { column: COLUMN, goal: "minimize", best: null }), null);
  assert.strictEqual(find_better([], { column: COLUMN, goal: "minimize", best: null }), null);
});
