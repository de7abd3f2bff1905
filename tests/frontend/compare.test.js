"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const STATIC = "../../themes/default/static/";
for (const name of ["format", "names", "clock", "state", "sort_order", "student_t", "group_statistics", "table_state", "table_lines", "table_view", "table_compare"]) require(`${STATIC}${name}.js`);
const data = require(`${STATIC}table_data.js`);
const state = require(`${STATIC}compare_state.js`);
const diff = require(`${STATIC}compare_diff.js`);
const rows = require(`${STATIC}compare_rows.js`);
const { make_sentence, sentence_text } = require(`${STATIC}compare_sentence.js`);
const images = require(`${STATIC}compare_images.js`);
const charts = require(`${STATIC}compare_charts.js`);

const ODD = 'a.b[0] "x" \\ `y` </script>';
const column = (id, more) => ({ id, label: id, detail: "", title: id, group: "run", kind: "text", is_numeric: false, shown: true, descending_first: false, block: "rows", ...more });
const acc = { group: "metric", kind: "number", label: "val/acc", metric: "val/acc", goal: "maximize", goal_from: "record" };

// A table of runs {id, params, acc, repeat}.
function make_table(runs, { goal_from = "record", ignored = [["seed", "seed"]] } = {}) {
  const names = [...new Set(runs.flatMap(({ params }) => Object.keys(params)))];
  const columns = [
    column("name"), column("status"),
    column("metrics.val/acc.best", { ...acc, goal_from, aggregate: "best", detail: "best, %" }), column("metrics.val/acc.last", { ...acc, goal_from, aggregate: "last", detail: "last, %" }),
    ...names.map((name) => column(`params.${name}`, { group: "param", kind: "param", label: name })), column("id"),
  ];
  const values = [
    runs.map(({ id, name }) => name ?? id), runs.map(({ status }) => status ?? "finished"),
    runs.map((run) => run.acc ?? null), runs.map((run) => run.last ?? run.acc ?? null), ...names.map((name) => runs.map(({ params }) => params[name] ?? null)), runs.map(({ id }) => id),
  ];
  const head = {
    row_count: runs.length, sorted_by: "-metrics.val/acc.best", best: null, baseline: null, columns, shards: [], drawn: [],
    repeats: { params: names.filter((name) => name !== "seed").map((name) => `params.${name}`), ignored }, views: [], glyphs: [], levels: "",
  };
  const payload = {
    experiment: "e", repeats: runs.map(({ id, repeat }) => repeat ?? id), columns: columns.map(({ id }, place) => [id, place]), values,
    links: ["x/", "/index.html", runs.map(({ id }) => id)], parents: [], diverged: [], without_series: [], open_runs: [],
  };
  return data.read_table(head, [payload]);
}

const details_of = (pairs) => new Map(Object.entries(pairs).map(([id, found]) => [`e/${id}`, found]));

function compared(table, items, { details = new Map(), base = 0 } = {}) {
  const { subjects } = rows.make_subjects(table, items.map((ids) => ids.map((id) => `e/${id}`)));
  const found = {
    params: rows.value_rows(table, subjects, details, "param"), environment: rows.environment_rows(subjects, details),
    code: rows.code_rows(subjects, details), datasets: rows.dataset_rows(subjects, details), metrics: rows.metric_rows(table, subjects, base),
  };
  return { subjects, rows: found, sentence: sentence_text(make_sentence(subjects, found, { base, main: rows.main_row(table, found.metrics) })) };
}

const environment = (numpy) => ({ environment: { python: "3.11", packages: [["numpy", numpy], ["scipy", "1.17"]] } });
const repeats = (prefix, params, values) => values.map((value, seed) => ({ id: `${prefix}${seed}`, params: { ...params, seed }, acc: value, repeat: prefix }));

// State.

test("odd keys survive the way through the address", () => {
  const items = [["e/a,b;c%2C"], ["e/1", `${ODD}/x`]];
  assert.deepStrictEqual(state.parse_items(state.format_items(items)), items);
});

