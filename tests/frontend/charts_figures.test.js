"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
for (const name of ["format", "charts_data"]) require(`../../themes/default/static/${name}.js`);
const figures = require("../../themes/default/static/charts_figures.js");

const line = (run, ...values) => ({ run, series: { values } });

test("figures under bands are those of the runs in the groups", () => {
  const groups = [{ lines: [line("a", 3, 2), line("b", 4, null)] }, { lines: [line("c", 9, 1)] }];
  assert.deepStrictEqual(figures.figures_of_groups(groups, { goal: "minimize" }), { figures: [["best", 1, "c"]], note: "of the 3 runs in 2 groups" });
  assert.deepStrictEqual(figures.figures_of_groups(groups, { goal: null }).figures, [["min", 1, ""], ["max", 9, ""]]);
});

test("runs that have nothing finite have no figures, and are counted all the same", () => {
  const found = figures.figures_of_groups([{ lines: [line("a", null)] }], { goal: null });
  assert.deepStrictEqual(found, { figures: [], note: "of the 1 run in 1 group" });
});

test("the figures of drawn runs say how many of them logged the metric", () => {
  assert.deepStrictEqual(figures.figures_of([line("a", 3, 2)], 2, { goal: "maximize" }), { figures: [["best", 3, ""]], note: "1 of 2 runs" });
});
