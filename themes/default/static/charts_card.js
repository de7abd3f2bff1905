// The card of one metric: asks for the curves of the runs drawn, and draws them.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // Asks for the series of one metric of one run; null where the run does not have it.
  async function load_series(run, metric) {
    if (!run.series) return null;
    const payload = await runsite.load("series", run.key, run.series);
    const block = charts.find_block(payload, metric);
    const from = { base: new URL(run.series, document.baseURI).href, started: payload.started ?? null };
    if (!block) return charts.read_series(payload, from).get(metric) ?? null;
    const address = new URL(block[0], from.base).href;
    return charts.read_series(await runsite.load("series_block", block[1], address), from).get(metric) ?? null;
  }

  async function load_lines(runs, metric) {
    const series = await Promise.all(runs.map((run) => load_series(run, metric)));
    const lines = runs.map((run, index) => ({ run: run.name, look: run, series: series[index] }));
    return lines.filter((line) => line.series?.count);
  }

  // The runs that the table chose, with names that are unique, and the curves' addresses as the page came with them.
  function runs_to_draw(runs, usual) {
    const known = new Map(usual.map((run) => [run.key, run]));
    const names = runs.map(({ name }) => name);
    const is_unique = (name) => names.indexOf(name) === names.lastIndexOf(name);
    return runs.map((run) => ({
      ...run,
      name: is_unique(run.name) ? run.name : `${run.name} (${run.key.split("/").at(-1)})`,
      series: known.get(run.key)?.series || run.series,
    }));
  }

  class Card {
    constructor(figure, section, metric) {
      Object.assign(this, { figure, section, metric, lines: null, shown: null, view: null, drawing: null });
      this.plot = figure.querySelector(".plot");
      this.notes = figure.querySelector(".chart_notes");
      this.hover = new charts.Hover(this.plot, section.tooltip, metric);
      this.menu = charts.add_menu(this);
    }

    // Draws once; asked again while drawing, it waits for that.
    draw() {
      this.drawing ??= this.make().catch((problem) => this.note(`This chart could not be drawn: ${problem.message}`));
      return this.drawing;
    }

    async make() {
      const [vega, specs, lines] = await Promise.all([
        this.section.vega(), this.section.specs(), load_lines(this.section.runs, this.metric.name),
      ]);
      Object.assign(this, { vega, specs, lines });
      this.rows = charts.chart_rows(lines, this.metric.goal);
      this.notes.textContent = charts.chart_notes(lines, this.rows).join(" · ");
      if (!lines.length) return this.leave("Nothing logged by the runs drawn");
      if (!charts.is_drawable(this.rows)) return this.leave("The values lie too far apart to be drawn");
      return this.show();
    }

    // Says why there is no chart, in its place.
    leave(text) {
      this.view?.finalize();
      Object.assign(this, { view: null, shown: null });
      this.hover.rest();
      this.note(text);
      charts.show_zoom_tools(this.section.zoom, this);
    }

    // What is seen; `shown` is the part that a zoom shows.
    chart() {
      const look = charts.read_look(getComputedStyle(this.figure));
      const { rows, domains } = this.shown ?? this;
      return { metric: this.metric, runs: this.lines.map((line) => line.look), rows, domains, look };
    }

    async show() {
      this.shown = null;
      const chart = this.chart();
      const size = { width: this.plot.clientWidth, height: this.plot.clientHeight };
      const box = Object.assign(document.createElement("div"), { className: "vega" });
      box.setAttribute("aria-hidden", "true");
      const spec = charts.vega_spec(this.specs.vega, chart, size, { bare: true });
      const view = await charts.make_view(this.vega, spec, box);
      this.view?.finalize();
      this.view = view;
      this.plot.replaceChildren(box);
      this.figure.querySelector(".axis_name").textContent = "step";
      if (!charts.finite_rows(this.rows).length) this.note("No finite value", { over: true });
      this.follow();
      this.section.zoom.drawn(this);
    }

    follow() {
      const tracks = (this.shown ?? this).lines.map((line) => charts.make_track(line.look, line.series));
      this.hover.follow({ view: this.view, tracks, look: charts.read_look(getComputedStyle(this.figure)) });
    }

    async resize() {
      const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
      if (!this.view || !width || (width === this.width && height === this.height)) return;
      Object.assign(this, { width, height });
      await this.view.width(width).height(height).runAsync();
      this.follow();
    }

    redraw() {
      if (this.view) this.show();
    }

    // Draws other runs; a card that was never near the viewport waits until it is.
    restart() {
      if (!this.drawing) return;
      const before = this.drawing;
      this.drawing = before.then(() => this.make()).catch((problem) => this.note(`This chart could not be drawn: ${problem.message}`));
    }

    note(text, { over = false } = {}) {
      const note = Object.assign(document.createElement("p"), { className: "plot_note", textContent: text });
      if (over) this.plot.append(note);
      else this.plot.replaceChildren(note);
    }
  }

  Object.assign(charts, { Card, load_lines, runs_to_draw });
})();
