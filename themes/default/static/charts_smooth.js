// Smoothing of curves. Pure functions from a series to one of smoothed values.
//
// Each method weighs points by how far apart they stand on the axis, never by how many lie between: a run that logs twice
// as often, or loses points to thinning, is smoothed alike. One width serves all, in per cent of the axis that is drawn.
//
//   ema        exponential moving average, time-weighted and unbiased at its start: a point one width back counts half.
//              As pandas' `ewm(halflife=, times=, adjust=True)`, and what TensorBoard and Weights & Biases call smoothing
//              (time-weighted EMA with debiasing). It lags behind.
//   gaussian   weights of a normal distribution around each point, the width its standard deviation, cut off at four of
//              them and normalised by what is there (Nadaraya 1964, Watson 1964). On even points scipy's
//              `gaussian_filter1d` of the values over that of ones. It does not lag.
//   median     the middle of the values within half a width to either side (running median, Tukey 1977). It drops spikes
//              and keeps edges. On even points pandas' centred `rolling(window).median()`.
//
// What is not finite takes no part, and the line breaks there. An attempt is smoothed by itself.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const { find_place, places_of } = typeof module === "undefined" ? charts : require("./charts_data.js");

  const TRUNCATE = 4;

  function ema(xs, values, half_life) {
    let [total, weight, before] = [0, 0, null];
    return values.map((value, index) => {
      const fade = before === null ? 1 : 0.5 ** (Math.abs(xs[index] - before) / half_life);
      before = xs[index];
      total = total * fade + value;
      weight = weight * fade + 1;
      return total / weight;
    });
  }

  // Calls `found(index, start, end)` with the points from start up to end that stand within `reach` of each; xs rise.
  function each_window(xs, reach, found) {
    let [start, end] = [0, 0];
    for (let index = 0; index < xs.length; index += 1) {
      while (xs[start] < xs[index] - reach) start += 1;
      while (end < xs.length && xs[end] <= xs[index] + reach) end += 1;
      found(index, start, end);
    }
  }

  function gaussian(xs, values, deviation) {
    const smoothed = new Array(values.length);
    each_window(xs, TRUNCATE * deviation, (index, start, end) => {
      let [total, weight] = [0, 0];
      for (let other = start; other < end; other += 1) {
        const away = (xs[other] - xs[index]) / deviation;
        const share = Math.exp(-0.5 * away * away);
        total += share * values[other];
        weight += share;
      }
      smoothed[index] = total / weight;
    });
    return smoothed;
  }

  // The values of the window are kept in order: a point that comes or goes costs a search and a shift.
  function median(xs, values, width) {
    const smoothed = new Array(values.length);
    const window = [];
    let [held_start, held_end] = [0, 0];
    each_window(xs, width / 2, (index, start, end) => {
      for (; held_end < end; held_end += 1) window.splice(find_place(window, values[held_end]), 0, values[held_end]);
      for (; held_start < start; held_start += 1) window.splice(find_place(window, values[held_start]), 1);
      const middle = window.length >> 1;
      smoothed[index] = window.length % 2 ? window[middle] : window[middle - 1] / 2 + window[middle] / 2;
    });
    return smoothed;
  }

  const METHODS = { ema, gaussian, median };

  // Smooths the finite values of one attempt into `smoothed`. An axis that goes back is read in its own order.
  function smooth_attempt(xs, values, { start, end }, smooth, smoothed) {
    const kept = [];
    for (let index = start; index < end; index += 1) if (Number.isFinite(values[index]) && !Number.isNaN(xs[index])) kept.push(index);
    const is_rising = kept.every((index, place) => place === 0 || xs[kept[place - 1]] <= xs[index]);
    if (!is_rising) kept.sort((a, b) => xs[a] - xs[b] || a - b);
    const found = smooth(kept.map((index) => xs[index]), kept.map((index) => values[index]));
    kept.forEach((index, place) => { smoothed[index] = found[place]; });
  }

  // A series with smoothed values, null where its own are not finite; `range` is the length of the axis.
  function smooth_series(series, { method, width }, range) {
    const reach = (width / 100) * range;
    const smoothed = new Array(series.values.length).fill(null);
    const starts = [...new Set([0, ...series.attempt_starts])];
    const smooth = reach > 0 ? (xs, values) => METHODS[method](xs, values, reach) : (_, values) => values;
    starts.forEach((start, place) => {
      smooth_attempt(places_of(series), series.values, { start, end: starts[place + 1] ?? smoothed.length }, smooth, smoothed);
    });
    return { ...series, values: smoothed, kinds: new Map(), count: smoothed.length, levels: null };
  }

  const exports = { ema, gaussian, median, smooth_series, SMOOTHING_METHODS: Object.keys(METHODS) };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
