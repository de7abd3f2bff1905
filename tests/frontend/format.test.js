"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const format = require("../../themes/default/static/format.js");
const cases = require("../twins/number_format.json");

const NON_FINITE = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };

for (const { function: name, arguments: given, text } of cases) {
  const values = name === "format_param" ? given : given.map((value) => NON_FINITE[value] ?? value);
  test(`${name} ${JSON.stringify(given)} is ${JSON.stringify(text)}`, () => {
    assert.strictEqual(format[name](...values), text);
  });
}

test("whole numbers that travel as text keep every digit", () => {
  assert.strictEqual(format.format_count("18446744073709551617"), "18,446,744,073,709,551,617");
});
