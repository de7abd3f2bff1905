"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const data = require("../../themes/default/static/charts_data.js");
require("../../themes/default/static/format.js");

// A small generator of numbers in [0, 1), the same on each run.
function seeded(seed) {
  let state = seed >>> 0;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
}

const make_series = (values, { starts = [], kinds = [], count = values.length, steps } = {}) => ({
  count, values, steps: steps ?? values.map((_, index) => index), kinds: new Map(kinds), attempt_starts: starts,
  unstepped: 0,
});
const values_of = (rows) => rows.map((row) => row.value);

test("thinning keeps ends, extremes and gaps", () => {
  for (let seed = 1; seed < 60; seed += 1) {
    const random = seeded(seed);
    const values = Array.from({ length: 1 + Math.floor(random() * 3000) }, () => (random() < 0.1 ? null : random()));
    const kept = data.thin(values, 64 + Math.floor(random() * 500));
    const finite = values.filter((value) => value !== null);
    const drawn = kept.map((index) => values[index]).filter((value) => value !== null);
    assert.strictEqual(Math.min(...drawn), Math.min(...finite));
    assert.strictEqual(Math.max(...drawn), Math.max(...finite));
    assert.deepStrictEqual(kept, [...new Set(kept)].sort((a, b) => a - b));
    assert.ok(values.every((value) => value !== null) || kept.some((index) => values[index] === null));
  }
});

test("thinning keeps the first and the last point", () => {
  const values = Array.from({ length: 5000 }, (_, index) => Math.sin(index));
  const kept = data.thin(values, 400);
  assert.ok(kept.length <= 400);
  assert.deepStrictEqual([kept[0], kept.at(-1)], [0, 4999]);
});

test("appending leaves full buckets as they are", () => {
  const values = Array.from({ length: 5100 }, (_, index) => Math.sin(index * index));
  const [before, after] = [5000, 5100].map((length) => data.thin(values.slice(0, length), 400));
  const full = 4992;
  assert.deepStrictEqual(before.filter((index) => index < full), after.filter((index) => index < full));
});

test("few points are drawn as they are", () => {
  assert.deepStrictEqual(data.thin([3, null, 1], 64), [0, 1, 2]);
});

test("the more runs, the fewer points each", () => {
  assert.deepStrictEqual([1, 10, 24, 1000].map(data.point_budget), [1536, 500, 208, 64]);
});

test("the earliest of the best values is the best", () => {
  assert.strictEqual(data.best_index([null, 2, 1, 1, 3, 3], "minimize"), 2);
  assert.strictEqual(data.best_index([null, 2, 1, 1, 3, 3], "maximize"), 4);
  assert.strictEqual(data.best_index([null, null], "maximize"), null);
  assert.strictEqual(data.best_index([1, 2], null), null);
});

test("a gap parts a line, and a point alone is drawn as a point", () => {
  const rows = data.series_rows("r", make_series([1, null, 2, 3, null, null, 4]), { goal: null, most: 64 });
  assert.deepStrictEqual(values_of(rows.points), [2, 3]);
  assert.deepStrictEqual(values_of(rows.lone), [1, 4]);
  assert.deepStrictEqual(rows.best, []);
});

test("attempts are lines of their own, and only the last is not an earlier one", () => {
  const series = make_series([5, 4, 3, 4, 2], { starts: [3], steps: [0, 1, 2, 1, 2] });
  const { points, best } = data.series_rows("r", series, { goal: "minimize", most: 64 });
  assert.deepStrictEqual(points.map((row) => [row.step, row.attempt, row.earlier, row.part]), [
    [0, 1, true, 1], [1, 1, true, 1], [2, 1, true, 1], [1, 2, false, 2], [2, 2, false, 2],
  ]);
  assert.deepStrictEqual(values_of(best), [2]);
});

test("rows hold no null, so that Vega need not test each point", () => {
  const rows = data.chart_rows([{ run: "r", series: make_series([null, 1, 2, null]) }], "maximize");
  assert.ok([...rows.points, ...rows.lone, ...rows.best].every((row) => Number.isFinite(row.value)));
});

