"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
const csv = require("../../themes/default/static/charts_csv.js");

const make_series = (values, { kinds = [], ...more } = {}) => ({
  count: values.length, values, steps: values.map((_, index) => index), kinds: new Map(kinds), attempt_starts: more.starts ?? [],
  unstepped: 0, ...more,
});

test("CSV quotes what needs it and defuses formulas", () => {
  assert.strictEqual(csv.csv_cell('a "b", c'), '"a ""b"", c"');
  assert.strictEqual(csv.csv_cell("=1+1"), "'=1+1");
  assert.strictEqual(csv.csv_cell("plain"), "plain");
  assert.strictEqual(csv.csv_cell(-0.5), "-0.5");
});

test("CSV holds every point, non-finite ones by name", () => {
  const series = make_series([0.1, null], { kinds: [[1, { kind: "-Infinity", count: 1 }]] });
  assert.strictEqual(csv.csv_text([{ run: "a,b", look: { key: "digits/r1" }, series }], "val/acc"),
    'run,name,step,attempt,val/acc\r\ndigits/r1,"a,b",0,1,0.1\r\ndigits/r1,"a,b",1,1,-Infinity\r\n');
});

test("CSV tells runs of one name apart and invents no step", () => {
  const series = { ...make_series([0.5]), unstepped: 1 };
  const drawn = ["digits/a", "digits/b"].map((key) => ({ run: "same", look: { key }, series }));
  assert.strictEqual(csv.csv_text(drawn, "acc"), "run,name,step,attempt,acc\r\ndigits/a,same,,1,0.5\r\ndigits/b,same,,1,0.5\r\n");
});

test("an axis other than steps has a column, and so have smoothed values", () => {
  const series = { ...make_series([0.5, null, -1], { kinds: [[1, { kind: "NaN", count: 1 }]] }), x: [1, 2.5, NaN] };
  const lines = [{ run: "a", look: { key: "e/a" }, series, smooth: { values: [0.5, null, -0.25] } }];
  assert.strictEqual(csv.chart_csv({ lines, metric: { name: "loss" }, axis: { kind: "metric", metric: "epoch" } }),
    "run,name,step,attempt,epoch,loss,smoothed\r\ne/a,a,0,1,1,0.5,0.5\r\ne/a,a,1,1,2.5,NaN,\r\ne/a,a,2,1,,-1,-0.25\r\n");
});

test("groups are taken away as means and bands, without the places where nobody says anything", () => {
  const band = { x: [0, 0.5, 1], mean: [2, null, 3], low: [1, null, 3], high: [3, null, 3], n: [2, 0, 1] };
  const lines = [{ run: "lr 0.1, wide", look: { key: "g" }, series: make_series([2, null, 3]), band }];
  assert.strictEqual(csv.chart_csv({ lines, metric: { name: "loss" }, axis: { kind: "relative" } }),
    'group,relative_seconds,n,mean(loss),low,high\r\n"lr 0.1, wide",0,2,2,1,3\r\n"lr 0.1, wide",1,1,3,3,3\r\n');
});
