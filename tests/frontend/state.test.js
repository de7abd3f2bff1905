"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { receive, load, parse_fragment, format_fragment } = require("../../themes/default/static/state.js");

test("a fragment keeps any name and value", () => {
  const values = new Map([["sort", "-val/acc"], ["x", "a&b=c #1 +%"], ["__proto__", "ä 🦦"]]);
  assert.deepStrictEqual(parse_fragment(format_fragment(values)), values);
});

test("a fragment is written so that it survives in an address", () => {
  assert.strictEqual(format_fragment(new Map([["sort", "-val/acc"]])), "#sort=-val%2Facc");
  assert.strictEqual(format_fragment(new Map()), "");
});

test("a link to a heading stays a bare name", () => {
  assert.deepStrictEqual(parse_fragment("#metrics"), new Map([["metrics", null]]));
  assert.strictEqual(format_fragment(parse_fragment("#metrics&sort=x")), "#metrics&sort=x");
});

test("a torn fragment is read as far as it goes", () => {
  assert.deepStrictEqual(parse_fragment("#a=%E0%A4%A&&=x&b=1&b=2"), new Map([["a", "%E0%A4%A"], ["b", "1"]]));
  assert.deepStrictEqual(parse_fragment(""), new Map());
});

test("data that has arrived needs no loading, and the newest counts", async () => {
  receive("series", "digits/__proto__", { old: true });
  receive("series", "digits/__proto__", { old: false });
  assert.deepStrictEqual(await load("series", "digits/__proto__", "never.js"), { old: false });
});

test("data that comes again is told to who listens", () => {
  const told = [];
  globalThis.runsite.listen((...news) => told.push(news));
  receive("table", "", { row_count: 1 });
  receive("table", "", { row_count: 2 });
  assert.deepStrictEqual(told, [["table", "", { row_count: 1 }], ["table", "", { row_count: 2 }]]);
});

// Sets names of the address that stands there; returns the address it becomes.
function address_after(hash, act) {
  const { location, history } = globalThis;
  let address = null;
  globalThis.location = { hash, pathname: "/runs/", search: "?v=1" };
  globalThis.history = { state: null, replaceState: (_, __, url) => { address = url; } };
  try {
    act(globalThis.runsite.fragment);
  } finally {
    Object.assign(globalThis, { location, history });
  }
  return address;
}

test("several names are set at once, and what is empty leaves the address", () => {
  const pairs = [["sort", "-acc"], ["filter", ""], ["group", null], ["flat", undefined], ["open", "0"]];
  assert.strictEqual(address_after("#filter=x&group=y&flat=yes&charts=z", (fragment) => fragment.set_all(pairs)), "#charts=z&sort=-acc&open=0");
});

test("an address of which nothing is left is the page's own", () => {
  assert.strictEqual(address_after("#filter=x", (fragment) => fragment.set("filter", "")), "/runs/?v=1");
});

test("a name that the address does not hold is nothing", () => {
  address_after("#a=1&b", (fragment) => {
    assert.deepStrictEqual(["a", "b", "c", "__proto__"].map(fragment.get), ["1", null, null, null]);
  });
});
