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

  class TableCurves {
    constructor(table, address) {
      Object.assign(this, { table, address, looks: new Map() });
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
      return { runs, is_usual: !known.size };
    }

    draw(drawn) {
      runsite.drawn = this.chosen(drawn); // for charts that start later
      document.dispatchEvent(new CustomEvent("runsite:drawn"));
    }

    run(key, look) {
      const row = this.table.row_of.get(key);
      const href = this.address(row);
      const series = this.table.without_series.has(row) ? "" : href.replace(/index\.html$/, "series.js");
      return { key, name: this.table.column_of.get("name").values[row], href, series, ...look };
    }

    lift(line) {
      document.dispatchEvent(new CustomEvent("runsite:lift", { detail: line === null || line < 0 ? null : this.table.keys[line] }));
    }
  }

  runsite.TableCurves = TableCurves;
  if (typeof module !== "undefined") module.exports = { drawn_looks, TableCurves };
})();
