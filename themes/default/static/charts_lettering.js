// Text on a canvas: how wide it is, as much of it as fits, and writing it.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  // Widths kept: more texts than an hour of pointing asks for in one go.
  const MOST_KNOWN = 5000;

  // `fonts` are named: {plain: "12px sans-serif", bold: ...}.
  class Lettering {
    constructor(fonts) {
      Object.assign(this, { fonts, pen: null, font: null, widths: new Map(), fits: new Map() });
    }

    // Writes on this canvas from now on, which has just been made or resized.
    use(pen) {
      Object.assign(this, { pen, font: null });
    }

    choose(font) {
      if (this.font !== font) this.pen.font = this.fonts[font];
      this.font = font;
    }

    width_of(text, font = "plain") {
      return keep(this.widths, `${font} ${text}`, () => {
        this.choose(font);
        return Math.ceil(this.pen.measureText(text).width);
      });
    }

    // The whole text, or as many of its letters as fit with an ellipsis.
    fitted(text, most, font = "plain") {
      if (this.width_of(text, font) <= most) return text;
      return keep(this.fits, `${font} ${most} ${text}`, () => {
        const letters = [...text];
        const begin = (count) => `${letters.slice(0, count).join("")}…`;
        let [fits, too_many] = [0, letters.length];
        while (too_many - fits > 1) {
          const middle = (fits + too_many) >> 1;
          if (this.width_of(begin(middle), font) <= most) fits = middle;
          else too_many = middle;
        }
        return begin(fits);
      });
    }

    // Writes a text as far as it fits; `x` is where it begins, or ends if it is written to the left.
    write(text, { x, y, most, font = "plain", align = "left" }) {
      const shown = this.fitted(text, most, font);
      this.choose(font);
      this.pen.textAlign = align;
      this.pen.fillText(shown, x, y);
    }
  }

  function keep(known, key, find) {
    if (!known.has(key)) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, find());
    }
    return known.get(key);
  }

  const exports = { Lettering };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
