// How often runs have which values of a column: what is drawn, listed and said. Pure functions.
//
// Bins are as wide as Freedman and Diaconis say (On the histogram as a density estimator: L2 theory, 1981): twice the
// interquartile range over the cube root of the number of runs; where the quartiles agree, as many as Sturges says, one
// more than the logarithm to base 2. At most 60. On a log scale the bins are even in the logarithm. A text, a param of few
// values, and whatever all runs have the same of, has a bar for each value.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { axis_domain, axis_notes, category_labels, counted, misfit_words, reach_notes, reaching, read_axis, drawn_axis, standing_on, with_found_together } = (runsite.relations ??= {});
  const MAX_BINS = 60;
  const MAX_BARS = 20;
  const BAR = 0.4;
  const [X_TICKS, Y_TICKS] = [7, 5];

  function histogram(table, columns, { rows, scales, selected }) {
    const read = with_found_together(read_axis(columns.of, rows, scales));
    const axis = has_few_values(read) ? valued_axis(read) : reaching(read, standing_on(read, [...rows.keys()]));
    const domain = axis_domain(axis);
    const standing = standing_on(axis, [...rows.keys()]);
    const { bars, rule } = domain ? find_bars(axis, standing) : { bars: [], rule: "" };
    const most = bars.reduce((sum, { count }) => Math.max(sum, count), 0);
    const marked = rows.flatMap((row, place) => (table.keys[row] === table.head.best || selected.has(table.keys[row]) ? [place] : []));
    const lifted = standing_on(axis, marked).map((place) => ({
      run: table.keys[rows[place]], name: String(table.column_of.get("name").values[rows[place]]), row: rows[place], x: axis.places[place],
      what: table.keys[rows[place]] === table.head.best ? "best" : "selected",
    }));
    const counts = runsite.charts.linear_ticks([0, most], Y_TICKS).filter(Number.isInteger);
    return {
      axis: read,
      spec: "histogram",
      title: `Runs by ${axis.title}`,
      rows: { bars, lifted },
      axes: {
        x: { ...drawn_axis(axis, domain, X_TICKS), has_names: read.type === "text" },
        y: { title: "runs", is_log: false, domain: [0, Math.max(1, most)], ticks: (counts.length ? counts : [0, most]).map((count) => [count, runsite.format_count(count)]) },
      },
      groups: null,
      shade: null,
      notes: [rule, ...axis_notes(axis), ...reach_notes(axis), ...(lifted.some(({ what }) => what === "best") ? ["★ the best run"] : []), ...(lifted.some(({ what }) => what === "selected") ? ["○ selected runs"] : [])].filter(Boolean),
      listing: {
        columns: axis.categories
          ? [{ label: axis.title, is_numeric: read.type === "number" }, { label: "runs", is_numeric: true }]
          : [{ label: `${axis.title} from`, is_numeric: true }, { label: "to", is_numeric: true }, { label: "runs", is_numeric: true }],
        rows: bars.map(({ from, to, count, value, label }) => (axis.categories ? [read.categories ? label : value, count] : [from, to, count])),
        columns_of: axis.categories ? [read.categories ? null : axis.column, null] : [axis.column, axis.column, null],
      },
      empty: standing.length ? misfit_words(axis) : `No run shown has ${axis.title}`,
    };
  }

  // A param of few numbers is a choice between them: one bar each. One value alone has no width that a bin could go by.
  function has_few_values({ type, is_log, column, places, least, greatest }) {
    if (type === "text") return false;
    if (least === greatest || (is_log && Math.log10(least) === Math.log10(greatest))) return true;
    return type === "number" && column.group === "param" && new Set(places.filter((place) => !Number.isNaN(place))).size <= MAX_BARS;
  }

  function valued_axis(axis) {
    const categories = [...new Set(axis.places.filter((place) => !Number.isNaN(place)))].sort((a, b) => a - b);
    const place_of = new Map(categories.map((number, place) => [number, place]));
    const places = axis.places.map((number) => place_of.get(number) ?? NaN);
    return { ...axis, type: "text", is_log: false, categories, labels: category_labels(axis.column, categories), places, least: 0, greatest: categories.length - 1 };
  }

  function find_bars(axis, standing) {
    if (axis.categories) return { bars: value_bars(axis, standing), rule: "" };
    const numbers = standing.map((place) => axis.places[place]);
    const { edges, rule } = bin_edges(axis.is_log ? numbers.map(Math.log10) : numbers);
    const real = axis.is_log ? edges.map((edge) => 10 ** edge) : edges;
    // The outer edges are the values themselves, which a power may miss by a digit.
    [real[0], real[real.length - 1]] = [axis.least, axis.greatest];
    const counts = bin_counts(numbers, real);
    const bars = counts.map((count, bin) => ({ from: real[bin], to: real[bin + 1], base: 0, count, is_last: bin === counts.length - 1 }));
    return { bars, rule: `${counted(bars.length, "bin")} by ${rule}${axis.is_log ? ", even on the log scale" : ""}` };
  }

  function value_bars({ categories, labels, places }, standing) {
    const counts = new Array(categories.length).fill(0);
    for (const place of standing) counts[places[place]] += 1;
    return counts.map((count, place) => ({ from: place - BAR, to: place + BAR, base: 0, count, value: categories[place], label: labels[place] }));
  }

  // Edges of bins as numpy.histogram_bin_edges has them with "fd", or with "sturges" where the quartiles agree; of at least
  // two values.
  function bin_edges(numbers) {
    const sorted = Float64Array.from(numbers).sort();
    const [least, greatest] = [sorted[0], sorted.at(-1)];
    const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    const width = range > 0 ? (2 * range) / Math.cbrt(sorted.length) : (greatest - least) / (Math.log2(sorted.length) + 1);
    const wanted = Math.ceil((greatest - least) / width);
    const count = Math.max(1, Math.min(MAX_BINS, wanted));
    const edges = Array.from({ length: count + 1 }, (_, bin) => (bin === count ? greatest : least + (bin * (greatest - least)) / count));
    const name = range > 0 ? "Freedman and Diaconis' rule" : "Sturges' rule, as the quartiles agree";
    return { edges, rule: wanted > MAX_BINS ? `${name}, which asks for more` : name };
  }

  // Between two values on the line from one to the other, as numpy has it.
  function quantile(sorted, share) {
    const place = (sorted.length - 1) * share;
    const [low, high] = [Math.floor(place), Math.ceil(place)];
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }

  // A bin holds its lower edge; the last holds both.
  function bin_counts(numbers, edges) {
    const counts = new Array(edges.length - 1).fill(0);
    for (const number of numbers) {
      let [low, high] = [0, counts.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (number >= edges[middle]) low = middle;
        else high = middle - 1;
      }
      counts[low] += 1;
    }
    return counts;
  }

  // The range of a bar, for the table's filter: its upper edge belongs to the next one, but for the last.
  function bar_brush(axis, { from, to, value, is_last }) {
    // A filter says times in whole seconds.
    const up_to = (number) => (axis.type === "time" ? { below: Math.floor(number) + 1 } : { high: number });
    if (value !== undefined && !axis.categories) return { low: value, ...up_to(value) };
    if (value !== undefined) return { categories: new Set([axis.categories.indexOf(value)]) };
    return { low: from, ...(is_last ? up_to(to) : { below: to }) };
  }

  const exports = { histogram, bar_brush, bin_edges, bin_counts, quantile };
  Object.assign(runsite.relations, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
