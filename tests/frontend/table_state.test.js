"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { parse_fragment, format_fragment } = require("../../themes/default/static/state.js");
const state = require("../../themes/default/static/table_state.js");

const HOSTILE = ["a,b", "100%", "%2C", "%252C,", "__proto__", "</script>", 'a.b[0] "x" \\ `y`', "x:y", "-a", "🦊,é", "a&b=c#d+e f"];
const empty = () => state.parse_state(() => null);

// The way of a view: into the address, and back from it.
function through_address(view) {
  const values = new Map(state.state_pairs(view).filter(([, text]) => text));
  const read = parse_fragment(format_fragment(values));
  return state.parse_state((name) => read.get(name) ?? null);
}

test("a view of which the address says nothing is the usual one", () => {
  assert.deepStrictEqual(empty(), {
    filter: "", kept_filter: "", sort: [], columns: [], pinned: [], widths: new Map(), hides_constants: false, group: [], statistics: ["mean", "ci"], is_flat: false,
    toggled: new Set(), baseline: "", selected: new Set(), drawn: new Map(),
  });
  assert.ok(state.state_pairs(empty()).every(([, text]) => text === ""));
});

for (const [field, value] of [
  ["filter", "params.`a, b%` > 1 and name ~ '#=&'"],
  ["kept_filter", HOSTILE.join(" ")],
  ["sort", HOSTILE.map((id, place) => ({ id: `params.${id}`, descending: place % 2 === 0 }))],
  ["columns", HOSTILE],
  ["pinned", HOSTILE],
  ["widths", new Map(HOSTILE.map((id, place) => [id, 48 + place]))],
  ["hides_constants", true],
  ["group", ["repeats", ...HOSTILE]],
  ["statistics", ["sd", "max"]],
  ["statistics", ["mean", "ci", "sd", "min", "max"]],
  ["is_flat", true],
  ["toggled", new Set([...HOSTILE, state.join_ids(HOSTILE)])],
  ["baseline", HOSTILE.join("/")],
  ["selected", new Set(HOSTILE.map((id) => `e/${id}`))],
  ["drawn", new Map(HOSTILE.map((id, place) => [`e/${id}`, place % 2 === 0]))],
]) {
  test(`the address keeps ${field} whatever it holds`, () => {
    assert.deepStrictEqual(through_address({ ...empty(), [field]: value }), { ...empty(), [field]: value });
  });
}

test("what the head of a table says is the usual and leaves the address; another baseline, or none, stays", () => {
  const head = { sorted_by: "-acc", baseline: "e/b" };
  const opened = (baseline, own = head) => state.opened_state((name) => (name === "baseline" ? baseline : null), own);
  const address = (view) => Object.fromEntries(state.address_pairs(view, head).filter(([, text]) => text));
  assert.deepStrictEqual([null, "e/c", "none"].map((text) => opened(text).baseline), ["e/b", "e/c", ""]);
  assert.deepStrictEqual([null, "e/c", "none"].map((text) => address(opened(text))), [{}, { baseline: "e/c" }, { baseline: "none" }]);
  assert.deepStrictEqual(opened(null, { sorted_by: "-acc" }).sort, [{ id: "acc", descending: true }]);
  assert.strictEqual(opened("none", { sorted_by: "-acc" }).baseline, "");
});

test("ids with commas and percent signs survive a list", () => {
  assert.deepStrictEqual(state.split_ids(state.join_ids(HOSTILE)), HOSTILE);
  assert.deepStrictEqual([state.split_ids(""), state.split_ids(null)], [[], []]);
  assert.strictEqual(state.join_ids(["a,b", "100%", "%2C"]), "a%2Cb,100%25,%252C"); // as tables/views.py writes them
});

test("a sort reads as people write it", () => {
  assert.deepStrictEqual(state.parse_sort("-metrics.loss%2C mean.last,name"), [{ id: "metrics.loss, mean.last", descending: true }, { id: "name", descending: false }]);
  assert.strictEqual(state.format_sort(state.parse_sort("-mean(metrics.a.best),n")), "-mean(metrics.a.best),n");
});

test("what an address says wrongly is passed over", () => {
  const told = { width: "name:10,id:9000,x:wide,y,:50,ok:99.5", stats: "variance,max", drawn: "a,+,-,+b,-c", constants: "shown", flat: "no" };
  const read = state.parse_state((name) => told[name] ?? null);
  assert.deepStrictEqual(read.widths, new Map([["ok", 99.5]]));
  assert.deepStrictEqual(read.statistics, ["max"]);
  assert.deepStrictEqual(state.parse_state((name) => (name === "stats" ? "variance" : null)).statistics, ["mean", "ci"]);
  assert.deepStrictEqual(read.drawn, new Map([["b", true], ["c", false]]));
  assert.deepStrictEqual([read.hides_constants, read.is_flat], [false, false]);
});

