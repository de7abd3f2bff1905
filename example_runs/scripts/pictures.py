"""Pictures without a drawing library: PNG files from numpy arrays, confusion matrices, sheets of digits."""

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glyphs import ABOVE, text_mask

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

PAPER: Colour = (255, 255, 255)
INK: Colour = (36, 41, 51)
MUTED: Colour = (110, 118, 132)
LINE: Colour = (226, 229, 235)
RIGHT: Colour = (0, 92, 145)
WRONG: Colour = (190, 70, 0)


def write_png(path: Path, pixels: Pixels) -> Path:
    """Write an RGB picture; few colours become a palette, which is a third of the size."""
    height, width, _ = pixels.shape
    colours, indices = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    if len(colours) <= 256:
        kind, rows, palette = 3, indices.reshape(height, width).astype(np.uint8), _chunk(b"PLTE", colours.tobytes())
    else:
        kind, rows, palette = 2, pixels.reshape(height, width * 3), b""
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    # Each row begins with its filter; 0 is "as it is".
    data = zlib.compress(np.hstack([np.zeros((height, 1), np.uint8), rows]).tobytes(), 9)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + palette + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    )
    return path


def blank(width: int, height: int) -> Pixels:
    """Return a white sheet."""
    return np.full((height, width, 3), PAPER, dtype=np.uint8)


def draw_text(sheet: Pixels, text: str, x: int, y: int, *, scale: int = 2, colour: Colour = INK) -> None:
    """Write a line with its upper left corner at (x, y)."""
    mask = text_mask(text, scale)
    sheet[y : y + mask.shape[0], x : x + mask.shape[1]][mask] = colour


def draw_text_centred(sheet: Pixels, text: str, x: int, y: int, *, scale: int = 2, colour: Colour = INK) -> None:
    """Write a line with the middle of its digits at (x, y)."""
    width = text_mask(text, scale).shape[1]
    draw_text(sheet, text, x - width // 2, y - ABOVE * scale // 2, scale=scale, colour=colour)


def confusion_matrix(counts: NDArray[np.int64], labels: Sequence[str], title: str) -> Pixels:
    """Draw how often each true class (row) was read as each class (column)."""
    cell, top = 36 if len(labels) > 4 else 96, 92
    margin = max(text_mask(label, 2).shape[1] for label in labels) + 16
    left = 64 + margin
    side = cell * len(labels)
    sheet = blank(max(left + side, text_mask(title, 2).shape[1] + 16) + 16, top + side + 16)
    draw_text(sheet, title, 16, 14)
    draw_text_centred(sheet, "read as", left + side // 2, 52, colour=MUTED)
    draw_text(sheet, "true", 12, top + side // 2 - ABOVE, colour=MUTED)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for row, label in enumerate(labels):
        middle = row * cell + cell // 2
        draw_text_centred(sheet, label, left + middle, top - 14)
        draw_text_centred(sheet, label, left - margin // 2, top + middle)
        for column in range(len(labels)):
            box = (left + column * cell, top + row * cell, cell)
            _draw_cell(sheet, box, int(counts[row, column]), float(shares[row, column]), right=row == column)
    return sheet


def digit_sheet(images: NDArray[np.float64], captions: Sequence[str], title: str, *, columns: int) -> Pixels:
    """Draw 8 × 8 digits, ink on paper, each with its caption below."""
    size, gap, below, top = 64, 12, 26, 44
    rows = -(-len(images) // columns)
    sheet = blank(16 + columns * (size + gap), top + rows * (size + below + gap))
    draw_text(sheet, title, 16, 14)
    for index, (image, caption) in enumerate(zip(images, captions, strict=True)):
        x, y = 16 + index % columns * (size + gap), top + index // columns * (size + below + gap)
        sheet[y : y + size, x : x + size] = enlarge(image, size // 8)
        draw_text_centred(sheet, caption, x + size // 2, y + size + 13, colour=MUTED)
    return sheet


def digit_rows(rows: Sequence[tuple[str, NDArray[np.float64]]], title: str) -> Pixels:
    """Draw rows of 8 × 8 digits, each row with its name at the left."""
    size, gap, left, top = 48, 8, 120, 44
    width = left + (size + gap) * len(rows[0][1]) + gap
    sheet = blank(width, top + (size + gap) * len(rows) + gap)
    draw_text(sheet, title, 16, 14)
    for row, (name, images) in enumerate(rows):
        y = top + row * (size + gap)
        draw_text(sheet, name, 16, y + size // 2 - ABOVE, colour=MUTED)
        for column, image in enumerate(images):
            x = left + column * (size + gap)
            sheet[y : y + size, x : x + size] = enlarge(image, size // 8)
    return sheet


def enlarge(image: NDArray[np.float64], scale: int) -> Pixels:
    """Draw one 8 × 8 digit of 0…1 as dark ink, 16 grey levels, each pixel a crisp square."""
    ink = np.round(np.clip(image, 0.0, 1.0).reshape(8, 8) * 16.0)[..., None] / 16.0
    coloured = np.array(PAPER) * (1.0 - ink) + np.array(INK) * ink
    coloured = np.minimum(coloured, np.array((246, 247, 249)))
    return np.repeat(np.repeat(coloured.astype(np.uint8), scale, axis=0), scale, axis=1)


def _draw_cell(sheet: Pixels, box: tuple[int, int, int], count: int, share: float, *, right: bool) -> None:
    x, y, size = box
    strength = share if right else min(1.0, share * 4.0)  # faults are rare; they may shout
    fill = np.array(PAPER) * (1.0 - strength) + np.array(RIGHT if right else WRONG) * strength
    sheet[y : y + size, x : x + size] = LINE
    sheet[y + 1 : y + size, x + 1 : x + size] = fill.astype(np.uint8)
    if count:
        colour = PAPER if strength > 0.5 else INK
        draw_text_centred(sheet, str(count), x + size // 2, y + size // 2, colour=colour)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
