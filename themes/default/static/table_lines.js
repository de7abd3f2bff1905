// Which lines a run table shows, one below the other: runs in their order, runs below their parents, or groups of runs
// with their figures. Pure functions from a table and a view's state.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  // A line is a row's number, or a group as -1 - its number; `depths` is null where all stand at the left.
  const group_line = (group) => -1 - group;
  const group_of = (line) => (line < 0 ? -1 - line : null);
  const REPEATS = "repeats";
  const MAX_LABEL_PARAMS = 6;
  const MAX_DEPTH = 9;
  const STATISTIC_WORDS = { mean: "mean", ci: "± 95 %", sd: "std dev", min: "least", max: "greatest" };
  const AVERAGED = "finished";
  // Fields of runs that a group can share.
  const SHARED_FIELDS = ["experiment", "status"];

  // Sorts by the columns a state names; what names none is passed over. Equal rows keep the order the table came in.
  function sorted_rows(table, sort) {
    const keys = sort.map(({ id, descending }) => ({ column: table.column_of.get(id), descending })).filter(({ column }) => column && column.kind !== "curve");
    if (!keys.length || is_usual(table, sort)) return table.base_order;
    return runsite.sort_rows(table.row_count, keys.map(({ column, descending }) => ({ ranked: column.ranked, descending })), table.base_order);
  }

  const is_usual = (table, sort) => sort.length === 1 && (sort[0].descending ? "-" : "") + sort[0].id === table.head.sorted_by;

  // The rows for which `mask` says 1, in their order.
  const masked = (order, mask) => (mask ? order.filter((row) => mask[row]) : order);

  // Runs below their parents, where the parents are in sight too. A run stands where the first of its family would.
  function nested_lines(table, order, toggled) {
    const visible = new Uint8Array(table.row_count);
    for (const row of order) visible[row] = 1;
    const parent_of = (row) => {
      const parent = table.row_of.get(table.parents.get(row));
      return parent !== undefined && parent !== row && visible[parent] ? parent : null;
    };
    const [roots, children, placed] = [[], new Map(), new Uint8Array(table.row_count)];
    for (const row of order) {
      for (let child = row; !placed[child];) {
        placed[child] = 1;
        const parent = parent_of(child);
        if (parent === null) roots.push(child);
        else if (children.has(parent)) children.get(parent).push(child);
        else children.set(parent, [child]);
        child = parent ?? child;
      }
    }
    return unfold(table, roots, children, toggled);
  }

  // Walks the families in order, without the ones below a folded run. A circle of parents has no root: its runs stand last.
  function unfold(table, roots, children, toggled) {
    const [lines, depths, seen] = [[], [], new Uint8Array(table.row_count)];
    const walk = (root) => {
      const waiting = [[root, 0, true]];
      while (waiting.length) {
        const [row, depth, is_shown] = waiting.pop();
        if (seen[row]) continue;
        seen[row] = 1;
        if (is_shown) { lines.push(row); depths.push(Math.min(depth, MAX_DEPTH)); }
        const shows = is_shown && !toggled.has(table.keys[row]);
        const below = children.get(row) ?? [];
        for (let index = below.length - 1; index >= 0; index -= 1) waiting.push([below[index], depth + 1, shows]);
      }
    };
    for (const row of roots) walk(row);
    for (const parent of children.keys()) walk(parent);
    return { lines: Int32Array.from(lines), depths: Uint8Array.from(depths), with_children: children };
  }

  // Groups.

  // Parts rows into groups by what they hold in some columns: [{key, label, title, rows}, …] by their first row.
  function make_groups(table, order, group) {
    const columns = group.filter((id) => id !== REPEATS).map((id) => table.column_of.get(id)).filter(Boolean);
    const repeats = group.includes(REPEATS) ? (row) => [`${table.experiments[row]}/${table.repeats[row]}`] : () => [];
    const key_of = (row) => runsite.table_state.join_ids([...repeats(row), ...columns.map(({ values }) => JSON.stringify(values[row]))]);
    const found = new Map();
    for (const row of order) {
      const key = key_of(row);
      const rows = found.get(key);
      if (rows) rows.push(row);
      else found.set(key, [row]);
    }
    const said = group.includes(REPEATS) ? [...columns, ...label_columns(table, [...found.values()])] : columns;
    const labels = [...new Set(said)];
    return [...found].map(([key, rows]) => ({ key, rows, label: group_label(table, labels, rows[0]), averaged: averaged_rows(table, rows) }));
  }

  // Only runs that finished are averaged; the others are counted.
  function averaged_rows(table, rows) {
    const { values } = table.column_of.get("status");
    return rows.filter((row) => values[row] === AVERAGED);
  }

  // Of the params that make a configuration, those that tell these groups apart; one that follows from those before it
  // (the number of parameters from the width) is left out. Short values go first: they leave room for more.
  function label_columns(table, groups) {
    const params = table.head.repeats.params.map((id) => table.column_of.get(id)).filter(Boolean);
    const width_of = ({ values }) => groups.reduce((most, [row]) => Math.max(most, JSON.stringify(values[row]).length), 0);
    params.sort((a, b) => width_of(a) - width_of(b));
    const chosen = [];
    let told = groups.map(() => "");
    for (const column of params) {
      const more = told.map((text, index) => `${text}\n${JSON.stringify(column.values[groups[index][0]])}`);
      if (chosen.length === MAX_LABEL_PARAMS || new Set(more).size === new Set(told).size) continue;
      chosen.push(column);
      told = more;
    }
    return chosen;
  }

  function group_label(table, columns, row) {
    const parts = columns.filter(({ values }) => values[row] !== null).map(({ label, values }) => `${label} ${runsite.format_param_cell(values[row])}`);
    return parts.join(" · ") || (columns.length ? `without ${columns.map(({ label }) => label).join(", ")}` : table.column_of.get("name").values[row]);
  }

  // The figures of a column's values over some rows, worked out once.
  function group_figures(column, rows) {
    return runsite.group_statistics.summarise_group(rows.map((row) => column.values[row]));
  }

  const is_measured = (column) => column.group === "metric" && column.kind === "number";
  const statistic_id = (name, id) => `${name}(${id})`;

  // The columns of a grouped table: the name, n, and for each shown metric its figures, for each param what the runs
  // share of it. `group_values` hold a value for each group; `values`, where present, those of single runs.
  function grouped_columns(table, groups, shown, statistics) {
    const [name, ...others] = shown;
    return [name, count_column(groups), ...others.flatMap((column) => {
      if (is_measured(column)) return statistic_columns(column, groups, statistics);
      return column.group === "param" || column.group === "tag" || SHARED_FIELDS.includes(column.id) ? [shared_column(column, groups)] : [];
    })].map((column) => (column.group_values ? column : { ...pick(column), group_values: groups.map(({ label }) => label) }));
  }

  const pick = (column) => ({
    id: column.id, label: column.label, detail: column.detail, title: column.title, group: column.group, kind: column.kind,
    is_numeric: column.is_numeric, descending_first: column.descending_first, source: column,
  });

  function count_column(groups) {
    return {
      id: "n", label: "n", detail: "finished", title: "runs that finished, which the figures are made of; others are counted beside them",
      group: "run", kind: "number", is_numeric: true, descending_first: true, source: null,
      group_values: groups.map(({ averaged }) => averaged.length),
    };
  }

  function shared_column(column, groups) {
    const different = groups.map(({ rows }) => new Set(rows.map((row) => column.values[row])).size);
    return {
      ...pick(column),
      different,
      group_values: groups.map(({ rows }, index) => (different[index] === 1 ? column.values[rows[0]] : `${different[index]} values`)),
    };
  }

  function statistic_columns(column, groups, statistics) {
    const figures = (column.figures = groups.map(({ averaged }) => group_figures(column, averaged)));
    return statistics.map((name) => {
      const values = figures.map((each) => each[name]);
      const made = {
        ...pick(column), id: statistic_id(name, column.id), statistic: name, figures,
        detail: `${STATISTIC_WORDS[name]} of ${column.aggregate}`, title: `${column.id}: ${STATISTIC_WORDS[name]} over the runs of a group that finished`,
        descending_first: name === "ci" || name === "sd" ? false : column.descending_first, group_values: values,
      };
      return name === "mean" ? { ...made, goal: column.goal, goal_from: column.goal_from, best_mark: column.best_mark, best_title: column.best_title, best_value: best_of(values, column.goal) } : made;
    });
  }

  function best_of(values, goal) {
    const finite = values.filter((value) => typeof value === "number");
    if (!goal || new Set(finite).size < 2) return undefined;
    return goal === "maximize" ? Math.max(...finite) : Math.min(...finite);
  }

  // The order of groups by a state's keys; a key that names a column of single runs means its mean.
  function sorted_groups(groups, columns, sort) {
    const column_of = new Map(columns.map((column) => [column.id, column]));
    const keys = sort.map(({ id, descending }) => ({ column: column_of.get(id) ?? column_of.get(statistic_id("mean", id)), descending })).filter(({ column }) => column);
    const ranked = keys.map(({ column, descending }) => ({ ranked: runsite.rank_rows(column.group_values, column.kind), descending }));
    return runsite.sort_rows(groups.length, ranked);
  }

  // Groups in their order, those that are open with their runs below them.
  function grouped_lines(groups, order, toggled) {
    const [lines, depths] = [[], []];
    for (const group of order) {
      lines.push(group_line(group));
      depths.push(0);
      if (!toggled.has(groups[group].key)) continue;
      for (const row of groups[group].rows) { lines.push(row); depths.push(1); }
    }
    return { lines: Int32Array.from(lines), depths: Uint8Array.from(depths) };
  }

  // What a line holds in a column: a value of the group, or of the run; in a column of figures a run has only a mean.
  function line_value(column, line) {
    if (line < 0) return column.group_values?.[-1 - line] ?? null;
    if (column.group_values === undefined) return column.values[line];
    if (column.statistic && column.statistic !== "mean") return null;
    return column.source ? column.source.values[line] : null;
  }

  const exports = {
    REPEATS, STATISTIC_WORDS, group_line, group_of, is_measured, is_usual, statistic_id, sorted_rows, masked, nested_lines, make_groups, grouped_columns,
    sorted_groups, grouped_lines, line_value, group_figures, averaged_rows,
  };
  runsite.table_lines = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