test("a tab is the current one while filter, order, columns and groups are its own", () => {
  const pairs = [["filter", "lr > 1"], ["sort", "-name"]];
  const is_view = (told) => state.is_view((name) => told[name] ?? null, pairs, "-started");
  assert.ok(is_view({ filter: "lr > 1", sort: "-name" }));
  assert.ok(is_view({ filter: "lr > 1", sort: "-name", selected: "e/a", width: "name:50" }));
  assert.ok(!is_view({ filter: "lr > 1" }));
  assert.ok(!is_view({ filter: "lr > 1", sort: "-name", group: "repeats" }));
  assert.ok(state.is_view(() => null, [], "-started"));
  assert.ok(state.is_view(() => null, [["sort", "-started"]], "-started"));
});

const ACC = { id: "acc", descending_first: true };
const NAME = { id: "name", descending_first: false };

test("the first click on a metric shows the best first, the second turns round", () => {
  const first = state.next_sort([], ACC, false);
  assert.deepStrictEqual([first, state.next_sort(first, ACC, false)].map(state.format_sort), ["-acc", "acc"]);
});

test("a click with shift adds a column and turns it on the next", () => {
  const both = state.next_sort(state.next_sort([], ACC, false), NAME, true);
  assert.strictEqual(state.format_sort(both), "-acc,name");
  assert.strictEqual(state.format_sort(state.next_sort(both, NAME, true)), "-acc,-name");
  assert.strictEqual(state.format_sort(state.next_sort(both, ACC, true)), "acc,name");
  assert.strictEqual(state.format_sort(state.next_sort(both, NAME, false)), "-name");
});

test("a chosen column stands behind the last of its kind, and leaves again", () => {
  const [name, acc, loss, started] = [["name", "run"], ["acc", "metric"], ["loss", "metric"], ["started", "run"]].map(([id, group]) => ({ id, group }));
  assert.deepStrictEqual(state.toggle_column([name, acc, started], loss), [name, acc, loss, started]);
  assert.deepStrictEqual(state.toggle_column([name, acc, loss], acc), [name, loss]);
  assert.deepStrictEqual(state.toggle_column([started], acc), [started, acc]);
});

test("a column is moved among the others, never before the name", () => {
  const ids = ["name", "a", "b", "c"];
  assert.deepStrictEqual(state.move_column(ids, "a", 1), ["name", "b", "a", "c"]);
  assert.deepStrictEqual(state.move_column(ids, "c", -1), ["name", "a", "c", "b"]);
  assert.deepStrictEqual(state.move_column(ids, "c", -9), ["name", "c", "a", "b"]);
  assert.deepStrictEqual(state.move_column(ids, "a", 9), ["name", "b", "c", "a"]);
});

test("a column that cannot move stays", () => {
  const ids = ["name", "a", "b"];
  for (const [id, by] of [["name", 1], ["a", -1], ["b", 1], ["a", 0], ["gone", 1]]) assert.strictEqual(state.move_column(ids, id, by), ids);
  assert.deepStrictEqual(ids, ["name", "a", "b"]);
});

test("a group is selected whole unless it is already, and then let go whole", () => {
  const some = new Set(["a", "z"]);
  assert.deepStrictEqual(state.toggled_all(some, ["a", "b"]), new Set(["a", "z", "b"]));
  assert.deepStrictEqual(state.toggled_all(new Set(["a", "b", "z"]), ["a", "b"]), new Set(["z"]));
  assert.deepStrictEqual([["a", "z"], ["a", "b"], ["b"]].map((items) => state.share_of(some, items)), [true, null, false]);
  assert.deepStrictEqual(some, new Set(["a", "z"]));
});

test("what is toggled twice is as it was, and the old set is left alone", () => {
  const set = new Set(["a"]);
  assert.deepStrictEqual(state.toggled(set, "__proto__"), new Set(["a", "__proto__"]));
  assert.deepStrictEqual(state.toggled(state.toggled(set, "b"), "b"), set);
  assert.deepStrictEqual([state.toggled(set, "a"), set], [new Set(), new Set(["a"])]);
});

test("columns are neither too narrow nor too wide", () => {
  assert.deepStrictEqual([-5, 48.4, 300.6, 1e9].map(state.clamp_width), [48, 48, 301, 800]);
});
