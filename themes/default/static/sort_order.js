// In which order the values of a table column stand; tables/sort_order.py is its twin and holds the policy.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const NUMERIC_KINDS = new Set(["number", "time", "duration", "param"]);
  const LARGE_INTEGER = /^-?[0-9]{16,300}$/;
  const LONGEST_DIGITS = 0xd7fe;

  const is_digit = (code) => code >= 0x30 && code <= 0x39;

  // Before each run of digits its length, leading zeros apart. A loop, not a pattern: this is half of a sort by names.
  function text_key(value) {
    const text = String(value);
    const lower = text.toLowerCase();
    let [key, done] = ["", 0];
    for (let place = 0; place < lower.length; place += 1) {
      if (!is_digit(lower.charCodeAt(place))) continue;
      const start = place;
      while (lower.charCodeAt(place) === 0x30) place += 1;
      const first = place;
      while (is_digit(lower.charCodeAt(place))) place += 1;
      key += lower.slice(done, start) + "\0" + String.fromCharCode(1 + Math.min(place - first, LONGEST_DIGITS));
      done = first;
    }
    return key + lower.slice(done) + "\0\0" + text;
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

  // The places of distinct values in ascending order.
  function places_in_order(found, is_numeric) {
    const keys = found.map(is_numeric ? value_key : text_key);
    const compare = is_numeric ? (a, b) => compare_keys(keys[a], keys[b]) : (a, b) => (keys[a] < keys[b] ? -1 : Number(keys[a] !== keys[b]));
    const is_ordinary = (value) => value !== null && !(is_numeric && value === "NaN");
    return [...found.keys()].filter((place) => is_ordinary(found[place])).sort(compare);
  }

  // For each row its rank among the distinct values; NaN gets `ordinary`, missing `ordinary + 1`.
  function rank_rows(values, kind) {
    const is_numeric = NUMERIC_KINDS.has(kind);
    return rank_numbers(values, is_numeric) ?? rank_values(values, is_numeric);
  }

  // The ranks of numbers that are none of them texts, null where others are among them: a third of the time of a Map.
  function rank_numbers(values, is_numeric) {
    const is_nan = (value) => is_numeric && value === "NaN";
    const sorted = new Float64Array(values.length);
    let [count, ordinary] = [0, 0];
    for (const value of values) {
      if (typeof value === "number") sorted[count++] = value;
      else if (value !== null && !is_nan(value)) return null;
    }
    for (const number of sorted.subarray(0, count).sort()) if (!ordinary || number !== sorted[ordinary - 1]) sorted[ordinary++] = number;
    const ranks = new Uint32Array(values.length);
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row];
      ranks[row] = typeof value === "number" ? place_among(sorted, ordinary, value) : ordinary + (value === null ? 1 : 0);
    }
    return { ranks, ordinary };
  }

  function place_among(sorted, end, number) {
    let [low, high] = [0, end - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Each distinct value is compared once: most columns repeat themselves.
  function rank_values(values, is_numeric) {
    const [known, found, places] = [new Map(), [], new Uint32Array(values.length)];
    for (let row = 0; row < values.length; row += 1) {
      let place = known.get(values[row]);
      if (place === undefined) known.set(values[row], (place = found.push(values[row]) - 1));
      places[row] = place;
    }
    const rank_of = new Uint32Array(found.length);
    let [ordinary, previous] = [0, undefined];
    for (const place of places_in_order(found, is_numeric)) {
      const is_same = ordinary && is_numeric && same_number(found[place], previous);
      rank_of[place] = is_same ? ordinary - 1 : ordinary++;
      previous = found[place];
    }
    if (is_numeric && known.has("NaN")) rank_of[known.get("NaN")] = ordinary;
    if (known.has(null)) rank_of[known.get(null)] = ordinary + 1;
    return { ranks: places.map((place) => rank_of[place]), ordinary };
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

  // Sort by several columns, the most telling first: [{ranked, descending}, …]. Equal rows keep the order of `start`.
  function sort_rows(row_count, sort_keys, start = null) {
    let order = start ?? new Uint32Array(row_count).map((_, row) => row);
    for (const { ranked, descending } of [...sort_keys].reverse()) order = sort_by_rank(order, ranked, descending);
    return order;
  }

  const exports = { rank_rows, sort_rows };
  Object.assign(runsite, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
