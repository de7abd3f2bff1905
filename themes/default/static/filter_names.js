// Which column a path of a run filter means, and how a column is written; tables/filter_names.py is its twin.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { PREFIXES, path_text } = runsite.filter_grammar;
  const AGGREGATES = new Set(["last", "best", "min", "max", "mean", "first"]);
  const AT_BEST_OF = "at best of ";
  const RUN_FIELDS = new Set(
    "name id status parent parent_id started duration ended attempts steps commit branch experiment".split(" "),
  );
  const WORD_COLUMNS = ["name", "id"];
  const MILLISECOND_NAMES = new Set(["start_time", "end_time", "created", "Created"]);
  const MLFLOW_FIELDS = new Map([
    ["run_id", "id"],
    ...["run_name", "run name", "Run name", "Run Name"].map((name) => [name, "name"]),
    ...["start_time", "created", "Created"].map((name) => [name, "started"]),
    ["end_time", "ended"],
  ]);
  const MLFLOW_TAGS = new Map([
    ["mlflow.runName", "name"],
    ["mlflow.parentRunId", "parent_id"],
    ["mlflow.source.git.commit", "commit"],
    ["mlflow.source.git.branch", "branch"],
  ]);
  const MLFLOW_ONLY = new Set(["user_id", "artifact_uri", "lifecycle_stage"]);
  const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

  const joined = (parts) => parts.map((part) => part.text).join(".");
  const has_of = (ids) => {
    const known = ids instanceof Set ? ids : new Set(ids);
    return (id) => known.has(id);
  };

  // The paths that mean no column: [{name, start, end, nearest}], nearest the id that looks most alike, or null.
  function unknown_names(filter, ids) {
    const has = has_of(ids);
    const found = filter.paths.map((path) => [path, resolve_path(path, has)]).filter(([, id]) => !has(id) && !is_of_mlflow(id));
    return found.map(([path, id]) => {
      const name = path_text(path);
      return { name, start: path.start, end: path.end, nearest: nearest_name(name, id, ids) };
    });
  }

  // Which of the columns a filter reads.
  function named_columns(filter, ids) {
    const has = has_of(ids);
    const named = filter.paths.map((path) => resolve_path(path, has));
    if (filter.has_words) named.push(...WORD_COLUMNS);
    return new Set(named.filter(has));
  }

  // The id of the column that a path means; if there is none, of the one it would be.
  function resolve_path(path, has) {
    const prefix = path.parts.length > 1 ? PREFIXES.get(path.parts[0].text) : undefined;
    if (prefix === undefined) return bare(path, has) ?? path_text(path);
    const id = prefixed(prefix, path.parts.slice(1), has);
    return has(id) ? id : (bare(path, has) ?? id);
  }

  // Whether numbers mean milliseconds: where a time is named as MLflow names it.
  function is_in_milliseconds({ parts }) {
    const is_attribute = parts.length === 2 && PREFIXES.get(parts[0].text) === "attributes";
    return (parts.length === 1 || is_attribute) && MILLISECOND_NAMES.has(parts.at(-1).text);
  }

  // Write a column's id so that a filter reads it as that column.
  function quote_name(id) {
    const dot = id.indexOf(".");
    const [prefix, name] = [id.slice(0, dot), id.slice(dot + 1)];
    if (RUN_FIELDS.has(id)) return id;
    if (dot < 0 || !["params", "tags", "metrics"].includes(prefix)) return backticked(id);
    if (prefix !== "metrics") return `${prefix}.${PLAIN.test(name) ? name : backticked(name)}`;
    const [metric, aggregate] = split_metric(name);
    if (!aggregate) return `metrics.${backticked(metric)}`;
    return `metrics.${backticked(metric)}.${AGGREGATES.has(aggregate) ? aggregate : backticked(aggregate)}`;
  }

  // [name, aggregate]; without an aggregate it is all name.
  function split_metric(rest) {
    const dot = rest.lastIndexOf(".");
    if (dot >= 0 && AGGREGATES.has(rest.slice(dot + 1))) return [rest.slice(0, dot), rest.slice(dot + 1)];
    const at = rest.lastIndexOf(`.${AT_BEST_OF}`);
    return at < 0 ? [rest, ""] : [rest.slice(0, at), rest.slice(at + 1)];
  }

  function prefixed(prefix, parts, has) {
    const name = joined(parts);
    if (prefix === "metrics") return metric_id(parts, has);
    if (prefix === "attributes") {
      const field = MLFLOW_FIELDS.get(name) ?? name;
      return RUN_FIELDS.has(field) ? field : `attributes.${name}`;
    }
    const id = `${prefix}.${name}`;
    return prefix === "tags" && MLFLOW_TAGS.has(name) && !has(id) ? MLFLOW_TAGS.get(name) : id;
  }

  function metric_id(parts, has) {
    const name = joined(parts);
    const last = parts.at(-1).text;
    const has_aggregate = parts.length > 1 && (AGGREGATES.has(last) || last.startsWith(AT_BEST_OF));
    const is_certain = has_aggregate && parts.length === 2 && parts[0].is_quoted;
    const is_metric = !is_certain && [...AGGREGATES].some((aggregate) => has(`metrics.${name}.${aggregate}`));
    return has_aggregate && !is_metric ? `metrics.${joined(parts.slice(0, -1))}.${last}` : `metrics.${name}.last`;
  }

  function bare(path, has) {
    const text = path_text(path);
    const is_single = path.parts.length === 1;
    const field = (is_single && MLFLOW_FIELDS.get(text)) || text;
    if (RUN_FIELDS.has(field)) return field;
    if (is_single && has(text)) return text;
    const metric = metric_id(path.parts, has);
    const best = metric === `metrics.${text}.last` ? [`metrics.${text}.best`] : [];
    return [`params.${text}`, ...best, metric, `tags.${text}`].find(has);
  }

  const is_of_mlflow = (id) =>
    MLFLOW_ONLY.has(id.replace(/^attributes\./, "")) || id.startsWith("datasets.") || id.startsWith("tags.mlflow.");

  const backticked = (name) => `\`${name.replaceAll("`", "``")}\``;

  function short_name(id) {
    const dot = id.indexOf(".");
    const rest = id.slice(dot + 1);
    return dot > 0 && id.slice(0, dot) === "metrics" ? split_metric(rest)[0] : rest || id;
  }

  // Compare whole ids, then the names within them, which people write alone.
  function nearest_name(text, id, ids) {
    const sorted = [...ids].filter((known) => !known.includes(`.${AT_BEST_OF}`)).sort();
    const whole = fewest_edits([id, text], sorted.map((known) => [known, known]));
    return whole ?? fewest_edits([text, short_name(id)], sorted.map((known) => [short_name(known), known]));
  }

  // The id whose spelling takes fewest edits; null if more than a third of the name is other.
  function fewest_edits(wanted, spelled) {
    const forms = wanted.map((form) => Array.from(form.toLowerCase()));
    let [nearest, least] = [null, Infinity];
    for (const [spelling, id] of spelled) {
      const known = Array.from(spelling.toLowerCase());
      for (const form of forms) {
        const most = Math.min(least, Math.floor((form.length + 1) / 3) + 0.5);
        const distance = Math.abs(known.length - form.length) < most ? edit_distance(form, known) : Infinity;
        if (distance < most) [nearest, least] = [id, distance];
      }
    }
    return nearest;
  }

  function edit_distance(a, b) {
    let previous = Array.from({ length: b.length + 1 }, (_, place) => place);
    for (let row = 1; row <= a.length; row += 1) {
      const current = [row];
      for (let place = 1; place <= b.length; place += 1) {
        const replaced = previous[place - 1] + (a[row - 1] === b[place - 1] ? 0 : 1);
        current.push(Math.min(replaced, previous[place] + 1, current[place - 1] + 1));
      }
      previous = current;
    }
    return previous[b.length];
  }

  const exports = { WORD_COLUMNS, is_in_milliseconds, named_columns, quote_name, resolve_path, short_name, unknown_names };
  runsite.filter_names = exports;
  Object.assign(runsite, { named_columns, quote_name, unknown_names });
  if (typeof module !== "undefined") module.exports = exports;
})();
