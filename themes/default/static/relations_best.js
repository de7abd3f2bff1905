// How the best value so far came about: runs in the order in which they ended, and those that set a record by the goal.
// A run without an end stands at its start. Runs that ended at one moment stand in the order of their keys. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { axis_domain, axis_notes, counted, misfit_words, reach_notes, reaching, read_axis, drawn_axis, standing_on, thin_points, thinned, run_facts, extent } = (runsite.relations ??= {});
  const [X_TICKS, Y_TICKS] = [7, 6];

  function best_so_far(table, columns, { rows, scales, selected }) {
    const { column, type } = columns.goal;
    const whole_y = read_axis({ column, type }, rows, scales);
    const y = reaching(whole_y, standing_on(whole_y, [...rows.keys()]));
    const times = rows.map((row) => time_of(table, row));
    const with_value = standing_on(y, [...rows.keys()]);
    const standing = in_order(with_value.filter((place) => times[place] !== null), (place) => times[place].time, (place) => table.keys[rows[place]]);
    const x = time_axis(standing.map((place) => times[place].time));
    const [x_domain, y_domain] = [axis_domain(x), axis_domain(y)];
    const found = records_of(standing.map((place) => y.places[place]), column.goal).map((index) => standing[index]);
    const point = (place) => ({ ...run_facts(table, rows[place]), x: times[place].time, y: y.places[place] });
    const axes = [{ places: rows.map((_, place) => times[place]?.time ?? NaN), ...extent(standing.map((place) => times[place].time)) }, y];
    const marked = standing.filter((place) => selected.has(table.keys[rows[place]]));
    const kept = x_domain && y_domain ? thin_points(standing, axes, new Set([...found, ...marked])) : [];
    const unended = standing.filter((place) => !times[place].has_ended).length;
    const untimed = with_value.length - standing.length;
    return {
      spec: "best_so_far",
      title: `Best ${column.label} so far`,
      rows: {
        runs: kept.map(point),
        line: x_domain ? step_line(found.map(point), x.greatest) : [],
        records: found.map((place, number) => ({ ...point(place), number: number + 1 })),
        lifted: marked.map((place) => ({ ...point(place), what: "selected" })),
      },
      axes: { x: drawn_axis(x, x_domain, X_TICKS), y: drawn_axis(y, y_domain, Y_TICKS) },
      groups: null,
      shade: null,
      notes: [
        record_note(table, found.map((place) => rows[place]), column),
        ...thinned(kept.length, standing.length, "run"),
        ...axis_notes(y),
        ...reach_notes(y),
        unended ? `${counted(unended, "run")} without an end ${unended === 1 ? "stands at its" : "stand at their"} start` : "",
        untimed ? `${counted(untimed, "run")} without a time left out` : "",
        marked.length ? "○ selected runs" : "",
      ].filter(Boolean),
      listing: listing_of(table, found.map((place) => ({ row: rows[place], time: times[place].time })), column),
      empty: standing.length ? misfit_words(x, y) : `No run shown has ${y.title} and a time`,
    };
  }

  function time_of(table, row) {
    const at = (id) => table.column_of.get(id)?.values[row] ?? null;
    const [ended, started] = [at("ended"), at("started")];
    if (ended === null && started === null) return null;
    return { time: Number(ended ?? started), has_ended: ended !== null };
  }

  function in_order(places, time_at, key_at) {
    return [...places].sort((a, b) => time_at(a) - time_at(b) || (key_at(a) < key_at(b) ? -1 : 1));
  }

  const time_axis = (times) => ({ type: "time", title: "end of the run", is_log: false, column: { kind: "time" }, ...extent(times) });

  // The places of the values that are better than all before them; an equal one is no record.
  function records_of(values, goal) {
    let best = goal === "maximize" ? -Infinity : Infinity;
    const is_better = goal === "maximize" ? (value) => value > best : (value) => value < best;
    const found = [];
    values.forEach((value, place) => {
      if (!is_better(value)) return;
      best = value;
      found.push(place);
    });
    return found;
  }

  // The line holds each record until the next one, and the last until the last run.
  const step_line = (records, end) => (records.length && records.at(-1).x < end ? [...records, { ...records.at(-1), x: end }] : records).map(({ x, y }) => ({ x, y }));

  function record_note(table, rows, column) {
    if (!rows.length) return "";
    const name = table.column_of.get("name").values[rows.at(-1)];
    return `${counted(rows.length, "record")}, the last ${runsite.format_number(Number(column.values[rows.at(-1)]))} by ${name}`;
  }

  function listing_of(table, records, column) {
    const names = table.column_of.get("name").values;
    return {
      columns: [{ label: "run", is_numeric: false }, { label: "name", is_numeric: false }, { label: "time", is_numeric: false }, { label: `best ${column.label} so far`, is_numeric: true }],
      rows: records.map(({ row, time }) => [table.keys[row], names[row], time, column.values[row]]),
      columns_of: [null, null, { kind: "time" }, column],
    };
  }

  const exports = { best_so_far, records_of };
  Object.assign(runsite.relations, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
