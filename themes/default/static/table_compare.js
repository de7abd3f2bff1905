// How runs and groups differ from a baseline: the difference, signed, and whether it lies within seed noise.
//
// The rule: two groups of repeats are compared by Welch's t-test (see group_statistics.js). A single run is judged by
// the repeats of its configuration, which are runs that are the same but for the seed; their figures are compared, while
// the difference shown is the run's own. Only a declared goal makes a difference better or worse.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const GLYPHS = { better: "✓", worse: "✗", higher: "△", lower: "▽", within_noise: "≈", equal: "=", not_enough_runs: "?" };

  const is_finite = (value) => typeof value === "number" && Number.isFinite(value);

  function signed(value) {
    return `${value > 0 ? "+" : ""}${runsite.format_number(value)}`;
  }

  // The rows of a run's repeats, itself among them.
  function repeats_of(table, row) {
    table.repeat_rows ??= group_rows(table);
    return table.repeat_rows.get(repeat_key(table, row));
  }

  const repeat_key = (table, row) => `${table.experiments[row]}/${table.repeats[row]}`;

  function group_rows(table) {
    const found = new Map();
    for (let row = 0; row < table.row_count; row += 1) {
      const key = repeat_key(table, row);
      if (found.has(key)) found.get(key).push(row);
      else found.set(key, [row]);
    }
    return found;
  }

  // The figures of a column over the repeats of a run, worked out once for each configuration.
  function repeat_figures(table, column, row) {
    const known = (column.repeat_figures ??= new Map());
    const key = repeat_key(table, row);
    if (!known.has(key)) {
      const { averaged_rows, group_figures } = runsite.table_lines;
      known.set(key, group_figures(column, averaged_rows(table, repeats_of(table, row))));
    }
    return known.get(key);
  }

  // A baseline by the key of a run; among groups it is the group that holds the run. null where there is no such run.
  function find_baseline(table, key, groups) {
    const row = key ? table.row_of.get(key) : undefined;
    if (row === undefined) return null;
    const group = groups ? groups.findIndex(({ rows }) => rows.includes(row)) : -1;
    return groups && group < 0 ? null : { row, group: groups ? group : null };
  }

  // Whether a column's cells leave room for a difference.
  const is_compared = (baseline, column) =>
    Boolean(baseline) && column.group === "metric" && column.kind === "number" && (!column.group_values || column.statistic === "mean");

  // What a cell says beside its value: {text, glyph, word, title}; null where there is nothing to compare.
  function difference(table, baseline, column, line) {
    if (!is_compared(baseline, column)) return null;
    return column.group_values ? group_difference(baseline, column, line) : run_difference(table, baseline, column, line);
  }

  function run_difference(table, { row }, column, line) {
    const [value, base] = [column.values[line], column.values[row]];
    if (line === row || !is_finite(value) || !is_finite(base)) return null;
    const said = { text: signed(value - base) };
    if (repeat_key(table, line) === repeat_key(table, row)) {
      return { ...said, glyph: "", word: "repeat", title: `${said.text} against the baseline, which is a repeat of the same configuration` };
    }
    const [figures, others] = [repeat_figures(table, column, line), repeat_figures(table, column, row)];
    const found = judged(said, column, figures, others, "of its repeats: ");
    // A lucky run of a worse configuration: the verdict holds, but its colour would belie the figure beside it.
    return { ...found, is_contrary: (value - base) * (figures.mean - others.mean) < 0 };
  }

  function group_difference({ group }, column, line) {
    if (line === -1 - group) return null;
    const [value, base] = [runsite.table_lines.line_value(column, line), column.group_values[group]];
    if (!is_finite(value) || !is_finite(base)) return null;
    const said = { text: signed(value - base) };
    if (line >= 0) return { ...said, glyph: "", word: "repeat", title: `${said.text} against the baseline's mean` };
    return judged(said, column, column.figures[-1 - line], column.figures[group], "");
  }

  function judged(said, column, figures, base, whose) {
    const word = runsite.group_statistics.verdict(figures, base, column.goal ?? null, column.goal_from ?? null);
    const words = runsite.group_statistics.verdict_words(figures, base, column.goal ?? null, column.goal_from ?? null);
    return { ...said, glyph: GLYPHS[word], word, title: `${said.text} against the baseline; ${whose}${words}` };
  }

  const exports = { find_baseline, is_compared, difference, signed };
  runsite.table_compare = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
