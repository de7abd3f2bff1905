"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
for (const name of ["data", "axis", "smooth", "bands", "view"]) require(`../../themes/default/static/charts_${name}.js`);
const draw = require("../../themes/default/static/charts_draw.js");

const style = { getPropertyValue: (name) => ({ "--series-0": " #025a90", "--dash-1": "6 2" })[name] ?? "" };
const look = draw.read_look(style);
const rows = { points: [{ run: "a", step: 0, value: 1 }], lone: [], best: [], marks: [] };
const chart = (runs) => ({ metric: { label: "val/acc", unit: "%" }, runs, rows, look });
const one = [{ name: "a", colour: 0, dash: 1 }];

test("placeholders are filled, also for whole lists", () => {
  const values = new Map([["$runs", ["$runs", "b"]], ["$ink", "#111"], ["$step_grain", 0]]);
  const others = ["$unknown", null, 1];
  const template = { domain: ["$runs"], color: "$ink", value: "$step_grain", others, "a.b": ["$ink"] };
  assert.deepStrictEqual(draw.fill(template, values), {
    domain: ["$runs", "b"], color: "#111", value: 0, others, "a.b": ["#111"],
  });
});

test("a dash pattern comes from the style sheet", () => {
  assert.deepStrictEqual(draw.parse_dash("6 2"), [6, 2]);
  assert.deepStrictEqual(draw.parse_dash("none"), [1, 0]);
  assert.deepStrictEqual([look.colour_of(one[0]), look.dash_of(one[0])], ["#025a90", [6, 2]]);
});

test("beyond the last colour a run is grey", () => {
  assert.strictEqual(look.colour_of({ colour: null, dash: 0 }), "#8a929c");
});

test("a card has neither title nor legend nor axis title, its file has them", () => {
  const template = () => ({
    data: [{ name: "points" }, { name: "data_1", source: "points" }],
    axes: [{ title: "$step" }], marks: [], legends: [{}], title: "$title", scales: [{ domain: ["$runs"], range: ["$colours"] }],
  });
  const two = [...one, { name: "b", colour: 1, dash: 0 }];
  const card = draw.vega_spec(template(), chart(two), { width: 300, height: 170 }, { bare: true });
  const file = draw.vega_spec(template(), chart(two), { width: 300, height: 170 }, { bare: false });
  assert.deepStrictEqual([card.title, card.legends, card.axes], [undefined, undefined, [{}]]);
  assert.deepStrictEqual([file.title, file.legends, file.axes], ["val/acc (%)", [{}], [{ title: "step" }]]);
  assert.deepStrictEqual(card.scales, [{ domain: ["a", "b"], range: ["#025a90", "#57606a"] }]);
  assert.deepStrictEqual(card.data, [{ name: "points", values: rows.points }, { name: "data_1", source: "points" }]);
});

test("the Vega-Lite spec holds the data it is drawn from", () => {
  const spec = draw.vega_lite_spec({ title: "$title", layer: [] }, chart(one));
  assert.deepStrictEqual([spec.title, spec.datasets], ["val/acc (%)", rows]);
  assert.strictEqual(spec.background, "#ffffff");
});

test("a logarithmic scale is one in both specs, and layers without rows are left out", () => {
  const drawn = { ...chart(one), rows: { ...rows, raw: rows.points }, scales: { x: "linear", y: "log" }, domains: { x: null, y: [1, 100] } };
  const marks = ["others_pathgroup", "raw_pathgroup", "bands_pathgroup", "lines_pathgroup", "seams_marks"].map((name) => ({ name }));
  const vega = draw.vega_spec({ data: [], axes: [], marks, scales: [{ name: "x", type: "linear" }, { name: "y", type: "linear", nice: true }] }, drawn, { width: 300, height: 170 }, { bare: true });
  const encoding = () => ({ y: { scale: { zero: false } } });
  const lite = draw.vega_lite_spec({ encoding: { x: { scale: {} } }, layer: [{ name: "bands", encoding: encoding() }, { name: "raw", encoding: encoding() }] }, drawn);
  assert.deepStrictEqual(vega.marks.map(({ name }) => name), ["raw_pathgroup", "lines_pathgroup"]);
  assert.deepStrictEqual(vega.scales, [{ name: "x", type: "linear" }, { name: "y", type: "log", nice: false }]);
  assert.deepStrictEqual(lite.layer, [{ name: "raw", encoding: { y: { scale: { zero: false, type: "log" } } } }]);
  assert.deepStrictEqual(lite.encoding.x.scale, {});
});

test("ticks of times and of logarithmic scales are ours, those of steps are Vega's", () => {
  const size = { width: 300, height: 170 };
  const none = draw.tick_signals({ domains: { x: [0, 10], y: [1, 10] } }, size);
  const own = draw.tick_signals({ axis: { kind: "relative" }, scales: { x: "linear", y: "log" }, domains: { x: [0, 7200], y: [1, 1000] } }, size);
  assert.deepStrictEqual(none, { x_ticks: null, x_labels: null, y_ticks: null, y_labels: null });
  assert.deepStrictEqual([own.x_ticks, own.x_labels], [[0, 1800, 3600, 5400, 7200], { 0: "0:00", 1800: "0:30", 3600: "1:00", 5400: "1:30", 7200: "2:00" }]);
  assert.deepStrictEqual(own.y_labels, { 1: "1", 10: "10", 100: "100", 1000: "1,000" });
});

test("a file's name is safe on every disk", () => {
  assert.strictEqual(draw.file_name("val/acc", "svg"), "val_acc.svg");
  assert.strictEqual(draw.file_name('a.b[0] "x" </script>', "csv"), "a.b_0_x_script_.csv");
  assert.strictEqual(draw.file_name("???", "png"), "_.png");
});

test("rows are added in turns, until they are no longer wanted", async () => {
  const added = [];
  const view = { insert: (name, rows) => { added.push([name, ...rows]); return { runAsync: async () => {} }; } };
  const later = [["context", [1, 2]], ["lines", [3]], ["lines", [4]]];

  assert.strictEqual(await draw.add_rows(view, later), true);
  assert.deepStrictEqual(added.splice(0), [["context", 1, 2], ["lines", 3], ["lines", 4]]);
  assert.strictEqual(await draw.add_rows(view, later, () => added.length < 2), false);
  assert.deepStrictEqual(added, [["context", 1, 2], ["lines", 3]]);
});

test("a title is a text of its own, also where Vega knows the word", () => {
  assert.deepStrictEqual([draw.safe_title("loss"), draw.safe_title(["val", "loss"]), draw.safe_title(undefined)], ["loss", ["val", "loss"], undefined]);
  assert.deepStrictEqual(draw.safe_title("if"), { signal: '"i" + "f"' });
  assert.deepStrictEqual(draw.safe_title(["a \"b\"", "toString"]), { signal: '["a \\"b\\"","t" + "oString"]' });
});
