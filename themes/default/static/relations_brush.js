// Ranges chosen on axes, as conditions of the table's filter: reading them from its text, and writing them there. So the
// address carries them, and the filter box and the axes are two hands on one thing. Pure functions.
//
// A range of `lr` is `params.lr >= 0.01 and params.lr <= 0.1`, of texts `params.optimizer in ('adam', 'sgd')`, of runs that
// lack it `params.lr is null`. Such conditions are the axis's where they stand alone or joined by `and`; whatever else the
// filter says is left as it is.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
    const BOUNDS = new Map([[">", "low"], [">=", "low"], ["<", "high"], ["<=", "high"]]);
  const LISTS = ["=", "in"];
  const NON_FINITE = ["nan", "inf", "-inf"];

  // The parts of a filter that `and` joins at its top: texts. One that cannot be read, or has an `or` there, is one part.
  function split_conditions(text) {
    if (!text.trim()) return [];
    let tokens;
    try {
      runsite.parse_filter(text);
      tokens = runsite.filter_tokens.read_tokens(text);
    } catch (problem) {
      if (problem instanceof runsite.filter_tokens.FilterError) return [text.trim()];
      throw problem;
    }
    const [parts, found] = [[], { depth: 0, start: 0 }];
    for (const token of tokens) {
      found.depth += token.kind === "(" ? 1 : token.kind === ")" ? -1 : 0;
      if (found.depth || !["and", "or"].includes(token.keyword)) continue;
      if (token.keyword === "or") return [text.trim()];
      parts.push(text.slice(found.start, token.start).trim());
      found.start = token.end;
    }
    return [...parts, text.slice(found.start).trim()];
  }

  // What one condition says of an axis: {id, low} or {id, high} (numbers), {id, missing: true}, {id, node} for a list of
  // values; null if it is none of these.
  function read_condition(text, has) {
    let filter;
    try {
      filter = runsite.parse_filter(text);
    } catch {
      return null; // the whole of a filter that is still being typed
    }
    const node = filter.root;
    if (node?.type !== "comparison") return null;
    const id = runsite.filter_names.resolve_path(node.path, has);
    if (!has(id)) return null;
    if (node.operator === "is null") return { id, missing: true };
    if (LISTS.includes(node.operator)) return { id, filter };
    const bound = BOUNDS.get(node.operator);
    const number = bound ? bound_number(node, id) : null;
    return number === null || !Number.isFinite(number) ? null : { id, [bound]: number };
  }

  function bound_number({ values: [value] }, id) {
    const { read_duration, read_moment, read_number } = runsite.filter_values;
    if (["started", "ended"].includes(id)) return read_moment(value.text)?.[0] ?? null;
    const number = id === "duration" ? read_duration(value.text) : read_number(value.text);
    return number === null ? null : Number(number);
  }

  // The ranges that a filter holds: axis id -> {low, high, missing, categories (a Set of places) or null, non_finite}.
  function read_brushes(text, axes, has) {
    const brushes = new Map();
    for (const condition of split_conditions(text)) {
      const read = read_condition(condition, has);
      const axis = read && axes.find(({ id }) => id === read.id);
      const brush = axis && brush_of(axis, read);
      if (brush) brushes.set(axis.id, { ...brushes.get(axis.id), ...brush });
    }
    return brushes;
  }

  // A list means the texts of the axis that it lets through; on an axis of numbers only those that are not finite.
  function brush_of(axis, { filter, ...read }) {
    if (!filter) return axis.type === "text" && !read.missing ? null : read;
    if (axis.type === "text") return { categories: passing(filter, axis, axis.categories) };
    return filter.root.values.every(({ text }) => NON_FINITE.includes(text.toLowerCase())) ? { non_finite: true } : null;
  }

  function passing(filter, { column }, cells) {
    const mask = runsite.filter_rows(filter, () => ({ values: cells, kind: column.kind }), cells.length);
    return new Set([...cells.keys()].filter((place) => mask[place]));
  }

  // The filter with an axis's conditions replaced by those of a brush; null takes them away.
  function write_brush(text, axis, brush, has) {
    const others = without_brushes(text, [axis], has);
    const own = brush ? conditions_of(axis, brush) : [];
    if (!own.length) return others.join(" and ");
    const before = others.length === 1 && has_or(others[0]) ? [`(${others[0]})`] : others;
    return [...before, ...own].join(" and ");
  }

  // The conditions of a filter that are no range of these axes.
  function without_brushes(text, axes, has) {
    return split_conditions(text).filter((condition) => {
      const read = read_condition(condition, has);
      const axis = read && axes.find(({ id }) => id === read.id);
      return !axis || !brush_of(axis, read);
    });
  }

  function has_or(text) {
    try {
      return runsite.parse_filter(text).root?.type === "or";
    } catch {
      return false;
    }
  }

  function conditions_of(axis, brush) {
    const name = runsite.quote_name(axis.id);
    if (brush.missing) return [`${name} is null`];
    if (brush.non_finite) return [`${name} in (${NON_FINITE.join(", ")})`];
    if (axis.type === "text") return [list_condition(name, [...brush.categories].sort((a, b) => a - b).map((place) => axis.categories[place]))];
    const words = (number) => (axis.type === "time" ? runsite.filter_values.moment_text(number) : String(number));
    return [
      ...(Number.isFinite(brush.low) ? [`${name} >= ${words(brush.low)}`] : []),
      ...(Number.isFinite(brush.high) ? [`${name} <= ${words(brush.high)}`] : []),
      ...(Number.isFinite(brush.below) ? [`${name} < ${words(brush.below)}`] : []),
    ];
  }

  const quoted = (cell) => (typeof cell === "string" ? `'${cell.replaceAll("'", "''")}'` : String(cell));
  const list_condition = (name, cells) => (cells.length === 1 ? `${name} = ${quoted(cells[0])}` : `${name} in (${cells.map(quoted).join(", ")})`);

  // Bounds that can be read, not finer than the eye: three digits on a log scale, a 500th of a linear one.
  function round_bound(axis, number) {
    if (axis.type === "time") return Math.round(number);
    if (axis.is_log) return Number(number.toPrecision(3));
    const power = Math.floor(Math.log10((axis.greatest - axis.least) / 500 || 1));
    const rounded = Math.round(number / 10 ** power);
    return Number((power < 0 ? rounded / 10 ** -power : rounded * 10 ** power).toPrecision(15));
  }

  const exports = { split_conditions, read_brushes, write_brush, without_brushes, round_bound };
  Object.assign((runsite.relations ??= {}), exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
