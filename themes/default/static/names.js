// Names of runs where there is little room. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  // As many letters as a legend or the head of a column shows of a name.
  const LONG_NAME = 28;

  // Long names that begin or end alike, by the words in which they differ: "…cutmix-lr-0.1…"; of groups, which are called
  // "lr 0.1 · width 64", by whole pairs. Names that would no longer be unique, or are short, stay as they are.
  function told_apart(names, long = LONG_NAME) {
    if (names.length < 2 || !names.some((name) => name.length > long)) return names;
    const are_pairs = names.every((name) => name.includes(" · "));
    const words = names.map((name) => name.split(are_pairs ? /(?<= · )/ : /(?<=[-_ /.=:,;])/));
    const shared = (word_at) => {
      let count = 0;
      while (words.every((own) => count < own.length - 1 && word_at(own, count) === word_at(words[0], count))) count += 1;
      return count;
    };
    const begin = shared((own, place) => own[place]);
    const end = Math.min(shared((own, place) => own.at(-1 - place)), ...words.map((own) => own.length - begin - 1));
    const inner = words.map((own) => own.slice(begin, own.length - end).join(""));
    const short = inner.map((text) => `${begin ? "…" : ""}${end ? text.replace(/[-_ /.=:,;·]+$/, "") : text}${end ? "…" : ""}`);
    return new Set(short).size === names.length ? short : names;
  }

  const exports = { told_apart };
  Object.assign(runsite, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
