"use strict";
const assert = require("node:assert/strict");
const test = require("node:test");
const { ODD, NOW, column, metric, param, declared, related_table, runs_table } = require("./relations.js");
const { relation_of, read_relation_state, relation_chart } = runsite.charts;
const relations = runsite.relations;

const KINDS = ["scatter", "parallel", "importance", "histogram", "best_so_far"];
const related = (table, fragment) => relation_of(table, read_relation_state(fragment));
const keys_of = (rows) => [...new Set(rows.map(({ run }) => run))].sort();
const with_fragment = (pairs) => runsite.format_fragment(new Map(pairs));

test("the address holds what is charted, and says nothing of what is usual", () => {
  const pairs = [["relation", "histogram"], ["relation_axes", "a%2Cb,c"], ["relation_of", `metrics.${ODD}.last`], ["relation_log", "+params.x,-params.y"]];

  const state = read_relation_state(with_fragment([...pairs, ["filter", "lr > 1"], ["selected", "e/r1"]]));

  assert.deepEqual(state.axes, ["a,b", "c"]);
  assert.deepEqual([...state.scales], [["params.x", true], ["params.y", false]]);
  assert.equal(state.filter, "lr > 1");
  assert.deepEqual([...state.selected], ["e/r1"]);
  assert.deepEqual(relations.relation_pairs(state).filter(([, text]) => text), pairs);
  assert.deepEqual(relations.relation_pairs(read_relation_state("")).filter(([, text]) => text), []);
});

test("what the address names in vain falls back to the usual", () => {
  const table = related_table(24);

  const { columns } = related(table, "#relation=nonsense&relation_x=params.gone&relation_y=name");

  assert.equal(columns.x.column.id, "params.lr");
  assert.equal(columns.y.column.id, "metrics.acc.best");
});

test("the param that was swept is charted first, one that tells repeats apart last", () => {
  const table = related_table(24, { repeats: undefined });
  table.head.repeats.ignored = [["seed", "a seed"]];

  const { columns } = related(table, "#relation=parallel");

  assert.deepEqual(columns.axes.map(({ column: { label } }) => label), ["lr", "opt", ODD, "seed", "acc"]);
});

test("a seed is not what a scatter opens on, however many there are, nor what colours it", () => {
  const ids = Array.from({ length: 12 }, (_, row) => `r${row}`);
  const columns = [metric("acc", "best", { ...declared }), param("seed"), param("width"), param("shuffle")];
  const values = { "metrics.acc.best": ids.map((_, row) => row), "params.seed": ids.map((_, row) => row), "params.width": ids.map((_, row) => row % 3), "params.shuffle": ids.map((_, row) => row % 2 === 0) };
  const ignored = (...names) => {
    const table = runs_table(ids, values, { columns });
    table.head.repeats.ignored = names.map((name) => [name, "it tells repeats apart"]);
    return related(table, "").columns;
  };

  const [usual, only_seeds] = [ignored("seed"), ignored("seed", "width", "shuffle")];

  assert.deepEqual([usual.x, usual.colour].map(({ column: { id } }) => id), ["params.width", "params.shuffle"]);
  assert.deepEqual([only_seeds.x.column.id, only_seeds.colour], ["started", null]);
});

test("runs that logged no metric are related by their params", () => {
  const table = runs_table(["a", "b", "c"], { "params.lr": [1, 2, 3], "params.depth": [1, 1, 2] }, { columns: [param("lr"), param("depth")], sorted_by: "name" });

  const kinds = KINDS.map((kind) => [kind, related(table, `#relation=${kind}`)]);

  assert.deepEqual(kinds.map(([kind, { empty }]) => [kind, empty]), [
    ["scatter", ""], ["parallel", ""], ["importance", "These runs have no metric"], ["histogram", ""],
    ["best_so_far", "No metric of these runs has a goal: the settings can name one"],
  ]);
  assert.equal(kinds[0][1].title, "depth against lr");
});

test("many lines are drawn in turns, which together are all of them", () => {
  for (const [count, turns] of [[200, 0], [300, 2], [2400, 8]]) {
    const relation = related(related_table(count), "#relation=parallel");
    const { first, later } = runsite.charts.in_turns(relation);
    const added = (name) => later.filter(([of]) => of === name).flatMap(([, rows]) => rows);
    assert.equal(later.length, turns, String(count));
    assert.deepEqual([...first.lines, ...added("lines")], relation.rows.lines);
    assert.ok(later.every(([, rows]) => rows.length % relation.coordinates.length === 0));
  }
});

test("each kind draws the runs that the filter shows", () => {
  const table = related_table(60);
  const wanted = table.keys.filter((_, row) => row % 3 === 1);

  for (const kind of ["scatter", "parallel", "best_so_far"]) {
    const { rows } = related(table, with_fragment([["relation", kind], ["relation_x", "params.seed"], ["filter", "opt = sgd"]]));
    const drawn = keys_of(rows.points ?? rows.lines ?? rows.runs);
    assert.deepEqual(drawn, kind === "parallel" ? [...wanted].sort() : wanted.filter((key) => key !== "e/r4").sort(), kind);
  }
});

