"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
for (const name of ["data", "axis", "smooth", "bands", "view"]) require(`../../themes/default/static/charts_${name}.js`);
const zoom = require("../../themes/default/static/charts_zoom.js");

test("the place under the pointer stays where it is", () => {
  assert.deepStrictEqual(zoom.zoom_about([0, 100], 25, 0.5), [12.5, 62.5]);
  assert.deepStrictEqual(zoom.zoom_about([12.5, 62.5], 25, 2), [0, 100]);
});

test("a window never leaves the extent, and all of it is no zoom", () => {
  assert.deepStrictEqual(zoom.clamp_window([-10, 20], [0, 100]), [0, 30]);
  assert.deepStrictEqual(zoom.clamp_window([90, 120], [0, 100]), [70, 100]);
  assert.deepStrictEqual(zoom.clamp_window([10, 20], [0, 100]), [10, 20]);
  assert.strictEqual(zoom.clamp_window([-5, 95], [0, 100]), null);
  assert.strictEqual(zoom.clamp_window([5, 5], [0, 100]), null);
});

test("panning moves by a share of the window", () => {
  assert.deepStrictEqual(zoom.shift([10, 20], 0.25), [12.5, 22.5]);
});

test("a window survives the address", () => {
  for (const window of [[0, 10], [-3.5, 1e9], [7_654_321, 7_654_325], [1e-9, 2e-9], [1732300000.25, 1732300000.5], [-2e300, 1e300]]) {
    const [from, to] = zoom.parse_window(zoom.format_window(window));
    const span = window[1] - window[0];
    assert.ok(Math.abs(from - window[0]) <= span / 999 && Math.abs(to - window[1]) <= span / 999, String(window));
  }
  assert.strictEqual(zoom.format_window([1000, 2000]), "1000:2000");
});

test("an address that is no window is none", () => {
  for (const text of [null, "", "5", "5:", ":5", "2:1", "1:1", "a:b", "1:2:3", "0:Infinity", "NaN:3"]) assert.strictEqual(zoom.parse_window(text), null);
});

test("the wheel turns in pixels, lines and pages, and a pinch is gentle", () => {
  const factor = (deltaY, deltaMode = 0, ctrlKey = false) => zoom.wheel_factor({ deltaY, deltaMode, ctrlKey });
  assert.ok(factor(-100) < 1 && factor(-100) > 0.7);
  assert.ok(Math.abs(factor(100) * factor(-100) - 1) < 1e-12);
  assert.strictEqual(factor(-5000), 0.5);
  assert.strictEqual(factor(3, 1), factor(48, 0));
  assert.ok(factor(-10, 0, true) < factor(-10));
});

test("on a logarithmic axis a zoom acts on what is seen", () => {
  const card = { full: { scales: { x: "log" } }, extent: [1, 10_000] };
  const near = (window, expected) => window.forEach((place, at) => assert.ok(Math.abs(place / expected[at] - 1) < 1e-9, String(window)));
  near(zoom.change_window(card, [1, 10_000], (places, out) => zoom.zoom_about(places, out(100), 0.5)), [10, 1000]);
  near(zoom.change_window(card, [10, 1000], (places) => zoom.shift(places, 0.25)), [Math.sqrt(1000), Math.sqrt(1e7)]);
  assert.strictEqual(zoom.change_window(card, [1, 10_000], (places) => places), null);
});

test("the value axis of a logarithmic chart never reaches zero", () => {
  const [low, high] = zoom.value_window(rows([[0, 0.001], [1, 1000]]), [0, 2], true);
  assert.ok(low > 0 && low < 0.001 && high > 1000);
});

const rows = (points, more = {}) => ({ points: points.map(([x, value]) => ({ x, value })), lone: [], best: [], marks: [], ...more });

test("the value axis shows what is in view, not what lies beside it", () => {
  const [low, high] = zoom.value_window(rows([[0, 100], [1, 2], [2, 4], [3, -50]]), [0.5, 2.5]);
  assert.ok(low < 2 && low > 1.8 && high > 4 && high < 4.2);
});

test("between two points the value axis shows both; one value stands in the middle; nothing is nothing", () => {
  const [low, high] = zoom.value_window(rows([[0, 1], [3, 2]]), [1, 2]);
  assert.ok(low < 1 && high > 2);
  const [under, over] = zoom.value_window(rows([[1, 5]]), [0, 2]);
  assert.ok(under < 5 && over > 5 && Math.abs(under + over - 10) < 1e-9);
  assert.strictEqual(zoom.value_window(rows([]), [0, 1]), null);
});

test("few points are dots as well, many are not, and nothing outside is marked", () => {
  const marks = [{ x: 5, kind: "NaN" }, { x: 50, kind: "NaN" }];
  const few = zoom.with_dots(rows([[0, 1], [5, 2], [20, 3]], { marks }), [1, 10], 30);
  assert.deepStrictEqual([few.lone.length, few.points.length, few.marks.length], [1, 3, 1]);
  assert.strictEqual(zoom.with_dots(rows([[2, 1], [5, 2], [8, 3]]), [1, 10], 2).lone.length, 0);
});

test("while it moves a chart is drawn from fewer points, and each of many lines from still fewer", () => {
  assert.deepStrictEqual([zoom.drawn_points(1, 300, true), zoom.drawn_points(1, 300, false)], [240, 400]);
  assert.strictEqual(zoom.drawn_points(10, 300, true), 100);
  assert.strictEqual(zoom.drawn_points(100, 300, true), 48);
  assert.strictEqual(zoom.drawn_points(10, 300, false), 400);
});

test("a zoom says so where a smoothed line has no finer points", () => {
  const line = (is_whole, smooth) => ({ smooth, levels: { is_whole } });
  assert.strictEqual(zoom.has_coarse_smoothing([line(true, {}), line(false, {})]), true);
  assert.strictEqual(zoom.has_coarse_smoothing([line(true, {}), line(false, undefined)]), false);
});
