"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/state.js");
require("../../themes/default/static/charts_data.js");
require("../../themes/default/static/charts_draw.js");
const { can_make, chart_link, figure_command } = require("../../themes/default/static/charts_menu.js");

test("a link to a chart keeps the view and names the chart", () => {
  assert.strictEqual(chart_link("file:///s/index.html#zoom=1%3A2&chart=a", "val/acc"), "file:///s/index.html#zoom=1%3A2&chart=val%2Facc");
  assert.strictEqual(chart_link("http://h/index.html", "a&b=c"), "http://h/index.html#chart=a%26b%3Dc");
});

test("points need no drawing to be taken away, unless they may be those of an earlier view", () => {
  const full = { lines: [{}], rows: { others: [] } };
  assert.deepStrictEqual(["csv", "svg"].map((ending) => can_make({ view: null, full }, ending)), [true, false]);
  assert.ok(can_make({ view: {} }, "svg"));
  for (const card of [{ view: null, full, is_stale: true }, { view: null, full: null }, { view: null }, { view: null, full: { lines: [], rows: { others: [] } } }]) assert.ok(!can_make(card, "csv"));
});

test("a command can be pasted into a shell whatever names hold", () => {
  assert.strictEqual(figure_command("file:///it's/i.html#chart=x", "it's $(rm) `y`"), "runsite figure 'file:///it'\\''s/i.html#chart=x' -o 'it_s_rm_y_.pdf'");
});
