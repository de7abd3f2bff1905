// Curves on their way to a chart: pure functions from data scripts to rows, tracks and CSV.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const POINTS_PER_CARD = 5000;
  const [LEAST_POINTS, MOST_POINTS] = [64, 1536];
  const POINTS_PER_BUCKET = 4;
  const EXTREMES = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

  const point_budget = (runs) => Math.min(MOST_POINTS, Math.max(LEAST_POINTS, Math.floor(POINTS_PER_CARD / runs)));

  // The payload of a data script -> its series by metric; steps above 2^53 travel as text.
  function read_series(payload) {
    const steps = payload.steps.map((column) => column.map(Number));
    return new Map(payload.series.map(([metric, series]) => [metric, {
      count: series.count,
      steps: steps[series.steps],
      values: series.values,
      kinds: new Map((series.non_finite ?? []).map(([index, kind, count]) => [index, { kind, count }])),
      attempt_starts: series.attempt_starts ?? [],
      unstepped: series.unstepped ?? 0,
    }]));
  }

  // Where a run's metric lies: [address relative to series.js, key], or null when it is in series.js itself.
  function find_block(payload, metric) {
    const block = payload.blocks.find(([, , metrics]) => metrics.includes(metric));
    return block ? block.slice(0, 2) : null;
  }

  // Chooses the indices that are drawn: of each bucket of a power of two, aligned by index, the first, least, greatest
  // and last value and one gap; and `always`.
  function thin(values, most, always = []) {
    const all = values.map((_, index) => index);
    if (values.length <= most) return all;
    const size = 2 ** Math.ceil(Math.log2(values.length / (most / POINTS_PER_BUCKET)));
    const chosen = new Set(always);
    for (let start = 0; start < values.length; start += size) {
      const bucket = all.slice(start, start + size);
      const finite = bucket.filter((index) => values[index] !== null);
      const gap = bucket.find((index) => values[index] === null);
      if (gap !== undefined) chosen.add(gap);
      if (!finite.length) continue;
      chosen.add(finite[0]).add(finite.at(-1));
      chosen.add(finite.reduce((least, index) => (values[index] < values[least] ? index : least)));
      chosen.add(finite.reduce((most_, index) => (values[index] > values[most_] ? index : most_)));
    }
    return [...chosen].sort((a, b) => a - b);
  }

  // The earliest of the best values; null without a goal or a finite value.
  function best_index(values, goal) {
    if (!goal) return null;
    const better = goal === "maximize" ? (a, b) => a > b : (a, b) => a < b;
    return values.reduce((best, value, index) =>
      (value !== null && (best === null || better(value, values[best])) ? index : best), null);
  }

  // The number of each index's attempt, from 1.
  function attempts_of(series) {
    let [attempt, next] = [1, 0];
    return series.values.map((_, index) => {
      for (; next < series.attempt_starts.length && series.attempt_starts[next] <= index; next += 1) attempt += 1;
      return attempt;
    });
  }

  // One run's rows: unbroken lines are parts, numbered; a part of one point is `lone`; the best point stands apart.
  function series_rows(run, series, { goal, most }) {
    const kept = thin(series.values, most, series.attempt_starts.flatMap((start) => [start - 1, start]));
    const [attempts, last] = [attempts_of(series), series.attempt_starts.length + 1];
    const row = (index, part) => ({
      run, step: series.steps[index], value: series.values[index], attempt: attempts[index],
      earlier: attempts[index] < last, part,
    });
    const parts = [];
    let before = null;
    for (const index of kept) {
      const is_gap = series.values[index] === null;
      if (!is_gap && (before === null || attempts[index] !== attempts[before])) parts.push([]);
      if (!is_gap) parts.at(-1).push(row(index, parts.length));
      before = is_gap ? null : index;
    }
    const best = best_index(series.values, goal);
    return {
      points: parts.filter((part) => part.length > 1).flat(),
      lone: parts.filter((part) => part.length === 1).flat(),
      best: best === null ? [] : [row(best, 0)],
    };
  }

  const mark_rows = (run, series) => [...series.kinds].map(([index, { kind, count }]) =>
    ({ run, step: series.steps[index], kind, count }));

  // Everything a chart draws, by the names of its data. `drawn` is [{run, series}], run being the name shown.
  function chart_rows(drawn, goal) {
    const most = point_budget(drawn.length);
    const each = drawn.map(({ run, series }) => series_rows(run, series, { goal, most }));
    const all = (name) => each.flatMap((rows) => rows[name]);
    const non_finite = drawn.flatMap(({ run, series }) => mark_rows(run, series));
    return { points: all("points"), lone: all("lone"), best: all("best"), non_finite };
  }

  const finite_rows = (rows) => [...rows.points, ...rows.lone];

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  // What must be said below a chart.
  function chart_notes(drawn, rows, format_count) {
    const logged = sum(drawn.map(({ series }) => series.count));
    const unstepped = sum(drawn.map(({ series }) => series.unstepped));
    const notes = [];
    const count = finite_rows(rows).length + rows.non_finite.length;
    if (count < logged - sum(rows.non_finite.map((row) => row.count - 1))) {
      notes.push(`drawn from ${format_count(count)} of ${format_count(logged)} points, every extreme kept`);
    }
    for (const [kind, name] of [["NaN", "NaN"], ["Infinity", "∞"], ["-Infinity", "−∞"]]) {
      const count = sum(rows.non_finite.filter((row) => row.kind === kind).map((row) => row.count));
      if (count) notes.push(`${format_count(count)} × ${name}`);
    }
    if (finite_rows(rows).some((row) => row.earlier)) notes.push("earlier attempts faint");
    if (unstepped && unstepped === logged) notes.push("no steps logged: points are numbered");
    else if (unstepped) notes.push(`${format_count(unstepped)} points without a step stand at the step before`);
    return notes;
  }

  // A run's points for reading: by step, and where attempts overlap the latest one.
  function make_track(run, series) {
    const order = series.steps.map((_, index) => index).sort((a, b) => series.steps[a] - series.steps[b] || a - b);
    const kept = order.filter((index, place) => series.steps[order[place + 1]] !== series.steps[index]);
    return {
      run,
      steps: kept.map((index) => series.steps[index]),
      values: kept.map((index) => series.values[index] ?? EXTREMES.get(series.kinds.get(index)?.kind) ?? null),
    };
  }

  // A cell of CSV. A text that a spreadsheet would take for a formula gets an apostrophe.
  function csv_cell(value) {
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  // All points the page has, thinned only as the data script is.
  function csv_text(drawn, metric) {
    const rows = drawn.flatMap(({ run, series }) => {
      const attempts = attempts_of(series);
      return series.values.map((value, index) =>
        [run, series.steps[index], attempts[index], value ?? series.kinds.get(index)?.kind ?? ""]);
    });
    const line = (cells) => `${cells.map(csv_cell).join(",")}\r\n`;
    // Not a text from a log but our own word for the kind: "-Infinity" stays as it is.
    const plain = ([run, step, attempt, value]) => [csv_cell(run), step, attempt, value].join(",") + "\r\n";
    return line(["run", "step", "attempt", metric]) + rows.map(plain).join("");
  }

  const has_whole_steps = (rows) =>
    [...finite_rows(rows), ...rows.non_finite].every((row) => Number.isInteger(row.step));

  // A scale from -1.7e308 to 1.7e308 is wider than any number.
  function is_drawable(rows) {
    const values = finite_rows(rows).map((row) => row.value);
    const [least, greatest] = [Math.min, Math.max].map((choose) => values.reduce((a, b) => choose(a, b), 0));
    return Number.isFinite(2 * (greatest - least));
  }

  const exports = {
    point_budget, read_series, find_block, thin, best_index, series_rows, chart_rows, chart_notes, make_track,
    csv_cell, csv_text, finite_rows, has_whole_steps, is_drawable,
  };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
