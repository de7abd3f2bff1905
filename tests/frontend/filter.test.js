"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const NAMES = ["sort_order", "filter_values", "filter_pattern", "filter_tokens", "filter_grammar", "filter_names"];
for (const name of NAMES) require(`../../themes/default/static/${name}.js`);
const { filter_rows } = require("../../themes/default/static/filter_rows.js");
const { complete_filter } = require("../../themes/default/static/filter_hints.js");
const twin = require("../twins/filter.json");
const { FilterError, named_columns, parse_filter, quote_name, unknown_names } = globalThis.runsite;

const IDS = Object.keys(twin.columns);
const column_of = (id) => twin.columns[id];

function rows_of(text, columns = column_of, row_count = twin.row_count) {
  const mask = filter_rows(parse_filter(text), columns, row_count);
  return [...mask.keys()].filter((row) => mask[row]);
}

function error_of(text) {
  try {
    parse_filter(text);
  } catch (error) {
    return error;
  }
  return assert.fail(`no error: ${text}`);
}

for (const { filter, rows } of twin.cases) {
  test(`rows of ${filter}`, () => assert.deepStrictEqual(rows_of(filter), rows));
}

for (const { filter, start, end, problem } of twin.errors) {
  test(`error of ${filter.slice(0, 80)}`, () => {
    const error = error_of(filter);
    assert.ok(error instanceof FilterError && error instanceof Error, error.stack);
    assert.deepStrictEqual([error.start, error.end, error.problem], [start, end, problem]);
    assert.strictEqual(error.message, `filter, at character ${start + 1}: ${problem}`);
  });
}

for (const { filter, names } of twin.unknown) {
  test(`unknown names of ${filter}`, () => {
    const found = unknown_names(parse_filter(filter), IDS);
    assert.deepStrictEqual(found.map(({ name, start, end, nearest }) => [name, start, end, nearest]), names);
  });
}

test("every column can be named", () => {
  for (const id of [...IDS, "params.", "params.and", "tags.a``b", "metrics.a.best.best", "metrics.`.at best of x.y"]) {
    const filter = parse_filter(`${quote_name(id)} is null`);
    assert.deepStrictEqual(unknown_names(filter, new Set([...IDS, id])), []);
    assert.deepStrictEqual([...named_columns(filter, [...IDS, id])], [id]);
  }
});

test("plain words read name and id", () => {
  assert.deepStrictEqual([...named_columns(parse_filter("brave and lr > 1"), IDS)].sort(), ["id", "name", "params.lr"]);
});

// A generator whose numbers are the same in every run (mulberry32).
function seeded(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("garbage raises a FilterError or nothing", () => {
  const random = seeded(7);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const pieces = ["(", ")", ",", "'", '"', "`", "=", "!=", "~", " ", " ", "and ", "or ", "not ", "in ", "is ", "null", "like "];
  pieces.push("lr", "metrics.", "params.`a`", "'x'", "1e-3", "2026-01-01", "😀", "\ud83d", "\u2028", "\\", "[", "*", "%", "duration", "nan");
  for (let round = 0; round < 20000; round += 1) {
    const text = Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(pieces)).join("");
    try {
      const mask = filter_rows(parse_filter(text), column_of, twin.row_count);
      assert.ok(mask.every((passes) => passes === 0 || passes === 1));
    } catch (error) {
      assert.ok(error instanceof FilterError, `${JSON.stringify(text)}: ${error.stack}`);
      assert.ok(0 <= error.start && error.start <= error.end && error.end <= text.length, text);
      assert.ok(!/[\n\r\u2028\u2029]/.test(error.message), text);
    }
    const hints = complete_filter(text, Math.floor(random() * (text.length + 1)), IDS);
    assert.ok(hints.length <= 12 && hints.every(({ start, end }) => start <= end && end <= text.length));
  }
});

test("garbage in a pattern is refused or compiles", () => {
  const random = seeded(11);
  const pieces = [..."()[]{}*+?.^$|\\-,:=!abzAZ09_/ dDwWsSbBtnrfv😀é", "(?:", "(?!", "(?i)", "{2}", "{1,3}", "\\d", "[^", "a-z"];
  for (let round = 0; round < 20000; round += 1) {
    const pattern = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pieces[Math.floor(random() * pieces.length)]).join("");
    try {
      rows_of(`name ~ '${pattern}'`);
    } catch (error) {
      assert.ok(error instanceof FilterError, `${pattern}: ${error.stack}`);
    }
  }
});

const HINT_IDS = ["name", "id", "status", "params.lr", "params.a b", "metrics.val/acc.best", "metrics.val/acc.last", "tags.team"];
const hints_of = (text, caret = text.length) => complete_filter(text, caret, HINT_IDS);
const inserts_of = (text, caret) => hints_of(text, caret).map((hint) => hint.insert);

test("columns are suggested where a condition may begin", () => {
  assert.deepStrictEqual(inserts_of("sta"), ["status"]);
  assert.deepStrictEqual(inserts_of("lr > 1 and ac"), ["metrics.val/acc.best", "metrics.val/acc.last"]);
  assert.deepStrictEqual(inserts_of("(params.a"), ["params.`a b`"]);
  assert.strictEqual(inserts_of("").length, 9);
});

test("a name in quotes that are still open is suggested whole", () => {
  const hints = hints_of("status = failed and metrics.`val");
  assert.deepStrictEqual(hints.map(({ insert, start, end }) => [insert, start, end]), [
    ["metrics.val/acc.best", 20, 32],
    ["metrics.val/acc.last", 20, 32],
  ]);
});

test("a suggestion takes the place of the whole name around the caret", () => {
  const [hint] = hints_of("status = failed", 3);
  assert.deepStrictEqual(hint, { insert: "status", start: 0, end: 6, label: "status" });
});

test("operators follow a name, and joining words a condition", () => {
  assert.deepStrictEqual(inserts_of("params.lr >"), [">="]);
  assert.deepStrictEqual(inserts_of("params.lr n"), ["not in", "not like", "not ilike"]);
  assert.deepStrictEqual(inserts_of("lr ").slice(0, 3), ["=", "!=", "<"]);
  assert.deepStrictEqual(inserts_of("lr > 2 a"), ["and"]);
  assert.deepStrictEqual(inserts_of("(lr > 2 "), ["and", "or", ")"]);
  assert.deepStrictEqual(inserts_of("lr is "), ["null", "not null"]);
  assert.deepStrictEqual(inserts_of("lr in "), ["("]);
});

test("nothing is suggested within a text or where a value stands", () => {
  assert.deepStrictEqual(inserts_of("name = 'sta"), []);
  assert.deepStrictEqual(inserts_of("lr > "), []);
});
