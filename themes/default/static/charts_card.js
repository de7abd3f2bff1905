// The card of one metric: asks for the curves of the runs drawn, and draws them.
//
// A card is drawn when it comes near the viewport and again when what it shows changes while it is near; otherwise it waits
// until it is. Cards are drawn one after the other, each in tasks of its own, so that a page goes on scrolling; one that was
// scrolled past before its turn waits until it is near again.
//
// For pages that grow while they are open: `card.renew(key, series, x_series)` gives a run's fresh series (as
// load_line hands them out; the second where a metric stands on the axis) to a card. What it shows is kept: zoom, axis,
// scales, smoothing, focus. Vega parses nothing anew unless a run or a kind of data comes that was not there before.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // The payload's series of one metric: to unpack all of a block for each of its cards would cost more than drawing them.
  function read_one(payload, metric, from) {
    const series = payload.series.filter(([name]) => name === metric);
    return series.length ? charts.read_series({ ...payload, series }, from).get(metric) : null;
  }

  // Asks for the series of one metric of one run; null where the run does not have it.
  async function load_series(run, metric) {
    if (!run.series) return null;
    const payload = await runsite.load("series", run.key, run.series);
    const block = charts.find_block(payload, metric);
    const from = { base: new URL(run.series, document.baseURI).href, started: payload.started ?? null };
    if (!block) return read_one(payload, metric, from);
    const address = new URL(block[0], from.base).href;
    return read_one(await runsite.load("series_block", block[1], address), metric, from);
  }

  async function load_line(run, metric, axis) {
    const wanted = [metric, ...(axis.kind === "metric" ? [axis.metric] : [])];
    const [series, x_series] = await Promise.all(wanted.map((name) => load_series(run, name)));
    return { run: run.name, look: run, series, x_series };
  }

  // Lines that cannot be loaded are left out and noted in `lost`, if there is one.
  async function load_lines(runs, metric, axis, lost = null) {
    const lines = await Promise.all(runs.map((run) => load_line(run, metric, axis).catch((problem) => {
      if (!lost || !problem.is_lost) throw problem;
      lost.set(run.key, problem);
      return { series: null };
    })));
    return lines.filter((line) => line.series?.count);
  }

  const layers_of = (rows) => ["others", "bands", "raw", "seams"].filter((name) => rows[name].length).join();
  const looks_of = ({ runs }) => JSON.stringify(runs.map(({ name, colour, dash }) => [name, colour, dash]));

  const lost_notes = (number) => (number ? [`${runsite.format_count(number)} ${number === 1 ? "run" : "runs"} could not be loaded`] : []);

  // Where notes break into lines, a count stays with what it counts, and no line begins with a dot.
  const [UNBROKEN, DOT] = ["\u00a0×\u00a0", "\u00a0· "];

  class Card {
    constructor(figure, section, metric) {
      Object.assign(this, { figure, section, metric, loaded: null, lines: null, full: null, shown: null, view: null, drawing: null, is_near: false, is_stale: false, most: undefined, room: null });
      this.plot = figure.querySelector(".plot");
      this.notes = figure.querySelector(".chart_notes");
      this.figures = charts.card_figures(figure, (name) => section.short_names.get(name) ?? name);
      this.hover = new charts.Hover(this.plot, section.tooltip, metric, {
        pointed: (place) => section.point(this, place), open: (run, event) => section.open(run, event),
      });
      this.menu = charts.add_menu(this);
    }

    // Draws once; asked again while drawing, it waits for that. What has become stale is drawn anew.
    draw() {
      if (this.drawing && this.is_stale) return this.catch_up();
      this.drawing ??= this.attempt(() => this.make());
      return this.drawing;
    }

    // Whatever goes wrong is said where the chart would be; it is tried again when it comes near again, or changes.
    async attempt(work) {
      try {
        return await work();
      } catch (problem) {
        this.is_stale = true;
        return this.leave(`This chart could not be drawn: ${problem.message}`);
      }
    }

    // The runs drawn, those of groups and those in grey: as far as the state asks for them.
    async make() {
      const { section, metric } = this;
      const { state } = section;
      this.is_stale = false;
      const axis = this.axis();
      const groups = state.band ? section.groups() : [];
      const lost = new Map();
      const load = (runs) => load_lines(runs, metric.name, axis, lost);
      const [vega, specs, lines, others, ...members] = await Promise.all([
        section.vega(), section.specs(), load(section.runs), load(state.others ? section.others() : []), ...groups.map(({ runs }) => load(runs)),
      ]);
      if (lost.size && ![lines, others, ...members].flat().length) throw [...lost.values()][0];
      Object.assign(this, { vega, specs, lost: lost.size, is_stale: lost.size > 0 });
      this.loaded = { lines, others, groups: groups.map(({ name, look }, place) => ({ name, look, lines: members[place] })) };
      return section.in_turn(() => this.take_turn());
    }

    async take_turn() {
      if (!this.is_near) {
        this.is_stale = true;
        return;
      }
      this.work_out();
      await charts.pause();
      await this.present();
    }

    // From what was loaded to what is drawn.
    work_out() {
      const { section, metric, most } = this;
      const { lines, others } = this.loaded;
      const groups = this.loaded.groups.filter((group) => group.lines.length);
      this.full = charts.chart_of(lines, metric, section.state, { groups, others, label_of: section.label_of, most });
      Object.assign(this, { lines: this.full.lines, rows: this.full.rows, shares_axis: section.is_usual_axis(this.full.axis) });
      this.say_notes([...this.full.notes, ...lost_notes(this.lost)]);
      this.say_figures();
    }

    // Those of the runs and groups that were loaded, unless the page came with them.
    say_figures() {
      if (!this.loaded) return this.figures.tell();
      const { section, metric, loaded: { lines } } = this;
      const groups = this.loaded.groups.filter((group) => group.lines.length);
      const own = section.is_usual && this.figures.has_own() ? null : charts.figures_of(lines, section.runs.length, metric);
      return this.figures.show(groups.length ? charts.figures_of_groups(groups, metric) : own);
    }

    present() {
      const has_rows = this.lines.length || this.rows.others.length;
      if (!this.loaded.lines.length && !has_rows) return this.leave("Nothing logged by the runs drawn");
      if (!has_rows) return this.leave_noted();
      const misfit = charts.misfit(this.rows, this.full.scales);
      if (misfit) return this.leave(`The values lie ${misfit} to be drawn`);
      return this.show();
    }

    // What is noted of the runs says why there is no chart: once, in its place.
    leave_noted() {
      this.say_notes([]);
      return this.leave(this.full.notes.join(DOT) || "Nothing to draw");
    }

    // Says why there is no chart, in its place.
    leave(text) {
      this.view?.finalize();
      Object.assign(this, { view: null, shown: null, showing: null });
      this.hover.rest();
      this.hover.be_silent();
      this.figure.querySelector(".axis_name").textContent = "";
      this.note(text);
      charts.show_zoom_tools(this.section.zoom, this);
    }

    // Lets go of all but the picture, which is made anew when the card is near again.
    release() {
      if (!this.view) return;
      this.view.finalize();
      this.hover.rest();
      // Vega's elements hold what they were drawn from.
      const box = this.plot.querySelector(":scope > .vega");
      box?.replaceWith(box.cloneNode(true));
      const nothing = { view: null, shown: null, showing: null, loaded: null, full: null, lines: null, rows: null, others_shown: null };
      Object.assign(this, nothing, { is_stale: true });
    }

    // What is seen; `shown` is the part that a zoom shows.
    chart() {
      return { ...this.full, ...(this.shown ?? {}), look: this.section.look() };
    }

    // Of several drawings on their way the last one stays.
    async show() {
      const showing = (this.showing = {});
      this.shown = null;
      const chart = this.chart();
      // Nothing below asks for a layout: it would be made of the new drawing before that is painted.
      const size = this.room ?? this.measure();
      const box = Object.assign(document.createElement("div"), { className: "vega" });
      box.setAttribute("aria-hidden", "true");
      const view = await this.section.flows.make_view(this.vega, this.specs.vega, chart, { size, container: box });
      if (this.showing !== showing) return view.finalize();
      this.view?.finalize();
      this.view = view;
      Object.assign(this, size, { look: chart.look });
      this.plot.replaceChildren(box);
      this.say_axis(chart.domains);
      const lack = charts.lack_of(this.rows);
      if (lack) this.note(lack, { over: true });
      this.follow();
      return this.section.zoom.drawn(this);
    }

    // Sets what of the axes is seen, ticks included; nothing is drawn yet.
    set_domains(domains) {
      const { view, full } = this;
      const ticks = charts.tick_signals({ ...full, domains }, { width: view.width(), height: view.height() });
      view.signal("x_domain", domains.x).signal("y_domain", domains.y);
      for (const [name, value] of Object.entries(ticks)) if (value !== null || view.signal(name) !== null) view.signal(name, value);
      this.say_axis(domains);
      return view;
    }

    say_axis(domains) {
      const title = charts.axis_title(this.full.axis, this.full.scales.x === "log", domains.x, this.width);
      const name = this.figure.querySelector(".axis_name");
      if (name.textContent !== title) name.textContent = title;
    }

    say_notes(notes) {
      const text = notes.join(DOT).replaceAll(" × ", UNBROKEN);
      if (this.notes.textContent !== text) this.notes.textContent = text;
    }

    follow() {
      const { state, axis, scales } = this.full;
      const tracks = (this.shown ?? this).lines.map((line) => ({
        ...charts.make_track(line.look, charts.held_places(line.series, state)), smooth: line.smooth ? charts.make_track(line.look, charts.held_places(line.smooth, state)) : null, band: line.band ?? null,
      }));
      this.hover.follow({ view: this.view, tracks, look: this.look, axis, scales, size: { width: this.width, height: this.height } });
    }

    // The plot's size. To ask for it costs a layout while another card has just been drawn, so it is kept.
    measure() {
      const room = { width: this.plot.clientWidth, height: this.plot.clientHeight };
      this.room = room.width ? room : null;
      return room;
    }

    async resize() {
      const { width, height } = this.measure();
      if (!this.view || !width || (width === this.width && height === this.height)) return;
      Object.assign(this, { width, height });
      this.view.width(width).height(height);
      await this.attempt(() => this.set_domains((this.shown ?? this.full).domains).runAsync());
      if (this.view) this.follow();
    }

    // Draws what is asked for now; a card that is not near the viewport waits until it is.
    restart() {
      if (!this.drawing) return undefined;
      this.is_stale = true;
      return this.is_near ? this.catch_up() : undefined;
    }

    // What could not be drawn of one window may be of another.
    retry() {
      return this.is_near && this.is_stale ? this.catch_up() : undefined;
    }

    // What could not be loaded may be there by now.
    retry_lost() {
      const coarse = (this.lines ?? []).filter(({ levels }) => levels?.problem);
      for (const { levels } of coarse) levels.forgive();
      if (this.view && coarse.length && !this.is_stale) this.section.zoom.renewed(this);
      return this.retry();
    }

    // What changes again before it is drawn is drawn once.
    catch_up() {
      if (!this.is_stale) return this.draw();
      if (this.is_queued) return this.drawing;
      this.is_queued = true;
      this.drawing = this.drawing.then(() => {
        this.is_queued = false;
        return this.attempt(() => this.make());
      });
      return this.drawing;
    }

    // The same runs and metric with other points a line: a card at full size has room for more.
    change_budget(most) {
      Object.assign(this, { most, room: null });
      if (!this.view) return;
      this.work_out();
      this.attempt(() => this.show());
    }

    // What is said of its metric may change.
    retell(metric) {
      this.metric = metric;
      Object.assign(this.hover, { label: metric.label, unit: metric.unit });
      this.section.shelf.name(this);
      charts.name_menu(this);
    }

    axis() { return charts.axis_of(this.metric, this.section.state.x, this.section.label_of); }

    // All lines that were loaded: of the runs drawn, of those in grey and of groups.
    loaded_lines() {
      const { lines, others, groups } = this.loaded ?? { lines: [], others: [], groups: [] };
      return [...lines, ...others, ...groups.flatMap((group) => group.lines)];
    }

    // All runs that have a line.
    drawn_runs() {
      return [...new Map([...this.section.runs, ...this.loaded_lines().map(({ look }) => look)].map((run) => [run.key, run])).values()];
    }

    // A run's fresh series, or null if it has none any more.
    async renew(key, series, x_series = null) {
      if (!this.loaded) return this.restart();
      const places = this.loaded_lines().filter(({ look }) => look.key === key);
      if (!series || !places.length || !this.view) return this.restart();
      for (const line of places) Object.assign(line, { series, x_series: x_series ?? line.x_series });
      const before = this.full;
      this.work_out();
      const is_other = layers_of(before.rows) !== layers_of(this.rows) || looks_of(before) !== looks_of(this.full);
      if (is_other || charts.misfit(this.rows, this.full.scales)) return this.attempt(() => this.present());
      return this.section.zoom.renewed(this);
    }

    csv() { return charts.chart_csv(this.full); }

    note(text, { over = false } = {}) {
      const note = Object.assign(document.createElement("p"), { className: "plot_note", textContent: text });
      if (over) this.plot.append(note);
      else this.plot.replaceChildren(note);
    }
  }

  Object.assign(charts, { Card, load_line, load_lines });
})();
