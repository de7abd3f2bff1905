// What the charts of a built site draw of each series, for tests: `node drawn_figures.js SITE` prints a line of JSON for
// each run and metric, worked out by the very functions that fill a chart.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
require("../../themes/default/static/format.js");
const charts = require("../../themes/default/static/charts_data.js");

function read_script(file) {
  const text = fs.readFileSync(file, "utf8").trim();
  return JSON.parse(`[${text.slice("runsite.receive(".length, text.lastIndexOf(")"))}]`);
}

function* series_of(folder) {
  const [, run, payload] = read_script(path.join(folder, "series.js"));
  const parts = [payload, ...payload.blocks.map(([address]) => read_script(path.join(folder, address.split("?")[0]))[2])];
  for (const part of parts) for (const [metric, series] of charts.read_series(part)) yield [run, metric, series];
}

// The figures of what is seen: points, lone points and marks. A mark beyond the chart stands for the value of its point.
function drawn_figures(series) {
  const { points, lone, marks } = charts.chart_rows([{ run: "r", look: {}, series }], null);
  const kept = charts.thin(series.values, Infinity);
  const beyond = marks.filter(({ kind }) => kind === "above" || kind === "below")
    .map(({ step, kind }) => kept.filter((index) => series.steps[index] === step).map((index) => series.values[index])
      .reduce((a, b) => (kind === "above" ? Math.max(a, b) : Math.min(a, b))));
  const seen = [...points, ...lone];
  const values = [...seen.map(({ value }) => value), ...beyond];
  const count = (kind) => marks.filter((mark) => mark.kind === kind).reduce((sum, mark) => sum + mark.count, 0);
  const extreme = (choose) => (values.length ? values.reduce((a, b) => choose(a, b)) : null);
  return {
    min: extreme(Math.min),
    max: extreme(Math.max),
    last: last_value(seen, beyond, series),
    non_finite: count("NaN") + count("Infinity") + count("-Infinity"),
  };
}

// The value of the last point, if the chart draws it: as a point, or as a mark at the edge.
function last_value(seen, beyond, series) {
  const value = series.values.at(-1);
  // A mark stands where the first of its kind in its bucket is.
  if (value === null) return [...series.kinds.values()].at(-1).kind;
  const is_drawn = seen.some((row) => row.step === series.steps.at(-1) && row.value === value);
  return is_drawn || beyond.includes(value) ? value : "not drawn";
}

const folders = fs.readdirSync(process.argv[2], { recursive: true })
  .filter((name) => path.basename(name) === "series.js").sort()
  .map((name) => path.join(process.argv[2], path.dirname(name)));
for (const folder of folders) {
  for (const [run, metric, series] of series_of(folder)) console.log(JSON.stringify([run, metric, drawn_figures(series)]));
}
