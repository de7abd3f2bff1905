// The curves of a comparison: a chart section as other pages have it, with the runs and metrics compared. The scripts
// of charts are loaded once it stands in the page; they start every section they find.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  // As many cards as other pages have.
  const MAX_CARDS = 300;
  // Of a group so many runs are drawn, in one colour.
  const MAX_DRAWN = 10;
  // And of all no more than other pages draw at once.
  const MAX_RUNS = 100;
  const ISLAND = "script[type='application/json']";
  const GRID = ".chart_grid:not(.pinned_charts)";

  // What a legend calls a group: where not all of its runs are drawn, it says so.
  const group_label = (name, runs, most) => (runs > most ? `${name} (${most} of ${runsite.format_count(runs)} runs)` : name);

  // The runs to draw, with names that are unique. Beside groups each run is a group of one, so that bands stand for all.
  function chart_runs(subjects, table, folder) {
    const has_groups = subjects.some(({ is_group }) => is_group);
    const most = Math.max(1, Math.min(MAX_DRAWN, Math.floor(MAX_RUNS / subjects.length)));
    return subjects.flatMap(({ keys, rows, name, is_group, colour, dash }) => keys.slice(0, most).map((key, place) => ({
      ...(has_groups ? { group: name, group_label: group_label(name, keys.length, most) } : {}), key, colour, dash, name: is_group ? `${name} (${key.slice(key.lastIndexOf("/") + 1)})` : name,
      href: `${folder(rows[place])}index.html`, series: table.without_series.has(rows[place]) ? "" : `${folder(rows[place])}series.js`,
    })));
  }

  // The metrics to draw: those that any of the subjects logged, in the order of the table.
  function chart_metrics(table, subjects) {
    const columns = table.columns.filter(({ group, aggregate }) => group === "metric" && aggregate === "last");
    const logged = columns.filter(({ values }) => subjects.some(({ rows }) => rows.some((row) => values[row] !== null)));
    return logged.map(({ metric, label, detail, goal, step_metric }) => ({
      name: metric, label, unit: detail.replace(/^last(, )?/, "") || null, goal: goal ?? null, ...(step_metric ? { step_metric } : {}),
    }));
  }

  // Gives a section that stands in the page what one that was made anew says: its data, and in their order the cards, with
  // what they are called. `home_of` gives the mark of a card's place in the grid, which stays there while it is pinned.
  function place_cards(root, template, { made, metrics }, home_of) {
    root.querySelector(ISLAND).textContent = made.querySelector(ISLAND).textContent; // for scripts that come later
    const blank = template.content.querySelector(".metric_chart");
    const cards = new Map([...root.querySelectorAll(".metric_chart")].map((card) => [card.dataset.metric, card]));
    const grid = root.querySelector(GRID);
    const focused = document.activeElement;
    const placed = metrics.slice(0, MAX_CARDS).flatMap((metric) => {
      const card = cards.get(metric.name) ?? make_card(blank, metric);
      cards.delete(metric.name);
      tell_metric(card, metric);
      const is_pinned = card.parentNode && card.parentNode !== grid;
      return [home_of(card), is_pinned ? null : card].filter(Boolean);
    });
    for (const card of cards.values()) for (const part of [home_of(card), card]) part?.remove();
    put_in_order(grid, placed);
    if (document.activeElement !== focused) focused.focus?.({ preventScroll: true }); // moving a card takes the focus away
  }

  // Moves only what stands elsewhere; what is not listed ends up behind.
  function put_in_order(parent, nodes) {
    let next = parent.firstChild;
    for (const node of nodes) {
      if (node === next) next = next.nextSibling;
      else parent.insertBefore(node, next);
    }
  }

  // Makes the section from the template, one card for each metric.
  function make_charts(template, { metrics, runs, subjects, vega, specs }) {
    const root = template.content.querySelector("section.charts").cloneNode(true);
    const blank = root.querySelector(".metric_chart");
    blank.replaceWith(...metrics.slice(0, MAX_CARDS).map((metric) => make_card(blank, metric)));
    root.querySelector("noscript")?.remove();
    const island = root.querySelector(ISLAND);
    island.textContent = JSON.stringify({ runs, metrics, vega, specs });
    root.querySelector(".chart_grid").before(subjects.some(({ is_group }) => is_group) ? make_group_legend(subjects, runs) : make_legend(runs));
    return root;
  }

  function make_card(blank, metric) {
    const card = blank.cloneNode(true);
    const { name } = metric;
    card.dataset.metric = name;
    card.dataset.section = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
    card.querySelector("h3").title = name;
    tell_metric(card, metric);
    return card;
  }

  // What a card's metric is called, and its unit.
  function tell_metric(card, { label, unit }) {
    const title = card.querySelector("h3");
    if (title.textContent !== label) title.textContent = label;
    const known = card.querySelector(".unit");
    if ((known?.textContent ?? null) === unit) return;
    known?.remove();
    if (unit) title.after(" ", runsite.compare_parts.element("span", { className: "unit", textContent: unit }));
  }

  function make_legend(runs) {
    const { element, swatch } = runsite.compare_parts;
    const list = element("ul", { className: "chart_legend", ariaLabel: "Runs drawn" }, runs.map((run) => {
      const item = element("li", {}, [swatch(run), element("a", { href: run.href, title: run.key, textContent: run.name })]);
      item.dataset.run = run.name;
      return item;
    }));
    return list;
  }

  function make_group_legend(subjects, runs) {
    const labels = new Map(runs.map((run) => [run.group, run.group_label]));
    const { element, swatch } = runsite.compare_parts;
    return element("ul", { className: "chart_legend", ariaLabel: "Groups drawn" }, subjects.map((subject) => element("li", { title: subject.name }, [swatch(subject), labels.get(subject.name) ?? subject.name])));
  }

  const exports = { chart_runs, chart_metrics, make_charts, place_cards };
  runsite.compare_charts = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
