// What a run table shows, as pure functions: its data, its columns, its order, the rows in sight, the text of a cell.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const ROW_HEIGHT = 28;
  // Rows kept ready above and below, so that a wheel step and the Tab key always find a row.
  const OVERSCAN = 6;
  const MAX_PLAIN_TEXT = 20;
  const MAX_MEASURED_ROWS = 200;
  const MEASURED_ROWS = 5;
  const DIVERGED_LENGTH = 11;
  const MAX_LINED_DECIMALS = 7;

  // A payload of tables/script.py with its references resolved.
  function read_table(payload) {
    const columns = payload.columns.map((column) => ({ ...column, values: payload.values[column.values] }));
    const [before, after, segments] = payload.links;
    return {
      row_count: payload.row_count,
      sorted_by: payload.sorted_by,
      best_row: payload.best_row,
      columns,
      column_of: new Map(columns.map((column) => [column.id, column])),
      link: (row) => before + segments[row] + after,
      parents: new Map(payload.parents),
      swatches: new Map(payload.swatches.map(([row, colour, dash]) => [row, { colour, dash }])),
      diverged: new Set(payload.diverged),
      open_runs: new Map(payload.open_runs.map(([row, last_time, stalled_at]) => [row, { last_time, stalled_at }])),
      glyphs: new Map(payload.glyphs),
    };
  }

  // Ids in a list for the URL: a comma within one is escaped.
  const join_ids = (ids) => ids.map((id) => id.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");
  const split_ids = (text) => text.split(",").map((id) => id.replaceAll("%2C", ",").replaceAll("%25", "%"));

  // "-metrics.val/acc.best,started" -> sort keys; what names no column is passed over.
  function parse_sort(text, column_of) {
    const wanted = split_ids(text ?? "").map((id) => [column_of.get(id.replace(/^-/, "")), id.startsWith("-")]);
    return wanted.filter(([column]) => column).map(([column, descending]) => ({ column, descending }));
  }

  const sort_text = (keys) => join_ids(keys.map(({ column, descending }) => (descending ? "-" : "") + column.id));

  // What a click on a header makes of the sort keys; `extend` keeps the others.
  function next_sort(keys, column, extend) {
    const present = keys.find((key) => key.column === column);
    const next = { column, descending: present ? !present.descending : column.descending_first };
    if (!extend) return [next];
    return present ? keys.map((key) => (key === present ? next : key)) : [...keys, next];
  }

  // The order of the rows; sorted as the table came, they stay as they are.
  function order_rows(table, keys) {
    if (!keys.length || sort_text(keys) === table.sorted_by) return runsite.sort_rows(table.row_count, []);
    for (const { column } of keys) column.ranked ??= runsite.rank_rows(column.values, column.kind);
    return runsite.sort_rows(table.row_count, keys.map(({ column, descending }) => ({ ranked: column.ranked, descending })));
  }

  // Rows whose name or id holds every word.
  function search_rows(table, order, text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return order;
    const [names, ids] = ["name", "id"].map((id) => table.column_of.get(id).values);
    table.searched ??= names.map((name, row) => `${name}\n${ids[row]}`.toLowerCase());
    return order.filter((row) => words.every((word) => table.searched[row].includes(word)));
  }

  // The columns a link asks for, the name always first; without a wish, the ones shown first.
  function shown_columns(table, text) {
    const wanted = text ? split_ids(text).map((id) => table.column_of.get(id)).filter(Boolean) : [];
    const shown = wanted.length ? wanted : table.columns.filter((column) => column.shown);
    return [...new Set([table.column_of.get("name"), ...shown])];
  }

  // A column chosen anew stands behind the last one of its kind.
  function toggle_column(shown, column) {
    if (shown.includes(column)) return shown.filter((other) => other !== column);
    const last = shown.findLastIndex((other) => other.group === column.group);
    return last < 0 ? [...shown, column] : shown.toSpliced(last + 1, 0, column);
  }

  // First row to draw and the one after the last.
  function row_window(scroll_top, view_height, row_count) {
    const first = Math.floor(scroll_top / ROW_HEIGHT) - OVERSCAN;
    const end = Math.ceil((scroll_top + view_height) / ROW_HEIGHT) + OVERSCAN;
    return [Math.max(0, Math.min(first, row_count)), Math.min(row_count, Math.max(0, end))];
  }

  function cell_text(column, value, now) {
    if (value === null) return "";
    if (column.kind === "number") return runsite.format_number(Number(value));
    if (column.kind === "duration") return runsite.format_duration(Number(value));
    if (column.kind === "time") return runsite.time_from_now(Number(value), now).replace(/ UTC$/, "");
    return column.kind === "param" ? runsite.format_param_cell(value) : runsite.format_param(value);
  }

  // What a cell shows rounded or cut, in full.
  function cell_title(column, value, text) {
    if (value === null || value === "" || column.kind === "duration" || column.kind === "status") return "";
    if (column.kind === "time") return runsite.time_in_full(Number(value));
    const full = runsite.format_param(value);
    return (["number", "param"].includes(column.kind) && full !== text) || full.length > MAX_PLAIN_TEXT ? full : "";
  }

  // Every n-th row, so that there are at most some 200 of them.
  function sample_rows(row_count) {
    const step = Math.max(1, Math.floor(row_count / MAX_MEASURED_ROWS));
    return Array.from({ length: Math.ceil(row_count / step) }, (_, index) => index * step);
  }

  // Rows whose cells are the widest of a column, by their number of characters: all texts, a sample of the others.
  function widest_rows(table, column, now) {
    const { values } = column;
    const rows = ["text", "status", "link"].includes(column.kind) ? [...values.keys()] : sample_rows(values.length);
    const flag_length = (row) => (column.kind === "status" && table.diverged.has(row) ? DIVERGED_LENGTH : 0);
    const length_of = (row) => cell_text(column, values[row], now).length + flag_length(row);
    const lengths = new Map(rows.map((row) => [row, length_of(row)]));
    const widest = rows.sort((a, b) => lengths.get(b) - lengths.get(a)).slice(0, MEASURED_ROWS - 1);
    return [...widest, column.best_mark ? values.indexOf(column.best_value) : 0];
  }

  // Digits behind the point; null for what has no place under it, as NaN and 1.2e-5.
  const decimals_of = (text) => {
    const found = /^[-\u2212]?[0-9][0-9,]*(?:\.([0-9]+))?$/.exec(text);
    return found && (found[1] ?? "").length;
  };

  function most_decimals(column, now) {
    if (!column.is_numeric || column.kind === "duration") return 0;
    const texts = sample_rows(column.values.length).map((row) => cell_text(column, column.values[row], now));
    return Math.min(MAX_LINED_DECIMALS, Math.max(0, ...texts.map(decimals_of)));
  }

  // Classes that line up decimal points: how many digits a figure lacks behind its point.
  function cell_classes(column, text) {
    column.decimals ??= most_decimals(column, 0);
    const shown = decimals_of(text);
    const kind = `cell_${column.kind}${column.is_numeric ? " numeric" : ""}`;
    if (!column.decimals || shown === null || shown >= column.decimals) return kind;
    return `${kind} short_${column.decimals - shown}${shown ? "" : " whole"}`;
  }

  function key_sentence({ column, descending }) {
    if (column.kind === "time") return `${descending ? "newest" : "oldest"} first by ${column.label}`;
    if (column.goal && descending === column.descending_first) return `best first by ${column.label}`;
    const direction = column.kind === "number" || column.kind === "duration" ? ["least", "greatest"] : ["A to Z", "Z to A"];
    return `by ${column.label}, ${direction[Number(descending)]}${direction[0] === "least" ? " first" : ""}`;
  }

  // "12 of 300 runs, best first by val/acc".
  function note_text(shown_count, row_count, keys) {
    const count = shown_count === row_count ? "" : `${runsite.format_count(shown_count)} of `;
    const runs = `${count}${runsite.format_count(row_count)} ${row_count === 1 ? "run" : "runs"}`;
    return keys.length ? `${runs}, ${keys.map(key_sentence).join(", then ")}` : runs;
  }

  const exports = {
    ROW_HEIGHT, MEASURED_ROWS, read_table, join_ids, split_ids, parse_sort, sort_text, next_sort, order_rows, search_rows, shown_columns,
    toggle_column, row_window, cell_text, cell_title, cell_classes, widest_rows,
    note_text,
  };
  runsite.table_view = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
