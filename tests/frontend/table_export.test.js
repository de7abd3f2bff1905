"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { to_csv, to_json, to_markdown, to_latex } = require("../../themes/default/static/table_export.js");

const ODD = 'a.b[0] "x" \\ `y` </script>';

function column(id, more = {}) {
  return { id, label: id.replace(/^.*\./, ""), detail: "", is_numeric: false, ...more };
}

const cell = (text, value = text, more = {}) => ({ text, value, ...more });

function small_table() {
  return {
    columns: [column("name"), column("metrics.acc.best", { label: "acc", is_numeric: true }), column("params.lr", { is_numeric: true })],
    rows: [
      [cell("run, one"), cell("0.9123 ★", 0.91234567890123, { best: true }), cell("0.1", 0.1)],
      [cell("run two"), cell("\u2212\u221e", "-Infinity"), cell("", null)],
    ],
  };
}

const one_cell = (text, value = text, more = {}) => ({ columns: [column("a")], rows: [[cell(text, value, more)]] });

// Reads RFC 4180, as strict as the standard.
function read_csv(text) {
  const fields = [...text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\n)/g)];
  assert.strictEqual(fields.map(([all]) => all).join(""), text, "every character belongs to a field");
  const lines = [[]];
  for (const [, field, end] of fields) {
    lines.at(-1).push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === "\n") lines.push([]);
  }
  return lines.slice(0, -1);
}

test("CSV has ids above and whole values below, empty where one is missing", () => {
  assert.strictEqual(to_csv(small_table()), 'name,metrics.acc.best,params.lr\n"run, one",0.91234567890123,0.1\nrun two,-Infinity,\n');
});

test("CSV gives every value back", () => {
  const values = ["", " blank ", 'quo"te', "a,b", "line\nbreak", "\r\n", "\r", "=1+1", "-2", ODD, "日本語 🎉", "\t", "123456789012345678901"];
  const table = { columns: [column("a"), column(ODD), column("x\ny")], rows: values.map((value) => [cell("shown", value), cell("", null), cell("1", 1)]) };
  assert.deepStrictEqual(read_csv(to_csv(table)), [["a", ODD, "x\ny"], ...values.map((value) => [value, "", "1"])]);
});

test("CSV writes numbers with every digit, and booleans as words", () => {
  const values = [0.1, 1e21, 5e-324, -0, 2 ** 53, true, false, "NaN"];
  const table = { columns: [column("a")], rows: values.map((value) => [cell("", value)]) };
  assert.strictEqual(to_csv(table), "a\n0.1\n1e+21\n5e-324\n-0\n9007199254740992\ntrue\nfalse\nNaN\n");
});

test("a lone missing value does not become an empty line of CSV", () => {
  assert.strictEqual(to_csv(one_cell("", null)), 'a\n""\n');
});

test("JSON is one object a run, numbers as numbers, NaN as text, missing as null", () => {
  const table = small_table();
  table.rows[1][2] = cell("NaN", "NaN");
  table.rows[0][2] = cell("", null);
  assert.deepStrictEqual(JSON.parse(to_json(table)), [
    { name: "run, one", "metrics.acc.best": 0.91234567890123, "params.lr": null },
    { name: "run two", "metrics.acc.best": "-Infinity", "params.lr": "NaN" },
  ]);
});

test("JSON keeps odd names, and names in their order", () => {
  const names = ["__proto__", "12", "constructor", "1", ODD, "\ud800", "toString"];
  const table = { columns: names.map((id) => column(id)), rows: [names.map((_, at) => cell("", at))] };
  const text = to_json(table);
  const found = JSON.parse(text);
  names.forEach((name, at) => assert.strictEqual(Object.getOwnPropertyDescriptor(found[0], name).value, at));
  assert.deepStrictEqual([...text.matchAll(/: (\d)/g)].map(([, place]) => Number(place)), [0, 1, 2, 3, 4, 5, 6]);
});

test("JSON of values that are no JSON numbers can be read", () => {
  const values = [Infinity, -Infinity, NaN, undefined, -0, true, 1e300];
  const table = { columns: [column("a")], rows: values.map((value) => [{ text: "", value }]) };
  assert.deepStrictEqual(JSON.parse(to_json(table)).map(({ a }) => a), ["Infinity", "-Infinity", "NaN", null, -0, true, 1e300]);
});

