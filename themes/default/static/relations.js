// The section of an experiment's page that relates its runs to each other: one chart at a time, of the runs that the table
// shows. It follows the table through `runsite:shown`, draws when it comes near the viewport, and loads Vega only then.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { charts, relations } = runsite;
  const { element } = runsite.table_parts;
  const NEAR = "480px 0px";
  // Room for what hangs below the line of a title.
  const PADDING = { left: 0, top: 4, right: 6, bottom: 4 };
  // Labels of two axes of parallel coordinates would meet in less.
  const LEAST_AXIS_WIDTH = 96;
  const [LABEL_SIZE, LABEL_GAP] = [11, 10];
  // More marks take longer to be elements of an SVG than to be painted.
  const MOST_ELEMENTS = 800;
  const EMPTY_HEIGHT = "120px";
  const MOST_UNASKED = 20000;
  const NO_ROOM = { paddingTop: "", paddingBottom: "" };
  const STATE_OF_TABLE = ["filter", "kept_filter", "selected"];

  // Lets the page breathe: the table's work, ours and Vega's are tasks of their own.
  const pause = () => new Promise((resolve) => { setTimeout(resolve); });

  // What the labels left of the first axis need beside the half of a place that the axis has.
  function left_room({ rows, coordinates }, width) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${LABEL_SIZE}px ${charts.FONT}`;
    const widths = rows.ticks.filter(({ axis }) => axis === 0).map(({ label }) => pen.measureText(label).width + LABEL_GAP);
    const half_place = 1 / (2 * coordinates.length);
    return Math.max(0, Math.ceil((Math.max(0, ...widths) - width * half_place) / (1 - half_place)));
  }

  class Relations {
    constructor(root) {
      Object.assign(this, { root, is_near: false, is_asked: false, view: null, relation: null, drawing: null, is_stale: false, is_held: false });
      const find = (name) => root.querySelector(name);
      this.figure = find(".relation");
      this.plot = find(".plot");
      this.tooltip = new charts.Tooltip();
      this.hover = new relations.SpotHover(this.plot, this.tooltip, (spot, event) => this.open(spot, event));
      this.ranges = new relations.Ranges(this.plot, (axis, brush) => this.choose_range(axis, brush));
      this.metric = { name: "runs", label: "these runs" }; // what the menu calls its files
      this.chart_name = "relation"; // what a link to it says
      this.menu = charts.add_menu(this);
      this.listing = find(".relation_listing");
      this.buttons = [...root.querySelectorAll(".relation_kinds button")];
    }

    start() {
      this.read();
      for (const button of this.buttons) button.addEventListener("click", () => { this.is_asked = true; this.change({ kind: button.dataset.kind }); });
      this.listing.addEventListener("toggle", () => this.fill_listing());
      this.start_axes_menu(this.root.querySelector(".relation_choices"));
      addEventListener("hashchange", () => { this.read(); this.restart(); });
      document.addEventListener("runsite:shown", () => { if (this.differs()) this.restart(); });
      charts.watch_theme(() => this.restart());
      new ResizeObserver(() => this.resize()).observe(this.plot);
      const near = new IntersectionObserver(([{ isIntersecting }]) => {
        if (!isIntersecting) return;
        near.disconnect();
        this.is_near = true;
        this.restart();
      }, { rootMargin: NEAR });
      near.observe(this.root);
    }

    // The menu of axes is made anew with each chart; it closes by Escape and by a click elsewhere.
    start_axes_menu(choices) {
      const menu = () => choices.querySelector(".relation_axes[open]");
      document.addEventListener("pointerdown", ({ target }) => { if (menu() && !menu().contains(target)) menu().open = false; });
      choices.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !menu()) return;
        menu().querySelector("summary").focus();
        menu().open = false;
      });
    }

    read() {
      this.state = charts.read_relation_state(location.hash);
      this.mark_kind();
    }

    mark_kind() {
      for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.kind === this.state.kind));
    }

    change({ ranges, ...patch }) {
      if (ranges === null) return this.clear_ranges();
      Object.assign(this.state, patch);
      runsite.fragment.set_all(relations.relation_pairs(this.state));
      this.mark_kind();
      return this.restart();
    }

    // Whether the table shows other runs than those drawn or other values, or has others selected. Its order is none of ours.
    differs() {
      const { drawn } = this;
      const { shards, rows, selected, filter } = runsite.shown;
      return !drawn || drawn.shards !== shards || drawn.filter !== filter || drawn.selected !== selected || drawn.rows.length !== rows.length || drawn.rows.some((row, place) => row !== rows[place]);
    }

    // Draws anew, after what is being drawn.
    restart() {
      if (!this.is_near || !runsite.shown) return;
      this.is_stale = true;
      this.drawing ??= this.draw_while_stale().finally(() => { this.drawing = null; });
    }

    async draw_while_stale() {
      while (this.is_stale) {
        await pause();
        this.is_stale = false;
        try {
          await this.make();
        } catch (problem) {
          this.fail(problem);
        }
      }
    }

    // What the menu waits for.
    draw() { return this.drawing ?? Promise.resolve(); }

    async make() {
      const { state } = this;
      const { shown } = runsite;
      if (shown.table.row_count > MOST_UNASKED && !this.is_asked) return this.offer(shown.table);
      if (relations.needs_more(shown.table, state)) await shown.load_more();
      this.drawn = shown;
      const asked = { ...state, rows: shown.rows, ...Object.fromEntries(STATE_OF_TABLE.map((field) => [field, shown[field]])) };
      const relation = charts.relation_of(shown.table, asked);
      Object.assign(this, { relation, table: shown.table });
      if (this.is_held) this.hold(() => this.say(relation));
      else {
        this.say(relation);
        Object.assign(this.root.style, NO_ROOM);
      }
      this.is_held = false;
      if (relation.empty) return this.leave(relation.empty);
      const [vega, specs] = await Promise.all([this.vega_library(), runsite.load("relation_specs", "", this.root.dataset.specs)]);
      Object.assign(this, { vega, specs: specs[relation.spec] });
      await pause();
      return this.show();
    }

    // Waits to be asked: reckoning over so many runs takes a second.
    offer({ row_count }) {
      this.figure.hidden = this.root.querySelector(".relation_bar").hidden = false;
      this.listing.hidden = true;
      this.leave(`Choose a chart above to draw it of ${runsite.format_count(row_count)} runs`);
    }

    async vega_library() {
      if (!runsite.vega) await runsite.load_script(this.root.dataset.vega);
      if (!runsite.vega) throw new Error("Vega is missing");
      return runsite.vega;
    }

    chart() {
      return { ...charts.relation_chart(this.relation, charts.read_look(getComputedStyle(this.figure))), turns: charts.in_turns(this.relation) };
    }

    csv() { return relations.listing_csv(this.relation.listing); }

    async show() {
      const { relation } = this;
      this.plot.style.height = relation.kind === "importance" ? `${Math.max(160, 72 + 24 * relation.rows.bars.length)}px` : "";
      const is_parallel = relation.kind === "parallel";
      const least = is_parallel ? LEAST_AXIS_WIDTH * relation.coordinates.length : 0;
      this.plot.style.minWidth = is_parallel ? `${least + left_room(relation, least)}px` : "";
      const size = { width: this.plot.clientWidth, height: this.plot.clientHeight };
      const box = element("div", { className: "vega", ariaHidden: "true" });
      const left = is_parallel ? left_room(relation, size.width) : 0;
      const chart = this.chart();
      const { first, later } = chart.turns;
      const spec = charts.vega_spec(this.specs.vega, { ...chart, rows: first }, size, { bare: true });
      const marks = Object.values(relation.rows).reduce((sum, rows) => sum + rows.length, 0);
      const view = await this.draw_view({ ...spec, padding: { ...PADDING, left } }, later, { box, renderer: marks > MOST_ELEMENTS ? "canvas" : "svg" });
      if (!view) return;
      this.view?.finalize();
      Object.assign(this, { view, size });
      // The hands of ranges stay where they are, for one may have the focus.
      for (const child of [...this.plot.children]) if (!is_parallel || child !== this.ranges.overlay) child.remove();
      this.plot.prepend(box);
      this.follow();
    }

    // Rows that come later are worked out in tasks of their own, and painted with all others; null if meanwhile another
    // chart is wanted.
    async draw_view(spec, later, { box, renderer }) {
      if (!later.length) return charts.make_view(this.vega, spec, box, renderer);
      const view = await charts.make_view(this.vega, spec, null);
      if (!await charts.add_rows(view, later, () => !this.is_stale)) {
        view.finalize();
        return null;
      }
      return view.renderer(renderer).initialize(box).runAsync();
    }

    follow() {
      this.hover.follow(this);
      if (this.relation.kind === "parallel") this.ranges.follow(this);
    }

    async resize() {
      const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
      if (!this.view || !width || (width === this.size.width && height === this.size.height)) return;
      this.size = { width, height };
      try {
        await this.view.width(width).height(height).runAsync();
        this.follow();
      } catch (problem) {
        this.fail(problem);
      }
    }

    fail({ message }) { this.leave(`This chart could not be drawn: ${message}`); }

    // Says why there is no chart, in its place.
    leave(text) {
      this.view?.finalize();
      this.view = null;
      Object.assign(this.plot.style, { height: EMPTY_HEIGHT, minWidth: "" });
      this.hover.clear();
      this.plot.replaceChildren(element("p", { className: "plot_note", textContent: text }));
      if (this.relation?.kind === "parallel" && this.relation.brushes?.size) this.plot.append(this.clear_button());
    }

    clear_button() {
      const button = element("button", { type: "button", className: "relation_clear", textContent: "Clear the ranges" });
      button.addEventListener("click", () => this.clear_ranges());
      return button;
    }

    say(relation) {
      this.figure.hidden = false;
      this.root.querySelector(".relation_bar").hidden = false;
      this.metric.name = relation.title || relation.kind;
      this.figure.querySelector("h3").textContent = relation.title;
      this.figure.querySelector(".chart_notes").textContent = relation.notes.join(" · ");
      this.figure.querySelector(".relation_legend").replaceChildren(...relations.legend_parts(relation));
      relations.fill_choices(this.root.querySelector(".relation_choices"), { shown: this.drawn, relation, state: this.state, change: (patch) => this.change(patch) });
      this.listing.hidden = !relation.listing.rows.length;
      this.fill_listing();
    }

    fill_listing() {
      if (!this.listing.open || !this.relation) return;
      this.listing.querySelector(".scroll").replaceChildren(relations.listing_table({ table: this.table, relation: this.relation, address: this.drawn.address }));
    }

    // A click on a run opens it; one on a bar shows its runs in the table.
    open({ row, bar }, event) {
      if (row !== undefined) {
        const href = this.drawn.address(row);
        if (event.ctrlKey || event.metaKey || event.shiftKey) window.open(href);
        else location.assign(href);
      } else if (this.relation.kind === "histogram") this.choose_range(this.relation.axis, relations.bar_brush(this.relation.axis, bar));
    }

    choose_range(axis, brush) {
      const { filter, table } = runsite.shown;
      this.set_filter(relations.write_brush(filter, axis, brush, (id) => table.column_of.has(id)));
    }

    clear_ranges() {
      const { filter, table } = runsite.shown;
      this.set_filter(relations.without_brushes(filter, this.relation.coordinates, (id) => table.column_of.has(id)).join(" and "));
    }

    // The table above has other rows then, and the bar above other buttons once the chart is drawn anew.
    set_filter(text) {
      this.is_held = true;
      this.hold(() => runsite.shown.set_filter(text));
    }

    // Keeps the plot where it is on the screen while what is around it changes; where the page is too short for that, it is
    // given room.
    hold(change) {
      const top = () => this.plot.getBoundingClientRect().top;
      const before = top();
      change();
      Object.assign(this.root.style, NO_ROOM);
      const back = () => { scrollBy({ top: top() - before, behavior: "instant" }); };
      back();
      const lacking = before - top();
      if (Math.abs(lacking) < 1) return;
      this.root.style[lacking > 0 ? "paddingTop" : "paddingBottom"] = `${Math.abs(lacking)}px`;
      back();
    }
  }

  relations.sections = [...document.querySelectorAll("section.relations")].map((root) => new Relations(root));
  for (const section of relations.sections) section.start();
})();
