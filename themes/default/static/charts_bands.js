// Bands over groups of runs: the mean of a group's curves and how far they spread around it. Pure functions.
//
// Runs rarely log at the same places, so each is read on a common grid: the places of all runs where these are few, else
// as many even ones. Between two neighbouring points a run is read on the line from one to the other; before its first and
// after its last point, and next to a value that is not finite, it says nothing and is not counted there.
//
//   min_max   the least and the greatest value; at each place also those of all points between its two neighbours, so that no
//             point lies outside of the band, however few the places are
//   sd        mean ± standard deviation of the runs (n - 1)
//   ci        95 % confidence interval of the mean by Student's t
//
// Figures are those of group_statistics.js, so that a band agrees with the table's figures of the same runs.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // A band is some 300 pixels wide.
  const MOST_PLACES = 256;
  const MOST_MARKS = 100;
  const BANDS = ["min_max", "sd", "ci"];

  // The places at which the curves of a group are read.
  function common_grid(tracks, most = MOST_PLACES) {
    const places = [...new Set(tracks.flatMap((track) => track.steps))].sort((a, b) => a - b);
    if (places.length <= most) return places;
    const [least, greatest] = [places[0], places.at(-1)];
    return Array.from({ length: most }, (_, index) => (index === most - 1 ? greatest : least + (index / (most - 1)) * (greatest - least)));
  }

  // What a track says at each place of a rising grid; null where it says nothing.
  function read_at({ steps, values }, grid) {
    let next = 0;
    return grid.map((x) => {
      while (next < steps.length && steps[next] < x) next += 1;
      if (next === steps.length) return null;
      if (steps[next] === x) return Number.isFinite(values[next]) ? values[next] : null;
      if (next === 0 || !Number.isFinite(values[next]) || !Number.isFinite(values[next - 1])) return null;
      const share = (x - steps[next - 1]) / (steps[next] - steps[next - 1]);
      return values[next - 1] * (1 - share) + values[next] * share;
    });
  }

  // The least and the greatest finite value of all points between the neighbours of each place; `joins` says whether a point
  // lies between a place and the one before.
  function extremes_around(tracks, grid) {
    const [low, high] = [grid.map(() => Infinity), grid.map(() => -Infinity)];
    const joins = grid.map(() => false);
    const add = (place, value) => {
      low[place] = Math.min(low[place], value);
      high[place] = Math.max(high[place], value);
    };
    for (const { steps, values } of tracks) {
      let next = 0;
      steps.forEach((x, index) => {
        while (grid[next] < x) next += 1;
        if (!Number.isFinite(values[index]) || next === grid.length) return;
        add(next, values[index]);
        if (grid[next] === x || next === 0) return;
        add(next - 1, values[index]);
        joins[next] = true;
      });
    }
    return { low, high, joins };
  }

  function spread_of({ mean, sd, ci, min, max }, kind) {
    if (kind === "min_max") return [min, max];
    const half = (kind === "sd" ? sd : ci) ?? 0;
    return [mean - half, mean + half];
  }

  function widen([low, high], least, greatest) {
    if (least > greatest) return [low, high];
    return low === null ? [least, greatest] : [Math.min(low, least), Math.max(high, greatest)];
  }

  // What is not finite in the runs of a group, at its place: [{x, kind, count}, ...]. One stands for all of a kind in its
  // hundredth of the axis.
  function band_marks(lines) {
    const marks = lines.flatMap(({ series }) => [...series.kinds].map(([index, { kind, count }]) => ({ x: (series.x ?? series.steps)[index], kind, count })))
      .filter(({ x }) => !Number.isNaN(x)).sort((a, b) => a.x - b.x);
    const width = marks.length ? (marks.at(-1).x - marks[0].x) / MOST_MARKS || 1 : 1;
    const merged = new Map();
    for (const mark of marks) {
      const bucket = `${mark.kind} ${Math.min(MOST_MARKS - 1, Math.floor((mark.x - marks[0].x) / width))}`;
      if (merged.has(bucket)) merged.get(bucket).count += mark.count;
      else merged.set(bucket, mark);
    }
    return [...merged.values()];
  }

  // The band of some tracks: columns x, mean, low, high (null where no run says anything) and n. Where no run leads from one
  // place to the next, the band breaks: a line between two runs would be nobody's.
  function band_of(tracks, kind, grid = common_grid(tracks)) {
    const read = tracks.map((track) => read_at(track, grid));
    const around = kind === "min_max" ? extremes_around(tracks, grid) : null;
    const band = { x: [], mean: [], low: [], high: [], n: [] };
    const add = (x, mean, [low, high], n) => {
      for (const [name, value] of Object.entries({ x, mean, low, high, n })) band[name].push(value);
    };
    grid.forEach((x, place) => {
      const is_joined = place === 0 || around?.joins[place] || read.some((values) => values[place] !== null && values[place - 1] !== null);
      if (!is_joined) add((grid[place - 1] + x) / 2, null, [null, null], 0);
      const figures = runsite.group_statistics.summarise_group(read.map((values) => values[place]).filter((value) => value !== null));
      const spread = figures.n ? spread_of(figures, kind) : [null, null];
      add(x, figures.mean, around ? widen(spread, around.low[place], around.high[place]) : spread, figures.n);
    });
    return band;
  }

  // The mean of a band as a series, to be drawn like that of a run.
  function band_series(band) {
    return {
      count: band.x.length, steps: band.x, x: band.x, values: band.mean, kinds: new Map(), times: null, attempt_starts: [],
      unstepped: 0, levels: null, started: null,
    };
  }

  // The rows of a band's area, a part for each unbroken stretch.
  function band_rows(run, band) {
    const rows = [];
    let part = 0;
    band.x.forEach((x, place) => {
      if (band.low[place] === null) part += 1;
      else rows.push({ run, x, low: band.low[place], high: band.high[place], part });
    });
    return rows;
  }

  const exports = { common_grid, read_at, band_of, band_marks, band_series, band_rows, BANDS };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
