// Which rows of a run table a filter lets through; tables/filter_rows.py is its twin and holds the policy.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { WORD_COLUMNS, is_in_milliseconds, resolve_path } = runsite.filter_names;
  const { compile_like, compile_regex } = runsite.filter_pattern;
  const { moment_text, read_digits, read_duration, read_moment, read_number } = runsite.filter_values;
  const LARGE_INTEGER = /^-?[0-9]{16,300}$/;
  const NUMBER_WORDS = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);
  const BOOLEANS = new Map([["true", true], ["false", false]]);
  // `==` is meant: it compares a number with a BigInt to the last digit.
  const COMPARE = {
    "=": (a, b) => a == b,
    "!=": (a, b) => a != b,
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
  };
  // Where more than this many texts differ they hardly repeat, and a large map takes longer than a test.
  const MAX_KNOWN = 2000;
  const RANKED_AT_ONCE = 24;
  // Names in lower case for each array of values: the search box asks again at every key.
  const lowered_values = new WeakMap();

  // 1 for each row that passes. `column_of(id)` gives {values, kind}, or undefined for a column there is not.
  function filter_rows(filter, column_of, row_count) {
    if (filter.root === null) return new Uint8Array(row_count).fill(1);
    return mask_of(filter.root, column_of, row_count);
  }

  function mask_of(node, column_of, row_count) {
    if (node.type === "comparison") return comparison_mask(node, column_of, row_count);
    if (node.type === "words") return words_mask(node.texts, WORD_COLUMNS.map(column_of).filter(Boolean), row_count);
    if (node.type === "not") {
      const mask = mask_of(node.item, column_of, row_count);
      for (let row = 0; row < row_count; row += 1) mask[row] ^= 1;
      return mask;
    }
    const [mask, ...others] = node.items.map((item) => mask_of(item, column_of, row_count));
    for (const other of others) {
      if (node.type === "and") for (let row = 0; row < row_count; row += 1) mask[row] &= other[row];
      else for (let row = 0; row < row_count; row += 1) mask[row] |= other[row];
    }
    return mask;
  }

  function words_mask(texts, columns, row_count) {
    const mask = new Uint8Array(row_count).fill(1);
    const looked_at = columns.map(lowered);
    for (const word of texts.map((text) => text.toLowerCase())) {
      const found = new Uint8Array(row_count);
      for (const values of looked_at) {
        for (let row = 0; row < row_count; row += 1) if (mask[row] && !found[row] && values[row].includes(word)) found[row] = 1;
      }
      mask.set(found);
    }
    return mask;
  }

  function lowered({ values, kind }) {
    if (!lowered_values.has(values)) {
      lowered_values.set(values, values.map((value) => text_of(value, kind).toLowerCase()));
    }
    return lowered_values.get(values);
  }

  function comparison_mask(node, column_of, row_count) {
    const column = column_of(resolve_path(node.path, (id) => column_of(id) !== undefined));
    const mask = new Uint8Array(row_count);
    const is_null = node.operator === "is null";
    if (!column) return is_null ? mask.fill(1) : mask;
    const { values } = column;
    if (is_null || node.operator === "is not null") {
      // A param that was logged as null is shown as that word.
      const word = column.kind === "param" ? "null" : null;
      for (let row = 0; row < row_count; row += 1) mask[row] = (values[row] === null || values[row] === word) === is_null ? 1 : 0;
      return mask;
    }
    return fill_tested(mask, values, cell_test(node, column));
  }

  // Test each distinct text once, as long as they repeat: a pattern takes longer than a look-up.
  function fill_tested(mask, values, test) {
    const known = new Map();
    for (let row = 0; row < mask.length; row += 1) {
      const value = values[row];
      if (value === null) continue;
      if (typeof value === "number") {
        mask[row] = test(value) ? 1 : 0;
        continue;
      }
      let passes = known.get(value);
      if (passes === undefined) {
        passes = test(value) ? 1 : 0;
        if (known.size < MAX_KNOWN) known.set(value, passes);
      }
      mask[row] = passes;
    }
    return mask;
  }

  function cell_test({ path, operator, values }, column) {
    if (operator.includes("like") || operator.includes("~")) return pattern_test(operator, values[0].text, column.kind);
    const make = (name, value) => value_test(name, value, column, is_in_milliseconds(path));
    if (operator === "in") {
      const tests = values.map((value) => make("=", value));
      return (cell) => tests.some((test) => test(cell));
    }
    if (operator === "not in") {
      const tests = values.map((value) => make("!=", value));
      return (cell) => tests.every((test) => test(cell));
    }
    return make(operator, values[0]);
  }

  function pattern_test(name, pattern, kind) {
    const wanted = !name.startsWith("not") && !name.startsWith("!");
    if (name.includes("~")) {
      const matches = compile_regex(pattern);
      return (cell) => matches(text_of(cell, kind)) === wanted;
    }
    if (name.endsWith("ilike") || kind === "status") {
      const matches = compile_like(pattern.toLowerCase());
      return (cell) => matches(text_of(cell, kind).toLowerCase()) === wanted;
    }
    const matches = compile_like(pattern);
    return (cell) => matches(text_of(cell, kind)) === wanted;
  }

  function value_test(name, value, column, in_milliseconds) {
    const { kind } = column;
    if (kind === "text" || kind === "link" || kind === "status") return text_test(name, value.text, column);
    if (kind === "time") return time_test(name, read_moment(value.text, in_milliseconds));
    const number = kind === "duration" ? read_duration(value.text) : read_number(value.text);
    return mixed_test(name, value, number, column);
  }

  function text_test(name, text, column) {
    if (column.kind === "status") {
      const wanted = text.toLowerCase();
      return (cell) => COMPARE[name](String(cell).toLowerCase(), wanted);
    }
    return name === "=" || name === "!=" ? (cell) => (cell === text) === (name === "=") : text_order_test(name, text, column);
  }

  // Texts in the order of sort_order. It ranks a few at a time beside this one: ranking all would sort the column.
  function text_order_test(name, text, { values }) {
    const places = new Map([[text, 0]]);
    const texts = [...new Set(values)].filter((value) => typeof value === "string" && value !== text);
    for (let start = 0; start < texts.length; start += RANKED_AT_ONCE) {
      const some = [...texts.slice(start, start + RANKED_AT_ONCE), text];
      const { ranks } = runsite.rank_rows(some, "text");
      some.forEach((other, place) => places.set(other, ranks[place] - ranks[some.length - 1]));
    }
    return (cell) => COMPARE[name](places.get(cell), 0);
  }

  function time_test(name, moment) {
    if (moment === null) return () => name === "!=";
    const [start, length] = moment;
    if (!length) return (cell) => compare_numbers(name, number_of(cell), start);
    const end = start + length;
    const within = {
      "=": (time) => start <= time && time < end,
      "!=": (time) => !(start <= time && time < end),
      "<": (time) => time < start,
      "<=": (time) => time < end,
      ">": (time) => time >= end,
      ">=": (time) => time >= start,
    }[name];
    return (cell) => {
      const time = number_of(cell);
      return time !== null && !Number.isNaN(time) && within(time);
    };
  }

  // Compare with cells of any type: numbers, booleans, texts.
  function mixed_test(name, value, number, column) {
    const boolean = BOOLEANS.get(value.text.toLowerCase()) ?? null;
    const is_equality = name === "=" || name === "!=";
    const compare = number === null ? null : COMPARE[name];
    const by_order = is_equality || number !== null ? null : text_order_test(name, value.text, column);
    return (cell) => {
      if (typeof cell === "number" && compare && cell === cell) return compare(cell, number);
      if (typeof cell === "boolean") return equals(name, cell === boolean);
      const own = number_of(cell);
      if (own !== null) return number === null ? name === "!=" && own === own : compare_numbers(name, own, number);
      if (is_equality) return equals(name, is_same_text(cell, value, number, boolean));
      return by_order ? by_order(cell) : compare_numbers(name, read_digits(cell), number);
    };
  }

  const equals = (name, is_equal) => (name === "=" ? is_equal : name === "!=" && !is_equal);

  function is_same_text(cell, value, number, boolean) {
    if (value.is_quoted || (number === null && boolean === null)) return cell === value.text;
    return number === null ? cell.toLowerCase() === value.text.toLowerCase() : read_digits(cell) == number;
  }

  // NaN equals NaN, and nothing else can be said of it.
  function compare_numbers(name, own, other) {
    if (own === null) return false;
    if (own !== own) return name === "=" && other !== other;
    return COMPARE[name](own, other);
  }

  function number_of(cell) {
    if (typeof cell === "number") return cell;
    if (typeof cell !== "string") return null;
    return LARGE_INTEGER.test(cell) ? BigInt(cell) : (NUMBER_WORDS.get(cell) ?? null);
  }

  // A value as LIKE, ~ and plain words see it.
  function text_of(cell, kind) {
    if (cell === null) return "";
    return kind === "time" && typeof cell === "number" ? moment_text(cell) : String(cell);
  }

  runsite.filter_rows = filter_rows;
  if (typeof module !== "undefined") module.exports = { filter_rows };
})();
