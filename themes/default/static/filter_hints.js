// What may be typed next in a run filter: columns, operators, words.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { FilterError, read_tokens } = runsite.filter_tokens;
  const { parse_filter } = runsite.filter_grammar;
  const { quote_name, resolve_path, short_name } = runsite.filter_names;
  const MAX_HINTS = 12;
  const SIGNS = ["=", "!=", "<", "<=", ">", ">=", "~", "!~"];
  const OPERATORS = [...SIGNS, "in", "like", "ilike", "is null", "is not null", "not in", "not like", "not ilike"];
  const JOINING = ["and", "or"];
  const REST_OF_NAME = /[\p{L}\p{N}_.]*/uy;

  // At most twelve [{insert, start, end, label}]: `insert` takes the place of start..end.
  function complete_filter(text, caret, ids) {
    const typed = typed_token(text.slice(0, caret));
    if (typed === null) return [];
    const before = text.slice(0, typed.start);
    const place = { start: typed.start, end: typed.is_bare ? end_of_name(text, caret) : caret };
    const as_hints = (words) => {
      const fitting = words.filter((word) => word.startsWith(typed.text.toLowerCase()) && word !== typed.text);
      return fitting.map((word) => ({ insert: word, label: word, ...place }));
    };
    const expected = what_follows(before);
    const hints = as_hints(expected.words);
    if (expected.column) hints.unshift(...column_hints(typed.text, ids, place));
    return hints.slice(0, MAX_HINTS);
  }

  // What is being typed at the end of a text, without its quotes; null within a text.
  function typed_token(head) {
    const tokens = tolerant_tokens(head);
    if (tokens === null) return null;
    const last = tokens.at(-2);
    const is_typed = last && last.end >= head.length && ["word", "name", "sign"].includes(last.kind);
    if (!is_typed) return { text: "", start: head.length, is_bare: false };
    const text = last.kind === "name" ? last.parts.map((part) => part.text).join(".") : last.text;
    return { text, start: last.start, is_bare: last.kind === "word" };
  }

  // A name in backticks that is still open is closed; other texts that are open are nobody's name.
  function tolerant_tokens(head) {
    try {
      return read_tokens(head);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      const is_open = head[error.start] === "`" || (head[error.start] === '"' && head[error.start - 1] === ".");
      if (is_open) return read_tokens(head + head[error.start]);
      return error.start === head.length && head.endsWith(".") ? read_tokens(`${head}\`\``) : null;
    }
  }

  function end_of_name(text, caret) {
    REST_OF_NAME.lastIndex = caret;
    return caret + REST_OF_NAME.exec(text)[0].length;
  }

  // The parser knows: it says what it misses at the end of the text before.
  function what_follows(before) {
    try {
      const { root } = parse_filter(before);
      if (root === null) return { column: true, words: ["not"] };
      return { column: false, words: ends_in_word(before) ? [...OPERATORS, ...JOINING] : JOINING };
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      return after_error(error, before);
    }
  }

  function after_error({ problem, start }, before) {
    if (problem.includes("is never closed") && before[start] === "(") {
      return { column: false, words: ends_in_word(before) ? [...OPERATORS, ...JOINING] : [...JOINING, ")"] };
    }
    if (problem.startsWith("expected a condition")) return { column: true, words: ["not"] };
    if (problem.startsWith("expected an operator")) return { column: false, words: OPERATORS };
    if (problem.startsWith("expected null or")) return { column: false, words: ["null", "not null"] };
    return { column: false, words: problem.startsWith("expected a list") ? ["("] : [] };
  }

  // Whether the last token is a plain word that may yet become a column: `lr`, not the 2 of `lr > 2`.
  function ends_in_word(before) {
    const tokens = read_tokens(before);
    const [last, previous] = [tokens.at(-2), tokens.at(-3)];
    const begins = !previous || previous.kind === "(" || ["and", "or", "not"].includes(previous.keyword);
    return last.kind === "word" && begins;
  }

  function column_hints(typed, ids, place) {
    const wanted = typed.toLowerCase();
    const has = ((known) => (id) => known.has(id))(new Set(ids));
    const ranked = [...ids].map((id) => [rank_of(id, wanted), id]).filter(([rank]) => rank < 4);
    const best_first = ranked.sort((a, b) => a[0] - b[0]).slice(0, MAX_HINTS);
    return best_first.map(([, id]) => ({ insert: shortest_name(id, has), label: id, ...place }));
  }

  function rank_of(id, wanted) {
    const whole = id.toLowerCase();
    const name = short_name(id).toLowerCase();
    if (name === wanted || whole === wanted) return 0;
    if (name.startsWith(wanted)) return 1;
    if (whole.startsWith(wanted)) return 2;
    return whole.includes(wanted) ? 3 : 4;
  }

  // The id itself where a filter reads it as that column, else with its quotes.
  function shortest_name(id, has) {
    if (!/^[\p{L}_][\p{L}\p{N}_./-]*$/u.test(id) || !id.includes(".")) return quote_name(id);
    const [token] = read_tokens(id);
    return resolve_path({ parts: token.parts }, has) === id ? id : quote_name(id);
  }

  runsite.complete_filter = complete_filter;
  if (typeof module !== "undefined") module.exports = { complete_filter };
})();