test("Markdown shows what the table shows, numbers on the right", () => {
  assert.strictEqual(
    to_markdown(small_table()),
    "| name | acc | lr |\n| --- | ---: | ---: |\n| run, one | 0.9123 ★ | 0.1 |\n| run two | \u2212\u221e |  |\n",
  );
});

test("no text breaks out of its Markdown cell", () => {
  for (const text of ["a|b", "a\\|b", "a\\\\|b", "|", "\\", "`a|b`", "line\nbreak", "a\r\n\r\n| b |"]) {
    const lines = to_markdown(one_cell(text)).split("\n");
    assert.strictEqual(lines.length, 4, text);
    const bars = lines[2].replace(/\\./g, "").match(/\|/g);
    assert.strictEqual(bars.length, 2, text);
  }
});

test("Markdown shows odd names as they are", () => {
  const shown = to_markdown(one_cell(ODD + " *a* _b_ ~c~ $d$ &amp;")).split("\n")[2];
  assert.strictEqual(shown, '| a.b\\[0\\] "x" \\\\ \\`y\\` \\</script\\> \\*a\\* \\_b\\_ \\~c\\~ \\$d\\$ \\&amp; |');
});

test("Markdown calls nobody, and leaves pass@k alone", () => {
  assert.strictEqual(to_markdown(one_cell("@team pass@k")).split("\n")[2], "| @\u200bteam pass@k |");
});

test("LaTeX is a booktabs table with the best in bold", () => {
  assert.strictEqual(
    to_latex(small_table()),
    [
      "% \\usepackage{booktabs}",
      "\\begin{tabular}{lrr}",
      "  \\toprule",
      "  name & acc & lr \\\\",
      "  \\midrule",
      "  run, one & \\textbf{0.9123} & 0.1 \\\\",
      "  run two & $-$$\\infty$ &  \\\\",
      "  \\bottomrule",
      "\\end{tabular}",
      "",
    ].join("\n"),
  );
});

for (const [text, written] of [
  ["\\&%$#_{}~^<>|", "\\textbackslash{}\\&\\%\\$\\#\\_\\{\\}\\textasciitilde{}\\textasciicircum{}\\textless{}\\textgreater{}\\textbar{}"],
  ["0.9 ± 0.1", "0.9 $\\pm$ 0.1"],
  ["\u22121.5e\u22125", "$-$1.5e$-$5"],
  ["--help ---", "-{}-help -{}-{}-"],
  ["val/acc_top-1", "val/acc\\_top-1"],
  ['"x" `y`', "\\textquotedblright{}x\\textquotedblright{} \\`{}y\\`{}"],
  ["a\n\nb", "a b"],
  ["[1, 2]", "{[}1, 2]"],
  ["*", "{*}"],
  ["acc ▲", "acc $\\uparrow$"],
  ["\u202eabc\u0000", "abc"],
]) {
  test(`LaTeX writes ${JSON.stringify(text)} as ${written}`, () => {
    assert.strictEqual(to_latex(one_cell(text)).split("\n")[5], `  ${written} \\\\`);
  });
}

test("a guessed best is bold too, without its star", () => {
  assert.match(to_latex(one_cell("0.5 ☆", 0.5, { best: true })), /\\textbf\{0\.5\}/);
});

test("a cell whose best is an empty mark is not bold", () => {
  assert.doesNotMatch(to_latex(one_cell("0.5", 0.5, { best: "" })), /textbf/);
});

test("columns of one label are told apart by their detail, then by a number", () => {
  const columns = [
    column("a", { label: "acc", detail: "best ▲" }), column("b", { label: "acc", detail: "last" }), column("c", { label: "acc", detail: "last" }),
    column("d", { label: "lr", detail: "param" }), column("e", { label: "x" }), column("f", { label: "x" }), column("g", { label: "x (2)" }),
  ];
  assert.strictEqual(to_markdown({ columns, rows: [] }).split("\n")[0], "| acc (best ▲) | acc (last) | acc (last) (2) | lr | x | x (3) | x (2) |");
});

test("a table without rows has its header in every form but JSON", () => {
  const table = { ...small_table(), rows: [] };
  assert.strictEqual(to_csv(table), "name,metrics.acc.best,params.lr\n");
  assert.strictEqual(to_json(table), "[]\n");
  assert.strictEqual(to_markdown(table), "| name | acc | lr |\n| --- | ---: | ---: |\n");
  assert.match(to_latex(table), /name & acc & lr/);
});
