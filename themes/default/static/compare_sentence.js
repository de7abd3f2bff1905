// One sentence that says what differs and what it did: "b differs from a in lr (0.1 → 0.01) and in the package numpy
// (1.26 → 2.0); val/acc 0.93 → 0.95, within seed noise." Pure: from rows to parts, texts and {name} of logs.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  // What a sentence can hold; the sections below it hold the rest.
  const MAX_NAMED = 4;
  const MAX_VALUES = 4;
  const MAX_SUBJECTS = 3;
  const MAX_TEXT = 40;
  const VERDICTS = {
    better: "better, beyond seed noise",
    worse: "worse, beyond seed noise",
    higher: "higher, beyond seed noise",
    lower: "lower, beyond seed noise",
    within_noise: "within seed noise",
    equal: "the same mean",
    repeat: "a repeat of the same configuration",
    not_enough_runs: "not enough runs to judge",
  };

  // What is said of a run's repeats, not of the two values that stand before it.
  const OF_REPEATS = ["better", "worse", "higher", "lower", "equal"];

  const named = (text) => ({ name: text });
  const short = (text) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);
  const differing = (rows) => rows.filter((row) => runsite.compare_rows.differs(row) && !row.is_partial);
  const is_told = (rows) => rows.some(({ cells }) => cells.every(({ is_missing }) => !is_missing));

  // "a", "a and b", "a, b and c" of lists of parts.
  function enumerate(lists) {
    return lists.flatMap((parts, place) => {
      const before = !place ? [] : [place === lists.length - 1 ? " and " : ", "];
      return [...before, ...parts];
    });
  }

  // "0.1 → 0.01", and of more subjects "0.1 → 0.01, 0.001".
  function change(cells, base) {
    const text = (cell) => (cell.is_missing ? "none" : short(cell.text) || '""');
    const from = cells[base];
    if (cells.some((cell) => cell.text.length > MAX_TEXT)) return "another text";
    const others = [...new Map(cells.filter((cell) => cell.identity !== from.identity).map((cell) => [cell.identity, text(cell)])).values()];
    const more = others.length - MAX_VALUES;
    return `${text(from)} → ${others.slice(0, MAX_VALUES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  }

  // Rows by name with their change: the first few, the rest counted.
  function listed(rows, base, noun) {
    const more = rows.length - MAX_NAMED;
    const shown = (more === 1 ? rows : rows.slice(0, MAX_NAMED)).map((row) => [named(row.name), ` (${change(row.cells, base)})`]);
    return enumerate(more > 1 ? [...shown, [`${more} more ${noun}s`]] : shown);
  }

  // Params that differ, what only tells repeats apart last; of groups, which average over it, not at all.
  function told_params(params, subjects) {
    const is_grouped = subjects.some(({ is_group }) => is_group);
    const own = differing(params).filter(({ is_ignored }) => !is_ignored || !is_grouped);
    return [...own.filter(({ is_ignored }) => !is_ignored), ...own.filter(({ is_ignored }) => is_ignored)];
  }

  // What differs, as lists of parts that each begin with "in".
  function differences({ params, environment, code, datasets }, subjects, base) {
    const found = [];
    const [own, python] = [told_params(params, subjects), differing(environment).filter(({ kind }) => kind === "python")];
    const packages = differing(environment).filter(({ kind }) => kind === "package");
    const changed = differing(code);
    const of_kind = (kind) => changed.find((row) => row.kind === kind);
    if (own.length) found.push(["in ", ...listed(own, base, "param")]);
    if (python.length) found.push([`in Python (${change(python[0].cells, base)})`]);
    if (packages.length) found.push([`in the package${packages.length > 1 ? "s" : ""} `, ...listed(packages, base, "package")]);
    if (of_kind("commit")) found.push([`in the code commit (${change(of_kind("commit").cells, base)})`]);
    if (of_kind("patch")) found.push(["in the patch of uncommitted changes"]);
    else if (of_kind("dirty")) found.push([`in uncommitted changes (${change(of_kind("dirty").cells, base)})`]);
    if (of_kind("command") && !own.length && !found.length) found.push(["in the command"]);
    const sets = differing(datasets);
    if (sets.length) found.push([`in the dataset${sets.length > 1 ? "s" : ""} `, ...enumerate(sets.slice(0, MAX_NAMED).map((row) => [named(row.name), row.detail ? ` of ${row.detail}` : ""])), " (other content)"]);
    return found;
  }

  // What could be compared at all, for the sentence that nothing differs.
  function compared({ params, environment, code, datasets }) {
    const kinds = [[params, "params"], [environment, "packages"], [code, "code"], [datasets, "datasets"]];
    return enumerate(kinds.filter(([rows]) => is_told(rows)).map(([, word]) => [word])).join("").replace(/ and ([^,]*)$/, " or $1");
  }

  // All rows whose difference from the baseline is told.
  const told_rows = ({ params, environment, code, datasets }, subjects) =>
    [...told_params(params, subjects), ...[environment, code, datasets].flatMap(differing)];

  // The subjects that differ from the baseline in some row; where none does, all others.
  function others_of(subjects, rows, base) {
    const others = subjects.map((_, place) => place).filter((place) => place !== base);
    const is_other = (place) => ({ cells }) => cells[place].identity !== cells[base].identity;
    const told = told_rows(rows, subjects);
    const found = others.filter((place) => told.some(is_other(place)));
    return (found.length ? found : others).map((place) => subjects[place]);
  }

  const who = (others) => (others.length > MAX_SUBJECTS ? [`${others.length} others`] : names(others));

  const names = (subjects) => enumerate(subjects.map(({ name }) => [named(name)]));

  // The subjects at these places: "both", "all", their names, or how many they are.
  function which(places, subjects) {
    if (places.length === subjects.length) return [subjects.length > 2 ? "all" : "both"];
    if (places.length > MAX_SUBJECTS) return [`${places.length} of ${subjects.length}`];
    return names(places.map((place) => subjects[place]));
  }

  const lacks_text = (word) => (word === runsite.compare_rows.NOT_LOGGED ? `is ${word} in ` : `has ${word} in `);

  // What it did to the main metric, and who has no figure of that. A value that is not the best is called the last.
  function effect(row, subjects, base) {
    if (!row) return ["no metric was logged"];
    const places = subjects.map((_, place) => place);
    const [there, lacking] = [false, true].map((is_missing) => places.filter((place) => row.cells[place].is_missing === is_missing));
    const words = [...new Set(lacking.map((place) => row.cells[place].lacks))];
    const lacks = words.map((word) => [lacks_text(word), ...which(lacking.filter((place) => row.cells[place].lacks === word), subjects)]);
    const told = there.length ? [figures(row, subjects, { base, there }), ...lacks] : lacks;
    return [named(row.name), row.column.aggregate === "last" ? " (last) " : " ", ...enumerate(told)];
  }

  // The figures of those that have one.
  function figures({ cells, column }, subjects, { base, there }) {
    const [from, others] = [cells[base], there.filter((place) => place !== base)];
    const to = others.map((place) => cells[place]);
    if (new Set(there.map((place) => cells[place].identity)).size === 1) return [`is ${cells[there[0]].text} in `, ...which(there, subjects)];
    const is_grouped = subjects.some(({ is_group }) => is_group);
    if (subjects.length === 2) return [`${from.text} → ${to[0].text}`, step(from, to[0]), verdict(to[0], is_grouped)];
    if (!column.goal || !to.some(is_finite)) return from.is_missing ? [`is ${range(to)} in `, ...which(others, subjects)] : [`${from.text} → ${range(to)}`];
    const best = best_place(cells, others, column.goal);
    const name = named(subjects[best].name);
    return from.is_missing ? [`is at best ${cells[best].text} in `, name] : [`${from.text} → at best ${cells[best].text} (`, name, verdict(cells[best], is_grouped), ")"];
  }

  // By how much values differ that read the same.
  const step = (from, { text, difference }) => (text === from.text && difference?.text ? ` (${difference.text})` : "");

  function verdict({ difference }, is_grouped) {
    if (!difference) return "";
    return `, ${!is_grouped && OF_REPEATS.includes(difference.word) ? "by its repeats " : ""}${VERDICTS[difference.word]}`;
  }

  const number = ({ value }) => Number(value);
  const is_finite = (cell) => Number.isFinite(number(cell));

  // "1 to 3", and beside it what is not finite.
  function range(cells) {
    const finite = cells.filter(is_finite).sort((a, b) => number(a) - number(b));
    const ends = [...new Set([finite.at(0), finite.at(-1)].map((cell) => cell?.text))].filter(Boolean);
    const others = new Set(cells.filter((cell) => !is_finite(cell)).map(({ text }) => text));
    return [ends.join(" to "), ...others].filter(Boolean).join(", ");
  }

  function best_place(cells, places, goal) {
    const score = (place) => (goal === "maximize" ? number(cells[place]) : -number(cells[place]));
    return places.filter((place) => is_finite(cells[place])).reduce((best, place) => (score(place) > score(best) ? place : best));
  }

  // The whole sentence, as parts; `rows` are those of the sections, `main` that of the main metric.
  function make_sentence(subjects, rows, { base, main }) {
    const found = differences(rows, subjects, base);
    const others = others_of(subjects, rows, base);
    const is_one = others.length === 1;
    const from = [" from ", named(subjects[base].name)];
    const what = compared(rows);
    const difference = found.length
      ? [...who(others), is_one ? " differs" : " differ", ...from, " ", ...enumerate(found)]
      : [...who(others), is_one ? " does not differ" : " do not differ", ...from, what ? ` in ${what}` : ""];
    return [...difference, "; ", ...effect(main, subjects, base), "."].filter((part) => part !== "");
  }

  const sentence_text = (parts) => parts.map((part) => part.name ?? part).join("");

  const exports = { make_sentence, sentence_text };
  runsite.compare_sentence = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
