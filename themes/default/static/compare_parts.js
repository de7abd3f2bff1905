// The parts of a comparison in the document: its sentence, its sections of rows, patches side by side.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const [MAX_PLAIN, MAX_SUMMARY] = [160, 80];
  // Rows of a section that are shown before "show all".
  const MAX_ROWS = 200;
  const [NAME_WIDTH, COLUMN_WIDTH, VERDICT_WIDTH] = [200, 150, 330];
  const [NARROW_NAME, NARROW_COLUMN] = [116, 124];

  function element(name, properties = {}, children = []) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  const unseen = (text) => element("span", { className: "visually_hidden", textContent: text });
  const muted = (text) => element("p", { className: "muted", textContent: text });
  const swatch = ({ colour, dash }) => element("span", { className: `swatch series_${colour ?? "other"} dash_${dash}`, ariaHidden: "true" });

  function button(text, act, more = {}) {
    const made = element("button", { type: "button", textContent: text, ...more });
    made.addEventListener("click", act);
    return made;
  }

  function sentence(parts) {
    return element("p", { className: "compare_sentence" }, parts.map((part) => (part.name === undefined ? part : element("b", { textContent: part.name }))));
  }

  // "3 differ, 12 the same, 1 not recorded by all"
  function count_text(rows) {
    const same = rows.filter(({ is_same }) => is_same).length;
    return same < rows.length ? counts_text(rows) : same === 1 ? "the same" : `all ${runsite.format_count(same)} the same`;
  }

  function counts_text(rows) {
    const same = rows.filter(({ is_same }) => is_same).length;
    const unknown = rows.filter(({ is_unknown }) => is_unknown).length;
    const parts = [[rows.length - same - unknown, "differ"], [same, "the same"], [unknown, "not recorded by all"]].filter(([number]) => number);
    return parts.map(([number, word]) => `${runsite.format_count(number)} ${number === 1 && word === "differ" ? "differs" : word}`).join(", ");
  }

  // A section with its title; `id` names it.
  function section(id, title, note, children) {
    const heading = element("h2", { id: `${id}_title` }, [title, " ", element("span", { className: "muted count", textContent: note })]);
    const made = element("section", { className: "compare_section", id: `compare_${id}` }, [heading, ...children]);
    made.setAttribute("aria-labelledby", heading.id);
    return made;
  }

  // A box that scrolls sideways together with all others of the page.
  function scroll_box(label_id, table) {
    const box = element("div", { className: "scroll compare_scroll", tabIndex: 0, role: "group" }, [table]);
    box.setAttribute("aria-labelledby", label_id);
    box.addEventListener("scroll", () => {
      for (const other of document.querySelectorAll(".compare_scroll")) if (other.scrollLeft !== box.scrollLeft) other.scrollLeft = box.scrollLeft;
    }, { passive: true });
    return box;
  }

  function head_cell(subject, is_base, href) {
    const { short, name: whole, keys } = subject;
    const title = [whole, ...keys].join("\n");
    const shown = { className: "subject_name", textContent: short, title };
    const name = subject.is_group ? element("span", shown) : element("a", { ...shown, href });
    const parts = [swatch(subject), name];
    if (subject.is_group) parts.push(element("span", { className: "muted", textContent: ` n = ${subject.rows.length}` }));
    if (is_base) parts.push(element("span", { className: "base_mark", textContent: "baseline" }));
    return element("th", { scope: "col", className: is_base ? "is_base" : "" }, parts);
  }

  // A table of rows, a column for each subject; `view` is {subjects, base, href}.
  function make_table(id, word, { rows, view, body = [] }) {
    const { subjects, base } = view;
    const has_verdict = subjects.length === 2 && rows.some(({ cells }) => cells.some(({ difference }) => difference));
    const heads = subjects.map((subject, place) => head_cell(subject, place === base, view.href(subject)));
    if (has_verdict) heads.push(element("th", { scope: "col", textContent: "Verdict" }));
    const lines = rows.slice(0, MAX_ROWS).map((row) => row_line(row, view, has_verdict));
    const table = element("table", { className: "dense compare_table" }, [
      element("thead", {}, [element("tr", {}, [element("th", { scope: "col", textContent: word }), ...heads])]),
      element("tbody", {}, [...body, ...lines]),
    ]);
    const is_narrow = matchMedia("(max-width: 600px)").matches;
    const [name, column] = is_narrow ? [NARROW_NAME, NARROW_COLUMN] : [NAME_WIDTH, COLUMN_WIDTH];
    const widths = [name, ...subjects.map(() => column), ...(has_verdict ? [VERDICT_WIDTH] : [])];
    table.prepend(element("colgroup", {}, widths.map((width, place) => {
      const col = element("col");
      if (!place || width === VERDICT_WIDTH) col.style.width = `${width}px`;
      return col;
    })));
    table.style.minWidth = `${widths.reduce((sum, width) => sum + width, 0)}px`;
    const parts = [scroll_box(`${id}_title`, table)];
    if (rows.length > MAX_ROWS) parts.push(button(`Show all ${runsite.format_count(rows.length)}`, (event) => {
      table.tBodies[0].append(...rows.slice(MAX_ROWS).map((row) => row_line(row, view, has_verdict)));
      event.target.remove();
    }, { className: "copy" }));
    return parts;
  }

  function row_line(row, { base, subjects }, has_verdict) {
    const name = element("th", { scope: "row", title: row.title ?? "" }, [row.name]);
    if (row.detail) name.append(" ", element("span", { className: "muted", textContent: row.detail }));
    const cells = row.cells.map((cell, place) => {
      const differs = !row.is_same && !cell.is_unknown && !row.cells[base].is_unknown && cell.identity !== row.cells[base].identity;
      const classes = [place === base && "is_base", differs && "is_different", cell.is_best && "is_best", row.column && "number"];
      return element("td", { className: classes.filter(Boolean).join(" ") }, cell_parts(cell, row, subjects[place]));
    });
    if (has_verdict) cells.push(element("td", { className: "verdict", textContent: verdict_text(row.cells[1 - base]) }));
    return element("tr", {}, [name, ...cells]);
  }

  // What is judged, without the difference, which stands beside the value.
  const verdict_text = ({ difference }) => difference?.title.replace(/^.*? against the baseline(?:'s mean)?[;,]? ?(?:of its repeats: )?/, "") ?? "";

  const missing_word = (cell, row, { name }) => cell.lacks ?? (row.without?.includes(name) ? "not logged" : cell.is_unknown ? "not recorded" : "none");

  function cell_parts(cell, row, subject) {
    if (cell.is_missing) return [element("span", { className: "muted", textContent: missing_word(cell, row, subject) })];
    const parts = [value_part(cell)];
    if (cell.difference) {
      const { text, glyph, word, title, is_contrary } = cell.difference;
      const mark = element("span", { className: `difference ${word}${is_contrary ? " contrary" : ""}`, title }, [text, " ", element("span", { className: "glyph", textContent: glyph, ariaHidden: "true" }), unseen(word.replaceAll("_", " "))]);
      parts.push(" ", mark);
    }
    return parts;
  }

  function value_part(cell) {
    const { text, full, href } = cell;
    if (text === "") return element("span", { className: "muted", textContent: '""' });
    if (full.length > MAX_PLAIN || text.length > MAX_PLAIN) {
      return element("details", { className: "long_text" }, [element("summary", { textContent: `${text.slice(0, MAX_SUMMARY)}…` }), element("pre", { textContent: full, tabIndex: 0 })]);
    }
    const title = full === text ? "" : full;
    if (!href) return element("span", { textContent: text, title });
    return element("a", { textContent: text, title, href, rel: "noopener noreferrer" });
  }

  // A section of rows: those that differ, and with the switch the others; what is not shown is counted.
  function row_section(id, { title, word, rows, view, note = "" }) {
    const shown = view.shows_same ? rows : rows.filter(runsite.compare_rows.differs);
    const hidden = view.shows_same ? [] : rows.filter((row) => !shown.includes(row));
    const children = shown.length ? make_table(id, word, { rows: shown, view }) : [];
    if (hidden.length && shown.length) children.push(muted(`and ${counts_text(hidden)}`));
    const without = rows[0]?.without ?? [];
    if (without.length) children.push(muted(`Not logged by ${without.join(", ")}.`));
    if (note) children.push(muted(note));
    return section(id, title, count_text(rows), children);
  }

  // Patches.

  function diff_line(sign, line) {
    const kind = { "+": "added", "-": "removed", "@": "hunk" }[sign] ?? "";
    return element("span", { className: `diff_line ${kind}`, textContent: `${sign}${line}\n` });
  }

  // A patch by itself, its lines coloured by what they do.
  const patch_part = (text) => element("pre", { className: "diff", tabIndex: 0 }, text.split("\n").map((line) => diff_line("+-@".includes(line[0] ?? " ") ? line[0] : line[0] ?? "", line.slice(1))));

  // How one patch differs from another.
  function diff_part(first, second) {
    const hunks = runsite.compare_diff.diff_hunks(first, second);
    if (!hunks.length) return muted("The patches are the same.");
    const lines = hunks.flatMap(({ from, lines: own }) => [diff_line("@", `@ line ${from[0]} and line ${from[1]} @@`), ...own.map(([sign, line]) => diff_line(sign, line))]);
    return element("pre", { className: "diff", tabIndex: 0 }, lines);
  }

  runsite.compare_parts = { element, button, unseen, muted, swatch, sentence, section, make_table, row_section, patch_part, diff_part };
})();
