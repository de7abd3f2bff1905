// The run table in the document: takes the printed table over, sorts, searches and draws the rows in sight.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { table_view: view } = runsite;
  const PRINTED_ROWS = 50;
  const GROUP_TITLES = { run: "Run", metric: "Metrics", param: "Params", tag: "Tags" };

  const element = (name, properties = {}, children = []) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const set_title = (target, title) => (title ? target.setAttribute("title", title) : target.removeAttribute("title"));
  const unseen = (text) => element("span", { className: "visually_hidden", textContent: text });
  function status_mark(status, glyph) {
    const mark = element("span", { className: "status" }, [element("span", { className: "glyph", textContent: glyph, ariaHidden: "true" }), ` ${status}`]);
    mark.dataset.status = status;
    return mark;
  }

  function best_mark({ best_mark: textContent, best_title: title }) {
    return element("span", { className: "best_mark", role: "img", ariaLabel: title, title, textContent });
  }

  class TableView {
    constructor(section, table) {
      this.section = section;
      this.table = table;
      this.box = section.querySelector(".run_table_box");
      this.grid = this.box.querySelector("table");
      this.body = this.grid.tBodies[0];
      this.spacers = [0, 1].map(() => element("tr", { className: "spacer", ariaHidden: "true" }, [element("td")]));
      this.rows = [];
      this.first = 0;
      this.now = Date.now() / 1000;
      this.read_fragment();
    }

    start() {
      this.start_search();
      this.start_columns();
      this.show_columns();
      this.box.addEventListener("scroll", () => this.draw_soon(), { passive: true });
      new ResizeObserver(() => this.draw_soon()).observe(this.box);
      matchMedia("(max-width: 600px)").addEventListener("change", () => this.show_columns());
      addEventListener("hashchange", () => { this.read_fragment(); this.show_columns(); });
      addEventListener("beforeprint", () => this.draw(0, Math.min(PRINTED_ROWS, this.order.length)));
      addEventListener("afterprint", () => this.draw_window());
      setInterval(() => { this.now = Date.now() / 1000; this.refill(); }, 60000);
    }

    // View state: three names in the fragment, absent while they say what the table came with.

    read_fragment() {
      const { table } = this;
      this.keys = view.parse_sort(runsite.fragment.get("sort") ?? table.sorted_by, table.column_of);
      this.search = runsite.fragment.get("filter") ?? "";
      this.columns = view.shown_columns(table, runsite.fragment.get("columns"));
    }

    write_fragment(name, text, usual) {
      runsite.fragment.set(name, text === usual ? null : text);
    }

    sort_by(column, extend) {
      this.keys = view.next_sort(this.keys, column, extend);
      this.write_fragment("sort", view.sort_text(this.keys), this.table.sorted_by);
      this.mark_sorted();
      this.order_rows();
    }

    start_search() {
      const input = this.section.querySelector(".run_table_search");
      input.hidden = false;
      input.value = this.search;
      input.addEventListener("input", () => {
        this.search = input.value;
        this.write_fragment("filter", input.value, "");
        this.order_rows();
      });
    }

    // The chooser of columns, filled when it is first opened.

    start_columns() {
      const menu = this.section.querySelector(".run_table_columns");
      menu.hidden = false;
      menu.addEventListener("toggle", () => menu.open && this.fill_choices(menu.querySelector(".run_table_choices")));
      menu.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      document.addEventListener("pointerdown", (event) => menu.contains(event.target) || (menu.open = false));
    }

    fill_choices(choices) {
      const groups = Object.entries(GROUP_TITLES).map(([group, title]) => {
        const columns = this.table.columns.filter((column) => column.group === group && column.id !== "name");
        const legend = element("legend", { textContent: title });
        return columns.length ? element("fieldset", {}, [legend, ...columns.map((column) => this.choice(column))]) : "";
      });
      choices.replaceChildren(...groups);
    }

    choice(column) {
      const box = element("input", { type: "checkbox", checked: this.columns.includes(column) });
      box.addEventListener("change", () => {
        this.columns = view.toggle_column(this.columns, column);
        const usual = view.join_ids(view.shown_columns(this.table, null).map(({ id }) => id));
        this.write_fragment("columns", view.join_ids(this.columns.map(({ id }) => id)), usual);
        this.show_columns();
      });
      const detail = element("span", { className: "column_detail", textContent: column.detail });
      return element("label", { title: column.title }, [box, ` ${column.label} `, detail]);
    }

    // Header and widths: measured once with the widest cells, then fixed, so that scrolling moves nothing sideways.

    show_columns() {
      const heads = this.columns.map((column) => this.head_cell(column));
      this.grid.tHead.rows[0].replaceChildren(...heads);
      this.rows = [];
      for (const { cells: [cell] } of this.spacers) cell.colSpan = heads.length;
      this.mark_sorted();
      this.fix_widths(heads);
      this.body.replaceChildren(...this.spacers);
      this.order_rows();
    }

    head_cell(column) {
      const detail = element("span", { className: "column_detail", textContent: column.detail });
      const label = element("span", { className: "column_label", textContent: column.label });
      const button = element("button", { type: "button" }, [label, " ", detail]);
      button.addEventListener("click", (event) => this.sort_by(column, event.shiftKey));
      const head = element("th", { scope: "col", className: `${view.cell_classes(column, "")} sortable`, title: column.title }, [button]);
      head.dataset.column = column.id;
      return head;
    }

    mark_sorted() {
      for (const [place, head] of [...this.grid.tHead.rows[0].cells].entries()) {
        const key = this.keys.find(({ column }) => column === this.columns[place]);
        if (key) head.ariaSort = key.descending ? "descending" : "ascending";
        else head.removeAttribute("aria-sort");
      }
    }

    fix_widths(heads) {
      const { grid } = this;
      grid.querySelector("colgroup")?.remove();
      grid.style.tableLayout = grid.style.width = "";
      if (!this.table.row_count) return;
      const samples = Array.from({ length: view.MEASURED_ROWS }, () => this.make_row());
      for (const [place, column] of this.columns.entries()) {
        view.widest_rows(this.table, column, this.now).forEach((run, index) => this.fill_cell(samples[index].cells[place], column, run));
      }
      this.body.replaceChildren(...samples);
      const widths = heads.map((head) => Math.ceil(head.getBoundingClientRect().width));
      const cols = widths.map((width) => { const col = element("col"); col.style.width = `${width}px`; return col; });
      grid.prepend(element("colgroup", {}, cols));
      grid.style.width = `${widths.reduce((sum, width) => sum + width, 0)}px`;
      grid.style.tableLayout = "fixed";
    }

    // Rows.

    order_rows() {
      const order = view.order_rows(this.table, this.keys);
      this.order = view.search_rows(this.table, order, this.search);
      this.grid.ariaRowCount = String(this.order.length + 1);
      const note = view.note_text(this.order.length, this.table.row_count, this.keys);
      this.section.querySelector(".run_table_note").textContent = note;
      this.box.scrollTop = 0;
      this.first = -Infinity;
      // The box is as high as its rows: without any it would leave room for none.
      for (const row of this.rows.splice(0)) row.remove();
      this.set_spacers(0, 0);
      this.draw_window();
    }

    set_spacers(first, end) {
      const [above, below] = this.spacers;
      above.style.height = `${first * view.ROW_HEIGHT}px`;
      below.style.height = `${(this.order.length - end) * view.ROW_HEIGHT}px`;
    }

    draw_soon() {
      this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.draw_window(); });
    }

    draw_window() {
      this.draw(...view.row_window(this.box.scrollTop, this.box.clientHeight || innerHeight, this.order.length));
    }

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
      if (had_focus) this.box.focus({ preventScroll: true });
    }

    refill() {
      this.rows.forEach((row, index) => this.fill_row(row, this.first + index));
    }

    make_row() {
      const [, ...others] = this.columns;
      const swatch = element("span", { className: "swatch" });
      const name = element("th", { scope: "row", className: "name" }, [swatch, element("a")]);
      return element("tr", {}, [name, ...others.map(() => element("td"))]);
    }

    fill_row(row, place) {
      const run = this.order[place];
      row.ariaRowIndex = String(place + 2);
      row.className = run === this.table.best_row ? "best_run" : "";
      row.classList.toggle("last_run", place === this.order.length - 1);
      for (const [index, column] of this.columns.entries()) this.fill_cell(row.cells[index], column, run);
      return row;
    }

    fill_cell(cell, column, run) {
      if (column.id === "name") this.fill_name(cell, column, run);
      else if (column.kind === "status") this.fill_status(cell, column, run);
      else if (column.kind === "link") this.fill_link(cell, column, run);
      else this.fill_value(cell, column, run);
    }

    fill_name(cell, column, run) {
      const [swatch, link] = cell.children;
      const drawn = this.table.swatches.get(run);
      swatch.className = drawn ? `swatch series_${drawn.colour} dash_${drawn.dash}` : "swatch";
      link.href = this.section.dataset.root + this.table.link(run);
      link.textContent = link.title = column.values[run];
    }

    fill_status(cell, column, run) {
      const open = this.table.open_runs.get(run);
      const status = runsite.judge_status(column.values[run], open?.stalled_at ?? null, this.now);
      cell.className = "cell_status";
      cell.replaceChildren(status_mark(status, this.table.glyphs.get(status) ?? "?"));
      const last = open && open.last_time !== null ? `last record ${runsite.time_from_now(open.last_time, this.now)}` : "";
      if (last) cell.append(unseen(`, ${last}`));
      set_title(cell, last);
      if (this.table.diverged.has(run)) cell.append(" ", status_mark("diverged", "↯"));
    }

    fill_link(cell, column, run) {
      const parent = this.table.parents.get(run);
      const text = column.values[run] ?? "";
      cell.className = "cell_link";
      set_title(cell, text);
      if (parent === undefined) cell.textContent = text;
      else cell.replaceChildren(element("a", { href: this.section.dataset.root + this.table.link(parent), textContent: text }));
    }

    fill_value(cell, column, run) {
      const value = column.values[run];
      const text = view.cell_text(column, value, this.now);
      const is_best = column.best_mark && value === column.best_value;
      cell.className = view.cell_classes(column, text) + (is_best ? " is_best" : "") + (value === "" ? " empty_text" : "");
      set_title(cell, view.cell_title(column, value, text));
      const parts = value === null ? [] : [element("data", { value: runsite.format_param(value), textContent: text })];
      if (is_best) parts.unshift(best_mark(column));
      cell.replaceChildren(...parts);
    }
  }

  function start_tables() {
    for (const section of document.querySelectorAll(".run_table[data-src]")) {
      const { table, src } = section.dataset;
      runsite.load("table", table, src).then((payload) => new TableView(section, view.read_table(payload)).start());
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start_tables);
  else start_tables();
})();
