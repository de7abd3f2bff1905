// The figures in a card's head: those the page came with, or those of the runs that a reader chose.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // What pages/charts say of an experiment's runs (charts/cards.py), of these lines: [[word, value, detail], ...] and a note.
  function figures_of(lines, runs, { goal }) {
    const note = lines.length === runs ? "" : `${runsite.format_count(lines.length)} of ${runsite.format_count(runs)} runs`;
    return { figures: goal ? best_figure(lines, goal) : range_figures(lines), note };
  }

  const counted = (number, singular, plural) => `${runsite.format_count(number)} ${number === 1 ? singular : plural}`;

  // The same of the runs that bands stand for, [{lines}, ...]: figures are those of runs, never of their means.
  function figures_of_groups(groups, { goal }) {
    const lines = groups.flatMap((group) => group.lines);
    const note = `of the ${counted(lines.length, "run", "runs")} in ${counted(groups.length, "group", "groups")}`;
    return { figures: goal ? best_figure(lines, goal) : range_figures(lines), note };
  }

  function best_figure(lines, goal) {
    const known = lines.flatMap(({ run, series }) => {
      const index = charts.best_index(series.values, goal);
      return index === null ? [] : [{ run, value: series.values[index] }];
    });
    if (!known.length) return [];
    const is_better = goal === "maximize" ? (a, b) => a > b : (a, b) => a < b;
    const best = known.reduce((found, each) => (is_better(each.value, found.value) ? each : found));
    return [["best", best.value, lines.length > 1 ? best.run : ""]];
  }

  function range_figures(lines) {
    let [least, greatest] = [Infinity, -Infinity];
    for (const { series } of lines) {
      for (const value of series.values) {
        if (value === null) continue;
        if (value < least) least = value;
        if (value > greatest) greatest = value;
      }
    }
    if (!(least <= greatest)) return [];
    return least === greatest ? [["always", least, ""]] : [["min", least, ""], ["max", greatest, ""]];
  }

  function figure_item([word, value, detail]) {
    const item = document.createElement("span");
    const data = Object.assign(document.createElement("data"), { value: String(value), title: String(value), textContent: runsite.format_number(value) });
    item.append(`${word} `, data, detail ? ` ${detail}` : "");
    return item;
  }

  // Calls runs in figures by what tells them apart, as the legend does; their whole name is the title. What does not stand as
  // it was written here was printed since.
  function tell_apart(place, short_of) {
    for (const item of place.children) {
      const text = item.lastChild;
      if (text === item.firstChild || text?.nodeType !== Node.TEXT_NODE) continue;
      const said = text.textContent.trim();
      const name = said === item.dataset.short ? item.dataset.name : said;
      const short = name && short_of(name);
      Object.assign(item.dataset, { name, short });
      if (said !== short) text.textContent = ` ${short}`;
      if (said !== short || item.title) item.title = short === name ? "" : name;
    }
  }

  // The figures that the page came with, which a page that is served live goes on to change, and in their place those that
  // are found of other runs; null shows the first again. A card that a script made came with none. `short_of` says what a
  // run is called where there is little room.
  function card_figures(figure, short_of) {
    const printed = figure.querySelector(".chart_figures");
    const chosen = printed.cloneNode();
    const place = () => (printed.parentNode ? printed : chosen);
    const tell = () => tell_apart(place(), short_of);
    const show = (found) => {
      const note = found?.note ? [Object.assign(document.createElement("span"), { textContent: found.note })] : [];
      chosen.replaceChildren(...(found ? [...found.figures.map(figure_item), ...note] : []));
      const wanted = found ? chosen : printed;
      if (place() !== wanted) place().replaceWith(wanted);
      tell();
    };
    return { show, tell, has_own: () => printed.childElementCount > 0 };
  }

  const exports = { figures_of, figures_of_groups, card_figures };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
