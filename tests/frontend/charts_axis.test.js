"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
const axis = require("../../themes/default/static/charts_axis.js");

const at = (text) => Date.parse(text) / 1000;
const labels = (kind, domain, pixels = 360) => {
  const { ticks, labels: texts } = axis.x_ticks({ kind }, false, domain, pixels);
  return ticks.map((tick) => texts[tick]);
};

test("a metric stands on what was chosen, else on what it was declared to, else on steps", () => {
  const metric = { name: "val/acc", step_metric: "epoch" };
  assert.deepStrictEqual(axis.axis_of({ name: "loss" }, null), { kind: "step" });
  assert.deepStrictEqual(axis.axis_of(metric, null, () => "Epoch"), { kind: "metric", metric: "epoch", label: "Epoch" });
  assert.deepStrictEqual(axis.axis_of(metric, "step"), { kind: "step" });
  assert.deepStrictEqual(axis.axis_of(metric, "metric:a:b"), { kind: "metric", metric: "a:b", label: "a:b" });
  assert.deepStrictEqual(axis.axis_of({ name: "epoch" }, "metric:epoch"), { kind: "step" });
});

test("durations have round ticks and the unit they need", () => {
  assert.deepStrictEqual(labels("relative", [0, 2]), ["0.0", "0.5", "1.0", "1.5", "2.0"]);
  assert.deepStrictEqual(labels("relative", [0, 55]), ["0", "15", "30", "45"]);
  assert.deepStrictEqual(labels("relative", [0, 600]), ["0:00", "2:00", "4:00", "6:00", "8:00", "10:00"]);
  assert.deepStrictEqual(labels("relative", [0, 5 * 3600]), ["0:00", "1:00", "2:00", "3:00", "4:00", "5:00"]);
  assert.deepStrictEqual(labels("relative", [7200, 7220]), ["2:00:00", "2:00:05", "2:00:10", "2:00:15", "2:00:20"]);
  assert.deepStrictEqual(labels("relative", [0, 10 * 86400]), ["0", "2", "4", "6", "8", "10"]);
  assert.strictEqual(axis.axis_title({ kind: "relative" }, false, [0, 600]), "relative time (min:s)");
  assert.strictEqual(axis.axis_title({ kind: "relative" }, false, [0, 7200]), "relative time (h:min)");
});

test("wall clock ticks are round in UTC and say the date at midnight", () => {
  assert.deepStrictEqual(labels("wall", [at("2026-03-01T20:10Z"), at("2026-03-02T07:50Z")]), ["21:00", "2026-03-02", "03:00", "06:00"]);
  assert.deepStrictEqual(labels("wall", [at("2026-03-01T20:10:01Z"), at("2026-03-01T20:10:52Z")]), ["20:10:15", "20:10:30", "20:10:45"]);
  assert.deepStrictEqual(labels("wall", [at("2025-11-20Z"), at("2026-05-20Z")]), ["2026-01", "2026-04"]);
  assert.strictEqual(axis.axis_title({ kind: "wall" }, false, [at("2026-03-01T20:10Z"), at("2026-03-01T21:10Z")]), "2026-03-01 (UTC)");
  assert.strictEqual(axis.axis_title({ kind: "wall" }, true, [at("2026-03-01Z"), at("2026-04-01Z")]), "time (UTC)");
});

test("there are never more ticks than fit, and always one", () => {
  for (let power = -3; power < 10; power += 0.13) {
    for (const from of [0, 1.7e9 + 12345]) {
      for (const kind of ["relative", "wall"]) {
        const domain = [from, from + 10 ** power];
        const { ticks } = axis.x_ticks({ kind }, false, domain, 360);
        assert.ok(ticks.length >= 1 && ticks.length <= 6, `${kind} ${domain}: ${ticks}`);
        assert.ok(ticks.every((tick) => tick >= domain[0] - 1e-6 && tick <= domain[1] + 1e-6), `${kind} ${domain}: ${ticks}`);
      }
    }
  }
});

test("ticks of a linear scale are round numbers, at its extremes too", () => {
  assert.deepStrictEqual(axis.linear_ticks([0, 1], 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepStrictEqual(axis.linear_ticks([-0.05, 0.31], 4), [0, 0.1, 0.2, 0.3]);
  assert.deepStrictEqual(axis.linear_ticks([50241254.25234048, 50241254.25239337], 3), [50241254.25236, 50241254.25238]);
  assert.deepStrictEqual(axis.linear_ticks([0, Number.MAX_VALUE], 5), [0, 5e307, 1e308, 1.5e308]);
  assert.deepStrictEqual(axis.linear_ticks([0, 5e-324], 5), []);
});

test("ticks of a logarithmic scale are powers of ten, with 2 and 5 where there is room", () => {
  assert.deepStrictEqual(axis.log_ticks([1, 1e4], 5), [1, 10, 100, 1000, 10000]);
  assert.deepStrictEqual(axis.log_ticks([0.9, 110], 8), [1, 2, 5, 10, 20, 50, 100]);
  assert.deepStrictEqual(axis.log_ticks([1e-12, 1e12], 5), [1e-10, 1e-5, 1, 1e5, 1e10]);
  assert.deepStrictEqual(axis.log_ticks([1e307, Number.MAX_VALUE], 8), [1e307, 2e307, 5e307, 1e308]);
  assert.deepStrictEqual(axis.log_ticks([1.2e308, Number.MAX_VALUE], 5), [1.2e308, 1.4e308, 1.6e308]);
  assert.deepStrictEqual(axis.log_ticks([2, 4], 5), [2, 2.5, 3, 3.5, 4]);
  assert.deepStrictEqual(axis.y_ticks(true, [1e-8, 1], 170).labels, { "1e-8": "1e−8", "0.000001": "1e−6", "0.0001": "1e−4", "0.01": "0.01", 1: "1" });
});

test("ticks of a narrow axis differ, and there are no more than numbers of that size", () => {
  const said = (domain) => { const { ticks, labels: texts } = axis.y_ticks(true, domain, 170); return ticks.map((tick) => texts[tick]); };
  assert.deepStrictEqual(said([1, 1.001]), ["1", "1.0002", "1.0004", "1.0006", "1.0008", "1.001"]);
  assert.deepStrictEqual(said([2 ** 53, 2 ** 53 + 4]), ["9.007199254740992e15", "9.007199254740994e15", "9.007199254740996e15"]);
  assert.deepStrictEqual(axis.x_ticks({ kind: "relative" }, true, [60.1, 60.9], 360).ticks.length, 2);
});

test("steps and metrics on a linear scale get Vega's ticks", () => {
  assert.deepStrictEqual(axis.x_ticks({ kind: "step" }, false, [0, 10], 300), { ticks: null, labels: null });
  assert.deepStrictEqual(axis.x_ticks({ kind: "relative" }, false, null, 300), { ticks: null, labels: null });
});

test("a place is said as the axis counts", () => {
  assert.strictEqual(axis.place_text({ kind: "step" }, 1200), "step 1,200");
  assert.strictEqual(axis.place_text({ kind: "wall" }, at("2026-03-01T20:10:05Z")), "2026-03-01 20:10:05 UTC");
  assert.strictEqual(axis.place_text({ kind: "metric", label: "epoch" }, 1.5), "epoch 1.5");
  assert.match(axis.place_text({ kind: "relative" }, 65), /1 min 05 s after the run began/);
});
