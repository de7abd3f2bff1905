// Which cards of a section are seen, and where: searched, pinned, folded. The address keeps what is chosen.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // Whether a metric is called by every word that is searched for.
  function is_called({ name, label }, search) {
    const said = `${name} ${label}`.toLowerCase();
    return search.toLowerCase().split(/\s+/).every((word) => said.includes(word));
  }

  // The groups that the address folds: of those on the page, [[prefix, is_open], ...], the closed ones; others as it said.
  function folded_prefixes(said, groups) {
    const open_of = new Map(groups);
    return [...said.filter((prefix) => !open_of.get(prefix)), ...groups.flatMap(([prefix, is_open]) => (is_open || said.includes(prefix) ? [] : [prefix]))];
  }

  function head_button(name, text, title, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: `head_button ${name}`, textContent: text, title });
    button.addEventListener("click", act);
    return button;
  }

  class Shelf {
    constructor(section) {
      const { root } = section;
      Object.assign(this, { section, root, homes: new Map(), pins: new Map(), is_moved: false });
      this.nothing = Object.assign(document.createElement("p"), { className: "chart_reason", textContent: "No chart is called that", hidden: true });
      this.pinned_grid = Object.assign(document.createElement("div"), { className: "chart_grid pinned_charts", hidden: true });
    }

    // Both may come and go while the page is open.
    get groups() { return [...this.root.querySelectorAll("details.chart_group")]; }

    get quiet() { return this.root.querySelector(".quiet_charts"); }

    start() {
      const first = this.root.querySelector("details.chart_group, .chart_grid");
      first?.before(this.nothing, this.pinned_grid);
      for (const [figure, card] of this.section.cards) this.add(figure, card);
      this.root.addEventListener("runsite:moved", (event) => this.move(event));
      this.root.addEventListener("toggle", ({ target }) => target.matches("details.chart_group") && this.fold(), true);
      this.read();
    }

    // Takes a card in, which may come while the page is open.
    add(figure, card) {
      this.homes.set(figure, figure.parentNode.insertBefore(document.createComment(""), figure.nextSibling));
      const pin = head_button("chart_pin", "☆", "Pin: shown first", () => this.toggle_pin(card));
      const full = head_button("chart_full", "⤢", "Full screen", () => charts.show_full(this.section, card, full));
      this.pins.set(card, pin);
      figure.querySelector(".chart_head").append(pin, full);
      this.name(card);
    }

    let_go(figure, card) {
      this.homes.get(figure).remove();
      this.homes.delete(figure);
      this.pins.delete(card);
    }

    // A card's place is another while the page is open: it goes there, unless it is pinned or at full size.
    move(event) {
      const { detail: figure, target: place } = event;
      const home = this.homes.get(figure);
      if (!home) return;
      event.preventDefault();
      place.replaceWith(...(figure.parentNode === home.parentNode ? [figure, home] : [home]));
      this.is_moved = true;
    }

    name({ figure, metric: { label } }) {
      figure.querySelector(".chart_pin").setAttribute("aria-label", `Pin the chart of ${label}`);
      figure.querySelector(".chart_full").setAttribute("aria-label", `Show the chart of ${label} at full size`);
    }

    read() {
      const { get } = runsite.fragment;
      this.search = get("find_chart") ?? "";
      this.pinned = runsite.split_ids(get("pin_charts"));
      this.show_folded();
      this.show();
    }

    show_folded() {
      const folded = new Set(runsite.split_ids(runsite.fragment.get("folded")));
      for (const group of this.groups) group.open = !folded.has(group.dataset.prefix);
    }

    // The cards of the metrics that the address names, all where it names none; of these the ones searched for.
    show() {
      this.is_moved = false;
      const wanted = runsite.split_ids(runsite.fragment.get("charts"));
      const { cards } = this.section;
      for (const [figure, { metric }] of cards) {
        figure.hidden = (wanted.length > 0 && !wanted.includes(metric.name)) || !is_called(metric, this.search);
      }
      this.place();
      if (this.search && this.quiet && !this.quiet.hidden) this.quiet.open = true;
      this.nothing.hidden = [...cards.keys()].some((figure) => !figure.hidden);
    }

    // What holds no card that is seen is not seen either.
    place() {
      this.place_pinned();
      const seen = (box) => [...box.querySelectorAll(".metric_chart")].some((figure) => !figure.hidden);
      for (const box of [...this.groups, this.quiet, this.pinned_grid]) if (box) box.hidden = !seen(box);
    }

    // A card that was shown at full size stands where it belongs by now.
    take_back(figure) {
      this.homes.get(figure).before(figure);
      this.place();
    }

    // Pinned cards stand first, in the order in which they were pinned; each finds back to its place. One at full size
    // stays there.
    place_pinned() {
      const figure_of = new Map([...this.section.cards].map(([figure, card]) => [card.metric.name, figure]));
      const pinned = this.pinned.map((name) => figure_of.get(name)).filter((figure) => figure && figure !== this.section.full?.card.figure);
      for (const figure of [...this.pinned_grid.children]) if (!pinned.includes(figure)) this.homes.get(figure).before(figure);
      if (pinned.some((figure, place) => this.pinned_grid.children[place] !== figure)) this.pinned_grid.append(...pinned);
      for (const [card, button] of this.pins) {
        const is_pinned = this.pinned.includes(card.metric.name);
        button.textContent = is_pinned ? "★" : "☆";
        button.setAttribute("aria-pressed", String(is_pinned));
      }
    }

    toggle_pin({ metric: { name } }) {
      const pinned = this.pinned.includes(name) ? this.pinned.filter((other) => other !== name) : [...this.pinned, name];
      const focused = document.activeElement;
      runsite.fragment.set("pin_charts", runsite.join_ids(pinned));
      this.pinned = pinned;
      this.place();
      focused?.focus?.({ preventScroll: true }); // moving a card takes the focus away
    }

    find(search) {
      this.search = search;
      runsite.fragment.set("find_chart", search.trim());
      this.show();
    }

    fold() {
      const said = runsite.fragment.get("folded") ?? "";
      const folded = runsite.join_ids(folded_prefixes(runsite.split_ids(said), this.groups.map(({ dataset, open }) => [dataset.prefix, open])));
      if (folded !== said) runsite.fragment.set("folded", folded);
    }
  }

  const exports = { is_called, folded_prefixes };
  Object.assign(charts, exports, { Shelf });
  if (typeof module !== "undefined") module.exports = exports;
})();
