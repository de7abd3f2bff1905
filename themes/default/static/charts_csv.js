// The points of a chart as CSV. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const { attempts_of, places_of } = typeof module === "undefined" ? charts : require("./charts_data.js");

  // A cell of CSV. A text that a spreadsheet would take for a formula gets an apostrophe.
  function csv_cell(value) {
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  const row_text = (cells) => `${cells.map(csv_cell).join(",")}\r\n`;
  const number = (value) => (value === null || Number.isNaN(value) ? "" : value);

  // What the horizontal axis is called; null for steps, which have their column anyhow.
  function axis_column({ kind, metric }) {
    return { step: null, relative: "relative_seconds", wall: "unix_seconds", metric }[kind];
  }

  // All points the page has, thinned only as the data script is; numbers that stand in for steps are left out. An axis
  // other than steps has a column, and so have smoothed values.
  function csv_text(lines, metric, axis = { kind: "step" }) {
    const column = axis_column(axis);
    const is_smoothed = lines.some(({ smooth }) => smooth);
    const rows = lines.flatMap(({ run, look, series, smooth }) => {
      const [attempts, places, has_steps] = [attempts_of(series), places_of(series), series.unstepped < series.count];
      return series.values.map((value, index) => [
        look.key, run, has_steps ? series.steps[index] : "", attempts[index],
        ...(column === null ? [] : [number(places[index])]), value ?? series.kinds.get(index)?.kind ?? "", ...(is_smoothed ? [number(smooth.values[index])] : []),
      ]);
    });
    // Not a text from a log but our own word for the kind: "-Infinity" stays as it is.
    const plain = ([run, name, ...cells]) => `${[csv_cell(run), csv_cell(name), ...cells].join(",")}\r\n`;
    return row_text(["run", "name", "step", "attempt", ...(column === null ? [] : [column]), metric, ...(is_smoothed ? ["smoothed"] : [])]) + rows.map(plain).join("");
  }

  // The means and bands of groups, at the places where their runs were read.
  function band_csv_text(lines, metric, axis = { kind: "step" }) {
    const rows = lines.flatMap(({ run, band }) => band.x.flatMap((x, place) =>
      (band.n[place] ? [[run, x, band.n[place], band.mean[place], band.low[place], band.high[place]]] : [])));
    return row_text(["group", axis_column(axis) ?? "step", "n", `mean(${metric})`, "low", "high"]) + rows.map(row_text).join("");
  }

  const chart_csv = ({ lines, metric, axis }) => (lines.some(({ band }) => band) ? band_csv_text : csv_text)(lines, metric.name, axis);

  const exports = { csv_cell, csv_text, chart_csv };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