test("a filter that cannot be read keeps the runs of the last good one", () => {
  const table = related_table(24);

  const state = read_relation_state(with_fragment([["filter", "seed = "], ["kept", "seed = 1"]]));

  assert.deepEqual(relations.shown_rows(table, state).map((row) => row % 5), [1, 1, 1, 1, 1].slice(0, relations.shown_rows(table, state).length));
});

test("runs without the value, and values that are not finite, are counted and not drawn", () => {
  const odd = [null, "NaN", "Infinity", -1];
  const table = related_table(24, { values: { "metrics.acc.best": Array.from({ length: 24 }, (_, row) => (row < 4 ? odd[row] : row)) } });

  const { rows, notes } = related(table, "#relation_log=%2Bmetrics.acc.best");

  assert.deepEqual(notes.slice(0, 4), [
    "2 of 24 runs lack lr",
    "1 of 24 runs lacks acc best",
    "2 of 24 runs have a acc best that is not finite",
    "1 of 24 runs has a acc best of zero or less, which has no place on a log scale",
  ]);
  assert.equal(rows.points.length + rows.bare.length, 24 - 4 - 2);
});

test("points stand at the table's own values", () => {
  const table = related_table(60);

  const { rows, listing } = related(table, "#relation_colour=params.seed");

  for (const { run, x, y, colour } of rows.points) {
    const row = table.row_of.get(run);
    assert.deepEqual([x, y, colour], ["params.lr", "metrics.acc.best", "params.seed"].map((id) => table.column_of.get(id).values[row]));
  }
  assert.equal(listing.rows.length, rows.points.length);
});

test("texts beyond eight are grey, and what has no colour is too", () => {
  const texts = Array.from({ length: 60 }, (_, row) => (row === 0 ? null : `t${row % 12}`));
  const table = related_table(60, { columns: [param("text")], values: { "params.text": texts } });

  const { groups, rows } = related(table, "#relation_x=params.seed&relation_colour=params.text");

  assert.equal(groups.filter(({ colour }) => colour !== null).length, 8);
  assert.deepEqual(groups.filter(({ colour }) => colour === null).map(({ label }) => label), ["other values", "missing"]);
  assert.ok(rows.points.every(({ colour }) => groups.some(({ label }) => label === colour)));
});

test("numbers have a shade, and runs without one stand apart", () => {
  const { spec, shade, rows } = related(related_table(60), "#relation_x=params.seed&relation_colour=params.lr");

  assert.equal(spec, "scatter_shaded");
  assert.equal(shade.is_log, true);
  assert.equal(shade.domain.length, 5);
  assert.deepEqual(keys_of(rows.bare), ["e/r11", "e/r23", "e/r35", "e/r47", "e/r59"]);
});

test("the best run and those selected stand out", () => {
  const table = related_table(24, { best: "e/r7" });

  const { rows, notes } = related(table, "#relation_x=params.seed&selected=e%2Fr3,e%2Fr7");

  assert.deepEqual(rows.lifted.map(({ run, what }) => [run, what]).sort(), [["e/r3", "selected"], ["e/r7", "best"]]);
  assert.ok(notes.includes("★ the best run") && notes.includes("○ selected runs"));
});

test("of many runs so many are drawn, every extreme and every run that stands out among them", () => {
  const count = 5000;
  const values = Array.from({ length: count }, (_, row) => (row === 4321 ? 50 : row === 1234 ? -50 : Math.sin(row)));
  const table = related_table(count, { values: { "metrics.acc.best": values } });

  const { rows, notes, listing } = related(table, `#relation_x=started&selected=${table.keys[2222].replace("/", "%2F")}`);
  const drawn = new Set([...rows.points, ...rows.bare].map(({ run }) => run));

  assert.equal(drawn.size <= 2000 && drawn.size > 1900, true);
  for (const row of [0, count - 1, 4321, 1234, 2222]) assert.ok(drawn.has(table.keys[row]), `${row}`);
  assert.ok(notes.includes(`drawn from ${runsite.format_count(drawn.size)} of 5,000 runs, every extreme kept`));
  assert.equal(listing.rows.length, count);
});

