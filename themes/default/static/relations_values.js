// Columns of the run table as axes of a chart: which can be drawn, where each run stands on them, and their ticks. The
// values are the table's own. Pure functions.
//
// An axis is of numbers, of times or of texts; a param of numbers and texts mixed is one of texts. Texts stand at whole
// places in the order in which the table sorts them. A scale is logarithmic where all values are above zero and the
// greatest is 100 times the least, unless the reader says otherwise.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const NUMBER_WORDS = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);
  const BOOLEANS = new Map([["true", true], ["false", false]]);
  const LARGE_INTEGER = /^-?[0-9]{16,300}$/;
  // More texts than an axis or a legend can name: names, ids, paths.
  const MAX_CATEGORIES = 30;
  const LOG_FROM = 100;
  // What a run is called says nothing of it.
  const NAMES = new Set(["name", "id"]);
  const MARGIN = 0.04;
  const TICK_DIGITS = 6;
  const [MINUTE, HOUR, DAY] = [60, 3600, 86400];

  // A cell as a number, non-finite ones too; null where it is none.
  function number_of(cell) {
    if (typeof cell === "number") return cell;
    if (typeof cell !== "string") return null;
    return LARGE_INTEGER.test(cell) ? Number(cell) : (NUMBER_WORDS.get(cell) ?? null);
  }

  // A param that was logged as null is shown as that word.
  const is_missing = ({ kind }, cell) => cell === null || cell === undefined || (kind === "param" && cell === "null");

  // "number", "time" or "text"; null for what cannot be drawn: curves, links, names that all differ.
  function column_type(table, column) {
    if (column.kind === "curve" || column.kind === "link" || NAMES.has(column.id)) return null;
    if (column.kind === "time") return "time";
    if (column.kind === "number" || column.kind === "duration") return "number";
    if (!runsite.table_data.is_loaded(table, column)) return null;
    const present = column.values.filter((cell) => !is_missing(column, cell));
    if (column.kind === "param" && present.every((cell) => number_of(cell) !== null)) return "number";
    return has_more_than(MAX_CATEGORIES, present) ? null : "text";
  }

  function has_more_than(most, cells) {
    const seen = new Set();
    for (const cell of cells) if (seen.add(cell).size > most) return true;
    return false;
  }

  // The columns that can be drawn: [{column, type}]; worked out anew for data that came again.
  const drawable = new WeakMap();
  function drawable_columns(table) {
    let { has_more, found } = drawable.get(table.shards) ?? {};
    if (found && has_more === table.has_more) return found;
    found = find_drawable(table);
    drawable.set(table.shards, { has_more: table.has_more, found });
    return found;
  }

  function find_drawable(table) {
    return table.columns.flatMap((column) => {
      const type = column_type(table, column);
      return type ? [{ column, type }] : [];
    });
  }

  // Whether runs differ in a column, which is not known before it is loaded.
  const varies = (table) => ({ column }) => !runsite.table_data.is_loaded(table, column) || !column.is_constant;

  // "val/acc best, %", "lr", "duration"; which way is better is said by the table's heads.
  function column_title({ group, label, detail }) {
    return group === "metric" && detail ? `${label} ${detail.replace(/ [▲△▼▽]$/, "")}` : label;
  }

  // How a cell is written for people.
  function cell_words(column, cell) {
    if (is_missing(column, cell)) return "missing";
    if (column.kind === "time") return runsite.format_time(Number(cell));
    return runsite.table_view.cell_text(column, cell, 0) || runsite.format_param(cell);
  }

  // A column's runs on an axis: `places` has one number for each of `rows`, NaN where a run cannot stand; `missing`,
  // `non_finite` and `below` (zero and less on a log scale) count these.
  function read_axis({ column, type }, rows, scales = new Map()) {
    const cells = rows.map((row) => column.values[row]);
    const present = cells.filter((cell) => !is_missing(column, cell));
    const axis = { id: column.id, column, type, title: column_title(column), cells, missing: cells.length - present.length, non_finite: 0, below: 0 };
    if (type === "text") return text_axis(axis);
    const numbers = cells.map((cell) => (is_missing(column, cell) ? NaN : number_of(cell)));
    const finite = numbers.filter(Number.isFinite);
    const can_log = type === "number" && finite.some((number) => number > 0);
    const is_log = can_log && (scales.get(column.id) ?? spans_decades(column));
    const places = numbers.map((number) => (Number.isFinite(number) && (!is_log || number > 0) ? number : NaN));
    const standing = finite.filter((number) => !is_log || number > 0);
    return { ...axis, is_log, can_log, places, categories: null, non_finite: present.length - finite.length, below: finite.length - standing.length, ...extent(standing) };
  }

  // Judged by all runs of the table, so that a filter does not bend the scale.
  const known_spans = new WeakMap();
  function spans_decades({ values }) {
    if (!known_spans.has(values)) {
      const { least, greatest } = extent(values.map(number_of).filter((number) => number !== null && Number.isFinite(number)));
      known_spans.set(values, least > 0 && greatest / least >= LOG_FROM);
    }
    return known_spans.get(values);
  }

  function extent(numbers) {
    let [least, greatest] = [Infinity, -Infinity];
    for (const number of numbers) {
      if (number < least) least = number;
      if (number > greatest) greatest = number;
    }
    return { least, greatest };
  }

  function text_axis(axis) {
    const { column, cells } = axis;
    const present = [...new Set(cells.filter((cell) => !is_missing(column, cell)))];
    const { ranks } = runsite.rank_rows(present, column.kind);
    const categories = present.map((cell, place) => [ranks[place], cell]).sort((a, b) => a[0] - b[0]).map(([, cell]) => cell);
    const place_of = new Map(categories.map((cell, place) => [cell, place]));
    const places = cells.map((cell) => place_of.get(cell) ?? NaN);
    return { ...axis, is_log: false, can_log: false, places, categories, labels: category_labels(column, categories), least: 0, greatest: categories.length - 1 };
  }

  // How the categories of an axis are written.
  const category_labels = (column, categories) => categories.map(runsite.format_told_apart(categories, (cell) => cell_words(column, cell)));

  // A text axis on which values share a place that the table's filter finds together: a number and the texts that say it,
  // `true` and its text. What is no text is the category of all, for a condition on it finds them.
  function with_found_together(axis) {
    if (axis.type !== "text" || axis.column.kind !== "param") return axis;
    const groups = new Map();
    const not_texts = new Set(axis.categories.filter((cell) => typeof cell !== "string"));
    axis.categories.forEach((cell, place) => {
      const said = said_by(cell);
      const category = not_texts.has(said) ? said : cell;
      groups.set(category, [...(groups.get(category) ?? []), place]);
    });
    const place_of = new Map([...groups.values()].flatMap((places, group) => places.map((place) => [place, group])));
    const labels = [...groups.values()].map((places) => places.map((place) => axis.labels[place]).join(", "));
    return { ...axis, places: axis.places.map((place) => place_of.get(place) ?? NaN), categories: [...groups.keys()], labels, greatest: groups.size - 1 };
  }

  // The number or truth value that a text says, as a condition without quotes reads it; else the cell itself.
  function said_by(cell) {
    if (typeof cell !== "string") return cell;
    return runsite.filter_values.read_digits(cell) ?? BOOLEANS.get(cell.toLowerCase()) ?? cell;
  }

  // What an axis spans, with a little room at both ends; null if no run stands on it, or its numbers cannot be drawn.
  const axis_domain = (axis) => (axis_misfit(axis) ? null : whole_domain(axis));

  // How numbers lie that no axis can hold, as charts.misfit says it; null for all others.
  function axis_misfit(axis) {
    const domain = whole_domain(axis);
    return domain && !axis.is_log ? runsite.charts.span_misfit(domain[1] - domain[0]) : null;
  }

  // The first of some axes that cannot be drawn, as a sentence; "" if all can.
  function misfit_words(...axes) {
    const found = axes.map(axis_misfit).find(Boolean);
    return found ? `The values lie ${found} to be drawn` : "";
  }

  function whole_domain({ type, is_log, least, greatest }) {
    if (!(least <= greatest)) return null;
    if (type === "text") return [least - 0.5, greatest + 0.5];
    if (is_log) return widened(Math.log10(least), Math.log10(greatest), 0.5).map((power) => Math.min(Math.max(10 ** power, Number.MIN_VALUE), Number.MAX_VALUE));
    return widened(least, greatest, type === "time" ? HOUR : Math.abs(least) / 10 || 1);
  }

  function widened(from, to, alone) {
    const room = to > from ? (to - from) * MARGIN : alone;
    return [Math.max(from - room, -Number.MAX_VALUE), Math.min(to + room, Number.MAX_VALUE)];
  }

  // Ticks as pairs [place, label].
  function axis_ticks(axis, domain, count) {
    if (axis.type === "text") return axis.labels.map((label, place) => [place, label]);
    if (axis.type === "time") return time_ticks(domain, count);
    const chosen = axis.column.group === "param" ? few_values(axis, domain, count) : null;
    const places = chosen ?? (axis.is_log ? log_ticks(domain, count) : runsite.charts.linear_ticks(domain, count));
    const labels = axis.column.kind === "duration" ? places.map(runsite.format_duration) : runsite.format_apart(places, TICK_DIGITS);
    return places.map((place, number) => [place, labels[number]]).filter(([, label], number) => label !== labels[number - 1]);
  }

  // The values themselves, where a param has few and they stand apart; else null.
  function few_values({ places, is_log }, [from, to], count) {
    const values = [...new Set(places.filter((place) => !Number.isNaN(place)))].sort((a, b) => a - b);
    if (values.length > count + 2) return null;
    const scaled = is_log ? Math.log : (number) => number;
    const gap = (scaled(to) - scaled(from)) / (2 * count);
    return values.every((value, place) => place === 0 || scaled(value) - scaled(values[place - 1]) >= gap) ? values : null;
  }

  // Powers of ten; within few decades their 2 and 5 fold too, within less than one as on a linear scale.
  function log_ticks([from, to], count) {
    const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
    const decades = last - first + 1;
    if (decades < 2) return runsite.charts.linear_ticks([from, to], count).filter((tick) => tick > 0);
    const every = Math.ceil(decades / count);
    const powers = Array.from({ length: decades }, (_, index) => first + index).filter((power) => (power - first) % every === 0);
    const times = decades * 3 <= count * 1.5 ? [1, 2, 5] : [1];
    const all = (decades * 3 <= count * 1.5 ? [first - 1, ...powers] : powers).flatMap((power) => times.map((number) => Number(`${number}e${power}`)));
    return all.filter((tick) => tick >= from && tick <= to);
  }

  // Those of a curve's wall clock.
  function time_ticks(domain, count) {
    const ticks = runsite.charts.wall_ticks(domain, count);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : (domain[1] - domain[0]) / count;
    return ticks.map((time) => [time, time_label(time, step)]);
  }

  // "2026-11-27", or "11-27 14:05" where ticks lie within days; all in UTC.
  function time_label(time, step) {
    const text = new Date(time * 1000).toISOString();
    if (step >= DAY) return text.slice(0, 10);
    return `${text.slice(5, 10)} ${text.slice(11, step < MINUTE ? 19 : 16)}`;
  }

  const counted = (number, noun) => `${runsite.format_count(number)} ${noun}${number === 1 ? "" : "s"}`;

  // "12 of 300 runs lack lr".
  function axis_notes({ title, cells, missing, non_finite, below }) {
    const of = (number) => `${runsite.format_count(number)} of ${counted(cells.length, "run")}`;
    return [
      missing ? `${of(missing)} ${missing === 1 ? "lacks" : "lack"} ${title}` : "",
      non_finite ? `${of(non_finite)} ${non_finite === 1 ? "has" : "have"} a ${title} that is not finite` : "",
      below ? `${of(below)} ${below === 1 ? "has" : "have"} a ${title} of zero or less, which has no place on a log scale` : "",
    ].filter(Boolean);
  }

  // The rows that a view's filter shows, in the table's usual order. A filter that cannot be read leaves the last good one.
  function shown_rows(table, { filter, kept_filter }) {
    const ids = table.columns.map(({ id }) => id);
    const read = (text) => {
      try {
        const parsed = runsite.parse_filter(text ?? "");
        return runsite.unknown_names(parsed, ids).length ? null : parsed;
      } catch (problem) {
        if (problem instanceof runsite.filter_tokens.FilterError) return null;
        throw problem;
      }
    };
    const parsed = read(filter) ?? read(kept_filter) ?? read("");
    const mask = runsite.filter_rows(parsed, (id) => table.column_of.get(id), table.row_count);
    return Array.from(table.base_order).filter((row) => mask[row]);
  }

  const exports = {
    MAX_CATEGORIES, number_of, is_missing, drawable_columns, varies, column_title, cell_words, read_axis, with_found_together, category_labels, axis_domain, axis_misfit, misfit_words, axis_ticks, log_ticks, time_ticks,
    axis_notes, shown_rows, extent, counted,
  };
  Object.assign((runsite.relations ??= {}), exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
