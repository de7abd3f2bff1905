// Correlations of ranks, with how sure they are. Pure functions, held against SciPy by tests/charts/test_relations.py.
//
// Numbers with numbers: Spearman's rank correlation, ρ, ties at their mean rank. Its 95 % interval is Fisher's z with the
// standard error of Bonett and Wright (Sample size requirements for estimating Pearson, Kendall and Spearman correlations,
// 2000), √((1 + ρ²/2) / (n − 3)); below 10 runs it would promise more than it holds, and is not given. Its p value is
// exact up to 9 runs, over all orders, and Student's t above.
//
// Numbers with texts: the correlation ratio η of the ranks, the root of the share of their variance that lies between the
// texts: η² is H / (n − 1), H being Kruskal and Wallis' statistic, also called ε². Of two texts η is the size of ρ. Chance
// alone makes η² (k − 1) / (n − 1) of k texts on average, exactly. Its p value is exact up to 9 runs, from 2,000 shuffles
// with a fixed seed up to 200, counted as Phipson and Smyth do (2010), and from χ² above.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const MAX_EXACT = 9;
  const MAX_SHUFFLED = 200;
  const SHUFFLES = 2000;
  const LEAST_FOR_INTERVAL = 10;
  // The standard normal's 97.5 % quantile.
  const Z_95 = 1.959963984540054;
  // Two sums of the same ranks in another order may differ in their last digits.
  const SLACK = 1e-9;
  const [EPSILON, MAX_TERMS] = [2 ** -52, 10000];

  // Ranks from 1, equal numbers at the mean of theirs. Sorted numbers and a search for each are three times as fast as
  // sorting places by their numbers.
  function mean_ranks(numbers) {
    const sorted = Float64Array.from(numbers).sort();
    const [distinct, ranks_of] = [new Float64Array(sorted.length), new Float64Array(sorted.length)];
    let count = 0;
    for (let start = 0; start < sorted.length;) {
      let end = start + 1;
      while (end < sorted.length && sorted[end] === sorted[start]) end += 1;
      distinct[count] = sorted[start];
      ranks_of[count++] = (start + 1 + end) / 2;
      start = end;
    }
    return Float64Array.from(numbers, (number) => ranks_of[place_among(distinct, count, number)]);
  }

  function place_among(distinct, count, number) {
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distinct[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // The ranks of a column, less their mean; the metric's are asked for once for each param.
  const known_ranks = new WeakMap();
  function centred_ranks(numbers) {
    if (!known_ranks.has(numbers)) known_ranks.set(numbers, centred(mean_ranks(numbers)));
    return known_ranks.get(numbers);
  }

  const centred = (ranks) => ranks.map((rank) => rank - (ranks.length + 1) / 2);

  function dot(a, b) {
    let sum = 0;
    for (let place = 0; place < a.length; place += 1) sum += a[place] * b[place];
    return sum;
  }

  // {estimate, low, high, p, p_by}; null where one side does not vary. low and high are null below 10 runs.
  function spearman(xs, ys) {
    const n = xs.length;
    const [a, b] = [xs, ys].map(centred_ranks);
    const size = Math.sqrt(dot(a, a) * dot(b, b));
    if (!size) return null;
    const estimate = Math.max(-1, Math.min(1, dot(a, b) / size));
    return { estimate, ...fisher_interval(estimate, n), ...spearman_p(estimate, a, b) };
  }

  function fisher_interval(estimate, n) {
    if (n < LEAST_FOR_INTERVAL) return { low: null, high: null };
    const half = Z_95 * Math.sqrt((1 + estimate ** 2 / 2) / (n - 3));
    return { low: Math.tanh(Math.atanh(estimate) - half), high: Math.tanh(Math.atanh(estimate) + half) };
  }

  function spearman_p(estimate, a, b) {
    const n = a.length;
    if (n <= MAX_EXACT) return { p: exact_spearman_p(a, b), p_by: "exact" };
    if (Math.abs(estimate) === 1) return { p: 0, p_by: "t" };
    const t = estimate * Math.sqrt((n - 2) / (1 - estimate ** 2));
    return { p: runsite.student_t.student_t_p_value(t, n - 2), p_by: "t" };
  }

  // The share of all orders of b in which the sum of products is at least as far from zero.
  function exact_spearman_p(a, b) {
    const order = Float64Array.from(b);
    let sum = dot(a, order);
    const bound = Math.abs(sum) - SLACK;
    let [far, all] = [0, 0];
    const look = () => { all += 1; if (Math.abs(sum) >= bound) far += 1; };
    each_order(order.length, (i, j) => {
      sum += (a[i] - a[j]) * (order[j] - order[i]);
      [order[i], order[j]] = [order[j], order[i]];
    }, look);
    return far / all;
  }

  // Heap's algorithm: tells of every order of n things once, each one swap after the one before.
  function each_order(n, swap, look) {
    const counters = new Array(n).fill(0);
    look();
    for (let level = 1; level < n;) {
      if (counters[level] < level) {
        swap(level % 2 ? counters[level] : 0, level);
        look();
        counters[level] += 1;
        level = 1;
      } else {
        counters[level] = 0;
        level += 1;
      }
    }
  }

  // `groups` holds the number of each run's text, from 0. {estimate, chance, p, p_by}; null where one side does not vary.
  function correlation_ratio(groups, ys) {
    const ranks = centred_ranks(ys);
    const total = dot(ranks, ranks);
    const sizes = group_sizes(groups);
    if (!total || sizes.length < 2) return null;
    const n = ranks.length;
    const share = Math.min(1, between(groups, ranks, sizes) / total);
    const chance = Math.sqrt((sizes.length - 1) / (n - 1));
    return { estimate: Math.sqrt(share), chance, ...ratio_p({ groups, ranks, sizes, total, share }) };
  }

  function group_sizes(groups) {
    const sizes = [];
    for (const group of groups) sizes[group] = (sizes[group] ?? 0) + 1;
    return sizes;
  }

  // The sum of squares between the groups, of ranks whose mean is zero.
  function between(groups, ranks, sizes) {
    const sums = new Float64Array(sizes.length);
    for (let place = 0; place < ranks.length; place += 1) sums[groups[place]] += ranks[place];
    return sums.reduce((sum, own, group) => sum + (own * own) / sizes[group], 0);
  }

  function ratio_p(facts) {
    const n = facts.ranks.length;
    if (n <= MAX_EXACT) return { p: exact_ratio_p(facts), p_by: "exact" };
    if (n <= MAX_SHUFFLED) return { p: shuffled_ratio_p(facts), p_by: "shuffles" };
    return { p: chi_square_tail(facts.share * (n - 1), facts.sizes.length - 1), p_by: "χ²" };
  }

  function exact_ratio_p({ groups, ranks, sizes, total, share }) {
    const order = Float64Array.from(ranks);
    let [far, all] = [0, 0];
    const look = () => { all += 1; if (between(groups, order, sizes) >= share * total - SLACK) far += 1; };
    each_order(order.length, (i, j) => { [order[i], order[j]] = [order[j], order[i]]; }, look);
    return far / all;
  }

  function shuffled_ratio_p({ groups, ranks, sizes, total, share }) {
    const order = Float64Array.from(ranks);
    const chance = random_numbers(ranks.length);
    let far = 0;
    for (let round = 0; round < SHUFFLES; round += 1) {
      for (let place = order.length - 1; place > 0; place -= 1) {
        const other = Math.floor(chance() * (place + 1));
        [order[place], order[other]] = [order[other], order[place]];
      }
      if (between(groups, order, sizes) >= share * total - SLACK) far += 1;
    }
    return (far + 1) / (SHUFFLES + 1);
  }

  // Even numbers from 0 to 1, the same for the same seed: mulberry32.
  function random_numbers(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  // The chance of a χ² at least this great: the upper regularised gamma function of df / 2 and x / 2, by its series or its
  // continued fraction (DLMF 8.7.1, 8.9.2).
  function chi_square_tail(x, df) {
    if (!(x > 0)) return 1;
    const [a, z] = [df / 2, x / 2];
    const front = Math.exp(a * Math.log(z) - z - log_gamma(a));
    return z < a + 1 ? 1 - front * gamma_series(a, z) : front * gamma_fraction(a, z);
  }

  function gamma_series(a, z) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < MAX_TERMS && term > sum * EPSILON; n += 1) sum += (term *= z / (a + n));
    return sum;
  }

  function gamma_fraction(a, z) {
    let b = z + 1 - a;
    let [numerator, denominator] = [1e300, 1 / b];
    let value = denominator;
    for (let n = 1; n < MAX_TERMS; n += 1) {
      const factor = -n * (n - a);
      b += 2;
      denominator = 1 / (b + factor * denominator);
      numerator = b + factor / numerator;
      value *= denominator * numerator;
      if (Math.abs(denominator * numerator - 1) < EPSILON * 4) break;
    }
    return value;
  }

  // Of halves and whole numbers alone: Γ(a + 1) is a Γ(a).
  function log_gamma(a) {
    let sum = a % 1 ? Math.log(Math.PI) / 2 : 0;
    for (let place = a % 1 ? 0.5 : 1; place < a; place += 1) sum += Math.log(place);
    return sum;
  }

  const exports = { mean_ranks, spearman, correlation_ratio, chi_square_tail };
  Object.assign((runsite.relations ??= {}), exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