test("a run named twice is compared once", () => {
  assert.deepStrictEqual(state.parse_items("e/a,e/b,e/a,,e/c;e/c"), [["e/a"], ["e/b"], ["e/c"]]);
});

test("the whole view is in the address", () => {
  const view = { items: [["e/a"], ["e/b"]], wanted: "", base: "e/b", shows_same: true, step: 10 };
  const pairs = new Map(state.state_pairs(view));
  assert.deepStrictEqual(state.parse_state((name) => pairs.get(name) || null), view);
  assert.strictEqual(state.base_index(view.items, "e/b"), 1);
  assert.strictEqual(state.base_index(view.items, "e/gone"), 0);
});

test("a table hands over what is selected, the baseline first", () => {
  const table = make_table([{ id: "a", params: {} }, { id: "b", params: {} }, { id: "c", params: {} }]);
  const items = (selected, baseline = "") => state.table_items({ groups: null }, { selected: new Set(selected), baseline }, table)?.items;
  assert.deepStrictEqual(items(["e/a", "e/b", "e/gone"]), [["e/a"], ["e/b"]]);
  assert.deepStrictEqual(items(["e/a", "e/b"], "e/b"), [["e/b"], ["e/a"]]);
  assert.deepStrictEqual(items(["e/a"], "e/c"), [["e/c"], ["e/a"]]);
  assert.strictEqual(items([]), undefined);
});

test("a grouped table hands over groups: those of the runs selected, else all", () => {
  const table = make_table(["a", "b", "c", "d"].map((id) => ({ id, params: {} })));
  const view = { groups: [{ rows: [0, 1] }, { rows: [2] }, { rows: [3] }], lines: [-2, 2, -1, -3] };
  const items = (selected) => state.table_items(view, { selected: new Set(selected), baseline: "" }, table).items;
  assert.deepStrictEqual(items([]), [["e/c"], ["e/a", "e/b"], ["e/d"]]);
  assert.deepStrictEqual(items(["e/b", "e/d"]), [["e/a", "e/b"], ["e/d"]]);
});

// Diff.

test("a diff tells both texts, with the fewest edits", () => {
  assert.deepStrictEqual(diff.diff_lines("a\nb\nc\n", "a\nx\nc\nd\n"), [[" ", "a"], ["-", "b"], ["+", "x"], [" ", "c"], ["+", "d"]]);
  let seed = 7;
  const random = (most) => { seed = (seed * 48271) % 2147483647; return seed % most; };
  const text = () => Array.from({ length: random(12) + 1 }, () => "abc"[random(3)]).join("\n");
  for (let round = 0; round < 300; round += 1) {
    const [a, b] = [text(), text()];
    const found = diff.diff_lines(a, b);
    const side = (other) => found.filter(([sign]) => sign !== other).map(([, line]) => line).join("\n");
    assert.strictEqual(side("+"), a);
    assert.strictEqual(side("-"), b);
  }
});

test("texts that are far apart are told whole", () => {
  const lines = (word) => Array.from({ length: 1500 }, (_, place) => word + place).join("\n");
  assert.strictEqual(diff.diff_lines(lines("a"), lines("b")).length, 3000);
});

test("lines far from any change are left out", () => {
  const lines = Array.from({ length: 40 }, (_, place) => String(place));
  const hunks = diff.diff_hunks(lines.join("\n"), lines.with(5, "x").with(30, "y").join("\n"));
  assert.deepStrictEqual(hunks.map(({ from, lines: own }) => [from, own.length]), [[[3, 3], 8], [[28, 28], 8]]);
  assert.deepStrictEqual(diff.diff_hunks("a", "a"), []);
});

// Rows.

test("runs that are not there are named, and those of one name are told apart", () => {
  const table = make_table([{ id: "1", name: "run", params: {} }, { id: "2", name: "run", params: {} }, { id: "3", params: {} }]);
  const { subjects, missing } = rows.make_subjects(table, [["e/1"], ["e/2"], ["e/3"], ["other/4"]]);
  assert.deepStrictEqual(subjects.map(({ name }) => name), ["run (1)", "run (2)", "3"]);
  assert.deepStrictEqual(missing, ["other/4"]);
});

