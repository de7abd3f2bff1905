// In which order the values of a table column stand; tables/sort_order.py is its twin and holds the policy.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const NUMERIC_KINDS = new Set(["number", "time", "duration", "param"]);
  const LARGE_INTEGER = /^-?[0-9]{16,300}$/;
  const LONGEST_DIGITS = 0xd7fe;

  function digits_key(found) {
    const digits = found.replace(/^0+/, "");
    return "\0" + String.fromCharCode(1 + Math.min(digits.length, LONGEST_DIGITS)) + digits;
  }

  function text_key(value) {
    const text = String(value);
    return text.toLowerCase().replace(/[0-9]+/g, digits_key) + "\0\0" + text;
  }

  // [rank of its type, what is compared within it]; numbers beyond 2^53 also as a BigInt.
  function value_key(value) {
    if (typeof value === "boolean") return [3, Number(value)];
    if (typeof value === "number") return [1, value];
    if (value === "-Infinity") return [0, 0];
    if (value === "Infinity") return [2, 0];
    if (LARGE_INTEGER.test(value)) return [1, Number(value), BigInt(value)];
    return [4, text_key(value)];
  }

  const exactly = (key) => key[2] ?? BigInt(key[1]);

  function compare_keys(a, b) {
    if (a[0] !== b[0]) return a[0] - b[0];
    if (a[1] < b[1]) return -1;
    if (a[1] > b[1]) return 1;
    if (a[2] === b[2]) return 0;
    return exactly(a) < exactly(b) ? -1 : exactly(a) > exactly(b) ? 1 : 0;
  }

  // Each distinct value once, in ascending order: most columns repeat themselves, and a rank is found by its value.
  function distinct_in_order(values, is_numeric) {
    const distinct = new Set(values);
    distinct.delete(null);
    if (is_numeric) distinct.delete("NaN");
    const found = [...distinct];
    if (found.every((value) => typeof value === "number")) return Float64Array.from(found).sort();
    const keys = found.map(is_numeric ? value_key : (value) => [4, text_key(value)]);
    return keys.map((_, place) => place).sort((a, b) => compare_keys(keys[a], keys[b])).map((place) => found[place]);
  }

  // For each row its rank among the distinct values; NaN gets `ordinary`, missing `ordinary + 1`.
  function rank_rows(values, kind) {
    const is_numeric = NUMERIC_KINDS.has(kind);
    const distinct = distinct_in_order(values, is_numeric);
    const places = new Map();
    let [ordinary, previous] = [0, undefined];
    for (const value of distinct) {
      if (ordinary && is_numeric && same_number(value, previous)) places.set(value, ordinary - 1);
      else places.set(value, ordinary++);
      previous = value;
    }
    if (is_numeric) places.set("NaN", ordinary);
    places.set(null, ordinary + 1);
    return { ranks: Uint32Array.from(values, (value) => places.get(value)), ordinary };
  }

  // 2^53 as a number and as a text are one value.
  function same_number(a, b) {
    if (typeof a === typeof b && typeof a !== "string") return false;
    const [one, other] = [value_key(a), value_key(b)];
    return one[0] === 1 && other[0] === 1 && compare_keys(one, other) === 0;
  }

  // A stable counting sort of `order` by one column: 2 ms at 100,000 rows, whatever the values.
  function sort_by_rank(order, { ranks, ordinary }, descending) {
    const place_of = (row) => (descending && ranks[row] < ordinary ? ordinary - 1 - ranks[row] : ranks[row]);
    const starts = new Uint32Array(ordinary + 3);
    for (const row of order) starts[place_of(row) + 1] += 1;
    for (let place = 1; place < starts.length; place += 1) starts[place] += starts[place - 1];
    const sorted = new Uint32Array(order.length);
    for (const row of order) sorted[starts[place_of(row)]++] = row;
    return sorted;
  }

  // Sort by several columns, the most telling first: [{ranked, descending}, …].
  function sort_rows(row_count, sort_keys) {
    let order = Uint32Array.from({ length: row_count }, (_, row) => row);
    for (const { ranked, descending } of [...sort_keys].reverse()) order = sort_by_rank(order, ranked, descending);
    return order;
  }

  const exports = { rank_rows, sort_rows };
  Object.assign(runsite, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