test("notes say what was left out and what was not a number", () => {
  const series = make_series([1, null, 2], { count: 5000, kinds: [[1, { kind: "NaN", count: 3 }]] });
  const drawn = [{ run: "r", series }];
  assert.deepStrictEqual(data.chart_notes(drawn, data.chart_rows(drawn, null), ), [
    "drawn from 3 of 5,000 points, every extreme kept", "3 × NaN",
  ]);
});

test("notes are silent when every point is drawn", () => {
  const drawn = [{ run: "r", series: make_series([1, 2]) }];
  assert.deepStrictEqual(data.chart_notes(drawn, data.chart_rows(drawn, "minimize"), ), []);
});

test("notes tell of missing steps", () => {
  const notes = (...unstepped) => {
    const drawn = unstepped.map((count) => ({ run: "r", series: { ...make_series([1, 2]), unstepped: count } }));
    return data.chart_notes(drawn, data.chart_rows(drawn, null));
  };
  assert.deepStrictEqual(notes(2), ["2 points without steps are numbered"]);
  assert.deepStrictEqual(notes(1, 0), ["1 point without a step stands at the one before"]);
});

test("values of an explosion are marked at the edge and counted, and the others keep the chart", () => {
  const calm = make_series([3, 2, 1, 0.9, 0.8, 0.7]);
  const drawn = [{ run: "a", series: calm }, { run: "b", series: make_series([3, 400, 1e9, -2e243]) }];
  const rows = data.chart_rows(drawn, "minimize");
  assert.deepStrictEqual(rows.marks.map(({ step, kind }) => [step, kind]), [[1, "above"], [2, "above"], [3, "below"]]);
  assert.deepStrictEqual(values_of(rows.points), [3, 2, 1, 0.9, 0.8, 0.7]);
  assert.deepStrictEqual(values_of(rows.lone), [3]);
  assert.deepStrictEqual(values_of(rows.best), [0.7]);
  assert.deepStrictEqual(data.chart_notes(drawn, rows), ["3 points beyond the chart, from −2e243 to 1,000,000,000"]);
});

test("of a thinned run, only the drawn points beyond the chart are counted, and called so", () => {
  const values = Array.from({ length: 3000 }, (_, step) => (step % 30 === 29 ? 1e6 : step / 3000));
  const drawn = [{ run: "a", series: make_series(values) }];
  const rows = data.chart_rows(drawn, null, 300);
  const beyond = rows.marks.filter(({ kind }) => kind === "above").length;
  assert.ok(beyond > 1 && beyond < 100, String(beyond));
  assert.ok(data.chart_notes(drawn, rows).includes(`${beyond} drawn points beyond the chart, up to 1,000,000`));
});

test("a long run near zero does not clip a short one of usual size", () => {
  const drawn = [
    { run: "long", series: make_series([1, ...Array.from({ length: 900 }, () => 1e-9)]) },
    { run: "short", series: make_series([2.3, 1.5, 0.9]) },
  ];
  const rows = data.chart_rows(drawn, "minimize");
  assert.deepStrictEqual(rows.points.filter(({ run }) => run === "short").map(({ value }) => value), [2.3, 1.5, 0.9]);
});

test("where every run explodes, none of them is clipped below its usual size", () => {
  const drawn = [[1, 1, 1, 1, 1, 1e9], [1000, 1000, 1e12]].map((values, index) => ({ run: `r${index}`, series: make_series(values) }));
  const rows = data.chart_rows(drawn, null);
  assert.deepStrictEqual(rows.marks.map(({ run, step }) => [run, step]), [["r0", 5], ["r1", 2]]);
});

