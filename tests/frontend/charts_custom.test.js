"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { metric, param, runs_table } = require("./tables.js");
require("../../themes/default/static/charts_data.js");
require("../../themes/default/static/charts_draw.js");
require("../../themes/default/static/charts_csv.js");
const custom = require("../../themes/default/static/charts_custom.js");

const ODD = "a.b[0] \"x\" \\ `y` </script>";
const table = () => runs_table(["a", "b"], {
  "params.lr": [0.1, 0.2], "params.__proto__": ["p", null], [`metrics.${ODD}.best`]: [0.5, "NaN"], "metrics.loss.last": [1, null],
}, { columns: [param("lr"), param("__proto__"), metric(ODD, "best"), metric("loss", "last")] });
const look = { ink: "#111111", muted: "#222222", line: "#333333", ground: "#ffffff", colour_of: ({ colour }) => `#00000${colour}` };

test("a run is a row with its params and metrics by name", () => {
  const [first, second] = custom.run_rows(table());
  assert.deepStrictEqual([first.run, first.params.lr, first.metrics.loss], ["e/a", 0.1, { best: null, last: 1 }]);
  assert.deepStrictEqual([Object.keys(first.params), first.metrics[ODD].best], [["lr", "__proto__"], 0.5]);
  assert.deepStrictEqual([second.metrics[ODD].best, second.metrics.loss.last], [null, null]);
});

test("a spec may name a column its own way", () => {
  const rows = custom.run_rows(table(), { odd: `metrics.${ODD}.best` });
  assert.deepStrictEqual(rows.map(({ odd }) => odd), [0.5, "NaN"]);
  assert.throws(() => custom.run_rows(table(), { acc: "metrics.nope.best" }), /no run has the column metrics\.nope\.best/);
});

test("a point of a series is a row", () => {
  const series = { steps: [0, 5, 0], times: [1, NaN, 2], values: [0.5, null, 0.25], attempt_starts: [2] };
  assert.deepStrictEqual(custom.point_rows([{ run: "brave", look: { key: "e/a" }, series }]), [
    { run: "e/a", name: "brave", step: 0, attempt: 1, time: 1000, value: 0.5 },
    { run: "e/a", name: "brave", step: 5, attempt: 1, time: null, value: null },
    { run: "e/a", name: "brave", step: 0, attempt: 2, time: 2000, value: 0.25 },
  ]);
});

test("data and colours are put in, and what only looks like a placeholder stays", () => {
  const vega = { background: "$runsite_ground", title: "$5", data: [{ name: "runs" }, { name: "more", source: "runs" }], marks: ["$runsite_hue_2"] };
  const spec = custom.custom_spec({ vega, is_sized: true }, new Map([["runs", [{ id: "a" }]]]), look, { size: { width: 300 }, font: "x", ground: "none" });
  assert.deepStrictEqual(spec, {
    background: "none", title: "$5", data: [{ name: "runs", values: [{ id: "a" }] }, { name: "more", source: "runs" }], marks: ["#000002"], width: 300,
  });
});

test("rows are taken away as CSV with one column for each field", () => {
  const rows = [{ id: "=1", params: { lr: 0.1 }, started: null }, { id: "b", params: { lr: 2, "a,b": "x" }, started: 5500 }];
  assert.strictEqual(custom.rows_csv(rows), "id,params.lr,started,\"params.a,b\"\r\n'=1,0.1,,\r\nb,2,5.5,x\r\n");
});

test("a chart says which metrics no run drawn has logged", () => {
  const rows = new Map([["runs", []], ["metric:nosuch", []], ["metric:loss", [{ value: 1 }]]]);
  assert.deepStrictEqual(custom.lacking(rows), ["no run drawn has logged nosuch"]);
});
