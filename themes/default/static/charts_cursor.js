// What lies over one chart while it is pointed at: a rule, a dot on each line, and the line that stands out.
//
// They are drawn on a canvas: whoever moves elements about a page has their style worked out, a layout made and the
// pointer looked for anew, which took half of pointing at a chart (benches/charts.py cards).
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const RULE_DASH = [2, 2];
  const RIM = 1.5;
  const LINE_WIDTH = 2.25;
  const TURN = 2 * Math.PI;

  // A line's strokes, [[[x, y], ...], ...], as a path that a canvas draws again and again.
  function path_of(strokes) {
    const path = new Path2D();
    for (const [first, ...rest] of strokes) {
      path.moveTo(...first);
      for (const [x, y] of rest) path.lineTo(x, y);
    }
    return path;
  }

  class Cursor {
    constructor() {
      this.canvas = Object.assign(document.createElement("canvas"), { className: "chart_cursor" });
      this.canvas.setAttribute("aria-hidden", "true");
      Object.assign(this, { pen: null, is_clear: true, line: null, mark: null });
    }

    // Stands over a plot of so many pixels, once it is pointed at; lines end at the frame.
    lie_over(plot, { size, frame, look }) {
      Object.assign(this, { line: null, mark: null });
      if (!this.is_clear) this.wipe();
      this.canvas.remove();
      Object.assign(this, { plot, size, frame, look });
    }

    // The line that stands out from now on: {strokes, colour, dash}, or null. It is seen with the next drawing.
    lift(line) {
      this.line = line && { ...line, path: path_of(line.strokes) };
    }

    // A rule at `x` and dots {cx, cy, r, fill}, in pixels of the plot; null for none.
    draw(mark) {
      this.mark = mark;
      if (this.is_clear && !mark && !this.line) return;
      this.wipe();
      if (this.line) this.draw_line(this.line);
      if (mark) this.draw_mark(mark);
      this.is_clear = !mark && !this.line;
    }

    clear() { this.draw(null); }

    draw_line({ path, colour, dash }) {
      const { pen, frame: { left, right, top, bottom } } = this;
      pen.save();
      pen.beginPath();
      pen.rect(left, top, right - left, bottom - top);
      pen.clip();
      Object.assign(pen, { strokeStyle: colour, lineWidth: LINE_WIDTH, lineJoin: "round" });
      pen.setLineDash(dash[1] ? dash : []);
      pen.stroke(path);
      pen.restore();
    }

    draw_mark({ x, dots }) {
      const { pen, look, frame: { top, bottom } } = this;
      Object.assign(pen, { strokeStyle: look.muted, lineWidth: 1 });
      pen.setLineDash(RULE_DASH);
      pen.beginPath();
      pen.moveTo(Math.round(x) + 0.5, top);
      pen.lineTo(Math.round(x) + 0.5, bottom);
      pen.stroke();
      pen.setLineDash([]);
      Object.assign(pen, { strokeStyle: look.ground, lineWidth: RIM });
      for (const dot of dots) this.draw_dot(dot);
    }

    draw_dot({ cx, cy, r, fill }) {
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
  }

  Object.assign(charts, { Cursor });
})();
