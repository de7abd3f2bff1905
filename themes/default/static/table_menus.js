// The menus of a run table: which columns are shown, how runs are grouped, what can be done with one column.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { element } = runsite.table_parts;
  // A list of all is of no use; the search finds what is beyond.
  const MAX_LISTED = 120;
  const AGGREGATES = ["best", "last", "min", "max", "mean", "first", "curve"];
  const STATISTIC_NAMES = { mean: "mean", ci: "95 % interval", sd: "standard deviation", min: "least", max: "greatest" };

  const button = (text, act, more = {}) => {
    const made = element("button", { type: "button", textContent: text, ...more });
    made.addEventListener("click", act);
    return made;
  };

  // A box in its label; its name tells it from the others of its menu.
  function check(text, checked, act, { name = text, ...more } = {}) {
    const box = element("input", { type: "checkbox", name, checked });
    box.addEventListener("change", () => act(box.checked));
    return element("label", more, [box, ` ${text}`]);
  }

  // Makes a <details> close by Escape and by a click elsewhere, and fills it when it is opened.
  function start_menu(menu, fill) {
    menu.hidden = false;
    const content = menu.querySelector(".table_menu_content");
    menu.addEventListener("toggle", () => menu.open && fill(content));
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    const leave = (to) => { if (!menu.contains(to)) menu.open = false; };
    menu.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && leave(relatedTarget));
    document.addEventListener("pointerdown", ({ target }) => leave(target));
  }

  // Fills a menu, or a part of one, anew; the focus stays on the same control, and what is scrolled to stays.
  function refill(place, parts) {
    const name_of = ({ name, textContent }) => name || textContent;
    const focused = place.contains(document.activeElement) && name_of(document.activeElement);
    const box = place.closest(".table_menu_content");
    const { scrollTop } = box;
    place.replaceChildren(...parts);
    if (focused) [...place.querySelectorAll("button, input")].find((control) => name_of(control) === focused)?.focus({ preventScroll: true });
    box.scrollTop = scrollTop;
  }

  // What a menu says, and which of its boxes are checked.
  const said_by = (place) => place.innerHTML + [...place.querySelectorAll("input")].map(({ checked }) => checked);

  // The same for data that came again: what says nothing else than before is left as it is, for it may be being clicked.
  function renew(place, parts) {
    if (place && said_by(element("div", {}, parts)) !== said_by(place)) refill(place, parts);
  }

  function fieldset(title, children) {
    return children.length ? element("fieldset", {}, [element("legend", { textContent: title }), ...children]) : "";
  }

  function listed(columns, make) {
    const more = columns.length - MAX_LISTED;
    const rest = more > 0 ? [element("p", { className: "muted", textContent: `and ${runsite.format_count(more)} more: search for them` })] : [];
    return [...columns.slice(0, MAX_LISTED).map(make), ...rest];
  }

  // Columns.

  class ColumnMenu {
    constructor(menu, control) {
      Object.assign(this, { menu, control, search: "" });
      start_menu(menu, (content) => this.fill(content));
    }

    // Takes up data that came again while it is open.
    renew() {
      if (this.menu.open) renew(this.menu.querySelector(".found_columns"), this.sections());
    }

    fill(content) {
      const search = element("input", { type: "search", placeholder: "Search columns…", ariaLabel: "Search columns", value: this.search, className: "menu_search" });
      const found = element("div", { className: "found_columns" });
      search.addEventListener("input", () => { this.search = search.value; found.replaceChildren(...this.sections()); });
      const { state } = this.control;
      const constants = check("Hide columns in which all runs agree", state.hides_constants, (hides_constants) => this.control.change({ hides_constants }));
      const usual = button("Back to the usual columns", () => { this.control.change({ columns: [], pinned: [], widths: new Map(), hides_constants: false }); this.fill(content); });
      content.replaceChildren(search, constants, found, usual);
      found.replaceChildren(...this.sections());
      search.focus();
    }

    sections() {
      const { table } = this.control;
      const found = runsite.table_view.search_columns(table.columns.filter(({ id }) => id !== "name"), this.search);
      const of = (group) => found.filter((column) => column.group === group);
      const metrics = of("metric");
      const params = of("param");
      const sections = [
        fieldset("Metrics", this.metric_rows(metrics.filter(({ anchor }) => !anchor))),
        fieldset("Params that vary", listed(params.filter((column) => !column.is_constant), (column) => this.choice(column))),
        fieldset("Run", listed(of("run"), (column) => this.choice(column))),
        fieldset("Tags", listed(of("tag"), (column) => this.choice(column))),
        fieldset("Params that are the same in all runs", listed(params.filter((column) => column.is_constant), (column) => this.choice(column))),
        fieldset("Metrics at the best step of another", listed(metrics.filter(({ anchor }) => anchor), (column) => this.choice(column))),
      ].filter(Boolean);
      return sections.length ? sections : [element("p", { className: "muted", textContent: "No column has such a name" })];
    }

    choice(column) {
      const detail = element("span", { className: "column_detail", textContent: column.detail });
      const made = check(`${column.label} `, this.control.is_shown(column), () => this.control.toggle_column(column), { title: column.title, name: column.id });
      made.append(detail);
      return made;
    }

    // One line for each metric, with a switch for each of its columns.
    metric_rows(columns) {
      const metrics = new Map();
      for (const column of columns) metrics.set(column.metric, [...(metrics.get(column.metric) ?? []), column]);
      return listed([...metrics], ([name, own]) => {
        const ordered = AGGREGATES.map((aggregate) => own.find((column) => column.aggregate === aggregate)).filter(Boolean);
        const switches = ordered.map((column) => check(column.aggregate, this.control.is_shown(column), () => this.control.toggle_column(column), { title: column.title, name: column.id }));
        const row = element("div", { className: "metric_choice", role: "group", ariaLabel: name }, [element("span", { className: "metric_name", textContent: own[0].label, title: name }), ...switches]);
        return row;
      });
    }
  }

  // Groups.

  class GroupMenu {
    constructor(menu, control) {
      Object.assign(this, { menu, control });
      start_menu(menu, (content) => content.replaceChildren(...this.parts(content)));
    }

    // Takes up data that came again while it is open.
    renew() {
      const content = this.menu.querySelector(".table_menu_content");
      if (this.menu.open) renew(content, this.parts(content));
    }

    parts(content) {
      const { state, table } = this.control;
      const { REPEATS } = runsite.table_lines;
      const set = (group) => { this.control.change({ group, toggled: new Set() }); refill(content, this.parts(content)); };
      const seeds = button("Same but for the seed", () => set([REPEATS]), { ariaPressed: String(state.group.includes(REPEATS)) });
      const none = button("No groups", () => set([]), { ariaPressed: String(!state.group.length) });
      const choices = table.columns.filter((column) => ["param", "tag"].includes(column.group) && !column.is_constant);
      const toggle = ({ id }) => {
        const others = state.group.filter((other) => other !== REPEATS);
        set(others.includes(id) ? others.filter((other) => other !== id) : [...others, id]);
      };
      const choice = (column) => check(`${column.label}${column.group === "tag" ? " (tag)" : ""}`, state.group.includes(column.id), () => toggle(column), { name: column.id });
      const statistics = Object.entries(STATISTIC_NAMES).map(([name, text]) => check(text, state.statistics.includes(name), () => this.toggle_statistic(name)));
      return [
        element("div", { className: "menu_buttons" }, [none, seeds]),
        element("p", { className: "muted", textContent: this.rule_words() }),
        fieldset("By the values of", listed(choices, choice)),
        fieldset("Figures of each metric", statistics),
      ];
    }

    toggle_statistic(name) {
      const { statistics } = this.control.state;
      const chosen = runsite.table_state.STATISTICS.filter((other) => (other === name) !== statistics.includes(other));
      if (chosen.length) this.control.change({ statistics: chosen });
    }

    // Which params tell repeats apart, and why; what is averaged.
    rule_words() {
      const ignored = this.control.table.head.repeats.ignored.map(([name, reason]) => `${name} (${reason})`);
      const rule = ignored.length ? `Repeats differ in ${ignored.join(", ")} alone.` : "No param looks like a seed: repeats agree in all params.";
      return `${rule} Runs that finished are averaged; the others are counted.`;
    }
  }

  // The menu of one column.

  function column_actions(control, column) {
    const is_param = ["param", "tag"].includes(column.group) && !control.state.group.length;
    const is_name = column.id === "name";
    const is_pinned = control.state.pinned.includes(column.id);
    const can_change = !is_name && !control.state.group.length;
    const has_values = column.kind !== "curve"; // a shape has no order, and no filter reads it
    const by = (direction) => () => control.change({ sort: [{ id: column.id, descending: direction === "descending" }] });
    return [
      has_values && ["Sort ascending", by("ascending")],
      has_values && ["Sort descending", by("descending")],
      has_values && ["Sort by this too", () => control.sort(column, true)],
      can_change && [is_pinned ? "Unpin" : "Pin at the left", () => control.pin(column)],
      can_change && ["Move left", () => control.move(column, -1)],
      can_change && ["Move right", () => control.move(column, 1)],
      ["Wider", () => control.resize(column, 32)],
      ["Narrower", () => control.resize(column, -32)],
      is_param && ["Group by this", () => control.change({ group: [column.id], toggled: new Set() })],
      has_values && !is_name && !column.statistic && column.id !== "n" && ["Filter by this…", () => control.start_filter(column)],
      can_change && ["Hide", () => control.toggle_column(column)],
    ].filter(Boolean);
  }

  // Opens below a header; gives the focus back when it closes.
  function open_column_menu(control, column, head) {
    const { section } = control;
    section.querySelector(".column_actions")?.remove();
    const menu = element("div", { className: "column_actions", role: "menu", ariaLabel: `${column.label} ${column.detail}` });
    const close = ({ back }) => {
      menu.remove();
      document.removeEventListener("pointerdown", leave, true);
      if (back) control.focus_column(column);
    };
    const leave = (event) => menu.contains(event.target) || close({ back: false });
    for (const [text, act] of column_actions(control, column)) {
      menu.append(button(text, () => { close({ back: true }); act(); }, { role: "menuitem", tabIndex: -1 }));
    }
    menu.addEventListener("keydown", (event) => {
      const items = [...menu.children];
      const at = items.indexOf(document.activeElement);
      const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at + items.length - 1) % items.length, Home: 0, End: items.length - 1 }[event.key];
      if (to !== undefined) items[to].focus();
      else if (event.key === "Escape" || event.key === "Tab") close({ back: true });
      else return;
      event.preventDefault();
    });
    section.append(menu);
    const [at, around] = [head.getBoundingClientRect(), section.getBoundingClientRect()];
    menu.style.left = `${Math.max(0, Math.min(at.left - around.left, around.width - menu.offsetWidth))}px`;
    menu.style.top = `${at.bottom - around.top}px`;
    document.addEventListener("pointerdown", leave, true);
    menu.firstChild.focus();
  }

  Object.assign(runsite.table_parts, { button, start_menu });
  runsite.table_menus = { ColumnMenu, GroupMenu, open_column_menu };
})();
