// The pure functions of the charts of runs, and tables to try them on.
"use strict";
const tables = require("./tables.js");
const SCRIPTS = [
  "state", "names", "filter_tokens", "filter_values", "filter_pattern", "filter_grammar", "filter_names", "filter_rows", "charts_csv", "charts_data", "charts_axis", "charts_draw",
  "relations_values", "relations_reach", "relations_state", "relations_scatter", "relations_histogram", "relations_best", "relations_rank", "relations_importance",
  "relations_brush", "relations_parallel", "relations_of", "relations_draw", "relations_hover", "relations_ranges",
];
for (const name of SCRIPTS) require(`../../themes/default/static/${name}.js`);
const { runs_table, metric, param, column, declared } = tables;
const ODD = "a.b[0] \"x\" \\ `y` </script>";

// A table of `count` runs: lr over four decades and missing in each 12th, texts, a metric that is NaN once, an odd name.
function related_table(count, { columns = [], values = {}, ...more } = {}) {
  const ids = Array.from({ length: count }, (_, row) => `r${row}`);
  const all = [metric("acc", "best", { ...declared }), metric(ODD, "last"), param("lr"), param("opt"), param("seed"), param(ODD), ...columns];
  const own = {
    "metrics.acc.best": ids.map((_, row) => (row === 4 ? "NaN" : 0.5 + 0.4 * Math.sin(row * 12.9898))),
    [`metrics.${ODD}.last`]: ids.map((_, row) => (row * 37) % 101),
    "params.lr": ids.map((_, row) => (row % 12 === 11 ? null : 10 ** (-4 + ((row * 7) % 41) / 10))),
    "params.opt": ids.map((_, row) => ["adam", "sgd", "it's lion"][row % 3]),
    "params.seed": ids.map((_, row) => row % 5),
    [`params.${ODD}`]: ids.map((_, row) => row % 4),
    ended: ids.map((_, row) => tables.NOW + 60 * ((row * 17) % count)),
  };
  return runs_table(ids, { ...own, ...values }, { columns: [...all, column("ended", "time")], sorted_by: "-metrics.acc.best", ...more });
}

module.exports = { ...tables, ODD, related_table };
