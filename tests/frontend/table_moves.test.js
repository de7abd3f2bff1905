// Where keys and the pointer lead in a run table.
"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { next_place } = require("../../themes/default/static/table_keys.js");
const { places_moved } = require("../../themes/default/static/table_pointer.js");

const HEADER = -1;
const SIZE = { lines: 100, columns: 5, page: 20 };
const to = (place, key, more = {}) => next_place(place, { key, ...more }, SIZE);

test("arrows go to the next cell, from the header into the rows and back", () => {
  assert.deepStrictEqual(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => to([7, 2], key)), [[6, 2], [8, 2], [7, 1], [7, 3]]);
  assert.deepStrictEqual(to([0, 2], "ArrowUp"), [HEADER, 2]);
  assert.deepStrictEqual(to([HEADER, 2], "ArrowDown"), [0, 2]);
});

test("nothing leads out of the table", () => {
  assert.deepStrictEqual(to([HEADER, 0], "ArrowUp"), [HEADER, 0]);
  assert.deepStrictEqual(to([99, 4], "ArrowDown"), [99, 4]);
  assert.deepStrictEqual(to([3, 0], "ArrowLeft"), [3, 0]);
  assert.deepStrictEqual(to([3, 4], "ArrowRight"), [3, 4]);
});

test("a page is as long as what is in sight", () => {
  assert.deepStrictEqual([to([50, 1], "PageUp"), to([50, 1], "PageDown")], [[30, 1], [70, 1]]);
  assert.deepStrictEqual([to([5, 1], "PageUp"), to([95, 1], "PageDown")], [[HEADER, 1], [99, 1]]);
});

test("home and end lead to the ends of the row, with control of the table", () => {
  assert.deepStrictEqual([to([7, 2], "Home"), to([7, 2], "End")], [[7, 0], [7, 4]]);
  assert.deepStrictEqual([to([7, 2], "Home", { ctrlKey: true }), to([7, 2], "End", { ctrlKey: true })], [[HEADER, 0], [99, 4]]);
});

test("other keys lead nowhere", () => {
  for (const key of ["a", "Enter", "Tab", "Escape", " ", "F10"]) assert.strictEqual(to([1, 1], key), null, key);
});

test("a table without rows has its header alone", () => {
  const empty = { lines: 0, columns: 3, page: 20 };
  for (const key of ["ArrowDown", "PageDown", "End"]) assert.strictEqual(next_place([HEADER, 1], { key, ctrlKey: true }, empty)[0], HEADER);
});

const EDGES = [[0, 100], [100, 200], [200, 300], [300, 400]];

test("a column dropped where it is stays", () => {
  for (const x of [201, 250, 299]) assert.strictEqual(places_moved(EDGES, 2, x), 0);
});

test("a column moves past another once it is beyond its middle", () => {
  assert.deepStrictEqual([340, 360].map((x) => places_moved(EDGES, 2, x)), [0, 1]);
  assert.deepStrictEqual([160, 140].map((x) => places_moved(EDGES, 2, x)), [0, -1]);
  assert.deepStrictEqual([240, 260, 340, 360].map((x) => places_moved(EDGES, 1, x)), [0, 1, 1, 2]);
});

test("a column dropped outside the table goes to its end", () => {
  assert.strictEqual(places_moved(EDGES, 1, 9999), 2);
  assert.strictEqual(places_moved(EDGES, 2, -9999), -2);
});
