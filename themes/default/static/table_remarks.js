// What a cell of a run table says beside its value: how far from another metric's best it was logged, how it differs from
// the baseline, how many runs of a group were only counted.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { table_compare, table_lines } = runsite;
  const { element } = runsite.table_parts;

  const small = (text, name = "distance") => element("span", { className: name, textContent: text });

  // Adds to the cell's parts, and returns sentences for its title.
  function cell_remarks(table, view, { column, line }, parts) {
    const group = line < 0 ? view.groups?.[table_lines.group_of(line)] : null;
    return [...distance_remarks(column, line, parts), ...baseline_remarks(table, view, { column, line }, parts), ...(group ? group_remarks(group, column, line, parts) : [])];
  }

  function distance_remarks(column, line, parts) {
    const { distances, anchor } = column.source ?? column;
    if (!distances) return [];
    const distance = line >= 0 && parts.length ? Number(distances[line] ?? 0) : 0;
    parts.push(small(distance ? table_compare.signed(distance) : ""));
    return distance ? [`logged ${runsite.format_number(Math.abs(distance))} steps ${distance > 0 ? "after" : "before"} the best of ${anchor}`] : [];
  }

  function baseline_remarks(table, view, { column, line }, parts) {
    if (!table_compare.is_compared(view?.baseline, column)) return [];
    const found = table_compare.difference(table, view.baseline, column, line);
    const mark = small(found?.text ?? "", `difference ${found?.word ?? ""}${found?.is_contrary ? " contrary" : ""}`);
    mark.append(small(found?.glyph ?? "", "glyph"));
    parts.push(mark);
    return found ? [found.title] : [];
  }

  function group_remarks({ rows, averaged }, column, line, parts) {
    if (column.id === "n") {
      const others = rows.length - averaged.length;
      parts.push(small(others ? `+${runsite.format_count(others)}` : ""));
      return others ? [`${runsite.format_count(others)} more not averaged: they did not finish`] : [];
    }
    if (!column.figures) return [];
    const { n, not_finite, missing } = column.figures[table_lines.group_of(line)];
    if (!parts.length && n === 1) parts.push(small("n=1"));
    return [`n = ${n}`, not_finite && `${not_finite} not finite`, missing && `${missing} without a value`].filter(Boolean);
  }

  runsite.cell_remarks = cell_remarks;
})();
