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
