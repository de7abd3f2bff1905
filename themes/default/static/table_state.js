// The view of a run table as the address holds it: what is said there is what differs from the table as it came.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { join_ids, split_ids } = typeof module === "undefined" ? runsite : require("./state.js");
  const STATISTICS = ["mean", "ci", "sd", "min", "max"];
  const USUAL_STATISTICS = ["mean", "ci"];
  const [LEAST_WIDTH, MOST_WIDTH] = [48, 800];

  const parse_sort = (text) => split_ids(text).map((id) => ({ id: id.replace(/^-/, ""), descending: id.startsWith("-") }));
  const format_sort = (sort) => join_ids(sort.map(({ id, descending }) => (descending ? "-" : "") + id));

  function parse_widths(text) {
    const pairs = split_ids(text).map((item) => [item.slice(0, item.lastIndexOf(":")), Number(item.slice(item.lastIndexOf(":") + 1))]);
    return new Map(pairs.filter(([id, width]) => id && width >= LEAST_WIDTH && width <= MOST_WIDTH));
  }
  const format_widths = (widths) => join_ids([...widths].map(([id, width]) => `${id}:${width}`));

  // "+a,-b": runs drawn beside those that the rule draws, and runs of these that are hidden.
  const parse_drawn = (text) => new Map(split_ids(text).filter((item) => /^[+-]./.test(item)).map((item) => [item.slice(1), item[0] === "+"]));
  const format_drawn = (drawn) => join_ids([...drawn].map(([key, is_drawn]) => (is_drawn ? "+" : "-") + key));

  const parse_statistics = (text) => {
    const wanted = split_ids(text);
    const known = STATISTICS.filter((name) => wanted.includes(name));
    return known.length ? known : USUAL_STATISTICS;
  };

  // name in the address -> [name in the state, from text, to text]. Runs stand there by `<experiment>/<id>`.
  const FIELDS = new Map([
    ["filter", ["filter", (text) => text ?? "", (filter) => filter]],
    // The last filter that could be read, while the one that is typed cannot.
    ["kept", ["kept_filter", (text) => text ?? "", (filter) => filter]],
    ["sort", ["sort", parse_sort, format_sort]],
    ["columns", ["columns", split_ids, join_ids]],
    ["pin", ["pinned", split_ids, join_ids]],
    ["width", ["widths", parse_widths, format_widths]],
    ["constants", ["hides_constants", (text) => text === "hidden", (hides) => (hides ? "hidden" : "")]],
    ["group", ["group", split_ids, join_ids]],
    ["stats", ["statistics", parse_statistics, (names) => (join_ids(names) === join_ids(USUAL_STATISTICS) ? "" : join_ids(names))]],
    ["flat", ["is_flat", (text) => text === "yes", (is_flat) => (is_flat ? "yes" : "")]],
    ["open", ["toggled", (text) => new Set(split_ids(text)), join_ids]],
    ["baseline", ["baseline", (text) => text ?? "", (key) => key]],
    ["selected", ["selected", (text) => new Set(split_ids(text)), join_ids]],
    ["drawn", ["drawn", parse_drawn, format_drawn]],
  ]);

  // `get` hands out the address's text of a name, null where it says nothing.
  const parse_state = (get) => Object.fromEntries([...FIELDS].map(([name, [field, parse]]) => [field, parse(get(name))]));

  // The other way: pairs [name, text], the text empty where the view is as it came.
  const state_pairs = (state) => [...FIELDS].map(([name, [field, , format]]) => [name, format(state[field])]);

  // What the address says where the settings name a baseline and the reader wants none.
  const NO_BASELINE = "none";

  // The state of a table at an address: what that does not say is as the table's head has it.
  function opened_state(get, { sorted_by, baseline }) {
    const state = parse_state(get);
    if (!state.sort.length) state.sort = parse_sort(sorted_by);
    if (!state.baseline && baseline) state.baseline = baseline;
    if (state.baseline === NO_BASELINE) state.baseline = "";
    return state;
  }

  // The other way: what is as the head has it leaves the address.
  function address_pairs(state, { sorted_by, baseline }) {
    const usual = { sort: sorted_by, baseline: baseline ?? "" };
    return state_pairs(state).map(([name, text]) => [name, text === usual[name] ? "" : text || (usual[name] && NO_BASELINE)]);
  }

  // Whether a view shows all that a tab asks for, and no filter, order, columns or groups beside it.
  const VIEW_NAMES = ["filter", "sort", "columns", "group", "charts"];
  function is_view(get, pairs, sorted_by) {
    const wanted = new Map(pairs);
    const usual = (name) => (name === "sort" ? sorted_by : "");
    return VIEW_NAMES.every((name) => (get(name) ?? usual(name)) === (wanted.get(name) ?? usual(name)));
  }

  // What a click on a header makes of the sort keys; `extend` keeps the others. A column and its mean over groups are one.
  function next_sort(sort, { id, descending_first }, extend) {
    const present = sort.find((key) => key.id === id || `mean(${key.id})` === id);
    const next = { id, descending: present ? !present.descending : Boolean(descending_first) };
    if (!extend) return [next];
    return present ? sort.map((key) => (key === present ? next : key)) : [...sort, next];
  }

  // Sort keys of single runs: within a group runs stand by the column whose mean the groups stand by.
  const run_sort = (sort) => sort.map(({ id, descending }) => ({ id: id.replace(/^mean\((.*)\)$/, "$1"), descending }));

  // A column chosen anew stands behind the last one of its kind.
  function toggle_column(shown, column) {
    if (shown.includes(column)) return shown.filter((other) => other !== column);
    const last = shown.findLastIndex((other) => other.group === column.group);
    return last < 0 ? [...shown, column] : shown.toSpliced(last + 1, 0, column);
  }

  // Moves a column by so many places; the name stays the first.
  function move_column(ids, id, by) {
    const at = ids.indexOf(id);
    const to = Math.max(1, Math.min(ids.length - 1, at + by));
    if (at < 1 || at === to) return ids;
    return ids.toSpliced(at, 1).toSpliced(to, 0, id);
  }

  const toggled = (set, item) => {
    const made = new Set(set);
    if (!made.delete(item)) made.add(item);
    return made;
  };

  // All of some items out of a set if it has every one of them, else all in.
  const toggled_all = (set, items) => {
    const lacking = items.filter((item) => !set.has(item));
    return lacking.length ? new Set([...set, ...lacking]) : new Set([...set].filter((item) => !items.includes(item)));
  };

  // How many of some items a set has: every one is true, some are null, none is false.
  const share_of = (set, items) => {
    const count = items.filter((item) => set.has(item)).length;
    return count === items.length || (count ? null : false);
  };

  const clamp_width = (width) => Math.round(Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, width)));

  const exports = {
    STATISTICS, VIEW_NAMES, join_ids, split_ids, parse_sort, format_sort, parse_state, state_pairs, opened_state, address_pairs, is_view, next_sort, run_sort, toggle_column, move_column, toggled, toggled_all, share_of, clamp_width,
  };
  runsite.table_state = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
