"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
require("../../themes/default/static/format.js");
const clock = require("../../themes/default/static/clock.js");

test("a run without an end is stalled from the moment that Python names", () => {
  assert.strictEqual(clock.judge_status("running", 1600, 1600), "running");
  assert.strictEqual(clock.judge_status("running", 1600, 1600.5), "stalled");
  assert.strictEqual(clock.judge_status("running", null, 1e10), "running");
  assert.strictEqual(clock.judge_status("killed", 1600, 1e10), "killed");
});

test("ago is told in the largest unit", () => {
  const told = [0, 59, 60, 3599, 3600, 86399, 86400, 700000].map(clock.format_ago);
  assert.deepStrictEqual(told, ["just now", "just now", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "1 d ago", "8 d ago"]);
});

test("a clock that is a little behind still says now", () => {
  assert.strictEqual(clock.format_ago(-30), "just now");
  assert.strictEqual(clock.format_ago(-3000), "");
});

test("what is older than a week is shown as its date", () => {
  assert.strictEqual(clock.time_from_now(1700000000, 1700000000 + 3 * 86400), "3 d ago");
  assert.strictEqual(clock.time_from_now(1700000000, 1700000000 + 8 * 86400), "2023-11-14 22:13 UTC");
  assert.strictEqual(clock.time_from_now(1700009999, 1700000000), "2023-11-15 00:59 UTC");
});

test("runs without an end are counted as running or stalled, those without a time as running", () => {
  assert.deepStrictEqual(clock.count_open("100 300 ?", 200), { running: 2, stalled: 1 });
  assert.deepStrictEqual(clock.count_open("100", 200), { running: 0, stalled: 1 });
});
