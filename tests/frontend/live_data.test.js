"use strict";
const test = require("node:test");
const assert = require("node:assert");
const { changed_metrics, those_named } = require("../../themes/default/static/live_data.js");

const payload = (series, blocks = []) => ({ blocks, steps: [[0, 1], [0, 1, 2]], times: [], series });
const one = (values, steps = 0) => ({ count: values.length, kind: "float32", values, steps });

test("a metric has news where its points or its steps are others", () => {
  const before = payload([["loss", one("AA")], ["acc", one("BB")], ["lr", one("CC")]]);
  const after = payload([["loss", one("AAA", 1)], ["acc", one("BB")], ["lr", one("CC", 1)]]);
  assert.deepEqual(changed_metrics(before, after), new Set(["loss", "lr"]));
});

test("steps that moved to another place are no news", () => {
  const before = { blocks: [], steps: [[0], [5]], times: [], series: [["acc", one("B", 1)]] };
  const after = { blocks: [], steps: [[5]], times: [], series: [["acc", one("B", 0)]] };
  assert.deepEqual(changed_metrics(before, after), new Set());
});

test("metrics of a block have news where its address, which names its content, is another", () => {
  const blocks = (version) => [[`series-1.js?v=${version}`, "e/r#1", ["m1", "m2"]], ["series-2.js?v=1", "e/r#2", ["m3"]]];
  assert.deepEqual(changed_metrics(payload([], blocks(1)), payload([], blocks(2))), new Set(["m1", "m2"]));
});

test("of a run that was never seen all is news, and so is what is gone", () => {
  assert.deepEqual(changed_metrics(undefined, payload([["loss", one("A")]])), new Set(["loss"]));
  assert.deepEqual(changed_metrics(payload([["loss", one("A")]]), payload([])), new Set(["loss"]));
});

test("of the scripts that are there, those are loaded again that are named or lie in a folder that is", () => {
  const there = ["assets/site.js", "experiments/a-1/table.js", "experiments/a-1/rows/f.js", "experiments/a-1/rows/f.js", "runs/table.js"];
  assert.deepEqual(those_named(there, ["runs/table.js", "runs/other.js"]), ["runs/table.js"]);
  assert.deepEqual(those_named(there, ["experiments/a-1/rows/", "runs/table.js"]), ["experiments/a-1/rows/f.js", "runs/table.js"]);
});
