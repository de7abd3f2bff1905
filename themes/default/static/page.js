// What every page has: colours, times, statuses, the list of contents, copy buttons, frames for HTML files.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});

  // The section being read: the last whose top has passed the line, else the first.
  function current_section(tops, line) {
    const passed = tops.filter((top) => top <= line).length;
    return Math.max(0, passed - 1);
  }

  function start_theme_switch() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "theme_switch";
    const current = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
    const show = () => {
      const other = current() === "dark" ? "light" : "dark";
      button.textContent = other === "dark" ? "☾" : "☀";
      button.title = button.ariaLabel = `Switch to ${other} colours`;
    };
    button.addEventListener("click", () => {
      root.dataset.theme = current() === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("runsite-theme", root.dataset.theme);
      } catch {
        // Forbidden storage: the choice holds for this page.
      }
      show();
    });
    system.addEventListener("change", show);
    show();
    document.querySelector(".top")?.append(button);
  }

  // How far a row of links is scrolled so that one of them stands in its middle.
  const scroll_to_middle = (link, row) => Math.max(0, link.left + link.width / 2 - row.width / 2);

  function show_place() {
    const nav = document.querySelector(".top nav");
    const here = nav?.querySelector("[aria-current]");
    if (!here) return;
    const left = here.getBoundingClientRect().left - nav.getBoundingClientRect().left;
    nav.scrollLeft = scroll_to_middle({ left, width: here.offsetWidth }, { width: nav.clientWidth });
  }

  function start_times(now) {
    for (const time of document.querySelectorAll("main time, footer time")) {
      const unix = Date.parse(time.dateTime) / 1000;
      if (Number.isNaN(unix)) continue;
      const ago = runsite.format_ago?.(now - unix);
      const local = new Date(unix * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
      time.title = `${local} local time${ago ? `, ${ago}` : ""}`;
    }
  }

  function start_statuses(now) {
    for (const status of document.querySelectorAll(".status[data-stalled-at]")) {
      const judged = runsite.judge_status("running", Number(status.dataset.stalledAt), now);
      status.dataset.status = judged;
      status.querySelector(".glyph").textContent = judged === "stalled" ? "◌" : "▶";
      status.querySelector(".word").textContent = judged;
    }
  }

  // Fills a count of runs, as a cell of a table or as a figure whose word stands as a heading.
  function fill_count(cell, status, number) {
    const word = cell.querySelector(".word");
    cell.dataset.status = status;
    cell.querySelector(".glyph").textContent = status === "stalled" ? "◌" : "▶";
    cell.querySelector(".count").textContent = runsite.format_count(number);
    word.textContent = word.matches("dt") ? status[0].toUpperCase() + status.slice(1) : status;
    if (cell.title) cell.title = `${cell.querySelector(".count").textContent} ${status}`;
  }

  function start_counts(now) {
    for (const other of document.querySelectorAll("[data-split]")) {
      other.previousSibling.remove(); // the blank before it
      other.remove();
    }
    for (const cell of document.querySelectorAll("[data-open-runs]")) {
      const { running, stalled } = runsite.count_open(cell.dataset.openRuns, now);
      if (running && stalled) {
        const other = cell.cloneNode(true);
        other.dataset.split = "";
        cell.after(" ", other);
        fill_count(other, "stalled", stalled);
      }
      fill_count(cell, running ? "running" : "stalled", running || stalled);
    }
  }

  function start_contents() {
    const links = [...document.querySelectorAll(".contents a")];
    const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    if (!links.length || targets.includes(null)) return;
    let waiting = false;
    const mark = () => {
      waiting = false;
      const current = current_section(targets.map((target) => target.getBoundingClientRect().top), 80);
      links.forEach((link, index) => (index === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    };
    const soon = () => {
      if (!waiting) requestAnimationFrame(mark);
      waiting = true;
    };
    addEventListener("scroll", soon, { passive: true });
    mark();
  }

  function start_copy_buttons() {
    if (!navigator.clipboard) return;
    for (const code of document.querySelectorAll("[data-copy]")) {
      if (code.nextElementSibling?.matches(".copy")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "copy";
      button.ariaLabel = `Copy ${code.textContent.slice(0, 60)}`;
      button.addEventListener("click", () =>
        navigator.clipboard.writeText(code.textContent).then(
          () => (button.textContent = "copied"),
          () => (button.textContent = "not allowed"),
        ),
      );
      code.after(button);
    }
  }

  function start_html_frames() {
    const island = document.getElementById("artifact_frames");
    if (!island) return;
    const texts = JSON.parse(island.textContent);
    document.querySelectorAll(".html_frame").forEach((box, index) => {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "");
      frame.title = box.dataset.title;
      frame.srcdoc = texts[index];
      box.replaceChildren(frame);
    });
  }

  // What depends on the clock, or on parts that came later; to be called as often as one likes.
  function refresh_page() {
    const now = Date.now() / 1000;
    document.querySelector(".unpack_first")?.remove();
    start_times(now);
    if (runsite.judge_status) {
      start_statuses(now);
      start_counts(now);
    }
    start_copy_buttons();
  }

  function start_page() {
    start_theme_switch();
    show_place();
    refresh_page();
    start_contents();
    start_html_frames();
  }

  Object.assign(runsite, { refresh_page });
  if (typeof document !== "undefined") {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start_page);
    else start_page();
  }
  if (typeof module !== "undefined") module.exports = { current_section, scroll_to_middle };
})();
