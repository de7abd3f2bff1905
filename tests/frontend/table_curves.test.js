"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { runs_table } = require("./tables.js");
const { drawn_looks, TableCurves } = require("../../themes/default/static/table_curves.js");

const USUAL = new Map([["e/a", { colour: 0, dash: 0 }], ["e/b", { colour: 1, dash: 0 }]]);
const looks = (...drawn) => [...drawn_looks(USUAL, new Map(drawn))].map(([key, { colour, dash }]) => `${key} ${colour} ${dash}`);

function curves() {
  const table = runs_table(["a", "b", "c", "mute"], {}, { drawn: [["e/a", 0, 0], ["e/b", 1, 0]], without_series: [3] });
  return new TableCurves(table, (row) => `../${table.link(row)}`);
}

test("without a wish the usual runs are drawn as usual", () => {
  assert.deepStrictEqual(looks(), ["e/a 0 0", "e/b 1 0"]);
});

test("a hidden run leaves its look to the next, the others keep theirs", () => {
  assert.deepStrictEqual(looks(["e/a", false]), ["e/b 1 0"]);
  assert.deepStrictEqual(looks(["e/a", false], ["e/c", true]), ["e/b 1 0", "e/c 0 0"]);
});

test("a further run gets the first look that is free", () => {
  assert.deepStrictEqual(looks(["e/c", true], ["e/d", true]), ["e/a 0 0", "e/b 1 0", "e/c 2 0", "e/d 3 0"]);
  assert.deepStrictEqual(looks(["e/a", true]), ["e/a 0 0", "e/b 1 0"]);
});

test("twenty-four looks differ, further runs are grey", () => {
  const many = Array.from({ length: 24 }, (_, place) => [`e/r${place}`, true]);
  const found = [...drawn_looks(USUAL, new Map(many)).values()];
  assert.strictEqual(new Set(found.slice(0, 24).map(({ colour, dash }) => `${colour} ${dash}`)).size, 24);
  assert.deepStrictEqual(found[8], { colour: 0, dash: 1 });
  assert.deepStrictEqual(found.slice(24), [{ colour: null, dash: 0 }, { colour: null, dash: 0 }]);
});

test("names of the language are runs like others", () => {
  const drawn = new Map([["__proto__", true], ["constructor", true]]);
  assert.deepStrictEqual([...drawn_looks(new Map(), drawn).keys()], ["__proto__", "constructor"]);
});

test("what agrees with the rule is not said", () => {
  const once = curves().toggled(new Map(), "e/a");
  assert.deepStrictEqual(once, new Map([["e/a", false]]));
  assert.deepStrictEqual(curves().toggled(once, "e/a"), new Map());
  const other = curves().toggled(once, "e/c");
  assert.deepStrictEqual(other, new Map([["e/a", false], ["e/c", true]]));
  assert.deepStrictEqual(curves().toggled(other, "e/c"), once);
});

test("only some runs are drawn by hiding the usual others", () => {
  assert.deepStrictEqual(curves().only(new Set(["e/b", "e/c"])), new Map([["e/a", false], ["e/c", true]]));
  assert.deepStrictEqual(curves().only(new Set(["e/a", "e/b"])), new Map());
  assert.deepStrictEqual(curves().only(new Set()), new Map([["e/a", false], ["e/b", false]]));
});

// What charts are told: the event's name, and what stands in `runsite.drawn` then.
function told(act) {
  const events = [];
  const { document, CustomEvent } = globalThis;
  globalThis.document = { dispatchEvent: (event) => events.push(event) };
  globalThis.CustomEvent = class { constructor(type, { detail } = {}) { Object.assign(this, { type, detail }); } };
  try {
    act();
  } finally {
    Object.assign(globalThis, { document, CustomEvent });
  }
  return { events: events.map(({ type, detail }) => [type, detail]), drawn: globalThis.runsite.drawn };
}

test("charts are told which runs are drawn, where their curves lie, and how they look", () => {
  const shown = curves();
  const { events, drawn } = told(() => shown.draw(new Map([["e/b", false], ["e/c", true], ["e/mute", true], ["e/gone", true]])));
  assert.deepStrictEqual(events, [["runsite:drawn", undefined]]);
  assert.strictEqual(drawn.is_usual, false);
  assert.deepStrictEqual(drawn.runs[1], {
    key: "e/c", name: "c", href: "../experiments/e/runs/c-1/index.html", series: "../experiments/e/runs/c-1/series.js", colour: 1, dash: 0,
  });
  assert.deepStrictEqual(drawn.runs.map(({ key, series }) => [key, Boolean(series)]), [["e/a", true], ["e/c", true], ["e/mute", false]]);
  assert.deepStrictEqual([shown.look_of("e/c"), shown.look_of("e/b")], [{ colour: 1, dash: 0, is_drawn: true }, { is_drawn: false }]);
});

