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
  function enumerate(lists, before_last = " and ") {
    return lists.flatMap((parts, place) => {
      const before = !place ? [] : [place === lists.length - 1 ? before_last : ", "];
      return [...before, ...parts];
    });
  }

  // Where it must be said which of the subjects named these are: " in b", " in 5 of 20".
  function whose(places, { subjects, others }) {
    return places.length === others.length ? [] : [" in ", ...which(places, subjects.map((subject) => ({ name: subject.short })))];
  }

  const places_apart = ({ cells }, { base, others }) => others.filter((place) => cells[place].identity !== cells[base].identity);
  const whose_row = (row, view) => whose(places_apart(row, view), view);

  const contents = ({ identity }) => identity.split("\n").filter((each) => each !== "null").join("\n");

  // How the subject's cell differs from the baseline's, of which some runs of a group may have none.
  function held_word(cell, from, word) {
    if (cell.is_missing) return "none";
    if (contents(cell) !== contents(from)) return word;
    return contents(cell) === cell.identity ? "logged in all runs" : "none in some runs";
  }

  // Where the values themselves are not told: "other content", "logged → none", of more subjects "other content in b,
  // none in c".
  function held(row, word, view) {
    const [from, apart] = [row.cells[view.base], places_apart(row, view)];
    if (from.is_missing) return ["none → logged", ...whose(apart, view)];
    if (apart.every((place) => row.cells[place].is_missing)) return ["logged → none", ...whose(apart, view)];
    const word_at = (place) => held_word(row.cells[place], from, word);
    const words = [...new Set(apart.map(word_at))];
    return enumerate(words.map((each) => [each, ...whose(apart.filter((place) => word_at(place) === each), view)]), ", ");
  }

  // "0.1 → 0.01", of more subjects "0.1 → 0.01 or 0.001 in 5 of 20", of few "0.1 → 0.01 in b, 0.001 in c".
  function change(row, view) {
    const { cells } = row;
    const text = (cell) => (cell.is_missing ? "none" : short(cell.text) || '""');
    if (cells.some((cell) => cell.text.length > MAX_TEXT)) return held(row, "another text", view);
    const apart = places_apart(row, view);
    const alike = [...new Set(apart.map((place) => cells[place].identity))].map((identity) => apart.filter((place) => cells[place].identity === identity));
    const is_each_named = alike.length > 1 && apart.length <= MAX_SUBJECTS;
    const from = `${text(cells[view.base])} → `;
    const values = alike.map(([place]) => [text(cells[place])]);
    if (is_each_named) return [from, ...enumerate(values.map((value, number) => [...value, ...whose(alike[number], view)]), ", ")];
    const more = alike.length - MAX_VALUES;
    const shown = more > 0 ? [...values.slice(0, MAX_VALUES), [`${more} more`]] : values;
    return [from, ...enumerate(shown, more > 0 ? " and " : " or "), ...whose(apart, view)];
  }

  const in_brackets = (parts) => [" (", ...parts, ")"];

  // Rows by name with what is said of each: the first few, the rest counted.
  function listed(rows, noun, said) {
    const more = rows.length - MAX_NAMED;
    const shown = (more === 1 ? rows : rows.slice(0, MAX_NAMED)).map((row) => [named(row.name), ...said(row)]);
    return enumerate(more > 1 ? [...shown, [`${more} more ${noun}s`]] : shown);
  }

  // Params that differ, what only tells repeats apart last; of groups, which average over it, not at all.
  function told_params(params, subjects) {
    const is_grouped = subjects.some(({ is_group }) => is_group);
    const own = differing(params).filter(({ is_ignored }) => !is_ignored || !is_grouped);
    return [...own.filter(({ is_ignored }) => !is_ignored), ...own.filter(({ is_ignored }) => is_ignored)];
  }

  // The rows whose difference from the baseline is told, by what they are of.
  function told_rows({ params, environment, code, datasets }, subjects) {
    const of_kind = (rows, kind) => differing(rows).filter((row) => row.kind === kind);
    const patch = of_kind(code, "patch");
    const found = {
      params: told_params(params, subjects), python: of_kind(environment, "python"), packages: of_kind(environment, "package"),
      commit: of_kind(code, "commit"), patch, dirty: patch.length ? [] : of_kind(code, "dirty"),
    };
    const has_cause = Object.values(found).some(({ length }) => length);
    return { ...found, command: has_cause ? [] : of_kind(code, "command"), datasets: differing(datasets) };
  }

  // What differs, as lists of parts that each begin with "in".
  function differences(told, view) {
    const changed = (row) => in_brackets(change(row, view));
    const content = (row) => [row.detail ? ` of ${row.detail}` : "", ...in_brackets(held(row, "other content", view))];
    const nouns = ({ length }, noun) => (length > 1 ? `in the ${noun}s ` : `in the ${noun} `);
    const said = {
      params: (rows) => ["in ", ...listed(rows, "param", changed)],
      python: ([row]) => ["in Python", ...changed(row)],
      packages: (rows) => [nouns(rows, "package"), ...listed(rows, "package", changed)],
      commit: ([row]) => ["in the code commit", ...changed(row)],
      patch: ([row]) => ["in the patch of uncommitted changes", ...whose_row(row, view)],
      dirty: ([row]) => ["in uncommitted changes", ...changed(row)],
      command: ([row]) => ["in the command", ...whose_row(row, view)],
      datasets: (rows) => [nouns(rows, "dataset"), ...listed(rows, "dataset", content)],
    };
    return Object.entries(said).filter(([what]) => told[what].length).map(([what, say]) => say(told[what]));
  }

  // What could be compared at all, for the sentence that nothing differs.
  function compared({ params, environment, code, datasets }) {
    const kinds = [[params, "params"], [environment, "packages"], [code, "code"], [datasets, "datasets"]];
    return enumerate(kinds.filter(([rows]) => is_told(rows)).map(([, word]) => [word])).join("").replace(/ and ([^,]*)$/, " or $1");
  }

  // The places of those that differ from the baseline in what is told; where nothing is, of all others.
  function others_of(subjects, told, base) {
    const others = subjects.map((_, place) => place).filter((place) => place !== base);
    const found = new Set(Object.values(told).flat().flatMap((row) => places_apart(row, { base, others })));
    return found.size ? others.filter((place) => found.has(place)) : others;
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
    const told = told_rows(rows, subjects);
    const places = others_of(subjects, told, base);
    const found = differences(told, { subjects, base, others: places });
    const others = places.map((place) => subjects[place]);
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
