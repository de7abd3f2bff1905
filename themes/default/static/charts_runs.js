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

  // The groups that fit, in their order: one that is too large takes no room from later ones.
  function groups_within(found, [most_groups, most_runs]) {
    let members = 0;
    const fits = ({ runs }) => members + runs.length <= most_runs && (members += runs.length) > 0;
    return found.slice(0, most_groups).filter(fits);
  }

  // Groups of runs to draw a band over, and how many were `found`: those of the runs given, else those that the table has.
  // `chosen` is what the table says (TableCurves.chosen), null without one.
  function choose_groups(runs, chosen) {
    const named = runs.filter((run) => run.group);
    if (named.length) {
      const looks = new Map(named.map((run) => [run.group, { key: run.group, name: run.group, label: run.group_label, href: "", series: "", colour: run.colour, dash: run.dash }]));
      return { groups: [...looks].map(([name, look]) => ({ name, look, runs: named.filter((run) => run.group === name) })), found: looks.size };
    }
    const found = chosen?.groups() ?? [];
    const groups = groups_within(found, [MOST_GROUPS, MOST_MEMBERS]);
    return { groups: groups.map(({ name, runs: members }, place) => ({ name, look: group_look(name, place), runs: members })), found: found.length };
  }

  const groups_to_draw = (runs, chosen) => choose_groups(runs, chosen).groups;

  // "4 of 6 groups of the table; at most 200 runs are loaded"; null where there is no group.
  function groups_reason({ groups, found }) {
    const said = `${runsite.format_count(found)} ${found === 1 ? "group" : "groups"} of the table`;
    if (groups.length === found) return found ? said : null;
    const limit = groups.length === MOST_GROUPS ? `${MOST_GROUPS} groups are drawn` : `${MOST_MEMBERS} runs are loaded`;
    return `${runsite.format_count(groups.length)} of ${said}; at most ${limit}`;
  }

  // Further runs of the table, beside `count` that are drawn; where groups stand in their place, all that are in none of these.
  function others_to_draw(count, groups, chosen) {
    const drawn = groups.length ? new Set(groups.flatMap(({ runs }) => runs.map(({ key }) => key))) : undefined;
    return name_apart(chosen?.further(charts.MOST_OTHERS - (groups.length || count), drawn) ?? []);
  }

  const exports = { name_apart, runs_to_draw, choose_groups, groups_to_draw, groups_reason, others_to_draw };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
