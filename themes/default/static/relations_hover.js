// Reading a chart of runs by pointer: what lies nearest, what is said of it, and where a click leads. The first half is pure.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { cell_words, counted } = (runsite.relations ??= {});
  const NEAR = 16;

  // The spots of a chart: {x, y} or a line of `points` or a `box`, in pixels; and `bar` or `row`, what they stand for.
  function spots_of(relation, { x, y, top, bottom }) {
    const { kind, rows } = relation;
    if (kind === "histogram") return rows.bars.map((bar) => ({ bar, box: [x(bar.from), top, x(bar.to), bottom] }));
    if (kind === "importance") return rows.bars.map((bar) => ({ bar, x: x(bar.estimate), y: y(bar.place), box: [-Infinity, y(bar.place - 0.5), Infinity, y(bar.place + 0.5)] }));
    if (kind === "parallel") return lines_of(rows.lines, x, y);
    const points = kind === "scatter" ? [...rows.bare, ...rows.points] : [...rows.records, ...rows.runs];
    return points.map((point) => ({ row: point.row, point, x: x(point.x), y: y(point.y) }));
  }

  function lines_of(points, x, y) {
    const lines = new Map();
    for (const { row, axis, place } of points) {
      if (!lines.has(row)) lines.set(row, { row, points: [] });
      lines.get(row).points.push([x(axis), y(place)]);
    }
    return [...lines.values()];
  }

  // The spot nearest to a place, if any is near; of equally near ones the first.
  function nearest_spot(spots, x, y, near = NEAR) {
    let [best, least] = [null, near];
    for (const spot of spots) {
      const distance = spot.box ? distance_to_box(spot.box, x, y) : spot.points ? distance_to_line(spot.points, x, y) : Math.hypot(spot.x - x, spot.y - y);
      if (distance < least) [best, least] = [spot, distance];
    }
    return best;
  }

  const distance_to_box = ([left, top, right, bottom], x, y) => Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));

  function distance_to_line(points, x, y) {
    let least = Infinity;
    for (let place = 1; place < points.length; place += 1) {
      const [[ax, ay], [bx, by]] = [points[place - 1], points[place]];
      if (x < ax - NEAR || x > bx + NEAR) continue;
      const length = (bx - ax) ** 2 + (by - ay) ** 2;
      const share = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
      least = Math.min(least, Math.hypot(ax + share * (bx - ax) - x, ay + share * (by - ay) - y));
    }
    return least;
  }

  // What is said of a spot: {title, facts: [[name, value], …]}.
  function spot_words(table, relation, { row, bar }) {
    if (relation.kind === "importance") return param_words(bar);
    if (relation.kind === "histogram") return bar_words(relation.axis, bar);
    const { x, y, colour, axes } = relation.columns;
    const shown = relation.kind === "parallel" ? axes : relation.kind === "scatter" ? [x, y, colour] : [relation.columns.goal];
    const columns = [...new Set(shown.filter(Boolean).map(({ column }) => column))];
    const times = relation.kind === "best_so_far" ? ["started", "ended"].map((id) => table.column_of.get(id)).filter(Boolean) : [];
    const facts = [...columns, ...times].map((column) => [runsite.relations.column_title(column), cell_words(column, column.values[row])]);
    return { title: String(table.column_of.get("name").values[row] ?? table.keys[row]), facts };
  }

  function param_words({ param, estimate, low, high, chance, n, p, what }) {
    const number = (value) => runsite.format_number(value, 3);
    return {
      title: param,
      facts: [
        [what === "text" ? "η of ranks" : "Spearman’s ρ", number(estimate)],
        ...(low === null ? [] : [["95 % interval", `${number(low)} to ${number(high)}`]]),
        ...(chance === null ? [] : [["by chance", number(chance)]]),
        ["p", number(p)],
        ["runs", runsite.format_count(n)],
      ],
    };
  }

  function bar_words({ column, title }, { from, to, count, label }) {
    const range = label ?? `${cell_words(column, from)} to ${cell_words(column, to)}`;
    return { title: counted(count, "run"), facts: [[title, range]] };
  }

  // Watches the plot of a chart; `open(spot, event)` is what a click does.
  class SpotHover {
    constructor(plot, tooltip, open) {
      Object.assign(this, { plot, tooltip, spots: [], spot: null });
      this.ring = Object.assign(document.createElement("span"), { className: "relation_ring", hidden: true });
      plot.addEventListener("pointermove", (event) => this.point(event));
      plot.addEventListener("pointerleave", () => this.clear());
      plot.addEventListener("click", (event) => { if (this.spot && !event.defaultPrevented) open(this.spot, event); });
    }

    follow({ table, relation, view }) {
      const [left, top] = runsite.charts.origin_of(view);
      const scale = (name, origin) => {
        const of = view.scale(name);
        return (value) => of(value) + origin;
      };
      Object.assign(this, { table, relation, spots: spots_of(relation, { x: scale("x", left), y: scale("y", top), top, bottom: top + view.height() }) });
      this.plot.append(this.ring);
      this.clear();
    }

    point(event) {
      const box = this.plot.getBoundingClientRect();
      this.spot = event.buttons ? null : nearest_spot(this.spots, event.clientX - box.left, event.clientY - box.top);
      this.plot.classList.toggle("has_spot", Boolean(this.spot) && (this.spot.row !== undefined || this.relation.kind === "histogram"));
      if (!this.spot) return this.hide();
      const { title, facts } = spot_words(this.table, this.relation, this.spot);
      const rows = facts.map(([name, value]) => ({ name, value }));
      this.tooltip.say({ caption: title, rows }, { x: event.clientX, y: event.clientY });
      this.ring.hidden = this.spot.x === undefined;
      if (!this.ring.hidden) Object.assign(this.ring.style, { left: `${this.spot.x}px`, top: `${this.spot.y}px` });
      return undefined;
    }

    hide() {
      this.ring.hidden = true;
      this.tooltip.hide();
    }

    clear() {
      this.spot = null;
      this.plot.classList.remove("has_spot");
      this.hide();
    }
  }

  const exports = { spots_of, nearest_spot, spot_words };
  Object.assign(runsite.relations, exports, { SpotHover });
  if (typeof module !== "undefined") module.exports = exports;
})();
