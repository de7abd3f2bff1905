// Which texts LIKE and ~ match; tables/filter_pattern.py is its twin and holds the policy.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const MAX_PATTERN = 200;
  const MAX_REPEAT = 1000;
  const SPACES = " \\t\\n\\r\\f\\v";
  const NO_SPACES = "\\0-\\x08\\x0e-\\x1f\\x21-\\u{10ffff}";
  const CLASSES = { d: "0-9", w: "0-9A-Za-z_", s: SPACES, D: "\\D", W: "\\W", S: NO_SPACES };
  const CONTROLS = { t: "\t", n: "\n", r: "\r", f: "\f", v: "\v" };
  const REPEAT = /\{([0-9]{1,4})(,([0-9]{1,4})?)?\}/y;
  const GROUPS = ["(?:", "(?=", "(?!"];

  class PatternError extends Error {}

  // The test whether a text holds the pattern anywhere.
  function compile_regex(pattern) {
    const regex = new RegExp(translate_regex(pattern), "u");
    return (text) => regex.test(text);
  }

  // The test whether a whole text fits: % is any run of characters, _ any one.
  function compile_like(pattern) {
    if (!pattern.includes("_")) return compile_pieces(pattern.split("%"));
    const segments = pattern.split("%").map(like_segment);
    if (segments.length === 1) {
      const whole = new RegExp(`^${segments[0]}$`, "su");
      return (text) => whole.test(text);
    }
    const head = new RegExp(`^${segments[0]}`, "suy");
    const tail = new RegExp(`(?:${segments.at(-1)})$`, "gsu");
    const middle = segments.slice(1, -1).map((segment) => new RegExp(segment, "gsu"));
    return (text) => {
      let place = 0;
      for (const part of [head, ...middle, tail]) {
        part.lastIndex = place;
        if (!part.test(text)) return false;
        place = part.lastIndex;
      }
      return true;
    };
  }

  // Without _ there is nothing but texts to look for, and no need of regular expressions.
  function compile_pieces(pieces) {
    const [head, tail] = [pieces[0], pieces.at(-1)];
    if (pieces.length === 1) return (text) => text === head;
    const middle = pieces.slice(1, -1).filter(Boolean);
    return (text) => {
      if (!text.startsWith(head)) return false;
      let place = head.length;
      for (const piece of middle) {
        const found = text.indexOf(piece, place);
        if (found < 0) return false;
        place = found + piece.length;
      }
      return text.length - tail.length >= place && text.endsWith(tail);
    };
  }

  const like_segment = (segment) => Array.from(segment, (char) => (char === "_" ? "." : literal(char))).join("");

  function literal(char) {
    return /^[0-9A-Za-z]$/.test(char) ? char : `\\u{${char.codePointAt(0).toString(16)}}`;
  }

  // Check a pattern against the subset, and write it for the flag "u".
  function translate_regex(pattern) {
    if (pattern.length > MAX_PATTERN) {
      throw new PatternError(`it has ${pattern.length} characters, at most ${MAX_PATTERN} are allowed`);
    }
    return new Reader(pattern).read_all();
  }

  class Reader {
    constructor(pattern) {
      this.ignores_case = pattern.startsWith("(?i)");
      this.chars = Array.from(pattern);
      this.place = this.ignores_case ? 4 : 0;
    }

    read_all() {
      const written = this.alternatives();
      if (this.place < this.chars.length) throw new PatternError("a ) closes nothing; write \\) for the character");
      return written;
    }

    alternatives() {
      let written = "";
      while (this.place < this.chars.length && this.here !== ")") written += this.takes("|") ? "|" : this.piece();
      return written;
    }

    piece() {
      const [written, repeats] = this.atom();
      let repeat = this.repeat();
      if (repeat && !repeats) throw new PatternError(`${repeat} has nothing to repeat`);
      if (repeat) {
        repeat += this.takes("?") ? "?" : "";
        if (this.repeat()) throw new PatternError(`${repeat} is repeated again`);
      }
      return written + repeat;
    }

    // [one thing, whether it may be repeated]
    atom() {
      const char = this.next();
      if (char === "\\") return this.escape();
      if (char === "(") return this.group();
      if (char === "[") return [this.set_of_characters(), true];
      if (char === ".") return ["[^\\n]", true];
      if (char === "^" || char === "$") return [char, false];
      if ("*+?".includes(char)) throw new PatternError(`${char} has nothing to repeat; write \\${char} for the character`);
      if ("{}]".includes(char)) throw new PatternError(`write \\${char} for the character ${char}`);
      return [this.ignores_case ? `[${this.member(char)}]` : literal(char), true];
    }

    repeat() {
      if (this.place < this.chars.length && "*+?".includes(this.here)) return this.next();
      REPEAT.lastIndex = 0;
      const found = REPEAT.exec(this.chars.slice(this.place, this.place + 11).join(""));
      if (!found) return "";
      const [least, most] = [Number(found[1]), Number(found[3] ?? found[1])];
      if (least > MAX_REPEAT || most > MAX_REPEAT || most < least) {
        throw new PatternError(`${found[0]} is no count; counts go from 0 to ${MAX_REPEAT}, the smaller first`);
      }
      this.place += found[0].length;
      return found[0];
    }

    group() {
      const opening = this.chars.slice(this.place - 1, this.place + 2).join("");
      const is_special = GROUPS.includes(opening);
      if (is_special) this.place += 2;
      else if (this.here === "?") {
        throw new PatternError("of the groups that begin with (? only (?: (?= (?! are known, and (?i) at the beginning");
      }
      const inner = this.alternatives();
      if (!this.takes(")")) throw new PatternError("a ( is never closed; write \\( for the character");
      return [is_special ? `${opening}${inner})` : `(?:${inner})`, !is_special || opening === "(?:"];
    }

    escape() {
      const char = this.escaped();
      if (char === "b" || char === "B") return [`\\${char}`, false];
      if (Object.hasOwn(CLASSES, char)) return [`[${CLASSES[char]}]`, true];
      return [literal(this.character(char)), true];
    }

    set_of_characters() {
      let written = this.takes("^") ? "[^" : "[";
      if (this.here === "]") throw new PatternError("a [ ] holds nothing; write \\] for the character");
      while (!this.takes("]")) written += this.range_of_characters();
      return written + "]";
    }

    range_of_characters() {
      const first = this.set_member();
      const after = this.chars[this.place + 1];
      if (this.here !== "-" || after === undefined || after === "]") {
        return is_class(first) ? CLASSES[first[1]] : this.member(first);
      }
      this.place += 1;
      const last = this.set_member();
      if (is_class(first) || is_class(last) || last.codePointAt(0) < first.codePointAt(0)) {
        throw new PatternError(`${first}-${last} is no range of characters`);
      }
      return this.members(first, last);
    }

    // One character of a set, or a class as `\d`.
    set_member() {
      if (this.place >= this.chars.length) throw new PatternError("a [ is never closed; write \\[ for the character");
      const char = this.next();
      if (char !== "\\") return char;
      const escaped = this.escaped();
      return Object.hasOwn(CLASSES, escaped) ? `\\${escaped}` : this.character(escaped);
    }

    escaped() {
      if (this.place >= this.chars.length) throw new PatternError("it ends with \\; write \\\\ for the character");
      return this.next();
    }

    character(char) {
      if (Object.hasOwn(CONTROLS, char)) return CONTROLS[char];
      if (!/^[ -\x7f]$/.test(char) || /[0-9A-Za-z]/.test(char)) throw new PatternError(`\\${char} means nothing here`);
      return char;
    }

    member(char) {
      return this.members(char, char);
    }

    members(first, last) {
      const [low, high] = [first.codePointAt(0), last.codePointAt(0)];
      const ranges = [[low, high]];
      for (const [from, to, shift] of this.ignores_case ? [[97, 122, -32], [65, 90, 32]] : []) {
        const [start, end] = [Math.max(low, from), Math.min(high, to)];
        if (start <= end) ranges.push([start + shift, end + shift]);
      }
      const written = (code) => literal(String.fromCodePoint(code));
      return ranges.map(([a, b]) => (a === b ? written(a) : `${written(a)}-${written(b)}`)).join("");
    }

    get here() {
      return this.chars[this.place];
    }

    next() {
      this.place += 1;
      return this.chars[this.place - 1];
    }

    takes(char) {
      if (this.here !== char) return false;
      this.place += 1;
      return true;
    }
  }

  const is_class = (member) => member.length === 2 && member[0] === "\\";

  runsite.filter_pattern = { PatternError, compile_like, compile_regex };
  if (typeof module !== "undefined") module.exports = runsite.filter_pattern;
})();
