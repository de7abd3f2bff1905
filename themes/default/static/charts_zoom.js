// Zoom over the charts of a section: the window shown, what is drawn of it, and the address that keeps it.
//
// A zoom never parses a chart anew. It changes two signals of the view (x_domain, y_domain) and its data, once a frame:
// first from what is there, and with the finer points that come when it moves again or rests. The chart in use goes first,
// then the others in sight, as many as fit into a frame; those out of sight wait until they are seen.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const FRAME_SHARE = 8;
  // After so much rest finer points are shown and the hover overlay follows: a wheel's next notch mostly comes before. A
  // little later the address is written, which costs 3 ms and more.
  const REST = 120;
  const ADDRESS_REST = 500;
  // Finer points are asked for at most so often while the window moves, so that not every level on the way is loaded.
  const ASK_EVERY = 120;
  const LEAST_POINTS = 4;
  const Y_MARGIN = 0.04;
  const PIXELS_PER_DOT = 8;
  // First, least, greatest and last of every three pixels: a third of the cost of every one, and looks the same.
  const POINTS_PER_PIXEL = 4 / 3;
  // While the window moves, of one line and of all together: 1,000 points cost 10 ms a move, and more files are loaded.
  const [MOST_MOVING, MOVING_POINTS, LEAST_MOVING] = [240, 1000, 48];
  const DATA = ["points", "lone", "best", "marks", "raw", "seams"];
  // What a zoom never changes.
  const BACK_DATA = ["others", "bands"];

  // The window after a zoom by `factor` about x, which stays where it is on the screen.
  const zoom_about = ([from, to], x, factor) => [x - (x - from) * factor, x + (to - x) * factor];

  const shift = ([from, to], share) => [from + (to - from) * share, to + (to - from) * share];

  // A window within the extent; null if it holds all of it, which is no zoom.
  function clamp_window([from, to], [least, greatest]) {
    const span = to - from;
    if (!(span > 0) || span >= (greatest - least) * (1 - 1e-9)) return null;
    if (from < least) return [least, least + span];
    return to > greatest ? [greatest - span, greatest] : [from, to];
  }

  // "1000:2000" -> [1000, 2000]; null for anything else.
  function parse_window(text) {
    const parts = (text ?? "").split(":");
    const [from, to] = parts.map(Number);
    return parts.length === 2 && parts.every((part) => part.trim()) && Number.isFinite(from) && from < to && Number.isFinite(to)
      ? [from, to] : null;
  }

  // As many digits as tell apart a thousandth of the window.
  function format_window([from, to]) {
    const digits = Math.min(20, Math.max(0, 3 - Math.floor(Math.log10(to - from))));
    const text = (number) => String(Number(number.toFixed(digits)));
    return text(from) === text(to) ? `${from}:${to}` : `${text(from)}:${text(to)}`;
  }

  // From a turn of the wheel to a factor: a notch (100 pixels) shows a fifth less or a quarter more. A pinch on a trackpad comes
  // as a wheel with ctrl and few pixels.
  function wheel_factor({ deltaY, deltaMode, ctrlKey }) {
    const pixels = deltaY * [1, 16, 400][deltaMode];
    const is_pinch = ctrlKey && Math.abs(pixels) < 50;
    return Math.min(2, Math.max(0.5, 2 ** (pixels * (is_pinch ? 0.01 : 0.003))));
  }

  // A zoom acts on the screen, where a logarithmic axis is even: places on it, and back.
  const same = (x) => x;
  const warp_of = (card) => (card.full.scales.x === "log" ? { out: Math.log10, back: (place) => 10 ** place } : { out: same, back: same });

  // A window of a card's axis after a change of it on the screen, held within the extent; null if it shows all.
  function change_window(card, window, change) {
    const { out, back } = warp_of(card);
    return clamp_window(change(window.map(out), out), card.extent.map(out))?.map(back) ?? null;
  }

  // The part of the value axis that shows what a window holds; null where it holds nothing finite.
  function value_window(rows, [from, to], is_log = false) {
    const { range_of } = charts;
    const is_inside = ({ x }) => x >= from && x <= to;
    const lines = [...rows.points, ...rows.lone, ...(rows.raw ?? []), ...(rows.bands ?? [])];
    const range = (found) => range_of(found, ["value", "low", "high"], Number.isFinite);
    const found = range(lines.filter(is_inside)) ?? range(lines);
    if (!found || is_log) return charts.log_domain(found);
    const [least, greatest] = found;
    const margin = (greatest - least) * Y_MARGIN || Math.abs(least) * Y_MARGIN || 1;
    return [least - margin, greatest + margin];
  }

  // Where there are few points each is a dot as well.
  function with_dots(rows, [from, to], most) {
    const is_inside = ({ x }) => x >= from && x <= to;
    const inside = (name) => rows[name].filter(is_inside);
    const points = rows.raw?.length ? inside("raw") : inside("points");
    return { ...rows, points: rows.points, lone: points.length > most ? inside("lone") : [...inside("lone"), ...points], best: inside("best"), marks: inside("marks") };
  }

  // How many points of each line are drawn: fewer while the window moves, every extreme among them all the same.
  function drawn_points(lines, width, is_moving) {
    const most = Math.min(charts.point_budget(lines), width * POINTS_PER_PIXEL);
    return is_moving ? Math.min(most, MOST_MOVING, Math.max(LEAST_MOVING, MOVING_POINTS / lines)) : most;
  }

  // What a card shows of a window: rows, notes, domains, the lines cut; and what is still wanted: [[levels, name], ...].
  function window_view(card, window, { domain, is_moving }) {
    const most = drawn_points(card.lines.length, card.plot.clientWidth, is_moving);
    const wanted = [];
    const { state, axis, scales } = card.full;
    const lines = card.lines.map((line) => {
      line.levels ??= new charts.Levels(line.series, line.axis);
      line.best ??= best_point(line.series, card.metric.goal);
      const { view, wanted: names } = line.levels.look(window, most, line.best);
      wanted.push(...names.map((name) => [line.levels, name]));
      return { ...line, series: view, smooth: smooth_view(line, window, most) };
    });
    // They are thinned already.
    const found = charts.line_rows(lines, card.metric, state, Infinity);
    const seams = found.seams.filter(({ x }) => x >= window[0] && x <= window[1]);
    const rows = { ...found, seams, bands: card.rows.bands, others: card.full.further.rows };
    const problem = lines.find(({ levels }) => levels.problem)?.levels.problem;
    const is_empty = lines.every(({ series }) => !series.inside);
    const notes = is_empty ? ["No point in this range"] : charts.view_notes(lines, rows, card.full);
    if (!is_empty && has_coarse_smoothing(lines)) notes.push("the smoothed line is that of the whole chart");
    notes.push(...card.full.further.notes);
    if (problem) notes.push(`finer points could not be loaded: ${problem.message}`);
    return {
      lines, wanted, notes, window, rows: with_dots(charts.set_back(rows, lines), window, card.plot.clientWidth / PIXELS_PER_DOT),
      domains: { x: window, y: domain ?? value_window(rows, window, scales.y === "log") ?? card.full_y }, axis, scales,
      is_finest: lines.every(({ series }) => series.is_finest || !series.inside),
      inside: lines.reduce((most_, { series }) => Math.max(most_, series.inside), 0),
    };
  }

  // A long run's smoothed line is worked out from the points of its overview.
  const has_coarse_smoothing = (lines) => lines.some(({ smooth, levels }) => smooth && !levels.is_whole);

  // The smoothed line is that of the whole chart: zooming changes what is seen of it, never what it says.
  function smooth_view(line, window, most) {
    if (!line.smooth) return undefined;
    line.smooth_levels ??= new charts.Levels(line.smooth);
    return line.smooth_levels.look(window, most, null).view;
  }

  function best_point(series, goal) {
    const index = charts.best_index(series.values, goal);
    return index === null ? false : { step: series.steps[index], value: series.values[index] };
  }

  class Zoom {
    constructor(section) {
      Object.assign(this, {
        section, window: null, own: new Map(), is_shared: true, keeps_y: false, active: null, said: false,
        watched: new Set(), dirty: new Set(), seen: new Set(), moved: new Set(), finer: new Set(), asking: new Map(), frame: 0, is_busy: false, asked_at: 0,
      });
      this.watch = new IntersectionObserver((entries) => {
        for (const { isIntersecting, target } of entries) {
          const card = section.cards.get(target);
          if (isIntersecting) this.seen.add(card);
          else this.seen.delete(card);
        }
        this.soon();
      });
    }

    start() {
      this.read_address();
      addEventListener("hashchange", () => {
        this.read_address();
        this.touch_all();
      });
    }

    // A card has a new view, all of it shown, and its scales are known.
    drawn(card) {
      if (!this.watched.has(card)) {
        this.watched.add(card);
        this.watch.observe(card.figure);
        charts.add_zoom_hands(this, card);
      }
      Object.assign(card, { extent: card.full.extent, others_shown: card.rows.others });
      card.full_y = card.view.scale("y").domain();
      card.shown = null;
      charts.show_zoom_tools(this, card);
      if (!this.window_of(card)) return;
      card.is_renewed = card.hover.is_read; // what is read stays in its place
      this.touch(card);
    }

    let_go(card) {
      this.watch.unobserve(card.figure);
      for (const cards of [this.watched, this.dirty, this.seen, this.moved, this.finer, this.asking]) cards.delete(card);
      if (this.active === card) this.active = null;
    }

    // Where all zoom together, a chart that stands on an axis of its own does not.
    shares(card) { return this.is_shared && card.shares_axis; }

    // A card has other points in the view it had.
    renewed(card) {
      Object.assign(card, { extent: card.full.extent, others_shown: card.rows.others, is_renewed: true });
      for (const name of BACK_DATA) if (card.rows[name].length) card.view.data(name, card.rows[name]);
      this.touch(card);
    }

    // No chart is zoomed any more, and none is drawn: they are drawn anew anyhow.
    forget() {
      this.window = null;
      this.own.clear();
      this.write_address();
    }

    window_of(card) {
      const window = (this.shares(card) ? this.window : this.own.get(card.metric.name)) ?? null;
      if (!window || card.full?.scales.x !== "log" || window[0] > 0) return window;
      return window[1] > card.extent[0] ? [card.extent[0], window[1]] : null;
    }

    is_moving(card) { return this.moved.has(card); }

    // Shows a window, [from, to] on the horizontal axis; null shows all.
    set(card, window) {
      const is_shared = this.shares(card);
      if (is_shared) this.window = window;
      else if (window) this.own.set(card.metric.name, window);
      else this.own.delete(card.metric.name);
      this.active = card;
      if (is_shared) this.touch_all();
      else this.touch(card);
    }

    // Zooms about a place; what is in reach is shown, what lies outside of the card's extent is not.
    zoom(card, x, factor) {
      const window = this.window_of(card) ?? card.extent;
      const { shown } = card;
      if (factor < 1 && shown?.is_finest && shown.inside < LEAST_POINTS) return;
      const next = change_window(card, window, (places, out) => zoom_about(places, out(x), factor));
      // Below this the numbers themselves have no digits left.
      if (next && next[1] - next[0] < 1e-12 * Math.max(Math.abs(next[0]), Math.abs(next[1]))) return;
      this.set(card, next);
    }

    pan(card, share) {
      const window = this.window_of(card);
      if (window) this.set(card, change_window(card, window, (places) => shift(places, share)));
    }

    reset(card = null) {
      if (card && !this.shares(card)) return this.set(card, null);
      this.window = null;
      this.own.clear();
      return this.touch_all();
    }

    // Whether a zoom holds for all charts of the section; the card's present window becomes that of all.
    share(is_shared, card = this.active) {
      const window = card ? this.window_of(card) : null;
      Object.assign(this, { is_shared, window: is_shared ? window : null });
      this.own.clear();
      if (!is_shared && window) for (const one of this.section.cards.values()) this.own.set(one.metric.name, window);
      this.touch_all();
    }

    // Whether the value axis stays as it is without zoom.
    keep_y(keeps_y) {
      this.keeps_y = keeps_y;
      this.touch_all();
    }

    touch_all() {
      for (const card of this.section.cards.values()) if (card.view) this.touch(card); else card.retry();
    }

    touch(card) {
      this.dirty.add(card);
      this.moved.add(card);
      this.soon();
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.rest(), REST);
      clearTimeout(this.writing);
      this.writing = setTimeout(() => this.write_address(), ADDRESS_REST);
    }

    soon() {
      if (this.next()) this.frame ||= requestAnimationFrame(() => this.tick());
    }

    next() {
      if (this.dirty.has(this.active)) return this.active;
      return [...this.dirty].find((card) => this.seen.has(card)) ?? null;
    }

    async tick() {
      if (this.is_busy) return;
      this.is_busy = true;
      this.frame = 0;
      const started = performance.now();
      try {
        for (let card = this.next(); card && performance.now() - started < FRAME_SHARE; card = this.next()) {
          this.dirty.delete(card);
          await this.update(card);
        }
      } finally {
        this.is_busy = false;
      }
      this.soon();
    }

    async update(card) {
      const window = this.window_of(card);
      if (!card.view || !card.lines?.length || (!window && !card.shown && !card.is_renewed)) return;
      if (!card.is_renewed) card.hover.rest(); // points that come leave what is read in its place
      card.is_renewed = false;
      this.finer.delete(card);
      card.shown = window
        ? window_view(card, window, { domain: this.keeps_y ? card.full_y : null, is_moving: this.is_moving(card) }) : null;
      const { rows, domains, wanted } = card.shown ?? { ...card.full, wanted: [] };
      this.ask(card, wanted);
      const { view } = card;
      for (const name of DATA) if (rows[name].length || view.data(name).length) view.data(name, rows[name]);
      if (rows.others !== card.others_shown) view.data("others", (card.others_shown = rows.others));
      // Else Vega leaves the labels of the value axis the room that those before had.
      await card.attempt(() => card.set_domains(domains).resize().runAsync());
      charts.show_zoom_tools(this, card);
      if (card.view === view && (!this.is_moving(card) || card.hover.is_read)) this.settle(card);
    }

    // A window at rest can be read; the notes below a chart change the page's layout, so they do not follow each move.
    settle(card) {
      card.say_notes((card.shown ?? card.full).notes);
      card.follow();
    }

    // Asks for finer points of what a card shows now; what it showed on the way is not asked for.
    ask(card, wanted) {
      if (wanted.length) this.asking.set(card, wanted);
      else this.asking.delete(card);
      if (!this.asking.size || this.ask_later) return;
      const wait = Math.max(0, this.asked_at + ASK_EVERY - performance.now());
      this.ask_later = setTimeout(() => this.load(), wait);
    }

    load() {
      Object.assign(this, { ask_later: null, asked_at: performance.now() });
      const asking = [...this.asking];
      this.asking.clear();
      for (const [card, wanted] of asking) {
        Promise.all(wanted.map(([levels, name]) => levels.load(name))).then(() => this.show_finer(card));
      }
    }

    // Each move of the window is drawn once: what came meanwhile is shown with the next, or when it rests.
    show_finer(card) {
      this.finer.add(card);
      if (this.is_moving(card)) return;
      this.dirty.add(card);
      this.soon();
    }

    rest() {
      const moved = [...this.moved];
      this.moved.clear();
      for (const card of moved) {
        if (!card.view || this.dirty.has(card)) continue;
        if (card.shown && (!card.shown.is_finest || this.finer.has(card))) this.dirty.add(card);
        else this.settle(card);
      }
      this.soon();
      if (this.said) charts.say_window(this.said, this.window_of(this.said));
      this.said = null;
      this.section.root.dispatchEvent(new CustomEvent("runsite:zoomed", { bubbles: true }));
    }

    read_address() {
      const { fragment } = runsite;
      this.is_shared = fragment.get("zoom_each") !== "1";
      this.keeps_y = fragment.get("zoom_y") === "kept";
      this.window = this.is_shared ? parse_window(fragment.get("zoom")) : null;
      this.own.clear();
      if (this.is_shared) return;
      for (const { metric } of this.section.cards.values()) {
        const window = parse_window(fragment.get(`zoom:${metric.name}`));
        if (window) this.own.set(metric.name, window);
      }
    }

    write_address() {
      const window_text = (window) => (window ? format_window(window) : null);
      const own = [...this.section.cards.values()].map(({ metric }) => [`zoom:${metric.name}`, window_text(this.own.get(metric.name))]);
      const pairs = [["zoom", window_text(this.window)], ["zoom_each", this.is_shared ? null : "1"], ["zoom_y", this.keeps_y ? "kept" : null], ...own];
      if (pairs.some(([name, text]) => runsite.fragment.get(name) !== text)) runsite.fragment.set_all(pairs);
    }
  }

  const exports = { zoom_about, shift, clamp_window, change_window, warp_of, has_coarse_smoothing, parse_window, format_window, wheel_factor, value_window, drawn_points, with_dots, window_view };
  Object.assign(charts, exports, { Zoom });
  if (typeof module !== "undefined") module.exports = exports;
})();