test("a param that one run lacks differs, and one whose end differs differs", () => {
  const cut = `${"x".repeat(299)}…`;
  const table = make_table([{ id: "a", params: { lr: 1, prompt: cut } }, { id: "b", params: { lr: 1, prompt: cut, depth: 2 } }]);
  const details = details_of({ a: { params: [["prompt", `${"x".repeat(400)}y`]] }, b: { params: [["prompt", `${"x".repeat(400)}z`]] } });
  const found = compared(table, [["a"], ["b"]], { details }).rows.params;
  assert.deepStrictEqual(found.map(({ name, is_same }) => [name, is_same]), [["lr", true], ["prompt", false], ["depth", false]]);
  assert.strictEqual(found[1].cells[1].full.at(-1), "z");
});

test("1 and true and the text 1 are three values", () => {
  const table = make_table([1, true, "1"].map((value, place) => ({ id: String(place), params: { flag: value } })));
  assert.strictEqual(new Set(compared(table, [["0"], ["1"], ["2"]]).rows.params[0].cells.map(({ identity }) => identity)).size, 3);
});

test("a dataset or a long text that a run lacks is said to be none there", () => {
  const long = "x".repeat(60);
  const text = (id) => ({ a: long, b: `${long}y`, c: undefined, d: long })[id];
  const table = make_table(["a", "b", "c", "d"].map((id) => ({ id, params: { lr: 1, text: text(id) } })));
  const sets = (digest) => ({ datasets: [{ name: "other", digest: "o" }, ...(digest ? [{ name: "extra", digest }] : [])] });
  const details = details_of({ a: sets("1"), b: sets("2"), c: sets(null), d: sets("1") });
  const said = (...ids) => compared(table, ids.map((id) => (Array.isArray(id) ? id : [id])), { details }).sentence.split(";")[0];
  assert.strictEqual(said("a", "b"), "b differs from a in text (another text) and in the dataset extra (other content)");
  assert.strictEqual(said("a", "c"), "c differs from a in text (logged → none) and in the dataset extra (logged → none)");
  assert.strictEqual(said("c", "a"), "a differs from c in text (none → logged) and in the dataset extra (none → logged)");
  assert.strictEqual(said("a", "b", "c"), "b and c differ from a in text (another text in b, none in c) and in the dataset extra (other content in b, none in c)");
  assert.match(said("a", ["c", "d"]), /in the dataset extra \(none in some runs\)$/);
  assert.match(said(["c", "d"], "a"), /in the dataset extra \(logged in all runs\)$/);
});

test("datasets are the same by digest, whatever their source", () => {
  const table = make_table([{ id: "a", params: {} }, { id: "b", params: {} }]);
  const set = (digest, source) => ({ datasets: [{ name: "digits", context: "training", digest, source }] });
  const same = compared(table, [["a"], ["b"]], { details: details_of({ a: set("sha256:1", "here"), b: set("sha256:1", "there") }) });
  const other = compared(table, [["a"], ["b"]], { details: details_of({ a: set("sha256:1"), b: set("sha256:2") }) });
  assert.deepStrictEqual([same.rows.datasets[0].is_same, other.rows.datasets[0].is_same], [true, false]);
});

test("the difference of a metric is the run table's own", () => {
  const runs = [...repeats("a", { lr: 1 }, [0.1, 0.11, 0.12]), ...repeats("b", { lr: 2 }, [0.5, 0.51, 0.52])];
  const table = make_table(runs);
  const found = compared(table, [["a0"], ["b0"]]).rows.metrics[0];
  const own = runsite.table_compare.difference(table, { row: 0, group: null }, table.column_of.get("metrics.val/acc.best"), 3);
  assert.deepStrictEqual(found.cells[1].difference, own);
  assert.deepStrictEqual([found.cells[0].difference, own.word, found.cells[1].is_best], [null, "better", true]);
});

// The sentence.

const pair = (a, b, more) => make_table([{ id: "a", acc: 0.93, ...a }, { id: "b", acc: 0.95, ...b }], more);

