// What depends on the reader's clock: whether a run without an end is stalled, "3 min ago", and local time.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const [MINUTE, HOUR, DAY] = [60, 3600, 86400];
  // Beyond a week a date says more than "23 d ago".
  const MAX_AGO = 7 * DAY;

  // `stalled_at` is the moment that status_rule.py names; null when the run never logged a time.
  const judge_status = (status, stalled_at, now) =>
    status === "running" && stalled_at !== null && now > stalled_at ? "stalled" : status;

  // The moments of runs without an end ("1700000600 ? 1700003600") -> how many of them run, and how many are stalled.
  function count_open(moments, now) {
    const judged = moments.split(" ").map((moment) => judge_status("running", Number(moment), now));
    const stalled = judged.filter((status) => status === "stalled").length;
    return { running: judged.length - stalled, stalled };
  }

  // How long ago, in its largest unit; empty for the future (clocks differ by seconds, so a little of it is "now").
  function format_ago(seconds) {
    if (!(seconds >= -MINUTE)) return "";
    if (seconds < MINUTE) return "just now";
    if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
    if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
    return `${Math.floor(seconds / DAY)} d ago`;
  }

  // A time as a table cell shows it: how long ago within the last week, else its UTC text.
  function time_from_now(unix, now) {
    const ago = now - unix <= MAX_AGO ? format_ago(now - unix) : "";
    return ago || runsite.format_time(unix);
  }

  // Making one costs 0.1 ms; a table asks for hundreds of times.
  let local_format;

  // UTC and the reader's own time, for a tooltip.
  function time_in_full(unix) {
    const utc = runsite.format_time(unix);
    if (!utc) return "";
    local_format ??= new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "medium" });
    const local = local_format.format(unix * 1000);
    return `${utc} · ${local} local time`;
  }

  const exports = { judge_status, count_open, format_ago, time_from_now, time_in_full };
  Object.assign(runsite, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
