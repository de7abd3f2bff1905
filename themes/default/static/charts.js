// Draws the cards of each `section.charts` as they come near the viewport, and again when theme or size change.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // A card begins to draw two rows before it is seen.
  const NEAR = "480px 0px";
  const LOOKS = 24;
  // So many cards that were scrolled past stay as they are. With all 300 of a page, collecting garbage took 90 ms at a time.
  const KEPT_CARDS = 48;

  function legend_item(run) {
    const swatch = Object.assign(document.createElement("span"), { className: `swatch series_${run.colour ?? "other"} dash_${run.dash}`, ariaHidden: "true" });
    const name = Object.assign(document.createElement(run.href ? "a" : "span"), { title: run.key, textContent: run.label ?? run.name });
    if (run.href) name.href = run.href;
    const item = document.createElement("li");
    item.dataset.run = run.name;
    item.append(swatch, name);
    return item;
  }

  // Runs beyond those that have a look of their own are told apart by no legend.
  function legend_items(runs) {
    const more = runs.length - LOOKS;
    const rest = more > 0 ? [Object.assign(document.createElement("li"), { className: "muted", textContent: `and ${runsite.format_count(more)} more in grey` })] : [];
    return [...runs.slice(0, LOOKS).map(legend_item), ...rest];
  }

  // Calls a run in a legend by what tells it from the others; its whole name is its title.
  function name_item(item, text, name) {
    const label = item.querySelector("a") ?? item.lastChild;
    if (label.textContent !== name || text === name) return;
    label.textContent = text;
    item.title = name;
    label.removeAttribute?.("title");
  }

  class Section {
    constructor(root) {
      const island = JSON.parse(document.querySelector(root.dataset.chartData).textContent);
      Object.assign(this, { root, island, runs: island.runs, is_usual: true, tooltip: new charts.Tooltip(), turns: Promise.resolve(), pointing: null, flows: new charts.Flows(), past: new Set(), short_names: new Map() });
      const metrics = new Map(island.metrics.map((metric) => [metric.name, metric]));
      this.label_of = (name) => charts.metric_title(this.island.metrics, name);
      this.state = charts.read_chart_state(runsite.fragment);
      this.cards = new Map([...root.querySelectorAll(".metric_chart")]
        .filter((figure) => metrics.has(figure.dataset.metric))
        .map((figure) => [figure, new charts.Card(figure, this, metrics.get(figure.dataset.metric))]));
      this.zoom = new charts.Zoom(this);
      this.shelf = new charts.Shelf(this);
      this.left_out = new charts.LeftOut(root);
      this.toolbar = new charts.Toolbar(this);
    }

    async vega() {
      if (!runsite.vega) await runsite.load_script(this.island.vega);
      if (!runsite.vega) throw new Error("Vega is missing");
      return runsite.vega;
    }

    specs() {
      return runsite.load("chart_specs", "metric", this.island.specs);
    }

    // The page's look, which all cards share.
    look() {
      this.known_look ??= charts.read_look(getComputedStyle(this.root));
      return this.known_look;
    }

    // Draws all anew in other colours.
    recolour() {
      this.known_look = null;
      this.restart();
    }

    // Cards are drawn one after the other, each when the one before is painted: a frame lays out and paints one of them.
    in_turn(draw) {
      const drawing = this.turns.then(draw);
      this.turns = drawing.catch(() => {}).then(charts.painted);
      return drawing;
    }

    start() {
      const near = new IntersectionObserver((entries) => {
        for (const { isIntersecting, target } of entries) {
          const card = this.cards.get(target);
          if (!card) continue; // it has left the page
          card.is_near = isIntersecting;
          this.past.delete(card);
          if (isIntersecting) card.catch_up();
          else this.past.add(card);
        }
        for (const card of this.past) {
          if (this.past.size <= KEPT_CARDS) break;
          this.past.delete(card);
          card.release();
        }
      }, { rootMargin: NEAR });
      const sized = new ResizeObserver((entries) => {
        for (const { target } of entries) this.cards.get(target.closest(".metric_chart"))?.resize();
      });
      this.watch = (figure, card) => {
        near.observe(figure);
        sized.observe(card.plot);
      };
      this.let_go = (figure, card) => {
        near.unobserve(figure);
        sized.unobserve(card.plot);
        this.past.delete(card);
        this.cards.delete(figure);
        this.shelf.let_go(figure, card);
        this.zoom.let_go(card);
        card.is_near = false; // what is being loaded for it is not drawn
        card.release();
      };
      this.usual = { runs: this.runs, legend: this.legend()?.cloneNode(true), reason: this.reason()?.textContent };
      this.zoom.start();
      this.shelf.start();
      this.toolbar.start();
      this.show_legend();
      for (const [figure, card] of this.cards) this.watch(figure, card);
      this.go_to(runsite.fragment.get("chart"));
      document.addEventListener("runsite:drawn", () => { this.shelf.show(); this.show_runs(runsite.drawn); });
      document.addEventListener("runsite:arranged", () => this.arrange());
      document.addEventListener("runsite:lift", ({ detail }) => this.lift(this.runs.find(({ key }) => key === detail)?.name ?? null));
      addEventListener("hashchange", () => this.read());
      if (runsite.drawn) this.show_runs(runsite.drawn);
    }

    // Brings the chart that a link means into view.
    go_to(name) {
      for (const [figure, { metric }] of this.cards) {
        if (metric.name !== name) continue;
        figure.closest("details")?.setAttribute("open", "");
        figure.scrollIntoView({ block: "center" });
      }
    }

    // State: what the address says beyond the usual.

    read() {
      const before = JSON.stringify(this.state);
      this.state = charts.read_chart_state(runsite.fragment);
      this.shelf.read();
      if (JSON.stringify(this.state) !== before) this.restate();
    }

    change(patch) {
      const moved = "x" in patch || "x_log" in patch;
      this.state = { ...this.state, ...patch };
      runsite.fragment.set_all(charts.chart_pairs(this.state));
      if (moved) this.zoom.forget();
      this.restate();
    }

    restate() {
      this.toolbar.show();
      this.show_left_out();
      this.show_legend();
      this.restart();
    }

    restart() {
      for (const card of this.cards.values()) card.restart();
    }

    is_usual_axis(axis) {
      return (axis.kind === "metric" ? charts.METRIC_AXIS + axis.metric : axis.kind) === (this.state.x ?? "step");
    }

    // Runs.

    // Groups of runs to draw a band over.
    groups() { return charts.groups_to_draw(this.island.runs, runsite.drawn); }

    has_groups() { return Boolean(this.island.runs.some((run) => run.group) || runsite.drawn?.has_groups()); }

    others(count = this.runs.length) { return charts.others_to_draw(count, this.state.band ? this.groups() : [], runsite.drawn); }

    has_others() { return this.others(0).length > 0; }

    // Draws the runs that the table says; its usual ones are those that the page came with.
    show_runs({ runs, is_usual }) {
      this.toolbar.show();
      this.show_left_out();
      if (is_usual && this.runs === this.usual.runs) {
        if (this.state.band || this.state.others) this.arrange();
        return;
      }
      this.is_usual = is_usual;
      this.runs = is_usual ? this.usual.runs : charts.runs_to_draw(runs, this.usual.runs);
      this.show_legend();
      this.restart();
    }

    // The table is arranged anew: other groups, other runs beside those drawn.
    arrange() {
      this.toolbar.show();
      this.show_left_out();
      if (!this.state.band && !this.state.others) return;
      const keys = JSON.stringify([Boolean(runsite.drawn), this.state.band && this.groups().map(({ name, runs }) => [name, runs.map(({ key }) => key)]), this.state.others && this.others().map(({ key }) => key)]);
      if (keys === this.arranged) return;
      this.arranged = keys;
      this.show_legend();
      this.restart();
    }

    // Bands are of runs that the table's filter lets through.
    show_left_out() {
      this.left_out.show(this.state.band && this.groups().length ? null : runsite.drawn);
    }

    // Legend and reason.

    legend() { return this.root.querySelector(".chart_legend"); }

    reason() { return this.root.querySelector(":scope > .chart_reason"); }

    show_legend() {
      const choice = this.state.band ? charts.choose_groups(this.island.runs, runsite.drawn) : { groups: [], found: 0 };
      const { groups } = choice;
      const reason = this.reason();
      if (reason) reason.textContent = this.reason_text(choice);
      const drawn = groups.length ? groups.map(({ look }) => look) : this.runs.length > charts.MOST_LINES ? [charts.crowd_look(charts.crowd_name(this.runs.length))] : this.runs;
      const is_as_printed = !groups.length && this.is_usual;
      this.legend()?.replaceChildren(...(is_as_printed ? this.usual.legend.cloneNode(true).children : legend_items(drawn)));
      this.start_legend();
    }

    reason_text(choice) {
      const reason = this.state.band && runsite.drawn && !choice.found ? "No bands: the table has no groups" : charts.groups_reason(choice);
      if (choice.groups.length) return reason;
      const said = this.is_usual ? this.usual.reason : `${runsite.format_count(this.runs.length)} ${this.runs.length === 1 ? "run" : "runs"}, as chosen in the table`;
      const others = this.state.others ? this.others().length : 0;
      const whole = others ? `${said}, and ${runsite.format_count(others)} others in grey` : said;
      return reason ? `${whole}. ${reason}` : whole;
    }

    start_legend() {
      const items = [...this.root.querySelectorAll(".chart_legend [data-run]")];
      const names = items.map(({ dataset }) => dataset.run);
      this.short_names = new Map(runsite.told_apart(names).map((text, place) => [names[place], text]));
      for (const item of items) name_item(item, this.short_names.get(item.dataset.run), item.dataset.run);
      for (const { figures } of this.cards.values()) figures.tell();
      for (const item of items) {
        item.addEventListener("pointerenter", () => this.lift(item.dataset.run));
        item.addEventListener("pointerleave", () => this.lift(null));
        item.addEventListener("focusin", () => this.lift(item.dataset.run));
        item.addEventListener("focusout", () => this.lift(null));
      }
    }

    lift(name) {
      for (const card of this.cards.values()) if (card.view) card.hover.highlight(name);
    }

    // Pointing: one place over all charts that stand on the same axis, once a frame.

    point(card, place) {
      this.pointing = [card, place];
      this.point_frame ||= requestAnimationFrame(() => {
        this.point_frame = 0;
        const [source, at] = this.pointing;
        for (const other of this.zoom.seen) {
          if (other !== source && other.view) other.hover.echo(other.full.axis.kind === source.full?.axis.kind && other.shares_axis === source.shares_axis ? at : null);
        }
      });
    }

    open(run, event) {
      if (!run.href || this.runs.length < 2) return;
      if (event.ctrlKey || event.metaKey) Object.assign(document.createElement("a"), { href: run.href, target: "_blank", rel: "noopener" }).click();
      else location.assign(run.href);
    }
  }

  // Tells when colours may have changed, which charts take from the styles: between light and dark, and when `serve` has
  // put another style in place.
  function watch_theme(changed) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
    new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    document.addEventListener("runsite:restyled", changed);
  }

  Object.assign(charts, { watch_theme });

  function start_charts() {
    const sections = [...document.querySelectorAll("section.charts")].map((root) => new Section(root));
    charts.sections = sections;
    for (const section of sections) section.start();
    charts.start_custom_charts();
    watch_theme(() => { for (const section of sections) section.recolour(); });
  }

  start_charts();
})();
