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

test("values that would look the same are told apart, blanks that no one sees too", () => {
  const told = (...values) => values.map(format.format_told_apart(values));
  assert.deepStrictEqual(told("1", "1 ", "2"), ['"1"', '"1 "', "2"]);
  assert.deepStrictEqual(told("a b", "a  b", "a\u00a0b"), ['"a b"', '"a\u2423\u2423b"', '"a\\u00a0b"']);
  assert.deepStrictEqual(told("a", "a\u200b"), ['"a"', '"a\\u200b"']);
  assert.deepStrictEqual(told("a\nb", "a b", "ab"), ['"a\\nb"', '"a b"', "ab"]);
  assert.deepStrictEqual(told(" ", "x", ""), ['" "', "x", '""']);
  assert.deepStrictEqual(told(1e9, 1e9 + 1e-6, 1e9 + 2e-6, 0.1), ["1000000000", "1000000000.000001", "1000000000.000002", "0.1"]);
});
