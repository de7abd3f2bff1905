// The run table: keeps the view's state, works out what is shown, and lets its parts draw it. Every change of the view
// goes through `change`, which writes it into the address; every address leads back through `read`.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { table_data: data, table_state, table_lines, table_view, table_compare } = runsite;
  const { element, button } = runsite.table_parts;
  const MINUTE = 60000;
  // Fields of the state that change marks of rows alone; those that change which rows stand where, under the same columns.
  const MARKS = ["selected", "drawn"];
  const ORDERS = ["filter", "kept_filter", "sort", "toggled"];

  class RunTable {
    constructor(section, table, more) {
      Object.assign(this, { section, table, load_more: more, mask: null, problem: null });
      data.judge_statuses(table, Date.now() / 1000);
      this.has_charts = Boolean(document.querySelector("section.charts"));
      const arranged = () => ({ order: this.view?.order ?? table.base_order, groups: this.view?.groups ?? null, mask: this.mask });
      this.curves = new runsite.TableCurves(table, (row) => section.dataset.root + table.link(row), arranged);
      this.note = section.querySelector(".run_table_note");
      this.chips = section.querySelector(".run_table_chips");
    }

    start() {
      this.grid = new runsite.Grid(this.section, this.table, this.answers());
      this.keys = new runsite.Keys(this.grid, this);
      this.pointer = new runsite.Pointer(this.grid, this);
      this.box = new runsite.table_tools.FilterBox(this.section, this);
      this.tabs = new runsite.table_tools.Tabs(this.section, this);
      const { ColumnMenu, GroupMenu } = runsite.table_menus;
      this.menus = [
        new ColumnMenu(this.section.querySelector(".run_table_columns"), this),
        new GroupMenu(this.section.querySelector(".run_table_group"), this),
      ];
      runsite.table_tools.start_take_away(this.section, this);
      runsite.table_parts.start_menu(this.section.querySelector(".run_table_keys"), () => {});
      this.read();
      addEventListener("hashchange", () => this.read());
      matchMedia("(max-width: 600px)").addEventListener("change", () => this.update({ new_columns: true }));
      setInterval(() => this.tick(), MINUTE);
    }

    // Takes up data that came again; what the reader chose, and where the table is scrolled to, stays.
    async renew() {
      const { table, load_more } = await data.load_table(this.section.dataset);
      if (this.table.has_more) await load_more();
      const is_same_head = this.table.head === table.head || JSON.stringify(this.table.head) === JSON.stringify(table.head);
      data.renew_table(this.table, table);
      this.read_state();
      this.load_more = () => load_more(this.table);
      data.judge_statuses(this.table, Date.now() / 1000);
      this.selected_last = undefined;
      if (!is_same_head) this.curves = new runsite.TableCurves(this.table, this.curves.address, this.curves.arranged);
      this.tabs.renew();
      await this.update({ new_columns: !is_same_head, keeps_place: true });
      for (const menu of this.menus) menu.renew();
      if (!is_same_head) this.draw_curves();
    }

    // State.

    read_state() {
      this.state = table_state.opened_state((name) => runsite.fragment.get(name), this.table.head);
      this.state.group = this.state.group.filter((id) => id === table_lines.REPEATS || this.table.column_of.has(id));
    }

    read() {
      this.read_state();
      this.update({ new_columns: true });
      this.draw_curves();
    }

    // Changes the view: `patch` holds fields of the state.
    change(patch) {
      Object.assign(this.state, patch);
      runsite.fragment.set_all(table_state.address_pairs(this.state, this.table.head));
      const changed = Object.keys(patch);
      if (changed.every((name) => MARKS.includes(name))) this.mark(patch);
      else this.update({ new_columns: !changed.every((name) => ORDERS.includes(name)), keeps_place: "toggled" in patch || "baseline" in patch });
    }

    // What changes marks alone: the rows stay where they are.
    mark(patch) {
      if ("drawn" in patch) this.draw_curves();
      else this.grid.refill();
      this.say(this.view);
    }

    show_view(pairs) {
      runsite.fragment.set_all([...[...table_state.VIEW_NAMES, "kept"].map((name) => [name, ""]), ...pairs]);
      this.read();
    }

    tick() {
      this.grid.now = Date.now() / 1000;
      if (data.judge_statuses(this.table, this.grid.now)) this.update({ keeps_place: true });
      else this.grid.refill();
    }

    // From the state to what is seen. Columns that were not loaded yet are loaded first.

    async update({ new_columns = false, keeps_place = false } = {}) {
      if (this.needed_columns().some((column) => !data.is_loaded(this.table, column))) {
        this.note.textContent = "Loading more columns…";
        try {
          await this.load_more();
        } catch ({ message }) {
          this.note.textContent = `More columns could not be loaded: ${message}`;
          return;
        }
      }
      this.apply_filter();
      const view = this.work_out();
      const columns_differ = this.view?.columns.map(({ id }) => id).join() !== view.columns.map(({ id }) => id).join();
      this.view = view;
      this.grid.show(view, { new_columns: new_columns || columns_differ || Boolean(this.state.group.length), keeps_place });
      this.box.show(this.state.filter, this.problem);
      this.tabs.mark();
      this.say(view);
      if (this.has_charts) document.dispatchEvent(new CustomEvent("runsite:arranged"));
    }

    needed_columns() {
      const shown = table_view.shown_columns(this.table, { ...this.state, hides_constants: false });
      const { ids } = this.working_filter();
      const sorted = this.state.sort.map(({ id }) => id.replace(/^[a-z]+\((.*)\)$/, "$1"));
      return [...shown, ...[...ids, ...sorted].map((id) => this.table.column_of.get(id)).filter(Boolean)];
    }

    // The filter read: its columns, and what is wrong with it.
    parsed_filter() {
      if (this.parsed?.text !== this.state.filter) this.parsed = this.parse(this.state.filter);
      return this.parsed;
    }

    // The one that chooses the rows: the last that could be read.
    working_filter() {
      const parsed = this.parsed_filter();
      if (!parsed.problem) return parsed;
      const kept = this.parse(this.state.kept_filter);
      return kept.problem ? this.parse("") : kept;
    }

    parse(text) {
      const ids = this.table.columns.map(({ id }) => id);
      try {
        const filter = runsite.parse_filter(text);
        const [unknown] = runsite.unknown_names(filter, ids);
        return { text, filter, ids: runsite.named_columns(filter, ids), problem: unknown ? unknown_problem(unknown) : null };
      } catch (problem) {
        if (!(problem instanceof runsite.filter_tokens.FilterError)) throw problem;
        return { text, filter: null, ids: [], problem };
      }
    }

    apply_filter() {
      this.problem = this.parsed_filter().problem;
      const { filter, text } = this.working_filter();
      this.mask = text.trim() ? runsite.filter_rows(filter, (id) => this.table.column_of.get(id), this.table.row_count) : null;
    }

    work_out() {
      const { table, state } = this;
      const shown = table_view.shown_columns(table, state);
      const order = table_lines.masked(table_lines.sorted_rows(table, table_state.run_sort(state.sort)), this.mask);
      const common = { widths: state.widths, pinned: state.group.length ? 0 : pinned_count(shown, state.pinned), order, shown: order.length };
      if (state.group.length) return { ...common, ...this.grouped(order, shown) };
      const nested = table.parents.size && !state.is_flat ? table_lines.nested_lines(table, order, state.toggled) : { lines: order, depths: null, with_children: new Map() };
      return { ...common, columns: shown, groups: null, sort_keys: this.sort_keys(shown), ...nested, baseline: table_compare.find_baseline(table, state.baseline, null) };
    }

    grouped(order, shown) {
      const { table, state } = this;
      const groups = table_lines.make_groups(table, order, state.group);
      const columns = table_lines.grouped_columns(table, groups, shown, state.statistics);
      const lines = table_lines.grouped_lines(groups, table_lines.sorted_groups(groups, columns, state.sort), state.toggled);
      const sort_keys = this.sort_keys(columns).concat(state.sort.flatMap(({ id, descending }) => {
        const mean = columns.find((column) => column.id === table_lines.statistic_id("mean", id));
        return mean ? [[mean, descending]] : [];
      }));
      return { columns, groups, sort_keys, with_children: new Map(), ...lines, baseline: table_compare.find_baseline(table, state.baseline, groups) };
    }

    sort_keys(columns) {
      const column_of = (id) => columns.find((column) => column.id === id) ?? (this.state.group.length ? null : this.table.column_of.get(id));
      return this.state.sort.map(({ id, descending }) => [column_of(id), descending]).filter(([column]) => column && column.kind !== "curve");
    }

    // What is said above the table.

    say(view) {
      this.curves.tell_shown(this, (text) => this.filter(text));
      const counts = { shown: view.shown, all: this.table.row_count, groups: view.groups?.length ?? null };
      this.note.textContent = table_view.note_text(counts, view.sort_keys);
      this.grid.call(this.note.textContent);
      const chips = [];
      const chip = (text, off, title) => chips.push(element("span", { className: "chip", title: title ?? "" }, [`${text} `, button("✕", off, { ariaLabel: `Remove: ${text}` })]));
      const { state, table } = this;
      if (state.baseline) chip(`Baseline: ${this.baseline_name(view)}`, () => this.change({ baseline: "" }), "Δ and seed noise: see docs, Comparing with a baseline");
      if (state.selected.size) {
        chip(`${runsite.format_count(state.selected.size)} selected`, () => this.change({ selected: new Set() }));
        if (this.has_charts) chips.push(button("Draw only these", () => this.change({ drawn: this.curves.only(state.selected) })));
      }
      const compared = runsite.compare_state.table_items(view, state, table);
      if (compared) chips.push(element("a", { className: "compare_link", textContent: compared.label, href: this.section.dataset.root + runsite.compare_state.address_of(compared.items) }));
      if (state.drawn.size && this.has_charts) chip(`Drawn as you chose`, () => this.change({ drawn: new Map() }));
      if (table.parents.size && !state.group.length) chips.push(button(state.is_flat ? "Nest runs" : "Flatten nested runs", () => this.change({ is_flat: !state.is_flat })));
      this.chips.replaceChildren(...chips);
      this.chips.hidden = !chips.length;
    }

    baseline_name(view) {
      if (!view.baseline) return `${this.state.baseline} (not in this view)`;
      return view.groups ? view.groups[view.baseline.group].label : this.table.column_of.get("name").values[view.baseline.row];
    }

    // What single cells ask.

    answers() {
      const { table } = this;
      return {
        is_best: (line) => line >= 0 && table.keys[line] === table.head.best,
        is_baseline: (line) => Boolean(this.view?.baseline) && (this.view.groups ? line === table_lines.group_line(this.view.baseline.group) : line === this.view.baseline.row),
        // null for a group of which some runs are selected.
        is_selected: (line) => table_state.share_of(this.state.selected, this.keys_of(line)),
        is_open: (line) => this.is_open(line),
        // undefined where no run has a curve, null where this one has none.
        look: (line) => (!this.has_charts ? undefined : table.without_series.has(line) ? null : this.curves.look_of(table.keys[line])),
        address: (line) => this.section.dataset.root + table.link(line),
        key_of: (line) => this.key_of(line),
        remarks: (column, line, parts) => runsite.cell_remarks(table, this.view, { column, line }, parts),
      };
    }

    // What a line is called in the state, wherever it stands.
    key_of(line) { return line < 0 ? this.view.groups[table_lines.group_of(line)].key : this.table.keys[line]; }

    // The run of a line, or the runs of a group's.
    keys_of(line) {
      const rows = line < 0 ? this.view.groups[table_lines.group_of(line)].rows : [line];
      return rows.map((row) => this.table.keys[row]);
    }

    is_open(line) {
      if (line < 0) return this.state.toggled.has(this.view.groups[table_lines.group_of(line)].key);
      return this.view?.with_children.has(line) ? !this.state.toggled.has(this.table.keys[line]) : null;
    }

    // Actions; each returns true, which tells the keyboard that the key is used up.

    filter(text) {
      const before = this.parsed_filter();
      if (before.problem) this.settled ??= this.state.kept_filter;
      else if (is_settled(before.filter, this.mask)) this.settled = before.text;
      this.state.filter = text;
      this.change({ filter: text, kept_filter: this.parsed_filter().problem ? (this.settled ?? "") : "" });
    }

    sort(column, extend) {
      if (column.kind === "curve") return true; // shapes have no order
      this.change({ sort: table_state.next_sort(this.state.sort, column, extend) });
      return true;
    }

    is_shown(column) { return table_view.shown_columns(this.table, { ...this.state, hides_constants: false }).includes(column); }

    set_columns(columns) {
      const ids = columns.map(({ id }) => id);
      const usual = this.table.columns.filter((column) => column.shown).map(({ id }) => id);
      this.change({ columns: table_state.join_ids(ids) === table_state.join_ids(usual) ? [] : ids });
    }

    shown() { return table_view.shown_columns(this.table, { ...this.state, hides_constants: false }); }

    toggle_column(column) { this.set_columns(table_state.toggle_column(this.shown(), this.table.column_of.get(column.id))); }

    move(column, by) {
      if (this.state.group.length) return true;
      // Constants that are hidden are passed over.
      const [all, seen] = [this.shown(), this.view.columns].map((columns) => columns.map(({ id }) => id));
      const onto = seen[Math.max(0, Math.min(seen.length - 1, seen.indexOf(column.id) + by))];
      const ids = table_state.move_column(all, column.id, all.indexOf(onto) - all.indexOf(column.id));
      this.state.pinned = this.state.pinned.filter((id) => id !== column.id);
      this.set_columns(ids.map((id) => this.table.column_of.get(id)));
      this.focus_column(column);
      return true;
    }

    pin(column) {
      const { pinned } = this.state;
      this.change({ pinned: pinned.includes(column.id) ? pinned.filter((id) => id !== column.id) : [...pinned, column.id] });
    }

    resize(column, by) {
      const place = this.grid.columns.findIndex(({ id }) => id === column.id);
      const width = table_state.clamp_width(this.grid.widths[place] + by);
      this.grid.widths[place] = width;
      this.grid.set_widths();
      this.state.widths = new Map(this.state.widths).set(column.id, width);
      runsite.fragment.set("width", table_state.state_pairs(this.state).find(([name]) => name === "width")[1]);
      return true;
    }

    open_menu(column) {
      const place = this.grid.columns.findIndex(({ id }) => id === column.id);
      runsite.table_menus.open_column_menu(this, column, this.grid.heads[place]);
      return true;
    }

    focus_column(column) {
      const place = this.grid.columns.findIndex(({ id }) => id === column.id);
      this.keys.go([-1, Math.max(0, place)]);
    }

    start_filter(column) {
      const { filter } = this.state;
      const value = column.is_numeric ? "> " : "= ";
      this.box.input.value = `${filter.trim() ? `${filter.trim()} and ` : ""}${runsite.quote_name(column.id)} ${value}`;
      this.box.input.focus();
      this.filter(this.box.input.value);
    }

    fold(line) {
      this.change({ toggled: table_state.toggled(this.state.toggled, this.key_of(line)) });
      return true;
    }

    // A run, or all runs of a group. With shift, all runs between the one selected last and this one.
    select(line, extend = false) {
      const lines = [...this.view.lines];
      const [from, to] = [lines.indexOf(this.selected_last), lines.indexOf(line)].sort((a, b) => a - b);
      let selected = table_state.toggled_all(this.state.selected, this.keys_of(line));
      if (extend && from >= 0) selected = new Set([...this.state.selected, ...lines.slice(from, to + 1).filter((each) => each >= 0).map((row) => this.table.keys[row])]);
      this.selected_last = line;
      this.change({ selected });
      return true;
    }

    compare(line) {
      const row = line < 0 ? this.view.groups[table_lines.group_of(line)].rows[0] : line;
      this.change({ baseline: this.answers().is_baseline(line) ? "" : this.table.keys[row] });
      return true;
    }

    // Curves: the runs that the rule draws, and what the reader says of single ones.

    draw(line) {
      if (line >= 0 && this.answers().look(line)) this.change({ drawn: this.curves.toggled(this.state.drawn, this.table.keys[line]) });
      return true;
    }

    draw_curves() {
      this.curves.draw(this.state.drawn, { filter: (text) => this.filter(text), draw_only: (keys) => this.change({ drawn: this.curves.only(keys) }) });
      this.grid.refill();
    }

    lift(line) { this.curves.lift(line); }

    is_best_value(column, value, line) {
      return column.best_value !== undefined && value === column.best_value && (line < 0) === Boolean(column.group_values);
    }

    // The table as it is seen, for taking it away: whole, not only the rows in sight.
    seen() {
      const columns = this.view.columns.filter(({ kind }) => kind !== "curve");
      const { now } = this.grid;
      const rows = [...this.view.lines].map((line) => columns.map((column) => {
        const value = table_lines.line_value(column, line);
        const text = table_view.cell_text(column, value, now);
        return { value, text: text || (column.id === "name" ? String(value) : text), best: this.is_best_value(column, value, line) };
      }));
      return { columns: columns.map(({ id, label, detail, is_numeric }) => ({ id, label, detail, is_numeric })), rows };
    }
  }

  // Whether a filter can be what a wrong one falls back to: a word beside conditions is one that is still being typed, and
  // so is a word that no name holds.
  const is_settled = ({ has_words, paths }, mask) => !has_words || (!paths.length && mask.includes(1));

  const pinned_count = (shown, pinned) => shown.filter(({ id }) => id !== "name" && pinned.includes(id)).length;

  function unknown_problem({ name, start, end, nearest }) {
    return { problem: `no run has ${name}${nearest ? `; did you mean ${nearest}?` : ""}`, start, end };
  }

  async function start_table(section) {
    const { table, load_more } = await data.load_table(section.dataset);
    const run_table = new RunTable(section, table, load_more);
    run_table.start();
    return run_table;
  }

  function start_tables() {
    runsite.run_tables = [...document.querySelectorAll(".run_table[data-src]")].map((section) => data.renewable(() => start_table(section)));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start_tables);
  else start_tables();
})();