test("one param and one package are just that", () => {
  const table = pair({ params: { lr: 0.1, batch: 32 } }, { params: { lr: 0.01, batch: 32 } });
  const { sentence } = compared(table, [["a"], ["b"]], { details: details_of({ a: environment("1.26"), b: environment("2.0") }) });
  assert.strictEqual(sentence, "b differs from a in lr (0.1 → 0.01) and in the package numpy (1.26 → 2.0); val/acc 0.93 → 0.95, not enough runs to judge.");
});

test("of several runs those are named that differ", () => {
  const table = make_table([1, 1, 2, 1, 1].map((lr, run) => ({ id: `r${run}`, acc: run, params: { lr } })));
  const said = (...ids) => compared(table, ids.map((id) => [id])).sentence.split(";")[0];
  assert.strictEqual(said("r0", "r1", "r2", "r3", "r4"), "r2 differs from r0 in lr (1 → 2)");
  assert.strictEqual(said("r2", "r0", "r1"), "r0 and r1 differ from r2 in lr (2 → 1)");
  assert.match(said("r0", "r1", "r3"), /^r1 and r3 do not differ from r0/);
});

test("of several runs it is said which differs where", () => {
  const said = (values, details = {}) => {
    const table = make_table(values.map(([lr, batch], run) => ({ id: `r${run}`, acc: run, params: { lr, batch } })));
    return compared(table, values.map((_, run) => [`r${run}`]), { details: details_of(details) }).sentence.split(";")[0];
  };
  const [near, far, both] = [[2, 8], [1, 16], [2, 16]];
  const patch = (name) => ({ patch: { name, href: name } });
  const set = (digest) => ({ datasets: [{ name: "digits", digest }] });
  assert.strictEqual(said([[1, 8], near, far]), "r1 and r2 differ from r0 in lr (1 → 2 in r1) and batch (8 → 16 in r2)");
  assert.strictEqual(said([[1, 8], near, [3, 8], both]), "r1, r2 and r3 differ from r0 in lr (1 → 2 in r1 and r3, 3 in r2) and batch (8 → 16 in r3)");
  assert.strictEqual(said([[1, 8], both, both]), "r1 and r2 differ from r0 in lr (1 → 2) and batch (8 → 16)");
  assert.strictEqual(said([["a".repeat(50), 8], far, ["b".repeat(50), 8]]), "r1 and r2 differ from r0 in lr (another text) and batch (8 → 16 in r1)");
  assert.strictEqual(said([[1, 8], near, [1, 8]], { r0: patch("a"), r1: patch("a"), r2: patch("b") }), "r1 and r2 differ from r0 in lr (1 → 2 in r1) and in the patch of uncommitted changes in r2");
  assert.strictEqual(said([[1, 8], near, [1, 8]], { r0: set("a"), r1: set("a"), r2: set("b") }), "r1 and r2 differ from r0 in lr (1 → 2 in r1) and in the dataset digits (other content in r2)");
  const many = Array.from({ length: 20 }, (_, run) => [1 + (run % 3), run === 6 ? 16 : run === 9 ? 32 : 8]);
  assert.strictEqual(said(many), "15 others differ from r0 in lr (1 → 2 or 3 in 13 of 20) and batch (8 → 16 in r6, 32 in r9)");
});

test("a run that differs only in what the sentence does not tell is not said to differ", () => {
  const table = make_table([1, 2, 1].map((lr, run) => ({ id: `r${run}`, params: { lr } })));
  const details = details_of({ r0: { source: { branch: "main" } }, r1: { source: { branch: "main" } }, r2: { source: { branch: "dev" } } });
  assert.match(compared(table, [["r0"], ["r1"], ["r2"]], { details }).sentence, /^r1 differs from r0 in lr \(1 → 2\);/);
});

test("another run as baseline turns the sentence round", () => {
  const table = pair({ params: { lr: 0.1 } }, { params: { lr: 0.01 } });
  assert.match(compared(table, [["a"], ["b"]], { base: 1 }).sentence, /^a differs from b in lr \(0\.01 → 0\.1\); val\/acc 0\.95 → 0\.93/);
});

