// Parallel coordinates: a line for each run across one axis for each column. Pure functions.
//
// Each axis runs from 0 to 1, whatever its scale. Runs that lack the value stand on a tick of their own below, those whose
// value is not finite, or has no place on a log scale, on a second one. Behind the runs that the table shows stand, faintly,
// those that only the axes' own ranges leave out: so a range can be seen for what it does, and be moved.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { axis_domain, axis_misfit, axis_ticks, axis_notes, is_missing, marks_of, read_axis, read_brushes, run_facts, shown_rows, end_words, thinned, with_found_together, without_brushes } = (runsite.relations ??= {});
  const [MISSING, OTHER] = [-0.12, -0.2];
  // Vega takes 0.4 ms for a line; more cover one another. The faint ones have what room the others leave.
  const MAX_LINES = 2000;
  const TICKS = 5;
  const SHORT_LABEL = 14;
  // As many letters as stand between two axes that are near.
  const NEAR_LABEL = 7;
  const [TICK_MARGIN, DOMAIN_MARGIN] = [1e-9, 0.04];

  function parallel(table, columns, { rows, scales, selected, filter, kept_filter }) {
    const ids = table.columns.map(({ id }) => id);
    const known = new Set(ids);
    const has = (id) => known.has(id);
    const text = readable(filter) ? (filter ?? "") : (kept_filter ?? "");
    const around = text.trim() ? rows_around(table, { text, columns, has, scales }) : [...table.base_order];
    const all = columns.axes.map((column) => with_found_together(read_axis(column, around.length ? around : rows, scales)));
    const left_out = misfit_notes(all);
    const axes = all.filter((axis) => !axis_misfit(axis)).map(with_places);
    if (axes.length < 2) return { empty: `Fewer than two columns can be drawn: ${left_out.join(", ")}`, coordinates: axes, brushes: new Map() };
    // No room below where no run needs it.
    const floor = axes.reduce((least, { stand }) => stand.reduce((a, b) => Math.min(a, b), least), 0);
    const place_of = new Map(around.map((row, place) => [row, place]));
    const shown = rows.filter((row) => place_of.has(row));
    const is_shown = new Set(shown);
    const faint = around.filter((row) => !is_shown.has(row));
    const marks = marks_of(table, shown, selected);
    const kept = thin_lines(shown, axes, { place_of, always: new Set([...marks.keys()].map((place) => shown[place])), most: MAX_LINES });
    const context = thin_lines(faint, axes, { place_of, always: new Set(), most: MAX_LINES - kept.length });
    const line = (row, part) => axes.map((axis, number) => ({ ...run_facts(table, row), axis: number, place: axis.stand[place_of.get(row)], part }));
    const colour = axes.at(-1);
    const shade = shade_of_axis(colour);
    // The table's first, the best, are drawn last.
    const lines = [...kept].reverse().flatMap((row, part) => line(row, part).map((point) => ({ ...point, shade: share_of(colour, place_of.get(row)) })));
    const lifted = [...marks].map(([place, what]) => [shown[place], what]);
    return {
      spec: "parallel",
      title: `Runs across ${axes.map(({ title }) => title).join(", ")}`,
      rows: {
        context: context.flatMap(line),
        lines,
        lifted: lifted.flatMap(([row, what], part) => line(row, part).map((point) => ({ ...point, what }))),
        rails: axes.map((_, axis) => ({ axis, from: floor, to: 1 })),
        ticks: axes.flatMap((axis, number) => tick_rows(axis, floor).map((row) => ({ axis: number, ...row }))),
      },
      axes: {
        x: { title: "", is_log: false, domain: [-0.5, axes.length - 0.5], ticks: axes.map(({ title }, number) => [number, title]) },
        y: { title: "", is_log: false, domain: [floor - DOMAIN_MARGIN, 1 + DOMAIN_MARGIN], ticks: [] },
      },
      // What the hands on the axes need.
      coordinates: axes,
      brushes: read_brushes(text, axes, has),
      groups: null,
      shade,
      notes: [
        ...left_out,
        shade ? `coloured by ${colour.title}` : "",
        ...thinned(kept.length, shown.length, "run"),
        faint.length ? `${runsite.format_count(faint.length)} left out by the ranges, faint${context.length < faint.length ? `, ${runsite.format_count(context.length)} of them drawn` : ""}` : "",
        ...axes.flatMap((axis) => axis_notes(faint.length ? read_axis(axis, shown, scales) : axis)),
        ...line_notes(marks),
      ].filter(Boolean),
      listing: {
        columns: [{ label: "run", is_numeric: false }, { label: "name", is_numeric: false }, ...axes.map(({ id, title, type }) => ({ label: title, id, is_numeric: type === "number" }))],
        rows: shown.map((row) => [table.keys[row], table.column_of.get("name").values[row], ...axes.map(({ column }) => column.values[row])]),
        columns_of: [null, null, ...axes.map(({ column }) => column)],
      },
      empty: shown.length ? "" : "No run is shown",
    };
  }

  // Columns that would press all others' runs together.
  const misfit_notes = (axes) => axes.flatMap((axis) => {
    const found = axis_misfit(axis);
    return found ? [`${axis.title} left out: its values lie ${found} to be drawn`] : [];
  });

  // The rows that the filter shows without the ranges of these axes.
  function rows_around(table, { text, columns, has, scales }) {
    const axes = columns.axes.map((column) => read_axis(column, [...table.base_order], scales));
    return shown_rows(table, { filter: without_brushes(text, axes, has).join(" and "), kept_filter: "" });
  }

  function line_notes(marks) {
    const found = new Set(marks.values());
    return [...(found.has("best") ? ["thick: the best run"] : []), ...(found.has("selected") ? ["dashed: selected runs"] : [])];
  }

  function readable(text) {
    try {
      runsite.parse_filter(text ?? "");
      return true;
    } catch {
      return false;
    }
  }

  // Where each run stands from 0 to 1, or below; and the axis's ticks as [place from 0 to 1, label].
  function with_places(axis) {
    const domain = axis_domain(axis) ?? [0, 1];
    const share = share_in(axis, domain);
    const stand = Array.from(axis.places, (value, place) => {
      if (!Number.isNaN(value)) return share(value);
      return is_missing(axis.column, axis.cells[place]) ? MISSING : OTHER;
    });
    const has_other = stand.includes(OTHER);
    const marks = axis_ticks(axis, domain, TICKS).map(([value, label]) => [share(value), label]);
    const below = [...(axis.missing ? [[MISSING, "missing"]] : []), ...(has_other ? [[OTHER, axis.below ? "≤ 0 or ∞" : "not finite"]] : [])];
    return { ...axis, domain, share, value_at: value_in(axis, domain), stand, marks: [...marks, ...below], has_other };
  }

  // An axis's ticks; `short` is what tells a name from the others, `rank` counts them, and `gap` is the part of the plot's
  // height between two neighbours, so that every n-th stands where there is no room for all. Those below the axis have a
  // place of their own.
  function tick_rows({ marks, type }, floor) {
    const places = marks.map(([place]) => place).filter((place) => place >= 0);
    const gap = Math.min(...places.slice(1).map((place, before) => place - places[before])) / (DOMAIN_MARGIN * 2 + 1 - floor);
    const is_name = (place) => type === "text" && place >= 0;
    const short = runsite.told_apart(marks.filter(([place]) => is_name(place)).map(([, label]) => label), NEAR_LABEL);
    return marks.map(([place, label], rank) => ({
      place, label: is_name(place) ? shortened(label) : label, short: is_name(place) ? shortened(short[rank]) : label, is_name: is_name(place), rank: place < 0 ? 0 : rank, gap: gap > 0 && gap < 1 ? gap : 1,
    }));
  }

  function share_in({ is_log }, [from, to]) {
    const scaled = is_log ? Math.log10 : (number) => number;
    const [low, high] = [scaled(from), scaled(to)];
    return (value) => (scaled(value) - low) / (high - low);
  }

  function value_in({ is_log }, [from, to]) {
    if (!is_log) return (share) => from + share * (to - from);
    const [low, high] = [Math.log10(from), Math.log10(to)];
    return (share) => 10 ** (low + share * (high - low));
  }

  // Which runs are drawn: those at the ends of an axis, those that stand out, and of the others every n-th.
  function thin_lines(rows, axes, { place_of, always, most }) {
    if (rows.length <= most) return rows;
    const kept = new Set(rows.filter((row) => always.has(row)));
    const places = rows.map((row) => place_of.get(row));
    for (const { stand } of axes) {
      let [least, greatest] = [0, 0];
      for (let index = 1; index < places.length; index += 1) {
        if (stand[places[index]] < stand[places[least]]) least = index;
        if (stand[places[index]] > stand[places[greatest]]) greatest = index;
      }
      kept.add(rows[least]).add(rows[greatest]);
    }
    const every = rows.length / Math.max(1, most - kept.size);
    for (let place = 0; place < rows.length && kept.size < most; place += every) kept.add(rows[Math.floor(place)]);
    return rows.filter((row) => kept.has(row));
  }

  // The last axis, which is the metric's, gives the lines their shade.
  function shade_of_axis(axis) {
    if (axis.type === "text" || !(axis.least < axis.greatest)) return null;
    const [from, to] = [axis.share(axis.least), axis.share(axis.greatest)];
    const domain = [0, 0.25, 0.5, 0.75, 1].map((share) => from + share * (to - from));
    return { title: axis.title, is_log: false, domain, ticks: shade_ticks(axis, [from, to]), ends: end_words(axis) };
  }

  // The axis's own ticks as far as values reach, which is where the shades end; fewer than two say less than the ends do.
  function shade_ticks(axis, [from, to]) {
    const within = axis.marks.filter(([place]) => place >= from - TICK_MARGIN && place <= to + TICK_MARGIN);
    return within.length < 2 ? [from, to].map((place, end) => [place, end_words(axis)[end]]) : within;
  }
  const share_of = ({ stand, type }, place) => (type === "text" || stand[place] < 0 ? 0.5 : stand[place]);

  const shortened = (label) => (label.length > SHORT_LABEL ? `${label.slice(0, SHORT_LABEL - 1)}…` : label);

  const exports = { parallel, thin_lines };
  Object.assign(runsite.relations, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
