// Charts that a store brings along: binds their data by name, and draws them in cards of their own.
//
// `runs` is one row per run of the experiment, whatever the table shows:
//   run (its key), id, name, experiment, status, started (a date), duration (seconds), ...
//   params, tags         {name: value}
//   metrics              {name: {best, last}}, null where a run has none
// and every field that the spec names itself in `usermeta.fields`: {its name: id of a column of the run table}. So a name
// with dots, brackets and quotes need not stand in a field path.
//
// `metric:NAME` is one row per point of the runs drawn: run, name, step, attempt (from 1), time (a date), value (null where
// not finite).
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const [RUNS, METRIC] = ["runs", "metric:"];
  const MILLISECONDS = 1000;
  const HUES = 8;
  const DATES = ["started", "ended"];
  const NEAR = "480px 0px";

  // What stands before the name in a column's id; null for a fact of the run itself.
  const KINDS = { param: "params", tag: "tags" };
  const name_of = (column) => column.id.slice(KINDS[column.group].length + 1);
  const finite = (value) => (typeof value === "number" ? value : null);
  const as_date = (seconds) => (typeof seconds === "number" && Number.isFinite(seconds) ? seconds * MILLISECONDS : null);

  // Own properties only: a param may be called __proto__.
  const own = (pairs) => Object.fromEntries(pairs);

  function run_row(table, columns, row) {
    const of = (group) => own(columns[group].map((column) => [name_of(column), column.values[row]]));
    const facts = columns.run.map(({ id, values }) => [id, DATES.includes(id) ? as_date(values[row]) : values[row]]);
    const metrics = columns.metrics.map(([name, { best, last }]) => [name, { best: finite(best?.values[row]), last: finite(last?.values[row]) }]);
    return { ...own(facts), run: table.keys[row], experiment: table.experiments[row], params: of("param"), tags: of("tag"), metrics: own(metrics) };
  }

  function columns_by_group(table) {
    const loaded = table.columns.filter((column) => column.block === "rows" && column.kind !== "curve");
    const of = (group) => loaded.filter((column) => column.group === group);
    const metrics = new Map();
    for (const column of of("metric")) metrics.set(column.metric, { ...metrics.get(column.metric), [column.aggregate]: column });
    return { run: of("run"), param: of("param"), tag: of("tag"), metrics: [...metrics] };
  }

  // The rows of `runs`; a field that names no column is an error that the card shows.
  function run_rows(table, fields = {}) {
    const columns = columns_by_group(table);
    const named = Object.entries(fields).map(([name, id]) => {
      const column = table.column_of.get(id);
      if (!column) throw new Error(`usermeta.fields: no run has the column ${id}`);
      return [name, column];
    });
    return Array.from({ length: table.row_count }, (_, row) =>
      ({ ...run_row(table, columns, row), ...own(named.map(([name, column]) => [name, column.values[row]])) }));
  }

  // The rows of `metric:NAME`.
  function point_rows(lines) {
    return lines.flatMap(({ run, look, series }) => {
      const attempts = charts.attempts_of(series);
      return series.values.map((value, index) => ({
        run: look.key, name: run, step: series.steps[index], attempt: attempts[index], time: as_date(series.times?.[index]), value,
      }));
    });
  }

  // Metrics that a chart binds and no run drawn has logged, as sentences. Names that no run has are found by the build.
  function lacking(rows) {
    return [...rows].filter(([name, found]) => name !== RUNS && !found.length).map(([name]) => `no run drawn has logged ${name.slice(METRIC.length)}`);
  }

  const needs_more = (table, fields = {}) => Object.values(fields).some((id) => table.column_of.get(id)?.block === "more");

  // Rows for each name that a chart binds. `site` hands out the table and lines.
  async function bound_rows({ data, fields }, site) {
    const rows_of = async (name) => {
      if (name !== RUNS) return point_rows(await site.lines(name.slice(METRIC.length)));
      const table = await site.table();
      if (needs_more(table, fields)) await site.load_more();
      return run_rows(table, fields);
    };
    return new Map(await Promise.all(data.map(async (name) => [name, await rows_of(name)])));
  }

  function look_values(look, font, ground) {
    const hues = Array.from({ length: HUES }, (_, hue) => [`$runsite_hue_${hue}`, look.colour_of({ colour: hue })]);
    return new Map([["$runsite_ink", look.ink], ["$runsite_muted", look.muted], ["$runsite_line", look.line], ["$runsite_ground", ground], ["$runsite_font", font], ...hues]);
  }

  // The Vega spec with its data and the page's look; `size` counts where the spec has none of its own.
  function custom_spec(chart, rows, look, { size, font, ground }) {
    const spec = charts.fill(chart.vega, look_values(look, font, ground));
    for (const source of spec.data ?? []) if (rows.has(source.name)) source.values = rows.get(source.name).map((row) => ({ ...row }));
    return chart.is_sized && size ? Object.assign(spec, size) : spec;
  }

  const custom_vega_lite = (chart, rows, look, { font, ground }) => {
    const spec = charts.fill(chart.vega_lite, look_values(look, font, ground));
    return { ...spec, datasets: { ...spec.datasets, ...own([...rows]) } };
  };

  // Nested fields become columns: params.lr, metrics.val/acc.best.
  function flat(row, before = "") {
    return Object.entries(row).flatMap(([name, value]) =>
      (value !== null && typeof value === "object" && !Array.isArray(value) ? flat(value, `${before}${name}.`) : [[before + name, value]]));
  }

  const in_seconds = (name, value) => ((DATES.includes(name) || name === "time") && typeof value === "number" ? value / MILLISECONDS : value);

  // Moments are Unix seconds, as in the other files.
  function rows_csv(rows) {
    const lines = rows.map((row) => new Map(flat(row).map(([name, value]) => [name, in_seconds(name, value)])));
    const names = [...new Set(lines.flatMap((line) => [...line.keys()]))];
    const cell = (value) => (value === null || value === undefined ? "" : charts.csv_cell(typeof value === "number" ? value : String(value)));
    return [names.map(cell), ...lines.map((line) => names.map((name) => cell(line.get(name))))].map((cells) => `${cells.join(",")}\r\n`).join("");
  }

  const plot_note = (textContent) => Object.assign(document.createElement("p"), { className: "plot_note", textContent });

  class CustomCard {
    constructor(figure, section, chart) {
      Object.assign(this, { figure, section, chart, view: null, drawing: null, metric: { name: chart.name, label: chart.title } });
      this.plot = figure.querySelector(".plot");
      this.plot.classList.toggle("is_natural", !chart.is_sized);
      // A chart of a size of its own may be wider than the card: arrows scroll it.
      if (!chart.is_sized) Object.assign(this.plot, { tabIndex: 0, role: "group", ariaLabel: chart.title });
      this.menu = charts.add_menu(this);
    }

    draw() {
      this.drawing ??= this.make().catch((problem) => this.fail(problem));
      return this.drawing;
    }

    redraw() {
      if (!this.drawing) return undefined;
      this.drawing = this.drawing.then(() => this.make()).catch((problem) => this.fail(problem));
      return this.drawing;
    }

    // What the reader did in a chart goes when it is drawn anew, so that is done for other data alone.
    async renew() {
      await this.drawing;
      if (this.is_lost) return this.redraw();
      if (!this.rows) return undefined;
      const rows = await bound_rows(this.chart, this.section).catch(() => null);
      return !rows || JSON.stringify([...rows]) !== JSON.stringify([...this.rows]) ? this.redraw() : undefined;
    }

    retry_lost() { return this.is_lost ? this.redraw() : undefined; }

    look() { return charts.read_look(getComputedStyle(this.figure)); }

    spec(ground, size) {
      return custom_spec(this.chart, this.rows, this.look(), { size, font: charts.FONT, ground });
    }

    async make() {
      this.is_lost = true; // until all it is made of has come
      [this.vega, this.rows] = await Promise.all([this.section.vega(), bound_rows(this.chart, this.section)]);
      this.is_lost = false;
      const box = Object.assign(document.createElement("div"), { className: "vega" });
      box.setAttribute("aria-hidden", "true");
      const size = { width: this.plot.clientWidth, height: this.plot.clientHeight };
      // The card has the title in HTML.
      const { title, ...spec } = this.spec("transparent", size);
      const view = await charts.make_view(this.vega, spec, null);
      if (charts.is_blank(view)) {
        view.finalize();
        throw new Error("none of its marks has a shape and a size that can be drawn");
      }
      await view.renderer("svg").initialize(box).runAsync();
      this.view?.finalize();
      this.view = view;
      this.plot.replaceChildren(box);
      this.warn(lacking(this.rows).join(", "));
    }

    // Says in a line below the plot what the chart lacks.
    warn(text) {
      this.warning?.remove();
      this.warning = text ? Object.assign(document.createElement("p"), { className: "custom_problem warn", textContent: `${this.chart.file}: ${text}.` }) : null;
      if (this.warning) this.plot.after(this.warning);
    }

    async resize() {
      if (!this.view || !this.chart.is_sized || !this.plot.clientWidth) return;
      await this.view.width(this.plot.clientWidth).height(this.plot.clientHeight).runAsync().catch((problem) => this.fail(problem));
    }

    fail({ message }) {
      this.view?.finalize();
      this.view = null;
      this.warn("");
      this.plot.replaceChildren(plot_note(`This chart could not be drawn: ${this.chart.file}: ${message}`));
    }

    async file_view() { return charts.make_view(this.vega, { ...this.spec(this.look().ground, { width: 720, height: 400 }), padding: 12 }, null); }

    files() {
      const lite = () => custom_vega_lite(this.chart, this.rows, this.look(), { font: charts.FONT, ground: this.look().ground });
      return [
        ["Vega-Lite spec", "vl.json", () => charts.text_blob(`${JSON.stringify(lite(), null, 1)}\n`, "json")],
        ["SVG", "svg", async () => charts.text_blob(await charts.finish(await this.file_view(), (view) => view.toSVG()), "svg")],
        ["PNG", "png", async () => charts.finish(await this.file_view(), charts.canvas_blob)],
        ...(this.chart.data.length ? [["CSV", "csv", () => charts.text_blob(rows_csv([...this.rows.values()][0]), "csv")]] : []),
      ];
    }
  }

  // What the cards of a page share: the run table, and the runs drawn.
  class CustomSection {
    constructor(root) {
      Object.assign(this, { root, cards: new Map() });
    }

    // The runs that the page draws by itself, which may be others once it is printed anew.
    usual() { return JSON.parse(document.getElementById("chart-data")?.textContent ?? "{\"runs\":[]}").runs; }

    async vega() {
      if (!runsite.vega) await runsite.load_script(this.root.dataset.vega);
      return runsite.vega;
    }

    place() { return document.querySelector(".run_table[data-src]").dataset; }

    loaded() { return (this.loading ??= runsite.table_data.load_table(this.place())); }

    // Takes up rows and points that came again while the page is open.
    async renew() {
      this.loading = undefined;
      await Promise.all([...this.cards.values()].map((card) => card.renew()));
    }

    retry_lost() {
      this.loading = undefined;
      return this.is_lost ? this.start() : Promise.all([...this.cards.values()].map((card) => card.retry_lost()));
    }

    async table() {
      const { table } = await this.loaded();
      runsite.table_data.judge_statuses(table, Date.now() / 1000);
      return table;
    }

    async load_more() { return (await this.loaded()).load_more(); }

    runs() { return !runsite.drawn || runsite.drawn.is_usual ? this.usual() : charts.runs_to_draw(runsite.drawn.runs, this.usual()); }

    lines(metric) { return charts.load_lines(this.runs(), metric, { kind: "step" }); }

    // Nothing is loaded where every chart is broken.
    async start() {
      const { experiment, src } = this.root.dataset;
      const plots = [...this.root.querySelectorAll(".plot")];
      if (!plots.length) return;
      this.is_lost = false;
      try {
        this.start_cards(await runsite.load("custom_charts", experiment, src));
      } catch ({ message, is_lost }) {
        this.is_lost = is_lost;
        for (const plot of plots) plot.replaceChildren(plot_note(`This chart could not be loaded: ${message}`));
      }
    }

    start_cards(listed) {
      const specs = new Map(listed.map((chart) => [chart.file, chart]));
      for (const figure of this.root.querySelectorAll(".custom_chart")) {
        const chart = specs.get(figure.dataset.file);
        if (chart && !chart.problem) this.cards.set(figure, new CustomCard(figure, this, chart));
      }
      const near = new IntersectionObserver((entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) this.cards.get(target).draw();
      }, { rootMargin: NEAR });
      const sized = new ResizeObserver((entries) => {
        for (const { target } of entries) this.cards.get(target.closest(".custom_chart")).resize();
      });
      for (const [figure, card] of this.cards) {
        near.observe(figure);
        sized.observe(card.plot);
      }
      const with_points = ({ chart }) => chart.data.some((name) => name !== RUNS);
      document.addEventListener("runsite:drawn", () => { for (const card of this.cards.values()) if (with_points(card)) card.redraw(); });
      charts.watch_theme(() => { for (const card of this.cards.values()) card.redraw(); });
    }
  }

  function start_custom_charts() {
    charts.custom_sections = [...document.querySelectorAll("section.custom_charts[data-src]")].map((root) => new CustomSection(root));
    for (const section of charts.custom_sections) section.start();
  }

  const exports = { run_rows, point_rows, bound_rows, lacking, custom_spec, custom_vega_lite, rows_csv, start_custom_charts };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
