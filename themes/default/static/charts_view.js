// From what the address says and the series of runs to what a chart draws: rows, domains, scales, notes. Pure functions,
// the same in a browser and outside of one. Wants charts_data, _axis, _smooth, _bands, and group_statistics for bands.
//
// A state is {x: null | "step" | "relative" | "wall" | "metric:NAME", x_log, y_log, smooth: null | {method, width}, band:
// null | "min_max" | "sd" | "ci", others: whether further runs stand behind in grey}. What is null is as usual. Of more than
// 100 lines the first 100 stand in grey behind the mean and the band of all.
//
// A line is {run: the name shown, look: the run, series: as read_series gives it} and, where the axis is a metric,
// x_series: the run's series of that metric. `chart_of` hands out
//   lines     those drawn, standing on the axis; with `smooth`, a series of its own, or `band` where they are groups
//   rows      data by the names that charts/kinds.py lists
//   domains   {x, y}: [from, to], or null where Vega is to find it
//   further   {rows, notes} of further runs, which a zoom never changes; `others` has also drawn runs that are grey
//   axis, scales {x, y}: "linear" | "log", extent [from, to] of the axis, runs, metric, notes, state
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // At full size further runs have twice the points of the runs drawn, since they may be ten times as many.
  const OTHERS_AT_FULL_SIZE = 20_000;
  const MOST_OTHERS = 100;
  const SCALE_MARKS = 100;
  const MOST_LINES = 100;
  const [LEAST_WIDTH, MOST_WIDTH] = [0.1, 50];
  const LOG_MARGIN = 0.04;
  // Where a band ends that a logarithmic axis cannot show the end of.
  const BELOW_ALL = Number.MIN_VALUE;
  const BAND_WORDS = { min_max: "mean, least to greatest", sd: "mean ± standard deviation", ci: "mean and its 95 % interval" };

  const is_axis = (text) => ["step", "relative", "wall"].includes(text) || (text?.startsWith(charts.METRIC_AXIS) && text.length > charts.METRIC_AXIS.length);

  // "ema:2" -> {method, width in per cent of the axis}; null for anything else.
  function parse_smoothing(text) {
    const [method, width] = (text ?? "").split(":");
    const number = Number(width);
    return charts.SMOOTHING_METHODS.includes(method) && width?.trim() && number >= LEAST_WIDTH && number <= MOST_WIDTH ? { method, width: number } : null;
  }

  // From the address, anything with `get(name)`.
  function read_chart_state(fragment) {
    const text = (name) => fragment.get(name) ?? null;
    return {
      x: is_axis(text("x")) ? text("x") : null,
      x_log: text("x_scale") === "log",
      y_log: text("y_scale") === "log",
      smooth: parse_smoothing(text("smooth")),
      band: charts.BANDS.includes(text("band")) ? text("band") : null,
      others: text("others") === "grey",
    };
  }

  // The other way: pairs [name, text], null where the chart is as usual.
  const chart_pairs = ({ x, x_log, y_log, smooth, band, others }) => [
    ["x", x], ["x_scale", x_log ? "log" : null], ["y_scale", y_log ? "log" : null],
    ["smooth", smooth ? `${smooth.method}:${smooth.width}` : null], ["band", band], ["others", others ? "grey" : null],
  ];

  // Lines on an axis.

  function place_line(line, axis) {
    const at = axis.kind === "metric" ? (line.x_series ? charts.value_at(line.x_series) : () => NaN) : undefined;
    const own = { kind: axis.kind, at };
    const stands = axis.kind !== "relative" || line.series.started !== null;
    const series = stands ? charts.on_axis(line.series, own) : { ...line.series, x: line.series.steps.map(() => NaN) };
    return { ...line, series, axis: own };
  }

  const stands_somewhere = ({ series }) => charts.places_of(series).some((x) => !Number.isNaN(x));

  // A series that knows its best point: what a scale cannot show may be better than all that it shows.
  const with_best = (series, goal) => (series.best === undefined ? { ...series, best: charts.best_index(series.values, goal) } : series);

  // A series as a logarithmic scale can show it: what is zero or below is taken out of the line and marked instead, one
  // mark for a stretch of its points; what stands at zero or below on the axis is counted as `left`.
  function hold_to_scales(series, { x_log, y_log }) {
    const held = y_log ? without_low_values(series) : series;
    if (!x_log) return held;
    const places = charts.places_of(held);
    const left = places.reduce((count, x) => count + (x <= 0), 0);
    return left ? { ...held, x: Array.from(places, (x) => (x > 0 ? x : NaN)), left } : held;
  }

  function without_low_values(series) {
    if (!series.values.some((value) => value !== null && !(value > 0))) return series;
    const kinds = new Map(series.kinds);
    const stretch = Math.max(1, Math.ceil(series.values.length / SCALE_MARKS));
    const marks = new Map();
    const values = Array.from(series.values, (value, index) => {
      if (value === null || value > 0 || Number.isNaN(value)) return value;
      const place = Math.floor(index / stretch);
      if (marks.has(place)) marks.get(place).count += 1;
      else kinds.set(index, marks.set(place, { kind: "not_positive", count: 1 }).get(place));
      return null;
    });
    const best = series.best !== undefined && series.best !== null && values[series.best] === null ? null : series.best;
    return { ...series, values, kinds, ...(best === undefined ? {} : { best }) };
  }

  // A series to be read by its places: all values stay, what a logarithmic axis cannot place does not.
  const held_places = (series, { x_log }) => (x_log ? { ...series, x: hold_to_scales(series, { x_log, y_log: false }).x ?? charts.places_of(series) } : series);

  // The least and the greatest place of some lines.
  function extent_of(lines) {
    let [least, greatest] = [Infinity, -Infinity];
    for (const { series } of lines) {
      for (const x of charts.places_of(series)) {
        if (x < least) least = x;
        if (x > greatest) greatest = x;
      }
    }
    return least <= greatest ? [least, greatest] : null;
  }

  function smooth_lines(lines, smoothing) {
    if (!smoothing) return lines;
    const extent = extent_of(lines);
    const range = extent ? extent[1] - extent[0] : 0;
    return lines.map((line) => ({ ...line, smooth: charts.smooth_series(line.series, smoothing, range) }));
  }

  // Groups [{name, look, lines}] as lines of their means. A member that stands nowhere on the axis is left out.
  function group_lines(groups, axis, kind) {
    return groups.flatMap(({ name, look, lines, is_crowd = false }) => {
      const placed = lines.map((line) => place_line(line, axis)).filter(stands_somewhere);
      if (!placed.length) return [];
      const band = charts.band_of(placed.map((line) => charts.make_track(line.look, line.series)), kind);
      const marks = charts.band_marks(placed).map((mark) => ({ ...mark, run: name, step: mark.x }));
      return [{ run: name, look, series: charts.band_series(band), axis: { kind: "step" }, band, marks, members: placed.length, is_crowd }];
    });
  }

  // Rows.

  // A logarithmic scale reaches every value.
  const widest_of = ({ y_log }) => (y_log ? Infinity : undefined);

  // What lines draw, already cut and thinned: the rows of points, and where they are smoothed the raw ones behind. `most`
  // is how many points a line may have.
  function line_rows(lines, metric, state, most) {
    const own = charts.chart_rows(lines.map((line) => ({ ...line, series: hold_to_scales(with_best(line.series, metric.goal), state) })), metric.goal, most, widest_of(state));
    own.marks.push(...lines.flatMap((line) => line.marks ?? []).filter(({ x }) => !state.x_log || x > 0));
    const rows = { ...own, raw: [], seams: lines.flatMap(({ run, series }) => seam_rows(run, series)), bands: [] };
    if (!lines.some((line) => line.smooth)) return rows;
    const smooth = charts.chart_rows(lines.map((line) => ({ run: line.run, series: hold_to_scales(line.smooth ?? line.series, state) })), null, most, widest_of(state));
    // Where a smoothed line leaves the chart no point does.
    const leaving = smooth.marks.filter(({ kind }) => kind === "above" || kind === "below").map((mark) => ({ ...mark, count: 0 }));
    return { ...rows, raw: own.points, points: smooth.points, marks: [...own.marks, ...leaving] };
  }

  // Lines beyond those that have a colour stand behind all others, fainter and without their best points: their points
  // become further `others`. A further run may be called as one of them is, so theirs are parts below zero.
  function set_back(rows, lines) {
    const grey = new Set(lines.filter(({ look }) => look?.colour === null).map(({ run }) => run));
    if (!grey.size) return rows;
    const has_colour = grey.size < lines.length;
    const [points, back] = [rows.points.filter(({ run }) => !grey.has(run)), rows.points.filter(({ run }) => grey.has(run))];
    return {
      ...rows, points, best: has_colour ? rows.best.filter(({ run }) => !grey.has(run)) : rows.best,
      others: [...rows.others, ...back.map(({ run, x, value, part }) => ({ run, x, value, part: -part }))],
    };
  }

  const seam_rows = (run, series) => series.attempt_starts
    .filter((start) => start > 0 && !Number.isNaN(charts.places_of(series)[start]))
    .map((start) => ({ run, x: charts.places_of(series)[start], step: series.steps[start] }));

  // Points that a logarithmic axis cannot place, at its left end.
  function left_marks(lines, state, least) {
    if (!state.x_log || least === undefined) return [];
    return lines.flatMap(({ run, series }) => {
      const { left } = hold_to_scales(series, state);
      return left ? [{ run, x: least, step: series.steps[0], kind: "left", count: left }] : [];
    });
  }

  // Further runs beside groups of which none has logged the metric may be drawn as lines after all.
  function not_among(others, lines) {
    const drawn = new Set(lines.map(({ look }) => look.key));
    return others.filter(({ look }) => !drawn.has(look.key));
  }

  // How many points each of `count` further runs has: as many as if they were the runs drawn.
  const other_budget = (count, is_full) => Math.max(charts.point_budget(count), is_full ? Math.floor(OTHERS_AT_FULL_SIZE / count) : 0);

  // Further runs in grey, and what must be said of them; `drawn` are the lines in front.
  function other_rows(others, axis, state, { drawn, is_full }) {
    const lines = others.map((line) => place_line(line, axis)).filter(stands_somewhere);
    if (!lines.length) return { rows: [], notes: [] };
    const held = lines.map((line) => ({ ...line, series: hold_to_scales(line.series, state) }));
    const found = charts.chart_rows(held, null, other_budget(lines.length, is_full), widest_of(state));
    const what = drawn[0]?.is_crowd ? `${runsite.format_count(lines.length)} of them` : counted(lines.length, "other", "others");
    const note = [`${what} in grey`, ...charts.thinning_note(held.map(count_placed), found)].join(", ");
    return { rows: found.points.map(({ run, x, value, part }) => ({ run, x, value, part })), notes: [note] };
  }

  function range_of(rows, fields, is_wanted) {
    let [least, greatest] = [Infinity, -Infinity];
    for (const row of rows) {
      for (const field of fields) {
        if (!is_wanted(row[field]) || ((field === "low" || field === "high") && row[field] === BELOW_ALL)) continue;
        if (row[field] < least) least = row[field];
        if (row[field] > greatest) greatest = row[field];
      }
    }
    return least <= greatest ? [least, greatest] : null;
  }

  function log_domain(range) {
    if (!range) return null;
    const margin = (range[1] / range[0]) ** LOG_MARGIN;
    const [from, to] = margin > 1 && Number.isFinite(margin) ? [range[0] / margin, range[1] * margin] : [range[0] / 2, range[1] * 2];
    return [Math.max(from, Number.MIN_VALUE), Math.min(to, Number.MAX_VALUE)];
  }

  // The domains that Vega must be told: those of times, whose ticks are ours, and of logarithmic scales.
  function domains_of(rows, axis, state) {
    const lines = [...rows.points, ...rows.lone, ...rows.raw, ...rows.others];
    const is_positive = (number) => number > 0;
    const wants_x = state.x_log || axis.kind === "relative" || axis.kind === "wall";
    const x = wants_x ? range_of([...lines, ...rows.marks, ...rows.bands], ["x"], state.x_log ? is_positive : () => true) : null;
    const y = state.y_log ? log_domain(range_of([...lines, ...rows.bands], ["value", "low", "high"], is_positive)) : null;
    return { x: x && x[0] < x[1] ? x : null, y };
  }

  // Notes.

  const counted = (number, singular, plural) => `${runsite.format_count(number)} ${number === 1 ? singular : plural}`;
  const count_marks = (rows, kind) => rows.marks.reduce((total, mark) => total + (mark.kind === kind ? mark.count : 0), 0);

  function scale_notes(rows, axis) {
    const axis_words = axis.kind === "metric" ? axis.label : axis.kind === "step" ? "step" : "time";
    const low = count_marks(rows, "not_positive");
    const left = count_marks(rows, "left");
    const open = new Set(rows.bands.filter((row) => row.low === BELOW_ALL).map(({ run }) => run)).size;
    return [
      ...(low ? [`${runsite.format_count(low)} × ≤ 0 at the lower edge`] : []),
      ...(open ? [`${counted(open, "band reaches", "bands reach")} down to ≤ 0`] : []),
      ...(left ? [`${counted(left, "point", "points")} at ${axis_words} ≤ 0 at the left edge`] : []),
    ];
  }

  const SMOOTHING_WORDS = { ema: "half-life", gaussian: "Gaussian", median: "median" };
  const smoothing_note = ({ method, width }) => `smoothed, ${SMOOTHING_WORDS[method]} ${width} % of the axis`;

  // What must be said below a chart; `lines` and `rows` may be those of a zoom.
  function view_notes(lines, rows, { state, axis }) {
    const notes = lines.some((line) => line.band) ? band_notes(lines, state) : charts.chart_notes(lines.map(count_placed), rows);
    const seams = rows.seams.length ? [`${counted(rows.seams.length, "restart", "restarts")} marked`] : [];
    return [...notes, ...scale_notes(rows, axis), ...seams, ...(state.smooth ? [smoothing_note(state.smooth)] : [])];
  }

  function band_notes(lines, { band }) {
    const runs = lines.reduce((total, { members }) => total + members, 0);
    const what = lines[0].is_crowd ? counted(runs, "run", "runs") : `${counted(lines.length, "group", "groups")} of ${counted(runs, "run", "runs")}`;
    const lost = charts.mark_notes([], { marks: lines.flatMap(({ marks }) => marks) });
    return [`${what}: ${BAND_WORDS[band]}`, ...lost.map((note) => `${note} in these runs`)];
  }

  function unplaced_note(lines, drawn, axis) {
    const missing = lines.length - drawn.length;
    const what = axis.kind === "metric" ? axis.label : "times";
    return missing ? [`${counted(missing, "run", "runs")} without ${what} not drawn`] : [];
  }

  const count_nowhere = ({ series }) => charts.places_of(series).reduce((count, x) => count + Number.isNaN(x), 0);
  const count_placed = (line) => ({ ...line, series: { ...line.series, count: line.series.count - count_nowhere(line) } });

  // Points without a place: before the first point of the metric on the axis, after its last.
  function nowhere_note(lines, axis) {
    if (axis.kind === "step") return [];
    const nowhere = lines.reduce((total, line) => total + count_nowhere(line), 0);
    return nowhere ? [`${counted(nowhere, "point stands", "points stand")} nowhere on this axis`] : [];
  }

  // The chart of a metric. `groups` stand in the place of lines where a band is asked for; `others` are further lines, grey.
  function chart_of(lines, metric, wanted, options = {}) {
    return lines.length > MOST_LINES && !(wanted.band && options.groups?.length) ? chart_of_crowd(lines, metric, wanted, options) : chart_of_lines(lines, metric, wanted, options);
  }

  const crowd_look = (name) => ({ key: name, name, href: "", series: "", colour: 0, dash: 0 });
  const crowd_name = (runs) => `mean of ${runsite.format_count(runs)} runs`;

  function chart_of_crowd(lines, metric, wanted, options) {
    const name = crowd_name(lines.length);
    const crowd = { name, look: crowd_look(name), lines, is_crowd: true };
    return chart_of_lines([], metric, { ...wanted, band: wanted.band ?? "min_max", others: true }, { ...options, groups: [crowd], others: lines });
  }

  function chart_of_lines(lines, metric, wanted, { groups = [], others = [], label_of, most } = {}) {
    const axis = charts.axis_of(metric, wanted.x, label_of);
    // Dates have no logarithm.
    const state = axis.kind === "wall" ? { ...wanted, x_log: false } : wanted;
    const has_bands = Boolean(state.band) && groups.length > 0;
    const placed = has_bands ? group_lines(groups, axis, state.band) : lines.map((line) => place_line(line, axis)).filter(stands_somewhere);
    const drawn = smooth_lines(placed, state.smooth);
    const own = line_rows(drawn, metric, state, most ?? charts.point_budget(lines.length));
    const behind = has_bands ? others : not_among(others, lines);
    const grey = other_rows(state.others ? behind.slice(0, MOST_OTHERS) : [], axis, state, { drawn, is_full: most !== undefined });
    const bands = drawn.filter((line) => line.band).flatMap((line) => held_band(charts.band_rows(line.run, line.band), state));
    const rows = { ...own, bands, others: grey.rows };
    rows.marks = [...rows.marks, ...left_marks(drawn, state, range_of([...rows.points, ...rows.lone, ...rows.marks], ["x"], (x) => x > 0)?.[0])];
    const notes = [
      ...view_notes(drawn, rows, { state, axis }),
      ...grey.notes,
      ...(has_bands ? [] : [...unplaced_note(lines, drawn, axis), ...nowhere_note(drawn, axis)]),
    ];
    return {
      metric, lines: drawn, rows: set_back(rows, drawn), further: grey, axis, state, notes, domains: domains_of(rows, axis, state), runs: drawn.map((line) => line.look),
      extent: extent_of(state.x_log ? drawn.map(({ series }) => ({ series: hold_to_scales(series, state) })) : drawn),
      scales: { x: state.x_log ? "log" : "linear", y: state.y_log ? "log" : "linear" },
    };
  }

  // A band as logarithmic scales can show it: an end of it at zero or below lies beyond the lower edge of the plot, however
  // far down a zoom shows the axis. Bands of which nothing lies above zero are none.
  function held_band(rows, { y_log, x_log }) {
    const seen = x_log ? rows.filter(({ x }) => x > 0) : rows;
    if (y_log && !seen.some(({ high }) => high > 0)) return [];
    const held = (value) => Math.max(value, BELOW_ALL);
    return y_log ? seen.map((row) => ({ ...row, low: held(row.low), high: held(row.high) })) : seen;
  }

  const exports = {
    read_chart_state, chart_pairs, parse_smoothing, chart_of, place_line, line_rows, set_back, view_notes, hold_to_scales, held_places, crowd_look, crowd_name, extent_of, range_of, log_domain, MOST_OTHERS, MOST_LINES,
  };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
