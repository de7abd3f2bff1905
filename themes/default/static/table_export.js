// A table as it is seen, as text to take along: CSV, JSON, Markdown, LaTeX.
//
// A table is {columns: [{id, label, detail, is_numeric}, …], rows: [[{text, value, best}, …], …]}: `text` is what the
// cell shows, `value` its table value (see sort_order), null when missing. CSV and JSON are for programs: headers are
// ids, values stand in full, and only what is missing is empty or null. Markdown and LaTeX are for people: headers are
// labels, cells what they show. Labels that two columns share get the column's detail, and then a number.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});

  // RFC 4180, but lines end with "\n" as in every other file runsite writes: all readers take it, and a diff in Git or
  // a line cut out in a shell has no "\r" at its end. No cell is guarded against spreadsheets that run formulas: what
  // is written reads back as the same value.
  function to_csv({ columns, rows }) {
    const header = columns.map(({ id }) => csv_field(id));
    const lines = rows.map((cells) => cells.map(({ value }) => csv_field(csv_text(value))));
    return [header, ...lines].map(csv_line).join("");
  }

  // A lone empty field would be an empty line, which readers pass over.
  const csv_line = (fields) => (fields.length === 1 && fields[0] === "" ? '""\n' : `${fields.join(",")}\n`);

  const csv_text = (value) => (value === null || value === undefined ? "" : Object.is(value, -0) ? "-0" : String(value));

  function csv_field(text) {
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  // An array of objects, written by hand: an object of the language would lose `__proto__` and move names like "12".
  function to_json({ columns, rows }) {
    const names = unique_names(columns.map(({ id }) => id)).map((name) => JSON.stringify(name));
    const lines = rows.map((cells) => `  {${cells.map(({ value }, at) => `${names[at]}: ${json_text(value)}`).join(", ")}}`);
    return lines.length ? `[\n${lines.join(",\n")}\n]\n` : "[]\n";
  }

  function json_text(value) {
    if (value === null || value === undefined) return "null";
    if (typeof value === "number" && !Number.isFinite(value)) return JSON.stringify(String(value));
    return Object.is(value, -0) ? "-0" : JSON.stringify(value);
  }

  function to_markdown({ columns, rows }) {
    const header = unique_labels(columns).map(markdown_text);
    const rule = columns.map(({ is_numeric }) => (is_numeric ? "---:" : "---"));
    const lines = rows.map((cells) => cells.map(({ text }) => markdown_text(text)));
    return [header, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
  }

  // GitHub takes a table apart at its pipes before it reads anything else, even in code; then come emphasis, links, HTML
  // and formulas, which a metric's name may look like. A blank of no width keeps @name from calling a person; pass@k
  // calls nobody.
  function markdown_text(text) {
    return one_line(text).replace(/[\\`*_[\]<>|~$&]/g, "\\$&").replace(/(?<!\w)@(?=\w)/g, "@\u200b");
  }

  function to_latex({ columns, rows }) {
    const kinds = columns.map(({ is_numeric }) => (is_numeric ? "r" : "l")).join("");
    const header = latex_row(unique_labels(columns).map(latex_text));
    const body = rows.map((cells) => latex_row(cells.map(latex_cell)));
    const rules = ["  \\toprule", header, "  \\midrule", ...body, "  \\bottomrule"];
    const lines = ["% \\usepackage{booktabs}", `\\begin{tabular}{${kinds}}`, ...rules, "\\end{tabular}"];
    return `${lines.join("\n")}\n`;
  }

  // A row that begins with [ or * would be read as an option of the \\ or of the rule before it.
  const latex_row = (cells) => `  ${cells.join(" & ").replace(/^[[*]/, "{$&}")} \\\\`;

  const LATEX = new Map([
    ["\\", "\\textbackslash{}"], ["&", "\\&"], ["%", "\\%"], ["$", "\\$"], ["#", "\\#"], ["_", "\\_"], ["{", "\\{"],
    ["}", "\\}"], ["~", "\\textasciitilde{}"], ["^", "\\textasciicircum{}"], ["<", "\\textless{}"],
    [">", "\\textgreater{}"], ["|", "\\textbar{}"], ['"', "\\textquotedblright{}"], ["`", "\\`{}"],
    ["\u2212", "$-$"], ["\u221e", "$\\infty$"], ["±", "$\\pm$"], ["×", "$\\times$"], ["·", "$\\cdot$"], ["…", "\\ldots{}"],
    ["★", "$\\star$"], ["☆", "$\\star$"], ["▲", "$\\uparrow$"], ["△", "$\\uparrow$"], ["▼", "$\\downarrow$"],
    ["▽", "$\\downarrow$"], ["µ", "$\\mu$"], ["μ", "$\\mu$"], ["\u00a0", "~"],
  ]);
  const OUTER_STAR = /^[★☆]\s*|\s*[★☆]$/g;

  const latex_cell = ({ text, best }) => (best ? `\\textbf{${latex_text(text.replace(OUTER_STAR, ""))}}` : latex_text(text));

  function latex_text(text) {
    // Two hyphens in a row would become a dash, two commas a quotation mark.
    const apart = one_line(text).replace(/([-,])(?=\1)/g, "$1\0");
    return Array.from(apart, (letter) => (letter === "\0" ? "{}" : LATEX.get(letter) ?? letter)).join("");
  }

  // Line breaks become blanks, other control characters and what would turn the text around vanish.
  function one_line(text) {
    return String(text).replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ").replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").trim();
  }

  // What columns are called: the label, with the detail where two share it, with a number where they share that too.
  function unique_labels(columns) {
    const counts = new Map();
    for (const { label } of columns) counts.set(label, (counts.get(label) ?? 0) + 1);
    return unique_names(columns.map(({ label, detail }) => (counts.get(label) > 1 && detail ? `${label} (${detail})` : label)));
  }

  function unique_names(names) {
    const taken = new Set(names);
    const seen = new Set();
    return names.map((name) => {
      let [own, number] = [name, 1];
      while (seen.has(own) || (own !== name && taken.has(own))) own = `${name} (${(number += 1)})`;
      seen.add(own);
      return own;
    });
  }

  const exports = { to_csv, to_json, to_markdown, to_latex };
  runsite.table_export = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
