"""From a Vega spec to a file for papers: SVG, PDF and PNG of an exact size, the same bytes each time.

vl-convert draws, in a font of its own unless told otherwise. It fetches nothing. The SVG says its size in millimetres.
The PDF is made of it at 72 points an inch and embeds the glyphs it uses; `steady_pdf` settles the order of its objects.
Vega counts the clips of all drawings of a process: here those of each begin at 0.
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import Any

from runsite.charts.steady_pdf import embedded_fonts, steady_pdf
from runsite.errors import RunsiteError

FONT = "Liberation Sans"
"""Comes with vl-convert, so a figure is the same on every machine."""
MAX_PIXELS = 100_000_000
"""Of a PNG: 400 MB while it is drawn. A page of A4 at 1,000 dpi; a figure of 170 x 100 mm at 1,200 has 38 million."""
_POINTS_PER_MM = 72 / 25.4
_PIXELS_PER_INCH = 96
_PNG_BASE = 72
# How the page writes a solid line; in a PDF the dashes of a pixel show their seams.
_SOLID = ' stroke-dasharray="1,0"'
# In `id="clip7"` and `url(#clip7)` alone: a run may be called so.
_CLIP = re.compile(r'(?<=<clipPath id=")clip\d+(?=")|(?<=url\(#)clip\d+(?=\))')
# As Vega logs an error, or as vl-convert raises it; a warning is none.
_ERROR = re.compile(r"(?m)^(?:ERROR )?\w*Error: (.*)$")
# The shapes that stand for data, and where each stands. Vega escapes ">" and quotes in what the user wrote.
_MARK = re.compile(r'<g class="mark-(?!group)\w+ role-mark[^"]*"[^>]*>(.*?)</g>', re.DOTALL)
_SHAPE = re.compile(r"<(?:path|line|text|image)\b[^>]*>")
_PLACE = re.compile(r' (d|transform|x|y|[xy][12]|width|height)="([^"]*)"')
_ENDLESS = re.compile("NaN|Infinity")
_STDERR = 2
_SIZE = re.compile(r'(<svg [^>]*?)width="[^"]*" height="[^"]*"')


def draw_svg(spec: Mapping[str, Any], *, width_mm: float) -> str:
    """Draw a spec; its width in pixels becomes so many millimetres."""
    svg = _draw(spec)
    return _resized(svg, width_mm, _height(svg, width_mm), unit="mm")


def draw_pdf(spec: Mapping[str, Any], *, width_mm: float) -> bytes:
    """Draw a spec as one page of its size."""
    import vl_convert  # heavy

    svg = _draw(spec)
    scaled = _resized(svg, width_mm * _POINTS_PER_MM, _height(svg, width_mm) * _POINTS_PER_MM, unit="")
    return steady_pdf(vl_convert.svg_to_pdf(scaled))


def draw_png(spec: Mapping[str, Any], *, dpi: int) -> bytes:
    """Draw a spec with so many pixels an inch; RunsiteError if it would have none, or too many to hold."""
    import vl_convert  # heavy

    svg = _draw(spec)
    width, height = (int(size * dpi / _PIXELS_PER_INCH) for size in _drawn_size(svg))
    if not 1 <= width * height <= MAX_PIXELS:
        problem = f"at {dpi} dpi the picture would have {width:,} x {height:,} pixels"
        remedy = "take another --dpi, or an SVG or PDF, which are sharp at any size"
        raise RunsiteError(f"{problem}; 1 to {MAX_PIXELS:,} in all are drawn; {remedy}")
    png: bytes = vl_convert.svg_to_png(svg, scale=_PNG_BASE / _PIXELS_PER_INCH, ppi=dpi)
    return png


def has_font(name: str) -> bool:
    """Tell whether text can be set in a font; another would take its place in silence."""
    import vl_convert  # heavy

    text = f'<text y="9" font-family="{_without_quotes(name)}">A</text>'
    probe = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{text}</svg>'
    return any(_plain(font).startswith(_plain(name)) for font in embedded_fonts(vl_convert.svg_to_pdf(probe)))


def _plain(font: str) -> str:
    return re.sub(r"[ -]", "", font).lower()


def _without_quotes(name: str) -> str:
    return name.translate({ord(character): None for character in "'\"<>&"})


def _draw(spec: Mapping[str, Any]) -> str:
    import vl_convert  # heavy

    try:
        svg, log = _with_log(lambda: str(vl_convert.vega_to_svg(dict(spec), allowed_base_urls=[])))
    except ValueError as error:
        # A chart of the user's own may call what Vega does not know; a stack of Vega's calls follows the reason.
        reason = _ERROR.search(str(error))
        raise RunsiteError(f"the chart could not be drawn: {reason[1] if reason else error}") from error
    if logged := _ERROR.search(log):
        raise RunsiteError(f"the chart could not be drawn: {logged[1]}")
    if _is_blank(svg):
        raise RunsiteError("the chart could not be drawn: none of its marks has a shape and a size that can be drawn")
    clips = {name: f"clip{place}" for place, name in enumerate(dict.fromkeys(_CLIP.findall(svg)))}
    return _CLIP.sub(lambda found: clips[found[0]], svg).replace(_SOLID, "")


def _is_blank(svg: str) -> bool:
    """Tell whether a drawing has marks of data and none of them has a place and a size, as charts_draw.js tells it."""
    shapes = [shape for mark in _MARK.findall(svg) for shape in _SHAPE.findall(mark)]
    return bool(shapes) and not any(map(_is_placed, shapes))


def _is_placed(shape: str) -> bool:
    places = dict(_PLACE.findall(shape))
    has_shape = bool(places.get("d")) or not shape.startswith("<path")
    return has_shape and not any(map(_ENDLESS.search, places.values()))


def _with_log(draw: Callable[[], str]) -> tuple[str, str]:
    """Draw, and read what Vega logs meanwhile, which vl-convert writes to the process's standard error.

    An error of drawing is written there alone, with a stack; what comes of it is an empty drawing or another error.
    """
    if sys.stderr is None:  # closed by whoever started us
        return draw(), ""
    sys.stderr.flush()
    problem = None
    with tempfile.TemporaryFile() as log:
        kept = os.dup(_STDERR)
        os.dup2(log.fileno(), _STDERR)
        try:
            svg = draw()
        except ValueError as error:
            problem = error
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
        log.seek(0)
        text = log.read().decode(errors="replace")
    if problem:
        raise ValueError(f"{text}\n{problem}") from problem
    return svg, text


def _height(svg: str, width_mm: float) -> float:
    """Return the height that goes with a width, from the drawing's own proportions."""
    width, height = _drawn_size(svg)
    return width_mm * height / width


def _drawn_size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None  # Vega writes it always
    return float(found[1]), float(found[2])


def _resized(svg: str, width: float, height: float, *, unit: str) -> str:
    size = f'width="{_number(width)}{unit}" height="{_number(height)}{unit}"'
    return _SIZE.sub(rf"\g<1>{size}", svg, count=1)


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
