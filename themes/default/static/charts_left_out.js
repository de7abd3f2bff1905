// Says above the curves how many of the runs drawn the table's filter leaves out, and offers both ways back: the whole
// table, or other curves.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  // As many as the page draws by itself.
  const MOST_FOUND = 10;

  // "The table's filter leaves out 7 of the 10 runs drawn"; "" where it leaves out none.
  function left_out_text(left_out, drawn) {
    if (!left_out) return "";
    const runs = drawn === 1 ? "the run drawn" : left_out === drawn ? `all ${runsite.format_count(drawn)} runs drawn` : `${runsite.format_count(left_out)} of the ${runsite.format_count(drawn)} runs drawn`;
    return `The table's filter leaves out ${runs}`;
  }

  const found_text = (count) => (count === 1 ? "Draw the run it finds" : count < MOST_FOUND ? `Draw the ${count} it finds` : `Draw the first ${MOST_FOUND} it finds`);

  // The line of a section, made once; what has not changed is not said again, for screen readers listen.
  class LeftOut {
    constructor(root) {
      this.line = Object.assign(document.createElement("p"), { className: "chart_reason chart_left_out", role: "status", hidden: true });
      root.querySelector(":scope > .chart_reason")?.after(this.line);
    }

    // `drawn` is what the table says (TableCurves.chosen).
    show(drawn) {
      const count = drawn?.left_out() ?? 0;
      const text = left_out_text(count, drawn?.runs.length);
      const found = count ? drawn.found(MOST_FOUND) : [];
      if (this.said === text + found) return;
      this.said = text + found;
      this.line.hidden = !text;
      this.line.replaceChildren(...(text ? this.parts(text, drawn, found) : []));
    }

    parts(text, drawn, found) {
      const button = (label, act) => {
        const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
        made.addEventListener("click", act);
        return made;
      };
      const draw = found.length ? [" ", button(found_text(found.length), () => drawn.draw_only(new Set(found)))] : [];
      return [`${text} `, button("Clear the filter", () => drawn.filter("")), ...draw];
    }
  }

  const exports = { left_out_text, found_text, LeftOut };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
