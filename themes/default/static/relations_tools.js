// What stands around a chart of runs: the choice of its columns and scales, its legend, and the chart as a table.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { NONE, cell_words, column_title, drawable_columns, is_best, is_missing, read_axis, varies } = (runsite.relations ??= {});
  const { element } = runsite.table_parts;
  // 300 rows are read by nobody; the CSV has all.
  const MAX_ROWS = 200;
  const GROUPS = new Map([["param", "Params"], ["metric", "Metrics"], ["tag", "Tags"]]);
  const SAME = "The same in all runs";

  // The choices of each kind: [what the choice is called, field of the state, which column is chosen, more].
  const CHOICES = {
    scatter: [["x", "x", ({ x }) => x], ["y", "y", ({ y }) => y], ["colour", "colour", ({ colour }) => colour, { none: "one colour" }]],
    parallel: [],
    importance: [["metric", "of", ({ goal, main }) => goal ?? main, { only: is_best, is_plain: true }]],
    histogram: [["of", "of", ({ of }) => of]],
    best_so_far: [["metric", "of", ({ goal }) => goal, { only: is_best }]],
  };

  // Fills the choices of a chart; `change(patch)` is told what the reader chooses.
  function fill_choices(box, { shown, relation, state, change }) {
    const { table } = shown;
    const at = [...box.querySelectorAll("select, input, summary")].indexOf(document.activeElement);
    const open = box.querySelector(".relation_axes")?.open ?? false;
    const made = CHOICES[relation.kind].flatMap(([name, field, chosen, more = {}]) => {
      const column = chosen(relation.columns) ?? null;
      const parts = [select_column(name, { table, column, more, choose: (id) => change({ [field]: id }) })];
      const scale = column && !more.is_plain ? scale_box(name, { column, shown, state, change }) : null;
      return scale ? [...parts, scale] : parts;
    });
    if (relation.kind === "parallel") made.push(axes_menu({ table, relation, change, open }), ...clear_button(relation, change));
    box.replaceChildren(...made);
    box.querySelectorAll("select, input, summary")[at]?.focus();
  }

  function select_column(name, { table, column, more, choose }) {
    const options = new Map();
    for (const each of drawable_columns(table).filter(more.only ?? (() => true))) {
      const group = !varies(table)(each) ? SAME : each.column.anchor ? "Metrics at another’s best" : (GROUPS.get(each.column.group) ?? "Run");
      if (!options.has(group)) options.set(group, []);
      options.get(group).push(element("option", { value: each.column.id, textContent: column_title(each.column), selected: each.column === column?.column }));
    }
    const order = ["Params", "Metrics", "Run", "Tags", "Metrics at another’s best", SAME].filter((group) => options.has(group));
    const select = element("select", {}, [
      ...(more.none ? [element("option", { value: NONE, textContent: more.none, selected: !column })] : []),
      ...order.map((group) => element("optgroup", { label: group }, options.get(group))),
    ]);
    select.addEventListener("change", () => choose(select.value));
    return element("label", {}, [`${name} `, select]);
  }

  function scale_box(name, { column, shown, state, change }) {
    const axis = read_axis(column, shown.rows, state.scales);
    if (!axis.can_log) return null;
    const box = element("input", { type: "checkbox", checked: axis.is_log });
    box.addEventListener("change", () => change({ scales: new Map(state.scales).set(column.column.id, box.checked) }));
    return element("label", { className: "relation_scale" }, [box, " log", element("span", { className: "visually_hidden", textContent: ` scale of ${name === "of" ? column_title(column.column) : name}` })]);
  }

  function axes_menu({ table, relation, change, open }) {
    const chosen = relation.columns.axes.map(({ column }) => column.id);
    const is_offered = (each) => !each.column.anchor && (varies(table)(each) || each.column.group === "metric" || chosen.includes(each.column.id));
    const boxes = drawable_columns(table).filter(is_offered).map(({ column }) => {
      const box = element("input", { type: "checkbox", checked: chosen.includes(column.id) });
      box.addEventListener("change", () => change({ axes: box.checked ? [...chosen, column.id] : chosen.filter((id) => id !== column.id) }));
      return element("label", {}, [box, ` ${column_title(column)}`]);
    });
    return element("details", { className: "table_menu relation_axes", open }, [element("summary", { textContent: "Axes" }), element("div", { className: "table_menu_content" }, boxes)]);
  }

  function clear_button(relation, change) {
    if (!relation.brushes?.size) return [];
    const button = element("button", { type: "button", textContent: "Clear the ranges" });
    button.addEventListener("click", () => change({ ranges: null }));
    return [button];
  }

  // The legend of hues or of shades, in HTML, as other charts have theirs.
  function legend_parts({ groups, shade }) {
    if (shade) {
      const [from, to] = shade.ends.map((text) => element("span", { className: "muted", textContent: text }));
      return [`${shade.title} `, from, element("span", { className: "shade_bar", ariaHidden: "true" }), to];
    }
    if (!groups || groups.length < 2) return [];
    return [element("ul", { className: "chart_legend", ariaLabel: "Colours" }, groups.map(({ label, colour }) => element("li", { title: label }, [
      element("span", { className: `swatch series_${colour ?? "other"}`, ariaHidden: "true" }), label,
    ])))];
  }

  // The chart as a table; the run's key stands in the link of its name.
  function listing_table({ table, relation, address }) {
    const { columns, rows, columns_of } = relation.listing;
    const has_runs = columns[0]?.label === "run";
    const from = has_runs ? 1 : 0;
    const head = columns.slice(from).map(({ label, is_numeric }) => element("th", { scope: "col", textContent: label, className: is_numeric ? "number" : "" }));
    const body = rows.slice(0, MAX_ROWS).map((cells) => element("tr", {}, cells.slice(from).map((cell, place) => {
      const { is_numeric } = columns[place + from];
      const first = place === 0;
      const made = element(first ? "th" : "td", { className: is_numeric ? "number" : "", ...(first ? { scope: "row" } : {}) });
      const text = listed_words(columns_of[place + from], cell);
      made.append(first && has_runs ? element("a", { href: address(table.row_of.get(cells[0])), title: cells[0], textContent: text }) : text);
      return made;
    })));
    const note = rows.length > MAX_ROWS ? `: the first ${MAX_ROWS} of ${runsite.format_count(rows.length)} rows; the CSV has all` : "";
    const made = element("table", { className: "dense" }, [element("caption", { textContent: `${relation.title}${note}` }), element("thead", {}, [element("tr", {}, head)]), element("tbody", {}, body)]);
    return made;
  }

  function listed_words(column, cell) {
    if (cell === null || cell === undefined) return "";
    if (!column) return typeof cell === "number" ? runsite.format_number(cell) : String(cell);
    return is_missing(column, cell) ? "" : cell_words(column, cell);
  }

  Object.assign(runsite.relations, { fill_choices, legend_parts, listing_table });
})();
