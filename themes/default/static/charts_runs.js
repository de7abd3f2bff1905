// Which runs a chart is asked to draw: those chosen, those of groups, and further ones in grey. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const HUES = 8;
  // Groups that have a look of their own, and how many runs of them are loaded at most.
  const [MOST_GROUPS, MOST_MEMBERS] = [24, 200];

  // Runs with names that are unique.
  function name_apart(runs) {
    const names = runs.map(({ name }) => name);
    return runs.map((run) => (names.indexOf(run.name) === names.lastIndexOf(run.name) ? run : { ...run, name: `${run.name} (${run.key.split("/").at(-1)})` }));
  }

  // The runs that the table chose, with the curves' addresses as the page came with them.
  function runs_to_draw(runs, usual) {
    const known = new Map(usual.map((run) => [run.key, run]));
    return name_apart(runs).map((run) => ({ ...run, series: known.get(run.key)?.series || run.series }));
  }

  const group_look = (name, place) => ({ key: name, name, href: "", series: "", colour: place % HUES, dash: Math.floor(place / HUES) });

  // Groups of runs to draw a band over: those of the runs given, else those that the table has. `chosen` is what the
  // table says (TableCurves.chosen), null without one.
  function groups_to_draw(runs, chosen) {
    const named = runs.filter((run) => run.group);
    if (named.length) {
      const looks = new Map(named.map((run) => [run.group, { key: run.group, name: run.group, href: "", series: "", colour: run.colour, dash: run.dash }]));
      return [...looks].map(([name, look]) => ({ name, look, runs: named.filter((run) => run.group === name) }));
    }
    const found = (chosen?.groups() ?? []).slice(0, MOST_GROUPS);
    let members = 0;
    const whole = found.filter((group) => (members += group.runs.length) <= MOST_MEMBERS);
    return whole.map((group, place) => ({ name: group.name, look: group_look(group.name, place), runs: group.runs }));
  }

  // Further runs of the table, beside `count` that are drawn.
  const others_to_draw = (count, chosen) => name_apart(chosen?.further(charts.MOST_OTHERS - count) ?? []);

  const exports = { name_apart, runs_to_draw, groups_to_draw, others_to_draw };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
