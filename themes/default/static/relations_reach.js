// Which runs an axis reaches. Where values lie too far apart for a linear axis, as 1 and 1.7e308 do, it holds those of as
// many runs as it can, of equally many ones those nearest to zero; the others are left out and counted. Pure functions.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { axis_misfit, counted, extent } = (runsite.relations ??= {});

  // The runs that an axis has a place for, of those at some places.
  const standing_on = (axis, places) => places.filter((place) => !Number.isNaN(axis.places[place]));

  // An axis of numbers spans the runs that stand on it.
  const spanning = (axis, standing) => (axis.type === "text" ? axis : { ...axis, ...extent(standing.map((place) => axis.places[place])) });

  const is_too_wide = (axis) => axis_misfit(axis) === runsite.charts.span_misfit(Infinity);

  // The axis of the runs at some places, as far as it reaches: those `beyond` are counted, and stand nowhere.
  function reaching(axis, places) {
    const whole = spanning(axis, places);
    if (!is_too_wide(whole)) return { ...whole, beyond: 0 };
    const { least, greatest, count } = fullest_span(whole, places);
    return { ...whole, places: Array.from(axis.places, (number) => (number >= least && number <= greatest ? number : NaN)), least, greatest, beyond: places.length - count };
  }

  // The ends that an axis can have with most runs between them.
  function fullest_span(axis, places) {
    const numbers = places.map((place) => axis.places[place]).sort((a, b) => a - b);
    const farthest = ({ least, greatest }) => Math.max(-least, greatest);
    let [best, from] = [null, 0];
    numbers.forEach((greatest, to) => {
      while (is_too_wide({ ...axis, least: numbers[from], greatest })) from += 1;
      const found = { least: numbers[from], greatest, count: to - from + 1 };
      if (!best || found.count > best.count || (found.count === best.count && farthest(found) < farthest(best))) best = found;
    });
    return best;
  }

  // "1 of 300 runs has a lr too far from the others' to be drawn".
  function reach_notes({ title, cells, beyond }) {
    return beyond ? [`${runsite.format_count(beyond)} of ${counted(cells.length, "run")} ${beyond === 1 ? "has" : "have"} a ${title} too far from the others’ to be drawn`] : [];
  }

  const exports = { standing_on, spanning, reaching, reach_notes };
  Object.assign(runsite.relations, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
