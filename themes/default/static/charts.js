// Draws the cards of each `section.charts` as they come near the viewport, and again when theme or size change.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // A card begins to draw two rows before it is seen.
  const NEAR = "480px 0px";

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

  function legend_item(run) {
    const swatch = Object.assign(document.createElement("span"), { className: `swatch series_${run.colour ?? "other"} dash_${run.dash}`, ariaHidden: "true" });
    const link = Object.assign(document.createElement("a"), { href: run.href, title: run.key, textContent: run.name });
    const item = document.createElement("li");
    item.dataset.run = run.name;
    item.append(swatch, link);
    return item;
  }

  class Section {
    constructor(root) {
      const island = JSON.parse(document.querySelector(root.dataset.chartData).textContent);
      Object.assign(this, { root, island, runs: island.runs, tooltip: new charts.Tooltip() });
      const metrics = new Map(island.metrics.map((metric) => [metric.name, metric]));
      this.cards = new Map([...root.querySelectorAll(".metric_chart")]
        .filter((figure) => metrics.has(figure.dataset.metric))
        .map((figure) => [figure, new Card(figure, this, metrics.get(figure.dataset.metric))]));
      this.zoom = new charts.Zoom(this);
    }

    async vega() {
      if (!runsite.vega) await runsite.load_script(this.island.vega);
      if (!runsite.vega) throw new Error("Vega is missing");
      return runsite.vega;
    }

    specs() {
      return runsite.load("chart_specs", "metric", this.island.specs);
    }

    start() {
      const near = new IntersectionObserver((entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          near.unobserve(target);
          this.cards.get(target).draw();
        }
      }, { rootMargin: NEAR });
      const sized = new ResizeObserver((entries) => {
        for (const { target } of entries) this.cards.get(target.closest(".metric_chart")).resize();
      });
      for (const [figure, card] of this.cards) {
        near.observe(figure);
        sized.observe(card.plot);
      }
      this.usual = { runs: this.runs, legend: this.legend()?.cloneNode(true), reason: this.reason()?.textContent };
      this.start_legend();
      this.zoom.start();
      this.show_metrics();
      document.addEventListener("runsite:drawn", () => { this.show_metrics(); this.show_runs(runsite.drawn); });
      document.addEventListener("runsite:lift", ({ detail }) => this.lift(this.runs.find(({ key }) => key === detail)?.name ?? null));
      if (runsite.drawn) this.show_runs(runsite.drawn);
    }

    legend() { return this.root.querySelector(".chart_legend"); }

    reason() { return this.root.querySelector(":scope > .chart_reason"); }

    lift(name) {
      for (const card of this.cards.values()) if (card.view) card.hover.highlight(name);
    }

    // Draws the runs that the table says; its usual ones are those that the page came with.
    show_runs({ runs, is_usual }) {
      if (is_usual && this.runs === this.usual.runs) return;
      const known = new Map(this.usual.runs.map((run) => [run.key, run]));
      const names = runs.map(({ name }) => name);
      const named = runs.map((run) => (names.indexOf(run.name) === names.lastIndexOf(run.name) ? run : { ...run, name: `${run.name} (${run.key.split("/").at(-1)})` }));
      this.runs = is_usual ? this.usual.runs : named.map((run) => ({ ...run, series: known.get(run.key)?.series || run.series }));
      const reason = this.reason();
      if (reason) reason.textContent = is_usual ? this.usual.reason : `${runsite.format_count(runs.length)} ${runs.length === 1 ? "run" : "runs"}, as chosen in the table`;
      this.legend()?.replaceChildren(...(is_usual ? this.usual.legend.cloneNode(true).children : this.runs.map(legend_item)));
      this.start_legend();
      for (const card of this.cards.values()) card.restart();
    }

    // The cards of the metrics that the address names; all where it names none.
    show_metrics() {
      const wanted = (runsite.fragment.get("charts") ?? "").split(",").filter(Boolean).map((id) => id.replaceAll("%2C", ",").replaceAll("%25", "%"));
      for (const [figure, card] of this.cards) figure.hidden = wanted.length > 0 && !wanted.includes(card.metric.name);
    }

    start_legend() {
      for (const item of this.root.querySelectorAll(".chart_legend [data-run]")) {
        item.addEventListener("pointerenter", () => this.lift(item.dataset.run));
        item.addEventListener("pointerleave", () => this.lift(null));
        item.addEventListener("focusin", () => this.lift(item.dataset.run));
        item.addEventListener("focusout", () => this.lift(null));
      }
    }
  }

  // Tells when the page changes between light and dark.
  function watch_theme(changed) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
    new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  function start_charts() {
    const sections = [...document.querySelectorAll("section.charts")].map((root) => new Section(root));
    for (const section of sections) section.start();
    watch_theme(() => {
      for (const section of sections) for (const card of section.cards.values()) card.redraw();
    });
  }

  start_charts();
})();
