// How two texts differ, line by line: the shortest edit by Myers' greedy algorithm (An O(ND) Difference Algorithm and
// Its Variations, Algorithmica 1986), in hunks with a few lines around, as `diff -u` writes them.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const CONTEXT = 3;
  // Each edit costs one round and the rounds are kept: 2,000 of them are 16 MB. Texts farther apart are told whole.
  const MAX_EDITS = 2000;

  const lines_of = (text) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

  // Where each round's farthest points lie; null beyond the most edits.
  function rounds_of(a, b) {
    const most = Math.min(a.length + b.length, MAX_EDITS);
    const middle = most + 1;
    const farthest = new Int32Array(2 * most + 3);
    const rounds = [];
    for (let edits = 0; edits <= most; edits += 1) {
      rounds.push(farthest.slice(middle - edits - 1, middle + edits + 2));
      for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
        const goes_down = diagonal === -edits || (diagonal !== edits && farthest[middle + diagonal - 1] < farthest[middle + diagonal + 1]);
        let x = goes_down ? farthest[middle + diagonal + 1] : farthest[middle + diagonal - 1] + 1;
        while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
        farthest[middle + diagonal] = x;
        if (x >= a.length && x - diagonal >= b.length) return rounds;
      }
    }
    return null;
  }

  // [[" " both, "-" the first alone, "+" the second alone; line], …]
  function diff_lines(first, second) {
    const [a, b] = [lines_of(first), lines_of(second)];
    const rounds = rounds_of(a, b);
    if (rounds === null) return [...a.map((line) => ["-", line]), ...b.map((line) => ["+", line])];
    const found = [];
    let [x, y] = [a.length, b.length];
    for (let edits = rounds.length - 1; edits >= 0; edits -= 1) {
      const at = (diagonal) => rounds[edits][edits + 1 + diagonal];
      const diagonal = x - y;
      const goes_down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
      const before_diagonal = goes_down ? diagonal + 1 : diagonal - 1;
      const before_x = edits ? at(before_diagonal) : 0;
      const before_y = edits ? before_x - before_diagonal : 0;
      while (x > before_x && y > before_y) { found.push([" ", a[x - 1]]); x -= 1; y -= 1; }
      if (edits) found.push(goes_down ? ["+", b[before_y]] : ["-", a[before_x]]);
      [x, y] = [before_x, before_y];
    }
    return found.reverse();
  }

  // Hunks of a diff: [{from: [line of the first, line of the second], lines}, …], equal lines far from others left out.
  function diff_hunks(first, second) {
    const lines = diff_lines(first, second);
    const near = new Set();
    for (const [place, [sign]] of lines.entries()) {
      if (sign !== " ") for (let other = place - CONTEXT; other <= place + CONTEXT; other += 1) near.add(other);
    }
    const hunks = [];
    const at = [1, 1];
    for (const [place, [sign, line]] of lines.entries()) {
      if (near.has(place)) {
        if (!near.has(place - 1) || !hunks.length) hunks.push({ from: [...at], lines: [] });
        hunks.at(-1).lines.push([sign, line]);
      }
      if (sign !== "+") at[0] += 1;
      if (sign !== "-") at[1] += 1;
    }
    return hunks;
  }

  const exports = { diff_lines, diff_hunks };
  runsite.compare_diff = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
