// What stands above a run table: the filter with its suggestions, the tabs of named views, what can be taken away.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { element, button, start_menu } = runsite.table_parts;

  // So many characters of a filter are shown on each side of what is wrong.
  const SHOWN_AROUND = 24;

  // The filter: applied with every key. One that cannot be read says where and what, and the last good view stays.
  class FilterBox {
    constructor(section, control) {
      Object.assign(this, { control, chosen: -1, hints: [] });
      this.input = section.querySelector(".run_table_filter");
      this.error = section.querySelector(".filter_error");
      this.list = section.querySelector(".filter_hints");
      section.querySelector(".filter_box").hidden = false;
      this.input.addEventListener("input", () => {
        control.filter(this.input.value);
        if (this.input.value) this.suggest();
        else this.hide_hints();
      });
      this.input.addEventListener("keydown", (event) => this.pressed(event));
      this.input.addEventListener("blur", () => this.hide_hints());
      this.list.addEventListener("pointerdown", (event) => {
        const item = event.target.closest("[role=option]");
        if (item) this.take(Number(item.dataset.place));
        event.preventDefault();
      });
    }

    show(text, problem) {
      if (this.input.value !== text) this.input.value = text;
      this.input.ariaInvalid = String(Boolean(problem));
      this.error.replaceChildren(...(problem ? this.problem_parts(text, problem) : []));
      this.error.hidden = !problem;
    }

    // The filter with what is wrong in it marked, and the sentence.
    problem_parts(text, { problem, start, end }) {
      const mark = element("mark", { textContent: text.slice(start, end) || "\u00a0\u00a0" });
      const [from, to] = [Math.max(0, start - SHOWN_AROUND), Math.max(end, start) + SHOWN_AROUND];
      const shown = element("code", {}, [`${from ? "…" : ""}${text.slice(from, start)}`, mark, `${text.slice(Math.max(end, start), to)}${to < text.length ? "…" : ""}`]);
      return [`At character ${start + 1}: ${problem}${problem.endsWith("?") ? "" : "."} The last view that could be read stays. `, shown];
    }

    suggest() {
      const ids = this.control.table.columns.filter(({ kind }) => kind !== "curve").map(({ id }) => id);
      this.hints = runsite.complete_filter(this.input.value, this.input.selectionStart ?? 0, ids);
      this.chosen = -1;
      this.list.replaceChildren(...this.hints.map(({ label }, place) => {
        const item = element("li", { role: "option", id: `${this.list.id}-${place}`, textContent: label, ariaSelected: "false" });
        item.dataset.place = place;
        return item;
      }));
      this.list.hidden = !this.hints.length;
      this.list.style.top = this.error.hidden ? "" : `${this.error.getBoundingClientRect().bottom - this.input.getBoundingClientRect().top + 2}px`;
      this.input.ariaExpanded = String(Boolean(this.hints.length));
      this.input.removeAttribute("aria-activedescendant");
    }

    hide_hints() {
      this.list.hidden = true;
      this.input.ariaExpanded = "false";
      this.input.removeAttribute("aria-activedescendant");
    }

    choose(place) {
      const items = [...this.list.children];
      this.chosen = (place + items.length) % items.length;
      items.forEach((item, index) => { item.ariaSelected = String(index === this.chosen); });
      items[this.chosen].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", items[this.chosen].id);
    }

    take(place) {
      const { insert, start, end } = this.hints[place];
      const { value } = this.input;
      this.input.value = value.slice(0, start) + insert + value.slice(end);
      this.input.setSelectionRange(start + insert.length, start + insert.length);
      this.input.focus();
      this.control.filter(this.input.value);
      this.suggest();
    }

    pressed(event) {
      const open = !this.list.hidden && this.hints.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!open) this.suggest();
        if (this.hints.length) this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : this.chosen < 0 ? 0 : -1));
      } else if ((event.key === "Enter" || event.key === "Tab") && open && this.chosen >= 0) this.take(this.chosen);
      else if (event.key === "Escape" && open) this.hide_hints();
      else return;
      event.preventDefault();
    }
  }

  // Tabs of the views that the settings name; "All" is the table as it came.
  class Tabs {
    constructor(section, control) {
      Object.assign(this, { control, nav: section.querySelector(".run_table_views") });
      this.renew();
    }

    // The views may be others when the data came again.
    renew() {
      const { control } = this;
      const { views, sorted_by } = control.table.head;
      this.sorted_by = sorted_by;
      this.nav.hidden = !views.length;
      const said = JSON.stringify(views);
      if (said === this.said) return;
      this.said = said;
      this.links = [["All", []], ...views].map(([name, pairs]) => {
        const link = element("a", { textContent: name, href: runsite.format_fragment(new Map(pairs)) || "#" });
        link.addEventListener("click", (event) => { event.preventDefault(); control.show_view(pairs); });
        return [link, pairs];
      });
      this.nav.replaceChildren(...this.links.map(([link]) => link));
    }

    mark() {
      for (const [link, pairs] of this.links) {
        if (runsite.table_state.is_view((name) => runsite.fragment.get(name), pairs, this.sorted_by)) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }

  // Take away: the table as it is seen, as text.
  const FORMATS = [
    ["CSV", "csv", "text/csv", "to_csv"],
    ["JSON", "json", "application/json", "to_json"],
    ["Markdown", "md", "text/markdown", "to_markdown"],
    ["LaTeX (booktabs)", "tex", "text/x-tex", "to_latex"],
  ];

  function save(text, name, type) {
    const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // Copies a text; where the browser does not let us (a page opened from a file may not), through a field.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = element("textarea", { value: text, className: "visually_hidden" });
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  function copy_button(label, make) {
    const made = button("copy", async () => {
      made.textContent = (await copy(make())) ? "copied" : "not allowed";
      setTimeout(() => { made.textContent = "copy"; }, 2000);
    }, { ariaLabel: `Copy ${label}` });
    return made;
  }

  function start_take_away(section, control) {
    const name = section.dataset.table.replace(/[^a-zA-Z0-9_-]+/g, "-") || "runs";
    const row = (text, buttons) => element("div", { className: "take_away_row" }, [element("span", { textContent: text }), ...buttons]);
    start_menu(section.querySelector(".run_table_take_away"), (content) => {
      const rows = FORMATS.map(([label, suffix, type, make]) => row(label, [
        copy_button(`the table as ${label}`, () => runsite.table_export[make](control.seen())),
        button("save", () => save(runsite.table_export[make](control.seen()), `${name}.${suffix}`, type), { ariaLabel: `Save the table as ${label}` }),
      ]));
      content.replaceChildren(...rows, row("Link to this view", [copy_button("the link to this view", () => location.href)]));
    });
  }

  runsite.table_tools = { FilterBox, Tabs, start_take_away };
})();
