"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
const runs = require("../../themes/default/static/charts_runs.js");

const group = (name, count) => ({ name, runs: Array.from({ length: count }, (_, index) => ({ key: `${name}/${index}` })) });
const choose = (...sizes) => runs.choose_groups([], { groups: () => sizes.map((size, place) => group(`g${place}`, size)) });
const names = ({ groups }) => groups.map(({ name }) => name);

test("all groups are drawn where their runs are few", () => {
  const choice = choose(3, 2);
  assert.deepStrictEqual([names(choice), runs.groups_reason(choice)], [["g0", "g1"], "2 groups of the table"]);
  assert.strictEqual(runs.groups_reason(choose(3)), "1 group of the table");
  assert.strictEqual(runs.groups_reason(choose()), null);
});

test("groups that would be too many runs are left out, and the reason says so", () => {
  const choice = choose(50, 50, 50, 50, 50, 50);
  assert.deepStrictEqual([names(choice).length, runs.groups_reason(choice)], [4, "4 of 6 groups of the table; at most 200 runs are loaded"]);
});

test("a group that is too large takes no room from later ones", () => {
  assert.deepStrictEqual(names(choose(150, 100, 50)), ["g0", "g2"]);
  assert.strictEqual(runs.groups_reason(choose(201)), "0 of 1 group of the table; at most 200 runs are loaded");
});

test("beyond the last look a group is left out", () => {
  const choice = choose(...Array(30).fill(2));
  assert.deepStrictEqual([names(choice).length, runs.groups_reason(choice)], [24, "24 of 30 groups of the table; at most 24 groups are drawn"]);
});

test("runs that name their groups are grouped by them, each in its look", () => {
  const named = [{ key: "a", group: "x", group_label: "x (2 of 9 runs)", colour: 1, dash: 0 }, { key: "b", group: "x", group_label: "x (2 of 9 runs)", colour: 1, dash: 0 }, { key: "c", group: "y", colour: 2, dash: 0 }];
  const { groups, found } = runs.choose_groups(named, null);
  assert.deepStrictEqual([groups.map(({ name, look, runs: members }) => [name, look.colour, members.length]), found], [[["x", 1, 2], ["y", 2, 1]], 2]);
  assert.deepStrictEqual(groups.map(({ look }) => look.label), ["x (2 of 9 runs)", undefined]);
});

test("further runs are none of those drawn, and where groups are drawn none of theirs", () => {
  globalThis.runsite.charts.MOST_OTHERS = 100;
  const asked = [];
  const chosen = { further: (most, drawn) => { asked.push([most, drawn && [...drawn]]); return [{ key: "e/a", name: "a" }]; } };
  assert.deepStrictEqual(runs.others_to_draw(10, [], chosen), [{ key: "e/a", name: "a" }]);
  runs.others_to_draw(10, [group("x", 2), group("y", 1)], chosen);
  assert.deepStrictEqual(asked, [[90, undefined], [98, ["x/0", "x/1", "y/0"]]]);
  assert.deepStrictEqual(runs.others_to_draw(10, [], null), []);
});
