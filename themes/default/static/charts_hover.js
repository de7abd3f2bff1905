// Reading values off a chart by pointer, touch and keyboard: our own overlay, at the same cost whatever the chart's size.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const PAGE_SHARE = 0.1;
  // So near to a line the pointer means it: it stands out, and a click opens its run.
  const NEAR_PIXELS = 6;
  // As many runs as have a look of their own.
  const MOST_DOTS = 24;
  // A dot on the frame is seen, one beyond it is not.
  const EDGE = 1;
  // What a plot says while its values can be read by arrow keys.
  const SLIDER = ["role", "tabindex", "aria-label", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];

  // A scale both ways; like Vega's, one value alone stands in the middle.
  function make_scale(domain, [start, end], is_log = false) {
    const [out, back] = is_log ? [Math.log, Math.exp] : [(value) => value, (value) => value];
    const [from, to] = domain.map(out);
    const span = to - from;
    // An axis of one value has it in the middle; a logarithmic one of none has no place for any.
    const middle = (value) => (Number.isFinite(out(value) - from) ? (start + end) / 2 : NaN);
    return {
      place: (value) => (span ? start + ((out(value) - from) / span) * (end - start) : middle(value)),
      invert: (pixel) => back(span && end !== start ? from + ((pixel - start) / (end - start)) * span : from),
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

  const band_at = (band, index) => ({ low: band.low[index], high: band.high[index], n: band.n[index] });

  // Where the line of a track is at a place, between its points on the way from one to the other; NaN where it is not.
  function height_at({ steps, values }, x, place) {
    const next = charts.find_place(steps, x);
    if (next === steps.length || (next === 0 && steps[0] !== x)) return NaN;
    if (steps[next] === x || next === 0) return place(values[next] ?? NaN);
    const [from, to] = [place(values[next - 1] ?? NaN), place(values[next] ?? NaN)];
    return from + ((x - steps[next - 1]) / (steps[next] - steps[next - 1])) * (to - from);
  }

  // What is drawn strongest of a reading: the smoothed value where there is one.
  const drawn_value = ({ value, smoothed }) => smoothed ?? value;

  // What each run says at a step: its nearest point, unless the run had not begun or was over. Greatest first, as the
  // lines stand; non-finite values last.
  function readings(tracks, step) {
    const found = tracks.flatMap((track) => {
      const last = track.steps.length - 1;
      if (last < 0 || step < track.steps[0] || step > track.steps[last]) return [];
      const index = nearest(track.steps, step);
      const reading = { run: track.run, step: track.steps[index], value: track.values[index] };
      if (track.smooth) reading.smoothed = track.smooth.values[nearest(track.smooth.steps, reading.step)] ?? null;
      if (track.band) reading.spread = band_at(track.band, nearest(track.band.x, reading.step));
      return [{ ...reading, track }];
    }).filter(({ value }) => value !== null);
    const key = (reading) => (Number.isFinite(drawn_value(reading)) ? drawn_value(reading) : -Infinity);
    return found.sort((a, b) => key(b) - key(a) || 0);
  }

  // Which reading is nearest to a height in pixels; -1 when none is finite.
  function nearest_reading(found, pixel, place) {
    const gaps = found.map((reading) => (Number.isFinite(drawn_value(reading)) ? Math.abs(place(drawn_value(reading)) - pixel) : Infinity));
    const least = Math.min(...gaps);
    return Number.isFinite(least) ? gaps.indexOf(least) : -1;
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

  // What a screen reader hears; the run that is chosen comes first.
  function reading_text(place, found, several, chosen = -1) {
    const ordered = chosen > 0 ? [found[chosen], ...found.filter((_, index) => index !== chosen)] : found;
    const said = ordered.map(({ run, value }) => (several ? `${run.name} ${charts.value_text(value)}` : charts.value_text(value)));
    return `${place}: ${said.join(", ") || "no value"}`;
  }

  // The strokes of a track's line, [[[x, y], ...], ...] in pixels: it ends where a value is not finite or has no place.
  function line_strokes({ steps, values }, x, y) {
    const strokes = [];
    let is_apart = true;
    steps.forEach((step, index) => {
      const height = Number.isFinite(values[index]) ? y(values[index]) : NaN;
      if (!Number.isFinite(height)) {
        is_apart = true;
        return;
      }
      if (is_apart) strokes.push([]);
      strokes.at(-1).push([x(step), height]);
      is_apart = false;
    });
    return strokes;
  }

  const is_within = ({ left, right, top, bottom }, { cx, cy }) => cx >= left - EDGE && cx <= right + EDGE && cy >= top - EDGE && cy <= bottom + EDGE;

  // Reads one chart. `pointed(place)` hears where the reader points, null when nowhere; `open(run, event)` is called for
  // the run that is clicked.
  class Hover {
    constructor(plot, tooltip, { label, unit }, { pointed = () => {}, open = () => {} } = {}) {
      Object.assign(this, { plot, tooltip, label, unit, pointed, open, tracks: [], steps: null, index: null, look: null, near: null, echoed: null });
      this.cursor = new charts.Cursor();
      plot.addEventListener("pointermove", (event) => this.point(event));
      plot.addEventListener("pointerdown", (event) => this.touch(event));
      // A finger is lifted from what it reads; where it scrolls the page instead, it is cancelled.
      plot.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.leave());
      plot.addEventListener("pointercancel", () => this.leave());
      plot.addEventListener("blur", () => this.leave());
      plot.addEventListener("keydown", (event) => this.press(event));
      // A finger reads values: only a mouse or a pen opens what it clicks.
      plot.addEventListener("click", (event) => this.near && event.pointerType !== "touch" && this.open(this.near, event));
    }

    // Takes over what was drawn: tracks of the runs, the scales of the view, and what the horizontal axis counts. What is
    // read stays read, also while points arrive; nothing is worked out for a chart that nobody reads.
    follow({ view, tracks, look, axis, scales, size }) {
      const [left, top] = charts.origin_of(view);
      const scale = (name, origin) =>
        make_scale(view.scale(name).domain(), view.scale(name).range().map((pixel) => pixel + origin), scales[name] === "log");
      this.fills = new Map();
      const names = tracks.map(({ run }) => run.name);
      const counted = this.counts;
      this.shorts = new Map(runsite.told_apart(names).map((short, place) => [names[place], short]));
      Object.assign(this, { tracks, look, steps: null, x: scale("x", left), y: scale("y", top), chosen: 0 });
      this.place = (x) => charts.place_text(axis, x);
      this.counts = charts.axis_title(axis, scales.x === "log", null);
      this.frame = { top, bottom: top + view.height(), left, right: left + view.width() };
      this.cursor.lie_over(this.plot, { size, frame: this.frame, look });
      if (this.counts !== counted) this.forget();
      if (this.highlighted) this.highlight(this.highlighted);
      if (this.is_read) return this.read_again();
      this.clear();
      if (this.echoed !== null) this.echo(this.echoed);
      return this.announce(null, []);
    }

    // Whether the tooltip speaks of this chart.
    get is_read() { return this.tooltip.reader === this; }

    // Reads the same place and run as before the points changed.
    read_again() {
      const { run, near, at, has_keys } = this.was;
      const step = nearest_step(this.tracks, this.sought);
      if (step === null || !this.is_in_frame(step)) {
        this.leave();
        return this.announce(null, []);
      }
      this.near = null;
      if (has_keys) {
        this.steps = all_steps(this.tracks);
        this.index = nearest(this.steps, step);
        return this.read(this.index);
      }
      this.index = null;
      const own = readings(this.tracks, step).find((reading) => reading.run.name === run?.name);
      this.show(step, { ...at, height: own ? this.height_of(own, at.height) : at.height }, () => (near ? 0 : Infinity));
      this.pointed(step);
      return this.announce(null, []);
    }

    is_in_frame(step) {
      const x = this.x.place(step);
      return x >= this.frame.left - EDGE && x <= this.frame.right + EDGE;
    }

    height_of(reading, otherwise) {
      return Number.isFinite(drawn_value(reading)) ? this.y.place(drawn_value(reading)) : otherwise;
    }

    // What a finger has read stays until the next touch elsewhere.
    touch(event) {
      this.point(event);
      if (event.pointerType !== "touch") return;
      this.elsewhere ??= ({ target }) => {
        if (this.plot.contains(target)) return;
        document.removeEventListener("pointerdown", this.elsewhere, { capture: true });
        this.leave();
      };
      document.addEventListener("pointerdown", this.elsewhere, { capture: true });
    }

    point(event) {
      if (!this.tracks.length) return;
      const box = this.plot.getBoundingClientRect();
      const at = this.x.invert(event.clientX - box.left);
      const step = nearest_step(this.tracks, at);
      if (step === null) return;
      const height = event.clientY - box.top;
      const away = ({ track }) => Math.abs(height_at(track.smooth ?? track, at, this.y.place) - height);
      this.sought = step;
      this.show(step, { height, x: event.clientX, y: event.clientY }, away);
      this.pointed(step);
    }

    // Lets the line under the pointer stand out.
    trace(reading, pixels) {
      const near = reading && this.tracks.length > 1 && pixels <= NEAR_PIXELS ? reading.run : null;
      if (near === this.near) return;
      this.near = near;
      this.plot.classList.toggle("is_on_line", Boolean(near?.href));
      this.cursor.lift(near && this.line(reading.track));
    }

    press(event) {
      if (event.key === "Escape") return this.leave();
      if (!this.tracks.length || event.ctrlKey || event.metaKey || event.altKey) return undefined;
      if (this.index !== null && ["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) return this.press_run(event);
      this.steps ??= all_steps(this.tracks);
      const index = next_index(event.key, this.index, this.steps.length);
      if (index === null || !this.steps.length) return undefined;
      event.preventDefault();
      Object.assign(this, { index, sought: this.steps[index] });
      return this.read(index);
    }

    // Up and down choose among the runs at the place that is read, Enter opens the one chosen.
    press_run(event) {
      event.preventDefault();
      const found = readings(this.tracks, this.steps[this.index]);
      if (!found.length) return undefined;
      const at = Math.max(0, found.findIndex(({ run }) => run.name === this.reading?.name));
      if (event.key === "Enter") return this.open(found[at].run, event);
      const next = Math.min(found.length - 1, Math.max(0, at + (event.key === "ArrowUp" ? -1 : 1)));
      this.reading = found[next].run;
      return this.read(this.index);
    }

    read(index) {
      const box = this.plot.getBoundingClientRect();
      const step = this.steps[index];
      const middle = (this.frame.top + this.frame.bottom) / 2;
      const own = readings(this.tracks, step).find(({ run }) => run.name === this.reading?.name);
      const height = own ? this.height_of(own, middle) : middle;
      const { found, chosen } = this.show(step, { height, x: box.left + this.x.place(step), y: box.top + middle }, () => 0);
      this.was.has_keys = true;
      this.reading = found[chosen]?.run ?? null;
      this.pointed(step);
      return this.announce(step, found, chosen);
    }

    // `away` says by how many pixels a reading's line is missed.
    show(step, { height, x, y }, away) {
      const found = readings(this.tracks, step);
      const chosen = nearest_reading(found, height, this.y.place);
      this.trace(found[chosen], found[chosen] ? away(found[chosen]) : Infinity);
      this.mark(step, found, chosen);
      const { shorts, unit, place } = this;
      this.was = { run: found[chosen]?.run, near: this.near, at: { height, x, y }, has_keys: false };
      this.tooltip.reader = this;
      this.tooltip.show({ step, found, chosen, several: this.tracks.length > 1, shorts, unit, place }, { x, y });
      return { found, chosen };
    }

    mark(step, found, chosen) {
      // Of very many runs those in the tooltip have dots: pointing costs the same at any size.
      const [first, end] = found.length > MOST_DOTS ? charts.row_window(found.length, chosen) : [0, found.length];
      const dots = found.slice(first, end).map((reading) => ({
        cx: this.x.place(reading.step), cy: this.y.place(drawn_value(reading)),
        r: reading === found[chosen] ? 4 : 3, fill: this.fill_of(reading.run),
      })).filter((dot) => is_within(this.frame, dot));
      this.cursor.draw({ x: this.x.place(step), dots });
    }

    fill_of(run) {
      if (!this.fills.has(run)) this.fills.set(run, this.look.colour_of(run));
      return this.fills.get(run);
    }

    // Shows the place that is pointed at in another chart; null for none.
    echo(place) {
      this.echoed = place;
      if (!this.tracks.length || place === null || !this.is_in_frame(place)) return this.cursor.clear();
      return this.mark(place, this.tracks.length > MOST_DOTS ? [] : readings(this.tracks, place), -1);
    }

    // A slider is what arrow keys reach in a screen reader, and it says its text as it moves.
    announce(step, found, chosen) {
      const steps = this.steps ?? [];
      // What is said already is not said again.
      const set = (name, value) => this.plot.getAttribute(name) !== String(value) && this.plot.setAttribute(name, value);
      set("role", "slider");
      set("tabindex", 0);
      set("aria-label", `${this.label} by ${this.counts}`);
      set("aria-valuemin", 0);
      set("aria-valuemax", Math.max(0, steps.length - 1));
      set("aria-valuenow", this.index ?? 0);
      const several = this.tracks.length > 1;
      set("aria-valuetext", step === null ? "arrow keys read the values" : reading_text(this.place(step), found, several, chosen));
    }

    // Where nothing is drawn any more, there is no slider.
    be_silent() {
      for (const name of SLIDER) this.plot.removeAttribute(name);
    }

    // Lifts one run's line above the others, which fade.
    highlight(name) {
      this.highlighted = name;
      const track = this.tracks.find(({ run }) => run.name === name);
      this.plot.classList.toggle("is_faded", Boolean(track));
      this.cursor.lift(track ? this.line(track) : null);
      this.cursor.clear();
    }

    line({ run, smooth, ...track }) {
      const strokes = line_strokes(smooth ?? track, this.x.place, this.y.place);
      return { strokes, colour: this.look.colour_of(run), dash: this.look.dash_of(run) };
    }

    // The place that the keyboard reads, if it does.
    get at() { return this.index === null ? null : this.steps[this.index]; }

    // Reads nothing until it follows again: the chart is on its way.
    rest() {
      if (!this.tracks.length) return;
      this.tracks = [];
      this.cursor.lift(null);
      this.leave();
    }

    leave() {
      const { is_read } = this;
      this.clear();
      if (is_read) this.pointed(null);
    }

    forget() {
      this.echoed = null;
      this.leave();
    }

    clear() {
      Object.assign(this, { index: null, reading: null, near: null, was: null });
      this.plot.classList.remove("is_on_line");
      if (!this.plot.classList.contains("is_faded")) this.cursor.lift(null);
      this.cursor.clear();
      // One tooltip serves all charts of a section.
      if (!this.is_read) return;
      this.tooltip.reader = null;
      this.tooltip.hide();
    }
  }

  const exports = {
    make_scale, height_at, nearest, nearest_step, readings, nearest_reading, all_steps, next_index, reading_text, line_strokes, is_within,
  };
  Object.assign(charts, exports, { Hover });
  if (typeof module !== "undefined") module.exports = exports;
})();
