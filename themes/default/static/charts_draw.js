// From a compiled spec and rows to a drawn chart, and to files a reader takes away.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const HUES = 8;
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

  // "6 2" -> [6, 2]; "none" -> a solid line.
  const parse_dash = (text) => (/\d/.test(text) ? text.trim().split(/\s+/).map(Number) : [1, 0]);

  // The page's look, from its custom properties.
  function read_look(style) {
    const property = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
    const hues = Array.from({ length: HUES }, (_, index) => property(`--series-${index}`, "#57606a"));
    return {
      ink: property("--ink", "#1b1f24"),
      muted: property("--muted", "#57606a"),
      line: property("--line", "#dfe3e8"),
      ground: property("--bg", "#ffffff"),
      colour_of: (run) => (run.colour === null ? property("--series-other", "#8a929c") : hues[run.colour]),
      dash_of: (run) => parse_dash(property(`--dash-${run.dash}`, "none")),
    };
  }

  function placeholders({ metric, runs, rows, look, domains }) {
    return new Map(Object.entries({
      $title: metric.unit ? `${metric.label} (${metric.unit})` : metric.label,
      $step: "step",
      $runs: runs.map((run) => run.name),
      $colours: runs.map(look.colour_of),
      $dashes: runs.map(look.dash_of),
      $ink: look.ink,
      $muted: look.muted,
      $line: look.line,
      $ground: look.ground,
      $font: look.font ?? FONT,
      $step_grain: charts.has_whole_steps(rows) ? 1 : 0,
      $x_domain: domains?.x ?? null,
      $y_domain: domains?.y ?? null,
    }));
  }

  // The Vega spec of a chart; a card has its title, legend and the axis's name in HTML.
  function vega_spec(template, chart, { width, height }, { bare }) {
    const spec = fill(template, placeholders(chart));
    for (const source of spec.data) if (Object.hasOwn(chart.rows, source.name)) source.values = chart.rows[source.name];
    if (bare) {
      spec.padding = CARD_PADDING;
      delete spec.legends;
      delete spec.title;
      for (const axis of spec.axes) delete axis.title;
    } else {
      Object.assign(spec, file_frame(chart));
      if (chart.runs.length < 2) delete spec.legends;
    }
    return Object.assign(spec, { width, height });
  }

  // What a chart taken away has around it: its own ground, and room for any legend beside the plot's size.
  const file_frame = (chart) => ({ background: chart.look.ground, padding: 12, autosize: { type: "pad" } });

  // The Vega-Lite spec of the same chart with its data, ready for the Vega editor.
  function vega_lite_spec(template, chart) {
    const spec = fill(template, placeholders(chart));
    return { ...spec, ...EXPORT_SIZE, ...file_frame(chart), datasets: chart.rows };
  }

  // Makes a view from a spec. Vega's interpreter needs no eval, which the page's policy forbids.
  async function make_view(vega, spec, container) {
    if (vega.embed) {
      const quiet = { actions: false, defaultStyle: false, tooltip: false, logLevel: 1 };
      const options = { mode: "vega", renderer: "svg", ast: true, ...quiet };
      return (await vega.embed(container ?? document.createElement("div"), spec, options)).view;
    }
    const { parse, View, expressionInterpreter } = vega;
    const options = { renderer: container ? "svg" : "none", container, expr: expressionInterpreter, hover: false };
    return new View(parse(spec, null, { ast: true }), options).runAsync();
  }

  // Draws a chart to be taken away: with its title and legend, on the page's ground.
  async function draw_file(vega, template, chart, write) {
    return finish(await make_view(vega, vega_spec(template, chart, EXPORT_SIZE, { bare: false }), null), write);
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

  const exports = { fill, parse_dash, read_look, vega_spec, vega_lite_spec, make_view, finish, canvas_blob, svg_text, png_blob, file_name, FONT };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
