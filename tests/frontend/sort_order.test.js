"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { rank_rows, sort_rows } = require("../../themes/default/static/sort_order.js");
const cases = require("../twins/sort_order.json");

for (const { case: sentence, kind, values, ascending, descending } of cases) {
  test(sentence, () => {
    const ranked = rank_rows(values, kind);
    assert.deepStrictEqual([...sort_rows(values.length, [{ ranked, descending: false }])], ascending);
    assert.deepStrictEqual([...sort_rows(values.length, [{ ranked, descending: true }])], descending);
  });
}

test("a second column orders what the first leaves equal", () => {
  const first = rank_rows(["b", "a", "b", "a"], "text");
  const second = rank_rows([1, 2, 3, null], "number");
  const keys = [{ ranked: first, descending: false }, { ranked: second, descending: true }];
  assert.deepStrictEqual([...sort_rows(4, keys)], [1, 3, 2, 0]);
});
