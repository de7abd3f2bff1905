"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
for (const name of ["format", "student_t", "group_statistics", "charts_data", "charts_axis", "charts_smooth", "charts_bands"]) require(`../../themes/default/static/${name}.js`);
const view = require("../../themes/default/static/charts_view.js");

const USUAL = view.read_chart_state(new Map());
const METRIC = { name: "loss", label: "loss", goal: "minimize" };
const make_line = (name, values, more = {}) => ({
  run: name, look: { key: name, name },
  series: {
    count: values.length, values, steps: values.map((_, index) => index), times: null, kinds: new Map(), attempt_starts: [], unstepped: 0,
    levels: null, started: null, ...more,
  },
  ...(more.x_series ? { x_series: more.x_series } : {}),
});
const chart = (lines, state, more) => view.chart_of(lines, METRIC, { ...USUAL, ...state }, more);

test("the address says what a reader chose, and nothing else", () => {
  const state = { x: "metric:a b", x_log: true, y_log: true, smooth: { method: "median", width: 2.5 }, band: "ci", others: true };
  assert.deepStrictEqual(view.read_chart_state(new Map(view.chart_pairs(state))), state);
  assert.deepStrictEqual(USUAL, { x: null, x_log: false, y_log: false, smooth: null, band: null, others: false });
  assert.ok(view.chart_pairs(USUAL).every(([, text]) => text === null));
});

test("what an address cannot mean is as usual", () => {
  for (const text of ["ema", "ema:", "ema:0", "ema:99", "ema:x", "box:2", ""]) assert.strictEqual(view.parse_smoothing(text), null);
  for (const pair of [["x", "metric:"], ["x", "epochs"], ["band", "iqr"], ["y_scale", "linear"], ["others", "1"]]) assert.deepStrictEqual(view.read_chart_state(new Map([pair])), USUAL);
});

test("without choices a chart is that of the points as they are", () => {
  const { rows, domains, scales, axis, notes } = chart([make_line("a", [3, 2, 1])], {});
  assert.deepStrictEqual(rows.points.map(({ x, value }) => [x, value]), [[0, 3], [1, 2], [2, 1]]);
  assert.deepStrictEqual([rows.raw, rows.bands, rows.others, rows.seams], [[], [], [], []]);
  assert.deepStrictEqual([domains, scales, axis, notes], [{ x: null, y: null }, { x: "linear", y: "linear" }, { kind: "step" }, []]);
});

test("on time axes points stand at their times; a run without times is named, not drawn", () => {
  const times = [100, 160, 220];
  const lines = [make_line("a", [3, 2, 1], { times, started: 90 }), make_line("b", [5, 6])];
  const relative = chart(lines, { x: "relative" });
  assert.deepStrictEqual(relative.rows.points.map(({ x }) => x), [10, 70, 130]);
  assert.deepStrictEqual(relative.domains.x, [10, 130]);
  assert.deepStrictEqual(relative.runs, [{ key: "a", name: "a" }]);
  assert.deepStrictEqual(relative.notes, ["1 run without times not drawn"]);
  const wall = chart(lines, { x: "wall", x_log: true });
  assert.deepStrictEqual([wall.domains.x, wall.scales.x], [[100, 220], "linear"]);
});

test("on the axis of another metric a run stands where that metric was", () => {
  const epochs = make_line("a", [0, 1], { steps: [0, 2] }).series;
  const { rows, notes } = chart([make_line("a", [9, 8, 7, 6], { x_series: epochs })], { x: "metric:epoch" });
  assert.deepStrictEqual(rows.points.map(({ x, value }) => [x, value]), [[0, 9], [0.5, 8], [1, 7]]);
  assert.deepStrictEqual(notes, ["1 point stands nowhere on this axis"]);
});

