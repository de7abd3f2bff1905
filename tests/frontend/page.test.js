"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { current_section } = require("../../themes/default/static/page.js");

test("the section being read is the last whose top has passed the line", () => {
  assert.equal(current_section([-300, 40, 500], 80), 1);
  assert.equal(current_section([-300, -40, -5], 80), 2);
});

test("above all sections the first is the one", () => {
  assert.equal(current_section([200, 400], 80), 0);
  assert.equal(current_section([], 80), 0);
});
