// Data that changed while a page is open: loads again those data scripts that the page has loaded, and hands what they
// bring to its charts and tables.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const live = (runsite.live ??= {});

  // The curves of runs as they came last, to tell which of their metrics have news.
  const series = new Map();
  // The runs whose details came again; rows that change with them come later.
  const details = new Set();

  // Paths of scripts that changed and could not be loaded since.
  const [owed_points, owed_rows] = [new Set(), new Set()];

  // What two payloads of a run say of each metric -> the metrics that they say different things of.
  function changed_metrics(old, fresh) {
    const [before, after] = [said_of(old), said_of(fresh)];
    return new Set([...before.keys(), ...after.keys()].filter((metric) => before.get(metric) !== after.get(metric)));
  }

  function said_of(payload) {
    const said = (payload?.series ?? []).map(([metric, one]) => {
      const times = one.times === undefined ? null : payload.times?.[one.times];
      return [metric, JSON.stringify([{ ...one, steps: 0, times: 0 }, payload.steps[one.steps], times])];
    });
    // The address of a block names its content.
    const elsewhere = (payload?.blocks ?? []).flatMap(([address, , metrics]) => metrics.map((metric) => [metric, address]));
    return new Map([...said, ...elsewhere]);
  }

  // The paths, of those that changed, whose scripts this page has loaded; a folder stands for all that lies in it.
  function loaded(paths, root) {
    const { pathname } = new URL(root || "./", document.baseURI);
    const srcs = [...document.scripts].filter(({ src }) => src).map(({ src }) => new URL(src).pathname);
    return those_named(srcs.filter((src) => src.startsWith(pathname)).map((src) => src.slice(pathname.length)), paths);
  }

  function those_named(there, paths) {
    const [names, folders] = [new Set(paths), paths.filter((path) => path.endsWith("/"))];
    return [...new Set(there)].filter((path) => names.has(path) || folders.some((folder) => path.startsWith(folder)));
  }

  // Scripts of an address that were asked for earlier may still be on their way.
  function overtake(address) {
    const { pathname } = new URL(address);
    for (const script of document.scripts) if (script.src && new URL(script.src).pathname === pathname) script.is_overtaken = true;
  }

  // What is gone comes empty, and the page hears of that in other ways.
  async function load_again(path, { root, generation }) {
    const script = await runsite.attach(`${root}${path}?live=${generation}`);
    script.remove();
    overtake(script.src);
  }

  // Loads what lies at some paths. What cannot be loaded is owed from then on, and holds up nothing else.
  async function take_due(owed, paths, load) {
    await Promise.all(paths.map((path) => load(path).then(() => owed.delete(path), () => owed.add(path))));
    if (owed.size) document.dispatchEvent(new CustomEvent("runsite:lost"));
  }

  // Loads again those scripts of some paths that the page has loaded.
  const load_news = (owed, paths, from) => take_due(owed, loaded(paths, from.root), (path) => load_again(path, from));

  async function renew_points(paths, from) {
    const before = new Map(series);
    await load_news(owed_points, paths, from);
    const news = new Map();
    for (const [key, payload] of series) {
      if (before.get(key) !== payload) news.set(key, changed_metrics(before.get(key), payload));
    }
    live.renew_charts(news);
    if (details.size) await unless_lost(runsite.comparison?.renew());
    details.clear();
  }

  // What could not be loaded is asked for again anyhow.
  async function unless_lost(work) {
    try {
      await work;
    } catch (problem) {
      if (!problem.is_lost) throw problem;
    }
  }

  const of_rows = () => [...(runsite.run_tables ?? []), runsite.comparison, ...(runsite.charts?.custom_sections ?? [])];

  // Rows of two builds fit no head, so all that is owed comes first.
  async function renew_tables() {
    if (owed_rows.size) return;
    await Promise.all(of_rows().map((part) => unless_lost(part?.renew())));
  }

  async function renew_rows(paths, from) {
    if (!loaded(paths, from.root).length) return;
    await load_news(owed_rows, paths, from);
    await renew_tables();
  }

  // Asks once more for whatever could not be loaded, by us or by a part of the page.
  async function load_lost(from) {
    runsite.forgive();
    live.renew_styles([], from);
    await renew_points([...owed_points], from);
    await load_news(owed_rows, [...owed_rows], from);
    await renew_tables();
    await live.retry_charts();
  }

  function start_data() {
    runsite.listen?.((kind, key, payload) => {
      if (kind === "series") series.set(key, payload);
      if (kind === "run_details") details.add(key);
    });
  }

  Object.assign(live, { changed_metrics, those_named, take_due, renew_points, renew_rows, load_lost, unless_lost, start_data });
  if (typeof module !== "undefined") module.exports = { changed_metrics, those_named };
})();
