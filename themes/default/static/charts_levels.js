// Finer levels of a long series: which chunks a window needs, loading them, and cutting a window out of what is there.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const { read_points, read_column, read_times, axis_places, places_of, attempts_of, last_attempt } =
    typeof module === "undefined" ? charts : require("./charts_data.js");

  // A drawn bucket shows four points.
  const POINTS_PER_BUCKET = 4;
  // Chunks kept as numbers: 48 of 8,192 points are 12 MB.
  const KEPT_CHUNKS = 48;
  const STEP_AXIS = { kind: "step" };

  // Which pieces a window meets, by their bounds, with those from which a line comes into it or goes out of it.
  function pieces_in({ least, greatest }, [from, to]) {
    const found = new Set();
    const count = least.length;
    const joins = (piece) => piece + 1 < count
      && Math.min(greatest[piece], greatest[piece + 1]) < from && Math.max(least[piece], least[piece + 1]) > to;
    for (let piece = 0; piece < count; piece += 1) {
      if (joins(piece)) found.add(piece).add(piece + 1);
      if (!(least[piece] <= to && greatest[piece] >= from)) continue;
      if (piece > 0 && least[piece] > from) found.add(piece - 1);
      found.add(piece);
      if (piece + 1 < count && greatest[piece] < to) found.add(piece + 1);
    }
    return [...found].sort((a, b) => a - b);
  }

  // About how many points logged lie in a window.
  function points_in({ least, greatest }, [from, to], { span, count }) {
    let points = 0;
    for (let piece = 0; piece < least.length; piece += 1) {
      const [low, high] = [Math.max(from, least[piece]), Math.min(to, greatest[piece])];
      if (!(low <= high)) continue;
      const size = Math.min(span, count - piece * span);
      const width = greatest[piece] - least[piece];
      points += width > 0 ? size * ((high - low) / width) : size;
    }
    return Math.round(points);
  }

  // The coarsest level that has a bucket for each four points drawn, as its place in the list, finest first; the list's
  // length stands for the overview.
  function choose_level(levels, overview, points, most) {
    const size = (points * POINTS_PER_BUCKET) / most;
    if (overview <= size) return levels.length;
    return Math.max(0, levels.findLastIndex(([own]) => own <= size));
  }

  // The numbers of the chunks of a level that hold some pieces.
  const chunks_of = (pieces, span, chunk_span) => [...new Set(pieces.map((piece) => Math.floor((piece * span) / chunk_span)))];

  // Puts the points of a window together. `parts` are series or chunks in log order, `is_apart` where one does not follow
  // on the one before. The points next to the window stay, so that lines reach its edges.
  function cut(parts, [from, to], best = null) {
    const view = { x: [], steps: [], values: [], kinds: new Map(), attempts: [], attempt_starts: [], breaks: [], inside: 0, best: null };
    let taken = null;
    const take = (part, index) => {
      if (taken?.part === part && taken.index === index) return;
      const { points } = part;
      const [place, x, attempt] = [view.values.length, part.x[index], part.attempts[index]];
      if (taken && part !== taken.part && part.is_apart) view.breaks.push(place);
      if (taken && attempt !== view.attempts.at(-1)) view.attempt_starts.push(place);
      const is_inside = x >= from && x <= to;
      view.x.push(x);
      view.steps.push(points.steps[index]);
      view.values.push(points.values[index]);
      view.attempts.push(attempt);
      if (is_inside) view.inside += 1;
      if (is_inside && points.kinds.has(index)) view.kinds.set(place, points.kinds.get(index));
      if (best && view.best === null && points.steps[index] === best.step && points.values[index] === best.value) view.best = place;
      taken = { part, index };
    };
    let before = null;
    for (const part of parts) {
      if (part.is_apart) before = null;
      const { x } = part;
      for (let index = 0; index < x.length; index += 1) {
        const here = x[index];
        if (Number.isNaN(here)) continue;
        const crosses = before !== null && Math.max(here, before.x) >= from && Math.min(here, before.x) <= to;
        if (crosses) take(before.part, before.index);
        if (crosses || (here >= from && here <= to)) take(part, index);
        before = { part, index, x: here };
      }
    }
    return view;
  }

  const as_part = (points, attempts) => ({ points, x: places_of(points), attempts, is_apart: false });

  // The steps at which a series stands in a window of an axis that is neither step nor time.
  function step_window({ x, steps }, [from, to]) {
    const near = steps.filter((_, index) => [index - 1, index, index + 1].some((at) => x[at] >= from && x[at] <= to));
    return near.length ? [near.reduce((a, b) => Math.min(a, b)), near.reduce((a, b) => Math.max(a, b))] : null;
  }

  // What there is of one series beyond its overview. `series` stands on its axis (on_axis) and knows where its data
  // script lies (`base`); `axis` is the one it stands on.
  class Levels {
    constructor(series, axis = STEP_AXIS) {
      Object.assign(this, { series, axis, index: null, bounds: null, levels: [], chunks: new Map(), asked: new Map(), problem: null });
      this.is_by_time = axis.kind === "relative" || axis.kind === "wall";
      this.overview = [as_part(series, attempts_of(series))];
      this.last_attempt = last_attempt(series);
      this.is_whole = series.values.length === series.count;
    }

    // The finest that is there for a window, as a series; and `wanted`, names of what would be finer.
    look(window, most, best) {
      const coarse = () => this.view(this.overview, window, best, this.is_whole ? 1 : 0);
      if (this.is_whole || !this.series.levels || this.problem) return { view: coarse(), wanted: [] };
      if (!this.index) return { view: coarse(), wanted: ["index"] };
      const range = this.range(window);
      if (!range) return { view: coarse(), wanted: [] };
      const pieces = pieces_in(this.bounds, range);
      const points = points_in(this.bounds, range, this.index);
      const chosen = choose_level(this.levels, this.index.overview, points, most);
      const names = (level) => chunks_of(pieces, this.index.span, level[1]).map((number) => level[2].replace("#", number));
      const wanted = chosen < this.levels.length ? names(this.levels[chosen]).filter((name) => !this.chunks.has(name)) : [];
      for (const level of this.levels.slice(chosen)) {
        const there = names(level);
        if (there.every((name) => this.chunks.has(name))) return { view: this.view(this.parts(there), window, best, level[0], points), wanted };
      }
      return { view: coarse(), wanted };
    }

    // `size`: how many points share a bucket, 0 if not known.
    view(parts, window, best, size, points = null) {
      const view = cut(parts, window, best);
      const { count, unstepped, values } = this.series;
      const is_exact = size === 1;
      const number = is_exact ? view.inside : Math.max(view.inside, points ?? Math.round((count * view.inside) / values.length));
      const is_numbered = unstepped === count;
      return {
        ...view, count: number, is_estimate: !is_exact, is_finest: is_exact, last_attempt: this.last_attempt,
        unstepped: is_numbered ? number : 0,
      };
    }

    // A window of the axis in the unit of the bounds.
    range([from, to]) {
      if (this.axis.kind === "step") return [from, to];
      if (this.axis.kind === "metric") return step_window(this.series, [from, to]);
      if (!this.index.times) return null;
      return this.axis.kind === "wall" ? [from, to] : [from + this.series.started, to + this.series.started];
    }

    parts(names) {
      return names.map((name, place) => {
        const part = this.chunks.get(name);
        this.chunks.delete(name);
        this.chunks.set(name, part);
        const follows = place > 0 && Number(name.split("-")[1]) === Number(names[place - 1].split("-")[1]) + 1;
        return { ...part, is_apart: place > 0 && !follows };
      });
    }

    // Loads the index or a chunk, once.
    load(name) {
      if (!this.asked.has(name)) {
        const loading = name === "index" ? this.load_index() : this.load_chunk(name);
        this.asked.set(name, loading.catch((problem) => { this.problem = problem; }));
      }
      return this.asked.get(name);
    }

    address(name, count) {
      const [index] = this.series.levels;
      return new URL(`${index.replace(/[^/]*$/, name)}.js${count ? `?n=${count}` : ""}`, this.series.base).href;
    }

    async load_index() {
      const [, key] = this.series.levels;
      const index = await load_grown("series_levels", key, this.address("index", this.series.count), this.series.count);
      const pieces = Math.ceil(index.count / index.span);
      const [least, greatest] = this.is_by_time
        ? (index.times ?? []).map((column) => read_times(column, pieces))
        : index.steps.map((column) => read_column(column, pieces));
      this.bounds = { least: least ?? [], greatest: greatest ?? [] };
      this.levels = index.chunk ? [[1, index.span, "1-#"]] : index.levels;
      // The first attempts that the overview tells apart may not be the run's first.
      this.first_attempt = index.attempts - this.last_attempt;
      if (index.chunk) this.keep("1-0", index.chunk);
      this.index = index;
    }

    async load_chunk(name) {
      const [, key] = this.series.levels;
      const span = this.levels.find((level) => name.startsWith(level[2].replace("#", "")))[1];
      const first = Number(name.split("-")[1]) * span;
      const count = Math.min(span, this.index.count - first);
      const payload = await load_grown("series_chunk", `${key}/${name}`, this.address(name, count < span && count), count);
      this.keep(name, payload);
    }

    keep(name, payload) {
      const points = read_points(payload, null, null);
      points.steps = read_column(payload.steps, points.values.length);
      if (this.is_by_time && payload.times) points.times = read_times(payload.times, points.values.length);
      points.started = this.series.started;
      points.x = axis_places(points, this.axis);
      points.first_attempt = payload.attempt - this.first_attempt;
      this.chunks.set(name, as_part(points, attempts_of(points)));
      if (this.chunks.size <= KEPT_CHUNKS) return;
      const oldest = this.chunks.keys().next().value;
      this.chunks.delete(oldest);
      this.asked.delete(oldest);
    }
  }

  // A data script that may have grown since it was loaded.
  async function load_grown(kind, key, url, count) {
    const known = await runsite.load(kind, key, url);
    if (known.count >= count) return known;
    await runsite.load_script(url);
    return runsite.load(kind, key, url);
  }

  const exports = { pieces_in, points_in, choose_level, chunks_of, cut, as_part, step_window, Levels };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
