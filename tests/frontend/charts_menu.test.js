"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/state.js");
require("../../themes/default/static/charts_data.js");
require("../../themes/default/static/charts_draw.js");
const { chart_link, figure_command } = require("../../themes/default/static/charts_menu.js");

test("a link to a chart keeps the view and names the chart", () => {
  assert.strictEqual(chart_link("file:///s/index.html#zoom=1%3A2&chart=a", "val/acc"), "file:///s/index.html#zoom=1%3A2&chart=val%2Facc");
  assert.strictEqual(chart_link("http://h/index.html", "a&b=c"), "http://h/index.html#chart=a%26b%3Dc");
});

test("a command can be pasted into a shell whatever names hold", () => {
  assert.strictEqual(figure_command("file:///it's/i.html#chart=x", "it's $(rm) `y`"), "runsite figure 'file:///it'\\''s/i.html#chart=x' -o 'it_s_rm_y_.pdf'");
});