test("params are ranked by size of their correlation; what cannot be reckoned is counted", () => {
  const ids = Array.from({ length: 40 }, (_, row) => row);
  const columns = ["up", "down", "same", "apart", "rare"].map((name) => param(name));
  const values = {
    "params.up": ids, "params.down": ids.map((row) => -row), "params.same": ids.map(() => 1), "params.apart": ids.map((row) => `x${row}`),
    "params.rare": ids.map((row) => (row < 3 ? row : null)), "metrics.acc.best": ids.map((row) => row + (row % 2 ? 3 : 0)),
  };
  const { rows, notes, listing, axes } = related(related_table(40, { columns, values }), "#relation=importance");

  assert.deepEqual(rows.bars.slice(0, 2).map(({ param: name, colour }) => [name, colour]), [["down", "less with the param"], ["up", "greater with the param"]]);
  assert.equal(rows.bars.find(({ param: name }) => name === "opt").low, null);
  assert.ok(notes[0].startsWith("Rank correlation, not causation, over 40 runs; acc is better when greater"));
  for (const said of ["1 param left out: it does not vary", "1 param left out: their texts differ in nearly every run", "1 param left out: fewer than 4 runs have them"]) assert.ok(notes.includes(said), said);
  assert.deepEqual(listing.rows.map(([name]) => name), rows.bars.map(({ param: name }) => name));
  assert.equal(listing.rows.find(([name]) => name === "lr").at(-1), 37);
  assert.deepEqual(axes.y.ticks.map(([, label]) => label).filter((label) => label.startsWith("lr")), ["lr (37 runs)"]);
});

