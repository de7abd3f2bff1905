// The rows and headers of a run table in the document: draws the lines in sight and fills their cells.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const SVG = "http://www.w3.org/2000/svg";
  const PRINTED_ROWS = 50;
  // Widths in pixels.
  const [INDENT, SCROLLBAR, NARROW, LEAST_NAME_NARROW, LEAST_NAME] = [16, 17, 600, 180, 250];
  const { element, unseen, set_title } = (runsite.table_parts = {
    element(name, properties = {}, children = []) {
      const made = Object.assign(document.createElement(name), properties);
      made.append(...children);
      return made;
    },
    unseen: (text) => element("span", { className: "visually_hidden", textContent: text }),
    set_title: (target, title) => (title ? target.setAttribute("title", title) : target.removeAttribute("title")),
  });

  function status_mark(status, glyph) {
    const mark = element("span", { className: "status" }, [element("span", { className: "glyph", textContent: glyph, ariaHidden: "true" }), ` ${status}`]);
    mark.dataset.status = status;
    return mark;
  }

  function best_mark({ best_mark: textContent, best_title: title }) {
    return element("span", { className: "best_mark", role: "img", ariaLabel: title, title, textContent });
  }

  function curve_picture(path) {
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", "0 0 96 20");
    picture.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    picture.append(line);
    return picture;
  }

  // `view` says what is shown: {columns, lines, depths, groups, with_children}; `asks` answers questions of single
  // cells: swatch, is_selected, is_drawn, is_open, difference, is_baseline, address.
  class Grid {
    constructor(section, table, asks) {
      Object.assign(this, { section, table, asks, rows: [], first: 0, now: Date.now() / 1000, columns: [], view: null });
      this.box = section.querySelector(".run_table_box");
      this.grid = this.box.querySelector("table");
      this.head = this.grid.tHead.rows[0];
      this.body = this.grid.tBodies[0];
      this.called = this.box.getAttribute("aria-label").replace(/, scrollable$/, "");
      this.spacers = [0, 1].map(() => element("tr", { className: "spacer", role: "presentation", ariaHidden: "true" }, [element("td")]));
      this.empty = element("p", { className: "run_table_empty", hidden: true, textContent: table.row_count ? "No run matches the filter." : "No runs yet." });
      this.box.append(this.empty);
      this.after_draw = () => {};
      this.grid.role = "treegrid";
      this.grid.ariaMultiSelectable = "true";
      this.box.tabIndex = -1;
      this.box.addEventListener("scroll", () => this.draw_soon(), { passive: true });
      new ResizeObserver(() => this.draw_soon()).observe(this.box);
      addEventListener("beforeprint", () => this.draw(0, Math.min(PRINTED_ROWS, this.line_count())));
      addEventListener("afterprint", () => this.draw_window());
    }

    line_count() { return this.view.lines.length; }

    // Says in the caption, which screen readers read, what stands above the table.
    call(note) { this.grid.caption.textContent = `${this.called}: ${note}`; }

    // Shows another view. `keeps_place` leaves the table scrolled where it is, as when a row is folded.
    show(view, { new_columns, keeps_place }) {
      const held = keeps_place ? this.held() : null;
      const place = [this.box.scrollLeft, keeps_place ? this.box.scrollTop : 0, scrollY];
      this.view = view;
      const had_focus = this.grid.contains(document.activeElement);
      if (new_columns) this.show_columns(view);
      this.mark_sorted(view);
      this.grid.ariaRowCount = String(this.line_count() + 1);
      this.empty.hidden = this.line_count() > 0;
      // The box is as high as its rows, so it must have room for all before it says how many are in sight.
      for (const row of this.rows.splice(this.line_count())) row.remove();
      this.set_spacers(0, this.rows.length);
      this.make_room();
      this.scroll_to(place);
      this.redraw(...this.window());
      this.after_draw(had_focus, held);
    }

    // New columns are measured in a table without rows, which is too short to be scrolled, and so may the page be.
    scroll_to([left, top, page]) {
      [this.box.scrollLeft, this.box.scrollTop] = [left, top];
      if (scrollY !== page) scrollTo(scrollX, page);
    }

    // What has the focus: a control, or none where it is the cell itself, of a line and a column, wherever they stand later.
    held() {
      const active = document.activeElement;
      const cell = this.grid.contains(active) ? active.closest("th, td") : null;
      if (!cell) return null;
      const name = active.classList[0];
      return { key: cell.parentElement.key, column: this.columns[cell.cellIndex]?.id, control: active === cell ? null : name ? `.${name}` : active.localName };
    }

    // Fills the rows that are there with other lines: half the work of making them anew.
    redraw(first, end) {
      for (const row of this.rows.splice(end - first)) row.remove();
      const made = Array.from({ length: end - first - this.rows.length }, () => this.make_row());
      this.spacers[1].before(...made);
      this.rows.push(...made);
      this.first = first;
      this.refill();
      this.set_spacers(first, end);
    }

    // Room for a scrollbar, where the lines need one: it must not cover the last column.
    make_room() {
      const height = this.line_count() * runsite.table_view.ROW_HEIGHT + this.head.offsetHeight;
      this.box.classList.toggle("many_runs", height > Number.parseFloat(getComputedStyle(this.box).maxHeight));
    }

    // Header and widths: measured once with the widest cells, then fixed, so that scrolling moves nothing sideways.

    show_columns(view) {
      this.columns = view.columns;
      this.grid.classList.toggle("grouped", Boolean(view.groups));
      this.heads = this.columns.map((column) => this.head_cell(column));
      this.head.replaceChildren(...this.heads);
      this.grid.ariaColCount = String(this.columns.length);
      for (const { cells: [cell] } of this.spacers) cell.colSpan = this.columns.length;
      this.fix_widths(view);
      this.body.replaceChildren(...this.spacers);
      this.rows = [];
    }

    head_cell(column) {
      const detail = element("span", { className: "column_detail", textContent: column.detail });
      const label = element("span", { className: "column_label", textContent: column.label });
      const sort = element("button", { type: "button", className: "sort_button", tabIndex: -1 }, [label, " ", detail]);
      const menu = element("button", { type: "button", className: "column_menu", tabIndex: -1, textContent: "⋮", ariaLabel: `Menu of ${column.label} ${column.detail}`, ariaHasPopup: "menu" });
      const handle = element("span", { className: "resize_handle", ariaHidden: "true" });
      const head = element("th", { scope: "col", className: `${runsite.table_view.cell_classes(column, "")} sortable`, title: column.title }, [sort, menu, handle]);
      head.dataset.column = column.id;
      return head;
    }

    mark_sorted({ sort_keys }) {
      for (const [place, head] of this.heads.entries()) {
        const found = sort_keys.find(([column]) => column.id === this.columns[place].id);
        if (found) head.ariaSort = found[1] ? "descending" : "ascending";
        else head.removeAttribute("aria-sort");
      }
    }

    fix_widths(view) {
      const { grid } = this;
      grid.querySelector("colgroup")?.remove();
      grid.style.tableLayout = grid.style.width = "";
      this.place_pinned([]);
      if (!this.table.row_count) return;
      const samples = Array.from({ length: runsite.table_view.MEASURED_ROWS }, () => this.make_row());
      for (const [place, column] of this.columns.entries()) {
        runsite.table_view.widest_lines(this.table, column, this.now).forEach((line, index) => {
          if (!place) samples[index].classList.toggle("group_row", line < 0);
          this.fill_cell(samples[index].cells[place], column, line, Number(line >= 0 && Boolean(view.depths)));
        });
      }
      if (view.groups) for (const row of samples) row.className = "group_row"; // its bold letters are wider
      this.body.replaceChildren(...samples);
      const wished = view.widths;
      this.widths = this.heads.map((head, place) => wished.get(this.columns[place].id) ?? Math.ceil(head.getBoundingClientRect().width));
      if (!wished.has("name")) this.widths[0] = this.name_width(view);
      this.set_widths();
    }

    // The name has the room that the other columns leave, but no less than a few words, and what its indentation takes.
    name_width(view) {
      const [natural, ...others] = this.widths;
      const free = this.section.clientWidth - others.reduce((sum, width) => sum + width, 0) - SCROLLBAR;
      const least = this.section.clientWidth < NARROW ? LEAST_NAME_NARROW : LEAST_NAME;
      const depth = view.groups ? 0 : (view.depths ?? []).reduce((most, each) => Math.max(most, each), 0);
      return Math.min(natural, Math.max(free, least)) + depth * INDENT;
    }

    set_widths() {
      const { grid, widths } = this;
      grid.querySelector("colgroup")?.remove();
      const cols = widths.map((width) => { const col = element("col"); col.style.width = `${width}px`; return col; });
      grid.prepend(element("colgroup", {}, cols));
      grid.style.width = `${widths.reduce((sum, width) => sum + width, 0)}px`;
      grid.style.tableLayout = "fixed";
      this.place_pinned(widths);
    }

    // Pinned columns stand one beside the other at the left edge; the name's place is in table.css.
    place_pinned(widths) {
      let left = 0;
      this.lefts = [];
      for (const [place, width] of widths.entries()) {
        if (place > this.view.pinned) break;
        this.lefts.push(left);
        left += width;
      }
      this.heads.forEach((head, place) => this.pin(head, place));
    }

    pin(cell, place) {
      const left = this.lefts?.[place];
      cell.classList.toggle("pinned", left !== undefined && place > 0);
      cell.style.left = left === undefined || !place ? "" : `${left}px`;
    }

    // Rows.

    set_spacers(first, end) {
      const [above, below] = this.spacers;
      above.style.height = `${first * runsite.table_view.ROW_HEIGHT}px`;
      below.style.height = `${(this.line_count() - end) * runsite.table_view.ROW_HEIGHT}px`;
    }

    draw_soon() {
      if (this.view) this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.draw_window(); });
    }

    window() { return runsite.table_view.row_window(this.box.scrollTop, this.box.clientHeight || innerHeight, this.line_count()); }

    draw_window() { this.draw(...this.window()); }

    // Rows that stay in sight are not touched, so that focus stays; the others are filled anew at the other end.
    draw(first, end) {
      const places = new Map(this.rows.map((row, index) => [this.first + index, row]));
      const spare = this.rows.filter((_, index) => this.first + index < first || this.first + index >= end);
      const had_focus = spare.some((row) => row.contains(document.activeElement));
      for (const row of spare) row.remove();
      let next = this.spacers[0].nextSibling;
      this.rows = [];
      for (let place = first; place < end; place += 1) {
        const present = places.get(place);
        const row = present ?? this.fill_row(spare.pop() ?? this.make_row(), place);
        if (present) next = present.nextSibling;
        else this.body.insertBefore(row, next);
        this.rows.push(row);
      }
      this.first = first;
      this.set_spacers(first, end);
      this.after_draw(had_focus);
    }

    row_at(place) { return this.rows[place - this.first] ?? null; }

    place_of(row) { return this.first + this.rows.indexOf(row); }

    refill() { this.rows.forEach((row, index) => this.fill_row(row, this.first + index)); }

    make_row() {
      const [, ...others] = this.columns;
      const fold = element("button", { type: "button", className: "fold", tabIndex: -1 });
      const box = element("input", { type: "checkbox", className: "select_run", tabIndex: -1 });
      const eye = element("button", { type: "button", className: "eye", tabIndex: -1 }, [element("span", { className: "swatch" })]);
      const compare = element("button", { type: "button", className: "compare", tabIndex: -1, textContent: "Δ" });
      const name = element("th", { scope: "row", className: "name" }, [fold, box, eye, element("a", { tabIndex: -1 }), element("span", { className: "group_name" }), compare]);
      const row = element("tr", {}, [name, ...others.map(() => element("td", { tabIndex: -1 }))]);
      [...row.cells].forEach((cell, place) => this.pin(cell, place));
      return row;
    }

    fill_row(row, place) {
      const line = this.view.lines[place];
      const depth = this.view.depths?.[place] ?? 0;
      row.key = this.asks.key_of(line);
      row.ariaRowIndex = String(place + 2);
      row.className = this.asks.is_best(line) ? "best_run" : "";
      row.classList.toggle("last_run", place === this.line_count() - 1);
      row.classList.toggle("baseline", this.asks.is_baseline(line));
      row.classList.toggle("group_row", line < 0);
      row.ariaLevel = String(depth + 1);
      row.ariaSelected = String(Boolean(this.asks.is_selected(line)));
      for (const [index, column] of this.columns.entries()) this.fill_cell(row.cells[index], column, line, depth);
      return row;
    }

    fill_cell(cell, column, line, depth) {
      if (column.id === "name") this.fill_name(cell, column, line, depth);
      else if (line >= 0 && column.kind === "status") this.fill_status(cell, column, line);
      else if (line >= 0 && column.kind === "link") this.fill_link(cell, column, line);
      else this.fill_value(cell, column, line);
    }

    fill_name(cell, column, line, depth) {
      const [fold, box, eye, link, group, compare] = cell.children;
      const text = String(runsite.table_lines.line_value(column, line));
      const is_open = this.asks.is_open(line);
      cell.className = `name depth_${depth}`;
      fold.hidden = is_open === null;
      fold.textContent = is_open ? "▾" : "▸";
      fold.ariaLabel = `${is_open ? "Fold" : "Unfold"} ${text}`;
      if (is_open === null) cell.parentElement?.removeAttribute("aria-expanded");
      else if (cell.parentElement) cell.parentElement.ariaExpanded = String(is_open);
      eye.hidden = link.hidden = line < 0;
      group.textContent = group.title = line < 0 ? text : "";
      compare.ariaLabel = compare.title = this.asks.is_baseline(line) ? "Compare with nothing" : `Compare all with ${text}`;
      this.fill_box(box, line, text);
      if (line < 0) return;
      this.fill_eye(eye, line, text);
      link.href = this.asks.address(line);
      link.textContent = link.title = text;
    }

    fill_box(box, line, text) {
      const is_selected = this.asks.is_selected(line);
      box.checked = Boolean(is_selected);
      box.indeterminate = is_selected === null;
      box.ariaLabel = line < 0 ? `Select all runs of ${text}` : `Select ${text}`;
    }

    fill_eye(eye, line, text) {
      const look = this.asks.look(line);
      eye.hidden = look === undefined;
      eye.classList.toggle("nothing_to_draw", look === null);
      if (!look) return;
      eye.firstChild.className = look.is_drawn ? `swatch series_${look.colour ?? "other"} dash_${look.dash}` : "swatch not_drawn";
      eye.ariaPressed = String(look.is_drawn);
      eye.ariaLabel = eye.title = `${look.is_drawn ? "Hide the curve of" : "Draw the curve of"} ${text}`;
    }

    fill_status(cell, column, run) {
      const open = this.table.open_runs.get(run);
      const status = runsite.table_lines.line_value(column, run);
      cell.className = "cell_status";
      cell.replaceChildren(status_mark(status, this.table.glyphs.get(status) ?? "?"));
      const last = open && open.last_time !== null ? `last record ${runsite.time_from_now(open.last_time, this.now)}` : "";
      if (last) cell.append(unseen(`, ${last}`));
      set_title(cell, last);
      if (this.table.diverged.has(run)) cell.append(" ", status_mark("diverged", "↯"));
    }

    fill_link(cell, column, run) {
      const parent = this.table.row_of.get(this.table.parents.get(run));
      const text = column.values[run] ?? "";
      cell.className = "cell_link";
      set_title(cell, text);
      if (parent === undefined) cell.textContent = text;
      else cell.replaceChildren(element("a", { href: this.asks.address(parent), textContent: text, tabIndex: -1 }));
    }

    fill_value(cell, column, line) {
      const value = runsite.table_lines.line_value(column, line);
      if (column.kind === "curve") return this.fill_curve(cell, value);
      const text = runsite.table_view.cell_text(column, value, this.now);
      const is_best = column.best_value !== undefined && value === column.best_value && (line < 0) === Boolean(column.group_values);
      cell.className = runsite.table_view.cell_classes(column, text) + (is_best ? " is_best" : "") + (value === "" ? " empty_text" : "");
      const parts = value === null ? [] : [this.fill_data(cell, runsite.format_param(value), text)];
      if (is_best) parts.unshift(best_mark(column));
      const said = [runsite.table_view.cell_title(column, value, text), ...this.asks.remarks(column, line, parts)];
      set_title(cell, said.filter(Boolean).join("; "));
      if (parts.length !== 1 || cell.childNodes.length !== 1 || parts[0] !== cell.firstChild) cell.replaceChildren(...parts);
    }

    // A figure, in the element that is there: most cells hold nothing else, and a new element costs more.
    fill_data(cell, value, text) {
      const data = cell.firstChild?.localName === "data" ? cell.firstChild : element("data");
      if (data.textContent !== text) data.textContent = text;
      data.value = value;
      return data;
    }

    fill_curve(cell, text) {
      cell.className = "cell_curve";
      cell.replaceChildren(...(text ? [curve_picture(runsite.table_view.curve_path(text, this.table.head.levels))] : []));
    }
  }

  runsite.Grid = Grid;
})();
