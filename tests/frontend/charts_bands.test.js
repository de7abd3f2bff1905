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
