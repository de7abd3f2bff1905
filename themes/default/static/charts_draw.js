// From a compiled spec and rows to a drawn chart, and to files a reader takes away.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const HUES = 8;
  const SHADES = 5;
  const FONT = "system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif";
  const EXPORT_SIZE = { width: 720, height: 400 };
  const PNG_SCALE = 2;
  // Room for half a mark at the edges.
  const CARD_PADDING = { left: 0, top: 4, right: 5, bottom: 0 };
  const is_placeholder = (node) => typeof node === "string" && node.startsWith("$");

  // Puts real things where a spec has placeholders; a list of one placeholder may stand for a whole list.
  function fill(node, values) {
    if (is_placeholder(node) && values.has(node)) return values.get(node);
    if (Array.isArray(node)) {
      const whole = node.length === 1 && is_placeholder(node[0]) ? values.get(node[0]) : undefined;
      return Array.isArray(whole) ? whole : node.map((item) => fill(item, values));
    }
    if (node === null || typeof node !== "object") return node;
    return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, fill(item, values)]));
  }

  // Vega's parser of expressions looks each text up in the plain object `{if: 1}`, and takes one that it finds there, as
  // "if", "constructor" or "__proto__", for a signal: a title that is such a word is put together of two texts.
  const TAKEN_WORDS = { if: 1 };
  const as_expression = (text) => (text in TAKEN_WORDS ? [text.slice(0, 1), text.slice(1)] : [text]).map((part) => JSON.stringify(part)).join(" + ");

  // A title, one text or a list of lines, as Vega can be given it.
  function safe_title(title) {
    if (![title ?? ""].flat().some((line) => line in TAKEN_WORDS)) return title;
    return { signal: Array.isArray(title) ? `[${title.map(as_expression)}]` : as_expression(title) };
  }

  function make_titles_safe(spec) {
    for (const guide of [...(spec.axes ?? []), ...(spec.legends ?? [])]) if (guide.title) guide.title = safe_title(guide.title);
    if (spec.title?.text) spec.title.text = safe_title(spec.title.text);
  }

  // "6 2" -> [6, 2]; "none" -> a solid line.
  const parse_dash = (text) => (/\d/.test(text) ? text.trim().split(/\s+/).map(Number) : [1, 0]);

  // The page's look, from its custom properties; each is asked for once, for it may cost working out styles.
  function read_look(style) {
    const known = new Map();
    const property = (name, otherwise) => {
      if (!known.has(name)) known.set(name, style.getPropertyValue(name).trim() || otherwise);
      return known.get(name);
    };
    const hues = Array.from({ length: HUES }, (_, index) => property(`--series-${index}`, "#57606a"));
    return {
      ink: property("--ink", "#1b1f24"),
      muted: property("--muted", "#57606a"),
      line: property("--line", "#dfe3e8"),
      ground: property("--bg", "#ffffff"),
      shades: Array.from({ length: SHADES }, (_, index) => property(`--shade-${index}`, "#57606a")),
      other: property("--series-other", "#8a929c"),
      colour_of: (run) => (run.colour === null ? property("--series-other", "#8a929c") : hues[run.colour]),
      dash_of: (run) => parse_dash(property(`--dash-${run.dash}`, "none")),
    };
  }

  const LINEAR = { x: "linear", y: "linear" };
  const STEPS = { kind: "step" };

  // The signals of a view that say where ticks stand, for the domains shown and the plot's size.
  function tick_signals({ axis = STEPS, scales = LINEAR, domains }, { width, height }) {
    const x = charts.x_ticks(axis, scales.x === "log", domains?.x, width);
    const y = charts.y_ticks(scales.y === "log", domains?.y, height);
    return { x_ticks: x.ticks, x_labels: x.labels, y_ticks: y.ticks, y_labels: y.labels };
  }

  function placeholders({ metric, runs, rows, look, domains, axis = STEPS, scales = LINEAR }, size) {
    const label = metric.unit ? `${metric.label} (${metric.unit})` : metric.label;
    const ticks = tick_signals({ axis, scales, domains }, size);
    return new Map(Object.entries({
      $title: label,
      $step: charts.axis_title(axis, scales.x === "log", domains?.x, size.width),
      $runs: runs.map((run) => run.name),
      $colours: runs.map(look.colour_of),
      $dashes: runs.map(look.dash_of),
      $ink: look.ink,
      $muted: look.muted,
      $line: look.line,
      $ground: look.ground,
      $other: look.other,
      $font: look.font ?? FONT,
      $step_grain: charts.has_whole_steps(rows) ? 1 : 0,
      $x_domain: domains?.x ?? null,
      $y_domain: domains?.y ?? null,
      ...Object.fromEntries(Object.entries(ticks).map(([name, value]) => [`$${name}`, value])),
    }));
  }

  // What stands for the placeholders; a chart of runs (relations_draw.js) brings its own.
  const values_of = (chart, size) => chart.values ?? placeholders(chart, size);

  // Layers that most charts do without: Vega parses and lays out an empty one too.
  const SPARE = ["others", "bands", "raw", "seams"];
  const LAYER_MARKS = new Map(SPARE.map((name) => [name, [`${name}_pathgroup`, `${name}_marks`]]));

  // The Vega spec of a chart; a card has its title, legend and the axis's name in HTML.
  function vega_spec(template, chart, { width, height }, { bare }) {
    const spec = fill(template, values_of(chart, { width, height }));
    for (const source of spec.data) if (Object.hasOwn(chart.rows, source.name)) source.values = chart.rows[source.name];
    const empty = SPARE.filter((name) => !chart.rows[name]?.length).flatMap((name) => LAYER_MARKS.get(name));
    spec.marks = spec.marks.filter(({ name }) => !empty.includes(name));
    for (const scale of spec.scales ?? []) if (chart.scales?.[scale.name] === "log") Object.assign(scale, { type: "log", nice: false });
    if (bare) {
      spec.padding = CARD_PADDING;
      delete spec.legends;
      delete spec.title;
      if (!chart.values) for (const axis of spec.axes) delete axis.title;
    } else {
      Object.assign(spec, file_frame(chart));
      if (chart.runs.length < 2) delete spec.legends;
    }
    make_titles_safe(spec);
    return Object.assign(spec, { width, height });
  }

  // What a chart taken away has around it: its own ground, and room for any legend beside the plot's size.
  const file_frame = (chart) => ({ background: chart.look.ground, padding: 12, autosize: { type: "pad" } });

  // The Vega-Lite spec of the same chart with its data, ready for the Vega editor.
  function vega_lite_spec(template, chart) {
    const spec = fill(template, values_of(chart, EXPORT_SIZE));
    const empty = SPARE.filter((name) => !chart.rows[name]?.length);
    if (spec.layer) spec.layer = spec.layer.filter(({ name }) => !empty.includes(name));
    for (const { encoding } of [spec, ...(spec.layer ?? [])]) {
      for (const channel of ["x", "y"]) if (encoding?.[channel]?.scale && chart.scales?.[channel] === "log") encoding[channel].scale.type = "log";
    }
    return { ...spec, ...EXPORT_SIZE, ...file_frame(chart), datasets: chart.rows };
  }

  // Lets the page go on: what follows is a task of its own. A browser's timers wait for 4 ms where several follow on each
  // other, its scheduler does not.
  const pause = () => globalThis.scheduler?.postTask?.(() => {}) ?? new Promise((resolve) => { setTimeout(resolve); });

  // Goes on when what has changed is painted; a page that nobody sees paints nothing.
  async function painted() {
    if (!document.hidden) await new Promise((resolve) => { requestAnimationFrame(resolve); });
    return pause();
  }

  // Makes a view from a spec. Vega's interpreter needs no eval, which the page's policy forbids. Parsing and drawing take
  // about the same time; together they may be longer than a page should stand still.
  async function make_view(vega, spec, container, renderer = "svg") {
    if (vega.embed) {
      const quiet = { actions: false, defaultStyle: false, tooltip: false, logLevel: 1 };
      const options = { mode: "vega", renderer, ast: true, ...quiet };
      return (await vega.embed(container ?? document.createElement("div"), spec, options)).view;
    }
    const flow = vega.parse(spec, null, { ast: true });
    await pause();
    const view = view_of(vega, flow, container, renderer);
    await pause();
    return view.runAsync();
  }

  // Vega writes an error of drawing to its log and goes on, with nothing drawn: thrown from there, it ends the drawing for
  // the one who waits for it.
  const LOG = {
    level: () => LOG,
    error(problem) { throw problem instanceof Error ? problem : new Error(problem); },
    ...Object.fromEntries(["warn", "info", "debug"].map((name) => [name, () => LOG])),
  };

  // A view of what Vega made of a spec; nothing is drawn yet.
  function view_of({ View, expressionInterpreter }, flow, container, renderer = "svg") {
    return new View(flow, { renderer: container ? renderer : "none", container, logger: LOG, expr: charts.with_encoders(expressionInterpreter), hover: false });
  }

  // Whether a view has marks of data and none of them has a place and a size: of shapes without a shape, of endless ones.
  function is_blank(view) {
    const marks = (item) => (item.items ?? []).flatMap((each) => (each.marktype && each.role === "mark" && each.marktype !== "group" ? [each] : marks(each)));
    const bounds = marks(view.scenegraph().root).flatMap(({ items }) => items.map((each) => each.bounds));
    return bounds.length > 0 && bounds.every(({ x1, x2, y1, y2 }) => !(Number.isFinite(x2 - x1 + y2 - y1) && x2 >= x1 && y2 >= y1));
  }

  // Where the plot of a card's view begins in its element: Vega's own answer leaves out the padding.
  function origin_of(view) {
    const [left, top] = view.origin();
    const padding = view.padding();
    return [left + padding.left, top + padding.top];
  }

  // Adds rows to a view bit by bit, [name of data, rows] each in a task of its own; false where they are no longer wanted.
  async function add_rows(view, later, is_wanted = () => true) {
    for (const [name, rows] of later) {
      await pause();
      if (!is_wanted()) return false;
      await view.insert(name, rows).runAsync();
    }
    await pause();
    return true;
  }

  // Draws a chart to be taken away: with its title and legend, on the page's ground. A chart of many lines says which
  // `turns` it is drawn in (relations_draw.js).
  async function draw_file(vega, template, chart, write) {
    const { first, later } = chart.turns ?? { first: chart.rows, later: [] };
    const view = await make_view(vega, vega_spec(template, { ...chart, rows: first }, EXPORT_SIZE, { bare: false }), null);
    await add_rows(view, later);
    return finish(view, write);
  }

  // Takes what is wanted from a view, and ends it.
  async function finish(view, write) {
    try {
      return await write(view);
    } finally {
      view.finalize();
    }
  }

  const svg_text = (vega, template, chart) => draw_file(vega, template, chart, (view) => view.toSVG());

  async function canvas_blob(view) {
    const canvas = await view.toCanvas(PNG_SCALE);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  const png_blob = (vega, template, chart) => draw_file(vega, template, chart, canvas_blob);

  // "val/acc" -> "val_acc.svg"
  const file_name = (metric, ending) => `${metric.replace(/[^\p{L}\p{N}.-]+/gu, "_").slice(0, 80)}.${ending}`;

  const exports = { FONT, fill, safe_title, parse_dash, read_look, tick_signals, vega_spec, vega_lite_spec, pause, painted, make_view, view_of, is_blank, origin_of, add_rows, finish, canvas_blob, svg_text, png_blob, file_name };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
