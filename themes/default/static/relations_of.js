// What a chart of runs shows: the one way from a run table and a state (relations_state.js) to rows, axes, notes and the
// table beside it. Pure: the page draws what this gives, and so does whoever draws outside of a browser.
//
//   relation_of(table, state) -> {
//     kind       of state.kind
//     spec       the name of its spec in the data script `relation_specs` (charts/relation_kinds.py)
//     title      of the chart
//     rows       {name of data: [row, …]}, as the spec draws them
//     axes       {x, y}: {title, is_log, has_names, domain: [from, to] or null, ticks: [[place, label], …]}
//     groups     [{label, colour}, …] of texts that have a hue (colour null: grey), or null
//     groups_title  what these texts are of, where they do not say it themselves, or null
//     shade      {title, is_log, domain: five stops, ticks} of numbers that have a shade, or null
//     notes      sentences below the chart
//     listing    {columns: [{label, is_numeric}], rows: [[value, …]], columns_of: [column or null]}: the chart as a table
//     empty      why nothing can be drawn; "" if something can
//     columns    which columns it is of, as chosen_columns says
//   }
//
// `state.rows` are the rows shown; without it they are those that state.filter lets through.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const relations = (runsite.relations ??= {});
  const { best_so_far, chosen_columns, histogram, importance, parallel, scatter, shown_rows } = relations;
  const MAKERS = { scatter, parallel, importance, histogram, best_so_far };
  const NEEDS = {
    scatter: ({ x, y }) => x && y,
    parallel: ({ axes }) => axes.length > 1,
    importance: ({ main }) => main,
    histogram: ({ of }) => of,
    best_so_far: ({ goal }) => goal,
  };
  const NOTHING = {
    scatter: "These runs have no param and no metric that can be drawn",
    parallel: "Fewer than two columns vary over these runs, or are chosen",
    importance: "These runs have no metric",
    histogram: "These runs have no param and no metric that can be drawn",
    best_so_far: "No metric of these runs has a goal: the settings can name one",
  };

  function relation_of(table, state) {
    const columns = chosen_columns(table, state);
    const rows = [...(state.rows ?? shown_rows(table, state))];
    if (!NEEDS[state.kind](columns)) return { ...nothing(NOTHING[state.kind]), kind: state.kind, columns };
    return { ...nothing(""), kind: state.kind, columns, ...MAKERS[state.kind](table, columns, { ...state, rows }) };
  }

  const nothing = (empty) => ({
    spec: null, title: "", rows: {}, axes: { x: { title: "", is_log: false, domain: null, ticks: [] }, y: { title: "", is_log: false, domain: null, ticks: [] } },
    groups: null, groups_title: null, shade: null, notes: [], listing: { columns: [], rows: [], columns_of: [] }, empty,
  });

  // The chart's own rows as CSV: all of them, where the table in the page stops.
  function listing_csv({ columns, rows }) {
    const cell = (value) => (value === null || value === undefined ? "" : typeof value === "string" ? runsite.charts.csv_cell(value) : String(value));
    return [columns.map(({ label, id }) => cell(id ?? label)), ...rows.map((row) => row.map(cell))].map((cells) => `${cells.join(",")}\r\n`).join("");
  }

  const exports = { relation_of, listing_csv };
  Object.assign(relations, exports);
  Object.assign((runsite.charts ??= {}), { relation_of });
  if (typeof module !== "undefined") module.exports = exports;
})();
