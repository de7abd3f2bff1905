// The box beside the pointer that says what is drawn at a place. One serves the charts of a section.
//
// It says something else with each move of the pointer. So its words are written on a canvas: as elements they cost a
// style, a layout and another search for what lies under the pointer with each move (benches/charts.py cards). A screen
// reader hears the plot instead (charts_hover.js). `said` is what the box says now, {caption, rows}, or null; `box.tooltip.said` to
// whoever finds the box.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});
  const TOOLTIP_ROWS = 12;
  // In pixels: the box at its widest, a name, and the share of a narrow screen that a name may have.
  const [MOST_WIDTH, MOST_NAME, NAME_SHARE] = [520, 240, 0.45];
  const [PAD_X, PAD_Y, CAPTION_GAP] = [8, 6, 2];
  const [SWATCH, SWATCH_ROOM, VALUE_GAP, DETAIL_GAP] = [14, 20, 12, 6];
  // As the swatches of a legend (charts.css).
  const SWATCH_DASHES = [[], [4, 1], [2, 1]];
  // A canvas grows by so much, that it need not grow with each text.
  const GRAIN = 32;
  const NONE = { name: 0, value: 0, detail: 0, width: 0 };

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

  // The rows of a tooltip as values: {swatch, name, short, value, detail, is_nearest} for a run, {more} for what there is no
  // room for. `short` stands where there is no room for the name: what tells it from the others, as a map from name.
  function tooltip_rows({ step, found, chosen, several, shorts = null, place }) {
    // "step 12" -> "12": the caption has said what is counted.
    const bare = (x) => place(x).replace(/^step /, "");
    const [first, end] = row_window(found.length, chosen);
    const rows = found.slice(first, end).map((reading, index) => ({
      swatch: several ? { colour: reading.run.colour, dash: reading.run.dash } : null,
      name: several ? reading.run.name : "",
      short: shorts?.get(reading.run.name) ?? reading.run.name,
      value: value_text(reading.value),
      detail: reading_detail(reading, step, bare),
      is_nearest: several && first + index === chosen,
    }));
    const more = (count, where) => ({ more: `${count} more ${where}` });
    if (first > 0) rows.unshift(more(first, "above"));
    if (end < found.length) rows.push(more(found.length - end, "below"));
    return rows.length ? rows : [{ more: "no value here" }];
  }

  // How wide a row's name is, or what stands for it where there is no room.
  function name_width({ name, short = name }, room, width_of, font) {
    if (!name) return 0;
    const own = width_of(name, font);
    return own <= room ? own : width_of(short, font);
  }

  // How wide the columns are and all of them, in pixels; none becomes narrower than it was `before`, so that the box
  // stands still while the pointer moves.
  function tooltip_columns({ caption, rows }, width_of, { most, most_name }, before = NONE) {
    const widest = (field, font, least = 0) => rows.reduce((wide, row) => Math.max(wide, row[field] ? width_of(row[field], font) : 0), least);
    // One of several rows is bold, and which one changes.
    const font = rows.length > 1 ? "bold" : "plain";
    const value = Math.min(most / 2, widest("value", font, before.value));
    const detail = Math.min(most / 2, widest("detail", "plain", before.detail));
    const figures = value + (detail && DETAIL_GAP + detail);
    const swatch = rows.some((row) => row.swatch) ? SWATCH_ROOM : 0;
    const room = Math.max(0, Math.min(most_name, most - swatch - VALUE_GAP - figures));
    const own = rows.reduce((wide, row) => Math.max(wide, name_width(row, room, width_of, font)), before.name);
    const name = Math.min(own, room);
    const line = figures + (name && swatch + name + VALUE_GAP);
    const width = Math.min(most, Math.max(line, width_of(caption), widest("more"), before.width));
    return { name, value, detail, width };
  }

  // Where a row's columns stand: the name begins, the figures end.
  function column_places({ name, value, detail, width }, swatch) {
    const is_named = name > 0;
    const detail_end = is_named ? width : value + DETAIL_GAP + detail;
    return { name: swatch ? SWATCH_ROOM : 0, value: is_named ? width - (detail && DETAIL_GAP + detail) : value, detail: detail_end };
  }

  // Sets a property unless it has that value: each change costs a style or a layout.
  const set = (thing, name, value) => { if (thing[name] !== value) thing[name] = value; };

  class Tooltip {
    constructor() {
      this.box = Object.assign(document.createElement("div"), { className: "chart_tooltip", hidden: true });
      this.box.setAttribute("aria-hidden", "true");
      this.canvas = document.createElement("canvas");
      this.box.append(this.canvas);
      document.body.append(this.box);
      this.said = null;
      this.box.tooltip = this;
    }

    // Says what runs have at a place, beside a point of the window.
    show(reading, at) { this.say({ caption: caption_text(reading), rows: tooltip_rows(reading) }, at); }

    say(said, at) {
      if (!this.said) this.wake();
      this.said = said;
      const { most, most_name, letters } = this;
      this.columns = tooltip_columns(said, (text, font) => letters.width_of(text, font), { most, most_name }, this.columns);
      this.fit({ width: this.columns.width + 2 * PAD_X, height: (said.rows.length + 1) * this.line + CAPTION_GAP + 2 * PAD_Y });
      this.draw(said);
      this.place(at);
    }

    // Asks for the look and the room once for all that is pointed at until the box is hidden: it may cost a layout.
    wake() {
      set(this.box, "hidden", false);
      const style = getComputedStyle(this.box);
      const { clientWidth, clientHeight } = document.documentElement;
      const font = `${style.fontSize} ${style.fontFamily}`;
      this.letters = new charts.Lettering({ plain: font, bold: `600 ${font}` });
      this.look = charts.read_look(style);
      Object.assign(this, {
        columns: NONE, size: { width: 0, height: 0 }, room: { width: clientWidth, height: clientHeight }, line: parseFloat(style.lineHeight),
        most: Math.min(MOST_WIDTH, clientWidth - 16) - 2 * PAD_X - 2, most_name: Math.min(MOST_NAME, clientWidth * NAME_SHARE),
      });
      this.make_canvas({ width: 1, height: 1 });
    }

    // An empty canvas of so many pixels of the page.
    make_canvas({ width, height }) {
      const scale = devicePixelRatio;
      Object.assign(this.canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
      this.pen = this.canvas.getContext("2d");
      this.pen.scale(scale, scale);
      this.canvas_size = { width, height };
      this.letters.use(this.pen);
      const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = (this.letters.choose("plain"), this.pen.measureText("0"));
      this.base = Math.round((this.line - above - below) / 2 + above);
    }

    fit({ width, height }) {
      if (width !== this.size.width) this.box.style.width = `${width + 2}px`;
      if (height !== this.size.height) this.box.style.height = `${height + 2}px`;
      this.size = { width, height };
      const { canvas_size: has } = this;
      if (width <= has.width && height <= has.height) return;
      const grown = (pixels) => Math.ceil(pixels / GRAIN) * GRAIN;
      this.make_canvas({ width: Math.max(has.width, grown(width)), height: Math.max(has.height, grown(height)) });
    }

    draw({ caption, rows }) {
      const { pen, letters, look, columns, line, canvas_size } = this;
      pen.clearRect(0, 0, canvas_size.width, canvas_size.height);
      let y = PAD_Y + this.base;
      pen.fillStyle = look.muted;
      letters.write(caption, { x: PAD_X, y, most: columns.width });
      y += CAPTION_GAP;
      for (const row of rows) {
        y += line;
        if (row.more === undefined) this.draw_run(row, y);
        else letters.write(row.more, { x: PAD_X, y, most: columns.width });
      }
    }

    draw_run({ swatch, name, short = name, value, detail, is_nearest }, y) {
      const { pen, letters, look, columns } = this;
      const places = column_places(columns, swatch);
      const font = is_nearest ? "bold" : "plain";
      if (swatch) this.draw_swatch(swatch, y);
      pen.fillStyle = look.ink;
      if (name) letters.write(letters.width_of(name, font) > columns.name ? short : name, { x: PAD_X + places.name, y, most: columns.name, font });
      letters.write(value, { x: PAD_X + places.value, y, most: columns.value, font, align: "right" });
      pen.fillStyle = look.muted;
      if (detail) letters.write(detail, { x: PAD_X + places.detail, y, most: columns.detail, align: "right" });
    }

    draw_swatch(run, y) {
      const { pen, look } = this;
      pen.strokeStyle = look.colour_of(run);
      pen.lineWidth = 3;
      pen.setLineDash(SWATCH_DASHES[run.dash] ?? []);
      pen.beginPath();
      pen.moveTo(PAD_X, y - 4.5);
      pen.lineTo(PAD_X + SWATCH, y - 4.5);
      pen.stroke();
    }

    // Beside the pointer, on the other side where there is no room.
    place({ x, y }) {
      const { width, height } = this.size;
      const [gap, edge] = [14, 8];
      const room = this.room.width - edge;
      const left = x + gap + width <= room ? x + gap : Math.max(edge, x - gap - width);
      const top = Math.min(Math.max(edge, y - height / 2), this.room.height - edge - height);
      const transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(edge, top))}px)`;
      // Not by its style: for that Chromium puts all layers of a page together anew, a quarter of what pointing costs.
      this.box.animate({ transform }, { duration: 0, fill: "forwards" });
    }

    hide() {
      this.said = null;
      set(this.box, "hidden", true);
    }
  }

  const exports = { value_text, row_window, reading_detail, caption_text, tooltip_rows, tooltip_columns, column_places };
  Object.assign(charts, exports, { Tooltip });
  if (typeof module !== "undefined") module.exports = exports;
})();
