// Zooming by mouse, wheel, keyboard and two fingers, and the small buttons of a chart that is zoomed.
//
// Drag             the range dragged over is shown; with shift the chart is moved; Escape gives up
// Wheel            with ctrl or the command key, or while the chart has focus: zooms about the pointer, sideways it moves. A
//                  chart without focus never holds up a page that scrolls over it, nor does one with focus while the page
//                  is on its way, nor where there is nothing left to zoom out of.
// Keys             + and - zoom about the point being read, shift with an arrow moves, 0 and Escape show all
// Two fingers      zoom and move; one finger reads values and scrolls the page
// Double click     shows all
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // A shorter way is a click.
  const LEAST_DRAG = 4;
  const KEY_FACTOR = 0.5;
  const KEY_SHARE = 0.25;
  // A turn of the wheel so soon after one of the page still belongs to the page.
  const SAME_SCROLL = 250;
  let page_scrolled = -Infinity;

  // From pixels within a plot to the window's places: [share, x].
  function place_at(card, window, client_x) {
    const left = card.plot.getBoundingClientRect().left + charts.origin_of(card.view)[0];
    const share = Math.min(1, Math.max(0, (client_x - left) / card.view.width()));
    const { out, back } = charts.warp_of(card);
    const [from, to] = window.map(out);
    return back(from + share * (to - from));
  }

  class Hands {
    constructor(zoom, card) {
      Object.assign(this, { zoom, card, drag: null, fingers: new Map(), pinch: null, is_dragged: false });
      const { plot } = card;
      plot.classList.add("can_zoom");
      plot.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
      plot.addEventListener("pointerdown", (event) => this.down(event));
      plot.addEventListener("pointermove", (event) => this.move(event));
      plot.addEventListener("pointerup", (event) => this.up(event));
      plot.addEventListener("pointercancel", (event) => this.cancel(event));
      plot.addEventListener("dblclick", () => this.zoom.reset(card));
      // The end of a drag is no click.
      plot.addEventListener("click", (event) => this.is_dragged && event.stopImmediatePropagation(), { capture: true });
      // Before the overlay that reads values by arrow keys.
      plot.addEventListener("keydown", (event) => this.press(event), { capture: true });
    }

    window() { return this.zoom.window_of(this.card) ?? this.card.extent; }

    is_ready() { return Boolean(this.card.view && this.card.extent && this.card.extent[0] < this.card.extent[1]); }

    wheel(event) {
      const has_key = event.ctrlKey || event.metaKey;
      const is_zoomed = this.zoom.window_of(this.card) !== null;
      const is_ours = this.is_ready()
        && (has_key || (document.activeElement === this.card.plot && event.timeStamp - page_scrolled > SAME_SCROLL));
      const is_sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      const factor = charts.wheel_factor(event);
      if (!is_ours || (!has_key && !is_zoomed && (is_sideways || factor > 1))) {
        page_scrolled = event.timeStamp;
        return;
      }
      event.preventDefault();
      if (is_sideways) return this.zoom.pan(this.card, (event.deltaX || event.deltaY) / this.card.view.width());
      return this.zoom.zoom(this.card, place_at(this.card, this.window(), event.clientX), factor);
    }

    down(event) {
      if (!this.is_ready()) return;
      this.is_dragged = false;
      if (event.pointerType === "touch") return this.finger(event);
      if (event.button !== 0 || event.ctrlKey || event.metaKey) return;
      this.drag = { start: event.clientX, window: this.window(), is_pan: event.shiftKey, box: null };
    }

    move(event) {
      if (!this.is_ready()) return this.cancel(event); // its runs were hidden meanwhile
      if (this.fingers.has(event.pointerId)) return this.finger(event);
      if (!this.drag || (!this.is_dragged && Math.abs(event.clientX - this.drag.start) < LEAST_DRAG)) return;
      if (!this.is_dragged) this.card.plot.setPointerCapture(event.pointerId);
      this.is_dragged = true;
      const { start, window, is_pan } = this.drag;
      if (is_pan) return this.pan_from(window, start, event.clientX);
      this.drag.box ??= this.card.plot.appendChild(Object.assign(document.createElement("div"), { className: "zoom_brush" }));
      const frame = this.card.plot.getBoundingClientRect();
      const [left, width] = [frame.left + charts.origin_of(this.card.view)[0], this.card.view.width()];
      const [from, to] = [start, event.clientX].map((x) => Math.min(left + width, Math.max(left, x)) - frame.left).sort((a, b) => a - b);
      this.drag.box.style.left = `${from}px`;
      this.drag.box.style.width = `${to - from}px`;
    }

    pan_from(window, start, now) {
      const held = charts.change_window(this.card, window, (places) => charts.shift(places, (start - now) / this.card.view.width()));
      if (held) this.zoom.set(this.card, held);
    }

    up(event) {
      this.lift(event);
      if (!this.drag || !this.is_ready()) return this.end_drag();
      const { start, window, is_pan } = this.drag;
      const was_dragged = this.is_dragged;
      this.end_drag();
      if (!was_dragged || is_pan || Math.abs(event.clientX - start) < LEAST_DRAG) return;
      const [from, to] = [start, event.clientX].map((x) => place_at(this.card, window, x)).sort((a, b) => a - b);
      if (from < to) this.zoom.set(this.card, charts.change_window(this.card, [from, to], (places) => places));
    }

    cancel(event) {
      this.lift(event);
      this.end_drag();
    }

    end_drag() {
      this.drag?.box?.remove();
      this.drag = null;
    }

    // Two fingers keep the places they were put on.
    finger(event) {
      this.fingers.set(event.pointerId, event.clientX);
      if (this.fingers.size !== 2) return;
      const [a, b] = [...this.fingers.values()].sort((one, other) => one - other);
      const window = this.window();
      const { out, back } = charts.warp_of(this.card);
      this.pinch ??= [a, b].map((x) => out(place_at(this.card, window, x)));
      if (b - a < 2 * LEAST_DRAG || this.pinch[0] === this.pinch[1]) return;
      const left = this.card.plot.getBoundingClientRect().left + charts.origin_of(this.card.view)[0];
      const per_pixel = (this.pinch[1] - this.pinch[0]) / (b - a);
      const from = this.pinch[0] - (a - left) * per_pixel;
      const to = from + per_pixel * this.card.view.width();
      this.zoom.set(this.card, charts.change_window(this.card, [back(from), back(to)], (places) => places));
    }

    lift(event) {
      this.fingers.delete(event.pointerId);
      this.pinch = null;
    }

    press(event) {
      if (!this.is_ready() || event.ctrlKey || event.metaKey || event.altKey) return;
      const is_zoomed = this.zoom.window_of(this.card) !== null;
      if (event.key === "Escape" && this.drag) this.end_drag();
      else if ((event.key === "Escape" || event.key === "0") && is_zoomed) this.zoom.reset(this.card);
      else if (event.key === "+" || event.key === "=") this.zoom.zoom(this.card, this.focus(), KEY_FACTOR);
      else if ((event.key === "-" || event.key === "_") && is_zoomed) this.zoom.zoom(this.card, this.focus(), 1 / KEY_FACTOR);
      else if (event.shiftKey && event.key === "ArrowLeft") this.zoom.pan(this.card, -KEY_SHARE);
      else if (event.shiftKey && event.key === "ArrowRight") this.zoom.pan(this.card, KEY_SHARE);
      else return;
      this.zoom.said = this.card;
      event.preventDefault();
      event.stopImmediatePropagation();
    }

    // What the keyboard zooms about: the point being read if it is in sight, else the middle.
    focus() {
      const [from, to] = this.window();
      // The overlay forgets its place as the chart moves.
      this.about = this.card.hover.at ?? this.about ?? null;
      const { out, back } = charts.warp_of(this.card);
      return this.about !== null && this.about >= from && this.about <= to ? this.about : back((out(from) + out(to)) / 2);
    }
  }

  // Buttons in a card's head while it is zoomed: [class, text, title, what it does, whether it is pressed].
  const TOOLS = [
    ["zoom_reset", "reset zoom", "Show all (Escape or double click)", (zoom, card) => zoom.reset(card), null],
    ["zoom_all", "all charts", "One zoom for all charts of this section", (zoom, card) => zoom.share(!zoom.is_shared, card), (zoom) => zoom.is_shared],
    ["zoom_y", "keep y", "Keep the value axis as it is without zoom", (zoom) => zoom.keep_y(!zoom.keeps_y), (zoom) => zoom.keeps_y],
  ];

  function tool_button(zoom, card, [name, text, title, act]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: name, textContent: text, title });
    button.addEventListener("click", () => {
      act(zoom, card);
      // The button may go; who used the keyboard stays with the chart.
      if (name === "zoom_reset") card.plot.focus({ preventScroll: true });
    });
    return button;
  }

  function show_zoom_tools(zoom, card) {
    const is_zoomed = card.view !== null && zoom.window_of(card) !== null;
    const state = [is_zoomed, zoom.is_shared, zoom.keeps_y].join();
    if (card.zoom_state === state) return;
    card.zoom_state = state;
    card.figure.classList.toggle("is_zoomed", is_zoomed);
    if (!is_zoomed && !card.zoom_tools) return;
    if (!card.zoom_tools) {
      card.zoom_tools = Object.assign(document.createElement("span"), { className: "zoom_tools" });
      const ways = Object.assign(document.createElement("span"), { className: "zoom_ways" });
      const [reset, ...toggles] = TOOLS.map((tool) => tool_button(zoom, card, tool));
      ways.append(...toggles);
      card.zoom_tools.append(ways, reset);
      card.figure.querySelector(".chart_head").append(card.zoom_tools);
    }
    card.zoom_tools.hidden = !is_zoomed;
    TOOLS.forEach(([name, , , , is_pressed]) => {
      if (is_pressed) card.zoom_tools.querySelector(`.${name}`).setAttribute("aria-pressed", String(is_pressed(zoom)));
    });
  }

  // Tells a screen reader, which stands on the plot, what the keys have done.
  function say_window(card, window) {
    const place = (x) => charts.place_text(card.full.axis, x);
    const text = window ? `zoomed from ${place(window[0])} to ${place(window[1])}` : "all shown";
    card.plot.setAttribute("aria-valuetext", text);
  }

  const add_zoom_hands = (zoom, card) => new Hands(zoom, card);

  Object.assign(charts, { add_zoom_hands, show_zoom_tools, say_window });
})();