test("a param of few numbers has a bar for each, a metric has bins", () => {
  const table = related_table(60);

  const [of_param, of_metric, of_text] = ["params.seed", "metrics.acc.best", "params.opt"].map((id) => related(table, `#relation=histogram&relation_of=${id}`));

  assert.deepEqual(of_param.listing.rows, [0, 1, 2, 3, 4].map((seed) => [seed, 12]));
  assert.match(of_metric.notes[0], /^\d+ bins by Freedman and Diaconis' rule$/);
  assert.equal(of_metric.listing.rows.reduce((sum, [, , count]) => sum + count, 0), 59);
  assert.deepEqual(of_text.listing.rows, [["adam", 20], ["it's lion", 20], ["sgd", 20]]);
});

test("a bar's range is a filter that shows as many runs as the bar says", () => {
  const table = related_table(60);
  const has = (id) => table.column_of.has(id);

  for (const id of ["params.seed", "metrics.acc.best", "params.opt", "params.lr"]) {
    const { axis, rows } = related(table, `#relation=histogram&relation_of=${id}`);
    for (const bar of rows.bars) {
      const filter = relations.write_brush("", axis, relations.bar_brush(axis, bar), has);
      assert.equal(relations.shown_rows(table, { filter }).length, bar.count, filter);
    }
  }
});

test("what all runs have the same of has one bar within its axis, named by the value", () => {
  const of_same = (id, values, more = "") => {
    const table = runs_table(["a", "b", "c"], values, { columns: [metric("acc", "best", { ...declared })], started: values.started });
    return { table, ...related(table, `#relation=histogram&relation_of=${id}${more}`) };
  };
  const metrics = [0.5, 3.5, 0, -3, 0.123456789, 1e-300, 5e-324, 1e300, 1.79e308].flatMap((number) => ["", "&relation_log=%2Bmetrics.acc.best"].map((more) => [number, of_same("metrics.acc.best", { "metrics.acc.best": [number, number, "NaN"] }, more), 2]));
  const times = [NOW, NOW + 0.75].map((time) => [time, of_same("started", { started: [time, time, time] }), 3]);

  for (const [value, { table, axis, axes, rows, listing, empty }, count] of [...metrics, ...times]) {
    assert.equal(empty, "", String(value));
    const [bar, ...others] = rows.bars;
    assert.deepEqual([others.length, bar.count], [0, count], String(value));
    const share = (place) => (place - axes.x.domain[0]) / (axes.x.domain[1] - axes.x.domain[0]);
    assert.ok(share(bar.from) > 0 && share(bar.to) < 1 && share(bar.to) - share(bar.from) > 0.5, String(value));
    assert.deepEqual(axes.x.ticks.map(([, label]) => label), [relations.cell_words(axis.column, value)]);
    assert.deepEqual(listing.rows, [[value, count]]);
    const filter = relations.write_brush("", axis, relations.bar_brush(axis, bar), (id) => table.column_of.has(id));
    assert.equal(relations.shown_rows(table, { filter }).length, count, filter);
  }
});

test("where no value can be drawn, no note tells how many runs are", () => {
  const values = { "metrics.acc.best": Array.from({ length: 24 }, (_, row) => (row % 2 ? 5e-324 : 0)) };

  for (const fragment of ["#relation_x=params.seed", "#relation=histogram&relation_of=metrics.acc.best", "#relation=best_so_far"]) {
    const { empty, notes } = related(related_table(24, { values }), fragment);
    assert.equal(empty, "The values lie too close together to be drawn", fragment);
    assert.equal(notes.some((note) => note.startsWith("drawn from")), false, fragment);
  }
});

// A param logged as a number, as a text that says it, as a truth value and its text.
const mixed_table = () => {
  const cells = [1, "1", true, "true", "2", "it's"];
  return related_table(24, { columns: [param("mixed")], values: { "params.mixed": Array.from({ length: 24 }, (_, row) => cells[row % 6]) } });
};

test("a text is in quotes where a number or a truth value is written just so", () => {
  const expected = ["\"1\"", "\"true\"", "1", "2", "it's", "true"];

  const scatter = related(mixed_table(), "#relation_x=params.mixed&relation_colour=params.mixed");

  assert.deepEqual(scatter.groups.map(({ label }) => label).sort(), expected);
  assert.deepEqual([...new Set(scatter.rows.points.map(({ x_value, colour }) => `${x_value} ${colour}`))].sort(), expected.map((label) => `${label} ${label}`));
});

test("values that the filter finds together share a bar, and a place on a parallel axis", () => {
  const table = mixed_table();
  const expected = ["1, \"1\"", "2", "it's", "true, \"true\""];

  const { axes, axis, rows, listing } = related(table, "#relation=histogram&relation_of=params.mixed");
  const { coordinates: [own] } = related(table, "#relation=parallel&relation_axes=params.mixed,metrics.acc.best");

  for (const found of [axes.x.ticks.map(([, label]) => label), own.marks.map(([, label]) => label), listing.rows.map(([label]) => label)]) {
    assert.deepEqual([...found].sort(), expected);
  }
  for (const bar of rows.bars) {
    const filter = relations.write_brush("", axis, relations.bar_brush(axis, bar), (id) => table.column_of.has(id));
    assert.equal(relations.shown_rows(table, { filter }).length, bar.count, filter);
    assert.deepEqual(relations.spot_words(table, { kind: "histogram", axis }, { bar }).facts, [["mixed", bar.label]]);
  }
  assert.deepEqual(rows.bars.map(({ count }) => count).sort(), [4, 4, 8, 8]);
});

test("records stand in the order in which runs ended", () => {
  const table = related_table(40);
  const acc = table.column_of.get("metrics.acc.best").values;
  const ended = table.column_of.get("ended").values;

  const { rows, notes, listing } = related(table, "#relation=best_so_far");
  const order = [...acc.keys()].filter((row) => typeof acc[row] === "number").sort((a, b) => ended[a] - ended[b]);
  let best = -Infinity;
  const expected = order.filter((row) => (acc[row] > best ? ((best = acc[row]), true) : false)).map((row) => table.keys[row]);

  assert.deepEqual(rows.records.map(({ run }) => run), expected);
  assert.deepEqual(listing.rows.map(([key]) => key), expected);
  assert.equal(rows.line.at(-1).x, Math.max(...order.map((row) => ended[row])));
  assert.match(notes[0], new RegExp(`^${expected.length} records, the last `));
});

test("runs without an end stand at their start, and metrics without a goal have no best", () => {
  const table = runs_table(["a", "b", "c"], { "metrics.m.best": [1, 3, 2], ended: [null, NOW + 5, null] }, {
    columns: [metric("m", "best", { ...declared, goal: "minimize" }), column("ended", "time")], started: [NOW, NOW + 1, NOW + 2],
  });
  const aimless = runs_table(["a", "b"], { "metrics.m.last": [1, 2] }, { columns: [metric("m", "last")] });

  const { rows, notes } = related(table, "#relation=best_so_far");

  assert.deepEqual(rows.records.map(({ name, x }) => [name, x]), [["a", NOW]]);
  assert.ok(notes.includes("2 runs without an end stand at their start"));
  assert.match(related(aimless, "#relation=best_so_far").empty, /has a goal/);
});

test("a run that lacks a value has a place below its axis", () => {
  const table = related_table(24);

  const { rows, coordinates } = related(table, "#relation=parallel&relation_axes=params.lr,metrics.acc.best");
  const below = (axis) => keys_of(rows.lines.filter((point) => point.axis === axis && point.place < 0));

  assert.deepEqual(below(0), ["e/r11", "e/r23"]);
  assert.deepEqual(below(1), ["e/r4"]);
  assert.deepEqual(coordinates.map(({ marks }) => marks.at(-1)[1]), ["missing", "not finite"]);
});

test("ranges of all kinds come back from the filter they became, and others stay", () => {
  const table = related_table(60);
  const has = (id) => table.column_of.has(id);
  const { coordinates } = related(table, `#relation=parallel&relation_axes=params.lr,params.opt,started,params.${encodeURIComponent(ODD)}`);
  const axis_of = (id) => coordinates.find((axis) => axis.id === id);
  const cases = [
    ["params.lr", { low: 0.001, high: 0.5 }, "params.lr >= 0.001 and params.lr <= 0.5"],
    ["params.lr", { high: 1e-7 }, "params.lr <= 1e-7"],
    ["params.lr", { missing: true }, "params.lr is null"],
    ["params.lr", { non_finite: true }, "params.lr in (nan, inf, -inf)"],
    ["params.opt", { categories: new Set([1]) }, "params.opt = 'it''s lion'"],
    ["params.opt", { categories: new Set([2, 0]) }, "params.opt in ('adam', 'sgd')"],
    ["started", { low: NOW - 30 }, "started >= 2023-11-14T22:12:50Z"],
    [`params.${ODD}`, { low: 1 }, "params.`a.b[0] \"x\" \\ ``y`` </script>` >= 1"],
  ];

  for (const [id, brush, text] of cases) {
    const axis = axis_of(id);
    const written = relations.write_brush("r and params.seed > 1", axis, brush, has);
    assert.equal(written, `r and params.seed > 1 and ${text}`);
    assert.equal(relations.write_brush(written, axis, brush, has), written);
    const { id: _, ...read } = relations.read_brushes(written, coordinates, has).get(id);
    assert.deepEqual(read, brush);
    assert.equal(relations.write_brush(written, axis, null, has), "r and params.seed > 1");
  }
});

test("a filter with an `or` is put in brackets before a range joins it", () => {
  const table = related_table(24);
  const has = (id) => table.column_of.has(id);
  const [axis] = related(table, "#relation=parallel").coordinates;

  const written = relations.write_brush("seed = 1 or seed = 2", axis, { low: 0.01 }, has);

  assert.equal(written, "(seed = 1 or seed = 2) and params.lr >= 0.01");
  assert.deepEqual(relations.split_conditions(written), ["(seed = 1 or seed = 2)", "params.lr >= 0.01"]);
  assert.deepEqual(relations.split_conditions("a and (b or c) and x in (1, 2)"), ["a", "(b or c)", "x in (1, 2)"]);
  assert.deepEqual(relations.split_conditions("name = 'a and b' and c"), ["name = 'a and b'", "c"]);
});

test("a range shows the very runs whose values lie within it", () => {
  const table = related_table(300);
  const has = (id) => table.column_of.has(id);
  const { coordinates } = related(table, "#relation=parallel&relation_axes=params.lr,metrics.acc.best,params.opt,params.seed,started");
  let seed = 1;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;

  for (let round = 0; round < 200; round += 1) {
    const axis = coordinates[round % coordinates.length];
    const brush = relations.brush_between(axis, chance(), chance());
    const filter = relations.write_brush("", axis, brush, has);
    const expected = table.keys.filter((_, row) => {
      const cell = axis.column.values[row];
      if (!brush) return true;
      if (axis.categories) return brush.categories.has(axis.categories.indexOf(cell));
      return typeof cell === "number" && cell >= (brush.low ?? -Infinity) && cell <= (brush.high ?? Infinity);
    });
    assert.deepEqual(relations.shown_rows(table, { filter }).map((row) => table.keys[row]).sort(), expected.sort(), filter);
  }
});

test("behind the runs of a range stand those that it leaves out", () => {
  const table = related_table(60);

  const { rows, brushes, notes } = related(table, with_fragment([["relation", "parallel"], ["filter", "opt = sgd and params.lr >= 0.01"]]));
  const [drawn, context] = [keys_of(rows.lines), keys_of(rows.context)];

  assert.deepEqual([...brushes.keys()], ["params.opt", "params.lr"].filter((id) => brushes.has(id)));
  assert.ok(drawn.length > 0 && context.length > 0);
  assert.deepEqual(context.filter((key) => drawn.includes(key)), []);
  assert.ok(notes.some((note) => note.includes("left out by the ranges, faint")));
});

test("keys move an end of a range by a place of texts or a twentieth of numbers", () => {
  const { coordinates } = related(related_table(60), "#relation=parallel&relation_axes=params.lr,params.opt");
  const [numbers, texts] = coordinates;

  assert.equal(relations.moved_end(numbers, 0, "ArrowUp"), 0.05);
  assert.equal(relations.moved_end(texts, 0, "ArrowUp"), 1 / 3);
  assert.equal(relations.moved_end(numbers, 0.5, "End"), 1);
  assert.equal(relations.moved_end(numbers, 0.5, "a"), null);
  assert.deepEqual(relations.brush_between(texts, 1 / 3, 1), { categories: new Set([1, 2]) });
  assert.equal(relations.brush_between(numbers, 0, 1), null);
});

test("ticks are powers of ten, and times in UTC", () => {
  assert.deepEqual(relations.log_ticks([1e-4, 1], 6), [1e-4, 1e-3, 1e-2, 1e-1, 1]);
  assert.deepEqual(relations.log_ticks([1e-12, 1], 5), [1e-12, 1e-9, 1e-6, 1e-3, 1]);
  assert.deepEqual(relations.log_ticks([0.02, 0.09], 4), [0.02, 0.04, 0.06, 0.08]);
  assert.deepEqual(relations.time_ticks([NOW, NOW + 7200], 3).map(([, label]) => label), ["11-14 23:00", "11-15 00:00"]);
});

test("a clock's axis names the day once: in its title, or at midnight", () => {
  const axis = (seconds) => relations.drawn_axis({ type: "time", title: "started", is_log: false }, [NOW, NOW + seconds], 4);
  const said = ({ title, ticks }) => [title, ...ticks.map(([, label]) => label)];

  assert.deepEqual(said(axis(2)), ["started, 2023-11-14 UTC", "22:13:20", "22:13:21", "22:13:22"]);
  assert.deepEqual(said(axis(90)), ["started, 2023-11-14 UTC", "22:13:30", "22:14:00", "22:14:30"]);
  assert.deepEqual(said(axis(7200)), ["started, UTC", "22:30", "23:00", "23:30", "2023-11-15"]);
});

test("of values that lie too far apart an axis holds those of most runs, and counts the others", () => {
  const values = { "metrics.acc.best": [0.1, 1.79e308, 0.2, -1.7e308, 0.3, "NaN"], "params.lr": [1, 2, 3, 4, 5, 6] };
  const table = related_table(6, { values });
  const of = (fragment) => related(table, fragment);
  const scatter = of("#relation_x=params.lr&relation_y=metrics.acc.best");
  const shaded = of("#relation_x=params.lr&relation_y=params.seed&relation_colour=metrics.acc.best");
  const histogram = of("#relation=histogram&relation_of=metrics.acc.best");
  const best = of("#relation=best_so_far");
  const said = "2 of 6 runs have a acc best too far from the others’ to be drawn";

  for (const { empty, notes } of [scatter, shaded, histogram, best]) assert.deepEqual([empty, notes.includes(said)], ["", true]);
  assert.deepEqual(scatter.rows.points.map(({ y }) => y).sort(), [0.1, 0.2, 0.3]);
  assert.deepEqual(scatter.axes.x.domain, [0.84, 5.16]);
  assert.deepEqual(scatter.listing.rows.map((cells) => cells[3]).sort((a, b) => a - b), [-1.7e308, 0.1, 0.2, 0.3, 1.79e308]);
  assert.deepEqual([shaded.shade.domain[0], shaded.shade.domain[4], shaded.rows.bare.length], [0.1, 0.3, 3]);
  assert.deepEqual([histogram.rows.bars.reduce((sum, { count }) => sum + count, 0), histogram.rows.bars.at(-1).to], [3, 0.3]);
  assert.deepEqual(best.rows.runs.map(({ y }) => y).sort(), [0.1, 0.2, 0.3]);
});

test("an axis holds as many runs as it can, of equally many ones those nearest to zero", () => {
  const axis = (numbers) => ({ type: "number", is_log: false, title: "x", cells: numbers, places: numbers });
  const held = (numbers) => relations.reaching(axis(numbers), [...numbers.keys()]);

  assert.deepEqual(held([1.7e308, -1.7e308, 1]).places, [NaN, NaN, 1]);
  assert.deepEqual(held([-1.7e308, 1, 1.7e308, 1.75e308]).places, [NaN, NaN, 1.7e308, 1.75e308]);
  assert.deepEqual([held([1, 2]).beyond, held([Number.MAX_VALUE]).beyond, held([]).beyond], [0, 0, 0]);
  assert.deepEqual(relations.axis_domain(held([Number.MAX_VALUE])), [0.9 * Number.MAX_VALUE, Number.MAX_VALUE]);
});

test("values that lie closer together than an axis has steps are said to", () => {
  const table = related_table(3, { values: { "metrics.acc.best": [0, 5e-324, 2e-323], "params.lr": [1, 2, 3] } });

  for (const kind of ["scatter", "histogram", "best_so_far"]) assert.equal(related(table, `#relation=${kind}`).empty, "The values lie too close together to be drawn");
});

test("parallel coordinates leave out and name a column whose values no axis holds", () => {
  const table = related_table(3, { values: { "params.lr": [1, 2, 3], "params.seed": [1.7e308, -1.7e308, 0], "metrics.acc.best": [0.1, 0.2, 0.3] } });
  const axes = "#relation=parallel&relation_axes=params.lr,params.seed,metrics.acc.best";
  const { rows, coordinates, notes, listing } = related(table, axes);

  assert.deepEqual(coordinates.map(({ id }) => id), ["params.lr", "metrics.acc.best"]);
  assert.equal(notes[0], "seed left out: its values lie too far apart to be drawn");
  assert.ok(rows.lines.every(({ place }) => place >= 0 && place <= 1));
  assert.equal(listing.columns.length, 4);
  assert.equal(related(table, "#relation=parallel&relation_axes=params.lr,params.seed").empty, "Fewer than two columns can be drawn: seed left out: its values lie too far apart to be drawn");
});

test("parallel coordinates cut no number short, which its neighbour may share the beginning of", () => {
  const table = related_table(3, { values: { "params.lr": [2 ** 53, 2 ** 53 + 2, 2 ** 53 + 4] } });
  const { ticks } = related(table, "#relation=parallel&relation_axes=params.lr,params.seed").rows;
  const labels = ticks.filter(({ axis }) => axis === 0).map(({ label }) => label);

  assert.deepEqual(labels, ["9.007199254740992e15", "9.007199254740994e15", "9.007199254740996e15"]);
});

test("ticks of a parallel axis say how far apart they stand, and those of shades stand where values do", () => {
  const table = related_table(12, { values: { "params.lr": Array.from({ length: 12 }, (_, row) => `text ${row}`), "metrics.acc.best": Array.from({ length: 12 }, (_, row) => 0.21 + row * 0.07) } });
  const { rows, shade } = related(table, "#relation=parallel&relation_axes=params.lr,metrics.acc.best");
  const [names, numbers] = [0, 1].map((number) => rows.ticks.filter(({ axis }) => axis === number));

  assert.deepEqual(names.map(({ rank }) => rank), Array.from({ length: 12 }, (_, rank) => rank));
  assert.ok(names.every(({ gap, is_name }) => is_name && Math.abs(gap - 1 / 12 / 1.08) < 1e-9));
  assert.ok(numbers.every(({ is_name, label, short }) => !is_name && short === label));
  assert.ok(shade.ticks.length > 1 && shade.ticks.every(([place]) => place >= shade.domain[0] - 1e-9 && place <= shade.domain[4] + 1e-9));
});

test("dates of a parallel axis differ in what is left of them where two axes are near", () => {
  const table = related_table(12, { values: { "params.opt": Array.from({ length: 12 }, (_, row) => `2026-01-${10 + row}`) } });
  const { ticks } = related(table, "#relation=parallel&relation_axes=params.opt,metrics.acc.best").rows;
  const short = ticks.filter(({ axis }) => axis === 0).map((tick) => tick.short);

  assert.equal(new Set(short).size, 12);
  assert.ok(short.every((text) => text.startsWith("…") && text.length < 7), short.join());
});

test("each p is listed without the digits in which engines differ", () => {
  const { listing } = related(related_table(300), "#relation=importance");
  const place = listing.columns.findIndex(({ label }) => label === "p");

  assert.ok(listing.rows.length > 1);
  assert.ok(listing.rows.every((row) => row[place] === Number(row[place].toPrecision(12))));
});

test("bars of numbers that differ late have labels that differ, and are not cut as names are", () => {
  const bars = (values) => {
    const { axes, rows } = related(related_table(12, { values: { "params.lr": values } }), "#relation=histogram&relation_of=params.lr");
    return { labels: axes.x.ticks.map(([, label]) => label), hovered: rows.bars.map(({ label }) => label), has_names: axes.x.has_names };
  };
  const of_steps = (from, step) => Array.from({ length: 12 }, (_, place) => from + place * step);

  for (const values of [of_steps(1e15, 1), of_steps(1e9, 1e-6), of_steps(1, 1e-15)]) {
    const { labels, hovered, has_names } = bars(values);
    assert.equal(new Set(labels).size, 12, labels.join(" "));
    assert.deepEqual([labels, has_names], [hovered, false]);
  }
  assert.equal(bars(["adam", "sgd", ...new Array(10).fill("lion")]).has_names, true);
});

test("a log axis ends at the greatest number, and has ticks among the least", () => {
  const table = related_table(3, { values: { "params.lr": [5e-324, 1, 1.7e308] } });
  const { axes, empty } = related(table, "#relation=scatter&relation_x=params.lr&relation_y=started");

  assert.deepEqual([axes.x.is_log, axes.x.domain, empty], [true, [Number.MIN_VALUE, Number.MAX_VALUE], ""]);
  assert.ok(axes.x.ticks.every(([place]) => place > 0 && Number.isFinite(place)));
  assert.deepEqual(relations.log_ticks([5e-324, 1e-323], 5), []);
  assert.deepEqual(relations.log_ticks([2e-323, 9e-323], 5), [2e-323, 4e-323, 6e-323, 8e-323]);
});

test("ticks of a narrow axis differ, and there are no more than numbers of that size", () => {
  const said = (from, to) => {
    const table = related_table(3, { values: { "metrics.acc.best": [from, to, from] } });
    return related(table, "#relation=histogram&relation_of=metrics.acc.best").axes.x.ticks.map(([, label]) => label);
  };

  for (const [from, to] of [[1, 1.0000001], [1e15, 1e15 + 7], [2 ** 53, 2 ** 53 + 2]]) assert.ok(said(from, to).length > 1 && new Set(said(from, to)).size === said(from, to).length, String(said(from, to)));
});

test("of 2,000 runs each has a line, of more some, and the chart says so", () => {
  for (const count of [300, 2000, 2400]) {
    const { rows, notes } = related(related_table(count), "#relation=parallel");
    const drawn = keys_of(rows.lines).length;
    assert.ok(count <= 2000 ? drawn === count : drawn <= 2000 && drawn > 1900, `${drawn} of ${count}`);
    assert.equal(notes.some((note) => note.startsWith(`drawn from ${runsite.format_count(drawn)} of 2,400 runs`)), count > 2000);
  }
});

test("where there is nothing to show, each kind says why", () => {
  const none = runs_table([], {}, {});

  for (const kind of KINDS) assert.notEqual(related(none, `#relation=${kind}`).empty, "", kind);
  for (const kind of KINDS) assert.notEqual(related(related_table(24), `#relation=${kind}&filter=name+%3D+nobody`).empty, "", kind);
});

// Runs that all have the loss 1, the best of which is the main metric; its least value lies in a block of its own.
function same_table(count, loss = 1) {
  const ids = Array.from({ length: count }, (_, row) => `r${row}`);
  const columns = [param("lr"), metric("loss", "best", { ...declared, goal: "minimize" }), metric("loss", "min", { block: "more" })];
  const values = { "params.lr": ids.map((_, row) => row), "metrics.loss.best": ids.map(() => loss) };
  return runs_table(ids, values, { columns, sorted_by: "metrics.loss.best" });
}

test("a metric that is the same in all runs is charted as what it is", () => {
  for (const count of [1, 12]) {
    const table = same_table(count);
    assert.equal(relations.needs_more(table, read_relation_state("")), false);
    const [scatter, histogram, best] = ["scatter", "histogram", "best_so_far"].map((kind) => related(table, `#relation=${kind}&relation_of=metrics.loss.best`));
    assert.deepEqual([scatter, histogram, best].map(({ empty }) => empty), ["", "", ""]);
    assert.equal(scatter.rows.points.length, count);
    assert.deepEqual([scatter.columns.y, histogram.columns.of, best.columns.goal].map(({ column: { id } }) => id), new Array(3).fill("metrics.loss.best"));
    assert.equal([scatter, histogram, best].flatMap(({ notes }) => notes).some((note) => /lack/.test(note)), false);
  }
});

test("a run alone stands in the middle of two hours", () => {
  const { axes } = related(same_table(1), "#relation_x=started");

  assert.deepEqual(axes.x.domain, [NOW - 3600, NOW + 3600]);
});

test("importance says that its metric does not vary", () => {
  const { empty, notes } = related(same_table(12), "#relation=importance");

  assert.equal(empty, "loss best is the same in all runs shown that have it: no param goes along with it");
  assert.ok(notes.includes("1 param left out: loss is the same in all runs that have it"));
  assert.equal(notes.some((note) => /finite|does not vary/.test(note)), false);
});

test("a column that has still to be loaded is loaded before it is judged", () => {
  const ids = ["a", "b"];
  const table = runs_table(ids, { "params.lr": [1, 2] }, { columns: [param("lr"), metric("loss", "min", { block: "more" })] });

  assert.equal(relations.needs_more(table, read_relation_state("")), true);
  assert.equal(relations.needs_more(table, read_relation_state("#relation_of=metrics.loss.min")), true);
  table.has_more = true;
  assert.equal(relations.needs_more(table, read_relation_state("")), false);
});

test("every placeholder of a chart has what stands for it, and names stay data", () => {
  const table = related_table(24);
  const look = { ink: "i", muted: "m", line: "l", ground: "g", shades: ["a", "b", "c", "d", "e"], colour_of: ({ colour }) => `hue ${colour}` };

  for (const kind of KINDS) {
    const { values, rows } = relation_chart(related(table, with_fragment([["relation", kind], ["relation_x", `params.${ODD}`], ["relation_of", `metrics.${ODD}.last`]])), look);
    assert.equal([...values.values()].includes(undefined), false, kind);
    for (const list of Object.values(rows)) for (const row of list) assert.ok(!Object.keys(row).includes(ODD));
  }
});

test("CSV has all rows, columns by their id, and texts that spreadsheets cannot run", () => {
  const table = related_table(24, { columns: [param("text")], values: { "params.text": Array.from({ length: 24 }, (_, row) => (row % 2 ? "=1+1" : "b")) } });

  const lines = relations.listing_csv(related(table, "#relation_colour=params.text").listing).split("\r\n");

  assert.equal(lines[0], "run,name,params.lr,metrics.acc.best,params.text");
  assert.equal(lines.length, 1 + 24 - 3 + 1);
  assert.ok(lines.some((line) => line.endsWith(",'=1+1")));
});

test("the nearest point, line or bar is found, and what it says", () => {
  const table = related_table(24);
  const same = (value) => value;
  const frame = { x: (value) => value * 100, y: (value) => value * 100, top: 0, bottom: 100 };

  const scatter = related(table, "#relation_x=params.seed");
  const spots = relations.spots_of(scatter, frame);
  const spot = relations.nearest_spot(spots, spots[3].x + 3, spots[3].y);
  const { title, facts } = relations.spot_words(table, scatter, spots[3]);

  assert.equal(Math.hypot(spot.x - spots[3].x, spot.y - spots[3].y) <= 3, true);
  assert.equal(relations.nearest_spot(spots, 1e6, 1e6), null);
  assert.equal(title, spots[3].point.name);
  assert.deepEqual(facts.map(([name]) => name), ["seed", "acc best", "lr"]);
  const line = relations.nearest_spot([{ row: 1, points: [[0, 0], [100, 100]] }, { row: 2, points: [[0, 100], [100, 0]] }], 20, 24, 16);
  assert.equal(line.row, 1);
  assert.equal(relations.nearest_spot([{ bar: 1, box: [0, 0, 10, 10] }], same(5), 5).bar, 1);
});