test("code, data and Python are told", () => {
  const table = pair({ params: {} }, { params: {} });
  const facts = (commit, digest, python) => ({ source: { commit, dirty: false }, datasets: [{ name: "digits", context: "training", digest }], environment: { python, packages: [] } });
  const { sentence } = compared(table, [["a"], ["b"]], { details: details_of({ a: facts("c0ffee", "1", "3.10"), b: facts("decade", "2", "3.11") }) });
  assert.match(sentence, /^b differs from a in Python \(3\.10 → 3\.11\), in the code commit \(c0ffee → decade\) and in the dataset digits of training \(other content\);/);
});

test("what a run did not log is not said to differ", () => {
  const table = pair({ params: { lr: 1 } }, { params: { lr: 1 } });
  const { sentence, rows: found } = compared(table, [["a"], ["b"]], { details: details_of({ a: environment("2.0"), b: {} }) });
  assert.match(sentence, /^b does not differ from a in params;/);
  assert.deepStrictEqual(found.environment[0].without, ["b"]);
});

test("a branch or a package list that one run did not record is not said to differ", () => {
  const table = pair({ params: {} }, { params: {} });
  const details = details_of({
    a: { source: { commit: "c0ffee", branch: "main", dirty: false }, environment: { python: "3.11", packages: [["numpy", "2.0"]] } },
    b: { source: { commit: "c0ffee", dirty: false }, environment: { python: "3.11", packages: [] } },
  });
  const { sentence, rows: found } = compared(table, [["a"], ["b"]], { details });
  const told = [...found.code, ...found.environment].map(({ name, is_same, is_unknown }) => [name, is_same, is_unknown]);
  assert.deepStrictEqual(told, [
    ["commit", true, false], ["branch", false, true], ["uncommitted changes", true, false], ["Python", true, false], ["numpy", false, true],
  ]);
  assert.match(sentence, /^b does not differ from a/);
  assert.strictEqual(found.code[1].cells[1].is_unknown, true);
});

test("a package that is not in a run's list is none, and differs", () => {
  const table = pair({ params: {} }, { params: {} });
  const packages = (...listed) => ({ environment: { python: "3.11", packages: listed } });
  const details = details_of({ a: packages(["numpy", "2.0"], ["jax", "0.4"]), b: packages(["numpy", "2.0"]) });
  assert.match(compared(table, [["a"], ["b"]], { details }).sentence, /^b differs from a in the package jax \(0\.4 → none\);/);
});

test("a fact that two runs hold and differ in differs, whoever else lacks it", () => {
  const table = make_table(["a", "b", "c"].map((id) => ({ id, params: {} })));
  const details = details_of({ a: { source: { branch: "main" } }, b: { source: { branch: "dev" } }, c: { source: { commit: "1" } } });
  const [, branch] = compared(table, [["a"], ["b"], ["c"]], { details }).rows.code;
  assert.deepStrictEqual([branch.name, rows.differs(branch), branch.is_partial], ["branch", true, true]);
});

test("a metric that did not change is not said to have gone from one value to the same", () => {
  const same = make_table([{ id: "a", params: { lr: 1 }, acc: 0.95 }, { id: "b", params: { lr: 2 }, acc: 0.95 }]);
  const near = make_table([{ id: "a", params: { lr: 1 }, acc: 0.95 }, { id: "b", params: { lr: 2 }, acc: 0.95 + 2 ** -40 }]);
  assert.match(compared(same, [["a"], ["b"]]).sentence, /; val\/acc is 0\.95 in both\.$/);
  assert.match(compared(near, [["a"], ["b"]]).sentence, /; val\/acc 0\.95 → 0\.95 \(\+9\.095e−13\), not enough runs to judge\.$/);
});

test("nothing that differs is said with what was compared", () => {
  const table = pair({ params: { lr: 1 } }, { params: { lr: 1 } });
  const details = details_of({ a: environment("2.0"), b: environment("2.0") });
  assert.match(compared(table, [["a"], ["b"]], { details }).sentence, /^b does not differ from a in params or packages; val\/acc 0\.93 → 0\.95/);
});

