"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const data = require("../../themes/default/static/charts_data.js");
const levels = require("../../themes/default/static/charts_levels.js");

const base64 = (numbers) => Buffer.from(numbers.buffer).toString("base64");

function seeded(seed) {
  let state = seed >>> 0;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
}

const KIND_OF = (value) => (Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

// A series in log order as a chunk of single points holds it.
function make_points(values, { steps = values.map((_, index) => index), starts = [] } = {}) {
  const kinds = new Map(values.flatMap((value, index) => (Number.isFinite(value) ? [] : [[index, { kind: KIND_OF(value), count: 1 }]])));
  return { values: Float64Array.from(values), steps, kinds, attempt_starts: starts };
}

test("pieces that a window meets are found, with those from which a line comes in", () => {
  const bounds = { least: [0, 10, 20, 30], greatest: [9, 19, 29, 39] };
  assert.deepStrictEqual(levels.pieces_in(bounds, [12, 15]), [1]);
  assert.deepStrictEqual(levels.pieces_in(bounds, [5, 12]), [0, 1]);
  assert.deepStrictEqual(levels.pieces_in(bounds, [9.2, 9.8]), [0, 1]);
  assert.deepStrictEqual(levels.pieces_in(bounds, [9.5, 12]), [0, 1]);
  assert.deepStrictEqual(levels.pieces_in(bounds, [-50, 100]), [0, 1, 2, 3]);
  assert.deepStrictEqual(levels.pieces_in(bounds, [50, 100]), []);
});

test("where steps go back, both passes over a window are found", () => {
  const bounds = { least: [0, 10, 5, 20], greatest: [9, 19, 19, 29] };
  assert.deepStrictEqual(levels.pieces_in(bounds, [12, 14]), [1, 2]);
});

test("pieces without a known time meet no window", () => {
  assert.deepStrictEqual(levels.pieces_in({ least: [NaN, 10], greatest: [NaN, 19] }, [12, 14]), [1]);
});

test("points in a window are estimated from the pieces' bounds", () => {
  const bounds = { least: [0, 100], greatest: [100, 150] };
  assert.strictEqual(levels.points_in(bounds, [50, 200], { span: 100, count: 150 }), 100);
  assert.strictEqual(levels.points_in({ least: [5], greatest: [5] }, [0, 9], { span: 100, count: 7 }), 7);
});

test("the coarsest level that is fine enough is taken, the overview where it is, single points at last", () => {
  const list = [[1], [16], [256], [4096]];
  const chosen = (points) => levels.choose_level(list, 65536, points, 400);
  assert.strictEqual(chosen(10_000_000), 4);
  assert.strictEqual(chosen(1_000_000), 3);
  assert.strictEqual(chosen(100_000), 2);
  assert.strictEqual(chosen(5000), 1);
  assert.strictEqual(chosen(100), 0);
  assert.deepStrictEqual(levels.chunks_of([3, 4, 5, 8], 8192, 32768), [0, 1, 2]);
});

test("a window cut out keeps every extreme and every mark in it, and the points beside it", () => {
  for (let seed = 1; seed < 80; seed += 1) {
    const random = seeded(seed);
    const count = 1 + Math.floor(random() * 4000);
    const values = Array.from({ length: count }, () => (random() < 0.02 ? [NaN, Infinity, -Infinity][Math.floor(random() * 3)] : random()));
    const steps = Array.from({ length: count }, (_, index) => index);
    const start = Math.floor(random() * count);
    if (seed % 2 && start) for (let index = start; index < count; index += 1) steps[index] -= Math.floor(start / 2);
    const starts = seed % 2 && start ? [start] : [];
    const window = [random() * count * 0.5, count * (0.5 + random() * 0.5)];
    const view = levels.cut([levels.as_part(make_points(values, { steps, starts }))], window, 200);

    const inside = values.filter((_, index) => steps[index] >= window[0] && steps[index] <= window[1]);
    const finite = inside.filter(Number.isFinite);
    const drawn = view.values.filter((value, place) => value !== null && view.x[place] >= window[0] && view.x[place] <= window[1]);
    assert.strictEqual(Math.min(...drawn), Math.min(...finite));
    assert.strictEqual(Math.max(...drawn), Math.max(...finite));
    assert.strictEqual(view.inside, inside.length);
    const marks = [...view.kinds].map(([, { count: number }]) => number).reduce((a, b) => a + b, 0);
    assert.strictEqual(marks, inside.length - finite.length);
    for (const [place, { kind }] of view.kinds) {
      assert.strictEqual(view.values[place], null);
      assert.ok(view.x[place] >= window[0] && view.x[place] <= window[1], kind);
    }
  }
});

test("a line reaches both edges of the window", () => {
  const view = levels.cut([levels.as_part(make_points([1, 2, 3, 4, 5, 6]))], [1.5, 3.5], 100);
  assert.deepStrictEqual(view.x, [1, 2, 3, 4]);
  assert.strictEqual(view.inside, 2);
  assert.deepStrictEqual(levels.cut([levels.as_part(make_points([1, 2, 3]))], [0.4, 0.6], 100).x, [0, 1]);
});

test("parts that do not follow on each other are not joined", () => {
  const [a, b] = [make_points([1, 2]), make_points([3, 4], { steps: [10, 11] })].map((points) => levels.as_part(points));
  const view = levels.cut([a, { ...b, is_apart: true }], [0, 20], 100);
  assert.deepStrictEqual([view.x, view.breaks], [[0, 1, 10, 11], [2]]);
  const rows = data.series_rows("r", { ...view, count: 4, kinds: view.kinds }, { goal: null, most: Infinity });
  assert.deepStrictEqual(rows.points.map(({ part }) => part), [1, 1, 2, 2]);
});

test("attempts are told apart in a window as they are in all", () => {
  const points = make_points([9, 8, 7, 8, 6, 5], { steps: [0, 1, 2, 1, 2, 3], starts: [3] });
  const view = levels.cut([levels.as_part(points)], [0.5, 2.5], 100);
  const rows = data.series_rows("r", { ...view, last_attempt: 2 }, { goal: null, most: Infinity });
  assert.deepStrictEqual(rows.points.map(({ x, attempt, earlier }) => [x, attempt, earlier]),
    [[0, 1, true], [1, 1, true], [2, 1, true], [1, 2, false], [2, 2, false], [3, 2, false]]);
});

test("the best point of all is the best of a window only if it lies in it", () => {
  const part = levels.as_part(make_points([5, 1, 4, 3, 6]));
  const best = { step: 1, value: 1 };
  assert.strictEqual(levels.cut([part], [3, 4], 100, best).best, null);
  assert.strictEqual(levels.cut([part], [0, 4], 100, best).best, 1);
});

// A site's answers to what is loaded, by address.
function serve(files) {
  const asked = [];
  globalThis.runsite.load = async (kind, key, url) => {
    asked.push(url.replace("file:///site/run/", ""));
    return files[`${kind} ${key}`];
  };
  return asked;
}

const chunk = (numbers, from) => ({
  count: numbers.length, attempt: 1, kind: "float64", values: base64(new Float64Array(numbers)), steps: ["even", from, 1],
});

function long_series(values) {
  const kept = values.map((_, index) => index).filter((index) => index % 8 === 0);
  return data.on_axis({
    count: values.length, values: kept.map((index) => values[index]), steps: kept, times: null, kinds: new Map(), attempt_starts: [],
    unstepped: 0, started: null, levels: ["levels/ab/index.js", "e/r#ab"], base: "file:///site/run/series.js?v=1",
  });
}

test("only the chunks in view are loaded, and the overview is drawn until they have come", async () => {
  const values = Array.from({ length: 80 }, (_, index) => Math.sin(index));
  const span = 16;
  const files = { "series_levels e/r#ab": {
    count: 80, overview: 8, attempts: 1, span, levels: [[1, span, "1-#"]],
    steps: [["even", 0, span], ["even", span - 1, span]],
  } };
  for (let n = 0; n < 5; n += 1) files[`series_chunk e/r#ab/1-${n}`] = chunk(values.slice(n * span, (n + 1) * span), n * span);
  const asked = serve(files);
  const own = new levels.Levels(long_series(values));

  const first = own.look([20, 39.5], 100);
  await Promise.all(first.wanted.map((name) => own.load(name)));
  const second = own.look([20, 39.5], 100);
  await Promise.all(second.wanted.map((name) => own.load(name)));
  const third = own.look([20, 39.5], 100);

  assert.deepStrictEqual([first.wanted, second.wanted, third.wanted], [["index"], ["1-1", "1-2"], []]);
  assert.deepStrictEqual(asked, ["levels/ab/index.js?n=80", "levels/ab/1-1.js", "levels/ab/1-2.js"]);
  assert.deepStrictEqual(first.view.x, [16, 24, 32, 40]);
  assert.ok(first.view.is_estimate);
  assert.deepStrictEqual(third.view.x, values.map((_, index) => index).slice(19, 41));
  assert.deepStrictEqual(third.view.values, values.slice(19, 41));
  assert.deepStrictEqual([third.view.count, third.view.is_estimate], [20, false]);
});

test("a grown last chunk has an address of its own", async () => {
  const asked = serve({ "series_chunk e/r#ab/1-4": chunk([1, 2], 64) });
  const own = new levels.Levels(long_series(Array.from({ length: 66 }, () => 1)));
  Object.assign(own, { index: { count: 66 }, levels: [[1, 16, "1-#"]], first_attempt: 0 });
  await own.load("1-4");
  assert.deepStrictEqual(asked, ["levels/ab/1-4.js?n=2"]);
});

test("a chunk that cannot be loaded leaves the overview and says so", async () => {
  globalThis.runsite.load = async () => { throw new Error("gone"); };
  const own = new levels.Levels(long_series(Array.from({ length: 80 }, (_, index) => index)));
  await own.load("index");
  const { view, wanted } = own.look([20, 39.5], 100);
  assert.deepStrictEqual([view.x, wanted, own.problem.message], [[16, 24, 32, 40], [], "gone"]);
});

test("a short series is cut from what the page has", () => {
  const series = { ...long_series([1, 2, 3]), values: [1, null, 3], steps: [0, 1, 2], x: [0, 1, 2], levels: null };
  series.kinds.set(1, { kind: "NaN", count: 1 });
  const { view, wanted } = new levels.Levels(series).look([0.5, 2], 100);
  assert.deepStrictEqual([view.x, view.values, wanted, view.count, view.is_estimate], [[0, 1, 2], [1, null, 3], [], 2, false]);
  assert.deepStrictEqual([...view.kinds], [[1, { kind: "NaN", count: 1 }]]);
});
