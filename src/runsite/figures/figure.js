// A figure: the chart that a page's address means, as a spec to draw on paper and as CSV. It is made by the functions
// that make the page's own chart; here stands only what a page has in HTML.
//
// A page, as figures/page.py reads it, is {charts, table, compare, relations, custom}: the island of its chart section, the place of its run
// table {name, src, root}, the island of the comparison and the root it is seen from; where specs of relations and the
// store's own charts lie; null where it has none.
"use strict";
(() => {
  const { charts, fragment, table_data, table_lines, table_state } = runsite;

  // Half of the last label of an axis stands beyond the plot.
  const PADDING = { left: 2, top: 2, right: 8, bottom: 2 };
  const TITLE_SPACE = 20;
  const [LEGEND_ROW, SYMBOL_SPACE, CHARACTER, LABEL_LIMIT, AXIS_SPACE] = [15, 32, 5.5, 150, 30];
  // Titles: how high a further line is, how many there may be of the chart's and of an axis's, and how large their letters are.
  const [TITLE_LINE, TITLE_LINES, AXIS_LINES] = [15, 3, 2];
  const [TITLE_SIZE, AXIS_TITLE_SIZE] = [13, 11];
  // What a legend of hues or shades takes, with its title.
  const LEGEND_SPACE = 50;
  const PLOT_SHAPE = 0.6;
  // The index of a run's finer levels first, then the chunks that it names.
  const MOST_ROUNDS = 3;

  const MOST_LISTED = 12;

  // What `chart` says for the chart of runs of a page, unless a metric is called so.
  const RELATION = "relation";

  class FigureProblem extends Error {}

  const read_table = ({ name, src, root }) => table_data.load_table({ table: name, src, root });

  // How a table stands: its rows in sight in their order, and the groups it makes of them.
  function arranged_as(table, state) {
    const sort = state.sort.length ? state.sort : table_state.parse_sort(table.head.sorted_by);
    const shown = new Set(runsite.relations.shown_rows(table, state));
    const order = table_lines.sorted_rows(table, table_state.run_sort(sort)).filter((row) => shown.has(row));
    const group = state.group.filter((id) => id === table_lines.REPEATS || table.column_of.has(id));
    return { order, groups: group.length ? table_lines.make_groups(table, order, group) : null };
  }

  // The runs that a chart section draws: as the page came, or as the address says. `chosen` is what the table says.
  async function section_source({ charts: island, table: place }) {
    const usual = { runs: island?.runs ?? [], metrics: island?.metrics ?? [], specs: island?.specs, chosen: null };
    const state = table_state.parse_state(fragment.get);
    const { band, others } = charts.read_chart_state(fragment);
    if (!place || !(state.drawn.size || band || others)) return usual;
    const { table, load_more } = await read_table(place);
    if (state.filter || state.sort.length || state.group.length) await load_more();
    const curves = new runsite.TableCurves(table, (row) => place.root + table.link(row), () => arranged_as(table, state));
    const chosen = curves.chosen(state.drawn);
    return { ...usual, chosen, runs: chosen.is_usual ? usual.runs : charts.runs_to_draw(chosen.runs, island.runs) };
  }

  async function comparison_source({ compare: { island, root } }) {
    const { compare_state, compare_rows, compare_charts } = runsite;
    const state = compare_state.parse_state(fragment.get);
    const data = new runsite.Comparison(island, root);
    const [keys] = state.items;
    const other = keys && state.wanted ? await data.other(keys[0], state.wanted) : null;
    const items = other && other !== keys[0] ? [[other], ...state.items] : state.items;
    const table = await data.table(items.flat().map(compare_state.experiment_of));
    const { subjects } = table ? compare_rows.make_subjects(table, items.slice(0, island.most)) : { subjects: [] };
    if (!subjects.length) throw new FigureProblem("the address names no run of this site to compare");
    return {
      runs: compare_charts.chart_runs(subjects, table, (row) => data.folder(table, row)),
      metrics: compare_charts.chart_metrics(table, subjects),
      specs: root + island.specs,
      chosen: null,
    };
  }

  // The one metric that is meant: the wanted one, the address's, the only one there is or that the view shows.
  function find_metric(metrics, { wanted, further }) {
    const names = metrics.map(({ name }) => name);
    const shown = table_state.split_ids(fragment.get("charts") ?? "");
    const meant = wanted ?? fragment.get("chart") ?? (shown.length === 1 ? shown[0] : names.length === 1 ? names[0] : null);
    if (names.includes(meant)) return metrics[names.indexOf(meant)];
    const left_out = names.length - MOST_LISTED;
    const listed = [...names.slice(0, MOST_LISTED), ...(left_out > 0 ? [`${left_out} more metrics`] : []), ...further].join(", ");
    throw new FigureProblem(`${meant === null ? "the address names no chart" : `there is no chart of ${meant}`}; --chart names one of ${listed}`);
  }

  // The window that the address zooms to; null is none.
  const find_window = ({ name }) => charts.parse_window(fragment.get(fragment.get("zoom_each") === "1" ? `zoom:${name}` : "zoom"));

  async function window_of_chart(chart, window, width) {
    const full_y = charts.value_window({ ...chart.rows, points: [...chart.rows.points, ...chart.rows.others] }, chart.extent, chart.scales.y === "log");
    const card = { full: chart, lines: chart.lines, rows: chart.rows, metric: chart.metric, plot: { clientWidth: width }, full_y };
    const look = () => charts.window_view(card, window, { domain: fragment.get("zoom_y") === "kept" ? full_y : null, is_moving: false });
    let view = look();
    for (let round = 0; view.wanted.length && round < MOST_ROUNDS; round += 1) {
      await Promise.all(view.wanted.map(([levels, name]) => levels.load(name)));
      view = look();
    }
    const lost = card.lines.find(({ levels }) => levels.problem);
    if (lost) throw lost.levels.problem;
    return { ...chart, rows: paper_lines.cut_rows(view.rows, window), domains: view.domains, notes: view.notes };
  }

  // A legend's names by what tells them apart.
  function name_apart(spec, names) {
    const short = runsite.told_apart(names);
    if (short === names) return;
    spec.signals = [...(spec.signals ?? []), { name: "legend_names", value: names }, { name: "legend_labels", value: short }];
    const text = { signal: "legend_labels[indexof(legend_names, datum.value)]" };
    for (const legend of spec.legends ?? []) legend.encode = { ...legend.encode, labels: { update: { text } } };
  }

  const legend_columns = (runs, width) => {
    const longest = runs.reduce((most, { name }) => Math.max(most, [...name].length), 1);
    return Math.max(1, Math.min(runs.length, Math.floor((width - AXIS_SPACE) / (SYMBOL_SPACE + Math.min(LABEL_LIMIT, longest * CHARACTER)))));
  };

  // Breaks the titles of a chart and of its upright axis where they are longer than it; returns the height that takes.
  function break_titles(spec, { width, height }) {
    for (const axis of spec.axes ?? []) {
      if (axis.orient === "left" && typeof axis.title === "string") axis.title = charts.safe_title(paper_lines.title_lines(axis.title, height / AXIS_TITLE_SIZE, AXIS_LINES));
    }
    if (typeof spec.title?.text !== "string") return 0;
    const limit = width - PADDING.left - PADDING.right;
    const lines = paper_lines.title_lines(spec.title.text, limit / TITLE_SIZE, TITLE_LINES);
    // One that is wider than the plot begins at the edge of the figure.
    if (paper_lines.title_lines(spec.title.text, (limit - 2 * AXIS_SPACE) / TITLE_SIZE, TITLE_LINES).length > 1) spec.title.frame = "bounds";
    Object.assign(spec.title, { text: charts.safe_title(lines), limit });
    return (lines.length - 1) * TITLE_LINE;
  }

  // The chart's spec at a size in pixels that holds all of it: title, axes, legend.
  function figure_spec(template, chart, { width, height }) {
    const names = chart.runs.map(({ name }) => name);
    const columns = legend_columns(runsite.told_apart(names).map((name) => ({ name })), width);
    const legend_height = chart.runs.length > 1 ? LEGEND_ROW * Math.ceil(chart.runs.length / columns) : 0;
    const whole = height ?? Math.round(width * PLOT_SHAPE) + TITLE_SPACE + legend_height;
    // Ticks go by the plot's own height.
    const plot = { width, height: Math.max(0, whole - TITLE_SPACE - legend_height - AXIS_SPACE) };
    const spec = paper_lines.under_one_clip(charts.vega_spec(template, chart, plot, { bare: false }));
    for (const legend of spec.legends ?? []) {
      // The layer that is drawn first, faint where it is the values behind smoothed ones, would give its opacity.
      Object.assign(legend, { columns, symbolOpacity: 1, labelLimit: Math.max(LABEL_LIMIT, (width - AXIS_SPACE) / columns - SYMBOL_SPACE) });
      delete legend.encode?.symbols?.update?.opacity;
    }
    name_apart(spec, names);
    const more = break_titles(spec, plot);
    return Object.assign(spec, { autosize: { type: "fit", contains: "padding" }, padding: PADDING, height: height ?? whole + more });
  }

  // The look of the paper: the page's colours, in a font that is there.
  function paper_look(look, font) {
    const properties = new Map(look);
    return { ...charts.read_look({ getPropertyValue: (name) => properties.get(name) ?? "" }), font };
  }

  // The chart of runs that the address describes.
  async function relation_figure(page, { size, look, font }) {
    const { table, load_more } = await read_table(page.table);
    const state = runsite.relations.read_relation_state(location.hash);
    if (runsite.relations.needs_more(table, state)) await load_more();
    const relation = charts.relation_of(table, state);
    if (relation.empty) throw new FigureProblem(relation.empty);
    const chart = charts.relation_chart(relation, paper_look(look, font));
    chart.values.set("$font", font);
    const specs = await runsite.load("relation_specs", "", page.relations);
    const spec = charts.vega_spec(specs[relation.spec].vega, chart, size, { bare: false });
    const usual = Math.round(size.width * PLOT_SHAPE) + TITLE_SPACE;
    const labels = (relation.groups ?? []).map(({ label }) => ({ name: label }));
    for (const legend of spec.legends ?? []) if (labels.length) legend.columns = legend_columns(labels, size.width);
    // The names of params before the plot would push it out of the figure.
    if (spec.title) spec.title.frame = "bounds";
    const around = TITLE_SPACE + AXIS_SPACE + (spec.legends?.length ? LEGEND_SPACE : 0);
    const more = break_titles(spec, { width: size.width, height: (size.height ?? usual) - around });
    const height = size.height ?? usual + more;
    const frame = { autosize: { type: "fit", contains: "padding" }, padding: PADDING, width: size.width, height };
    return { csv: runsite.relations.listing_csv(relation.listing), spec: Object.assign(spec, frame), notes: relation.notes };
  }

  // A chart that the store brought along.
  async function custom_figure(page, chart, { runs, size, look, font }) {
    if (chart.problem) throw new FigureProblem(`${chart.file}: ${chart.problem}`);
    let loaded = null;
    const opened = () => (loaded ??= read_table(page.table));
    const site = {
      table: async () => (await opened()).table,
      load_more: async () => (await opened()).load_more(),
      lines: (metric) => charts.load_lines(runs, metric, { kind: "step" }),
    };
    const rows = await charts.bound_rows(chart, site);
    const paper = paper_look(look, font);
    const height = size.height ?? Math.round(size.width * PLOT_SHAPE) + TITLE_SPACE;
    const spec = charts.custom_spec(chart, rows, paper, { size: { width: size.width, height }, font, ground: paper.ground });
    return { csv: charts.rows_csv([...rows.values()][0] ?? []), spec: { ...spec, padding: PADDING }, notes: charts.lacking(rows) };
  }

  const custom_charts = ({ custom }) => (custom ? runsite.load("custom_charts", custom.experiment, custom.src) : []);

  async function draw_figure(page, options) {
    const source = page.compare ? await comparison_source(page) : await section_source(page);
    const meant = options.chart ?? fragment.get("chart");
    const is_metric = source.metrics.some(({ name }) => name === meant);
    if (is_metric) return metric_figure(source, options);
    const customs = await custom_charts(page);
    const own = customs.find(({ name, file }) => name === meant || file === meant);
    if (own) return custom_figure(page, own, { ...options, runs: source.runs });
    if (meant === RELATION && page.relations) return relation_figure(page, options);
    const titled = customs.find(({ title }) => title === meant);
    if (titled) return custom_figure(page, titled, { ...options, runs: source.runs });
    return metric_figure(source, { ...options, further: [...customs.map(({ name }) => name), ...(page.relations ? [RELATION] : [])] });
  }

  // `further` are charts that are of no metric, to be named where none is meant.
  async function metric_figure(source, { chart: wanted, is_drawn, size, look, font, further = [] }) {
    const metric = find_metric(source.metrics, { wanted, further });
    const state = charts.read_chart_state(fragment);
    const label_of = (name) => charts.metric_title(source.metrics, name);
    const load = (runs) => charts.load_lines(runs, metric.name, charts.axis_of(metric, state.x, label_of));
    const lines = await load(source.runs);
    const choice = state.band ? charts.choose_groups(source.runs, source.chosen) : { groups: [], found: 0 };
    const { groups } = choice;
    const others = state.others ? await load(charts.others_to_draw(source.runs.length, groups, source.chosen)) : [];
    const members = await Promise.all(groups.map(({ runs }) => load(runs)));
    const filled = groups.map(({ name, look: own }, place) => ({ name, look: own, lines: members[place] })).filter((group) => group.lines.length);
    if (![...lines, ...others, ...filled].length) throw new FigureProblem(`no run drawn has logged ${metric.name}`);
    const full = charts.chart_of(lines, metric, state, { groups: filled, others, label_of });
    const csv = charts.chart_csv(full);
    if (!full.lines.length && !full.rows.others.length) throw new FigureProblem(full.notes.join("; "));
    if (!is_drawn) return { csv, spec: {}, notes: [] };
    const lack = charts.lack_of(full.rows);
    if (lack) throw new FigureProblem(`${metric.name} has ${lack[0].toLowerCase()}${lack.slice(1)}`);
    const misfit = charts.misfit(full.rows, full.scales);
    if (misfit) throw new FigureProblem(`the values of ${metric.name} lie ${misfit} to be drawn`);
    const specs = await runsite.load("chart_specs", "metric", source.specs);
    const chart = { ...full, look: paper_look(look, font) };
    const window = find_window(metric);
    const seen = window ? await window_of_chart(chart, window, size.width) : chart;
    const left_out = groups.length < choice.found ? [charts.groups_reason(choice)] : [];
    return { csv, spec: figure_spec(specs.vega, seen, size), notes: [...left_out, ...seen.notes] };
  }

  let outcome = null;

  // Begins; what comes of it is there once no more scripts are wanted.
  function start_figure(page, options) {
    draw_figure(page, options).then(
      (made) => { outcome = made; },
      (problem) => { outcome = { problem: problem.message, is_ours: problem instanceof FigureProblem, stack: String(problem.stack) }; },
    );
  }

  globalThis.figure = { start_figure, outcome: () => outcome };
})();
