"""Letters and digits drawn by hand, for labels inside pictures.

Rows are separated by `|`. A glyph stands on the line with its last row; those in `_BELOW` hang two rows deeper.
Figures have one width, so that columns of them align; letters have their own.
"""

import numpy as np
from numpy.typing import NDArray

ABOVE = 7
"""Rows from the line up to the top of a digit."""
HEIGHT = ABOVE + 2

_BELOW = frozenset("gjpqy,")
_DRAWN = {
    "0": ".##.|#..#|#..#|#..#|#..#|#..#|.##.", "1": "..#.|.##.|..#.|..#.|..#.|..#.|.###",
    "2": ".##.|#..#|...#|..#.|.#..|#...|####", "3": "###.|...#|...#|.##.|...#|...#|###.",
    "4": "..##|.#.#|#..#|#..#|####|...#|...#", "5": "####|#...|#...|###.|...#|...#|###.",
    "6": ".##.|#...|#...|###.|#..#|#..#|.##.", "7": "####|...#|...#|..#.|..#.|.#..|.#..",
    "8": ".##.|#..#|#..#|.##.|#..#|#..#|.##.", "9": ".##.|#..#|#..#|.###|...#|...#|.##.",
    "a": ".##.|...#|.###|#..#|.###", "b": "#...|#...|###.|#..#|#..#|#..#|###.", "c": ".###|#...|#...|#...|.###",
    "d": "...#|...#|.###|#..#|#..#|#..#|.###", "e": ".##.|#..#|####|#...|.###", "f": ".##|#..|##.|#..|#..|#..|#..",
    "g": ".###|#..#|#..#|#..#|.###|...#|.##.", "h": "#...|#...|###.|#..#|#..#|#..#|#..#", "i": "#|.|#|#|#|#|#",
    "j": ".#|..|.#|.#|.#|.#|.#|.#|#.", "k": "#...|#...|#..#|#.#.|##..|#.#.|#..#", "l": "#.|#.|#.|#.|#.|#.|.#",
    "m": "##.#.|#.#.#|#.#.#|#.#.#|#.#.#", "n": "###.|#..#|#..#|#..#|#..#", "o": ".##.|#..#|#..#|#..#|.##.",
    "p": "###.|#..#|#..#|#..#|###.|#...|#...", "q": ".###|#..#|#..#|#..#|.###|...#|...#", "r": "#.#|##.|#..|#..|#..",
    "s": ".###|#...|.##.|...#|###.", "t": ".#.|###|.#.|.#.|.#.|..#", "u": "#..#|#..#|#..#|#..#|.###",
    "v": "#.#|#.#|#.#|#.#|.#.", "w": "#...#|#...#|#.#.#|#.#.#|.#.#.", "x": "#.#|#.#|.#.|#.#|#.#",
    "y": "#..#|#..#|#..#|#..#|.###|...#|.##.", "z": "####|...#|.##.|#...|####", ".": "#", ",": ".#|.#|#.",
    "-": "###|...|...", ">": "#..|.#.|..#|.#.|#..", ":": "#|.|.|#", " ": "..", "%": "##..#|##.#.|..#..|.#.##|#..##",
}  # fmt: skip


def text_mask(text: str, scale: int) -> NDArray[np.bool_]:
    """Return which pixels a line of text covers; there are no capitals, and a mark that is not drawn is a dash."""
    pieces = [_glyph(letter) for letter in text.lower()]
    gap = np.zeros((HEIGHT, 1), dtype=bool)
    spaced = [part for piece in pieces for part in (piece, gap)][:-1]
    return np.kron(np.hstack(spaced), np.ones((scale, scale))).astype(bool)


def _glyph(letter: str) -> NDArray[np.bool_]:
    known = letter if letter in _DRAWN else "-"
    rows = _DRAWN[known].split("|")
    last = HEIGHT if known in _BELOW else ABOVE
    glyph = np.zeros((HEIGHT, len(rows[0])), dtype=bool)
    glyph[last - len(rows) : last] = [[mark == "#" for mark in row] for row in rows]
    return glyph
