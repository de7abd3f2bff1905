// The figures of a group of runs, and what they say about a difference; tables/group_statistics.py is its twin, holds
// the policy and names the sources. Wants format.js and student_t.js.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const CONFIDENCE = 0.95;
  const SIGNIFICANCE = 0.05;
  const MIN_RUNS = 2;
  const NOT_FINITE = ["NaN", "Infinity", "-Infinity"];
  const LARGE_INTEGER = /^-?[0-9]{16,300}$/;
  const [UPPER, LOWER] = [2 ** 400, 2 ** -400];
  const [DOWN, UP] = [2 ** -600, 2 ** 600];
  const ROUNDING = 2 ** -50;
  const DECLARED = ["settings", "record"];
  const LEAST_P_SHOWN = 0.0001;
  const [P_DIGITS, MOST_DIGITS] = [2, 17];
  const QUANTILE_DIGITS = 13;
  const confidence_factors = new Map();

  // {n, not_finite, missing, mean, sd, ci, min, max} of table values; null for what cannot be said.
  function summarise_group(values) {
    const numbers = [];
    for (const value of values) {
      const found = number_of(value);
      if (found !== null) numbers.push(found);
    }
    const finite = numbers.filter(Number.isFinite);
    const n = finite.length;
    const counts = { n, not_finite: numbers.length - n, missing: values.length - numbers.length };
    if (n === 0) return { ...counts, mean: null, sd: null, ci: null, min: null, max: null };
    let [least, greatest] = [finite[0], finite[0]];
    for (const number of finite) {
      if (number < least) least = number;
      if (number > greatest) greatest = number;
    }
    const scale = scale_of(Math.max(Math.abs(least), Math.abs(greatest)));
    const [scaled_mean, variance] = mean_and_variance(finite.map((number) => number * scale));
    const mean = Math.min(Math.max(scaled_mean / scale, least), greatest);
    if (variance === null) return { ...counts, mean, sd: null, ci: null, min: least, max: greatest };
    const sd = Math.sqrt(variance);
    const ci = confidence_factor(n) * sd;
    return { ...counts, mean, sd: sd / scale, ci: ci / scale, min: least, max: greatest };
  }

  // {t, df, p} of Welch's test of two means; null if either group has fewer than two runs.
  function welch(a, b) {
    if (a.sd === null || b.sd === null) return null;
    const difference = a.mean - b.mean;
    const spread = Math.max(a.sd, b.sd);
    const pooled_df = a.n + b.n - 2;
    if (is_rounding(a.mean, b.mean) || spread === Infinity) return { t: 0, df: pooled_df, p: 1 };
    if (spread === 0) return { t: difference > 0 ? Infinity : -Infinity, df: pooled_df, p: 0 };
    const [share_a, share_b] = [a.sd / spread, b.sd / spread];
    const [error_a, error_b] = [(share_a * share_a) / a.n, (share_b * share_b) / b.n];
    const error = error_a + error_b;
    const df = (error * error) / ((error_a * error_a) / (a.n - 1) + (error_b * error_b) / (b.n - 1));
    const ratio = Number.isFinite(difference) ? difference / spread : (a.mean / 4 - b.mean / 4) / (spread / 4);
    const t = ratio / Math.sqrt(error);
    return { t, df, p: runsite.student_t.student_t_p_value(t, df) };
  }

  function verdict(group, baseline, goal, goal_from) {
    const test = welch(group, baseline);
    if (test === null) return "not_enough_runs";
    if (is_rounding(group.mean, baseline.mean)) return "equal";
    if (test.p >= SIGNIFICANCE) return "within_noise";
    if (!goal || !DECLARED.includes(goal_from)) return test.t > 0 ? "higher" : "lower";
    return test.t > 0 === (goal === "maximize") ? "better" : "worse";
  }

  function verdict_words(group, baseline, goal, goal_from) {
    const test = welch(group, baseline);
    const counts = `n = ${runsite.format_count(group.n)} and ${runsite.format_count(baseline.n)}`;
    if (test === null) return `not enough runs to judge (${counts})`;
    const found = verdict(group, baseline, goal, goal_from);
    if (found === "equal") return `the same mean as the baseline (${counts})`;
    const difference = group.mean - baseline.mean;
    const is_noise = found === "within_noise";
    const word = is_noise ? (difference > 0 ? "higher" : "lower") : found;
    const noise = is_noise ? "within seed noise" : "beyond seed noise";
    const basis = group.sd === 0 && baseline.sd === 0 ? "no spread" : `Welch's t, ${p_text(test.p)}`;
    return `${runsite.format_number(Math.abs(difference))} ${word} than the baseline, ${noise} (${basis}, ${counts})`;
  }

  // Whether two means are one but for the rounding of sums.
  const is_rounding = (one, other) => Math.abs(one - other) <= ROUNDING * Math.max(Math.abs(one), Math.abs(other));

  function p_text(p) {
    if (p < LEAST_P_SHOWN) return `p < ${runsite.format_number(LEAST_P_SHOWN)}`;
    const bound = runsite.format_number(SIGNIFICANCE);
    for (let digits = P_DIGITS; digits < MOST_DIGITS; digits += 1) {
      const shown = runsite.format_number(p, digits);
      if (shown !== bound || p >= SIGNIFICANCE) return `p = ${shown}`;
    }
    return `p = ${runsite.format_number(p, MOST_DIGITS)}`;
  }

  function number_of(value) {
    if (typeof value === "string") return NOT_FINITE.includes(value) || LARGE_INTEGER.test(value) ? Number(value) : null;
    return typeof value === "number" ? value : null;
  }

  const scale_of = (size) => (size > UPPER ? DOWN : 0 < size && size < LOWER ? UP : 1);

  function mean_and_variance(numbers) {
    const [n, first] = [numbers.length, numbers[0]];
    let total = 0;
    for (const number of numbers) total += number - first;
    const mean = first + total / n;
    let [rest, squares] = [0, 0];
    for (const number of numbers) {
      const deviation = number - mean;
      rest += deviation;
      squares += deviation * deviation;
    }
    if (n < MIN_RUNS) return [mean, null];
    return [mean + rest / n, Math.max(squares - (rest * rest) / n, 0) / (n - 1)];
  }

  function confidence_factor(n) {
    if (!confidence_factors.has(n)) {
      const quantile = runsite.student_t.student_t_quantile(0.5 + CONFIDENCE / 2, n - 1);
      confidence_factors.set(n, Number(quantile.toPrecision(QUANTILE_DIGITS)) / Math.sqrt(n));
    }
    return confidence_factors.get(n);
  }

  const exports = { summarise_group, welch, verdict, verdict_words };
  runsite.group_statistics = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
