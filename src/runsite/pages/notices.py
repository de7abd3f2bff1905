"""The notices page: the licences of the code of others that a site carries in its Vega bundle."""

from runsite.pages.page import ABOUT, NOTICES, Frame, Link, Page

BSD_3 = """\
Redistribution and use in source and binary forms, with or without modification, are permitted provided that the \
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the \
following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the \
following disclaimer in the documentation and/or other materials provided with the distribution.

3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote \
products derived from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED \
WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A \
PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY \
DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, \
PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER \
CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR \
OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH \
DAMAGE."""
ISC = """\
Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby \
granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING \
ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, \
DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR \
PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION \
WITH THE USE OR PERFORMANCE OF THIS SOFTWARE."""
UNLICENSE = """\
This is free and unencumbered software released into the public domain. Anyone is free to copy, modify, publish, \
use, compile, sell, or distribute this software, either in source code form or as a compiled binary, for any \
purpose, commercial or non-commercial, and by any means."""
NOTICES_OF_OTHERS = (
    (
        "Vega and vega-interpreter",
        "Draws the charts. https://vega.github.io",
        "Copyright (c) 2015-2023, University of Washington Interactive Data Lab. All rights reserved.",
        BSD_3,
    ),
    (
        "D3 (d3-array, d3-color, d3-delaunay, d3-dispatch, d3-dsv, d3-force, d3-format, d3-geo, d3-geo-projection, "
        "d3-hierarchy, d3-interpolate, d3-path, d3-quadtree, d3-scale, d3-scale-chromatic, d3-shape, d3-time, "
        "d3-time-format, d3-timer), internmap",
        "Scales, shapes and formats within Vega. https://d3js.org",
        "Copyright 2010-2023 Mike Bostock",
        ISC,
    ),
    (
        "topojson-client, delaunator",
        "Geometry within Vega. https://github.com/topojson, https://github.com/mapbox/delaunator",
        "Copyright 2012-2019 Michael Bostock; Copyright (c) 2021, Mapbox",
        ISC,
    ),
    (
        "robust-predicates",
        "Geometry within Vega. https://github.com/mourner/robust-predicates",
        "By Vladimir Agafonkin, after Jonathan Shewchuk.",
        UNLICENSE,
    ),
)


def make_notices_page(*, frame: Frame) -> Page:
    """Make the page of third-party notices."""
    context = frame.context(NOTICES, title="Third-party notices")
    context |= {"crumbs": (Link("About", ABOUT),), "notices": NOTICES_OF_OTHERS}
    return Page(NOTICES, "notices.html", context)
