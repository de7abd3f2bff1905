"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { rows_in_window, title_lines, under_one_clip } = require("../../src/runsite/figures/paper_lines.js");

const line = (run, places, part = 1) => places.map((x) => ({ run, x, part }));
const told = (rows) => rows.map(({ run, x, part }) => [run, x, part]);

test("a window keeps what lies in it and one point beyond at both sides", () => {
  const rows = [...line("a", [0, 1, 2, 3, 4, 5, 6]), ...line("b", [0, 9]), ...line("c", [5, 6, 7]), ...line("d", [3])];
  assert.deepStrictEqual(told(rows_in_window(rows, [2.5, 4])), [
    ["a", 2, 1], ["a", 3, 1], ["a", 4, 1], ["a", 5, 1], ["b", 0, 1], ["b", 9, 1], ["d", 3, 1],
  ]);
});

test("a line that leaves the window and comes back is not joined outside of it", () => {
  const rows = rows_in_window(line("a", [1, 5, 6, 7, 2, 1.5]), [0, 3]);
  assert.deepStrictEqual(told(rows), [["a", 1, 1], ["a", 5, 1], ["a", 7, "1/1"], ["a", 2, "1/1"], ["a", 1.5, "1/1"]]);
});

test("lines stand under one clip, behind the points as before", () => {
  const path = (data, update = {}) => ({ type: "group", clip: true, from: { facet: { data } }, marks: [{ type: "line", encode: { update } }] });
  const point = { type: "symbol", from: { data: "best" } };
  const { marks } = under_one_clip({ marks: [path("others", { opacity: { value: 0.4 } }), path("points"), point] });
  assert.deepStrictEqual([marks.length, marks[0].clip, marks[0].marks.length, marks[1]], [2, true, 2, point]);
  assert.deepStrictEqual(marks[0].marks.map(({ clip, marks: [mark] }) => [clip, mark.encode.update]), [[undefined, { strokeOpacity: { value: 0.4 } }], [undefined, {}]]);
});

test("a title breaks between words, and a long word at its signs or else anywhere", () => {
  assert.deepStrictEqual(title_lines("best val/loss so far", 5, 3), ["best", "val/loss", "so far"]);
  assert.deepStrictEqual(title_lines("val/mean_precision_at_0.50", 7, 3), ["val/mean_", "precision_", "at_0.50"]);
  assert.deepStrictEqual(title_lines("mean_at_0.50_x", 5, 9), ["mean_at_", "0.50_x"]);
  assert.deepStrictEqual(title_lines("abcdeghabc", 2.5, 3), ["abcd", "egha", "bc"]);
  assert.deepStrictEqual(title_lines("abcdeghabc", 2.5, 2), ["abcd", "eghabc"]);
  assert.deepStrictEqual(title_lines("WWWW", 2, 9), ["WW", "WW"]);
  assert.deepStrictEqual(title_lines("a \u{1F600}\u{1F600}\u{1F600}", 2.3, 9), ["a", "\u{1F600}\u{1F600}", "\u{1F600}"]);
  assert.deepStrictEqual([title_lines("", 4, 2), title_lines("ab", 0, 2)], [[""], ["a", "b"]]);
});
