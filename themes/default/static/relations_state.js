// Which relation of the runs is charted, as the address holds it, and what stands where it says nothing. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { drawable_columns, varies } = (runsite.relations ??= {});
  const KINDS = ["scatter", "parallel", "importance", "histogram", "best_so_far"];
  const NONE = "none";
  const MAX_USUAL_AXES = 6;

  const parse_scales = (text) => new Map(runsite.table_state.split_ids(text).filter((item) => /^[+-]./.test(item)).map((item) => [item.slice(1), item[0] === "+"]));
  const format_scales = (scales) => runsite.table_state.join_ids([...scales].map(([id, is_log]) => (is_log ? "+" : "-") + id));
  const as_text = [(text) => text ?? "", (text) => text];

  // name in the address -> [field, from text, to text]. Columns stand there by their id; `log` holds "+id" for a scale
  // that is logarithmic and "-id" for one that is not, where the rule would have it otherwise.
  const FIELDS = new Map([
    ["relation", ["kind", (text) => (KINDS.includes(text) ? text : KINDS[0]), (kind) => (kind === KINDS[0] ? "" : kind)]],
    ["relation_x", ["x", ...as_text]],
    ["relation_y", ["y", ...as_text]],
    ["relation_colour", ["colour", ...as_text]],
    ["relation_axes", ["axes", (text) => runsite.table_state.split_ids(text), (ids) => runsite.table_state.join_ids(ids)]],
    ["relation_of", ["of", ...as_text]],
    ["relation_log", ["scales", parse_scales, format_scales]],
  ]);

  // The fragment of an address -> the state: what is charted, and of the table's own view its filter and selection.
  function read_relation_state(fragment) {
    const values = runsite.parse_fragment(fragment);
    const get = (name) => values.get(name) ?? null;
    const { filter, kept_filter, selected } = runsite.table_state.parse_state(get);
    const own = Object.fromEntries([...FIELDS].map(([name, [field, parse]]) => [field, parse(get(name))]));
    return { ...own, filter, kept_filter, selected };
  }

  // The other way: pairs [name, text], the text empty where nothing differs from the usual.
  const relation_pairs = (state) => [...FIELDS].map(([name, [field, , format]]) => [name, format(state[field])]);

  const is_best = ({ column }) => Boolean(column.goal) && column.aggregate === "best" && !column.anchor;

  // The metric that judges the runs, as the table sorts by it; else the first metric that has a goal, else any. It stays
  // the same where all runs agree in it.
  function main_column(table) {
    const drawable = drawable_columns(table).filter(({ column }) => column.group === "metric" && !column.anchor);
    const judged = table.head.sorted_by.replace(/^-/, "");
    return drawable.find(({ column }) => column.id === judged) ?? drawable.find(is_best) ?? drawable.find(varies(table)) ?? drawable[0] ?? null;
  }

  // A metric's best so far needs a direction: the chosen metric's, else the main one's.
  function goal_column(table, { of, main }) {
    const goals = drawable_columns(table).filter(is_best);
    const same = (chosen) => goals.find(({ column }) => chosen?.column.metric === column.metric && chosen.column.group === "metric");
    return same(of) ?? same(main) ?? goals[0] ?? null;
  }

  // Params that vary: those that were chosen, and those that tell repeats apart, such as the seed, a path or an id.
  function params_of(table) {
    const ignored = new Set(table.head.repeats.ignored.map(([param]) => `params.${param}`));
    const params = drawable_columns(table).filter(({ column }) => column.group === "param").filter(varies(table));
    const is_repeat = ({ column }) => ignored.has(column.id);
    return { chosen: params.filter((param) => !is_repeat(param)), repeats: params.filter(is_repeat) };
  }

  // The param of numbers that takes most values: what was swept.
  function swept_param(params) {
    const numeric = params.filter(({ type }) => type === "number");
    const counts = numeric.map(({ column }) => new Set(column.values).size);
    return numeric[counts.indexOf(Math.max(...counts))] ?? null;
  }

  // The columns of a chart: those that the state names, where they can be drawn, else usual ones, which vary if any do.
  // null is none.
  function chosen_columns(table, state) {
    const drawable = drawable_columns(table);
    const find = (id) => drawable.find(({ column }) => column.id === id) ?? null;
    const [main, { chosen: params, repeats }] = [main_column(table), params_of(table)];
    const first = drawable.find(varies(table)) ?? drawable[0] ?? null;
    const x = find(state.x) ?? swept_param(params) ?? params[0] ?? find("started") ?? repeats[0] ?? first;
    const y = find(state.y) ?? main ?? [...params, ...repeats].find((param) => param !== x) ?? first;
    const of = find(state.of) ?? main ?? params[0] ?? first;
    const colour = state.colour === NONE ? null : (find(state.colour) ?? params.find((param) => param !== x && param !== y) ?? null);
    const wanted = state.axes.map(find).filter(Boolean);
    const axes = wanted.length ? wanted : [...[...params, ...repeats].slice(0, MAX_USUAL_AXES), ...(main ? [main] : [])];
    return { x, y, colour, axes: [...new Set(axes)], of, main, goal: goal_column(table, { of, main }) };
  }

  // Whether a column that a state names, or that stands where it names none, has still to be loaded.
  function needs_more(table, state) {
    const named = [state.x, state.y, state.colour, state.of, ...state.axes].map((id) => table.column_of.get(id));
    const { axes, ...others } = chosen_columns(table, state);
    const chosen = [...axes, ...Object.values(others)].map((each) => each?.column);
    return [...named, ...chosen].some((column) => column && !runsite.table_data.is_loaded(table, column));
  }

  const exports = { KINDS, NONE, is_best, read_relation_state, relation_pairs, chosen_columns, needs_more };
  Object.assign(runsite.relations, exports);
  Object.assign((runsite.charts ??= {}), { read_relation_state });
  if (typeof module !== "undefined") module.exports = exports;
})();
