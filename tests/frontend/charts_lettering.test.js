"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { Lettering } = require("../../themes/default/static/charts_lettering.js");

// A pen whose letters are as wide as its font is large.
class Pen {
  constructor() { Object.assign(this, { measured: 0, written: [] }); }

  measureText(text) {
    this.measured += 1;
    return { width: [...text].length * parseFloat(this.font) };
  }

  fillText(text, x, y) { this.written.push([text, x, y, this.font, this.textAlign]); }
}

function made() {
  const letters = new Lettering({ plain: "10px serif", bold: "12px serif" });
  const pen = new Pen();
  letters.use(pen);
  return { letters, pen };
}

test("a text is measured once in each font", () => {
  const { letters, pen } = made();
  const widths = ["plain", "bold", "plain", "bold"].map((font) => letters.width_of("abc", font));
  assert.deepStrictEqual([widths, pen.measured], [[30, 36, 30, 36], 2]);
});

test("what does not fit is cut after as many letters as do, an ellipsis among them", () => {
  const { letters } = made();
  const text = "häus🙂er";
  const shown = [70, 69, 50, 20, 5].map((most) => letters.fitted(text, most));
  assert.deepStrictEqual(shown, [text, "häus🙂…", "häus…", "h…", "…"]);
});

test("a text is written in its font, towards the side it is told", () => {
  const { letters, pen } = made();
  letters.write("abcdef", { x: 3, y: 9, most: 40 });
  letters.write("1.5", { x: 90, y: 9, most: 40, font: "bold", align: "right" });
  assert.deepStrictEqual(pen.written, [["abc…", 3, 9, "10px serif", "left"], ["1.5", 90, 9, "12px serif", "right"]]);
});

test("a canvas made anew is told its font again", () => {
  const { letters, pen } = made();
  letters.width_of("a", "bold");
  pen.font = "10px sans-serif";
  letters.use(pen);
  letters.write("a", { x: 0, y: 0, most: 40, font: "bold" });
  assert.deepStrictEqual(pen.written[0][3], "12px serif");
});
