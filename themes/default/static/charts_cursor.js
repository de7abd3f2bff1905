// The rule and the dots of one chart at the place that is pointed at.
//
// They are drawn on a canvas: whoever moves elements about a page has their style worked out, a layout made and the
// pointer looked for anew, which took half of pointing at a chart (benches/charts.py cards).
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const RULE_DASH = [2, 2];
  const RIM = 1.5;
  const TURN = 2 * Math.PI;

  class Cursor {
    constructor() {
      this.canvas = Object.assign(document.createElement("canvas"), { className: "chart_cursor" });
      this.canvas.setAttribute("aria-hidden", "true");
      Object.assign(this, { pen: null, is_clear: true });
    }

    // Stands over a plot of so many pixels, once it is pointed at.
    lie_over(plot, size, look) {
      this.clear();
      this.canvas.remove();
      Object.assign(this, { plot, size, look });
    }

    // A rule at `x` from `top` to `bottom` and dots {cx, cy, r, fill}, in pixels of the plot.
    draw({ x, top, bottom, dots }) {
      this.wipe();
      const { pen, look } = this;
      pen.strokeStyle = look.muted;
      pen.lineWidth = 1;
      pen.setLineDash(RULE_DASH);
      pen.beginPath();
      pen.moveTo(Math.round(x) + 0.5, top);
      pen.lineTo(Math.round(x) + 0.5, bottom);
      pen.stroke();
      pen.setLineDash([]);
      pen.lineWidth = RIM;
      pen.strokeStyle = look.ground;
      for (const dot of dots) this.dot(dot);
      this.is_clear = false;
    }

    dot({ cx, cy, r, fill }) {
      const { pen } = this;
      pen.beginPath();
      pen.arc(cx, cy, r, 0, TURN);
      pen.fillStyle = fill;
      pen.fill();
      pen.stroke();
    }

    // An empty canvas as large as the plot.
    wipe() {
      const { canvas, plot, size } = this;
      const scale = devicePixelRatio;
      const [width, height] = [size.width, size.height].map((pixels) => Math.round(pixels * scale));
      if (this.pen && canvas.width === width && canvas.height === height) {
        this.pen.clearRect(0, 0, size.width, size.height);
      } else {
        Object.assign(canvas, { width, height });
        this.pen = canvas.getContext("2d");
        this.pen.scale(scale, scale);
      }
      if (canvas.parentNode !== plot) plot.append(canvas);
    }

    clear() {
      if (!this.is_clear) this.wipe();
      this.is_clear = true;
    }
  }

  Object.assign(charts, { Cursor });
})();
