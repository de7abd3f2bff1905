// The data of a run table: a head and the shards of its rows (see tables/script.py), put together column by column
// when a column is first asked for.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});

  const places_of = (payload) => new Map(payload.columns);

  // Joins what each shard holds of a column; missing is null. null if no shard has it.
  function join_shards(shards, id, get) {
    const parts = shards.map((shard) => get(shard, id) ?? null);
    if (parts.every((part) => part === null)) return null;
    if (parts.length === 1) return parts[0];
    return [].concat(...parts.map((part, index) => part ?? new Array(shards[index].row_count).fill(null)));
  }

  function shard_column(shard, id) {
    if (id === "experiment") return new Array(shard.row_count).fill(shard.rows.experiment);
    const place = shard.row_places.get(id);
    if (place !== undefined) return shard.rows.values[place];
    const later = shard.more_places?.get(id);
    return later === undefined ? null : shard.more.values[later];
  }

  function shard_distances(shard, id) {
    const place = shard.distance_places?.get(id);
    return place === undefined ? null : shard.more.values[place];
  }

  function read_shard(rows) {
    return { rows, row_places: places_of(rows), row_count: rows.repeats.length };
  }

  // Rows of one shard -> rows of the table, for lists of what is true of few runs.
  function gather(shards, name) {
    let start = 0;
    return shards.flatMap((shard) => {
      const found = shard.rows[name].map((item) => (Array.isArray(item) ? [item[0] + start, ...item.slice(1)] : item + start));
      start += shard.row_count;
      return found;
    });
  }

  // The value that is marked: the best by the goal, where there are two to tell apart.
  function best_value(values, goal) {
    let [least, greatest] = [Infinity, -Infinity];
    for (const value of values) {
      if (typeof value !== "number") continue;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    return least < greatest ? (goal === "maximize" ? greatest : least) : undefined;
  }

  // Makes a property that is worked out when it is first read.
  function lazily(target, name, make) {
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        Object.defineProperty(this, name, { value, writable: true, configurable: true, enumerable: true });
        return value;
      },
    });
  }

  // A column's values and all that follows from them, to be worked out anew.
  function reset_column(table, column) {
    const nothing = () => new Array(table.row_count).fill(null);
    lazily(column, "values", () => join_shards(table.shards, column.id, shard_column) ?? nothing());
    lazily(column, "distances", () => join_shards(table.shards, column.id, shard_distances));
    lazily(column, "best_value", () => (column.goal && column.kind === "number" ? best_value(column.values, column.goal) : undefined));
    lazily(column, "ranked", () => runsite.rank_rows(column.values, column.kind));
    lazily(column, "is_constant", () => column.values.every((value) => value === column.values[0]));
    // What others keep here of its values: the columns of a head that did not change come again with other rows.
    Object.assign(column, { decimals: undefined, repeat_figures: undefined });
  }

  // Whether a column's values have been loaded.
  const is_loaded = (table, column) => column.block === "rows" || table.has_more;

  // The rows of `more` that came after the others.
  function add_more(table, payloads) {
    for (const [index, more] of payloads.entries()) {
      if (!more) continue;
      Object.assign(table.shards[index], { more, more_places: places_of(more), distance_places: new Map(more.distances) });
    }
    table.has_more = true;
    for (const column of table.columns) if (column.block === "more") reset_column(table, column);
  }

  function keys_of(table) {
    const { values } = table.column_of.get("id");
    const keys = [];
    for (const { rows, row_count } of table.shards) {
      const before = `${rows.experiment}/`;
      for (const end = keys.length + row_count; keys.length < end;) keys.push(before + values[keys.length]);
    }
    return keys;
  }

  function link_of(shards) {
    const starts = [];
    let start = 0;
    for (const shard of shards) { starts.push(start); start += shard.row_count; }
    return (row) => {
      let index = starts.length - 1;
      while (starts[index] > row) index -= 1;
      const [before, after, segments] = shards[index].rows.links;
      return before + segments[row - starts[index]] + after;
    };
  }

  // Status as the reader's clock judges it: "running" becomes "stalled". Tells whether any changed.
  function judge_statuses(table, now) {
    const status = table.column_of.get("status");
    const judged = [...table.open_runs].map(([row, { stalled_at }]) => [row, runsite.judge_status("running", stalled_at, now)]);
    if (judged.every(([row, word]) => status.values[row] === word)) return false;
    status.values = status.values.slice(); // a column that equals it may share the array
    for (const [row, word] of judged) status.values[row] = word;
    lazily(status, "ranked", () => runsite.rank_rows(status.values, status.kind));
    lazily(status, "is_constant", () => status.values.every((value) => value === status.values[0]));
    return true;
  }

  // `head` and the `rows` of all shards, in the order of the head's list.
  function read_table(head, payloads) {
    const shards = payloads.map(read_shard);
    const table = {
      shards,
      head,
      row_count: shards.reduce((sum, shard) => sum + shard.row_count, 0),
      repeat_rows: undefined, // what others keep of the rows
      has_repeats: undefined,
      columns: head.columns,
      column_of: new Map(head.columns.map((column) => [column.id, column])),
      has_more: false,
      link: link_of(shards),
      diverged: new Set(gather(shards, "diverged")),
      without_series: new Set(gather(shards, "without_series")),
      parents: new Map(gather(shards, "parents")),
      open_runs: new Map(gather(shards, "open_runs").map(([row, last_time, stalled_at]) => [row, { last_time, stalled_at }])),
      glyphs: new Map(head.glyphs),
    };
    for (const column of table.columns) reset_column(table, column);
    lazily(table, "experiments", () => join_shards(shards, "experiment", shard_column) ?? []);
    lazily(table, "repeats", () => shards.flatMap((shard) => shard.rows.repeats));
    lazily(table, "keys", () => keys_of(table));
    lazily(table, "row_of", () => new Map(table.keys.map((key, row) => [key, row])));
    lazily(table, "base_order", () => base_order(table));
    return table;
  }

  // Puts another reading of the same runs into a table that others hold; what is not asked for is not worked out.
  function renew_table(table, fresh) {
    Object.defineProperties(table, Object.getOwnPropertyDescriptors(fresh));
  }

  // As HTML has it: best first by the main metric, of equals the earliest, and the newest of those without a value; or
  // newest first. Then by experiment and id.
  function base_order(table) {
    const { sorted_by } = table.head;
    const [main, started] = [table.column_of.get(sorted_by.replace(/^-/, "")), table.column_of.get("started")];
    const key = (column, descending) => (column ? [{ ranked: column.ranked, descending }] : []);
    const newest = runsite.sort_rows(table.row_count, key(started, true));
    const ordered = !main || main === started ? newest : best_first(table, main, { newest, earliest: key(started, false), descending: sorted_by.startsWith("-") });
    return settle_ties(table, ordered, [main, started].filter(Boolean));
  }

  function best_first(table, main, { newest, earliest, descending }) {
    const { ranks, ordinary } = main.ranked;
    const order = runsite.sort_rows(table.row_count, [{ ranked: main.ranked, descending }, ...earliest]);
    const with_value = order.filter((row) => ranks[row] < ordinary);
    order.set(with_value);
    order.set(newest.filter((row) => ranks[row] >= ordinary), with_value.length);
    return order;
  }

  function settle_ties(table, order, columns) {
    const ties = (a, b) => columns.every(({ ranked }) => ranked.ranks[a] === ranked.ranks[b]);
    for (let start = 0; start < order.length;) {
      let end = start + 1;
      while (end < order.length && ties(order[start], order[end])) end += 1;
      if (end - start > 1) order.subarray(start, end).sort((a, b) => compare_runs(table, a, b));
      start = end;
    }
    return order;
  }

  // Not by `<experiment>/<id>`: "a-b/x" is less than "a/x", but the experiment "a" stands before "a-b".
  function compare_runs(table, a, b) {
    const { experiments } = table;
    if (experiments[a] !== experiments[b]) return experiments[a] < experiments[b] ? -1 : 1;
    return table.keys[a] < table.keys[b] ? -1 : 1;
  }

  // Loads a table's head and rows; `load_more` adds the other columns, to the table or to the one that it renews.
  async function load_table({ table: name, src, root }) {
    const load = (kind) => (address) => (address ? runsite.load(kind, address.replace(/\?.*$/, ""), root + address) : null);
    const head = await runsite.load("table", name, src);
    const rows = await Promise.all(head.shards.map(([address]) => load("table_rows")(address)));
    const table = read_table(head, rows);
    let more;
    const load_more = (into = table) => (more ??= Promise.all(head.shards.map(([, address]) => load("table_more")(address)))
      .then((payloads) => add_more(into, payloads), (problem) => { more = undefined; throw problem; }));
    return { table, load_more };
  }

  // What is started with data that may come again meanwhile: those it takes up once it has started; where it could not
  // start, since they changed while they were loaded, it does now.
  function renewable(start) {
    let started = start();
    async function renew() {
      const made = await started.catch(() => null);
      if (made) return made.renew();
      started = start();
      return started;
    }
    return { renew, started: () => started };
  }

  const exports = { renewable, load_table, read_table, renew_table, add_more, is_loaded, judge_statuses };
  runsite.table_data = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