test("a view without a wish is the usual one for charts", () => {
  assert.strictEqual(told(() => curves().draw(new Map())).drawn.is_usual, true);
  assert.strictEqual(told(() => curves().draw(new Map([["e/gone", true]]))).drawn.is_usual, true);
});

test("charts lift the run under the pointer, and none for a group", () => {
  const { events } = told(() => [2, -1, null].forEach((line) => curves().lift(line)));
  assert.deepStrictEqual(events, [["runsite:lift", "e/c"], ["runsite:lift", null], ["runsite:lift", null]]);
});

const SEEDS = { repeats: ["ka", "ka", "kb", "kb", "kc"], without_series: [1], status: ["finished", "finished", "finished", "finished", "failed"] };

function seeded(more = {}, arranged) {
  const table = runs_table(["a0", "a1", "b0", "b1", "c0"], {}, { drawn: [["e/b0", 0, 0]], ...SEEDS, ...more });
  const shown = new TableCurves(table, (row) => `../${table.link(row)}`, arranged && (() => arranged(table)));
  return told(() => shown.draw(new Map())).drawn;
}

test("further runs are those of the table, in its order, that have curves and are not drawn", () => {
  const names = (drawn, most) => drawn.further(most).map(({ name, colour }) => [name, colour]);
  assert.deepStrictEqual(names(seeded(), 9), [["a0", null], ["b1", null], ["c0", null]]);
  assert.deepStrictEqual(names(seeded(), 1), [["a0", null]]);
  assert.deepStrictEqual(seeded().further(9, new Set(["e/a0", "e/c0"])).map(({ name }) => name), ["b0", "b1"]);
  assert.deepStrictEqual(names(seeded({}, () => ({ order: [4, 2, 0], groups: null })), 9), [["c0", null], ["a0", null]]);
});

test("without groups in the table, repeats that finished make the bands", () => {
  const drawn = seeded();
  assert.ok(drawn.has_groups());
  assert.deepStrictEqual(drawn.groups().map(({ runs }) => runs.map(({ name }) => name)), [["a0"], ["b0", "b1"]]);
  assert.ok(!seeded({ repeats: ["1", "2", "3", "4", "5"] }).has_groups());
  assert.ok(!seeded({ status: ["finished", "failed", "finished", "failed", "failed"] }).has_groups());
});

test("the groups of the table make the bands, and two of one label are told apart", () => {
  const groups = [{ label: "lr 1", averaged: [0, 2] }, { label: "lr 1", averaged: [3] }, { label: "none", averaged: [] }];
  const drawn = seeded({}, () => ({ order: [0, 1, 2, 3, 4], groups }));
  assert.deepStrictEqual(drawn.groups().map(({ name, runs }) => [name, runs.map((run) => run.name)]), [["lr 1", ["a0", "b0"]], ["lr 1 (2)", ["b1"]]]);
});

test("runs drawn that the filter leaves out are counted, whoever chose them", () => {
  const filtered = (mask, drawn) => {
    const table = runs_table(["a", "b", "c", "mute"], {}, { drawn: [["e/a", 0, 0], ["e/b", 1, 0]], without_series: [3] });
    const order = [2, 1, 0, 3].filter((row) => !mask || mask[row]);
    const shown = new TableCurves(table, (row) => `../${table.link(row)}`, () => ({ order, groups: null, mask }));
    const said = told(() => shown.draw(new Map(drawn))).drawn;
    return [said.left_out(), said.found(2)];
  };

  assert.deepStrictEqual(filtered(null, []), [0, ["e/c", "e/b"]]);
  assert.deepStrictEqual(filtered([1, 1, 0, 0], []), [0, ["e/b", "e/a"]]);
  assert.deepStrictEqual(filtered([0, 1, 0, 0], []), [1, ["e/b"]]);
  assert.deepStrictEqual(filtered([0, 0, 0, 1], [["e/c", true], ["e/gone", true]]), [3, []]);
  assert.deepStrictEqual(filtered([0, 1, 1, 1], [["e/a", false]]), [0, ["e/c", "e/b"]]);
});
