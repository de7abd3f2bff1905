// What an address says that its page cannot read, or does not know: there a reader sees it, in a file for a paper nobody
// would. Pure functions, each of which hands out the first fault as a sentence, or "".
"use strict";
(() => {
  const { charts, relations, table_lines, table_state } = runsite;

  const LOOK = ["chart", "charts", "find_chart", "pin_charts", "folded", "zoom", "zoom_each", "zoom_y"];
  const ZOOM_OF_ONE = /^zoom:./;
  // name -> the values it can have, of those that are words.
  const WORDS = new Map([
    ["x_scale", ["linear", "log"]], ["y_scale", ["linear", "log"]], ["others", ["grey"]], ["band", charts.BANDS],
    ["zoom_each", ["1"]], ["zoom_y", ["kept"]], ["relation", relations.KINDS],
  ]);
  // Which columns a chart of runs is of: the name that each kind goes by.
  const COLUMNS = {
    scatter: ["relation_x", "relation_y", "relation_colour"], parallel: ["relation_axes"], importance: [], histogram: ["relation_of"], best_so_far: ["relation_of"],
  };

  const names_of = (pairs) => pairs.map(([name]) => name);
  const nothing = () => null;

  // Every name that a page writes into its address.
  const known_names = () => new Set([
    ...LOOK, ...names_of(table_state.state_pairs(table_state.parse_state(nothing))), ...names_of(relations.relation_pairs(relations.read_relation_state(""))),
    ...names_of(charts.chart_pairs(charts.read_chart_state(new Map()))), ...names_of(runsite.compare_state.state_pairs(runsite.compare_state.parse_state(nothing))),
  ]);

  // One that is nearly meant, as y_scale is by scale_y.
  const letters_of = (name) => [...name].sort().join("");
  const nearest_of = (name, known) => [...known].find((other) => letters_of(other) === letters_of(name));

  const listed = (words) => `${words.slice(0, -1).join(", ")}${words.length > 1 ? " or " : ""}${words.at(-1)}`;
  const told = (name, value, problem, advice = "; mend it or leave it out") => `the address has ${name}=${String(value).replaceAll(/\s+/g, " ")}, ${problem}${advice}`;
  const meant = (nearest) => (nearest ? `; did you mean ${nearest}?` : undefined);

  function name_fault([name, value], known) {
    if (value === null || known.has(name) || ZOOM_OF_ONE.test(name)) return "";
    return told(name, value, "which no page knows", meant(nearest_of(name, known)));
  }

  const is_zoom = (name) => name === "zoom" || ZOOM_OF_ONE.test(name);

  // What is wrong with a value whatever the page shows.
  function value_fault([name, value]) {
    if (!value) return "";
    const words = WORDS.get(name);
    if (words && !words.includes(value)) return told(name, value, `which is not ${listed(words)}`);
    if (name === "x" && charts.read_chart_state(new Map([["x", value]])).x === null) return told(name, value, "which is not step, relative, wall or metric:NAME");
    if (name === "smooth" && !charts.parse_smoothing(value)) return told(name, value, `which is no method and width as ema:2; the methods are ${listed(charts.SMOOTHING_METHODS)}, widths are per cent of the axis from 0.1 to 50`);
    return is_zoom(name) && !charts.parse_window(value) ? told(name, value, "which is no FROM:TO of two numbers") : "";
  }

  // What an address says of its own, whatever the site holds.
  function address_fault(values) {
    const known = known_names();
    return [...values].map((pair) => name_fault(pair, known) || value_fault(pair) || (pair[0] === "filter" ? filter_fault(pair[1]) : "")).find(Boolean) ?? "";
  }

  // `ids` are those of the table's columns; without a table any name may be meant.
  function filter_fault(text, ids = null) {
    try {
      const filter = runsite.parse_filter(text ?? "");
      const [unknown] = ids ? runsite.unknown_names(filter, ids) : [];
      return unknown ? told("filter", text, `but no run has ${unknown.name}`, meant(unknown.nearest)) : "";
    } catch (problem) {
      if (!(problem instanceof runsite.filter_tokens.FilterError)) throw problem;
      return told("filter", text, `which cannot be read at character ${problem.start + 1}: ${problem.problem}`);
    }
  }

  const NEEDS_TABLE = ["filter", "sort", "group", "drawn", "selected"];
  const needs_table = (values) => NEEDS_TABLE.some((name) => values.get(name));

  // What an address says of a run table that has no such column or run.
  function table_fault(values, table) {
    const state = table_state.parse_state((name) => values.get(name) ?? null);
    const filter = filter_fault(state.filter, table.columns.map(({ id }) => id));
    if (filter) return filter;
    // Groups are sorted by how many runs they have, and by statistics of columns: sd(metrics.acc.best).
    const sorted = state.sort.map(({ id }) => id.replace(/^[a-z]+\((.*)\)$/, "$1")).filter((id) => id !== "n");
    const lost = (name, ids, has, problem) => ids.filter((id) => !has(id)).map((id) => told(name, id, problem));
    const is_column = (id) => id === table_lines.REPEATS || table.column_of.has(id);
    const is_run = (key) => table.row_of.has(key);
    return [
      ...lost("sort", sorted, is_column, "but no run has it"), ...lost("group", state.group, is_column, "but no run has it"),
      ...lost("drawn", [...state.drawn.keys()], is_run, "which is no run of this page"), ...lost("selected", [...state.selected], is_run, "which is no run of this page"),
    ][0] ?? "";
  }

  // What an address says of the columns of a chart of runs, all of which have been loaded.
  function relation_fault(values, table) {
    const { kind } = relations.read_relation_state(runsite.format_fragment(values));
    const drawable = new Set(relations.drawable_columns(table).map(({ column }) => column.id));
    const ids_of = (name) => (name === "relation_axes" ? table_state.split_ids(values.get(name) ?? "") : [values.get(name) ?? ""]);
    const is_fine = (name, id) => !id || drawable.has(id) || (name === "relation_colour" && id === relations.NONE);
    const [fault] = COLUMNS[kind].flatMap((name) => ids_of(name).filter((id) => !is_fine(name, id)).map((id) => [name, id]));
    return fault ? told(...fault, table.column_of.has(fault[1]) ? "which no chart can be drawn of" : "but no run has it") : "";
  }

  const exports = { address_fault, needs_table, table_fault, relation_fault };
  globalThis.figure_address = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
