"""What `runsite figure` does with its words."""

import argparse
import sys
from pathlib import Path

from runsite.charts.paper import FONT, draw_pdf, draw_png, draw_svg, has_font
from runsite.errors import OutputError, RunsiteError
from runsite.figures import Figure, make_figure
from runsite.figures.view import find_view


def run_figure(options: argparse.Namespace) -> int:
    """Draw the chart that a view shows into a file."""
    output = Path(options.output)
    view = find_view(options.view, site=Path(options.site))
    if options.font and not has_font(options.font):
        raise RunsiteError(f"no font {options.font!r} here; install it, or leave --font out for {FONT}")
    figure = make_figure(
        view,
        chart=options.chart,
        width_mm=options.width,
        height_mm=options.height,
        theme=options.theme,
        font=options.font or FONT,
        is_drawn=output.suffix.lower() != ".csv",
    )
    content = _content(figure, output.suffix.lower(), options)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise OutputError(output, f"cannot be written ({error.strerror})", "name another file with -o") from error
    print(f"{output}: {len(content):,} bytes", file=sys.stderr)
    # The figure has no room for them; a CSV has all that they speak of.
    for note in () if output.suffix.lower() == ".csv" else figure.notes:
        print(f"{output}: {note}", file=sys.stderr)
    return 0


def _content(figure: Figure, suffix: str, options: argparse.Namespace) -> bytes:
    if suffix == ".csv":
        return figure.csv.encode()
    if suffix == ".svg":
        return draw_svg(figure.spec, width_mm=options.width).encode()
    if suffix == ".pdf":
        return draw_pdf(figure.spec, width_mm=options.width)
    return draw_png(figure.spec, dpi=options.dpi)
