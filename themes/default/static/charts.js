// Draws the cards of each `section.charts` as they come near the viewport, and again when theme or size change.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // A card begins to draw two rows before it is seen.
  const NEAR = "480px 0px";

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
        .map((figure) => [figure, new charts.Card(figure, this, metrics.get(figure.dataset.metric))]));
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
    charts.sections = sections;
    watch_theme(() => {
      for (const section of sections) for (const card of section.cards.values()) card.redraw();
    });
  }

  start_charts();
})();
