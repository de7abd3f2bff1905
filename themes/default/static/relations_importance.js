// How much each param goes along with the main metric over the runs shown: what is drawn, listed and said. What is
// reckoned, and by whom, stands in relations_rank.js. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { correlation_ratio, counted, drawable_columns, is_missing, number_of, spearman } = (runsite.relations ??= {});
  const MAX_PARAMS = 30;
  const LEAST_RUNS = 4;
  const SHORT_NAME = 28;
  // Engines differ in the last digits of powers and logarithms, which a p is made of.
  const STEADY_DIGITS = 12;
  const RISES = { label: "greater with the param", colour: 0 };
  const FALLS = { label: "less with the param", colour: 1 };
  const TEXTS = { label: "texts, no direction", colour: 7 };

  function importance(table, columns, { rows, most_params = MAX_PARAMS }) {
    const { column: metric } = columns.goal ?? columns.main;
    const judged = params_of(table, metric, rows);
    const is_same = has_one_value(metric, rows);
    const found = judged.filter((each) => each.result).sort((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate) || (a.param < b.param ? -1 : 1));
    const shown = found.slice(0, most_params);
    const bar = ({ param, estimate, low, high, chance, n, p, is_text }, place) => ({
      param, place, base: 0, estimate, low: low ?? null, high: high ?? null, chance: chance ?? null, n, p,
      what: is_text ? "text" : "number", colour: (is_text ? TEXTS : estimate < 0 ? FALLS : RISES).label,
    });
    const bars = shown.map(bar);
    const most = shown.reduce((sum, { n }) => Math.max(sum, n), 0);
    const title = `${metric.label} ${metric.aggregate ?? ""}`.trim();
    return {
      spec: "importance",
      title: `Params by rank correlation with ${title}`,
      rows: {
        bars,
        intervals: bars.filter(({ low }) => low !== null),
        chances: bars.filter(({ chance }) => chance !== null),
        zero: shown.length ? [{ x: 0 }] : [],
      },
      axes: {
        x: { title: "rank correlation", is_log: false, domain: [-1.02, 1.02], ticks: [-1, -0.5, 0, 0.5, 1].map((tick) => [tick, runsite.format_number(tick)]) },
        y: { title: "", is_log: false, domain: [-0.6, Math.max(0, shown.length - 1) + 0.6], ticks: bars.map(({ param, place, n }) => [place, axis_label(param, n, most)]) },
      },
      groups: [RISES, FALLS, TEXTS].filter(({ label }) => bars.some(({ colour }) => colour === label)),
      shade: null,
      notes: notes_of(judged, { found, shown, metric, rows, table }),
      listing: listing_of(found),
      empty: found.length ? "" : is_same ? `${title} is the same in all runs shown that have it: no param goes along with it` : `No param varies over ${LEAST_RUNS} or more of the runs shown that have ${title}`,
    };
  }

  const finite_of = (metric, rows) => rows.filter((row) => Number.isFinite(number_of(metric.values[row])));

  function has_one_value(metric, rows) {
    const found = finite_of(metric, rows);
    return found.length > 1 && new Set(found.map((row) => number_of(metric.values[row]))).size === 1;
  }

  // Of each param that varies: what it is called, and its correlation; `why` says what is not reckoned.
  function params_of(table, metric, rows) {
    const with_value = finite_of(metric, rows);
    const types = new Map(drawable_columns(table).map(({ column, type }) => [column, type]));
    const params = table.columns.filter(({ group, kind }) => group === "param" && kind !== "curve");
    const all_ys = with_value.map((row) => number_of(metric.values[row]));
    return params.map((column) => ({ param: column.label, ...judge(column, types.get(column) ?? null, { with_value, all_ys }) }));
  }

  // Infinities have a rank, NaN has none and counts as missing.
  function judge(column, type, { with_value, all_ys }) {
    const is_text = type !== "number";
    const own = [...with_value.keys()].filter((place) => has_rank(column, is_text, column.values[with_value[place]]));
    const is_whole = own.length === with_value.length;
    const cells = own.map((place) => column.values[with_value[place]]);
    const distinct = new Set(cells).size;
    if (distinct < 2) return { result: null, why: "constant" };
    if (own.length < LEAST_RUNS) return { result: null, why: "few" };
    if (is_text && (type === null || distinct === own.length)) return { result: null, why: "apart" };
    const ys = is_whole ? all_ys : own.map((place) => all_ys[place]);
    const result = is_text ? correlation_ratio(group_numbers(cells), ys) : spearman(cells.map(number_of), ys);
    return { result, why: result ? "" : new Set(ys).size < 2 ? "same" : "constant", ...result, n: own.length, is_text };
  }

  const has_rank = (column, is_text, cell) => !is_missing(column, cell) && (is_text || !Number.isNaN(number_of(cell)));

  function group_numbers(cells) {
    const numbers = new Map();
    return cells.map((cell) => {
      if (!numbers.has(cell)) numbers.set(cell, numbers.size);
      return numbers.get(cell);
    });
  }

  // A param that fewer runs have than others says of how many it speaks: four runs correlate easily.
  function axis_label(name, n, most) {
    const shown = name.length > SHORT_NAME ? `${name.slice(0, SHORT_NAME - 1)}…` : name;
    return n < most ? `${shown} (${counted(n, "run")})` : shown;
  }

  function notes_of(judged, { found, shown, metric, rows, table }) {
    const count = (reason) => judged.filter(({ why }) => why === reason).length;
    const params = (number) => counted(number, "param");
    const finite = finite_of(metric, rows).length;
    const lacking = rows.length - finite;
    const better = metric.goal ? `; ${metric.label} is better when ${metric.goal === "maximize" ? "greater" : "less"}` : "";
    return [
      `Rank correlation, not causation, over ${counted(finite, "run")}${better}`,
      found.some(({ is_text }) => !is_text) ? "numbers: Spearman’s ρ with its 95 % interval (Fisher’s z, standard error of Bonett and Wright; none below 10 runs)" : "",
      found.some(({ is_text }) => is_text) ? "texts: correlation ratio η of the ranks (Kruskal and Wallis), which has no direction; the tick is what chance alone makes of so many texts" : "",
      lacking ? `${runsite.format_count(lacking)} of ${counted(rows.length, "run")} ${lacking === 1 ? "has" : "have"} no finite ${metric.label}` : "",
      count("constant") ? `${params(count("constant"))} left out: ${count("constant") === 1 ? "it does" : "they do"} not vary` : "",
      count("same") ? `${params(count("same"))} left out: ${metric.label} is the same in all runs that have ${count("same") === 1 ? "it" : "them"}` : "",
      count("apart") ? `${params(count("apart"))} left out: their texts differ in nearly every run` : "",
      count("few") ? `${params(count("few"))} left out: fewer than ${LEAST_RUNS} runs have them` : "",
      shown.length < found.length ? `the strongest ${shown.length} of ${params(found.length)} are drawn, the table has all` : "",
    ].filter(Boolean);
  }

  const steady = (number) => Number(number.toPrecision(STEADY_DIGITS));

  function listing_of(found) {
    const number = (label) => ({ label, is_numeric: true });
    return {
      columns: [{ label: "param", is_numeric: false }, { label: "method", is_numeric: false }, number("correlation"), number("95 % from"), number("to"), number("by chance"), number("p"), { label: "p by", is_numeric: false }, number("runs")],
      rows: found.map(({ param, is_text, estimate, low, high, chance, p, p_by, n }) =>
        [param, is_text ? "η of ranks" : "Spearman’s ρ", estimate, low ?? null, high ?? null, chance ?? null, steady(p), p_by, n]),
      columns_of: new Array(9).fill(null),
    };
  }

  const exports = { importance };
  Object.assign(runsite.relations, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
