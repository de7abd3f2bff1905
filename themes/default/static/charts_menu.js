// The small menu of a chart: its Vega-Lite spec, SVG, PNG and data, made in the browser.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const TYPES = { json: "application/json", svg: "image/svg+xml", csv: "text/csv" };
  const text_blob = (text, ending) => new Blob([text], { type: `${TYPES[ending]};charset=utf-8` });

  // Each file: what the button says, the file's ending, and how it is made. The card has been drawn by then.
  const FILES = [
    ["Vega-Lite spec", "vl.json", (card) => text_blob(
      `${JSON.stringify(charts.vega_lite_spec(card.specs.vega_lite, card.chart()), null, 1)}\n`, "json")],
    ["SVG", "svg", async (card) => text_blob(await charts.svg_text(card.vega, card.specs.vega, card.chart()), "svg")],
    ["PNG", "png", (card) => charts.png_blob(card.vega, card.specs.vega, card.chart())],
    ["CSV", "csv", (card) => text_blob(card.csv(), "csv")],
  ];

  function download(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    // Some browsers read the address after the click has returned.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  function file_button(card, [label, ending, make]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", async () => {
      await card.draw();
      if (card.view) download(await make(card), charts.file_name(card.metric.name, ending));
      card.menu.open = false;
    });
    return button;
  }

  // Adds the menu to a card: a `details`, which needs no script to open, closes on Escape and on a click elsewhere.
  function add_menu(card) {
    const menu = Object.assign(document.createElement("details"), { className: "chart_menu" });
    const summary = Object.assign(document.createElement("summary"), { textContent: "⋯", title: "Take it away" });
    summary.setAttribute("aria-label", `Take the chart of ${card.metric.label} away`);
    const list = document.createElement("div");
    list.append(...FILES.map((file) => file_button(card, file)));
    menu.append(summary, list);
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      summary.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
    card.figure.append(menu);
    return menu;
  }

  Object.assign(charts, { add_menu });
})();
