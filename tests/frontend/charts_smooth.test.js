"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const smooth = require("../../themes/default/static/charts_smooth.js");

const series = (values, more = {}) => ({ values, steps: values.map((_, index) => index), kinds: new Map(), attempt_starts: [], count: 9999, levels: ["a", "b"], ...more });
const METHODS = smooth.SMOOTHING_METHODS;

test("a constant stays what it is, at whatever distance its points stand", () => {
  const steps = [0, 1, 2, 10, 11, 500];
  for (const method of METHODS) {
    const { values } = smooth.smooth_series(series([3, 3, 3, 3, 3, 3], { steps }), { method, width: 5 }, 500);
    for (const value of values) assert.ok(Math.abs(value - 3) < 1e-12, method);
  }
});

test("the line breaks where it is not finite, and what is not finite takes no part", () => {
  for (const method of METHODS) {
    const { values, kinds, count, levels } = smooth.smooth_series(series([1, null, 1, 1]), { method, width: 50 }, 3);
    assert.deepStrictEqual(values, [1, null, 1, 1], method);
    assert.deepStrictEqual([kinds.size, count, levels], [0, 4, null]);
  }
});

test("an attempt knows nothing of the one before", () => {
  for (const method of METHODS) {
    const { values } = smooth.smooth_series(series([5, 5, 5, 1, 1, 1], { steps: [0, 1, 2, 1, 2, 3], attempt_starts: [3] }), { method, width: 50 }, 3);
    assert.deepStrictEqual(values.map((value) => Math.round(value * 1e9) / 1e9), [5, 5, 5, 1, 1, 1], method);
  }
});

test("an axis that goes back is read in its own order", () => {
  const [steps, back] = [[0, 1, 2, 3], [3, 2, 1, 0]];
  for (const method of METHODS) {
    const there = smooth.smooth_series(series([1, 2, 4, 8], { steps }), { method, width: 30 }, 3).values;
    const here = smooth.smooth_series(series([8, 4, 2, 1], { steps: back }), { method, width: 30 }, 3).values;
    assert.deepStrictEqual(here, there.toReversed?.() ?? [...there].reverse(), method);
  }
});

test("an axis of one place leaves values as they are", () => {
  for (const method of METHODS) assert.deepStrictEqual(smooth.smooth_series(series([1, 9], { steps: [4, 4] }), { method, width: 5 }, 0).values, [1, 9]);
});

test("the median drops a spike that the others spread", () => {
  const values = Array.from({ length: 101 }, (_, index) => (index === 50 ? 1000 : 1));
  assert.deepStrictEqual(smooth.smooth_series(series(values), { method: "median", width: 5 }, 100).values, values.map(() => 1));
  assert.ok(smooth.smooth_series(series(values), { method: "gaussian", width: 5 }, 100).values[50] > 50);
});