test("what a logarithmic axis cannot show is marked and counted", () => {
  const { rows, domains, notes, scales } = chart([make_line("a", [100, 0, -5, 10, 1])], { y_log: true, x_log: true });
  assert.deepStrictEqual(rows.marks.map(({ kind, x, count }) => [kind, x, count]), [["not_positive", 1, 1], ["not_positive", 2, 1], ["left", 1, 1]]);
  assert.deepStrictEqual([...rows.points, ...rows.lone].map(({ x, value }) => [x, value]), [[3, 10], [4, 1]]);
  assert.ok(domains.y[0] > 0.5 && domains.y[0] < 1 && domains.y[1] > 10);
  assert.deepStrictEqual(scales, { x: "log", y: "log" });
  assert.ok(notes.includes("2 × ≤ 0 at the lower edge"));
  assert.ok(notes.includes("1 point at step ≤ 0 at the left edge"));
});

test("many values below zero are few marks that count for all", () => {
  const values = Array.from({ length: 1000 }, (_, index) => (index % 2 ? -1 : index + 1));
  const { rows } = chart([make_line("a", values)], { y_log: true });
  assert.ok(rows.marks.length <= 100);
  assert.strictEqual(rows.marks.reduce((total, { count }) => total + count, 0), 500);
});

test("a best that a logarithmic chart cannot show has no dot, and no other point takes its place", () => {
  const best = (values, state) => chart([make_line("a", values)], state).rows.best.map(({ value }) => value);
  assert.deepStrictEqual(best([3, 0, 2], { y_log: true }), []);
  assert.deepStrictEqual(best([3, 0, 2], {}), [0]);
  assert.deepStrictEqual(best([3, 1, 2], { y_log: true }), [1]);
});

test("behind a smoothed line its points stay, and so does the best of them", () => {
  const values = Array.from({ length: 50 }, (_, index) => (index % 2 ? 2 : 1));
  const { rows, notes } = chart([make_line("a", values)], { smooth: { method: "gaussian", width: 10 } });
  assert.deepStrictEqual(rows.raw.map(({ value }) => value), values);
  assert.ok(rows.points.slice(10, 40).every(({ value }) => Math.abs(value - 1.5) < 0.01));
  assert.deepStrictEqual(rows.best.map(({ value }) => value), [1]);
  assert.deepStrictEqual(notes, ["smoothed, Gaussian 10 % of the axis"]);
});

test("points beyond the chart are counted as they were logged, however long a smoothed line stays there", () => {
  const values = Array.from({ length: 330 }, (_, index) => (index === 300 ? 123_456_789.5 : (index % 7) / 20));
  for (const smooth of [null, { method: "ema", width: 5 }]) {
    const { rows, notes } = chart([make_line("a", values)], { smooth });
    assert.ok(notes.includes("1 point beyond the chart, up to 123,456,790"), String(notes));
    assert.ok(!notes.some((note) => note.startsWith("drawn from")), String(notes));
    assert.strictEqual(rows.marks.filter(({ kind }) => kind === "above").length > 1, smooth !== null);
  }
});

test("a restart is marked where the later attempt begins", () => {
  const { rows, notes } = chart([make_line("a", [3, 2, 3, 2], { steps: [0, 1, 1, 2], attempt_starts: [2] })], {});
  assert.deepStrictEqual(rows.seams, [{ run: "a", x: 1, step: 1 }]);
  assert.ok(notes.includes("1 restart marked"), String(notes));
});

test("groups are drawn as mean and band, and the note counts their runs", () => {
  const groups = [{ name: "lr 0.1", look: { name: "lr 0.1" }, lines: [make_line("a", [1, 3]), make_line("b", [3, 5])] }];
  const { rows, runs, notes, lines } = chart([make_line("a", [1, 3])], { band: "min_max" }, { groups });
  assert.deepStrictEqual(rows.points.map(({ run, value }) => [run, value]), [["lr 0.1", 2], ["lr 0.1", 4]]);
  assert.deepStrictEqual(rows.bands.map(({ low, high }) => [low, high]), [[1, 3], [3, 5]]);
  assert.deepStrictEqual([runs, lines.length], [[{ name: "lr 0.1" }], 1]);
  assert.deepStrictEqual(notes, ["1 group of 2 runs: mean, least to greatest"]);
});

