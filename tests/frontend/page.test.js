"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { current_section, scroll_to_middle } = require("../../themes/default/static/page.js");

test("the section being read is the last whose top has passed the line", () => {
  assert.equal(current_section([-300, 40, 500], 80), 1);
  assert.equal(current_section([-300, -40, -5], 80), 2);
});

test("above all sections the first is the one", () => {
  assert.equal(current_section([200, 400], 80), 0);
  assert.equal(current_section([], 80), 0);
});

test("a row of links shows the present one in its middle, and stays put where it is seen anyway", () => {
  assert.equal(scroll_to_middle({ left: 500, width: 100 }, { width: 390 }), 355);
  assert.equal(scroll_to_middle({ left: 10, width: 80 }, { width: 390 }), 0);
});
