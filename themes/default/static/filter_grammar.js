// How a run filter is read, from text to tree; tables/filter_grammar.py is its twin and holds the grammar.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { FilterError, read_tokens, shown } = runsite.filter_tokens;
  const { PatternError, compile_regex } = runsite.filter_pattern;
  const values = runsite.filter_values;
  const MAX_LENGTH = 10000;
  const MAX_DEPTH = 100;
  const PREFIXES = new Map();
  for (const prefix of ["params", "param", "parameters", "parameter"]) PREFIXES.set(prefix, "params");
  for (const prefix of ["metrics", "metric"]) PREFIXES.set(prefix, "metrics");
  for (const prefix of ["tags", "tag"]) PREFIXES.set(prefix, "tags");
  for (const prefix of ["attributes", "attribute", "attr", "run"]) PREFIXES.set(prefix, "attributes");
  for (const prefix of ["datasets", "dataset"]) PREFIXES.set(prefix, "datasets");
  const TIME_NAMES = new Set(["started", "ended", "start_time", "end_time", "created", "Created"]);
  const OPERATORS = new Map([["==", "="], ["<>", "!="], ["=~", "~"]]);
  for (const sign of ["=", "!=", "<", "<=", ">", ">=", "~", "!~"]) OPERATORS.set(sign, sign);
  const WORD_OPERATORS = ["in", "like", "ilike"];
  const QUOTES_HINT = "; a text of several words is written in quotes";

  const path_text = (path) => path.parts.map((part) => part.text).join(".");

  // Can be nothing but the beginning of a comparison: names of runs do not look like this.
  function is_prefixed({ parts }) {
    const [{ text: first } = {}] = parts;
    return parts.length > 1 && PREFIXES.has(first) && first !== "run" && first !== "attr";
  }

  // {text, root, paths, has_words}; a root of null lets every run through. Throws a FilterError.
  function parse_filter(text) {
    const parser = new Parser(text);
    const root = parser.read();
    return { text, root, paths: parser.paths, has_words: parser.has_words };
  }

  class Parser {
    constructor(text) {
      if (text.length > MAX_LENGTH) {
        const problem = `a filter has at most ${MAX_LENGTH} characters, this one has ${text.length}; shorten it`;
        throw new FilterError(text, MAX_LENGTH, text.length, problem);
      }
      Object.assign(this, { text, tokens: read_tokens(text), place: 0, depth: 0, paths: [], has_words: false });
      this.after_bare_value = -1;
    }

    read() {
      if (this.token.kind === "end") return null;
      const root = this.either();
      if (this.token.kind === ")") this.fail(this.token, "this ) closes nothing; remove it");
      if (this.token.kind !== "end") {
        this.fail(this.token, `expected "and" or "or" before ${this.source(this.token)}${this.quotes_hint()}`);
      }
      return root;
    }

    get token() {
      return this.tokens[this.place];
    }

    take() {
      this.place += 1;
      return this.tokens[this.place - 1];
    }

    takes_keyword(keyword) {
      if (this.token.keyword !== keyword) return false;
      this.place += 1;
      return true;
    }

    source(token) {
      return shown(this.text.slice(token.start, token.end));
    }

    fail(token, problem) {
      throw new FilterError(this.text, token.start, token.end, problem);
    }

    // Fail at what stands here: it is not what should follow what stands before.
    expected(what) {
      const before = this.tokens[this.place - 1];
      const after = before ? ` after ${before.kind === "," ? "the comma" : this.source(before)}` : "";
      const found = this.token.kind === "end" ? "but the filter ends" : `found ${this.source(this.token)}`;
      this.fail(this.token, `expected ${what}${after}, ${found}`);
    }

    either() {
      const items = [this.both()];
      while (this.takes_keyword("or")) items.push(this.both());
      return items.length === 1 ? items[0] : { type: "or", items };
    }

    both() {
      const items = [this.negation()];
      while (this.takes_keyword("and")) items.push(this.negation());
      return items.length === 1 ? items[0] : { type: "and", items };
    }

    negation() {
      if (this.token.keyword !== "not") return this.condition();
      this.deeper(this.take());
      const item = this.negation();
      this.depth -= 1;
      return { type: "not", item };
    }

    deeper(token) {
      this.depth += 1;
      if (this.depth > MAX_DEPTH) this.fail(token, `conditions are nested more than ${MAX_DEPTH} deep; simplify the filter`);
    }

    condition() {
      if (this.token.kind === "(") return this.group();
      if (!["word", "text", "name"].includes(this.token.kind) || this.token.keyword) this.expected("a condition");
      const operand = this.take();
      const operator = this.operator();
      if (operator) return this.comparison(operand, operator);
      this.refuse_path(operand);
      return this.words(operand);
    }

    refuse_path(operand) {
      if (operand.kind === "name" || is_prefixed(operand)) this.expected("an operator such as =");
    }

    group() {
      const opening = this.take();
      this.deeper(opening);
      const inner = this.either();
      if (this.token.kind === "end") this.fail(opening, "the ( opened here is never closed; add )");
      if (this.token.kind !== ")") {
        const where = `the ( was opened at character ${opening.start + 1}`;
        const found = this.source(this.token);
        this.fail(this.token, `expected "and", "or" or ")" before ${found}${this.quotes_hint()}; ${where}`);
      }
      this.place += 1;
      this.depth -= 1;
      return inner;
    }

    quotes_hint() {
      const is_word = this.token.kind === "word" && !this.token.keyword && !this.operator_follows();
      return is_word && this.after_bare_value === this.place ? QUOTES_HINT : "";
    }

    words(first) {
      const texts = [first.text];
      while (["word", "text"].includes(this.token.kind) && !this.token.keyword && !this.operator_follows()) {
        const following = this.take();
        this.refuse_path(following);
        texts.push(following.text);
      }
      this.has_words = true;
      return { type: "words", texts };
    }

    operator_follows() {
      const following = this.tokens[this.place + 1];
      return following.kind === "sign" || [...WORD_OPERATORS, "is"].includes(following.keyword);
    }

    // Take the operator that stands here, if any.
    operator() {
      const { token } = this;
      if (token.kind === "sign") {
        if (!OPERATORS.has(token.text)) {
          this.fail(token, `${this.source(token)} is not an operator; expected one of = != < <= > >= ~ !~`);
        }
        this.place += 1;
        return OPERATORS.get(token.text);
      }
      if (WORD_OPERATORS.includes(token.keyword)) return this.take().keyword;
      const following = token.keyword === "not" ? this.tokens[this.place + 1].keyword : "";
      if (WORD_OPERATORS.includes(following)) {
        this.place += 2;
        return `not ${following}`;
      }
      return this.takes_keyword("is") ? this.null_operator() : "";
    }

    null_operator() {
      const is_negated = this.takes_keyword("not");
      if (this.token.kind !== "word" || this.token.text.toLowerCase() !== "null") {
        this.expected(is_negated ? "null" : "null or not null");
      }
      this.place += 1;
      return is_negated ? "is not null" : "is null";
    }

    comparison(operand, operator) {
      if (operand.kind === "text" && !operand.parts.length) {
        this.fail(operand, "expected a column before the operator, found a text; names are quoted with backticks");
      }
      const path = { parts: operand.parts, start: operand.start, end: operand.end };
      this.paths.push(path);
      const found = { type: "comparison", path, operator, values: [] };
      if (operator.startsWith("is")) return found;
      found.values = operator.endsWith("in") ? this.list_of_values(path) : [this.value(path, operator)];
      return found;
    }

    list_of_values(path) {
      if (this.token.kind !== "(") this.expected("a list such as ('a', 'b')");
      const opening = this.take();
      const found = [this.value(path, "in")];
      while (this.token.kind === ",") {
        this.place += 1;
        found.push(this.value(path, "in"));
      }
      if (this.token.kind === "end") this.fail(opening, "the ( opened here is never closed; add )");
      if (this.token.kind !== ")") this.expected("a comma or )");
      this.place += 1;
      return found;
    }

    value(path, operator) {
      const { token } = this;
      const is_word = token.kind === "word";
      if ((!is_word && token.kind !== "text") || token.keyword) this.expected("a value");
      if (is_word && token.text.toLowerCase() === "null") {
        this.fail(token, "a comparison with null is never true; write is null, or 'null' for the text");
      }
      if (is_word && is_prefixed(token)) {
        this.fail(token, "expected a value, found a column; a text is written in quotes");
      }
      this.place += 1;
      const text = token.text + this.continued(token);
      this.check(path, operator, text, token);
      this.after_bare_value = is_word ? this.place : -1;
      return { text, is_quoted: !is_word };
    }

    // Take the second word of a value such as `30 min`, if there is one.
    continued(token) {
      const following = this.token;
      if (token.kind !== "word" || following.kind !== "word") return "";
      const is_unit = values.DURATION_UNITS.has(following.text.toLowerCase());
      const is_duration = is_unit && values.read_number(token.text) !== null;
      return is_duration || (values.is_date(token.text) && values.is_clock(following.text)) ? ` ${this.take().text}` : "";
    }

    check(path, operator, text, token) {
      if (operator === "~" || operator === "!~") {
        try {
          compile_regex(text);
        } catch (error) {
          if (!(error instanceof PatternError)) throw error;
          this.fail(token, `this regular expression cannot be read: ${error.message}`);
        }
      } else if (!operator.includes("like") && path.parts.length === 1) {
        const name = path_text(path);
        if (TIME_NAMES.has(name) && values.read_moment(text) === null) {
          this.fail(token, `expected a date such as 2026-01-31, found ${this.source(token)}`);
        }
        if (name === "duration" && values.read_duration(text) === null) {
          this.fail(token, `expected a duration such as 90s, 30 min or 1.5d, found ${this.source(token)}`);
        }
      }
    }
  }

  const exports = { PREFIXES, parse_filter, path_text };
  runsite.filter_grammar = exports;
  Object.assign(runsite, { parse_filter });
  if (typeof module !== "undefined") module.exports = exports;
})();