test("a run that no scale can reach is marked at the edge and counted, and the others keep the chart", () => {
  const drawn = [{ run: "far", series: make_series([1e308, 1.2e308]) }, { run: "a", series: make_series([1, 2]) }, { run: "b", series: make_series([3, -1]) }];
  const rows = data.chart_rows(drawn, null);

  assert.deepStrictEqual(rows.points.map(({ run, value }) => [run, value]), [["a", 1], ["a", 2], ["b", 3], ["b", -1]]);
  assert.deepStrictEqual(rows.marks.map(({ run, kind }) => [run, kind]), [["far", "above"], ["far", "above"]]);
  assert.deepStrictEqual(data.chart_notes(drawn, rows), ["2 points beyond the chart, up to 1.2e308"]);
  assert.strictEqual(data.chart_rows(drawn, null, 100, Infinity).points.length, 6);
  assert.strictEqual(data.chart_rows(drawn.slice(0, 1), null).points.length, 2);
});

test("a chart without an explosion reaches as far as its values", () => {
  assert.strictEqual(data.find_limit([2.3, 0.5, 1e-4, 1e-4, 1e-4]), Infinity);
  assert.strictEqual(data.find_limit([0, 0, 0, 5]), Infinity);
  assert.strictEqual(data.find_limit([]), Infinity);
});

const base64 = (numbers) => Buffer.from(numbers.buffer).toString("base64");
const doubles = (numbers) => base64(new Float64Array(numbers));

test("values travel exactly, and what is not finite breaks the line", () => {
  const numbers = [0.1, -1e-310, 1.7976931348623157e308, NaN, -Infinity, 2 ** 53 + 2];
  assert.deepStrictEqual(data.read_values(doubles(numbers), "float64"), [...numbers.slice(0, 3), null, null, numbers[5]]);
  assert.deepStrictEqual(data.read_values(base64(new Float32Array([0.5, 1e30, NaN])), "float32"),
    [0.5, Math.fround(1e30), null]);
  assert.deepStrictEqual(data.read_values(base64(new Int32Array([9123456, -1])), "millionths"), [9.123456, -0.000001]);
  assert.deepStrictEqual(data.read_values("", "float64"), []);
});

test("a data script's series are found by any name", () => {
  const payload = { blocks: [], steps: [[0, "9007199254740993"]], series: [
    ["__proto__", { count: 2, kind: "float64", values: doubles([1, Infinity]), steps: 0, non_finite: [[1, "Infinity", 1]] }],
  ] };
  const series = data.read_series(payload).get("__proto__");
  assert.deepStrictEqual(series.steps, [0, 9007199254740992]);
  assert.deepStrictEqual(series.values, [1, null]);
  assert.deepStrictEqual([...series.kinds], [[1, { kind: "Infinity", count: 1 }]]);
});

test("a metric is looked for in its block", () => {
  const payload = { blocks: [["series-1.js?v=1", "e/r#1", ["a", "b"]], ["series-2.js?v=2", "e/r#2", ["c"]]] };
  assert.deepStrictEqual(data.find_block(payload, "c"), ["series-2.js?v=2", "e/r#2"]);
  assert.strictEqual(data.find_block(payload, "d"), null);
});

test("where attempts overlap, the latest is read", () => {
  const track = data.make_track("r", make_series([5, 4, 3, 9, 2], { starts: [3], steps: [0, 1, 2, 1, 2] }));
  assert.deepStrictEqual([track.steps, track.values], [[0, 1, 2], [5, 9, 2]]);
});

test("a track reads non-finite values by their kind", () => {
  const kinds = [[1, { kind: "NaN", count: 1 }], [2, { kind: "-Infinity", count: 1 }]];
  assert.deepStrictEqual(data.make_track("r", make_series([1, null, null], { kinds })).values, [1, NaN, -Infinity]);
});

test("values wider apart than a number, or closer together than a scale's steps, are not drawn", () => {
  const rows = (values) => data.chart_rows([{ run: "r", series: make_series(values) }], null);
  const linear = { x: "linear", y: "linear" };
  assert.strictEqual(data.misfit(rows([1.7e308, -1.7e308]), linear), "too far apart");
  for (const values of [[1e300, -1e300], [], [5e-324, 5e-324], [0, 1e-300]]) assert.strictEqual(data.misfit(rows(values), linear), null);
  assert.strictEqual(data.misfit(rows([5e-324, 3e-322]), linear), "too close together");
  assert.strictEqual(data.misfit(rows([1.6e308, 1.7e308]), linear), "too far from zero");
  for (const values of [[5e-324, 3e-322], [5e-324, 1.7e308]]) assert.strictEqual(data.misfit(rows(values), { x: "linear", y: "log" }), null);
});

