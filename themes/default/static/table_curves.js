// Which runs of a table have their curves drawn, and how: the usual ones, and what the reader says of single ones. The
// charts beside the table are told by an event.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const HUES = 8;
  const LOOKS = 24;

  // The looks of all runs drawn: the usual ones keep theirs, each other gets the first that is free, then grey.
  function drawn_looks(usual, drawn) {
    const looks = new Map([...usual].filter(([key]) => drawn.get(key) !== false));
    const taken = new Set([...looks.values()].map(({ colour, dash }) => dash * HUES + colour));
    for (const [key, is_drawn] of drawn) {
      if (!is_drawn || looks.has(key)) continue;
      let place = 0;
      while (taken.has(place)) place += 1;
      taken.add(place);
      looks.set(key, place < LOOKS ? { colour: place % HUES, dash: Math.floor(place / HUES) } : { colour: null, dash: 0 });
    }
    return looks;
  }

  // Whether any two runs that finished are the same but for what tells repeats apart.
  function has_repeats(table) {
    const seen = new Set();
    return runsite.table_lines.averaged_rows(table, [...table.keys.keys()]).some((row) => {
      const key = `${table.experiments[row]}/${table.repeats[row]}`;
      return seen.has(key) || !seen.add(key);
    });
  }

  class TableCurves {
    // `arranged` hands out how the table stands: {order: rows, groups: null or as make_groups has them, mask: null or 1 for
    // each row that the filter lets through}.
    constructor(table, address, arranged = () => ({ order: table.base_order, groups: null, mask: null })) {
      Object.assign(this, { table, address, arranged, looks: new Map() });
      this.usual = new Map(table.head.drawn.map(([key, colour, dash]) => [key, { colour, dash }]));
    }

    // What the reader's choices become when one run is drawn or hidden; what agrees with the rule is not said.
    toggled(drawn, key) {
      const made = new Map(drawn);
      const is_drawn = made.get(key) ?? this.usual.has(key);
      if (is_drawn === this.usual.has(key)) made.set(key, !is_drawn);
      else made.delete(key);
      return made;
    }

    only(keys) {
      const hidden = [...this.usual.keys()].filter((key) => !keys.has(key)).map((key) => [key, false]);
      return new Map([...hidden, ...[...keys].filter((key) => !this.usual.has(key)).map((key) => [key, true])]);
    }

    look_of(key) {
      const look = this.looks.get(key);
      return look ? { ...look, is_drawn: true } : { is_drawn: false };
    }

    // The runs to draw, and whether they are those that the page came with.
    chosen(drawn) {
      const known = new Map([...drawn].filter(([key]) => this.table.row_of.has(key)));
      this.looks = drawn_looks(this.usual, known);
      const runs = [...this.looks].filter(([key]) => this.table.row_of.has(key)).map(([key, look]) => this.run(key, look));
      // What most charts never ask for is worked out when they do.
      return {
        runs, is_usual: !known.size,
        further: (most, drawn) => this.further(most, drawn), groups: () => this.groups(), has_groups: () => this.has_groups(),
        left_out: () => this.left_out(), found: (most) => this.found(most),
      };
    }

    // `actions` change the table's view: {filter(text), draw_only(keys)}.
    draw(drawn, actions = {}) {
      runsite.drawn = { ...this.chosen(drawn), ...actions }; // for charts that start later
      document.dispatchEvent(new CustomEvent("runsite:drawn"));
    }

    // Runs of the table, in its order, that have curves and are not drawn: `drawn` has the keys of those that are.
    further(most, drawn = this.looks) {
      return this.found(most, (key) => !drawn.has(key)).map((key) => this.run(key, { colour: null, dash: 0 }));
    }

    // The first keys of the table, in its order, that have curves and are wanted.
    found(most, is_wanted = () => true) {
      const found = [];
      for (const row of this.arranged().order) {
        if (found.length >= most) break;
        const key = this.table.keys[row];
        if (is_wanted(key) && !this.table.without_series.has(row)) found.push(key);
      }
      return found;
    }

    // How many runs are drawn that the table's filter leaves out.
    left_out() {
      const { mask } = this.arranged();
      return mask ? [...this.looks.keys()].filter((key) => mask[this.table.row_of.get(key)] === 0).length : 0;
    }

    // The groups of the table, or of runs that are the same but for what tells repeats apart: [{name, runs}, ...]. As in
    // the table, only runs that finished are averaged.
    groups() {
      const { order, groups } = this.arranged();
      const { make_groups, REPEATS } = runsite.table_lines;
      const has_curve = (row) => !this.table.without_series.has(row);
      const found = (groups ?? make_groups(this.table, order, [REPEATS]).filter(({ averaged }) => averaged.length > 1))
        .map(({ label, averaged }) => ({ label, rows: averaged.filter(has_curve) })).filter(({ rows }) => rows.length);
      const names = new Map();
      return found.map(({ label, rows }) => {
        const number = (names.get(label) ?? 0) + 1;
        names.set(label, number);
        return { name: number > 1 ? `${label} (${number})` : label, runs: rows.map((row) => this.run(this.table.keys[row], { colour: null, dash: 0 })) };
      });
    }

    has_groups() {
      this.table.has_repeats ??= has_repeats(this.table);
      return this.table.has_repeats || Boolean(this.arranged().groups);
    }

    run(key, look) {
      const row = this.table.row_of.get(key);
      const href = this.address(row);
      const series = this.table.without_series.has(row) ? "" : href.replace(/index\.html$/, "series.js");
      return { key, name: this.table.column_of.get("name").values[row], href, series, ...look };
    }

    // Tells charts of the runs what the table shows: `rows` in its usual order, and how the filter is changed.
    tell_shown({ state, mask, load_more }, set_filter) {
      if (!document.querySelector("section.relations")) return;
      const { table } = this;
      const rows = Array.from(table.base_order).filter((row) => !mask || mask[row]);
      const { filter, kept_filter, selected } = state;
      runsite.shown = { table, shards: table.shards, rows, filter, kept_filter, selected, address: this.address, load_more, set_filter };
      document.dispatchEvent(new CustomEvent("runsite:shown"));
    }

    lift(line) {
      document.dispatchEvent(new CustomEvent("runsite:lift", { detail: line === null || line < 0 ? null : this.table.keys[line] }));
    }
  }

  runsite.TableCurves = TableCurves;
  if (typeof module !== "undefined") module.exports = { drawn_looks, TableCurves };
})();
