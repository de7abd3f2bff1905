// Run tables for the tests of the front end: a few columns and values, put into shards as tables/script.py writes them.
"use strict";
const SCRIPTS = [
  "format", "clock", "sort_order", "student_t", "group_statistics", "table_data", "table_state", "table_lines", "table_view", "table_compare", "table_curves",
];
const { read_table } = SCRIPTS.map((name) => require(`../../themes/default/static/${name}.js`))[SCRIPTS.indexOf("table_data")];

const NOW = 1700000000;

function column(id, kind, more = {}) {
  const is_numeric = kind === "number" || kind === "duration";
  return { id, label: id, detail: "", title: id, group: "run", kind, is_numeric, shown: true, descending_first: false, block: "rows", ...more };
}

const metric = (name, aggregate, more = {}) =>
  column(`metrics.${name}.${aggregate}`, "number", { group: "metric", label: name, metric: name, aggregate, detail: aggregate, descending_first: true, ...more });

const param = (name, more = {}) => column(`params.${name}`, "param", { group: "param", label: name, detail: "param", ...more });

const declared = { goal: "maximize", goal_from: "record", best_mark: "★", best_title: "best of 4 runs" };

// One `rows` payload: `values` holds a list for each column id; equal ones lie once, as in the real thing.
function rows_payload({ experiment = "e", values, repeats, parents = [], diverged = [], without_series = [], open_runs = [] }) {
  const distinct = [...new Set(Object.values(values).map((list) => JSON.stringify(list)))];
  const columns = Object.entries(values).map(([id, list]) => [id, distinct.indexOf(JSON.stringify(list))]);
  const links = [`experiments/${experiment}/runs/`, "/index.html", values.id.map((id) => `${id}-1`)];
  return {
    experiment, columns, values: distinct.map((text) => JSON.parse(text)), repeats: repeats ?? values.id, links, parents, diverged, without_series, open_runs,
  };
}

function more_payload({ values, distances = {} }) {
  const lists = [...Object.values(values), ...Object.values(distances)];
  const place = (list) => lists.indexOf(list);
  const pairs = (lists_of) => Object.entries(lists_of).map(([id, list]) => [id, place(list)]);
  return { columns: pairs(values), distances: pairs(distances), values: lists };
}

function table_of({ columns, shards, params = [], ...head }) {
  const usual = {
    row_count: shards.reduce((sum, { values }) => sum + values.id.length, 0),
    sorted_by: "-started",
    best: null,
    baseline: null,
    drawn: [],
    repeats: { params, ignored: [] },
    views: [],
    glyphs: [["finished", "✓"]],
    levels: "0123456789",
  };
  return read_table({ ...usual, ...head, columns }, shards.map(rows_payload));
}

// Runs of one experiment, told by their ids and further columns: {id: [value, …]}.
function runs_table(ids, values = {}, { columns = [], status, started, ...more } = {}) {
  const told = { name: ids, id: ids, status: status ?? ids.map(() => "finished"), started: started ?? ids.map((_, row) => NOW - row), ...values };
  const all = [column("name", "text"), column("status", "status"), ...columns, column("started", "time", { descending_first: true }), column("id", "text", { shown: false })];
  const { repeats, parents, diverged, without_series, open_runs, experiment, ...head } = more;
  return table_of({ columns: all, shards: [{ experiment, values: told, repeats, parents, diverged, without_series, open_runs }], ...head });
}

const names_of = (table, rows) => [...rows].map((row) => table.column_of.get("name").values[row]);

module.exports = { NOW, column, metric, param, declared, more_payload, table_of, runs_table, names_of };
