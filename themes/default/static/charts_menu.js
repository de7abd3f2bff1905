// The small menu of a chart: its Vega-Lite spec, SVG, PNG and data, made in the browser; its link, and the command that
// draws it for a paper.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const TYPES = { json: "application/json", svg: "image/svg+xml", csv: "text/csv" };
  const text_blob = (text, ending) => new Blob([text], { type: `${TYPES[ending]};charset=utf-8` });

  // Each file: what the button says, the file's ending, and how it is made. The card has been drawn by then, if it can be.
  const FILES = [
    ["Vega-Lite spec", "vl.json", (card) => text_blob(
      `${JSON.stringify(charts.vega_lite_spec(card.specs.vega_lite, card.chart()), null, 1)}\n`, "json")],
    ["SVG", "svg", async (card) => text_blob(await charts.svg_text(card.vega, card.specs.vega, card.chart()), "svg")],
    ["PNG", "png", (card) => charts.png_blob(card.vega, card.specs.vega, card.chart())],
    ["CSV", "csv", (card) => text_blob(card.csv(), "csv")],
  ];

  // The view as it is seen, with the chart that is meant: `runsite figure` draws it, and the page goes to it.
  function chart_link(address, name) {
    const [page, hash] = address.split("#");
    return page + runsite.format_fragment(runsite.parse_fragment(hash ?? "").set("chart", name));
  }

  // As a POSIX shell reads it.
  const shell_word = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const figure_command = (link, name) => `runsite figure ${shell_word(link)} -o ${shell_word(charts.file_name(name, "pdf"))}`;

  // Each text to copy: what the button says, and how it is made of the page's address and the chart's name.
  const COPIES = [
    ["Copy link", chart_link],
    ["Copy figure command", (address, name) => figure_command(chart_link(address, name), name)],
  ];

  function copy_button(card, [label, make]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(make(location.href, card.chart_name ?? card.metric.name)).then(
        () => { button.textContent = "Copied"; },
        () => { button.textContent = "Not allowed here"; },
      );
      setTimeout(() => { button.textContent = label; card.menu.open = false; }, 900);
    });
    return button;
  }

  function download(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    // Some browsers read the address after the click has returned.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  // The points of a metric are there where they cannot be drawn; after a failure they may be those of an earlier view.
  const has_points = ({ full, is_stale }) => Boolean(!is_stale && (full?.lines.length || full?.rows.others.length));
  const can_make = (card, ending) => Boolean(card.view) || (ending === "csv" && has_points(card));

  function file_button(card, [label, ending, make]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", async () => {
      Object.assign(button, { textContent: label, title: "" });
      try {
        await card.draw();
        if (!can_make(card, ending)) throw new Error("nothing is drawn");
        download(await make(card), charts.file_name(card.metric.name, ending));
        card.menu.open = false;
      } catch ({ message }) {
        Object.assign(button, { textContent: `${label} could not be made`, title: message });
      }
    });
    return button;
  }

  // Adds the menu to a card: a `details`, which needs no script to open, closes on Escape and on a click elsewhere.
  function add_menu(card) {
    const menu = Object.assign(document.createElement("details"), { className: "chart_menu" });
    const summary = Object.assign(document.createElement("summary"), { textContent: "⋯", title: "Take it away" });
    const list = document.createElement("div");
    list.append(...(card.files?.() ?? FILES).map((file) => file_button(card, file)));
    if (navigator.clipboard) list.append(...COPIES.map((copy) => copy_button(card, copy)));
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
    name_menu(card);
    return menu;
  }

  function name_menu({ figure, metric }) {
    figure.querySelector(".chart_menu > summary").setAttribute("aria-label", `Take the chart of ${metric.label} away`);
  }

  const exports = { can_make, add_menu, name_menu, text_blob, chart_link, figure_command };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
