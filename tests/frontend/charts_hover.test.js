"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
require("../../themes/default/static/charts_data.js");
require("../../themes/default/static/charts_tooltip.js");
const hover = require("../../themes/default/static/charts_hover.js");

const track = (name, steps, values) => ({ run: { name }, steps, values });

test("a scale and its inverse agree", () => {
  const scale = hover.make_scale([-2, 6], [40, 360]);
  for (const value of [-2, 0, 1.25, 6]) assert.ok(Math.abs(scale.invert(scale.place(value)) - value) < 1e-12);
  const falling = hover.make_scale([0, 1], [180, 0]);
  assert.deepStrictEqual([falling.place(1), falling.invert(180)], [0, 0]);
});

test("a scale of one value puts it in the middle", () => {
  const scale = hover.make_scale([3, 3], [0, 100]);
  assert.deepStrictEqual([scale.place(3), scale.invert(70)], [50, 3]);
  assert.strictEqual(hover.make_scale([3, 3], [0, 100], true).place(3), 50);
});

test("the nearest number is found as by looking at all", () => {
  const sorted = [-5, -1, 0, 0.5, 7, 7.5, 100];
  for (let x = -10; x < 120; x += 0.25) {
    const least = Math.min(...sorted.map((number) => Math.abs(number - x)));
    assert.strictEqual(Math.abs(sorted[hover.nearest(sorted, x)] - x), least);
  }
  assert.strictEqual(hover.nearest([], 1), -1);
  assert.strictEqual(hover.nearest([0, 2], 1), 0);
});

test("the pointer goes to the nearest step of any run", () => {
  const tracks = [track("a", [0, 10, 20], [1, 2, 3]), track("b", [13], [5]), track("c", [], [])];
  assert.strictEqual(hover.nearest_step(tracks, 12), 13);
  assert.strictEqual(hover.nearest_step(tracks, 11), 10);
  assert.strictEqual(hover.nearest_step([], 11), null);
});

test("readings stand as the lines do, with non-finite values last", () => {
  const tracks = [track("low", [0, 9], [1, 1]), track("nan", [0, 9], [NaN, NaN]), track("high", [0, 4, 9], [2, 3, 2])];
  assert.deepStrictEqual(hover.readings(tracks, 4).map(({ run, step, value }) => [run.name, step, value]), [
    ["high", 4, 3], ["low", 0, 1], ["nan", 0, NaN],
  ]);
});

test("a run that had not begun or was over says nothing", () => {
  assert.deepStrictEqual(hover.readings([track("a", [5, 6], [1, 1])], 4), []);
  assert.deepStrictEqual(hover.readings([track("a", [5, 6], [1, 1])], 7), []);
});

test("the reading nearest to the pointer is the chosen one", () => {
  const found = [{ value: 10 }, { value: 2 }, { value: NaN }];
  assert.strictEqual(hover.nearest_reading(found, 3, (value) => value), 1);
  assert.strictEqual(hover.nearest_reading([{ value: NaN }], 3, (value) => value), -1);
});

test("a logarithmic scale is even in powers", () => {
  const scale = hover.make_scale([1, 100], [0, 100], true);
  assert.ok(Math.abs(scale.place(10) - 50) < 1e-9 && Math.abs(scale.invert(50) - 10) < 1e-9);
  assert.ok(!Number.isFinite(scale.place(0)) && Number.isNaN(scale.place(-1)));
  for (const domain of [[0, 0], [-7, -2]]) assert.ok(Number.isNaN(hover.make_scale(domain, [0, 100], true).place(-3)), String(domain));
});

test("a line is where it passes between two points, and nowhere beside them or at a gap", () => {
  const line = { steps: [0, 10, 20, 30], values: [0, 10, NaN, 5] };
  const at = (x) => hover.height_at(line, x, (value) => value);
  assert.deepStrictEqual([at(0), at(5), at(10), at(15), at(30), at(31), at(-1)], [0, 5, 10, NaN, 5, NaN, NaN]);
});

test("the smoothed line is the one that is pointed at", () => {
  const found = [{ value: 9, smoothed: 1 }, { value: 2, smoothed: 5 }];
  assert.strictEqual(hover.nearest_reading(found, 2, (value) => value), 0);
});

test("arrow keys walk over all steps and stop at the ends", () => {
  assert.deepStrictEqual(hover.all_steps([track("a", [0, 2], []), track("b", [1, 2], [])]), [0, 1, 2]);
  assert.strictEqual(hover.next_index("ArrowRight", null, 30), 0);
  assert.strictEqual(hover.next_index("ArrowLeft", null, 30), 29);
  assert.strictEqual(hover.next_index("ArrowLeft", 0, 30), 0);
  assert.strictEqual(hover.next_index("PageUp", 10, 30), 13);
  assert.strictEqual(hover.next_index("End", 3, 30), 29);
  assert.strictEqual(hover.next_index("Tab", 3, 30), null);
});

test("a screen reader hears step and values", () => {
  const found = [{ run: { name: "a" }, value: 0.5 }, { run: { name: "b" }, value: -Infinity }];
  assert.strictEqual(hover.reading_text("step 1,200", found, true), "step 1,200: a 0.5, b −∞");
  assert.strictEqual(hover.reading_text("step 3", found, true, 1), "step 3: b −∞, a 0.5");
  assert.strictEqual(hover.reading_text("step 3", [], true), "step 3: no value");
});

test("the lifted line stands at its places, and ends where a value is not finite or has no place", () => {
  const [x, y] = [(step) => step * 2, (value) => (value > 0 ? 10 - value : NaN)];
  const strokes = (values) => hover.line_strokes({ steps: [0, 1, 2, 3, 4], values }, x, y);
  assert.deepStrictEqual(strokes([1, 2, NaN, 4, 5]), [[[0, 9], [2, 8]], [[6, 6], [8, 5]]]);
  assert.deepStrictEqual(strokes([-1, null, Infinity, 4, 0]), [[[6, 6]]]);
});

test("a dot beyond the frame is not drawn, nor one that stands nowhere", () => {
  const frame = { left: 30, right: 330, top: 4, bottom: 154 };
  const seen = [[30, 154], [330.4, 4], [29.2, 3.1], [20, 80], [100, 160], [100, NaN]].map(([cx, cy]) => hover.is_within(frame, { cx, cy }));
  assert.deepStrictEqual(seen, [true, true, true, false, false, false]);
});
