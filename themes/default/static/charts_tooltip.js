// The box beside the pointer that says what the runs drawn have at a place. One serves the charts of a section.
//
// It is filled anew with each move of the pointer. So its rows are kept, and of each only the texts change that say
// something else than before: to make 10 rows anew cost three times as much (benches/charts.py cards).
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const TOOLTIP_ROWS = 12;

  const value_text = (value) => runsite.format_number(value);

  // The window of rows that is shown around the chosen one: [first, end].
  function row_window(count, chosen, most = TOOLTIP_ROWS) {
    if (count <= most) return [0, count];
    const first = Math.min(Math.max(0, chosen - Math.floor(most / 2)), count - most);
    return [first, first + most];
  }

  // The second figure of a row: what smoothing made of the value, how far a group spreads, or where else the point stands.
  function reading_detail({ step, smoothed, spread }, at, place) {
    if (spread) return `${value_text(spread.low)} to ${value_text(spread.high)}, n = ${spread.n}`;
    const smooth = smoothed === null || smoothed === undefined ? [] : [value_text(smoothed)];
    return [...smooth, ...(step === at ? [] : [`at ${place(step)}`])].join(", ");
  }

  // What stands above the rows.
  function caption_text({ step, found, unit, place }) {
    return [place(step), ...(unit ? [unit] : []), ...(found.some(({ smoothed }) => smoothed !== undefined) ? ["logged, smoothed"] : [])].join(" · ");
  }

  // The rows of a tooltip as values: {swatch, name, value, detail, is_nearest} for a run, {more} for what there is no room for.
  function tooltip_rows({ step, found, chosen, several, place }) {
    // "step 12" -> "12": the caption has said what is counted.
    const short = (x) => place(x).replace(/^step /, "");
    const [first, end] = row_window(found.length, chosen);
    const rows = found.slice(first, end).map((reading, index) => ({
      swatch: several ? `swatch series_${reading.run.colour ?? "other"} dash_${reading.run.dash}` : null,
      name: several ? reading.run.name : "",
      value: value_text(reading.value),
      detail: reading_detail(reading, step, short),
      is_nearest: several && first + index === chosen,
    }));
    const more = (count, where) => ({ more: `${count} more ${where}` });
    if (first > 0) rows.unshift(more(first, "above"));
    if (end < found.length) rows.push(more(found.length - end, "below"));
    return rows.length ? rows : [{ more: "no value here" }];
  }

  function made(name, className, ...children) {
    const element = Object.assign(document.createElement(name), { className });
    element.append(...children);
    return element;
  }

  // Sets a property unless it has that value: each change costs a style or a layout.
  const set = (thing, name, value) => { if (thing[name] !== value) thing[name] = value; };

  // A row of a run, made once and changed from then on.
  class RunRow {
    constructor() {
      Object.assign(this, { swatch: made("span", ""), name: new Text(), value: new Text(), detail: new Text() });
      this.head = made("td", "tooltip_name", this.swatch, this.name);
      this.element = made("tr", "", this.head, made("td", "tooltip_value", this.value), made("td", "tooltip_step", this.detail));
    }

    show({ swatch, name, value, detail, is_nearest }) {
      set(this.head, "hidden", swatch === null);
      set(this.swatch, "className", swatch ?? "");
      set(this.name, "data", name);
      set(this.value, "data", value);
      set(this.detail, "data", detail);
      set(this.element, "className", is_nearest ? "is_nearest" : "");
    }
  }

  class MoreRow {
    constructor() {
      this.text = new Text();
      this.element = made("tr", "", Object.assign(made("td", "tooltip_more", this.text), { colSpan: 3 }));
    }

    show({ more }) { set(this.text, "data", more); }
  }

  class Tooltip {
    constructor() {
      this.box = Object.assign(document.createElement("div"), { className: "chart_tooltip", hidden: true });
      this.box.setAttribute("aria-hidden", "true");
      document.body.append(this.box);
      this.rows = [];
    }

    show(reading, at) {
      this.table ??= this.make_table();
      set(this.caption, "data", caption_text(reading));
      const rows = tooltip_rows(reading);
      rows.forEach((row, index) => this.row(index, row.more === undefined ? RunRow : MoreRow).show(row));
      for (const { element } of this.rows.splice(rows.length)) element.remove();
      set(this.box, "hidden", false);
      this.place(at);
    }

    make_table() {
      this.caption = new Text();
      this.body = document.createElement("tbody");
      const table = made("table", "", made("caption", "", this.caption), this.body);
      this.box.append(table);
      return table;
    }

    // The row at a place, of a kind.
    row(index, Kind) {
      const known = this.rows[index];
      if (known instanceof Kind) return known;
      const row = (this.rows[index] = new Kind());
      if (known) known.element.replaceWith(row.element);
      else this.body.append(row.element);
      return row;
    }

    // Beside the pointer, on the other side where there is no room.
    place({ x, y }) {
      const { width, height } = this.box.getBoundingClientRect();
      const [gap, edge] = [14, 8];
      const room = document.documentElement.clientWidth - edge;
      const left = x + gap + width <= room ? x + gap : Math.max(edge, x - gap - width);
      const top = Math.min(Math.max(edge, y - height / 2), document.documentElement.clientHeight - edge - height);
      this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(edge, top))}px)`;
    }

    hide() { set(this.box, "hidden", true); }
  }

  const exports = { value_text, row_window, reading_detail, caption_text, tooltip_rows };
  Object.assign(charts, exports, { Tooltip });
  if (typeof module !== "undefined") module.exports = exports;
})();
