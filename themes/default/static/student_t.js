// Student's t distribution; tables/student_t.py is its twin, holds the policy and names the sources.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const MAX_DF = 1e30;
  const EPSILON = 2 ** -52;
  const TINY = 1e-300;
  const SERIES_FROM = 20;
  const MAX_TERMS = 1000;
  const MAX_NEWTON_STEPS = 100;
  const SHORT_STEP = 1e-10;

  // The chance of a t at least this far from 0, in either direction.
  function student_t_p_value(t, df) {
    if (Number.isNaN(t) || !(df > 0)) return NaN;
    if (!Number.isFinite(t)) return 0;
    return Math.exp(log_probabilities(Math.abs(t), df)[1]);
  }

  // The t below which lies the share p of the distribution.
  function student_t_quantile(p, df) {
    if (!(0 <= p && p <= 1 && df > 0)) return NaN;
    if (p === 0.5) return 0;
    if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
    const tail = p < 0.5 ? 2 * p : 2 * (1 - p);
    const size = tail <= 0.5 ? solve(tail, df, true) : solve(1 - tail, df, false);
    return p < 0.5 ? -size : size;
  }

  // The t > 0 outside of which, or else within which, lies that share.
  function solve(probability, df, outside) {
    const wanted = Math.log(probability);
    let t = outside ? Math.sqrt(-2 * wanted) : probability;
    for (let tried = 0; tried < MAX_NEWTON_STEPS; tried += 1) {
      const [log_slope, log_outside, log_within] = log_probabilities(t, df);
      const found = outside ? log_outside : log_within;
      const rise = (found - wanted) / (2 * Math.exp(log_slope - found));
      const step = outside ? rise : -rise;
      t *= Math.exp(Math.min(step, 700));
      if (Math.abs(step) < SHORT_STEP || t === Infinity) break;
    }
    return t;
  }

  // The logarithms of t times the density at t, and of the shares outside of ±t and within.
  function log_probabilities(t, any_df) {
    const df = Math.min(any_df, MAX_DF);
    const [a, r] = [df / 2, Math.min(t / Math.sqrt(df), Number.MAX_VALUE)];
    if (r === 0) return [-Infinity, 0, -Infinity];
    const small = r > 1 ? (1 / r) * (1 / r) : r * r;
    const log_x = r > 1 ? -(2 * Math.log(r) + Math.log1p(small)) : -Math.log1p(small);
    const [x, y] = r > 1 ? [small / (1 + small), 1 / (1 + small)] : [1 / (1 + small), small / (1 + small)];
    const root_y = r > 1 ? 1 / Math.sqrt(1 + small) : r / Math.sqrt(1 + small);
    const log_front = a * log_x + Math.log((root_y * gamma_ratio(a)) / Math.sqrt(Math.PI));
    if (y > 1.5 / (a + 2.5)) {
      const log_outside = log_front - Math.log(beta_fraction(a, 0.5, x, y));
      return [log_front, log_outside, Math.log1p(-Math.exp(log_outside))];
    }
    const log_within = log_front - Math.log(beta_fraction(0.5, a, y, x));
    return [log_front, Math.log1p(-Math.exp(log_within)), log_within];
  }

  // x^a y^b / (B(a, b) I_x(a, b)), where y is 1 - x.
  function beta_fraction(a, b, x, y) {
    let value = (a * (a * y - b * x + 1)) / (a + 1);
    let [numerator, denominator] = [value, 0];
    for (let m = 1; m < MAX_TERMS; m += 1) {
      const odd = a + 2 * m - 1;
      const above = ((a + m - 1) / odd) * ((a + b + m - 1) / odd) * (m * (b - m) * x * x);
      const below = m + (m * (b - m) * x) / odd + ((a + m) * (a * y - b * x + 1 + m * (2 - x))) / (odd + 2);
      denominator = 1 / (below + above * denominator || TINY);
      numerator = below + above / numerator || TINY;
      const change = numerator * denominator;
      value *= change;
      if (Math.abs(change - 1) < EPSILON) break;
    }
    return value;
  }

  // Γ(a + 1/2) / Γ(a).
  function gamma_ratio(wanted) {
    let [ratio, a] = [1, wanted];
    for (; a < SERIES_FROM; a += 1) ratio *= a / (a + 0.5);
    const z = 1 / (a * a);
    const series = (-1 / 8 + z * (1 / 192 + z * (-1 / 640 + z * (17 / 14336 - (z * 31) / 18432)))) / a;
    return ratio * Math.sqrt(a) * Math.exp(series);
  }

  const exports = { student_t_p_value, student_t_quantile };
  runsite.student_t = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
