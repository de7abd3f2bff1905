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
  // A linear scale from zero reaches no farther: Vega doubles it on the way.
  const WIDEST = Number.MAX_VALUE / 2;
  const EXTREMES = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

  const point_budget = (runs) => Math.min(MOST_POINTS, Math.max(LEAST_POINTS, Math.floor(POINTS_PER_CARD / runs)));

  const KINDS = {
    float64: (bytes) => new Float64Array(bytes),
    float32: (bytes) => new Float32Array(bytes),
    millionths: (bytes) => new Float64Array(new Int32Array(bytes)).map((value) => value / 1e6),
  };

  const DELTAS = { int8: Int8Array, int16: Int16Array, int32: Int32Array };

  function read_bytes(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer;
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let index = 0; index < raw.length; index += 1) bytes[index] = raw.charCodeAt(index);
    return bytes.buffer;
  }

  const read_numbers = (text, kind) => KINDS[kind](read_bytes(text));

  // The base64 of little-endian numbers -> numbers, null where one is not finite, so that lines break there.
  function read_values(text, kind) {
    const numbers = read_numbers(text, kind);
    const values = new Array(numbers.length);
    for (let index = 0; index < numbers.length; index += 1) values[index] = Number.isFinite(numbers[index]) ? numbers[index] : null;
    return values;
  }

  // A column of whole numbers as differences -> its numbers; the least number of the kind stands for none, NaN.
  function add_up(start, deltas) {
    const none = -(2 ** (8 * deltas.BYTES_PER_ELEMENT - 1));
    const numbers = new Float64Array(deltas.length);
    let sum = start;
    for (let index = 0; index < deltas.length; index += 1) numbers[index] = deltas[index] === none ? NaN : (sum += deltas[index]);
    return numbers;
  }

  function even_numbers(start, stride, count) {
    const numbers = new Float64Array(count);
    for (let index = 0; index < count; index += 1) numbers[index] = start + index * stride;
    return numbers;
  }

  // A packed column of `count` numbers (charts/packing.py) -> its numbers, whole ones divided by `unit`.
  function read_column([kind, ...column], count, unit = 1) {
    if (kind === "float64") return new Float64Array(read_bytes(column[0]));
    if (kind === "whole") return Float64Array.from(column[0], Number);
    const numbers = kind === "even"
      ? even_numbers(...column, count)
      : add_up(column[0], new DELTAS[kind](read_bytes(column[1])));
    return unit === 1 ? numbers : numbers.map((number) => number / unit);
  }

  const MILLISECONDS = 1000;
  const read_times = (column, count) => read_column(column, count, MILLISECONDS);

  const read_kinds = (points) => new Map((points.non_finite ?? []).map(([index, kind, count]) => [index, { kind, count }]));

  // The payload of a data script -> its series by metric; steps above 2^53 travel as text. `from` says where the script
  // lies and when the run started, for finer levels and for relative time.
  function read_series(payload, from = {}) {
    const steps = payload.steps.map((column) => column.map(Number));
    const times = new Map();
    const times_of = (number, count) => {
      if (number === undefined) return null;
      if (!times.has(number)) times.set(number, read_times(payload.times[number], count));
      return times.get(number);
    };
    return new Map(payload.series.map(([metric, series]) => {
      const own = steps[series.steps];
      return [metric, {
        count: series.count,
        steps: own,
        times: times_of(series.times, own.length),
        values: read_values(series.values, series.kind),
        kinds: read_kinds(series),
        attempt_starts: series.attempt_starts ?? [],
        unstepped: series.unstepped ?? 0,
        levels: series.levels ?? null,
        started: payload.started ?? null,
        ...from,
      }];
    }));
  }

  // Where a run's metric lies: [address relative to series.js, key], or null when it is in series.js itself.
  function find_block(payload, metric) {
    const block = payload.blocks.find(([, , metrics]) => metrics.includes(metric));
    return block ? block.slice(0, 2) : null;
  }

  // How many points share a bucket if about `most` are drawn: a power of two.
  const thin_size = (count, most) => (count <= most ? 1 : 2 ** Math.ceil(Math.log2(count / (most / POINTS_PER_BUCKET))));

  // Chooses the indices that are drawn: of each bucket of a power of two, aligned by index, the first, least, greatest
  // and last value and one gap; and `always`.
  function thin(values, most, always = []) {
    if (values.length <= most) return Array.from(values, (_, index) => index);
    const size = thin_size(values.length, most);
    const chosen = new Uint8Array(values.length);
    for (const index of always) chosen[index] = 1;
    for (let start = 0; start < values.length; start += size) mark_bucket(values, chosen, start, Math.min(start + size, values.length));
    const kept = [];
    for (let index = 0; index < chosen.length; index += 1) if (chosen[index]) kept.push(index);
    return kept;
  }

  function mark_bucket(values, chosen, start, end) {
    let [first, least, greatest, last, gap] = [-1, -1, -1, -1, -1];
    for (let index = start; index < end; index += 1) {
      const value = values[index];
      if (!Number.isFinite(value)) {
        if (gap < 0) gap = index;
        continue;
      }
      if (first < 0) first = least = greatest = index;
      if (value < values[least]) least = index;
      if (value > values[greatest]) greatest = index;
      last = index;
    }
    for (const index of [first, least, greatest, last, gap]) if (index >= 0) chosen[index] = 1;
  }

  // The earliest of the best values; null without a goal or a finite value.
  function best_index(values, goal) {
    if (!goal) return null;
    const better = goal === "maximize" ? (a, b) => a > b : (a, b) => a < b;
    return values.reduce((best, value, index) =>
      (value !== null && (best === null || better(value, values[best])) ? index : best), null);
  }

  // The number of each index's attempt, from 1 or, in a part of a series, from its `first_attempt`;
  // a part that was put together has them ready.
  function attempts_of(series) {
    if (series.attempts) return series.attempts;
    const { attempt_starts, values } = series;
    const attempts = new Array(values.length).fill(series.first_attempt ?? 1);
    for (const start of attempt_starts) for (let index = start; index < attempts.length; index += 1) attempts[index] += 1;
    return attempts;
  }

  const last_attempt = (series) =>
    series.last_attempt ?? (series.first_attempt ?? 1) + series.attempt_starts.length;

  // Numbers with gaps filled by what stands before them; NaN before the first known one.
  function carry(numbers) {
    let before = NaN;
    return Float64Array.from(numbers, (number) => (Number.isNaN(number) ? before : (before = number)));
  }

  // The index of the first number of a rising list that is not below x.
  function find_place(sorted, x) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // A function from a step to what another series of the run has there, between two of its points on the line from one
  // to the other; NaN outside of it. Where attempts overlap, the latest counts.
  function value_at(series) {
    const { steps, values } = make_track(null, series);
    const known = values.flatMap((value, index) => (Number.isFinite(value) ? [index] : []));
    const [xs, ys] = [steps, values].map((column) => known.map((index) => column[index]));
    return (step) => {
      const place = find_place(xs, step);
      if (place === xs.length || step < xs[0]) return NaN;
      if (xs[place] === step) return ys[place];
      const share = (step - xs[place - 1]) / (xs[place] - xs[place - 1]);
      return ys[place - 1] + share * (ys[place] - ys[place - 1]);
    };
  }

  // Where each point stands on a horizontal axis; NaN is nowhere. An axis is {kind: "step"}, {kind: "relative"} (seconds
  // since the run started), {kind: "wall"} (unix seconds), or {kind: "metric", at: a function from step to value}. A point
  // without a time takes the time before it.
  function axis_places(series, axis = { kind: "step" }) {
    if (axis.kind === "step") return series.steps;
    if (axis.kind === "metric") return Float64Array.from(series.steps, axis.at);
    if (!series.times) return new Float64Array(series.steps.length).fill(NaN);
    const times = carry(series.times);
    return axis.kind === "wall" ? times : times.map((time) => time - series.started);
  }

  const on_axis = (series, axis) => ({ ...series, x: axis_places(series, axis) });

  function middle_and_most(values) {
    // A typed array sorts numbers ten times as fast.
    const sizes = Float64Array.from(values, Math.abs).sort();
    return [sizes[Math.floor(sizes.length / 2)] ?? 0, sizes.at(-1) ?? 0];
  }

  // How far from zero a run is drawn if it stands alone.
  function find_limit(values) {
    const [middle, most] = middle_and_most(values);
    return middle > 0 && most / middle > EXPLOSION ? ROOM * middle : Infinity;
  }

  // How far from zero each run of a chart is drawn. One that the scale cannot reach is drawn as far as the others are, if
  // there are any.
  function find_limits(runs, widest) {
    const is_reached = (values) => middle_and_most(values)[1] <= widest;
    const alone = runs.map((values) => Math.min(find_limit(values), is_reached(values) ? Infinity : widest));
    const [middle, most] = middle_and_most(runs.filter((_, index) => alone[index] === Infinity).flat());
    const shared = Math.max(ROOM * middle, most) || Math.max(0, ...alone.filter((limit) => limit < widest)) || Infinity;
    return alone.map((limit) => (limit === Infinity ? limit : shared));
  }

  const finite_values = (series) => series.values.filter((value) => value !== null);
  const places_of = (series) => series.x ?? series.steps;

  // Which points are drawn: those thinning keeps, but none that stands nowhere on the axis.
  function kept_points(series, most) {
    const places = places_of(series);
    const kept = thin(series.values, most, series.attempt_starts.flatMap((start) => (start ? [start - 1, start] : [0])));
    return kept.filter((index) => !Number.isNaN(places[index]));
  }

  // One run's rows: unbroken lines are parts, numbered; a part of one point is `lone`; the best point stands apart. A
  // line also breaks before each of the series' `breaks`; `best` of a part of a series is an index or null.
  function series_rows(run, series, { goal, most, limit = Infinity, kept = kept_points(series, most) }) {
    const [attempts, last, places] = [attempts_of(series), last_attempt(series), places_of(series)];
    const is_within = (index) => series.values[index] !== null && Math.abs(series.values[index]) <= limit;
    const row = (index, part) => ({
      run, x: places[index], step: series.steps[index], value: series.values[index], attempt: attempts[index],
      earlier: attempts[index] < last, part,
    });
    const breaks = [...(series.breaks ?? [])];
    const parts = [];
    let before = null;
    for (const index of kept) {
      let is_apart = before === null || attempts[index] !== attempts[before];
      for (; breaks.length && breaks[0] <= index; breaks.shift()) is_apart = true;
      if (is_within(index) && is_apart) parts.push([]);
      if (is_within(index)) parts.at(-1).push(row(index, parts.length));
      before = is_within(index) ? index : null;
    }
    const best = series.best === undefined ? best_index(series.values, goal) : series.best;
    const beyond = kept.filter((index) => series.values[index] !== null && !is_within(index));
    return {
      points: parts.filter((part) => part.length > 1).flat(),
      lone: parts.filter((part) => part.length === 1).flat(),
      best: best !== null && is_within(best) && !Number.isNaN(places[best]) ? [row(best, 0)] : [],
      marks: [...non_finite_marks(run, series), ...beyond.map((index) => beyond_mark(run, series, index))],
    };
  }

  const place_of = (run, series, index) => ({ run, x: places_of(series)[index], step: series.steps[index] });

  const non_finite_marks = (run, series) => [...series.kinds]
    .map(([index, { kind, count }]) => ({ ...place_of(run, series, index), kind, count }))
    .filter(({ x }) => !Number.isNaN(x));

  const beyond_mark = (run, series, index) =>
    ({ ...place_of(run, series, index), kind: series.values[index] > 0 ? "above" : "below", count: 1 });

  // Everything a chart draws, by the names of its data. `drawn` is [{run, series}], run being the name shown.
  function chart_rows(drawn, goal, most = point_budget(drawn.length), widest = WIDEST) {
    const kept = drawn.map(({ series }) => kept_points(series, most));
    const limits = find_limits(drawn.map(({ series }, run) =>
      kept[run].map((index) => series.values[index]).filter((value) => value !== null)), widest);
    const each = drawn.map(({ run, series }, index) =>
      series_rows(run, series, { goal, most, limit: limits[index], kept: kept[index] }));
    const all = (name) => each.flatMap((rows) => rows[name]);
    return { points: all("points"), lone: all("lone"), best: all("best"), marks: all("marks") };
  }

  const finite_rows = (rows) => [...rows.points, ...rows.lone];

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const counted = (number, singular, plural) => `${runsite.format_count(number)} ${number === 1 ? singular : plural}`;

  // "drawn from 500 of 20,000 points": a mark stands for each of its kind in its bucket. How many points a part of a
  // series has may be estimated.
  function thinning_note(drawn, rows) {
    const logged = sum(drawn.map(({ series }) => series.count));
    const shown = finite_rows(rows).length + rows.marks.length;
    const merged = sum(rows.marks.map((mark) => Math.max(0, mark.count - 1))); // some of a smoothed line stand for no point
    if (shown + merged >= logged) return [];
    const about = drawn.some(({ series }) => series.is_estimate) ? "about " : "";
    return [`drawn from ${runsite.format_count(shown)} of ${about}${counted(logged, "point", "points")}, every extreme kept`];
  }

  // Of a series that is thinned, nobody counted the points that lie beyond the chart.
  function mark_notes(drawn, rows, { is_thinned = false } = {}) {
    const count = (...kinds) => sum(rows.marks.filter((mark) => kinds.includes(mark.kind)).map((mark) => mark.count));
    const notes = [["NaN", "NaN"], ["Infinity", "∞"], ["-Infinity", "−∞"]]
      .flatMap(([kind, name]) => (count(kind) ? [`${runsite.format_count(count(kind))} × ${name}`] : []));
    const beyond = count("above", "below");
    if (!beyond) return notes;
    const values = drawn.flatMap(({ series }) => finite_values(series));
    const farthest = (further) => runsite.format_number(values.reduce((a, b) => (further(b, a) ? b : a)));
    const reach = count("above") && count("below")
      ? `from ${farthest((b, a) => b < a)} to ${farthest((b, a) => b > a)}` : `up to ${farthest((b, a) => Math.abs(b) > Math.abs(a))}`;
    const points = is_thinned ? ["drawn point", "drawn points"] : ["point", "points"];
    return [...notes, `${counted(beyond, ...points)} beyond the chart, ${reach}`];
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
    const thinned = thinning_note(drawn, rows);
    return [...thinned, ...mark_notes(drawn, rows, { is_thinned: thinned.length > 0 }), ...earlier, ...step_notes(drawn)];
  }

  // A run's points for reading: by their place on the axis, and where attempts overlap the latest one.
  function make_track(run, series) {
    const places = places_of(series);
    const order = Array.from(places, (_, index) => index).filter((index) => !Number.isNaN(places[index]));
    const is_rising = order.every((index, place) => place === 0 || places[order[place - 1]] < places[index]);
    if (!is_rising) order.sort((a, b) => places[a] - places[b] || a - b);
    const kept = is_rising ? order : order.filter((index, place) => places[order[place + 1]] !== places[index]);
    return {
      run,
      steps: kept.map((index) => places[index]),
      values: kept.map((index) => series.values[index] ?? EXTREMES.get(series.kinds.get(index)?.kind) ?? null),
    };
  }

  // Why neither a line nor a band is drawn; null where one is. What a logarithmic scale has no place for is marked at its edge.
  function lack_of(rows) {
    if (finite_rows(rows).length || rows.others.length || rows.bands.length) return null;
    return rows.marks.some(({ kind }) => kind === "not_positive") ? "No value above 0, which a log axis needs" : "No finite value";
  }

  const has_whole_steps = (rows) =>
    [...finite_rows(rows), ...rows.marks].every((row) => Number.isInteger(row.x));

  // A scale from -1.7e308 to 1.7e308 is wider than any number; the steps between ticks of one narrower than this are too
  // small for a double to divide by.
  const NARROWEST = 1e-305;

  // How the ends of so wide a linear scale lie that it cannot be drawn, "too far apart" or "too close together"; null for
  // all others.
  function span_misfit(span) {
    if (2 * span === Infinity) return "too far apart";
    return span > 0 && span < NARROWEST ? "too close together" : null;
  }

  // The same of rows. A logarithmic scale holds every number above zero.
  function misfit(rows, scales) {
    const all = [...finite_rows(rows), ...(rows.others ?? [])];
    const columns = [["y", all.map(({ value }) => value)], ["x", all.map(({ x }) => x)]];
    const linear = columns.filter(([axis]) => scales?.[axis] !== "log").map(([, numbers]) => numbers);
    const is_far = (numbers) => 2 * span_of([0, ...numbers]) === Infinity;
    return linear.map((numbers) => span_misfit(span_of(numbers)) ?? (is_far(numbers) ? "too far from zero" : null)).find(Boolean) ?? null;
  }

  function span_of(numbers) {
    const [least, greatest] = [Math.min, Math.max].map((choose) => numbers.reduce((a, b) => choose(a, b), numbers[0]));
    return greatest - least;
  }

  const exports = {
    point_budget, read_series, find_block, thin, thin_size, best_index, find_limit, series_rows, chart_rows, chart_notes, mark_notes, thinning_note,
    read_bytes, read_values, read_column, read_times, read_numbers, read_kinds, value_at, on_axis, axis_places, places_of,
    attempts_of, last_attempt, find_place, make_track, finite_rows, lack_of, has_whole_steps, span_misfit, misfit,
  };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
