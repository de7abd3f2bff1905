// Loads what a comparison needs: the table that holds its runs, and each run's details.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { experiment_of } = runsite.compare_state;
  // A group of more runs is told by the details of its first.
  const MAX_DETAILED = 20;

  class Comparison {
    constructor(island, root) {
      Object.assign(this, { island, root, tables: new Map() });
      this.places = new Map(island.experiments.map(([name, title, folder, table]) => [name, { title, folder, table }]));
    }

    // The table of some experiments: of one its own, so that goals, baseline and repeats are those of its page; of
    // several that of all runs, with the shards of those alone.
    table(experiments) {
      const names = [...new Set(experiments)].filter((name) => this.places.has(name)).sort();
      const key = JSON.stringify(names);
      if (names.length && !this.tables.has(key)) this.tables.set(key, names.length === 1 ? this.own_table(names[0]) : this.joint_table(names));
      return this.tables.get(key) ?? null;
    }

    async own_table(name) {
      return this.read(await runsite.load("table", name, `${this.root}${this.places.get(name).table}.js`));
    }

    async joint_table(names) {
      const head = await runsite.load("table", "", `${this.root}${this.island.all_runs}.js`);
      const folders = names.map((name) => this.places.get(name).folder);
      return this.read({ ...head, shards: head.shards.filter(([rows]) => folders.some((folder) => rows.startsWith(folder))) });
    }

    async read(head) {
      const load = (kind, address) => (address ? runsite.load(kind, address.replace(/\?.*$/, ""), this.root + address) : null);
      const table = runsite.table_data.read_table(head, await Promise.all(head.shards.map(([rows]) => load("table_rows", rows))));
      runsite.table_data.judge_statuses(table, Date.now() / 1000);
      table.load_more = async () => runsite.table_data.add_more(table, await Promise.all(head.shards.map(([, more]) => load("table_more", more))));
      return table;
    }

    folder(table, row) { return this.root + table.link(row).replace(/index\.html$/, ""); }

    // Details of the subjects' runs by key; null where a run has none that can be read.
    async details(table, subjects) {
      const keys = subjects.flatMap((subject) => subject.keys.slice(0, MAX_DETAILED));
      const load = (key) => runsite.load("run_details", key, `${this.folder(table, table.row_of.get(key))}details.js`).catch(() => null);
      return new Map(await Promise.all(keys.map(async (key) => [key, await load(key)])));
    }

    texts(table, key, details) {
      return runsite.load("run_texts", key, `${this.folder(table, table.row_of.get(key))}${details.get(key).texts}`);
    }

    // The key of the run that `wanted` means to a run: "best", "baseline" or "parent"; null where there is none.
    async other(key, wanted) {
      const table = await this.table([experiment_of(key)]);
      const row = table?.row_of.get(key);
      if (row === undefined) return null;
      return { best: table.head.best, baseline: table.head.baseline, parent: table.parents.get(row) }[wanted] ?? null;
    }
  }

  runsite.Comparison = Comparison;
})();
