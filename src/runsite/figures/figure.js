// A figure: the chart that a page's address means, as a spec to draw on paper and as CSV. It is made by the functions
// that make the page's own chart; here stands only what a page has in HTML.
//
// A page, as figures/page.py reads it, is {charts, table, compare, relations, custom}: the island of its chart section, the place of its run
// table {name, src, root}, the island of the comparison and the root it is seen from; where specs of relations and the
// store's own charts lie; null where it has none.
"use strict";
(() => {
  const { charts, fragment, relations, table_data, table_lines, table_state } = runsite;

  const { AXIS_SPACE, LEAST_HEIGHT, PADDING, TITLE_SPACE } = paper_room;
  // Titles: how high a further line is, how many there may be of the chart's and of an axis's, and how large their letters are.
  const [TITLE_LINE, TITLE_LINES, AXIS_LINES] = [15, 3, 2];
  const [TITLE_SIZE, AXIS_TITLE_SIZE] = [13, 11];
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
    const shown = new Set(relations.shown_rows(table, state));
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
    return { ...usual, chosen, runs: chosen.is_usual ? usual.runs : charts.runs_to_draw(chosen.runs, usual.runs) };
  }

  async function comparison_source({ compare: { island, root } }) {
    const { compare_state, compare_rows, compare_charts } = runsite;
    const state = compare_state.parse_state(fragment.get);
    const data = new runsite.Comparison(island, root);
    const [keys] = state.items;
    const other = keys && state.wanted ? await data.other(keys[0], state.wanted) : null;
    const items = other && other !== keys[0] ? [[other], ...state.items] : state.items;
    const table = await data.table(items.flat().map(compare_state.experiment_of));
    const { subjects, missing } = table ? compare_rows.make_subjects(table, items.slice(0, island.most)) : { subjects: [], missing: [] };
    if (subjects.length && missing.length) throw new FigureProblem(`the address names ${missing[0]}, which is no run of this site`);
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

  const frame_of = ({ width, height }) => ({ autosize: { type: "fit", contains: "padding" }, padding: PADDING, width, height });

  // What stands around a plot, as `room_of` the width says.
  function checked_room(size, room_of) {
    const lack = paper_room.lack_of_room(size, room_of);
    if (lack) throw new FigureProblem(lack);
    return room_of(size.width);
  }

  // A wide plot's shape, with its title and its legend, and never less than it takes to see the plot.
  const usual_height = (width, around) => Math.max(Math.round(width * PLOT_SHAPE) + around - AXIS_SPACE, around + LEAST_HEIGHT);

  // A chart's title in as many lines as it takes, and how much more than one line that is.
  function title_of(text, width) {
    const lines = paper_lines.title_lines(text, (width - PADDING.left - PADDING.right) / TITLE_SIZE, TITLE_LINES);
    return { lines, more: (lines.length - 1) * TITLE_LINE };
  }

  // Breaks the titles of a chart and of its upright axis where they are longer than it. A title that is wider than the
  // plot, which stands `beside` so much, begins at the edge of the figure.
  function break_titles(spec, { width, height, beside }) {
    for (const axis of spec.axes ?? []) {
      if (axis.orient === "left" && typeof axis.title === "string") axis.title = charts.safe_title(paper_lines.title_lines(axis.title, height / AXIS_TITLE_SIZE, AXIS_LINES));
    }
    if (typeof spec.title?.text !== "string") return;
    if (title_of(spec.title.text, width - beside).more) spec.title.frame = "bounds";
    Object.assign(spec.title, { text: charts.safe_title(title_of(spec.title.text, width).lines), limit: width - PADDING.left - PADDING.right });
  }

  // What the ticks of a curve's upright axis say, nearly: Vega chooses them as it draws.
  function value_labels({ rows, domains, scales }, height) {
    const values = rows.points.map(({ value }) => value).filter(Number.isFinite);
    const domain = domains?.y ?? relations.extent(values);
    const [from, to] = Array.isArray(domain) ? domain : [domain.least, domain.greatest];
    if (!(from < to)) return from === to ? runsite.format_apart([from]) : [];
    return Object.values(charts.y_ticks(scales.y === "log", [from, to], height).labels ?? runsite.format_apart(charts.linear_ticks([from, to], 6)));
  }

  // What stands around the plot of a chart of curves: beside it and in all, with the columns of its legend.
  function curves_room(chart, names, width) {
    const beside = paper_room.axis_width(value_labels(chart, width * PLOT_SHAPE));
    const columns = paper_room.legend_columns(names, width - beside - PADDING.left);
    const legend = names.length > 1 ? paper_room.legend_height(names.length, columns) : 0;
    return { beside, columns, around: TITLE_SPACE + AXIS_SPACE + legend + title_of(charts.metric_title([chart.metric], chart.metric.name), width).more };
  }

  // The chart's spec at a size in pixels that holds all of it: title, axes, legend.
  function figure_spec(template, chart, size) {
    const { width } = size;
    const names = chart.runs.map(({ name }) => name);
    const { beside, columns, around } = checked_room(size, (each) => curves_room(chart, runsite.told_apart(names), each));
    const whole = size.height ?? usual_height(width, around);
    // Ticks go by the plot's own height.
    const plot = { width: width - beside - PADDING.left - PADDING.right, height: whole - around };
    const spec = paper_lines.under_one_clip(charts.vega_spec(template, chart, plot, { bare: false }));
    for (const each of spec.legends ?? []) paper_room.fit_legend(each, columns);
    name_apart(spec, names);
    break_titles(spec, { width, height: plot.height, beside });
    return Object.assign(spec, frame_of({ width, height: whole }));
  }

  // The look of the paper: the page's colours, in a font that is there.
  function paper_look(look, font) {
    const properties = new Map(look);
    return { ...charts.read_look({ getPropertyValue: (name) => properties.get(name) ?? "" }), font };
  }

  // What stands around the plot of a chart of runs: beside it and in all, with the columns of its legend.
  function relation_room({ groups, groups_title, shade, axes, title }, width) {
    const labels = axes.y.ticks.map(([, label]) => label);
    const beside = paper_room.axis_width(labels, { title: Boolean(axes.y.title), limit: paper_room.names_limit(width) });
    const names = (groups ?? []).map(({ label }) => label);
    const columns = paper_room.legend_columns(names, width - beside - PADDING.left);
    const legend = shade ? paper_room.shade_height() : names.length > 1 ? paper_room.legend_height(names.length, columns, groups_title ? 1 : 0) : 0;
    const { more } = title_of(title, width);
    return { beside, columns, around: TITLE_SPACE + AXIS_SPACE + legend + more };
  }

  // What a chart of runs shows at a size; of rows for params, as many as the height holds.
  function sized_relation(table, state, { width, height }) {
    const relation = charts.relation_of(table, state);
    if (relation.empty) throw new FigureProblem(relation.empty);
    const room = checked_room({ width, height }, (each) => relation_room(relation, each));
    if (relation.kind !== "importance") return { relation, room, height: height ?? usual_height(width, room.around) };
    const rows = relation.rows.bars.length;
    const most = height ? paper_room.rows_within(height, room.around) : rows;
    const fitting = most < rows ? charts.relation_of(table, { ...state, most_params: most }) : relation;
    return { relation: fitting, room, height: height ?? Math.max(usual_height(width, room.around), paper_room.height_of_rows(rows, room.around)) };
  }

  // The chart of runs that the address describes.
  async function relation_figure(page, { size: wanted, look, font }) {
    const { table, load_more } = await read_table(page.table);
    const state = relations.read_relation_state(location.hash);
    if (relations.needs_more(table, state)) await load_more();
    refuse(figure_address.relation_fault(runsite.parse_fragment(location.hash), table));
    const { relation, room, height } = sized_relation(table, state, wanted);
    const size = { width: wanted.width, height };
    const chart = charts.relation_chart(relation, paper_look(look, font));
    chart.values.set("$font", font);
    const specs = await runsite.load("relation_specs", "", page.relations);
    const spec = charts.vega_spec(specs[relation.spec].vega, chart, size, { bare: false });
    for (const legend of spec.legends ?? []) paper_room.fit_legend(legend, room.columns);
    for (const axis of spec.axes ?? []) if (axis.orient === "left" && axis.labelLimit) axis.labelLimit = paper_room.names_limit(size.width);
    break_titles(spec, { width: size.width, height: height - room.around, beside: room.beside });
    return { csv: relations.listing_csv(relation.listing), spec: Object.assign(spec, frame_of(size)), notes: relation.notes };
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

  const refuse = (fault) => { if (fault) throw new FigureProblem(fault); };

  // A page tells of what it cannot read, and shows something else; a figure of something else would go unnoticed.
  async function check_address({ table: place }, values) {
    refuse(figure_address.address_fault(values));
    if (!place || !figure_address.needs_table(values)) return;
    const { table } = await read_table(place);
    refuse(figure_address.table_fault(values, table));
  }

  async function draw_figure(page, options) {
    await check_address(page, runsite.parse_fragment(location.hash));
    const source = page.compare ? await comparison_source(page) : await section_source(page);
    const meant = options.chart ?? fragment.get("chart");
    const is_metric = source.metrics.some(({ name }) => name === meant);
    if (is_metric) return metric_figure(source, options);
    const customs = await custom_charts(page);
    const own = customs.find(({ name, file }) => name === meant || file === meant);
    if (own) return custom_figure(page, own, { ...options, runs: source.runs });
    const is_only = meant === null && !source.metrics.length && !customs.length;
    if ((meant === RELATION || is_only) && page.relations) return relation_figure(page, options);
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
