// The hands on the axes of parallel coordinates: a drag chooses a range, which becomes a condition of the table's filter;
// each end of a range is a slider for the keyboard. relations_brush.js turns ranges into conditions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { cell_words, round_bound } = (runsite.relations ??= {});
  const SVG = "http://www.w3.org/2000/svg";
  const HIT_WIDTH = 36;
  const BRUSH_WIDTH = 14;
  const HANDLE_HEIGHT = 6;
  // A press that moves less is a click.
  const LEAST_DRAG = 4;
  // Below that share the ticks of runs without a value begin.
  const BELOW = -0.06;
  const MISSING_END = -0.16;
  const STEP = 0.05;

  const shape = (name, attributes, children = []) => {
    const made = document.createElementNS(SVG, name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    made.append(...children);
    return made;
  };

  // Where the range of a brush lies on its axis, from 0 to 1; of texts, half a place beyond the outer ones.
  function brush_shares(axis, brush) {
    if (brush.missing) return [-0.15, -0.09];
    if (brush.non_finite) return [-0.23, -0.17];
    if (axis.type === "text") {
      const places = [...brush.categories];
      return places.length ? [Math.min(...places) - 0.5, Math.max(...places) + 0.5].map(axis.share) : null;
    }
    return [brush.low === undefined ? 0 : axis.share(brush.low), brush.high === undefined ? 1 : axis.share(brush.high)].map((share) => Math.max(0, Math.min(1, share)));
  }

  // The brush of a range on an axis; null for none, or for all of it.
  function brush_between(axis, from, to) {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    if (axis.type === "text") {
      const chosen = axis.categories.map((_, place) => place).filter((place) => axis.share(place) >= low && axis.share(place) <= high);
      return chosen.length && chosen.length < axis.categories.length ? { categories: new Set(chosen) } : null;
    }
    const [least, most] = [low, high].map((share) => round_bound(axis, axis.value_at(share)));
    const brush = { ...(least > axis.least ? { low: least } : {}), ...(most < axis.greatest ? { high: most } : {}) };
    return Object.keys(brush).length ? brush : null;
  }

  // Where an end of a range goes by a key; null for a key that means nothing here.
  function moved_end(axis, share, key) {
    const step = axis.type === "text" ? 1 / axis.categories.length : STEP;
    const moves = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, PageUp: 4 * step, PageDown: -4 * step, Home: -1, End: 1 };
    return key in moves ? Math.max(0, Math.min(1, share + moves[key])) : null;
  }

  const end_words = (axis, share) => (axis.type === "text"
    ? axis.labels[Math.max(0, Math.min(axis.labels.length - 1, Math.round(axis.value_at(share))))]
    : cell_words(axis.column, round_bound(axis, axis.value_at(share))));

  class Ranges {
    // `choose(axis, brush)` is told of each range chosen, null where one is taken away.
    constructor(plot, choose) {
      Object.assign(this, { plot, choose });
      this.overlay = shape("svg", { class: "relation_ranges" });
    }

    follow({ relation, view }) {
      const [left, top] = runsite.charts.origin_of(view);
      const [x, y] = [view.scale("x"), view.scale("y")];
      this.place = (share) => top + y(share);
      this.bottom = top + view.height();
      this.share = (pixel) => y.invert(pixel - top);
      const focused = this.overlay.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
      this.overlay.replaceChildren(...relation.coordinates.map((axis, number) => this.axis(axis, relation.brushes.get(axis.id) ?? null, left + x(number))));
      this.plot.append(this.overlay);
      if (focused) [...this.overlay.querySelectorAll("[role=slider]")].find(({ dataset }) => dataset.axis === focused.axis && dataset.end === focused.end)?.focus();
    }

    rest() { this.overlay.remove(); }

    axis(axis, brush, x) {
      const shares = brush && brush_shares(axis, brush);
      const [top, bottom] = [this.place(1) - HANDLE_HEIGHT, this.bottom];
      const hit = shape("rect", { class: "range_hit", x: x - HIT_WIDTH / 2, y: top, width: HIT_WIDTH, height: bottom - top });
      const range = shape("rect", { class: "range", x: x - BRUSH_WIDTH / 2, width: BRUSH_WIDTH, y: 0, height: 0 });
      const is_below = Boolean(brush && (brush.missing || brush.non_finite));
      const group = shape("g", { class: `range_axis${shares ? " is_chosen" : ""}` }, [hit, range]);
      group.dataset.axis = axis.id;
      if (shares) this.show(range, shares);
      // What the keys move; it is ahead of what is drawn while a key is held.
      const ends = { low: 0, high: 1, ...(is_below || !shares ? {} : { low: shares[0], high: shares[1] }) };
      for (const end of ["low", "high"]) group.append(this.handle(axis, { end, ends, x }));
      // `touch-action` does not reach into an SVG whose root hears nothing.
      hit.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      // A click on an axis is no click on the run whose line is near.
      hit.addEventListener("click", (event) => event.stopPropagation());
      hit.addEventListener("pointerdown", (event) => this.drag(event, { axis, brush, range, shares: is_below ? null : shares }));
      return group;
    }

    show(range, [low, high]) {
      range.setAttribute("y", this.place(high));
      range.setAttribute("height", Math.max(0, this.place(low) - this.place(high)));
    }

    handle(axis, { end, ends, x }) {
      const handle = shape("rect", {
        class: "range_end", x: x - BRUSH_WIDTH / 2, width: BRUSH_WIDTH, height: HANDLE_HEIGHT, rx: 2, role: "slider", tabindex: 0, "aria-orientation": "vertical",
        "aria-label": `${axis.title}, ${end === "low" ? "lower" : "upper"} end of the range`, "aria-valuemin": 0, "aria-valuemax": 100,
      });
      Object.assign(handle.dataset, { axis: axis.id, end });
      const stand = () => {
        handle.setAttribute("y", this.place(ends[end]) - (end === "high" ? HANDLE_HEIGHT : 0));
        handle.setAttribute("aria-valuenow", Math.round(100 * ends[end]));
        handle.setAttribute("aria-valuetext", end_words(axis, ends[end]));
      };
      stand();
      handle.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const lets_go = ["Escape", "Delete", "Backspace"].includes(event.key);
        const moved = lets_go ? null : moved_end(axis, ends[end], event.key);
        if (!lets_go && moved === null) return;
        event.preventDefault();
        if (!lets_go) ends[end] = end === "low" ? Math.min(moved, ends.high) : Math.max(moved, ends.low);
        stand();
        this.choose(axis, lets_go ? null : brush_between(axis, ends.low, ends.high));
      });
      return handle;
    }

    // A drag from the middle of a range moves it, from an end moves that end, from elsewhere chooses anew.
    drag(event, { axis, brush, range, shares }) {
      if (event.button !== 0) return;
      event.preventDefault();
      const hit = event.currentTarget;
      hit.setPointerCapture(event.pointerId);
      const top = this.plot.getBoundingClientRect().top;
      const at = ({ clientY }) => this.share(clientY - top);
      const [start, first] = [at(event), event.clientY];
      const near = Math.abs(this.share(0) - this.share(HANDLE_HEIGHT));
      let ends = null;
      const clamp = (share) => Math.max(0, Math.min(1, share));
      const move = (moved) => {
        const now = at(moved);
        if (Math.abs(moved.clientY - first) < LEAST_DRAG && !ends) return;
        if (shares && Math.abs(start - shares[0]) < near) ends = [clamp(now), shares[1]];
        else if (shares && Math.abs(start - shares[1]) < near) ends = [shares[0], clamp(now)];
        else if (shares && start > shares[0] && start < shares[1]) {
          const by = Math.max(-shares[0], Math.min(1 - shares[1], now - start));
          ends = shares.map((share) => share + by);
        } else ends = [clamp(start), clamp(now)];
        this.show(range, [Math.min(...ends), Math.max(...ends)]);
      };
      const done = (ended) => {
        hit.removeEventListener("pointermove", move);
        if (ended.type === "pointerup") this.finish({ axis, brush, start, ends });
      };
      hit.addEventListener("pointermove", move);
      hit.addEventListener("pointerup", done, { once: true });
      hit.addEventListener("pointercancel", done, { once: true });
    }

    // A click below the axis chooses the runs that stand there, or lets go of them; one on the axis takes its range away.
    finish({ axis, brush, start, ends }) {
      if (ends) this.choose(axis, brush_between(axis, ...ends));
      else if (start < BELOW && start > MISSING_END && axis.missing && !brush?.missing) this.choose(axis, { missing: true });
      else if (start <= MISSING_END && axis.non_finite && !brush?.non_finite) this.choose(axis, { non_finite: true });
      else if (brush) this.choose(axis, null);
    }
  }

  const exports = { brush_shares, brush_between, moved_end };
  Object.assign(runsite.relations, exports, { Ranges });
  if (typeof module !== "undefined") module.exports = exports;
})();