test("the verdict needs a declared goal to say better", () => {
  const runs = [...repeats("a", { lr: 1 }, [0.1, 0.11, 0.12]), ...repeats("b", { lr: 2 }, [0.5, 0.51, 0.52])];
  assert.match(compared(make_table(runs), [["a0"], ["b0"]]).sentence, /val\/acc 0\.1 → 0\.5, by its repeats better, beyond seed noise\.$/);
  assert.match(compared(make_table(runs, { goal_from: "guess" }), [["a0"], ["b0"]]).sentence, /, by its repeats higher, beyond seed noise\.$/);
});

test("within seed noise, and of repeats of one configuration", () => {
  const runs = [...repeats("a", { lr: 1 }, [0.1, 0.5, 0.9]), ...repeats("b", { lr: 2 }, [0.2, 0.5, 0.9])];
  assert.match(compared(make_table(runs), [["a0"], ["b0"]]).sentence, /val\/acc 0\.1 → 0\.2, within seed noise\.$/);
  assert.match(compared(make_table(runs), [["a0"], ["a1"]]).sentence, /^a1 differs from a0 in seed \(0 → 1\); .*a repeat of the same configuration\.$/);
});

test("groups are told by their means, without the seed", () => {
  const runs = [...repeats("a", { lr: 1 }, [0.1, 0.11, 0.12]), ...repeats("b", { lr: 2 }, [0.5, 0.51, 0.52])];
  const { sentence, subjects } = compared(make_table(runs), [["a0", "a1", "a2"], ["b0", "b1", "b2"]]);
  assert.deepStrictEqual(subjects.map(({ name }) => name), ["lr 1", "lr 2"]);
  assert.strictEqual(sentence, "lr 2 differs from lr 1 in lr (1 → 2); val/acc 0.11 ± 0.025 → 0.51 ± 0.025, better, beyond seed noise.");
});

test("a single run beside groups is a group of one", () => {
  const runs = [...repeats("a", { lr: 1 }, [0.1, 0.11, 0.12]), { id: "c", params: { lr: 3 }, acc: 0.7, status: "running" }];
  assert.match(compared(make_table(runs), [["a0", "a1", "a2"], ["c"]]).sentence, /val\/acc 0\.11 ± 0\.025 → 0\.7, not enough runs to judge\.$/);
});

test("of many runs the sentence counts", () => {
  const runs = Array.from({ length: 20 }, (_, place) => ({ id: `r${place}`, params: Object.fromEntries(["p", "q", "r", "s", "t", "u"].map((name) => [name, place])), acc: place / 100 }));
  const { sentence } = compared(make_table(runs), runs.map(({ id }) => [id]));
  assert.match(sentence, /^19 others differ from r0 in p \(0 → 1, 2, 3, 4 and 15 more\), q .*, s \(.*\) and 2 more params; val\/acc 0 → at best 0\.19 \(r19, not enough runs to judge\)\.$/);
});

test("odd names and long texts are themselves", () => {
  const table = pair({ params: { [ODD]: "", prompt: "p".repeat(50) } }, { params: { [ODD]: "</b>", prompt: "q".repeat(50) } });
  assert.ok(compared(table, [["a"], ["b"]]).sentence.startsWith(`b differs from a in ${ODD} ("" → </b>) and prompt (another text);`));
});

test("a metric that one run lacks is said to be missing", () => {
  assert.match(compared(make_table([{ id: "a", params: {}, acc: 1 }, { id: "b", params: {} }]), [["a"], ["b"]]).sentence, /; val\/acc is 1 in a and is not logged in b\.$/);
  assert.match(compared(make_table([{ id: "a", params: {} }, { id: "b", params: {} }]), [["a"], ["b"]]).sentence, /; no metric was logged\.$/);
});

