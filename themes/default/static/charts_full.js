// One card at full size, in a dialog: Escape and a button close it, and the focus goes back to where it came from.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  // Eight a pixel of a large screen: more look the same, and take longer than a reader waits without noticing.
  const MOST_POINTS = 10_000;

  // The card itself moves into the dialog: zoom, menu and what is being read go with it.
  function show_full(section, card, button) {
    const { figure } = card;
    if (figure.closest("dialog")) return figure.closest("dialog").close();
    const dialog = Object.assign(document.createElement("dialog"), { className: "full_chart" });
    const close = Object.assign(document.createElement("button"), { type: "button", className: "full_close", textContent: "Close", title: "Back to all charts (Escape)" });
    close.addEventListener("click", () => dialog.close());
    const head = Object.assign(document.createElement("div"), { className: "full_head" });
    head.append(...full_legend(section, card), close);
    dialog.append(head, figure, section.tooltip.box);
    dialog.addEventListener("close", () => {
      section.full = null;
      // A metric that is gone has no place any more.
      if (section.cards.get(figure) === card) section.shelf.take_back(figure);
      document.body.append(section.tooltip.box);
      dialog.remove();
      document.dispatchEvent(new CustomEvent("runsite:full"));
      card.change_budget(undefined);
      button.focus({ preventScroll: true });
    });
    section.full = { dialog, card };
    dialog.setAttribute("aria-label", card.metric.label);
    section.root.append(dialog);
    dialog.showModal();
    document.dispatchEvent(new CustomEvent("runsite:full"));
    card.change_budget(Math.max(charts.point_budget(card.lines?.length || 1), Math.floor(MOST_POINTS / (card.lines?.length || 1))));
    return card.plot.focus({ preventScroll: true });
  }

  // The runs that a section draws, of which the one pointed at stands out; a single one is not listed.
  function full_legend(section, card) {
    const legend = section.legend()?.cloneNode(true);
    for (const item of legend?.querySelectorAll("[data-run]") ?? []) {
      item.addEventListener("pointerenter", () => card.hover.highlight(item.dataset.run));
      item.addEventListener("pointerleave", () => card.hover.highlight(null));
    }
    return legend ? [legend] : [];
  }

  // Other runs may be drawn by now, or the metric called otherwise.
  function renew_full(section) {
    if (!section.full) return undefined;
    const { dialog, card } = section.full;
    if (section.cards.get(card.figure) !== card) return dialog.close();
    dialog.setAttribute("aria-label", card.metric.label);
    dialog.querySelector(".full_head > .chart_legend")?.remove();
    return dialog.querySelector(".full_head").prepend(...full_legend(section, card));
  }

  Object.assign(charts, { show_full, renew_full });
})();
