"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
require("../../themes/default/static/charts_data.js");
const { is_called, folded_prefixes } = require("../../themes/default/static/charts_shelf.js");
const { place_of_width } = require("../../themes/default/static/charts_toolbar.js");
const { figures_of } = require("../../themes/default/static/charts_figures.js");

const line = (run, values) => ({ run, series: { values } });

test("a chart is found by any words of its name or label, in any case", () => {
  const metric = { name: "val/acc_top5", label: "Top-5 accuracy" };
  for (const search of ["", "VAL", "acc val", "top-5", "5 accuracy"]) assert.ok(is_called(metric, search), search);
  assert.ok(!is_called(metric, "train acc"));
});

test("groups that the address folds and that may yet come stay folded", () => {
  assert.deepStrictEqual(folded_prefixes(["late", "val"], [["val", false], ["train", true]]), ["late", "val"]);
  assert.deepStrictEqual(folded_prefixes(["late", "val"], [["val", true], ["train", false]]), ["late", "train"]);
  assert.deepStrictEqual(folded_prefixes([], [["a", false], ["b", true]]), ["a"]);
});

test("the slider stands at the step nearest to a width from the address", () => {
  assert.deepStrictEqual([0.1, 0.2, 2, 2.4, 4.2, 50].map(place_of_width), [0, 0, 3, 3, 5, 9]);
});

test("a card's figures are those of the runs drawn", () => {
  const lines = [line("a", [3, null, 2]), line("b", [5, 1, 4])];
  assert.deepStrictEqual(figures_of(lines, 2, { goal: "minimize" }), { figures: [["best", 1, "b"]], note: "" });
  assert.deepStrictEqual(figures_of(lines, 3, { goal: null }), { figures: [["min", 1, ""], ["max", 5, ""]], note: "2 of 3 runs" });
  assert.deepStrictEqual(figures_of([line("a", [2, 2])], 1, { goal: null }).figures, [["always", 2, ""]]);
  assert.deepStrictEqual(figures_of([line("a", [null])], 1, { goal: "maximize" }).figures, []);
});
