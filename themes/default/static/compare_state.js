// What a comparison's address says: what is compared, with what, and what of it is seen. pages/compare.py tells the form.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const ESCAPES = [["%", "%25"], [",", "%2C"], [";", "%3B"]];

  // As many as a comparison shows side by side.
  const MOST_GROUPS = 20;

  const escape_key = (key) => ESCAPES.reduce((text, [plain, escaped]) => text.replaceAll(plain, escaped), key);
  const unescape_key = (text) => ESCAPES.toReversed().reduce((key, [plain, escaped]) => key.replaceAll(escaped, plain), text);

  const format_item = (keys) => keys.map(escape_key).join(";");
  const format_items = (items) => items.map(format_item).join(",");

  // "a/1,a/2;a/3" -> [["a/1"], ["a/2", "a/3"]]: runs, and groups of runs; each once.
  function parse_items(text) {
    const items = (text ?? "").split(",").map((item) => [...new Set(item.split(";").filter(Boolean).map(unescape_key))]);
    const found = new Map(items.filter((keys) => keys.length).map((keys) => [format_item(keys), keys]));
    return [...found.values()];
  }

  const parse_step = (text) => (text && Number.isFinite(Number(text)) ? Number(text) : null);

  // `get` hands out the address's text of a name, null where it says nothing.
  function parse_state(get) {
    return {
      items: parse_items(get("runs")),
      wanted: get("with") ?? "",
      base: get("base") ?? "",
      shows_same: get("same") === "shown",
      step: parse_step(get("step")),
    };
  }

  // The other way; the text is empty where the view is as it came.
  function state_pairs({ items, wanted, base, shows_same, step }) {
    return [
      ["runs", format_items(items)],
      ["with", wanted],
      ["base", items.length && base === format_item(items[0]) ? "" : base],
      ["same", shows_same ? "shown" : ""],
      ["step", step === null ? "" : String(step)],
    ];
  }

  // Which of the items the others are compared with: the one the address names, else the first.
  const base_index = (items, base) => Math.max(0, items.findIndex((keys) => format_item(keys) === base));

  // The experiment of a run's key: a run's id is the name of a folder and holds no slash.
  const experiment_of = (key) => key.slice(0, Math.max(0, key.lastIndexOf("/")));

  // Where runs of a table lead: one item for each, or one for each of several groups.
  const address_of = (items) => `compare.html${runsite.format_fragment(new Map([["runs", format_items(items)]]))}`;

  // What a run table hands over, and under which words: the runs selected, the baseline before them if it is one of them
  // or there is nothing else to compare with; of grouped runs the groups of those selected, else the first in sight.
  // null where there is nothing to compare.
  function table_items(view, { selected, baseline }, table) {
    const keys = [...selected].filter((key) => table.row_of.has(key));
    if (view.groups) return group_items(view, { keys, baseline }, table);
    if (!keys.length) return null;
    const has_base = table.row_of.has(baseline) && (keys.includes(baseline) || keys.length === 1);
    const ordered = has_base ? [baseline, ...keys.filter((key) => key !== baseline)] : keys;
    return { label: "Compare", items: ordered.map((key) => [key]) };
  }

  function group_items({ groups, lines }, { keys, baseline }, table) {
    const ordered = [...lines].filter((line) => line < 0).map((line) => groups[-1 - line].rows.map((row) => table.keys[row]));
    const chosen = keys.length ? ordered.filter((own) => own.some((key) => keys.includes(key))) : ordered.slice(0, MOST_GROUPS);
    if (chosen.length < 2) return null;
    const first = chosen.filter((own) => own.includes(baseline));
    const items = [...first, ...chosen.filter((own) => !first.includes(own))];
    return { label: `Compare ${keys.length ? "their" : chosen.length < ordered.length ? `the first ${chosen.length}` : "the"} groups`, items };
  }

  const exports = { table_items, parse_items, format_items, format_item, parse_state, state_pairs, base_index, experiment_of, address_of };
  runsite.compare_state = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
