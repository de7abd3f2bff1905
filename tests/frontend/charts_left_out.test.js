"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
const { found_text, left_out_text } = require("../../themes/default/static/charts_left_out.js");

test("the line says how many of the runs drawn the filter leaves out, and nothing where it leaves out none", () => {
  assert.deepStrictEqual([[0, 10], [7, 10], [10, 10], [1, 1], [1200, 4000]].map(([left_out, drawn]) => left_out_text(left_out, drawn)), [
    "",
    "The table's filter leaves out 7 of the 10 runs drawn",
    "The table's filter leaves out all 10 runs drawn",
    "The table's filter leaves out the run drawn",
    "The table's filter leaves out 1,200 of the 4,000 runs drawn",
  ]);
});

test("the button says how many runs it draws instead", () => {
  assert.deepStrictEqual([1, 3, 10].map(found_text), ["Draw the run it finds", "Draw the 3 it finds", "Draw the first 10 it finds"]);
});
