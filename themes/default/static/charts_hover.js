// Reading values off a chart by pointer, touch and keyboard: our own overlay, at 2 ms a move whatever the chart's size.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const SVG = "http://www.w3.org/2000/svg";
  const TOOLTIP_ROWS = 12;
  const PAGE_SHARE = 0.1;

  // A linear scale both ways; like Vega's, one value alone stands in the middle.
  function make_scale([from, to], [start, end]) {
    const span = to - from;
    return {
      place: (value) => (span ? start + ((value - from) / span) * (end - start) : (start + end) / 2),
      invert: (pixel) => (span && end !== start ? from + ((pixel - start) / (end - start)) * span : from),
    };
  }

  // The index of the number nearest to x in a sorted list; the lower one of two equally near; -1 in an empty list.
  function nearest(sorted, x) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < x) low = middle + 1;
      else high = middle;
    }
    if (low === sorted.length) return low - 1;
    return low > 0 && x - sorted[low - 1] <= sorted[low] - x ? low - 1 : low;
  }

  // The logged step nearest to x over all tracks.
  function nearest_step(tracks, x) {
    const steps = tracks.filter((track) => track.steps.length).map((track) => track.steps[nearest(track.steps, x)]);
    return steps.length ? steps.reduce((best, step) => (Math.abs(step - x) < Math.abs(best - x) ? step : best)) : null;
  }

  // What each run says at a step: its nearest point, unless the run had not begun or was over. Greatest first, as the
  // lines stand; non-finite values last.
  function readings(tracks, step) {
    const found = tracks.flatMap((track) => {
      const last = track.steps.length - 1;
      if (last < 0 || step < track.steps[0] || step > track.steps[last]) return [];
      const index = nearest(track.steps, step);
      return [{ run: track.run, step: track.steps[index], value: track.values[index] }];
    }).filter(({ value }) => value !== null);
    const key = ({ value }) => (Number.isFinite(value) ? value : -Infinity);
    return found.sort((a, b) => key(b) - key(a) || 0);
  }

  // Which reading is nearest to a height in pixels; -1 when none is finite.
  function nearest_reading(found, pixel, place) {
    const gaps = found.map(({ value }) => (Number.isFinite(value) ? Math.abs(place(value) - pixel) : Infinity));
    const least = Math.min(...gaps);
    return Number.isFinite(least) ? gaps.indexOf(least) : -1;
  }

  // The window of rows that is shown around the chosen one: [first, end].
  function row_window(count, chosen, most = TOOLTIP_ROWS) {
    if (count <= most) return [0, count];
    const first = Math.min(Math.max(0, chosen - Math.floor(most / 2)), count - most);
    return [first, first + most];
  }

  // All steps of all tracks, sorted, each once.
  function all_steps(tracks) {
    return [...new Set(tracks.flatMap((track) => track.steps))].sort((a, b) => a - b);
  }

  // Where the keyboard goes next among the steps; null for a key that means nothing here.
  function next_index(key, index, count) {
    const page = Math.max(1, Math.round(count * PAGE_SHARE));
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageDown: -page, PageUp: page, Home: -Infinity, End: Infinity };
    if (!(key in moves)) return null;
    if (index === null) return key === "ArrowLeft" || key === "End" ? count - 1 : 0;
    return Math.min(count - 1, Math.max(0, index + moves[key]));
  }

  const value_text = (value) => runsite.format_number(value);

  function reading_text(step, found, several) {
    const said = found.map(({ run, value }) => (several ? `${run.name} ${value_text(value)}` : value_text(value)));
    return `step ${runsite.format_step(step)}: ${said.join(", ") || "no value"}`;
  }

  const cell = (name, text) => Object.assign(document.createElement("td"), { className: name, textContent: text });

  function tooltip_row(reading, step, is_nearest, several) {
    const row = document.createElement("tr");
    if (is_nearest && several) row.className = "is_nearest";
    if (several) {
      const name = cell("tooltip_name", "");
      const swatch = document.createElement("span");
      swatch.className = `swatch series_${reading.run.colour ?? "other"} dash_${reading.run.dash}`;
      name.append(swatch, reading.run.name);
      row.append(name);
    }
    row.append(cell("tooltip_value", value_text(reading.value)));
    row.append(cell("tooltip_step", reading.step === step ? "" : `at ${runsite.format_step(reading.step)}`));
    return row;
  }

  function more_row(count, where) {
    const row = document.createElement("tr");
    const all = cell("tooltip_more", `${count} more ${where}`);
    all.colSpan = 3;
    row.append(all);
    return row;
  }

  // One tooltip serves the page.
  class Tooltip {
    constructor() {
      this.box = Object.assign(document.createElement("div"), { className: "chart_tooltip", hidden: true });
      this.box.setAttribute("aria-hidden", "true");
      document.body.append(this.box);
    }

    show({ step, found, chosen, several, unit }, at) {
      const table = document.createElement("table");
      table.createCaption().textContent = `step ${runsite.format_step(step)}${unit ? ` · ${unit}` : ""}`;
      const [first, end] = row_window(found.length, chosen);
      const rows = found.slice(first, end).map((reading, index) =>
        tooltip_row(reading, step, first + index === chosen, several));
      if (first > 0) rows.unshift(more_row(first, "above"));
      if (end < found.length) rows.push(more_row(found.length - end, "below"));
      table.createTBody().append(...(rows.length ? rows : [more_row("no", "at this step")]));
      this.box.replaceChildren(table);
      this.box.hidden = false;
      this.place(at);
    }

    // Beside the pointer, on the other side where there is no room.
    place({ x, y }) {
      const { width, height } = this.box.getBoundingClientRect();
      const [gap, edge] = [14, 8];
      const room = document.documentElement.clientWidth - edge;
      const left = x + gap + width <= room ? x + gap : Math.max(edge, x - gap - width);
      const top = Math.min(Math.max(edge, y - height / 2), document.documentElement.clientHeight - edge - height);
      this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(edge, top))}px)`;
    }

    hide() {
      this.box.hidden = true;
    }
  }

  const shape = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    return made;
  };

  // The overlay of one chart: crosshair, dots, a highlighted line.
  class Hover {
    constructor(plot, tooltip, { label, unit }) {
      Object.assign(this, { plot, tooltip, unit, tracks: [], steps: null, index: null, look: null });
      this.overlay = shape("svg", { class: "chart_overlay", "aria-hidden": "true" });
      this.lines = shape("g", {});
      this.marks = shape("g", {});
      this.overlay.append(this.lines, this.marks);
      this.label = `${label} by step`;
      plot.addEventListener("pointermove", (event) => this.point(event));
      plot.addEventListener("pointerdown", (event) => this.point(event));
      plot.addEventListener("pointerleave", () => this.clear());
      plot.addEventListener("blur", () => this.clear());
      plot.addEventListener("keydown", (event) => this.press(event));
    }

    // Takes over what was drawn: tracks of the runs and the scales of the view.
    follow({ view, tracks, look }) {
      const [left, top] = view.origin();
      const scale = (name, origin) =>
        make_scale(view.scale(name).domain(), view.scale(name).range().map((pixel) => pixel + origin));
      Object.assign(this, { tracks, look, steps: null, x: scale("x", left), y: scale("y", top) });
      this.frame = { top, bottom: top + view.height(), left, right: left + view.width() };
      this.clear();
      this.plot.append(this.overlay);
      this.announce(null, []);
    }

    point(event) {
      if (!this.tracks.length) return;
      const box = this.plot.getBoundingClientRect();
      const step = nearest_step(this.tracks, this.x.invert(event.clientX - box.left));
      if (step === null) return;
      this.show(step, { height: event.clientY - box.top, x: event.clientX, y: event.clientY });
    }

    press(event) {
      if (event.key === "Escape") return this.clear();
      if (!this.tracks.length || event.ctrlKey || event.metaKey || event.altKey) return undefined;
      this.steps ??= all_steps(this.tracks);
      const index = next_index(event.key, this.index, this.steps.length);
      if (index === null || !this.steps.length) return undefined;
      event.preventDefault();
      this.index = index;
      const box = this.plot.getBoundingClientRect();
      const middle = (this.frame.top + this.frame.bottom) / 2;
      const at = { height: middle, x: box.left + this.x.place(this.steps[index]), y: box.top + middle };
      return this.announce(this.steps[index], this.show(this.steps[index], at));
    }

    show(step, { height, x, y }) {
      const found = readings(this.tracks, step);
      const chosen = nearest_reading(found, height, this.y.place);
      this.mark(step, found, chosen);
      this.tooltip.show({ step, found, chosen, several: this.tracks.length > 1, unit: this.unit }, { x, y });
      return found;
    }

    mark(step, found, chosen) {
      const { top, bottom } = this.frame;
      const x = this.x.place(step);
      const dots = found.filter(({ value }) => Number.isFinite(value)).map((reading) => shape("circle", {
        cx: this.x.place(reading.step), cy: this.y.place(reading.value),
        r: reading === found[chosen] ? 4 : 3, fill: this.look.colour_of(reading.run),
      }));
      this.marks.replaceChildren(shape("line", { x1: x, x2: x, y1: top, y2: bottom }), ...dots);
    }

    // A slider is what arrow keys reach in a screen reader, and it says its text as it moves.
    announce(step, found) {
      const steps = this.steps ?? [];
      const set = (name, value) => this.plot.setAttribute(name, value);
      set("role", "slider");
      set("tabindex", 0);
      set("aria-label", this.label);
      set("aria-valuemin", 0);
      set("aria-valuemax", Math.max(0, steps.length - 1));
      set("aria-valuenow", this.index ?? 0);
      const several = this.tracks.length > 1;
      set("aria-valuetext", step === null ? "arrow keys read the values" : reading_text(step, found, several));
    }

    // Lifts one run's line above the others, which fade.
    highlight(name) {
      const track = this.tracks.find(({ run }) => run.name === name);
      this.plot.classList.toggle("is_faded", Boolean(track));
      this.lines.replaceChildren(...(track ? [this.line(track)] : []));
    }

    line(track) {
      const [x, y] = [this.x, this.y].map(({ place }) => (number) => place(number).toFixed(1));
      const at = (index) => `${x(track.steps[index])} ${y(track.values[index])}`;
      const has = (index) => Number.isFinite(track.values[index]);
      const d = track.steps.map((_, index) => (has(index) ? (has(index - 1) ? "L" : "M") + at(index) : "")).join("");
      const dash = this.look.dash_of(track.run).join(" ");
      return shape("path", { d, stroke: this.look.colour_of(track.run), "stroke-dasharray": dash });
    }

    // The place that the keyboard reads, if it does.
    get at() { return this.index === null ? null : this.steps[this.index]; }

    // Reads nothing until it follows again: the chart is on its way.
    rest() {
      if (!this.tracks.length) return;
      this.tracks = [];
      this.clear();
    }

    clear() {
      this.index = null;
      this.marks.replaceChildren();
      this.tooltip.hide();
    }
  }

  const exports = {
    make_scale, nearest, nearest_step, readings, nearest_reading, row_window, all_steps, next_index, reading_text,
  };
  Object.assign(charts, exports, { Tooltip, Hover });
  if (typeof module !== "undefined") module.exports = exports;
})();
