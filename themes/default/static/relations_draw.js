// From what a chart of runs shows (relations_of.js) to what stands for the placeholders of its spec, as
// charts/relation_kinds.py lists them. Pure: `charts.vega_spec` and `charts.vega_lite_spec` take the result.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const EVEN = [0, 0.25, 0.5, 0.75, 1];
  // Vega takes 0.3 ms for a line, all of them in one task unless they are added bit by bit.
  const LINES_A_TURN = 250;

  function relation_chart(relation, look) {
    const { axes, rows, title } = relation;
    const groups = relation.groups?.length ? relation.groups : [{ label: "", colour: 0 }];
    const shade = relation.shade ?? { title: "", is_log: false, domain: EVEN, ticks: [] };
    const first = look.colour_of({ colour: 0 });
    const values = {
      $title: title,
      ...axis_values("x", axes.x),
      $x_has_names: Boolean(axes.x.has_names),
      ...axis_values("y", axes.y),
      $groups: groups.map(({ label }) => label),
      $groups_title: relation.groups_title,
      $colours: groups.map(look.colour_of),
      $shade_title: shade.title,
      $shade_domain: shade.domain,
      $shades: relation.shade ? look.shades : EVEN.map(() => first),
      $shade_ticks: shade.ticks.map(([place]) => place),
      $shade_labels: shade.ticks.map(([, label]) => label),
      $colour_scale: shade.is_log ? "log" : "linear",
      $ink: look.ink, $muted: look.muted, $line: look.line, $ground: look.ground, $first: first, $font: charts.FONT,
    };
    // `runs` is what a legend names: one alone needs none, five stops of a shade do.
    return { values: new Map(Object.entries(values)), rows, look, runs: relation.shade ? EVEN : groups };
  }

  const axis_values = (name, { title, is_log, domain, ticks }) => ({
    [`$${name}_title`]: title,
    [`$${name}_domain`]: domain ?? [0, 1],
    [`$${name}_scale`]: is_log ? "log" : "linear",
    [`$${name}_ticks`]: ticks.map(([place]) => place),
    [`$${name}_labels`]: ticks.map(([, label]) => label),
  });

  // A view of many lines in turns: {first, later}, the rows that it begins with and [name of data, rows] to be added.
  function in_turns(relation) {
    const { rows, kind, axes } = relation;
    const of_turn = LINES_A_TURN * axes.x.ticks.length;
    if (kind !== "parallel" || rows.lines.length + rows.context.length <= of_turn) return { first: rows, later: [] };
    const turns = ["context", "lines"].flatMap((name) => {
      const count = Math.ceil(rows[name].length / of_turn);
      return Array.from({ length: count }, (_, turn) => [name, rows[name].slice(turn * of_turn, (turn + 1) * of_turn)]);
    });
    return { first: { ...rows, context: [], lines: [] }, later: turns };
  }

  const exports = { relation_chart, in_turns };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
