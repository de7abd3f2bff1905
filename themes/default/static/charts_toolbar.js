// The toolbar of a chart section: search, axes, scales, smoothing, bands, further runs. What is chosen holds for all charts
// of the section and stands in the address.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // Steps of the slider, in per cent of the axis.
  const WIDTHS = [0.2, 0.5, 1, 2, 3, 5, 8, 12, 20, 30];
  const USUAL_WIDTH = 2;
  const METHODS = [
    ["", "none", "Points as they were logged"],
    ["ema", "exponential", "Exponential moving average, weighted by distance on the axis and unbiased at its start: a point one half-life back counts half (as pandas ewm with times)"],
    ["gaussian", "Gaussian", "Gaussian kernel around each point, its standard deviation as wide as chosen (Nadaraya–Watson; as scipy gaussian_filter1d)"],
    ["median", "median", "Running median of what lies within the width around each point (Tukey); drops spikes, keeps edges"],
  ];
  const BANDS = [
    ["", "none", "Single runs"],
    ["min_max", "least to greatest", "Mean of each group, and from its least to its greatest value"],
    ["sd", "standard deviation", "Mean of each group ± the standard deviation of its runs (n − 1)"],
    ["ci", "95 % interval", "Mean of each group and its 95 % confidence interval by Student's t"],
  ];
  const AXES = [["", "as declared"], ["step", "step"], ["relative", "relative time"], ["wall", "wall time"]];

  // What the horizontal axis may count: [[value, text], ...].
  function axes_of(metrics) {
    const has_declared = metrics.some(({ step_metric }) => step_metric);
    const own = metrics.map(({ name, label }) => [charts.METRIC_AXIS + name, label]);
    const fixed = has_declared ? AXES : [["", "step"], ...AXES.slice(2)];
    return own.length > 1 ? [...fixed, ...own] : [...fixed];
  }

  // The place of the slider for a width: the step nearest to it.
  const place_of_width = (width) => WIDTHS.reduce((best, step, place) => (Math.abs(Math.log(step / width)) < Math.abs(Math.log(WIDTHS[best] / width)) ? place : best), 0);

  const element = (name, properties, children = []) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const labelled = (text, control, more = {}) => element("label", more, [element("span", { textContent: text }), control]);
  const option = ([value, text, title]) => element("option", { value, textContent: text, title: title ?? "" });

  function choice(name, options, act) {
    const select = element("select", {}, options.map(option));
    select.setAttribute("aria-label", name);
    select.addEventListener("change", () => act(select.value));
    return select;
  }

  function check(text, act, title) {
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => act(box.checked));
    return [box, element("label", { className: "chart_check", title }, [box, ` ${text}`])];
  }

  class Toolbar {
    constructor(section) {
      this.section = section;
      this.bar = element("div", { className: "chart_bar" });
      this.bar.setAttribute("role", "group");
      this.bar.setAttribute("aria-label", "How charts are drawn");
    }

    start() {
      const { section } = this;
      const change = (patch) => section.change(patch);
      this.search = element("input", { type: "search", className: "chart_search", placeholder: "Find a chart", autocomplete: "off" });
      this.search.setAttribute("aria-label", "Find charts by name");
      this.search.addEventListener("input", () => section.shelf.find(this.search.value));
      this.x = choice("x axis", [], (value) => change({ x: value || null }));
      [this.x_log, this.x_log_label] = check("log x", (x_log) => change({ x_log }), "Logarithmic horizontal axis");
      [this.y_log, this.y_log_label] = check("log y", (y_log) => change({ y_log }), "Logarithmic value axis: zero and less is marked at its lower edge");
      this.method = choice("Smooth", METHODS, (method) => change({ smooth: method ? { method, width: this.width_now() } : null }));
      this.width = element("input", { type: "range", min: 0, max: WIDTHS.length - 1, step: 1, className: "chart_width", title: "How wide smoothing reaches, in per cent of the axis" });
      this.width.setAttribute("aria-label", "Width of smoothing");
      this.width.addEventListener("input", () => change({ smooth: { ...section.state.smooth, width: WIDTHS[this.width.value] } }));
      this.width_text = element("output", {});
      this.band = choice("Bands", BANDS, (band) => change({ band: band || null }));
      [this.others, this.others_label] = check("others in grey", (others) => change({ others }), "Draw further runs of the table behind, up to 100 in all");
      this.usual = element("button", { type: "button", className: "chart_usual", textContent: "Usual charts", title: "Axes, scales, smoothing and bands as the page came" });
      this.usual.addEventListener("click", () => change({ x: null, x_log: false, y_log: false, smooth: null, band: null, others: false }));
      this.band_label = labelled("Bands", this.band);
      this.search_label = this.search;
      this.bar.append(
        this.search_label, labelled("x", this.x, { title: "What the horizontal axis counts" }), this.x_log_label, this.y_log_label,
        element("span", { className: "chart_smoothing" }, [labelled("Smooth", this.method), this.width, this.width_text]), this.band_label, this.others_label, this.usual,
      );
      const { root } = section;
      (root.querySelector("noscript") ?? root.firstElementChild).before(this.bar);
      this.show();
    }

    // Metrics come and are called otherwise while a page is open. What the address asks for is offered at any rate.
    show_axes() {
      const { island, state } = this.section;
      const axes = axes_of(island.metrics);
      const wanted = state.x === "step" && !axes.some(([value]) => value === "step") ? "" : state.x ?? "";
      if (!axes.some(([value]) => value === wanted)) axes.push([wanted, wanted.replace(charts.METRIC_AXIS, "")]);
      const said = JSON.stringify(axes);
      if (said !== this.said_axes) this.x.replaceChildren(...axes.map(option));
      this.said_axes = said;
      this.x.value = wanted;
    }

    width_now() { return this.section.state.smooth?.width ?? USUAL_WIDTH; }

    // From the state to what the controls say.
    show() {
      const { state } = this.section;
      if (!this.x) return;
      this.show_axes();
      this.x_log.checked = state.x_log;
      this.x_log.disabled = state.x === "wall";
      this.y_log.checked = state.y_log;
      this.method.value = state.smooth?.method ?? "";
      this.method.title = METHODS.find(([name]) => name === this.method.value)[2];
      this.width.hidden = this.width_text.hidden = !state.smooth;
      this.width.value = place_of_width(this.width_now());
      this.width_text.textContent = `${this.width_now()} %`;
      this.band.value = state.band ?? "";
      this.band.title = BANDS.find(([name]) => name === this.band.value)[2];
      this.band_label.hidden = !state.band && !this.section.has_groups();
      this.others.checked = state.others;
      this.others_label.hidden = !state.others && !this.section.has_others();
      this.usual.hidden = charts.chart_pairs(state).every(([, text]) => text === null);
      const search = this.section.shelf.search ?? "";
      if (this.search.value.trim() !== search.trim()) this.search.value = search;
      this.search_label.hidden = this.section.cards.size < 5 && !search;
    }
  }

  const exports = { axes_of, place_of_width };
  Object.assign(charts, exports, { Toolbar });
  if (typeof module !== "undefined") module.exports = exports;
})();
