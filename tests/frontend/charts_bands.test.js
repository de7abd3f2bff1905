"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
for (const name of ["format", "student_t", "group_statistics"]) require(`../../themes/default/static/${name}.js`);
const bands = require("../../themes/default/static/charts_bands.js");

const track = (steps, values) => ({ steps, values });

test("few places are taken as they are, many become even ones with the same ends", () => {
  assert.deepStrictEqual(bands.common_grid([track([0, 2], []), track([1, 2], [])]), [0, 1, 2]);
  const grid = bands.common_grid([track(Array.from({ length: 1000 }, (_, index) => index * index), [])], 5);
  assert.deepStrictEqual(grid, [0, 249500.25, 499000.5, 748500.75, 998001]);
  assert.deepStrictEqual(bands.common_grid([]), []);
});

test("a run says nothing before its first point, after its last and beside what is not finite", () => {
  const read = bands.read_at(track([1, 3, 5, 7], [10, 30, NaN, 70]), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepStrictEqual(read, [null, 10, 20, 30, null, null, null, 70, null]);
});

test("a band counts the runs that say something", () => {
  const band = bands.band_of([track([0, 2], [0, 2]), track([0, 1], [4, 6]), track([0, 1, 2], [NaN, 2, 2])], "min_max");
  assert.deepStrictEqual(band, { x: [0, 1, 2], mean: [2, 3, 2], low: [0, 1, 2], high: [4, 6, 2], n: [2, 3, 2] });
});

test("one run alone has a mean and no width", () => {
  for (const kind of bands.BANDS) {
    const { mean, low, high } = bands.band_of([track([0, 1], [3, 4])], kind);
    assert.deepStrictEqual([mean, low, high], [[3, 4], [3, 4], [3, 4]]);
  }
});

test("a line between two runs that never meet would be nobody's", () => {
  const band = bands.band_of([track([0, 2], [1, 1]), track([4, 6], [5, 5])], "ci");
  assert.deepStrictEqual([band.x, band.mean, band.n], [[0, 2, 3, 4, 6], [1, 1, null, 5, 5], [1, 1, 0, 1, 1]]);
});

test("where no run says anything the band breaks", () => {
  const band = bands.band_of([track([0, 1, 2], [1, NaN, 2])], "sd");
  assert.deepStrictEqual(bands.band_rows("a", band).map(({ x, part }) => [x, part]), [[0, 0], [2, 3]]);
  assert.deepStrictEqual(bands.band_series(band).values, [1, null, null, null, 2]);
});

test("no point of a run lies outside of a band from least to greatest", () => {
  const steps = Array.from({ length: 1000 }, (_, index) => index);
  const [calm, spiked] = [steps.map(() => 1), steps.map((step) => (step === 501 ? 77 : step === 700 ? -5 : 2))];
  const band = bands.band_of([track(steps, calm), track(steps, spiked)], "min_max");
  assert.ok(!band.x.includes(501));
  assert.deepStrictEqual([Math.max(...band.high), Math.min(...band.low)], [77, -5]);
  const after = band.x.findIndex((x) => x > 501);
  assert.deepStrictEqual([band.high[after - 1], band.high[after]], [77, 77]);
  assert.strictEqual(Math.max(...bands.band_of([track(steps, calm), track(steps, spiked)], "sd").mean) < 77, true);
});

test("an extreme between two gaps stays in the band", () => {
  const steps = Array.from({ length: 1000 }, (_, index) => index);
  const values = steps.map((step) => (step === 501 ? 77 : step > 490 && step < 510 ? NaN : 2));
  const rows = bands.band_rows("a", bands.band_of([track(steps, values)], "min_max"));
  const seen = rows.filter(({ high }) => high === 77);
  assert.strictEqual(seen.length, 2);
  assert.strictEqual(seen[0].part, seen[1].part);
});

test("what is not finite in the runs of a group is counted, near ones together", () => {
  const kinds = new Map([[1, { kind: "NaN", count: 3 }], [2, { kind: "Infinity", count: 1 }]]);
  const lines = [{ series: { steps: [0, 5, 9], kinds } }, { series: { steps: [0, 5, 5], x: [0, 5, NaN], kinds } }];
  assert.deepStrictEqual(bands.band_marks(lines), [{ x: 5, kind: "NaN", count: 6 }, { x: 9, kind: "Infinity", count: 1 }]);
  const many = new Map(Array.from({ length: 5000 }, (_, index) => [index, { kind: "NaN", count: 1 }]));
  const marks = bands.band_marks([{ series: { steps: Array.from({ length: 5000 }, (_, index) => index), kinds: many } }]);
  assert.strictEqual(marks.length, 100);
  assert.strictEqual(marks.reduce((total, { count }) => total + count, 0), 5000);
});
