// What a comparison shows, as pure functions: its subjects (runs or groups of runs) and the rows of each section.
//
// A row is {name, detail, title, cells, is_same, is_unknown}, a cell {text, full, href, is_missing, is_unknown, identity}:
// what is the same in two cells is their identity. A cell is unknown where its runs did not record what it is of; a row is,
// where all that is known agrees: it is not said to differ, nor to be the same. Metrics have their figures, differences
// and verdicts from the run table's own functions, and `lacks`, what is said where there is no figure.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const [HUES, LOOKS] = [8, 24];
  const MAX_LABEL_PARTS = 3;
  const SPREAD_DIGITS = 2;
  // More distinct values of a group than this are counted.
  const MAX_LISTED = 4;
  const DIGEST_SHOWN = 12;
  const AGGREGATES = ["best", "last"];
  const [PARAM, TAG] = ["param", "tag"];
  const [NONE, NOT_LOGGED] = ["none", "not logged"];

  const distinct = (values) => [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
  const look_of = (place) => (place < LOOKS ? { colour: place % HUES, dash: Math.floor(place / HUES) } : { colour: null, dash: 0 });

  // Subjects of the items that the table holds, each with its runs' rows, and the keys it does not hold.
  function make_subjects(table, items) {
    const missing = items.flat().filter((key) => !table.row_of.has(key));
    const found = items.map((keys) => ({ item: keys, keys: keys.filter((key) => table.row_of.has(key)) })).filter(({ keys }) => keys.length);
    const subjects = found.map(({ item, keys }, place) => ({
      item, keys, rows: keys.map((key) => table.row_of.get(key)), is_group: item.length > 1, ...look_of(place),
    }));
    const names = subjects.map((subject) => (subject.is_group ? group_name(table, subject, subjects) : run_name(table, subject)));
    const unique = subjects.map((subject, place) => unique_name(names, place, subject));
    const short = runsite.told_apart(unique);
    return { missing, subjects: subjects.map((subject, place) => ({ ...subject, name: unique[place], short: short[place] })) };
  }

  const run_name = (table, { rows: [row] }) => String(table.column_of.get("name").values[row]);

  // Repeats of one configuration are called as the run table calls them; any other group by what its runs share and
  // other subjects do not have.
  function group_name(table, subject, subjects) {
    const { make_groups, REPEATS } = runsite.table_lines;
    const groups = make_groups(table, [...new Set(subjects.flatMap(({ rows }) => rows))], [REPEATS]);
    const own_group = groups.find(({ rows }) => rows.length === subject.rows.length && rows.every((row) => subject.rows.includes(row)));
    if (own_group && own_group.label !== run_name(table, subject)) return own_group.label;
    const columns = table.columns.filter(({ group }) => group === PARAM).filter(({ values }) => {
      const own = distinct(subject.rows.map((row) => values[row]));
      return own.length === 1 && own[0] !== null && subjects.some(({ rows }) => rows.some((row) => values[row] !== own[0]));
    });
    const parts = columns.slice(0, MAX_LABEL_PARTS).map(({ label, values }) => `${label} ${runsite.format_param_cell(values[subject.rows[0]])}`);
    return parts.join(" · ") || `${run_name(table, subject)} and ${subject.rows.length - 1} more`;
  }

  function unique_name(names, place, { keys: [key] }) {
    const name = names[place];
    if (names.indexOf(name) === names.lastIndexOf(name)) return name;
    const id = key.slice(key.lastIndexOf("/") + 1);
    const is_told_by_id = name !== id;
    return is_told_by_id ? `${name} (${id})` : key;
  }

  // Rows.

  // A null, a list or a map, which the table holds as text, is {json: that text} here.
  const value_text = (value) => (value === null ? NONE : (value.json ?? runsite.format_param_cell(value)));
  const full_text = (value) => value.json ?? runsite.format_param(value);

  // A row of what each run of each subject holds: `get` gives a run's value, null if it has none, by its row and key;
  // `is_known` says of a run without a value that it has none indeed.
  function make_row(name, subjects, get, { format = null, full = full_text, identity = JSON.stringify, is_range = false, is_known = () => true, ...more } = {}) {
    const values_of = ({ rows, keys }) => {
      const all = rows.map((row, place) => get(row, keys[place])).filter((value, place) => value !== null || is_known(keys[place]));
      return [...new Map(all.map((value) => [identity(value), value])).values()];
    };
    const found = subjects.map(values_of);
    const shown = format ?? runsite.format_told_apart(distinct(found.flat()), value_text);
    const cells = found.map((values) => {
      const cell = is_range ? range_of(values, shown) : cell_of(values, shown, full);
      return { ...cell, is_unknown: !values.length, identity: [...new Set(values.map(identity))].sort().join("\n") };
    });
    const known = cells.filter(({ is_unknown }) => !is_unknown);
    const is_partial = known.length < cells.length;
    const is_alike = new Set(known.map((each) => each.identity)).size < 2;
    return { name, ...more, cells, is_partial, is_same: is_alike && !is_partial, is_unknown: is_alike && is_partial };
  }

  const differs = ({ is_same, is_unknown }) => !is_same && !is_unknown;

  function cell_of(values, format, full) {
    const known = values.filter((value) => value !== null);
    if (!known.length) return { text: "", full: "", is_missing: true };
    const texts = known.slice(0, MAX_LISTED).map(format);
    if (known.length > MAX_LISTED) texts.splice(MAX_LISTED - 1, 1, `${runsite.format_count(known.length - MAX_LISTED + 1)} more values`);
    if (known.length < values.length) texts.push(NONE);
    return { text: texts.join(", "), full: known.map(full).join(", "), is_missing: false, href: known.length === 1 ? (known[0].href ?? null) : null };
  }

  // Of many times or durations the least and the greatest.
  function range_of(values, format) {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b);
    if (!known.length) return { text: "", full: "", is_missing: true };
    const [least, greatest] = [format(known[0]), format(known.at(-1))];
    const text = least === greatest ? least : `${least} to ${greatest}`;
    return { text, full: text, is_missing: false };
  }

  // Rows of a record, with the names of those subjects whose runs did not log it.
  function of_record(rows, subjects, has_record) {
    const without = subjects.filter(({ keys }) => !keys.some(has_record)).map(({ name }) => name);
    return rows.filter(is_there).map((row) => ({ ...row, without }));
  }

  // A fact that a run does not name is not recorded, rather than absent.
  const FACT = { is_known: () => false };

  const is_there = (row) => row.cells.some((cell) => !cell.is_missing);

  // Params or tags: of the table, and where it cuts a text, of the run's details.
  function value_rows(table, subjects, details, group) {
    const columns = table.columns.filter((column) => column.group === group);
    // Params that tell repeats apart, such as the seed.
    const ignored = new Set(group === PARAM ? table.head.repeats.ignored.map(([name]) => name) : []);
    const named = new Map([...details].map(([key, found]) => [key, new Map(found?.[`${group}s`] ?? [])]));
    const not_texts = new Map([...details].filter(([, found]) => found).map(([key, found]) => [key, new Set(found.not_texts?.[`${group}s`])]));
    return columns.map((column) => {
      const text_of = (row, key) => named.get(key)?.get(column.label) ?? column.values[row];
      const keys = [...not_texts.keys()].filter((key) => not_texts.get(key).has(column.label));
      // Of a run whose details are not here, what is text in the table is what others hold by that text.
      const known = new Set(keys.map((key) => text_of(table.row_of.get(key), key)));
      const is_text = (text, key) => !(not_texts.has(key) ? not_texts.get(key).has(column.label) : known.has(text));
      const get = (row, key) => {
        const text = text_of(row, key);
        return is_text(text, key) ? text : { json: text };
      };
      return make_row(column.label, subjects, get, { title: column.title, is_ignored: ignored.has(column.label) });
    }).filter(is_there);
  }

  // What the table says of the runs themselves.
  function run_rows(table, subjects) {
    const shown = [["experiment"], ["status"], ["started", runsite.format_time], ["duration", runsite.format_duration], ["steps", (steps) => runsite.format_step(Number(steps))], ["attempts"], ["parent"]];
    return shown.flatMap(([id, format]) => {
      const column = table.column_of.get(id);
      if (!column) return [];
      const get = (row) => column.values[row];
      const row = make_row(id, subjects, get, format && { format, is_range: true });
      return is_there(row) && !(id === "experiment" && row.is_same) ? [row] : [];
    });
  }

  function environment_rows(subjects, details) {
    const environment = (key) => details.get(key)?.environment ?? null;
    const packages = new Map([...details.keys()].map((key) => [key, new Map(environment(key)?.packages ?? [])]));
    const names = distinct([...packages.values()].flatMap((found) => [...found.keys()])).sort();
    const lists_packages = (key) => Boolean(packages.get(key)?.size);
    const rows = [
      make_row("Python", subjects, (_, key) => environment(key)?.python ?? null, { ...FACT, kind: "python" }),
      make_row("platform", subjects, (_, key) => environment(key)?.platform ?? null, { ...FACT, kind: "platform" }),
      ...names.map((name) => make_row(name, subjects, (_, key) => packages.get(key)?.get(name) ?? null, { kind: "package", is_known: lists_packages })),
    ];
    return of_record(rows, subjects, environment);
  }

  function code_rows(subjects, details) {
    const source = (key) => details.get(key)?.source ?? null;
    const said = (name) => (_, key) => source(key)?.[name] ?? null;
    const commit = (_, key) => (source(key)?.commit ? { commit: source(key).commit, href: source(key).commit_href ?? null } : null);
    const patch = (_, key) => (details.get(key)?.patch ? { name: details.get(key).patch.name, href: details.get(key).patch.href, is_own: true } : null);
    const dirty = (_, key) => (typeof source(key)?.dirty === "boolean" ? (source(key).dirty ? "yes" : "no") : null);
    const rows = [
      make_row("command", subjects, said("command"), { ...FACT, kind: "command" }),
      make_row("commit", subjects, commit, { ...FACT, kind: "commit", format: (value) => value.commit.slice(0, DIGEST_SHOWN), full: (value) => value.commit, identity: (value) => JSON.stringify(value?.commit ?? null) }),
      make_row("branch", subjects, said("branch"), { ...FACT, kind: "branch" }),
      make_row("uncommitted changes", subjects, dirty, { ...FACT, kind: "dirty" }),
      make_row("patch", subjects, patch, { ...FACT, kind: "patch", format: (value) => value.name.split("/").at(-1), full: (value) => value.name, identity: (value) => JSON.stringify(value?.href ?? null) }),
      make_row("remote", subjects, said("remote"), { ...FACT, kind: "remote" }),
    ];
    return of_record(rows, subjects, source);
  }

  // Data sets by name and use: the same content is the same digest; without one, the same source and number of rows.
  function dataset_rows(subjects, details) {
    const place = ({ name, context }) => JSON.stringify([name, context ?? ""]);
    const sets = new Map([...details].map(([key, found]) => [key, new Map((found?.datasets ?? []).map((each) => [place(each), each]))]));
    const names = [...new Set([...sets.values()].flatMap((found) => [...found.keys()]))];
    const format = ({ digest, source, rows }) => [
      digest ? short_digest(digest) : (source ?? "no digest"), rows === undefined ? "" : `${runsite.format_count(rows)} rows`,
    ].filter(Boolean).join(", ");
    const full = (set) => [set.digest ?? "no digest", set.source, set.rows === undefined ? "" : `${runsite.format_count(set.rows)} rows`].filter(Boolean).join("; ");
    const identity = (set) => JSON.stringify(set && (set.digest ? [set.digest] : [null, set.source ?? "", set.rows ?? null]));
    const logs_datasets = (key) => Boolean(details.get(key)?.datasets?.length);
    const rows = names.map((name) => {
      const [shown, context] = JSON.parse(name);
      return make_row(shown, subjects, (_, key) => sets.get(key)?.get(name) ?? null, { detail: context, kind: "dataset", format, full, identity, is_known: logs_datasets });
    });
    return of_record(rows, subjects, logs_datasets);
  }

  const short_digest = (digest) => digest.replace(/^([a-z0-9]+:)?(.{12}).*$/i, "$2");

  // Metrics.

  const is_compared_metric = (column) => column.group === "metric" && column.kind === "number" && AGGREGATES.includes(column.aggregate);

  // The columns of metrics that are compared: best, where there is a goal, and last.
  const metric_columns = (table) => table.columns.filter(is_compared_metric);

  function metric_rows(table, subjects, base) {
    const has_value = (column) => subjects.some(({ rows }) => rows.some((row) => column.values[row] !== null));
    const columns = in_pairs(metric_columns(table)).filter(has_value);
    if (!subjects.some(({ is_group }) => is_group)) return columns.map((column) => run_metric_row(table, column, subjects, base));
    const { values } = table.column_of.get("status");
    const groups = subjects.map(({ rows, name }) => ({ rows, label: name, averaged: rows.length > 1 ? rows.filter((row) => values[row] === "finished") : rows }));
    const [, , ...means] = runsite.table_lines.grouped_columns(table, groups, [table.column_of.get("name"), ...columns], ["mean"]);
    return columns.map((column, place) => group_metric_row(table, column, means[place], { subjects, base }));
  }

  // The last value of a metric below its best, in the order in which metrics stand in the table.
  function in_pairs(columns) {
    const by_metric = new Map();
    for (const column of columns) by_metric.set(column.metric, [...(by_metric.get(column.metric) ?? []), column]);
    return [...by_metric.values()].flatMap((own) => own.sort((a, b) => AGGREGATES.indexOf(a.aggregate) - AGGREGATES.indexOf(b.aggregate)));
  }

  // A run may have logged a metric and have no best value of it: where none is finite.
  const has_logged = (table, { metric }, row) => table.columns.some((column) => column.group === "metric" && column.metric === metric && column.kind === "number" && column.values[row] !== null);

  function run_metric_row(table, column, subjects, base) {
    const baseline = { row: subjects[base].rows[0], group: null };
    return metric_row(column, subjects.map(({ rows: [row] }) => {
      const value = column.values[row];
      const lacks = has_logged(table, column, row) ? "no finite value" : NOT_LOGGED;
      return { value, lacks, text: runsite.table_view.cell_text(column, value, 0), difference: runsite.table_compare.difference(table, baseline, column, row) };
    }));
  }

  function group_metric_row(table, column, means, { subjects, base }) {
    const baseline = { row: subjects[base].rows[0], group: base };
    return metric_row(column, subjects.map(({ rows }, place) => {
      const { n, ci } = means.figures[place];
      const value = means.group_values[place];
      const spread = ci === null ? "" : ` ± ${runsite.format_number(ci, SPREAD_DIGITS)}`;
      const text = value === null ? "" : `${runsite.format_number(value)}${spread}`;
      const difference = runsite.table_compare.difference(table, baseline, means, runsite.table_lines.group_line(place));
      const lacks = rows.some((row) => has_logged(table, column, row)) ? "no mean" : NOT_LOGGED;
      return { value, lacks, text, full: value === null ? "" : `mean of ${n}: ${value}`, difference };
    }));
  }

  function metric_row(column, cells) {
    const finite = cells.map(({ value }) => value).filter((value) => typeof value === "number" && Number.isFinite(value));
    const best = !column.goal || new Set(finite).size < 2 ? null : column.goal === "maximize" ? Math.max(...finite) : Math.min(...finite);
    return {
      name: column.label,
      detail: column.detail,
      title: column.title,
      column,
      cells: cells.map((cell) => ({
        ...cell, full: cell.full ?? (cell.value === null ? "" : runsite.format_param(cell.value)), is_missing: cell.value === null,
        is_best: best !== null && cell.value === best, identity: JSON.stringify(cell.value),
      })),
      is_same: new Set(cells.map(({ value }) => JSON.stringify(value))).size < 2,
    };
  }

  const is_logged_by_all = ({ cells }) => cells.every(({ is_missing, lacks }) => !is_missing || lacks !== NOT_LOGGED);

  // The metric that a comparison is judged by: that by which the table is sorted, if all subjects logged it, else the first
  // in the table's order that all logged. Who diverged has logged it, and has no best: the last value is none.
  function main_row(table, rows) {
    const sorted = table.column_of.get(table.head.sorted_by.replace(/^-/, ""));
    const own = rows.find(({ column }) => column === sorted) ?? rows.find(({ column }) => column.metric === sorted?.metric);
    const wanted = own ? [own, ...rows] : rows;
    return wanted.find(is_logged_by_all) ?? wanted[0] ?? null;
  }

  const exports = {
    PARAM, TAG, make_subjects, make_row, differs, value_rows, run_rows, environment_rows, code_rows, dataset_rows, NOT_LOGGED, metric_columns, metric_rows, main_row,
  };
  runsite.compare_rows = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
