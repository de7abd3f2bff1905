// What a run table shows, as pure functions: its columns, the rows in sight, the text of a cell, what is said of it.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const ROW_HEIGHT = 28;
  // Rows kept ready above and below, so that a wheel step and the Tab key always find a row.
  const OVERSCAN = 6;
  const MAX_PLAIN_TEXT = 20;
  const MAX_MEASURED_ROWS = 200;
  const MEASURED_ROWS = 5;
  const MAX_MEASURED_TEXTS = 20000;
  const DIVERGED_LENGTH = 11;
  const MAX_LINED_DECIMALS = 7;

  // The columns a state asks for, the name always first; without a wish, the ones shown first. Constants may be left out.
  function shown_columns(table, { columns, pinned, hides_constants }) {
    const wanted = columns.map((id) => table.column_of.get(id)).filter(Boolean);
    const usual = wanted.length ? wanted : table.columns.filter((column) => column.shown);
    const shown = hides_constants && table.row_count > 1 ? usual.filter((column) => !column.is_constant) : usual;
    const first = pinned.map((id) => table.column_of.get(id)).filter((column) => usual.includes(column));
    return [...new Set([table.column_of.get("name"), ...first, ...shown])];
  }

  // Words of what is searched for, and the columns whose name, kind or unit holds them all.
  function search_columns(columns, text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return columns.filter((column) => {
      column.searched ??= `${column.id} ${column.label} ${column.detail}`.toLowerCase();
      return words.every((word) => column.searched.includes(word));
    });
  }

  // First row to draw and the one after the last.
  function row_window(scroll_top, view_height, row_count) {
    const first = Math.floor(scroll_top / ROW_HEIGHT) - OVERSCAN;
    const end = Math.ceil((scroll_top + view_height) / ROW_HEIGHT) + OVERSCAN;
    return [Math.max(0, Math.min(first, row_count)), Math.min(row_count, Math.max(0, end))];
  }

  function cell_text(column, value, now) {
    if (value === null) return "";
    if (column.kind === "curve") return "";
    if (column.kind === "number") return runsite.format_number(Number(value));
    if (column.kind === "duration") return runsite.format_duration(Number(value));
    if (column.kind === "time") return runsite.time_from_now(Number(value), now).replace(/ UTC$/, "");
    return column.kind === "param" ? runsite.format_param_cell(value) : runsite.format_param(value);
  }

  // What a cell shows rounded or cut, in full.
  function cell_title(column, value, text) {
    if (value === null || value === "" || ["duration", "status", "curve"].includes(column.kind)) return "";
    if (column.kind === "time") return runsite.time_in_full(Number(value));
    const full = runsite.format_param(value);
    return (["number", "param"].includes(column.kind) && full !== text) || full.length > MAX_PLAIN_TEXT ? full : "";
  }

  // Every n-th of a number of things, so that there are at most some 200 of them.
  function sample_places(count) {
    const step = Math.max(1, Math.floor(count / MAX_MEASURED_ROWS));
    return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
  }

  const values_of = (column) => column.group_values ?? column.values;

  // The few of some places where a length is greatest, the first of equals first.
  function longest(places, length_of) {
    const found = [];
    for (const place of places) {
      const length = length_of(place);
      if (found.length === MEASURED_ROWS - 1 && length <= found.at(-1).length) continue;
      const at = found.findIndex((other) => other.length < length);
      found.splice(at < 0 ? found.length : at, 0, { place, length });
      found.length = Math.min(found.length, MEASURED_ROWS - 1);
    }
    return found.map(({ place }) => place);
  }

  // Lines whose cells are the widest of a column, by their number of characters: all texts, a sample of the others.
  function widest_lines(table, column, now) {
    const values = values_of(column);
    const line_of = column.group_values ? runsite.table_lines.group_line : (row) => row;
    const is_text = ["text", "link"].includes(column.kind);
    const places = is_text && values.length <= MAX_MEASURED_TEXTS ? values.keys() : sample_places(values.length);
    const flag_length = (place) => (column.kind === "status" && table.diverged.has(place) ? DIVERGED_LENGTH : 0);
    const widest = longest(places, (place) => cell_text(column, values[place], now).length + flag_length(place));
    const lines = [...widest, column.best_value === undefined ? 0 : values.indexOf(column.best_value)].filter((place) => place < values.length).map(line_of);
    // Below the values of groups, the marked one among them, stand those of their runs.
    const has_runs = column.group_values && column.source && (!column.statistic || column.statistic === "mean");
    return has_runs ? [...lines.slice(0, 1), ...lines.slice(-1), ...widest_lines(table, column.source, now).slice(0, 3)] : lines;
  }

  // Digits behind the point; null for what has no place under it, as NaN and 1.2e-5.
  const decimals_of = (text) => {
    const found = /^[-\u2212]?[0-9][0-9,]*(?:\.([0-9]+))?$/.exec(text);
    return found && (found[1] ?? "").length;
  };

  function most_decimals(column, now) {
    if (!column.is_numeric || column.kind === "duration") return 0;
    const values = values_of(column);
    const texts = sample_places(values.length).map((place) => cell_text(column, values[place], now));
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

  // A metric is meant by its best, where it has one, unless the note says otherwise.
  const sorted_label = ({ label, aggregate, goal }) => (!aggregate || aggregate === "best" || (aggregate === "last" && !goal) ? label : `${label} ${aggregate}`);

  function key_sentence(column, descending) {
    const label = column.statistic ? `${runsite.table_lines.STATISTIC_WORDS[column.statistic]} of ${column.label}` : sorted_label(column);
    if (column.kind === "time") return `${descending ? "newest" : "oldest"} first by ${label}`;
    if (column.goal && descending === column.descending_first) return `best first by ${label}`;
    const direction = column.is_numeric ? ["least", "greatest"] : ["A to Z", "Z to A"];
    return `by ${label}, ${direction[Number(descending)]}${direction[0] === "least" ? " first" : ""}`;
  }

  // "12 of 300 runs, best first by val/acc"; "8 groups of 40 runs, …". `keys` are pairs [column, descending].
  function note_text(counts, keys) {
    const { shown, all, groups } = counts;
    const count = shown === all ? "" : `${runsite.format_count(shown)} of `;
    const runs = `${count}${runsite.format_count(all)} ${all === 1 ? "run" : "runs"}`;
    const said = groups === null ? runs : `${runsite.format_count(groups)} ${groups === 1 ? "group" : "groups"} of ${runs}`;
    return keys.length ? `${said}, ${keys.map(([column, descending]) => key_sentence(column, descending)).join(", then ")}` : said;
  }

  // "M0 10L3 4…" for a sparkline: one character a point, `levels` telling their heights; any other breaks the line.
  const [CURVE_WIDTH, CURVE_HEIGHT] = [96, 20];
  function curve_path(text, levels) {
    const across = text.length > 1 ? (CURVE_WIDTH - 2) / (text.length - 1) : 0;
    let [path, is_open] = ["", false];
    for (const [place, character] of [...text].entries()) {
      const level = levels.indexOf(character);
      if (level < 0) { is_open = false; continue; }
      const y = 1 + (1 - level / (levels.length - 1)) * (CURVE_HEIGHT - 2);
      path += `${is_open ? "L" : "M"}${(1 + place * across).toFixed(1)} ${y.toFixed(1)}`;
      is_open = true;
    }
    return path;
  }

  const exports = {
    ROW_HEIGHT, MEASURED_ROWS, shown_columns, search_columns, row_window, cell_text, cell_title, cell_classes, widest_lines, note_text, curve_path,
  };
  runsite.table_view = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
