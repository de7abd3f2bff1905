// The best value while runs go on. What spans runs is judged by those that ended (summaries/steady.py); what the others
// have reached stands in their rows of the table's data, and is put in its place where it is better.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});

  // Whether a value is better than another; any number is better than none.
  function is_better(value, best, goal) {
    if (typeof value !== "number") return false;
    return typeof best !== "number" || (goal === "maximize" ? value > best : value < best);
  }

  // The run of some shards' rows that is better than `best`, and than the others: {value, name, address}; else null.
  function find_better(shards, { column, goal, best }) {
    let found = null;
    for (const { columns, values, links: [before, after, segments] } of shards) {
      const place_of = new Map(columns);
      const [own, names] = [values[place_of.get(column)] ?? [], values[place_of.get("name")] ?? []];
      for (const [row, value] of own.entries()) {
        if (!is_better(value, found ? found.value : best, goal)) continue;
        found = { value, name: String(names[row] ?? segments[row]), address: before + segments[row] + after };
      }
    }
    return found;
  }

  // Only texts and an address are changed, never nodes: a page that is served live goes on changing them too.
  function show_better(box, { value, name, address }) {
    const [number, link, detail] = [".best_value", ".best_link", ".best_detail"].map((part) => box.querySelector(part));
    number.firstChild.data = runsite.format_number(value);
    link.firstChild.data = name;
    link.setAttribute("href", address);
    detail.firstChild.data = ", so far ";
  }

  async function show_in(box) {
    const { root, shards, ...wanted } = JSON.parse(box.dataset.openBest);
    const rows = await Promise.all(shards.map((path) => runsite.load("table_rows", path, root + path)));
    const better = find_better(rows, wanted);
    if (better) show_better(box, { ...better, address: root + better.address });
  }

  // Looks again at the runs without an end; what cannot be loaded leaves the page as it was printed.
  const show_open_bests = () => Promise.all([...document.querySelectorAll("[data-open-best]")].map(
    (box) => show_in(box).catch((problem) => console.warn(problem.message)),
  ));

  Object.assign(runsite, { is_better, show_open_bests });
  if (typeof module !== "undefined") module.exports = { is_better, find_better };
})();
