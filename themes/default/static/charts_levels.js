// Finer levels of a long series: which chunks a window needs, loading them, and cutting a window out of what is there.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const {
    read_numbers, read_kinds, read_column, read_times, axis_places, places_of, attempts_of, last_attempt, find_place, thin,
    thin_size,
  } = typeof module === "undefined" ? charts : require("./charts_data.js");

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

  function is_rising(x) {
    for (let index = 1; index < x.length; index += 1) if (!(x[index - 1] <= x[index])) return false;
    return true;
  }

  // A series or a chunk as a part of a view; `is_apart` where it does not follow on the part before. The columns of a
  // chunk are typed arrays: reading one costs 1 ms.
  function as_part(points) {
    const x = places_of(points);
    const attempts = points.attempt_starts.length ? attempts_of(points) : null;
    return { points, x, attempts, attempt: points.first_attempt ?? 1, is_rising: is_rising(x), is_apart: false };
  }

  const attempt_at = (part, index) => (part.attempts ? part.attempts[index] : part.attempt);

  // Which points of a part may meet a window, [start, end).
  const reach = ({ x, is_rising: rises }, [from, to]) =>
    (rises ? [Math.max(0, find_place(x, from) - 1), Math.min(x.length, find_place(x, to) + 2)] : [0, x.length]);

  // The points of a window as columns: the part's place, the index in it, the value. Those next to the window are among
  // them, so that lines reach its edges. `breaks` are where lines end for want of what follows, `seams` where attempts do.
  function gather(parts, [from, to]) {
    const found = { parts: [], indices: [], values: [], breaks: [], seams: [], inside: 0 };
    let [before_part, before, before_x, taken_part, taken] = [-1, -1, NaN, -1, -1];
    const take = (place, index) => {
      const count = found.values.length;
      if (count && attempt_at(parts[place], index) !== attempt_at(parts[taken_part], taken)) found.seams.push(count);
      found.parts.push(place);
      found.indices.push(index);
      found.values.push(parts[place].points.values[index]);
      taken_part = place;
      taken = index;
    };
    for (let place = 0; place < parts.length; place += 1) {
      const { x, is_apart } = parts[place];
      const [start, end] = reach(parts[place], [from, to]);
      if (is_apart || start > 0) before_part = -1;
      if (is_apart && found.values.length) found.breaks.push(found.values.length);
      for (let index = start; index < end; index += 1) {
        const here = x[index];
        if (Number.isNaN(here)) continue;
        const is_inside = here >= from && here <= to;
        const crosses = before_part >= 0 && Math.max(here, before_x) >= from && Math.min(here, before_x) <= to;
        if (crosses && (taken_part !== before_part || taken !== before)) take(before_part, before);
        if (crosses || is_inside) take(place, index);
        if (is_inside) found.inside += 1;
        before_part = place;
        before = index;
        before_x = here;
      }
      if (end < x.length) before_part = -1;
    }
    return found;
  }

  // The marks of what is not finite within a window, by place: one of each kind a drawn bucket, which counts for all.
  function marks_of(found, parts, [from, to], size) {
    const [marks, firsts] = [new Map(), new Map()];
    found.values.forEach((value, place) => {
      if (Number.isFinite(value)) return;
      const [part, index] = [parts[found.parts[place]], found.indices[place]];
      const mark = part.points.kinds.get(index);
      if (!mark || !(part.x[index] >= from && part.x[index] <= to)) return;
      const bucket = `${Math.floor(place / size)} ${mark.kind}`;
      if (firsts.has(bucket)) firsts.get(bucket).count += mark.count;
      else {
        firsts.set(bucket, { ...mark });
        marks.set(place, firsts.get(bucket));
      }
    });
    return marks;
  }

  // Cuts a window out of parts in log order and thins it to about `most` points, every extreme kept: a series of its own.
  function cut(parts, window, most, best = null) {
    const found = gather(parts, window);
    const part_at = (place) => parts[found.parts[place]];
    const step_at = (place) => part_at(place).points.steps[found.indices[place]];
    const best_place = best ? found.values.findIndex((value, place) => value === best.value && step_at(place) === best.step) : -1;
    const marks = marks_of(found, parts, window, thin_size(found.values.length, most));
    const always = [...marks.keys(), ...found.seams.flatMap((seam) => [seam - 1, seam]), ...(best_place < 0 ? [] : [best_place])];
    const kept = thin(found.values, most, always);
    const place_in = (place) => find_place(kept, place);
    return {
      x: kept.map((place) => part_at(place).x[found.indices[place]]),
      steps: kept.map(step_at),
      values: kept.map((place) => (Number.isFinite(found.values[place]) ? found.values[place] : null)),
      kinds: new Map([...marks].map(([place, mark]) => [place_in(place), mark])),
      attempts: kept.map((place) => attempt_at(part_at(place), found.indices[place])),
      attempt_starts: found.seams.map(place_in),
      breaks: found.breaks.map(place_in),
      best: best_place < 0 ? null : place_in(best_place),
      inside: found.inside,
    };
  }

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
      this.overview = [as_part(series)];
      this.last_attempt = last_attempt(series);
      this.is_whole = series.values.length === series.count;
    }

    // The finest that is there for a window, as a series; and `wanted`, names of what would be finer.
    look(window, most, best) {
      const cutting = { window, most, best };
      const coarse = () => this.view(this.overview, cutting, this.is_whole ? 1 : 0);
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
        if (there.every((name) => this.chunks.has(name))) return { view: this.view(this.parts(there), cutting, level[0], points), wanted };
      }
      return { view: coarse(), wanted };
    }

    // `size`: how many points share a bucket, 0 if not known.
    view(parts, { window, most, best }, size, points = null) {
      const view = cut(parts, window, most, best);
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
        this.asked.set(name, loading.catch((problem) => {
          this.problem = problem;
          this.asked.delete(name);
        }));
      }
      return this.asked.get(name);
    }

    // Lets what could not be loaded be asked for again.
    forgive() {
      this.problem = null;
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
      const values = read_numbers(payload.values, payload.kind);
      const points = {
        values,
        steps: read_column(payload.steps, values.length),
        times: this.is_by_time && payload.times ? read_times(payload.times, values.length) : null,
        kinds: read_kinds(payload),
        started: this.series.started,
        first_attempt: payload.attempt - this.first_attempt,
        attempt_starts: payload.attempt_starts ?? [],
      };
      points.x = axis_places(points, this.axis);
      this.chunks.set(name, as_part(points));
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
