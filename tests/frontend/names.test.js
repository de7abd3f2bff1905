"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { told_apart } = require("../../themes/default/static/names.js");

test("long names in a legend are told by what differs in them", () => {
  const long = (...parts) => parts.map((part) => `resnet50-imagenet-augmentation-${part}-final-v2`);
  assert.deepStrictEqual(told_apart(long("cutmix-lr-0.1", "mixup-lr-0.1", "none-lr-0.01")), ["…cutmix-lr-0.1…", "…mixup-lr-0.1…", "…none-lr-0.01…"]);
  const groups = ["width 64 · lr 0.1 · augment none", "width 64 · lr 0.3 · augment none"];
  assert.deepStrictEqual(told_apart(groups), ["…lr 0.1…", "…lr 0.3…"]);
  for (const kept of [["a", "b"], long("a"), long("a", "a"), [...groups, "width 16 · lr 0.3 · augment shift"], ["x".repeat(40), "y".repeat(40)]]) assert.deepStrictEqual(told_apart(kept), kept);
});
