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
    dialog.setAttribute("aria-label", card.metric.label);
    const home = figure.parentNode.insertBefore(document.createComment(""), figure);
    const close = Object.assign(document.createElement("button"), { type: "button", className: "full_close", textContent: "Close", title: "Back to all charts (Escape)" });
    close.addEventListener("click", () => dialog.close());
    const head = Object.assign(document.createElement("div"), { className: "full_head" });
    const legend = section.legend()?.cloneNode(true);
    head.append(...(legend ? [legend] : []), close);
    dialog.append(head, figure, section.tooltip.box);
    dialog.addEventListener("close", () => {
      home.replaceWith(figure);
      document.body.append(section.tooltip.box);
      dialog.remove();
      card.change_budget(undefined);
      button.focus({ preventScroll: true });
    });
    for (const item of legend?.querySelectorAll("[data-run]") ?? []) {
      item.addEventListener("pointerenter", () => card.hover.highlight(item.dataset.run));
      item.addEventListener("pointerleave", () => card.hover.highlight(null));
    }
    section.root.append(dialog);
    dialog.showModal();
    card.change_budget(Math.max(charts.point_budget(card.lines?.length || 1), Math.floor(MOST_POINTS / (card.lines?.length || 1))));
    return card.plot.focus({ preventScroll: true });
  }

  Object.assign(charts, { show_full });
})();
