// What Vega makes of a card's spec before it sees a row, kept for the next card.
//
// To parse a spec takes about as long as to draw it. The cards of a page differ in their rows and in the signals that say
// what is shown of the axes; all else is mostly the same: runs, colours, layers, scales, size.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const { vega_spec, make_view, view_of, pause } = typeof module === "undefined" ? charts : require("./charts_draw.js");

  // A page needs few at a time: with and without bands, marks, zeros on a logarithmic scale.
  const MOST_KEPT = 8;

  // A spec apart from what each card has of its own: {spec, rows, signals}, the latter two as pairs [name, value].
  function take_apart(spec) {
    const rows = spec.data.filter(({ values }) => values?.length).map(({ name, values }) => [name, values]);
    const signals = spec.signals.map(({ name, value }) => [name, value]);
    const data = spec.data.map(({ values, ...source }) => source);
    return { spec: { ...spec, data, signals: signals.map(([name]) => ({ name, value: null })) }, rows, signals };
  }

  class Flows {
    constructor() { this.kept = new Map(); }

    // Draws a card's chart.
    async make_view(vega, template, chart, { size, container }) {
      const whole = vega_spec(template, chart, size, { bare: true });
      if (vega.embed) return make_view(vega, whole, container);
      const { spec, rows, signals } = take_apart(whole);
      const flow = this.flow(vega, spec);
      await pause();
      const view = view_of(vega, flow, container);
      for (const [name, value] of signals) view.signal(name, value);
      for (const [name, values] of rows) view.data(name, values);
      await pause();
      return view.runAsync();
    }

    flow(vega, spec) {
      const key = JSON.stringify(spec);
      const flow = this.kept.get(key) ?? vega.parse(spec, null, { ast: true });
      // The one used last stands last, and is kept longest.
      this.kept.delete(key);
      this.kept.set(key, flow);
      if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
      return flow;
    }
  }

  const exports = { take_apart, Flows };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
