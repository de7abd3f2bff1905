"""Put the objects of a PDF into one order, so that the same drawing gives the same bytes.

svg2pdf keeps resources (fonts, states, groups) in tables whose order is random: it numbers and writes their objects,
and names them on the page, differently from run to run. Here objects are numbered anew as they are met on a walk from
the catalogue, with the entries of resources by name, and written in that order with a table of their places.
"""

import re
from collections.abc import Iterator

_REFERENCE = re.compile(rb"(\d+) 0 R\b")
# A dictionary that holds references alone.
_RESOURCES = re.compile(rb"<<((?:\s*/\S+ \d+ 0 R)+)\s*>>")
_ENTRY = re.compile(rb"(/\S+) (\d+ 0 R)")
_FONT_NAME = re.compile(rb"/BaseFont /(?:[A-Z]{6}\+)?([^\s/]+)")
_STREAM = b"\nstream\n"


def steady_pdf(pdf: bytes) -> bytes:
    """Rewrite a PDF of svg2pdf; one of another shape is left as it is."""
    objects = _objects(pdf)
    root = re.search(rb"/Root (\d+) 0 R", pdf[pdf.rfind(b"trailer") :])
    if root is None or int(root[1]) not in objects:
        return pdf
    order = list(_walk(objects, int(root[1])))
    numbers = {old: new for new, old in enumerate(order, start=1)}
    written = bytearray(pdf[: pdf.index(b"\n\n") + 2])
    places = []
    for old in order:
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n\n" % (numbers[old], _renumbered(objects[old], numbers))
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(order) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<<\n  /Size %d\n  /Root 1 0 R\n>>\nstartxref\n%d\n%%%%EOF" % (len(order) + 1, start)
    return bytes(written)


def embedded_fonts(pdf: bytes) -> list[str]:
    """List the fonts of a PDF by name, without the tag of a subset."""
    return sorted({name.decode("latin-1") for name in _FONT_NAME.findall(pdf)})


def _objects(pdf: bytes) -> dict[int, bytes]:
    """Read the objects by number, through the table of their places."""
    start = re.search(rb"startxref\s+(\d+)", pdf[-64:])
    if start is None or not pdf.startswith(b"xref", int(start[1])):
        return {}
    table = int(start[1])
    places = sorted(int(place) for place in re.findall(rb"(\d{10}) \d{5} n", pdf[table:]))
    objects = {}
    for place, end in zip(places, [*places[1:], table], strict=True):
        head, _, body = pdf[place:end].partition(b" 0 obj\n")
        objects[int(head)] = body[: body.rindex(b"endobj")].rstrip(b"\n")
    return objects


def _dictionary(body: bytes) -> bytes:
    """Return what stands before an object's stream, with resources by name."""
    return _RESOURCES.sub(_sorted_entries, body.partition(_STREAM)[0])


def _sorted_entries(found: re.Match[bytes]) -> bytes:
    return b"<< %s >>" % b" ".join(b"%s %s" % entry for entry in sorted(_ENTRY.findall(found[1])))


def _walk(objects: dict[int, bytes], root: int) -> Iterator[int]:
    met = {root}
    ahead = [root]
    while ahead:
        number = ahead.pop(0)
        yield number
        for found in map(int, _REFERENCE.findall(_dictionary(objects[number]))):
            if found not in met and found in objects:
                met.add(found)
                ahead.append(found)


def _renumbered(body: bytes, numbers: dict[int, int]) -> bytes:
    _, stream, data = body.partition(_STREAM)
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], _dictionary(body)) + stream + data
