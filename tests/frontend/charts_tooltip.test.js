"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
const tooltip = require("../../themes/default/static/charts_tooltip.js");

test("a long tooltip shows the rows around the chosen one", () => {
  assert.deepStrictEqual(tooltip.row_window(5, 2, 12), [0, 5]);
  assert.deepStrictEqual(tooltip.row_window(24, -1, 12), [0, 12]);
  assert.deepStrictEqual(tooltip.row_window(24, 12, 12), [6, 18]);
  assert.deepStrictEqual(tooltip.row_window(24, 23, 12), [12, 24]);
});

test("behind a value stand what smoothing made of it, its group's spread, its own place", () => {
  const place = (x) => `p${x}`;
  assert.strictEqual(tooltip.reading_detail({ step: 3 }, 3, place), "");
  assert.strictEqual(tooltip.reading_detail({ step: 2, smoothed: 0.5 }, 3, place), "0.5, at p2");
  assert.strictEqual(tooltip.reading_detail({ step: 3, spread: { low: 1, high: 2, n: 4 } }, 3, place), "1 to 2, n = 4");
});

test("a row says who, what and where else; the nearest stands out among several", () => {
  const found = [{ run: { name: "a", colour: 1, dash: 2 }, step: 4, value: 0.5 }, { run: { name: "b", colour: null, dash: 0 }, step: 5, value: NaN }];
  const reading = { step: 4, found, chosen: 0, several: true, unit: "%", place: (x) => `step ${x}` };
  assert.strictEqual(tooltip.caption_text(reading), "step 4 · %");
  assert.deepStrictEqual(tooltip.tooltip_rows(reading), [
    { swatch: "swatch series_1 dash_2", name: "a", value: "0.5", detail: "", is_nearest: true },
    { swatch: "swatch series_other dash_0", name: "b", value: "NaN", detail: "at 5", is_nearest: false },
  ]);
  const alone = tooltip.tooltip_rows({ ...reading, found: found.slice(0, 1), several: false });
  assert.deepStrictEqual(alone, [{ swatch: null, name: "", value: "0.5", detail: "", is_nearest: false }]);
});

test("a tooltip says what it has no room for, and where nothing is", () => {
  const found = Array.from({ length: 24 }, (_, number) => ({ run: { name: `r${number}`, colour: 0, dash: 0 }, step: 4, value: -number }));
  const reading = { step: 4, found, chosen: 12, several: true, unit: null, place: (x) => `step ${x}` };
  const rows = tooltip.tooltip_rows(reading);
  assert.deepStrictEqual([rows.length, rows[0], rows.at(-1)], [14, { more: "6 more above" }, { more: "6 more below" }]);
  assert.deepStrictEqual(rows.filter(({ is_nearest }) => is_nearest).map(({ name }) => name), ["r12"]);
  assert.deepStrictEqual(tooltip.tooltip_rows({ ...reading, found: [], chosen: -1 }), [{ more: "no value here" }]);
});
