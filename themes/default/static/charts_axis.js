// The scales of a chart: what stands on the horizontal axis, where ticks stand and what they say. Pure functions.
//
// An axis is {kind: "step" | "relative" | "wall"} or {kind: "metric", metric: its name, label}. Steps and metrics on a
// linear scale get Vega's own ticks; times, which have their own round numbers, and logarithmic scales get those made here.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
  const TIME_STEPS = [1, 2, 5, 10, 15, 30, ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE), ...[1, 2, 3, 6, 12].map((count) => count * HOUR)];
  const DAY_STEPS = [1, 2, 7, 14];
  const MONTH_STEPS = [1, 3, 6];
  const MONTH_DAYS = 30.4;
  const MULTIPLES = [1, 2, 5];
  const PIXELS_PER_X_TICK = 72;
  const PIXELS_PER_Y_TICK = 32;
  // On a large screen more ticks say no more.
  const MOST_TICKS = 12;
  const METRIC = "metric:";

  // The axis of a metric's chart: the one chosen, else the one the metric was declared to stand on, else steps.
  function axis_of(metric, chosen, label_of = (name) => name) {
    const wanted = chosen ?? (metric.step_metric ? METRIC + metric.step_metric : "step");
    if (!wanted.startsWith(METRIC)) return { kind: wanted };
    const name = wanted.slice(METRIC.length);
    return name === metric.name ? { kind: "step" } : { kind: "metric", metric: name, label: label_of(name) };
  }

  // What an axis calls a metric: its label with the unit; its name where nothing is said of it.
  function metric_title(metrics, name) {
    const metric = metrics.find((each) => each.name === name);
    return metric ? metric.label + (metric.unit ? ` (${metric.unit})` : "") : name;
  }

  // The least round number that is not below `rough`, as what it is made of: [1, 2, 5 or 10, power of ten].
  function round_parts(rough) {
    const power = Math.floor(Math.log10(rough));
    return [[...MULTIPLES, 10].find((multiple) => multiple * 10 ** power >= rough * (1 - 1e-9)) ?? 10, power];
  }

  // The round step of which a span has at most so many.
  function round_step(span, most) {
    const [multiple, power] = round_parts(span / most);
    return multiple * 10 ** power;
  }

  // How many times a step lies between two ends, from the first to the last; never -0.
  function times_between([from, to], step) {
    const [first, last] = [Math.ceil(from / step - 1e-9) || 0, Math.floor(to / step + 1e-9)];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place);
  }

  // Multiples of a round step.
  function linear_ticks([from, to], most) {
    // No finer than numbers of that size are.
    const finest = Math.max(Math.abs(from), Math.abs(to)) * Number.EPSILON;
    const [multiple, power] = round_parts(Math.max((to - from) / most, finest));
    // The least numbers that there are have no steps between them.
    if (10 ** power === 0) return [];
    // Read from its digits, 0.3 is not 0.30000000000000004.
    const ticks = times_between([from, to], multiple * 10 ** power).map((times) => Number(`${times * multiple}e${power}`)).filter(Number.isFinite);
    // Of the few numbers that an axis may have at all hardly one is round.
    return ticks.length < 2 && to > from && to - from < most * finest ? [from, to] : ticks;
  }

  // The step of a time axis in seconds: round for a reader of clocks.
  function time_step(span, most) {
    const least = span / most;
    if (least <= 1) return round_step(span, most);
    const known = [...TIME_STEPS, ...DAY_STEPS.map((days) => days * DAY)].find((step) => step >= least);
    return known ?? Math.ceil(round_step(span / DAY, most)) * DAY;
  }

  // Multiples of a time axis's step.
  function clock_ticks([from, to], most) {
    const step = time_step(to - from, most);
    return step > 1 ? times_between([from, to], step).map((times) => times * step) : linear_ticks([from, to], most);
  }

  // The first moments of months, a number of them apart, as unix seconds.
  function month_ticks([from, to], months) {
    const first = new Date(from * 1000);
    const ticks = [];
    for (let month = first.getUTCFullYear() * 12; ; month += months) {
      const at = Date.UTC(Math.floor(month / 12), month % 12) / 1000;
      if (at > to) return ticks;
      if (at >= from) ticks.push(at);
    }
  }

  function wall_ticks(domain, most) {
    const days = (domain[1] - domain[0]) / most / DAY;
    if (days <= DAY_STEPS.at(-1)) return clock_ticks(domain, most);
    const months = MONTH_STEPS.find((count) => count * MONTH_DAYS >= days) ?? 12 * Math.max(1, round_step(days / MONTH_DAYS / 12, 1));
    return month_ticks(domain, months);
  }

  const pad = (number) => String(number).padStart(2, "0");
  const decimals_of = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

  // How durations are written on an axis up to `greatest` seconds whose ticks stand `step` apart: [unit, function to text].
  function duration_format(greatest, step) {
    if (greatest < MINUTE) return ["s", (seconds) => seconds.toFixed(decimals_of(step))];
    const sign = (seconds) => (seconds < 0 ? "−" : "");
    if (greatest < HOUR || step < MINUTE) {
      const text = (seconds) => `${Math.floor(seconds / MINUTE)}:${(step < 1 ? (seconds % MINUTE).toFixed(decimals_of(step)).padStart(3 + decimals_of(step), "0") : pad(Math.round(seconds % MINUTE)))}`;
      if (greatest < HOUR) return ["min:s", (seconds) => sign(seconds) + text(Math.abs(seconds))];
      return ["h:min:s", (seconds) => `${sign(seconds)}${Math.floor(Math.abs(seconds) / HOUR)}:${text(Math.abs(seconds) % HOUR).padStart(5, "0")}`];
    }
    if (step % DAY === 0) return ["days", (seconds) => String(seconds / DAY)];
    return ["h:min", (seconds) => `${sign(seconds)}${Math.floor(Math.abs(seconds) / HOUR)}:${pad(Math.floor((Math.abs(seconds) % HOUR) / MINUTE))}`];
  }

  const utc_text = (seconds) => new Date(seconds * 1000).toISOString();
  const is_midnight = (seconds) => seconds % DAY === 0;

  // What the ticks of a wall-clock axis say, in UTC: the time, at midnight the date.
  function wall_text(seconds, ticks) {
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : DAY;
    const text = utc_text(seconds);
    if (step >= 27 * DAY) return text.slice(0, 7);
    if (is_midnight(seconds)) return text.slice(0, 10);
    if (step < 1) return text.slice(14, 19 + 1 + Math.min(3, decimals_of(step)));
    return step < MINUTE ? text.slice(11, 19) : text.slice(11, 16);
  }

  // Ticks of a logarithmic scale: powers of ten, with 2 and 5 between them where there is room; round numbers within less
  // than a decade.
  function log_ticks([from, to], most) {
    const [low, high] = [Math.log10(from), Math.log10(to)];
    const decades = high - low;
    const powers = [];
    for (let power = Math.ceil(low - 1e-9); power <= high + 1e-9; power += 1) powers.push(power);
    if (powers.length < 2) return linear_ticks([from, to], most);
    if (decades * 3 <= most) {
      const all = [powers[0] - 1, ...powers].flatMap((power) => MULTIPLES.map((multiple) => Number(`${multiple}e${power}`)));
      return all.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9) && tick <= Number.MAX_VALUE);
    }
    const every = Math.ceil(powers.length / most);
    return powers.filter((power) => power % every === 0).map((power) => Number(`1e${power}`));
  }

  function log_texts(ticks) {
    const plain = runsite.format_apart(ticks);
    return ticks.map((tick, place) => {
      const power = Math.log10(tick);
      return power >= -3 - 1e-9 && power < 6 ? plain[place] : tick.toExponential().replace("e+", "e").replace("e-", "e−");
    });
  }

  // Where neighbours would say the same, the first one stands alone.
  function tick_table(all, texts) {
    const ticks = all.filter((_, place) => texts[place] !== texts[place - 1]);
    return { ticks, labels: Object.fromEntries(all.map((tick, place) => [String(tick), texts[place]])) };
  }
  const OWN = { ticks: null, labels: null };
  const is_range = (domain) => Boolean(domain) && domain.every(Number.isFinite) && domain[0] < domain[1];

  const tick_count = (pixels, each) => Math.min(MOST_TICKS, Math.max(2, Math.floor(pixels / each)));

  // The ticks of the horizontal axis between two places over so many pixels; null where Vega's own do.
  function x_ticks(axis, is_log, domain, pixels) {
    if (!is_range(domain)) return OWN;
    const most = tick_count(pixels, PIXELS_PER_X_TICK);
    if (is_log && domain[0] > 0 && axis.kind !== "wall") {
      const ticks = log_ticks(domain, most);
      return tick_table(ticks, axis.kind === "relative" ? ticks.map(runsite.format_duration) : log_texts(ticks));
    }
    if (axis.kind === "wall") {
      const ticks = wall_ticks(domain, most);
      return tick_table(ticks, ticks.map((seconds) => wall_text(seconds, ticks)));
    }
    if (axis.kind !== "relative") return OWN;
    const ticks = clock_ticks(domain, most);
    return tick_table(ticks, ticks.map(duration_format(Math.max(...domain.map(Math.abs)), time_step(domain[1] - domain[0], most))[1]));
  }

  function y_ticks(is_log, domain, pixels) {
    if (!is_log || !is_range(domain) || domain[0] <= 0) return OWN;
    const ticks = log_ticks(domain, tick_count(pixels, PIXELS_PER_Y_TICK));
    return tick_table(ticks, log_texts(ticks));
  }

  // What the axis is called, with its unit.
  function axis_title(axis, is_log, domain, pixels = 320) {
    const log = is_log && axis.kind !== "wall" ? ", log" : "";
    if (axis.kind === "step") return `step${log}`;
    if (axis.kind === "metric") return axis.label + log;
    if (axis.kind === "relative") {
      const unit = is_range(domain) && !log ? duration_format(Math.max(...domain.map(Math.abs)), time_step(domain[1] - domain[0], tick_count(pixels, PIXELS_PER_X_TICK)))[0] : "";
      return `relative time${unit ? ` (${unit})` : ""}${log}`;
    }
    if (!is_range(domain)) return "time (UTC)";
    const [from, to] = domain.map((seconds) => utc_text(seconds).slice(0, 10));
    return from === to ? `${from} (UTC)` : "time (UTC)";
  }

  // A place on an axis in words, for a reader who points at it.
  function place_text(axis, x) {
    if (axis.kind === "relative") return `${runsite.format_duration(Math.max(0, x))} after the run began`;
    if (axis.kind === "wall") return `${utc_text(x).slice(0, 19).replace("T", " ")} UTC`;
    return axis.kind === "metric" ? `${axis.label} ${runsite.format_number(x)}` : `step ${runsite.format_step(x)}`;
  }

  const exports = {
    axis_of, metric_title, round_step, linear_ticks, time_step, wall_ticks, wall_text, log_ticks, x_ticks, y_ticks, axis_title, place_text, duration_format, METRIC_AXIS: METRIC,
  };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
