// Lines as paper wants them: many of them, and those of a zoom that reach far outside of the plot, are as quick to draw
// as few. A drawing program has a mask to make for each clip and for each opacity of a group. And titles, which paper is
// often narrower than. Pure functions.
"use strict";
(() => {
  const LINES = ["others", "raw", "points"];
  const CLIPPED = ["others", "bands", "raw", "points"];

  // The rows of lines and bands of which a part lies in the window, each line with one point beyond at both sides. A
  // line that comes back is one more part, so that its ends are not joined.
  function rows_in_window(rows, [from, to]) {
    const is_one = (a, b) => a !== undefined && b !== undefined && a.run === b.run && a.part === b.part && a.earlier === b.earlier;
    const touches = (a, b) => is_one(a, b) && Math.max(a.x, b.x) >= from && Math.min(a.x, b.x) <= to;
    const kept = [];
    let [piece, has_kept] = [0, false];
    rows.forEach((row, place) => {
      const [is_joined, goes_on] = [touches(rows[place - 1], row), touches(row, rows[place + 1])];
      const is_inside = row.x >= from && row.x <= to;
      if (!is_one(rows[place - 1], row)) [piece, has_kept] = [0, false];
      if (!(is_joined || goes_on || is_inside)) return;
      if (!is_joined && has_kept) piece += 1;
      has_kept = true;
      kept.push(piece ? { ...row, part: `${row.part}/${piece}` } : row);
    });
    return kept;
  }

  function cut_rows(rows, window) {
    return { ...rows, ...Object.fromEntries(CLIPPED.filter((name) => rows[name]).map((name) => [name, rows_in_window(rows[name], window)])) };
  }

  const data_of = (mark) => mark.from?.facet?.data;

  // Puts all lines and bands of a spec under one clip, in the place of the first of them; a line's opacity is its stroke's.
  function under_one_clip(spec) {
    const is_clipped = (mark) => CLIPPED.includes(data_of(mark));
    const lines = spec.marks.filter(is_clipped);
    for (const line of lines) {
      delete line.clip;
      for (const mark of line.marks) {
        const { opacity, ...update } = mark.encode.update;
        if (opacity && LINES.includes(data_of(line))) mark.encode.update = { ...update, strokeOpacity: opacity };
      }
    }
    const size = { width: { signal: "width" }, height: { signal: "height" } };
    const group = { type: "group", clip: true, encode: { update: size }, marks: lines };
    return { ...spec, marks: spec.marks.flatMap((mark) => (mark === lines[0] ? [group] : is_clipped(mark) ? [] : [mark])) };
  }

  // Where a word that is longer than a line may break: after signs, but in no number.
  const BREAKS = /(?<=[/_:-]|\.(?!\d))(?![/_.:-])/;
  // How wide letters are at most, as shares of the font's size: the first that fits.
  const LETTERS = [[/[\u2e80-\uffff]|[\u{10000}-\u{10ffff}]/u, 1.1], [/[mwMW@%]/, 0.95], [/[ .,:;|!'/()[\]ijltfI-]/, 0.34], [/\p{Lu}/u, 0.75], [/./su, 0.61]];

  const width_of = (text) => [...text].reduce((sum, letter) => sum + LETTERS.find(([set]) => set.test(letter))[1], 0);

  // A text in as many chunks as it takes for each to fit.
  function chunks_of(text, room) {
    const chunks = [""];
    for (const letter of text) {
      if (chunks.at(-1) && width_of(chunks.at(-1) + letter) > room) chunks.push("");
      chunks[chunks.length - 1] += letter;
    }
    return chunks;
  }

  const pieces_of = (word, room) => (width_of(word.trimEnd()) <= room ? [word] : word.split(BREAKS).flatMap((part) => chunks_of(part, room)));

  // Breaks a title into lines as wide as `room`, in sizes of its font: between words, and long words too. The last of
  // `most` lines holds the rest.
  function title_lines(text, room, most) {
    const lines = [];
    for (const piece of text.split(/(?<= )/).flatMap((word) => pieces_of(word, room))) {
      const longer = (lines.at(-1) ?? "") + piece;
      if (!lines.length || (width_of(longer.trimEnd()) > room && lines.length < most)) lines.push(piece);
      else lines[lines.length - 1] = longer;
    }
    return lines.map((line) => line.trimEnd());
  }

  const exports = { title_lines, width_of, rows_in_window, cut_rows, under_one_clip };
  globalThis.paper_lines = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
