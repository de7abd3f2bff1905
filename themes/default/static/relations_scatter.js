// One column of the runs against another, coloured by a third: what is drawn, listed and said. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { axis_domain, axis_notes, axis_ticks, cell_words, misfit_words, reach_notes, reaching, read_axis, spanning, standing_on, counted } = (runsite.relations ??= {});
  const HUES = 8;
  // 2,000 marks take Vega 80 ms; more hide one another in a plot of this size.
  const MAX_POINTS = 2000;
  const [COLUMNS, ROWS] = [48, 32];
  // Runs of one text would lie upon one another: each stands up to so far aside, always at the same place.
  const SPREAD = 0.18;
  const [X_TICKS, Y_TICKS, SHADE_TICKS] = [6, 6, 4];
  const OTHERS = "other values";
  const MISSING = "missing";

  function scatter(table, columns, { rows, scales, selected }) {
    const [whole_x, whole_y] = [columns.x, columns.y].map((column) => read_axis(column, rows, scales));
    const both = standing_on(whole_y, standing_on(whole_x, [...rows.keys()]));
    const held_x = reaching(whole_x, both);
    const y = reaching(whole_y, standing_on(held_x, both));
    const standing = standing_on(y, standing_on(held_x, both));
    const x = spanning(held_x, standing);
    const shades = columns.colour ? read_axis(columns.colour, rows, scales) : null;
    const colour = shades && reaching(shades, standing_on(shades, [...rows.keys()]));
    const domains = { x: axis_domain(x), y: axis_domain(y) };
    const groups = colour?.type === "text" ? colour_groups(colour) : null;
    const marks = marks_of(table, rows, selected);
    const point = (place) => ({
      ...run_facts(table, rows[place]),
      x: spread(x, rows[place], place), y: spread(y, rows[place] + 7, place),
      x_value: plain_value(x, place), y_value: plain_value(y, place),
      ...(colour ? { colour: groups ? groups.label_of(place) : colour.places[place] } : { colour: "" }),
    });
    const kept = domains.x && domains.y ? thin_points(standing, [x, y, ...(colour && !groups ? [colour] : [])], new Set(marks.keys())) : [];
    const points = kept.map(point);
    const is_shaded = colour !== null && !groups && axis_domain(colour) !== null;
    const lacks_colour = ({ colour: value }) => is_shaded && Number.isNaN(value);
    const title = `${y.title} against ${x.title}`;
    return {
      spec: is_shaded ? "scatter_shaded" : "scatter",
      title,
      rows: {
        bare: points.filter(lacks_colour).map((each) => ({ ...each, colour: null })),
        points: points.filter((each) => !lacks_colour(each)),
        lifted: kept.filter((place) => marks.has(place)).map((place) => ({ ...point(place), what: marks.get(place) })).map(({ colour: _, ...each }) => each),
      },
      axes: { x: drawn_axis(x, domains.x, X_TICKS), y: drawn_axis(y, domains.y, Y_TICKS) },
      groups: groups?.legend ?? (colour && !is_shaded ? [] : null),
      groups_title: groups ? colour.title : null,
      shade: is_shaded ? shade_of(colour) : null,
      notes: [...thinned(kept.length, standing.length, "run"), ...new Set([x, y, ...(colour ? [colour] : [])].flatMap((axis) => [...axis_notes(axis), ...reach_notes(axis)])), ...spread_notes(x, y), ...mark_notes(marks, kept)],
      listing: listing(table, both.map((place) => rows[place]), [x, y, ...(colour ? [colour] : [])]),
      empty: empty_reason(x, y, standing),
    };
  }

  function empty_reason(x, y, standing) {
    if (!standing.length) return `No run shown has both ${x.title} and ${y.title}`;
    return misfit_words(x, y);
  }

  const run_facts = (table, row) => ({ run: table.keys[row], name: String(table.column_of.get("name").values[row] ?? table.keys[row]), row });

  // What a row of a chart's data says of a value: a number, or the text itself.
  const plain_value = ({ type, labels, places }, place) => (type === "text" ? (labels[places[place]] ?? MISSING) : places[place]);

  const drawn_axis = (axis, domain, count) => ({
    is_log: axis.is_log, has_names: axis.type === "text", domain,
    ...(axis.type === "time" && domain ? clock_axis(axis, domain, count) : { title: axis.title, ticks: domain ? axis_ticks(axis, domain, count) : [] }),
  });

  // As on a curve's wall clock: the title says the day that all ticks are of, else the tick at midnight does.
  function clock_axis({ title }, domain, count) {
    const found = runsite.charts.wall_ticks(domain, count);
    const whole = found.filter(Number.isInteger);
    const ticks = whole.length > 1 ? whole : found;
    const [first, last] = domain.map((time) => new Date(time * 1000).toISOString().slice(0, 10));
    return { title: `${title}, ${first === last ? `${first} ` : ""}UTC`, ticks: ticks.map((time) => [time, runsite.charts.wall_text(time, ticks)]) };
  }

  // A number between -1 and 1 that is always the same for a row.
  function hash_of(row) {
    let hash = Math.imul(row + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 31 - 1;
  }

  const spread = ({ type, places }, row, place) => places[place] + (type === "text" ? SPREAD * hash_of(row) : 0);

  const spread_notes = (...axes) => axes.filter(({ type }) => type === "text").map(({ title }) => `runs of one ${title} stand side by side`);

  // Which texts have a hue: the most frequent ones, in the order of the table.
  function colour_groups({ categories, labels: all_labels, places }) {
    const counts = new Array(categories.length).fill(0);
    for (const place of places) if (!Number.isNaN(place)) counts[place] += 1;
    const by_count = [...categories.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
    const hued = categories.length > HUES ? by_count.slice(0, HUES).sort((a, b) => a - b) : [...categories.keys()];
    const labels = new Map(hued.map((category) => [category, all_labels[category]]));
    const label_of = (place) => (Number.isNaN(places[place]) ? MISSING : (labels.get(places[place]) ?? OTHERS));
    const used = new Set([...places.keys()].map(label_of));
    const grey = [OTHERS, MISSING].filter((label) => used.has(label) && ![...labels.values()].includes(label));
    return { label_of, legend: [...[...labels.values()].map((label, hue) => ({ label, colour: hue })), ...grey.map((label) => ({ label, colour: null }))] };
  }

  // The scale of shades: five stops, evenly apart on the axis; and its ticks.
  function shade_of(colour) {
    const [from, to] = [colour.least, colour.greatest];
    const at = (share) => (colour.is_log ? from * (to / from) ** share : from + (to - from) * share);
    const domain = from < to ? [from, at(0.25), at(0.5), at(0.75), to] : [0, 0.25, 0.5, 0.75, 1].map((share) => from - 0.5 + share);
    const ticks = axis_ticks(colour, [domain[0], domain[4]], SHADE_TICKS);
    return { title: colour.title, is_log: colour.is_log, domain, ticks, ends: end_words(colour) };
  }

  const end_words = ({ column, least, greatest }) => [least, greatest].map((number) => cell_words(column, number));

  // place -> "best" or "selected", for the runs that stand out.
  function marks_of(table, rows, selected) {
    const marks = new Map();
    rows.forEach((row, place) => {
      const key = table.keys[row];
      if (key === table.head.best) marks.set(place, "best");
      else if (selected.has(key)) marks.set(place, "selected");
    });
    return marks;
  }

  function mark_notes(marks, kept) {
    const drawn = new Set(kept.flatMap((place) => marks.get(place) ?? []));
    return [...(drawn.has("best") ? ["★ the best run"] : []), ...(drawn.has("selected") ? ["○ selected runs"] : [])];
  }

  // Chooses the points that are drawn: the extremes of each axis, those that stand out, and of each part of the plot as
  // many as fit. Which of a part is left to chance, always the same one: the table's order would make bands.
  function thin_points(standing, axes, always, most = MAX_POINTS) {
    if (standing.length <= most) return standing;
    const kept = new Set(standing.filter((place) => always.has(place)));
    for (const axis of axes) for (const place of extremes(standing, axis)) kept.add(place);
    const [across, up] = [cells_of(axes[0], COLUMNS), cells_of(axes[1], ROWS)];
    const seen = new Int32Array(COLUMNS * ROWS);
    const depth = new Int32Array(standing.length);
    for (const index of shuffled_places(standing.length)) {
      const place = standing[index];
      depth[index] = seen[across(place) * ROWS + up(place)] += 1;
    }
    const { level, rest } = last_level(depth, most - kept.size);
    let room = rest;
    return standing.filter((place, index) => {
      if (kept.has(place) || depth[index] < level) return true;
      room -= depth[index] === level ? 1 : 0;
      return depth[index] === level && room >= 0;
    });
  }

  // Places in an order that is always the same and that nothing else knows.
  function shuffled_places(count) {
    const keys = Float64Array.from({ length: count }, (_, place) => hash_of(place));
    return [...keys.keys()].sort((a, b) => keys[a] - keys[b]);
  }

  // Down to which depth points fit among so many, and how many of that depth do.
  function last_level(depth, wanted) {
    const counts = [];
    for (const each of depth) counts[each] = (counts[each] ?? 0) + 1;
    let [level, rest] = [1, wanted];
    while (rest > counts[level]) rest -= counts[level++];
    return { level, rest };
  }

  function extremes(standing, { places }) {
    const known = standing.filter((place) => !Number.isNaN(places[place]));
    const choose = (better) => known.reduce((best, place) => (best === null || better(places[place], places[best]) ? place : best), null);
    return [choose((a, b) => a < b), choose((a, b) => a > b)].filter((place) => place !== null);
  }

  // A function from a place to which of so many equal parts of an axis it lies in.
  function cells_of({ is_log, least, greatest, places }, count) {
    const scaled = is_log ? Math.log : (number) => number;
    const [low, high] = [scaled(least), scaled(greatest)];
    return (place) => (high > low ? Math.min(count - 1, Math.floor(((scaled(places[place]) - low) / (high - low)) * count)) : 0);
  }

  // Where nothing is drawn, it is said why.
  const thinned = (drawn, all, noun) => (drawn > 0 && drawn < all ? [`drawn from ${runsite.format_count(drawn)} of ${counted(all, noun)}, every extreme kept`] : []);

  // The chart as a table: a row for each run, its key and name first.
  function listing(table, rows, axes) {
    const names = table.column_of.get("name").values;
    return {
      columns: [{ label: "run", is_numeric: false }, { label: "name", is_numeric: false }, ...axes.map(({ id, title, type }) => ({ label: title, id, is_numeric: type === "number" }))],
      rows: rows.map((row) => [table.keys[row], names[row], ...axes.map(({ column }) => column.values[row])]),
      columns_of: [null, null, ...axes.map(({ column }) => column)],
    };
  }

  const exports = { scatter, thin_points, run_facts, marks_of, mark_notes, drawn_axis, thinned, listing, colour_groups, end_words };
  Object.assign(runsite.relations, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