test("a metric without a finite value is not said to be missing", () => {
  const lacking = (runs, items) => compared(make_table(runs), items).rows.metrics[0].cells.map(({ is_missing, lacks }) => is_missing && lacks);
  const runs = [{ id: "a", params: {}, acc: 1 }, { id: "b", params: {}, last: "NaN" }, { id: "c", params: {} }];
  assert.deepStrictEqual(lacking(runs, [["a"], ["b"], ["c"]]), [false, "no finite value", "not logged"]);
  const groups = [...repeats("a", { lr: 1 }, [0.1, 0.2]), ...["b0", "b1"].map((id) => ({ id, params: { lr: 2 }, acc: 3, status: "running", repeat: "b" }))];
  assert.deepStrictEqual(lacking(groups, [["a0", "a1"], ["b0", "b1"]]), [false, "no mean"]);
});

test("a run that diverged does not turn the best values of others into their last ones", () => {
  const logged = (id, acc, last) => ({ id, params: {}, acc, last });
  const [a, b, c, d] = [logged("a", 0.7, 0.6), logged("b", null, "NaN"), logged("c", 0.8, 0.1), { id: "d", params: {} }];
  const told = (...runs) => compared(make_table(runs), runs.map(({ id }) => [id])).sentence.replace(/^.*; /, "");
  assert.strictEqual(told(a, b, c), "val/acc 0.7 → at best 0.8 (c, not enough runs to judge) and has no finite value in b.");
  assert.strictEqual(told(b, a, c), "val/acc is at best 0.8 in c and has no finite value in b.");
  assert.strictEqual(told(a, b), "val/acc is 0.7 in a and has no finite value in b.");
  assert.strictEqual(told(b, a), "val/acc is 0.7 in a and has no finite value in b.");
  assert.strictEqual(told(a, b, d), "val/acc is 0.7 in a, has no finite value in b and is not logged in d.");
  assert.strictEqual(told(a, b, { ...a, id: "c" }), "val/acc is 0.7 in a and c and has no finite value in b.");
});

test("where all runs diverged the sentence has the last values, and says so", () => {
  const runs = ["NaN", "NaN", "Infinity"].map((last, place) => ({ id: "abc"[place], params: {}, last }));
  const told = (...ids) => compared(make_table(runs), ids.map((id) => [id])).sentence.replace(/^.*; /, "");
  assert.strictEqual(told("a", "b"), "val/acc (last) is NaN in both.");
  assert.strictEqual(told("a", "c"), "val/acc (last) NaN → ∞.");
  assert.strictEqual(told("a", "b", "c"), "val/acc (last) NaN → NaN, ∞.");
});

test("groups without a mean are told of", () => {
  const group = (prefix, lr, more) => repeats(prefix, { lr }, [0.1, 0.2]).map((run) => ({ ...run, ...more }));
  const running = { status: "running" };
  const told = (more) => compared(make_table([...group("a", 1, more), ...group("b", 2, running)]), [["a0", "a1"], ["b0", "b1"]]).sentence;
  assert.match(told({}), /; val\/acc is 0\.15 ± 0\.64 in lr 1 and has no mean in lr 2\.$/);
  assert.match(told(running), /; val\/acc has no mean in both\.$/);
});

test("values that differ and read the same are told apart", () => {
  const told = (...values) => {
    const table = make_table(values.map((x, place) => ({ id: String(place), params: { x } })));
    const { sentence, rows: { params: [row] } } = compared(table, values.map((_, place) => [String(place)]));
    assert.ok(sentence.includes(` in x (${row.cells.map(({ text, is_missing }) => (is_missing ? "none" : text)).join(" → ")});`));
    return row.cells.map(({ text }) => text);
  };
  assert.deepStrictEqual(told(1, "1"), ["1", '"1"']);
  assert.deepStrictEqual(told(-1, "-1"), ["-1", '"-1"']);
  assert.deepStrictEqual(told(true, "true"), ["true", '"true"']);
  assert.deepStrictEqual(told("none", null), ['"none"', ""]);
  assert.deepStrictEqual(told("1", "1 "), ['"1"', '"1 "']);
  assert.deepStrictEqual(told(0.1, 0.1 + 2 ** -40), ["0.1", "0.1000000000009095"]);
  assert.deepStrictEqual(told(1, "2"), ["1", "2"]);
});

