// What a value of a run filter means as number, date or duration; tables/filter_values.py is its twin.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
  const NUMBER_WORD = /^(?:([+-]?)inf(?:inity)?|nan)$/i;
  const INTEGER = /^[+-]?[0-9]{1,300}$/;
  const DATE = /^([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})$/;
  const TIME_OF_DAY = "([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\\.[0-9]{1,6})?))?(Z|[+-][0-9]{2}:[0-9]{2})?";
  const DATE_TIME = new RegExp(`^([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})[T ]${TIME_OF_DAY}$`);
  const CLOCK = new RegExp(`^${TIME_OF_DAY}$`);
  const DURATION = /([0-9]+(?:\.[0-9]+)?|\.[0-9]+) *([A-Za-z]+) ?/y;
  const UNIT_NAMES = [
    [0.001, "ms"],
    [1, "s sec secs second seconds"],
    [60, "m min mins minute minutes"],
    [3600, "h hr hrs hour hours"],
    [86400, "d day days"],
    [604800, "w week weeks"],
  ];
  const DURATION_UNITS = new Map(UNIT_NAMES.flatMap(([seconds, names]) => names.split(" ").map((name) => [name, seconds])));
  const SECONDS_PER_DAY = 86400;
  const MOST_SECONDS = 1e11;
  const END_OF_DATES = 253402300800;

  // Whole numbers beyond 2^53 are a BigInt: JavaScript compares the two kinds to the last digit.
  function read_number(text) {
    const word = NUMBER_WORD.exec(text);
    if (!word) return read_digits(text);
    return word[1] === undefined ? NaN : word[1] === "-" ? -Infinity : Infinity;
  }

  function read_digits(text) {
    if (!NUMBER.test(text)) return null;
    const number = Number(text);
    return Number.isSafeInteger(number) || !INTEGER.test(text) ? number : BigInt(text.replace("+", ""));
  }

  // [first moment, length in seconds]: of a day, or 0 for an instant.
  function read_moment(text, is_milliseconds) {
    const number = read_number(text);
    if (number !== null) {
      const seconds = Number(number);
      return [is_milliseconds || Math.abs(seconds) > MOST_SECONDS ? seconds / 1000 : seconds, 0];
    }
    if (DATE.test(text)) {
      const day = read_day(text);
      return day === null ? null : [day, SECONDS_PER_DAY];
    }
    const found = DATE_TIME.exec(text);
    const day = found && read_day(found[1]);
    if (day === null) return null;
    const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60 - offset_seconds(found[5]);
    return [day + seconds + Number(found[4] ?? 0), 0];
  }

  function read_day(text) {
    const [, year, month, day] = DATE.exec(text).map(Number);
    const time = Date.UTC(year, month - 1, day);
    return new Date(time).toISOString().slice(0, 10) === text ? time / 1000 : null;
  }

  function offset_seconds(zone) {
    if (zone === undefined || zone === "Z") return 0;
    const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60;
    return zone[0] === "-" ? -seconds : seconds;
  }

  function read_duration(text) {
    const number = read_number(text);
    if (number !== null) return number;
    let seconds = 0;
    for (let place = 0; place < text.length; place = DURATION.lastIndex) {
      DURATION.lastIndex = place;
      const found = DURATION.exec(text);
      const unit = found && DURATION_UNITS.get(found[2].toLowerCase());
      if (!unit) return null;
      seconds += Number(found[1]) * unit;
    }
    return text ? seconds : null;
  }

  // The text of the day asked for last: neighbours in a table began on one day, and a Date takes a microsecond.
  let known_day = { day: null, text: "" };

  function moment_text(seconds) {
    if (!(seconds >= 0 && seconds < END_OF_DATES)) return String(seconds);
    const whole = Math.floor(seconds);
    const day = Math.floor(whole / SECONDS_PER_DAY);
    if (day !== known_day.day) known_day = { day, text: new Date(day * 86400000).toISOString().slice(0, 10) };
    const rest = whole - day * SECONDS_PER_DAY;
    const two = (number) => (number < 10 ? `0${number}` : `${number}`);
    return `${known_day.text}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`;
  }

  const filter_values = {
    DURATION_UNITS,
    is_clock: (text) => CLOCK.test(text),
    is_date: (text) => DATE.test(text),
    moment_text,
    read_digits,
    read_duration,
    read_moment,
    read_number,
  };
  runsite.filter_values = filter_values;
  if (typeof module !== "undefined") module.exports = filter_values;
})();
