// Curves on their way to a chart: pure functions from data scripts to rows, tracks and CSV.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const POINTS_PER_CARD = 5000;
  const [LEAST_POINTS, MOST_POINTS] = [64, 1536];
  const POINTS_PER_BUCKET = 4;
  // A run that explodes to 1e243 would press every other curve flat. Where a run's greatest value is a million times its
  // middle one, it is drawn up to 30 times the middle value of the others, and what lies beyond is marked at the edge
  // and counted. A run that does not explode is never clipped.
  const [EXPLOSION, ROOM] = [1e6, 30];
  const EXTREMES = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

  const point_budget = (runs) => Math.min(MOST_POINTS, Math.max(LEAST_POINTS, Math.floor(POINTS_PER_CARD / runs)));

  const KINDS = {
    float64: (bytes) => new Float64Array(bytes),
    float32: (bytes) => new Float32Array(bytes),
    millionths: (bytes) => Float64Array.from(new Int32Array(bytes), (value) => value / 1e6),
  };

  // The base64 of little-endian numbers -> numbers, null where one is not finite, so that lines break there.
  function read_values(text, kind) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return Array.from(KINDS[kind](bytes.buffer), (value) => (Number.isFinite(value) ? value : null));
  }

  // The payload of a data script -> its series by metric; steps above 2^53 travel as text.
  function read_series(payload) {
    const steps = payload.steps.map((column) => column.map(Number));
    return new Map(payload.series.map(([metric, series]) => [metric, {
      count: series.count,
      steps: steps[series.steps],
      values: read_values(series.values, series.kind),
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

  function middle_and_most(values) {
    const sizes = values.map(Math.abs).sort((a, b) => a - b);
    return [sizes[Math.floor(sizes.length / 2)] ?? 0, sizes.at(-1) ?? 0];
  }

  // How far from zero a run is drawn if it stands alone.
  function find_limit(values) {
    const [middle, most] = middle_and_most(values);
    return middle > 0 && most / middle > EXPLOSION ? ROOM * middle : Infinity;
  }

  // How far from zero each run of a chart is drawn.
  function find_limits(runs) {
    const alone = runs.map(find_limit);
    const [middle, most] = middle_and_most(runs.filter((_, index) => alone[index] === Infinity).flat());
    const shared = Math.max(ROOM * middle, most) || Math.max(...alone);
    return alone.map((limit) => (limit === Infinity ? limit : shared));
  }

  const finite_values = (series) => series.values.filter((value) => value !== null);

  // One run's rows: unbroken lines are parts, numbered; a part of one point is `lone`; the best point stands apart.
  function series_rows(run, series, { goal, most, limit = Infinity }) {
    const kept = thin(series.values, most, series.attempt_starts.flatMap((start) => [start - 1, start]));
    const [attempts, last] = [attempts_of(series), series.attempt_starts.length + 1];
    const is_within = (index) => series.values[index] !== null && Math.abs(series.values[index]) <= limit;
    const row = (index, part) => ({
      run, step: series.steps[index], value: series.values[index], attempt: attempts[index],
      earlier: attempts[index] < last, part,
    });
    const parts = [];
    let before = null;
    for (const index of kept) {
      if (is_within(index) && (before === null || attempts[index] !== attempts[before])) parts.push([]);
      if (is_within(index)) parts.at(-1).push(row(index, parts.length));
      before = is_within(index) ? index : null;
    }
    const best = best_index(series.values, goal);
    const beyond = kept.filter((index) => series.values[index] !== null && !is_within(index));
    return {
      points: parts.filter((part) => part.length > 1).flat(),
      lone: parts.filter((part) => part.length === 1).flat(),
      best: best !== null && is_within(best) ? [row(best, 0)] : [],
      marks: [...non_finite_marks(run, series), ...beyond.map((index) => beyond_mark(run, series, index))],
    };
  }

  const non_finite_marks = (run, series) => [...series.kinds].map(([index, { kind, count }]) =>
    ({ run, step: series.steps[index], kind, count }));

  const beyond_mark = (run, series, index) =>
    ({ run, step: series.steps[index], kind: series.values[index] > 0 ? "above" : "below", count: 1 });

  // Everything a chart draws, by the names of its data. `drawn` is [{run, series}], run being the name shown.
  function chart_rows(drawn, goal) {
    const most = point_budget(drawn.length);
    const limits = find_limits(drawn.map(({ series }) => finite_values(series)));
    const each = drawn.map(({ run, series }, index) => series_rows(run, series, { goal, most, limit: limits[index] }));
    const all = (name) => each.flatMap((rows) => rows[name]);
    return { points: all("points"), lone: all("lone"), best: all("best"), marks: all("marks") };
  }

  const finite_rows = (rows) => [...rows.points, ...rows.lone];

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const counted = (number, singular, plural) => `${runsite.format_count(number)} ${number === 1 ? singular : plural}`;

  // "drawn from 500 of 20,000 points": a mark stands for each of its kind in its bucket.
  function thinning_note(drawn, rows) {
    const logged = sum(drawn.map(({ series }) => series.count));
    const shown = finite_rows(rows).length + rows.marks.length;
    const merged = sum(rows.marks.map((mark) => mark.count - 1));
    if (shown + merged >= logged) return [];
    return [`drawn from ${runsite.format_count(shown)} of ${counted(logged, "point", "points")}, every extreme kept`];
  }

  function mark_notes(drawn, rows) {
    const count = (...kinds) => sum(rows.marks.filter((mark) => kinds.includes(mark.kind)).map((mark) => mark.count));
    const notes = [["NaN", "NaN"], ["Infinity", "∞"], ["-Infinity", "−∞"]]
      .flatMap(([kind, name]) => (count(kind) ? [`${runsite.format_count(count(kind))} × ${name}`] : []));
    const beyond = count("above", "below");
    if (!beyond) return notes;
    const values = drawn.flatMap(({ series }) => finite_values(series));
    const farthest = runsite.format_number(values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)));
    return [...notes, `${counted(beyond, "point", "points")} beyond the chart, up to ${farthest}`];
  }

  function step_notes(drawn) {
    const numbered = sum(drawn.map(({ series }) => (series.unstepped === series.count ? series.count : 0)));
    const carried = sum(drawn.map(({ series }) => series.unstepped)) - numbered;
    const notes = [
      [numbered, "point without a step stands at 0", "points without steps are numbered"],
      [carried, "point without a step stands at the one before", "points without a step stand at the one before"],
    ];
    return notes.filter(([number]) => number).map((note) => counted(...note));
  }

  // What must be said below a chart.
  function chart_notes(drawn, rows) {
    const earlier = finite_rows(rows).some((row) => row.earlier) ? ["earlier attempts faint"] : [];
    return [...thinning_note(drawn, rows), ...mark_notes(drawn, rows), ...earlier, ...step_notes(drawn)];
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

  // All points the page has, thinned only as the data script is; numbers that stand in for steps are left out.
  function csv_text(drawn, metric) {
    const rows = drawn.flatMap(({ run, look, series }) => {
      const [attempts, has_steps] = [attempts_of(series), series.unstepped < series.count];
      return series.values.map((value, index) =>
        [look.key, run, has_steps ? series.steps[index] : "", attempts[index], value ?? series.kinds.get(index)?.kind ?? ""]);
    });
    const line = (cells) => `${cells.map(csv_cell).join(",")}\r\n`;
    // Not a text from a log but our own word for the kind: "-Infinity" stays as it is.
    const plain = ([run, name, ...cells]) => `${[csv_cell(run), csv_cell(name), ...cells].join(",")}\r\n`;
    return line(["run", "name", "step", "attempt", metric]) + rows.map(plain).join("");
  }

  const has_whole_steps = (rows) =>
    [...finite_rows(rows), ...rows.marks].every((row) => Number.isInteger(row.step));

  // A scale from -1.7e308 to 1.7e308 is wider than any number.
  function is_drawable(rows) {
    const values = finite_rows(rows).map((row) => row.value);
    const [least, greatest] = [Math.min, Math.max].map((choose) => values.reduce((a, b) => choose(a, b), 0));
    return Number.isFinite(2 * (greatest - least));
  }

  const exports = {
    point_budget, read_series, find_block, thin, best_index, find_limit, series_rows, chart_rows, chart_notes,
    read_values, make_track, csv_cell, csv_text, finite_rows, has_whole_steps, is_drawable,
  };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