test("a null and a list are told from texts that read as they do", () => {
  const runs = [["a", "null", "[1, 2]"], ["b", "null", "[1, 2]"], ["c", "null", "[1, 2]"], ["d", "null", "[1, 2]"]];
  const table = make_table(runs.map(([id, depth, hidden]) => ({ id, params: { depth, hidden } })));
  const not_texts = { not_texts: { params: ["depth", "hidden"] } };
  const details = details_of({ a: not_texts, b: {}, c: not_texts, d: null });
  const cells = (...ids) => compared(table, ids.map((id) => [id]), { details }).rows.params.map((row) => [row.is_same, ...row.cells.map(({ text }) => text)]);
  assert.deepStrictEqual(cells("a", "b"), [[false, "null", '"null"'], [false, "[1, 2]", '"[1, 2]"']]);
  assert.deepStrictEqual(cells("a", "c", "d"), [[true, "null", "null", "null"], [true, "[1, 2]", "[1, 2]", "[1, 2]"]]);
  assert.deepStrictEqual(compared(table, [["a"], ["b"]], { details }).rows.params[1].cells.map(({ full }) => full), ["[1, 2]", "[1, 2]"]);
  assert.match(compared(table, [["a"], ["b"]], { details }).sentence, /^b differs from a in depth \(null → "null"\) and hidden \(\[1, 2\] → "\[1, 2\]"\)/);
});

// Images and curves.

test("each run shows its newest image up to the step", () => {
  const found = images.images_by_name([{ keys: ["e/a"] }, { keys: ["e/b"] }], details_of({
    a: { images: [{ name: "x", step: 0, src: "1" }, { name: "x", step: 10, src: "2" }] }, b: { images: [{ name: "x", step: 5, src: "3" }] },
  }));
  const shown = (step) => found[0].pictures.map((own) => images.image_at(own, step)?.src ?? null);
  assert.deepStrictEqual(images.image_steps(found), [0, 5, 10]);
  assert.deepStrictEqual([shown(0), shown(7), shown(null)], [["1", null], ["1", "3"], ["2", "3"]]);
});

test("images are the same where every file is", () => {
  const pictures = (...sources) => sources.map((src) => [{ step: null, src }]);
  assert.deepStrictEqual([images.is_same(pictures("1", "1")), images.is_same(pictures("1", "2")), images.is_same([[], []])], [true, false, false]);
  const drawing = (file, text) => [{ step: null, file, text }];
  assert.deepStrictEqual([images.is_same([drawing("x", 0), drawing("x", 3)]), images.is_same([drawing("x", 0), drawing("y", 0)])], [true, false]);
});

test("a drawing with any letter becomes an address", () => {
  const address = images.svg_address("<svg>é</svg>");
  assert.strictEqual(Buffer.from(address.split(",")[1], "base64").toString(), "<svg>é</svg>");
});

test("runs of a group are drawn in one colour under names of their own", () => {
  const table = make_table(repeats("a", { lr: 1 }, [1, 2]));
  const { subjects } = rows.make_subjects(table, [["e/a0", "e/a1"]]);
  const drawn = charts.chart_runs(subjects, table, (row) => `folder${row}/`);
  assert.deepStrictEqual(drawn.map(({ name, group, colour, series }) => [name, group, colour, series]), [
    ["a0 and 1 more (a0)", "a0 and 1 more", 0, "folder0/series.js"], ["a0 and 1 more (a1)", "a0 and 1 more", 0, "folder1/series.js"],
  ]);
  assert.deepStrictEqual(charts.chart_metrics(table, subjects), [{ name: "val/acc", label: "val/acc", unit: "%", goal: "maximize" }]);
});

test("a group says in the legend where only some of its runs are drawn", () => {
  const keys = Array.from({ length: 12 }, (_, index) => `a/${index}`);
  const subject = (name, of) => ({ keys: of, rows: of.map((_, index) => index), name, is_group: of.length > 1, colour: 0, dash: 0 });
  const drawn = charts.chart_runs([subject("large", keys), subject("small", keys.slice(0, 2))], { without_series: new Set() }, (row) => `f${row}/`);
  assert.deepStrictEqual([...new Set(drawn.map((run) => run.group_label))], ["large (10 of 12 runs)", "small"]);
});
