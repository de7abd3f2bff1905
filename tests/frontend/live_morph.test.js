"use strict";
const test = require("node:test");
const assert = require("node:assert");
const { align } = require("../../themes/default/static/live_morph.js");

const letters = (text) => [...text];

test("what both lists have is paired in order, the rest stands alone", () => {
  assert.deepEqual(align(letters("abc"), letters("abc")), [[0, 0], [1, 1], [2, 2]]);
  assert.deepEqual(align(letters("ac"), letters("abc")), [[0, 0], [null, 1], [1, 2]]);
  assert.deepEqual(align(letters("abc"), letters("ac")), [[0, 0], [1, null], [2, 1]]);
  assert.deepEqual(align([], letters("a")), [[null, 0]]);
  assert.deepEqual(align(letters("a"), []), [[0, null]]);
});

test("a row that comes first leaves the others theirs", () => {
  assert.deepEqual(align(letters("bcd"), letters("abcd")), [[null, 0], [0, 1], [1, 2], [2, 3]]);
});

test("applied to the old list, the pairs give the new one", () => {
  for (const [old, fresh] of [["abcde", "xbdyez"], ["aaab", "abaa"], ["abcabc", "cbacba"], ["", ""], ["abc", "xyz"]]) {
    const pairs = align(letters(old), letters(fresh));
    assert.equal(pairs.filter(([, to]) => to !== null).map(([, to]) => fresh[to]).join(""), fresh);
    assert.equal(pairs.filter(([at]) => at !== null).map(([at]) => old[at]).join(""), old);
    for (const [at, to] of pairs) if (at !== null && to !== null) assert.equal(old[at], fresh[to]);
  }
});

test("very long lists are paired by place", () => {
  const old = Array.from({ length: 1000 }, (_, index) => String(index));
  const pairs = align(old, [...old.slice(0, 998), "x", "999", "1000"]);
  assert.deepEqual(pairs.slice(997), [[997, 997], [998, null], [null, 998], [999, 999], [null, 1000]]);
});
