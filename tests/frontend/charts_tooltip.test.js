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
  const reading = { step: 4, found, chosen: 0, several: true, unit: "%", shorts: new Map([["b", "…b"]]), place: (x) => `step ${x}` };
  assert.strictEqual(tooltip.caption_text(reading), "step 4 · %");
  assert.deepStrictEqual(tooltip.tooltip_rows(reading), [
    { swatch: { colour: 1, dash: 2 }, name: "a", short: "a", value: "0.5", detail: "", is_nearest: true },
    { swatch: { colour: null, dash: 0 }, name: "b", short: "…b", value: "NaN", detail: "at 5", is_nearest: false },
  ]);
  const alone = tooltip.tooltip_rows({ ...reading, found: found.slice(0, 1), several: false });
  assert.deepStrictEqual(alone, [{ swatch: null, name: "", short: "a", value: "0.5", detail: "", is_nearest: false }]);
});

test("a tooltip says what it has no room for, and where nothing is", () => {
  const found = Array.from({ length: 24 }, (_, number) => ({ run: { name: `r${number}`, colour: 0, dash: 0 }, step: 4, value: -number }));
  const reading = { step: 4, found, chosen: 12, several: true, unit: null, place: (x) => `step ${x}` };
  const rows = tooltip.tooltip_rows(reading);
  assert.deepStrictEqual([rows.length, rows[0], rows.at(-1)], [14, { more: "6 more above" }, { more: "6 more below" }]);
  assert.deepStrictEqual(rows.filter(({ is_nearest }) => is_nearest).map(({ name }) => name), ["r12"]);
  assert.deepStrictEqual(tooltip.tooltip_rows({ ...reading, found: [], chosen: -1 }), [{ more: "no value here" }]);
});

const width_of = (text, font) => text.length * (font === "bold" ? 7 : 6);
const ROOM = { most: 500, most_name: 240 };
const row = (name, value, detail = "") => ({ swatch: { colour: 0, dash: 0 }, name, value, detail });

test("the columns of a tooltip are as wide as their texts", () => {
  const columns = tooltip.tooltip_columns({ caption: "step 4", rows: [row("a", "0.25"), row("long", "1", "at 5")] }, width_of, ROOM);
  assert.deepStrictEqual(columns, { name: 28, value: 28, detail: 24, width: 20 + 28 + 12 + 28 + 6 + 24 });
  assert.deepStrictEqual(tooltip.column_places(columns, true), { name: 20, value: 88, detail: 118 });
});

test("a tooltip grows with what it says, and does not shrink while the pointer moves", () => {
  const narrow = { caption: "step 4", rows: [row("a", "1")] };
  const before = tooltip.tooltip_columns({ caption: "step 4", rows: [row("a", "0.123", "at 5")] }, width_of, ROOM);
  assert.deepStrictEqual(tooltip.tooltip_columns(narrow, width_of, ROOM, before), before);
  assert.ok(tooltip.tooltip_columns(narrow, width_of, ROOM).width < before.width);
});

test("where there is little room names give way first, and nothing is wider than the window", () => {
  const rows = [row("n".repeat(90), "0.123", "0.1 to 0.2, n = 4"), row("b", "1")];
  const wide = tooltip.tooltip_columns({ caption: "step 4", rows }, width_of, ROOM);
  const narrow = tooltip.tooltip_columns({ caption: "c".repeat(90), rows }, width_of, { most: 250, most_name: 175 });
  assert.strictEqual(wide.name, 240);
  assert.deepStrictEqual(narrow, { name: 250 - 20 - 12 - 35 - 6 - 102, value: 35, detail: 102, width: 250 });
});

test("the values of one run stand at the left, below what they are of", () => {
  const columns = tooltip.tooltip_columns({ caption: "step 1,000", rows: [{ swatch: null, name: "", value: "0.5", detail: "at 5" }] }, width_of, ROOM);
  assert.deepStrictEqual(tooltip.column_places(columns, false), { name: 0, value: 18, detail: 48 });
});

test("names that are shown by what tells them apart take no more room than that", () => {
  const rows = ["x1", "x2"].map((short) => ({ ...row("n".repeat(90), "0.5"), short }));
  assert.strictEqual(tooltip.tooltip_columns({ caption: "step 4", rows }, width_of, ROOM).name, 14);
});
