"""Small line and scatter plots as SVG text."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_WIDTH, _HEIGHT, _MARGIN = 420, 360, 46
_COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#b8860b", "#8a5a44", "#555f6b", "#7a4fbf", "#3f8f3f",
)  # fmt: skip


def line_plot(lines: Sequence[tuple[str, Array, Array]], *, title: str, x_label: str, y_label: str) -> str:
    """Draw named curves over 0…1 × 0…1."""
    body = []
    for index, (name, xs, ys) in enumerate(lines):
        points = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in zip(xs, ys, strict=True))
        colour = _COLOURS[index % len(_COLOURS)]
        body.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body.append(_text(_x(0.97), _y(0.06 + 0.07 * index), name, anchor="end", fill=colour))
    return _frame("\n".join(body), title, x_label, y_label)


def scatter_plot(points: Array, classes: Array, *, title: str, x_label: str, y_label: str) -> str:
    """Draw each row of `points` as its class's number, in its class's colour."""
    lowest, highest = points.min(axis=0), points.max(axis=0)
    placed = 0.03 + 0.94 * (points - lowest) / (highest - lowest)
    body = "\n".join(
        _text(_x(x), _y(y) + 4, str(int(kind)), anchor="middle", fill=_COLOURS[int(kind)])
        for (x, y), kind in zip(placed, classes, strict=True)
    )
    return _frame(body, title, x_label, y_label)


def _frame(body: str, title: str, x_label: str, y_label: str) -> str:
    box = (_MARGIN, _MARGIN, _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN)
    turned = f'transform="rotate(-90 16 {_HEIGHT // 2})"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'width="{_WIDTH}" height="{_HEIGHT}" font-family="system-ui, sans-serif" font-size="11">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
            '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="#c9ced8"/>'.format(*box),
            _text(_MARGIN, 28, title, size=14),
            _text(_WIDTH / 2, _HEIGHT - 16, x_label, anchor="middle", fill="#5b6472"),
            f"<g {turned}>{_text(16, _HEIGHT // 2, y_label, anchor='middle', fill='#5b6472')}</g>",
            body,
            "</svg>\n",
        ]
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = "#242933", size: int = 11) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}"'
    return f"<text {place}>{escape(text)}</text>"


def _x(share: float) -> float:
    return _MARGIN + share * (_WIDTH - 2 * _MARGIN)


def _y(share: float) -> float:
    return _HEIGHT - _MARGIN - share * (_HEIGHT - 2 * _MARGIN)
