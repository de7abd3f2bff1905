// How runsite writes numbers, bytes, durations and times for people; number_format.py is its twin and holds the policy.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const MINUS = "\u2212";
  const INFINITY = "\u221e";
  const DEFAULT_DIGITS = 4;
  const BELOW_BOUND = [-1, 1];
  const MAX_BELOW_BOUND_DIGITS = 6;
  const MAX_PLAIN_EXPONENT = 9;
  const MIN_PLAIN_EXPONENT = -4;
  const MAX_PARAM_EXPONENT = 15;
  const PARAM_CELL_DIGITS = 6;
  const SAFE_INTEGER = 2 ** 53;
  // A number has at most 17 digits; those of 16 cannot be rounded as a number.
  const [ROUNDED_DIGITS, MAX_DIGITS] = [15, 17];
  const ENDLESS_SECONDS = 8.64e14;
  const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];
  const FIRST_SECOND = -62135596800;
  const END_SECOND = 253402300800;

  const pad = (number) => String(number).padStart(2, "0");
  const group = (whole, separator) => whole.replace(/\B(?=(\d{3})+$)/g, separator);
  const without_zeros = (digits) => digits.replace(/0+$/, "");

  // Digits without outer zeros and the exponent of the first one; no digits for zero.
  function shortest(value) {
    const [mantissa, power] = String(Math.abs(value)).split("e");
    const [whole, fraction = ""] = mantissa.split(".");
    const digits = (whole + fraction).replace(/^0+/, "");
    const exponent = whole.length + Number(power ?? 0) - 1 - (whole.length + fraction.length - digits.length);
    return [without_zeros(digits), exponent];
  }

  function round([digits, exponent], wanted) {
    const keep = exponent <= MAX_PLAIN_EXPONENT ? Math.max(wanted, exponent + 1) : wanted;
    if (digits.length <= keep) return [digits, exponent];
    const rounded = String(Number(digits.slice(0, keep)) + (digits[keep] >= "5" ? 1 : 0));
    if (rounded.length > keep && BELOW_BOUND.includes(exponent) && wanted >= DEFAULT_DIGITS) {
      return wanted < MAX_BELOW_BOUND_DIGITS ? round([digits, exponent], wanted + 1) : [digits.slice(0, keep), exponent];
    }
    return [without_zeros(rounded), exponent + rounded.length - keep];
  }

  function plain(digits, exponent, separator) {
    if (exponent < 0) return "0." + "0".repeat(-exponent - 1) + digits;
    const whole = group(digits.slice(0, exponent + 1).padEnd(exponent + 1, "0"), separator);
    const fraction = digits.slice(exponent + 1);
    return fraction ? `${whole}.${fraction}` : whole;
  }

  function scientific(digits, exponent, minus) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${mantissa}e${exponent < 0 ? minus : ""}${Math.abs(exponent)}`;
  }

  function format_number(value, digits = DEFAULT_DIGITS) {
    if (value === null || value === undefined) return "";
    if (Number.isNaN(value)) return "NaN";
    const sign = value < 0 ? MINUS : "";
    if (!Number.isFinite(value)) return sign + INFINITY;
    const [shown, exponent] = round(shortest(value), digits);
    if (!shown) return "0";
    if (MIN_PLAIN_EXPONENT <= exponent && exponent <= MAX_PLAIN_EXPONENT) return sign + plain(shown, exponent, ",");
    return sign + scientific(shown, exponent, MINUS);
  }

  // Neighbours on an axis in as many digits as tell them apart.
  function format_apart(numbers, digits = DEFAULT_DIGITS) {
    const texts = numbers.map((number) => format_number(number, digits));
    const are_apart = texts.every((text, place) => text !== texts[place - 1]);
    return are_apart || digits >= MAX_DIGITS ? texts : format_apart(numbers, digits < ROUNDED_DIGITS ? digits + 1 : MAX_DIGITS);
  }

  function format_count(number) {
    if (number === null || number === undefined) return "";
    return (number < 0 ? MINUS : "") + group(String(BigInt(number)).replace("-", ""), ",");
  }

  function format_step(step) {
    return Number.isSafeInteger(step) ? format_count(step) : format_number(step, 6);
  }

  function format_bytes(size_bytes) {
    if (size_bytes === null || size_bytes === undefined) return "";
    let [size, unit] = [size_bytes, 0];
    for (; size >= 999.5 && unit < BYTE_UNITS.length - 1; unit += 1) size /= 1000;
    return `${format_number(size, 3)} ${BYTE_UNITS[unit]}`;
  }

  function format_duration(seconds) {
    if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
    if (seconds < 0) return MINUS + format_duration(-seconds);
    if (seconds < 0.9995) return `${Math.floor(seconds * 1000 + 0.5)} ms`;
    if (seconds < 9.95) return `${format_number(seconds, 2)} s`;
    const whole = Math.floor(seconds + 0.5);
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
    const minutes = Math.floor(seconds / 60 + 0.5);
    if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
    if (seconds >= ENDLESS_SECONDS) return `${format_number(seconds / 86400)} d`;
    const hours = Math.floor(seconds / 3600 + 0.5);
    return `${format_count(Math.floor(hours / 24))} d ${pad(hours % 24)} h`;
  }

  function format_time(unix) {
    if (unix === null || unix === undefined || !(FIRST_SECOND <= unix && unix < END_SECOND)) return "";
    const text = new Date(Math.floor(unix) * 1000).toISOString();
    return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
  }

  function exact(value) {
    if (!Number.isFinite(value)) return String(value);
    const [digits, exponent] = shortest(value);
    if (!digits) return "0";
    const is_plain = MIN_PLAIN_EXPONENT <= exponent && exponent <= MAX_PARAM_EXPONENT;
    return (value < 0 ? "-" : "") + (is_plain ? plain(digits, exponent, "") : scientific(digits, exponent, "-"));
  }

  function json_text(value) {
    if (typeof value === "number") return exact(value);
    if (Array.isArray(value)) return `[${value.map(json_text).join(", ")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${json_text(item)}`).join(", ")}}`;
  }

  const format_param = (value) => (typeof value === "string" ? value : json_text(value));

  // A param for a table cell, where figures stand one below the other; whole numbers keep every digit.
  function format_param_cell(value) {
    if (value === "") return '""';
    if (typeof value !== "number" || !Number.isFinite(value)) return format_param(value);
    const is_whole = Number.isInteger(value) && Math.abs(value) <= SAFE_INTEGER;
    return is_whole ? exact(value).replace("-", MINUS) : format_number(value, PARAM_CELL_DIGITS);
  }

  // A text in quotes, with what cannot be seen between them: blanks beside blanks, letters that have no look.
  function quoted(text) {
    const shown = JSON.stringify(text).replace(/ {2,}/g, (blanks) => "\u2423".repeat(blanks.length));
    return shown.replace(/[^\S ]|\p{Cf}/gu, (letter) => `\\u${letter.codePointAt(0).toString(16).padStart(4, "0")}`);
  }

  const look_of = (text) => text.replace(MINUS, "-").replace(/\p{Cf}/gu, "").replace(/\s+/g, " ").trim();

  // A function that writes some values as `write` does; but those that would look the same, as 1 and the text 1, or like
  // nothing, in full and texts in quotes.
  function format_told_apart(values, write = format_param_cell) {
    const looks = values.map((value) => look_of(write(value)));
    const alike = new Set(["", ...looks.filter((look, place) => looks.indexOf(look) !== place)]);
    const in_full = (value) => (typeof value === "string" ? quoted(value) : typeof value === "number" ? format_param(value) : write(value));
    return (value) => (alike.has(look_of(write(value))) ? in_full(value) : write(value));
  }

  const exports = {
    format_number, format_apart, format_count, format_step, format_bytes, format_duration, format_time, format_param, format_param_cell,
    format_told_apart,
  };
  Object.assign(runsite, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
