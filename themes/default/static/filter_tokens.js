// The words, quoted texts and signs of a run filter; tables/filter_tokens.py is its twin.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const MAX_SHOWN = 30;
  const KEYWORDS = new Set(["and", "or", "not", "in", "like", "ilike", "is"]);
  const SPACE = "\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
  const SPACES = new RegExp(`[${SPACE}]*`, "y");
  const ONE_SPACE = new RegExp(`^[${SPACE}]$`);
  const BARE = new RegExp(`(?:[A-Za-z0-9_./\\-@:\\[\\]%+#$]|[^\\x00-\\x7f${SPACE}])+`, "y");
  const SIGNS = /[=!<>~]+/y;
  const WORDS = new Map([["&", 'write "and"'], ["|", 'write "or"']]);
  const CURLY = "\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb";

  // A filter that cannot be read; `start` and `end` count as the selection of an input does.
  class FilterError extends Error {
    constructor(text, start, end, problem) {
      super(`filter, at character ${start + 1}: ${problem}`);
      Object.assign(this, { name: "FilterError", text, start, end, problem });
    }
  }

  function match_at(regex, text, place) {
    regex.lastIndex = place;
    return regex.exec(text)?.[0] ?? null;
  }

  // Split a filter; the last token is its end.
  function read_tokens(text) {
    const tokens = [];
    let place = skip_spaces(text, 0);
    while (place < text.length) {
      const token = read_token(text, place);
      tokens.push(token);
      place = skip_spaces(text, token.end);
    }
    tokens.push(new_token("end", "", text.length, text.length));
    return tokens;
  }

  const skip_spaces = (text, place) => place + match_at(SPACES, text, place).length;

  function new_token(kind, text, start, end, parts = []) {
    const lowered = kind === "word" ? text.toLowerCase() : "";
    return { kind, text, start, end, parts, keyword: KEYWORDS.has(lowered) ? lowered : "" };
  }

  function read_token(text, start) {
    const char = text[start];
    if ("(),".includes(char)) return new_token(char, char, start, start + 1);
    if (char === "'") {
      const [inner, end] = read_quoted(text, start);
      return new_token("text", inner, start, end);
    }
    const signs = match_at(SIGNS, text, start);
    return signs ? new_token("sign", signs, start, start + signs.length) : read_path(text, start);
  }

  const is_name_quote = (char) => char === "`" || char === '"';

  function read_path(text, start) {
    const parts = [];
    let [place, after_dot] = [start, true];
    while (after_dot) {
      if (is_name_quote(text[place])) {
        const [inner, end] = read_quoted(text, place);
        parts.push({ text: inner, is_quoted: true });
        place = end;
      } else {
        const bare = read_bare(text, place);
        place += bare.length;
        const follows = is_name_quote(text[place]) && bare.endsWith(".");
        for (const part of (follows ? bare.slice(0, -1) : bare).split(".")) parts.push({ text: part, is_quoted: false });
        if (follows) continue;
      }
      after_dot = text[place] === "." && parts.at(-1).is_quoted;
      if (after_dot) place += 1;
    }
    if (parts.length === 1 && text[start] === '"') return new_token("text", parts[0].text, start, place, parts);
    const kind = parts.some((part) => part.is_quoted) ? "name" : "word";
    return new_token(kind, text.slice(start, place), start, place, parts);
  }

  function read_bare(text, place) {
    const bare = match_at(BARE, text, place);
    if (bare === null && (place === text.length || ONE_SPACE.test(text[place]))) {
      throw new FilterError(text, place, place, "expected a name after .");
    }
    if (bare === null) {
      const remedy = WORDS.get(text[place]) ?? "a name that holds it is written in backticks";
      throw new FilterError(text, place, place + 1, `${shown(text[place])} means nothing here; ${remedy}`);
    }
    if (CURLY.includes(bare[0])) {
      throw new FilterError(text, place, place + 1, `${bare[0]} is not a quote here; write ' or "`);
    }
    return bare;
  }

  function read_quoted(text, start) {
    const quote = text[start];
    let end = text.indexOf(quote, start + 1);
    while (end >= 0 && text[end + 1] === quote) end = text.indexOf(quote, end + 2);
    if (end < 0) throw new FilterError(text, start, start + 1, `the ${quote} opened here is never closed; add ${quote}`);
    return [text.slice(start + 1, end).replaceAll(quote + quote, quote), end + 1];
  }

  // A piece of the filter as an error quotes it: on one line, and cut.
  function shown(text) {
    const plain = Array.from(text.replace(/[\0-\x1f\x7f\x85\u2028\u2029]/g, " "));
    return plain.length <= MAX_SHOWN ? plain.join("") : `${plain.slice(0, MAX_SHOWN - 1).join("")}\u2026`;
  }

  runsite.FilterError = FilterError;
  runsite.filter_tokens = { FilterError, KEYWORDS, read_tokens, shown };
  if (typeof module !== "undefined") module.exports = runsite.filter_tokens;
})();