test("packed columns come back, with NaN where there is none", () => {
  assert.deepStrictEqual([...data.read_column(["even", 5, 2], 3)], [5, 7, 9]);
  assert.deepStrictEqual([...data.read_column(["int8", 100, base64(new Int8Array([0, 3, -128, -5]))], 4)], [100, 103, NaN, 98]);
  assert.deepStrictEqual([...data.read_column(["int16", 0, base64(new Int16Array([0, 300]))], 2)], [0, 300]);
  assert.deepStrictEqual([...data.read_column(["float64", doubles([0.5, NaN])], 2)], [0.5, NaN]);
  assert.deepStrictEqual([...data.read_column(["whole", [1, "9007199254740993"]], 2)], [1, 9007199254740992]);
  assert.deepStrictEqual([...data.read_times(["int32", 1732300000001, base64(new Int32Array([0, 250]))], 2)], [1732300000.001, 1732300000.251]);
});

test("series share a column of times, and know when the run started and where finer levels lie", () => {
  const own = { count: 2, kind: "float64", values: doubles([1, 2]), steps: 0 };
  const payload = { blocks: [], started: 100, steps: [[0, 5]], times: [["even", 101000, 500]], series: [
    ["a", { ...own, times: 0, levels: ["levels/ab/index.js", "e/r#ab"] }], ["b", own],
  ] };
  const series = data.read_series(payload, { base: "file:///s.js" });
  assert.deepStrictEqual([...series.get("a").times], [101, 101.5]);
  assert.strictEqual(series.get("b").times, null);
  assert.deepStrictEqual(["levels", "started", "base"].map((name) => series.get("a")[name]), [["levels/ab/index.js", "e/r#ab"], 100, "file:///s.js"]);
});

test("a series stands on any axis; a point without a time takes the time before it", () => {
  const series = { ...make_series([1, 2, 3]), times: Float64Array.of(NaN, 110, NaN), started: 100 };
  assert.deepStrictEqual(data.on_axis(series).x, [0, 1, 2]);
  assert.deepStrictEqual([...data.on_axis(series, { kind: "wall" }).x], [NaN, 110, 110]);
  assert.deepStrictEqual([...data.on_axis(series, { kind: "relative" }).x], [NaN, 10, 10]);
  assert.deepStrictEqual([...data.on_axis(make_series([1]), { kind: "wall" }).x], [NaN]);
});

test("another metric is an axis: exact where it was logged, on the line between its points elsewhere", () => {
  const at = data.value_at(make_series([0, 1, null, 3], { steps: [0, 10, 15, 20] }));
  assert.deepStrictEqual([0, 10, 5, 15, 21, -1].map(at), [0, 1, 0.5, 2, NaN, NaN]);
  assert.deepStrictEqual([...data.on_axis(make_series([9, 8], { steps: [10, 15] }), { kind: "metric", at }).x], [1, 2]);
});

test("where attempts overlap, an axis of another metric takes the latest", () => {
  const at = data.value_at(make_series([0, 1, 5, 6], { steps: [0, 1, 0, 1], starts: [2] }));
  assert.deepStrictEqual([0, 1].map(at), [5, 6]);
});

test("points that stand nowhere on the axis are not drawn", () => {
  const series = { ...make_series([1, 2, 3, null], { kinds: [[3, { kind: "NaN", count: 1 }]] }), x: [NaN, 1, 2, NaN] };
  const rows = data.chart_rows([{ run: "r", series }], "minimize");
  assert.deepStrictEqual(rows.points.map(({ x, step }) => [x, step]), [[1, 1], [2, 2]]);
  assert.deepStrictEqual([rows.best, rows.marks], [[], []]);
});