test("a logarithmic axis reaches from the least number to the greatest, and all values stand on it", () => {
  const { rows, domains, notes } = chart([make_line("a", [1.7e308, 1.7e308]), make_line("b", [5e-324, 1])], { y_log: true });
  assert.deepStrictEqual(domains.y, [Number.MIN_VALUE, Number.MAX_VALUE]);
  assert.deepStrictEqual([rows.points.length, notes], [4, []]);
});

test("an empty chart says that no value is finite, or that none is above zero for a logarithmic axis", () => {
  const lack = (values, state) => runsite.charts.lack_of(chart([make_line("a", values)], state).rows);
  assert.strictEqual(lack([-1, 0], { y_log: true }), "No value above 0, which a log axis needs");
  assert.strictEqual(lack([null, null], { y_log: true }), "No finite value");
  assert.deepStrictEqual([lack([-1, 0], {}), lack([-1, 2], { y_log: true })], [null, null]);
});

test("a chart of a band is not empty though its mean has no place on a logarithmic axis", () => {
  const groups = [{ name: "g", look: { name: "g" }, lines: [make_line("a", [-5, -5]), make_line("b", [1, 1])] }];
  const { rows } = chart([], { band: "min_max", y_log: true }, { groups });
  assert.deepStrictEqual([rows.points.length, rows.bands.length, runsite.charts.lack_of(rows)], [0, 2, null]);
});

test("a band that reaches to zero or below goes on to the lower edge of a logarithmic axis, and sets no end of it", () => {
  const groups = [{ name: "g", look: { name: "g" }, lines: [make_line("a", [-1, 3, -1]), make_line("b", [3, 5, 0])] }];
  const { rows, domains, notes } = chart([], { band: "min_max", y_log: true }, { groups });
  assert.deepStrictEqual(rows.bands.map(({ low, high }) => [low, high]), [[Number.MIN_VALUE, 3], [3, 5], [Number.MIN_VALUE, Number.MIN_VALUE]]);
  assert.deepStrictEqual(domains.y, view.log_domain([1, 5]));
  assert.deepStrictEqual(view.range_of(rows.bands, ["low", "high"], Number.isFinite), [3, 5]);
  assert.deepStrictEqual(notes, ["1 group of 2 runs: mean, least to greatest", "1 × ≤ 0 at the lower edge", "1 band reaches down to ≤ 0"]);
});

test("a band of which nothing lies above zero is none on a logarithmic axis", () => {
  const groups = [{ name: "g", look: { name: "g" }, lines: [make_line("a", [-1, -3]), make_line("b", [0, -5])] }];
  const { rows, domains, notes } = chart([], { band: "min_max", y_log: true }, { groups });
  assert.deepStrictEqual([rows.bands, domains.y], [[], null]);
  assert.ok(!notes.some((note) => note.includes("down to")));
});

test("of more than a hundred runs all make the mean and the band, and a hundred stand in grey", () => {
  const many = Array.from({ length: 150 }, (_, index) => make_line(`r${index}`, [index, index + 1]));
  const { rows, runs, notes } = chart(many, {});
  assert.deepStrictEqual(runs.map(({ name }) => name), ["mean of 150 runs"]);
  assert.deepStrictEqual(rows.points.map(({ value }) => value), [74.5, 75.5]);
  assert.deepStrictEqual(rows.bands.map(({ low, high }) => [low, high]), [[0, 149], [1, 150]]);
  assert.strictEqual(new Set(rows.others.map(({ run }) => run)).size, 100);
  assert.deepStrictEqual(notes, ["150 runs: mean, least to greatest", "100 of them in grey"]);
  assert.strictEqual(new Set(chart(many.slice(0, 100), {}).rows.points.map(({ run }) => run)).size, 100);
});

