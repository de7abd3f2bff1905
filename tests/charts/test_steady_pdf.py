"""A PDF of one drawing has one order of objects, and is still a PDF that readers can follow."""

import re

import vl_convert

from runsite.charts.steady_pdf import embedded_fonts, steady_pdf

TEXTS = "".join(
    f'<text y="{20 + 12 * place}" font-family="{font}" font-weight="{weight}" opacity="{opacity}">Größe {place}</text>'
    for place, (font, weight, opacity) in enumerate(
        [("Liberation Sans", "normal", 1), ("Liberation Sans", "bold", 0.5), ("Liberation Mono", "normal", 0.7)]
    )
)
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">{TEXTS}</svg>'


def test_same_drawing_gives_the_same_bytes() -> None:
    made = {vl_convert.svg_to_pdf(SVG) for _ in range(20)}

    assert len(made) > 1, "svg2pdf has become steady by itself: steady_pdf can go"
    assert len({steady_pdf(pdf) for pdf in made}) == 1


def test_table_of_places_leads_to_each_object() -> None:
    pdf = steady_pdf(vl_convert.svg_to_pdf(SVG))

    table = int(re.findall(rb"startxref\n(\d+)", pdf)[0])
    assert pdf.startswith(b"xref\n", table)
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", pdf[table:])]
    assert [pdf[place:].split(b" ")[0] for place in places] == [b"%d" % n for n in range(1, len(places) + 1)]
    named = {int(number) for number in re.findall(rb"(\d+) 0 R", pdf)}
    assert named <= set(range(1, len(places) + 1))


def test_nothing_is_lost() -> None:
    before = vl_convert.svg_to_pdf(SVG)
    after = steady_pdf(before)

    assert embedded_fonts(after) == ["LiberationMono", "LiberationSans", "LiberationSans-Bold"]
    assert sorted(re.findall(rb"/Length \d+", after)) == sorted(re.findall(rb"/Length \d+", before))


def test_file_of_another_shape_is_left_as_it_is() -> None:
    assert steady_pdf(b"%PDF-1.7\nnothing we know") == b"%PDF-1.7\nnothing we know"
