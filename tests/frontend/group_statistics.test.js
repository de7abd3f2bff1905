"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
for (const name of ["format", "student_t"]) require(`../../themes/default/static/${name}.js`);
const statistics = require("../../themes/default/static/group_statistics.js");
const student_t = require("../../themes/default/static/student_t.js");
const cases = require("../twins/group_statistics.json");

const NON_FINITE = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
const TOLERANCE = 1e-12;

function assert_close(found, expected, where) {
  const wanted = NON_FINITE[expected] ?? expected;
  if (typeof wanted !== "number" || !Number.isFinite(wanted)) return assert.deepStrictEqual(found, wanted, where);
  assert.ok(Math.abs(found - wanted) <= TOLERANCE * Math.abs(wanted), `${where}: ${found} is not ${wanted}`);
}

function assert_fields(found, expected) {
  if (expected === null) return assert.strictEqual(found, null);
  assert.deepStrictEqual(Object.keys(found), Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) assert_close(found[name], value, name);
}

const checks = {
  summarise_group: ({ arguments: [values], result }) => assert_fields(statistics.summarise_group(values), result),
  verdict: ({ arguments: [values, baseline_values, ...goal], welch, result, words }) => {
    const [group, baseline] = [values, baseline_values].map(statistics.summarise_group);
    assert_fields(statistics.welch(group, baseline), welch);
    assert.strictEqual(statistics.verdict(group, baseline, ...goal), result);
    assert.strictEqual(statistics.verdict_words(group, baseline, ...goal), words);
  },
};

for (const told of cases) {
  const check = checks[told.function] ?? (() => assert_close(student_t[told.function](...told.arguments), told.result, told.case));
  test(told.case, () => check(told));
}

test("a value that is not there is missing", () => {
  assert.strictEqual(statistics.summarise_group([undefined, null, 1]).missing, 2);
});