test("further runs stand in grey, at most a hundred, and only when asked for", () => {
  const others = Array.from({ length: 120 }, (_, index) => make_line(`o${index}`, [index, index + 1]));
  assert.strictEqual(chart([make_line("a", [1, 2])], {}, { others }).rows.others.length, 0);
  const { rows, notes } = chart([make_line("a", [1, 2])], { others: true }, { others });
  assert.strictEqual(new Set(rows.others.map(({ run }) => run)).size, 100);
  assert.deepStrictEqual(notes, ["100 others in grey"]);
});

test("further runs beside groups that have logged nothing are not those drawn as lines", () => {
  const { rows, notes } = chart([make_line("a", [1, 2])], { others: true, band: "ci" }, { others: [make_line("a", [1, 2]), make_line("b", [3, 4])] });
  assert.deepStrictEqual([rows.others.map(({ run }) => run), notes], [["b", "b"], ["1 other in grey"]]);
});

const coloured = (name, colour, values) => ({ ...make_line(name, values), look: { name, colour } });

test("runs beyond the last colour stand behind the others, without their best points, whatever the order", () => {
  const { rows, further, lines, notes } = chart([coloured("grey", null, [1, 0]), coloured("blue", 0, [3, 2])], {});
  assert.deepStrictEqual(rows.points.map(({ run }) => run), ["blue", "blue"]);
  assert.deepStrictEqual(rows.others.map(({ run, x, value, part }) => [run, x, value, part]), [["grey", 0, 1, -1], ["grey", 1, 0, -1]]);
  assert.deepStrictEqual(rows.best.map(({ run, value }) => [run, value]), [["blue", 2]]);
  assert.deepStrictEqual([further.rows, lines.length, notes], [[], 2, []]);
});

test("where no run has a colour each keeps its best point", () => {
  assert.deepStrictEqual(chart([coloured("grey", null, [1, 0])], {}).rows.best.map(({ value }) => value), [0]);
});

test("a grey run and a further one of the same name are lines of their own", () => {
  const { rows, further } = chart([coloured("a", null, [1, 2])], { others: true }, { others: [make_line("a", [5, 6])] });
  assert.strictEqual(new Set(rows.others.map(({ run, part }) => `${run} ${part}`)).size, 2);
  assert.deepStrictEqual(further.rows.map(({ value }) => value), [5, 6]);
});

test("what is not finite in a group stands at the edge in its colour, and the note counts it", () => {
  const kinds = new Map([[1, { kind: "NaN", count: 3 }]]);
  const groups = [{ name: "g", look: { name: "g" }, lines: [make_line("a", [1, null, 3], { kinds }), make_line("b", [3, 4, 5])] }];
  const { rows, notes } = chart([], { band: "ci" }, { groups });
  assert.deepStrictEqual(rows.marks, [{ run: "g", x: 1, step: 1, kind: "NaN", count: 3 }]);
  assert.deepStrictEqual(notes, ["1 group of 2 runs: mean and its 95 % interval", "3 × NaN in these runs"]);
});

test("few runs in grey are as fine as runs drawn, many are finer at full size, and the note says from how many points", () => {
  const values = Array.from({ length: 1000 }, (_, index) => Math.sin(index * index));
  const others = (count) => Array.from({ length: count }, (_, index) => make_line(`o${index}`, values));
  const drawn = (count, more) => chart([make_line("a", [1, 2])], { others: true }, { others: others(count), ...more });
  const [few, many, full] = [drawn(5), drawn(100), drawn(100, { most: 5000 })];
  assert.strictEqual(few.rows.others.length, 5000);
  assert.deepStrictEqual(few.notes, ["5 others in grey"]);
  assert.ok(many.rows.others.length <= 6400);
  assert.ok(full.rows.others.length > 1.5 * many.rows.others.length);
  assert.deepStrictEqual(many.notes, [`100 others in grey, drawn from ${many.rows.others.length.toLocaleString("en")} of 100,000 points, every extreme kept`]);
});
