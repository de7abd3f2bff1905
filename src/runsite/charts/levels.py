"""The finer levels of a long series: what a browser loads as its reader zooms in, down to single points.

A series above 2,000 points has, beside its overview in `series.js`, levels of real points: of every 1 (all of them), of
every 16, 256, 4,096, ... the points that `thinning` keeps. A level is written if its buckets are at most a quarter of
the overview's, and those above 1 only where the single points need more than four chunks. So each zoom by 16 loads a
few chunks, whatever the length.

A level is cut by index into chunks: 8,192 points of the level of single points, 2,048 buckets (about 8,192 points) of
the others: 45 to 110 KB, or 150 where the values need doubles. Points appended change the last chunk of each level, the
index and the overview, and nothing else; so chunks number their attempts from the run's first. Of more than 64 attempts
that begin within one chunk, its first 64 are told apart. A short series has no file of this kind.

Files, below the run's folder; `<metric>` is 16 digits of the name's SHA-256:

    levels/<metric>/index.js        kind `series_levels`, key `<run>#<metric>`
    levels/<metric>/<size>-<n>.js   kind `series_chunk`, key `<run>#<metric>/<size>-<n>`, n from 0

The index is `{"count", "overview": points in a bucket of the overview, "attempts": how many there are, "span": points
of a piece, "steps": [least, greatest], "times": [least, greatest], "levels": [[size, points that a chunk stands for,
name], ...]}`, finest level first. The bounds are columns (see `packing`) of one number for each piece of 8,192 points,
and each chunk holds whole pieces: so a browser finds what it must load by step or by time, also where steps go back. In
a chunk's name `#` stands for its number. A series of one piece has no chunk files: its index has the chunk as `chunk`.

A chunk is `{"count": points it stands for, "attempt": number of the attempt at its first point, "kind", "values",
"steps": column}` and, where there are any, `"times": column, "non_finite": [[index, kind, count], ...],
"attempt_starts": [index, ...]`.

Addresses carry no content hash: nothing but the index need change when a chunk does. The browser adds the number of
points to the addresses of the index and of a last chunk, so that a grown one is not taken from its cache.
"""

import hashlib
from binascii import b2a_base64
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

from runsite import site_paths
from runsite.charts.packing import pack_steps, pack_times, pack_values
from runsite.charts.thinning import Columns, thin_points
from runsite.data_script import DataFile, data_script, script_safe
from runsite.model import RunKey
from runsite.records import encode_json

# As many as the widest chart has pixels, and four kept points for each of 256 buckets.
MAX_POINTS = 1_024
MAX_BUCKETS = 256
# The overview of a series a little longer than it may be is fine enough: a bucket has 8 points, of which 4 are kept.
MAX_WITHOUT_LEVELS = 2_000
RATIO = 16
# 8,192 single points take 65 KB as float32 with even steps and times within 32 s of each other, 110 KB as doubles.
CHUNK_POINTS = 8_192
CHUNK_BUCKETS = 2_048
MAX_CHUNKS_OF_ONE_LEVEL = 4
MAX_CHUNK_ATTEMPTS = 64


def bucket_size(count: int) -> int:
    """Tell how many points share a bucket of the overview: the least power of two that needs at most 256 buckets."""
    return 1 if count <= MAX_POINTS else 1 << (-(-count // MAX_BUCKETS) - 1).bit_length()


def level_sizes(count: int) -> tuple[int, ...]:
    """Tell the bucket sizes of the finer levels of a series, finest first."""
    if count <= MAX_WITHOUT_LEVELS:
        return ()
    sizes = [1]
    if count > MAX_CHUNKS_OF_ONE_LEVEL * CHUNK_POINTS:
        while sizes[-1] * RATIO * 4 <= bucket_size(count):
            sizes.append(sizes[-1] * RATIO)
    return tuple(sizes)


def chunk_span(size: int) -> int:
    """Tell how many points logged a chunk of a level stands for."""
    return CHUNK_POINTS if size == 1 else CHUNK_BUCKETS * size


def levels_place(key: RunKey, name: str, *, count: int) -> tuple[str, str] | None:
    """Return address, relative to the run's folder, and key of a series' index; None where there are no levels."""
    if not level_sizes(count):
        return None
    metric = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"levels/{metric}/index.js", f"{key}#{metric}"


def level_scripts(key: RunKey, name: str, points: Columns, attempt_starts: Sequence[int]) -> Iterator[DataFile]:
    """Write the finer levels of a long series: the index, then the chunks."""
    count = len(points.values)
    place = levels_place(key, name, count=count)
    if place is None:
        return
    address, index_key = place
    folder = site_paths.run_folder(key) + address.removesuffix("index.js")
    is_one_chunk = count <= CHUNK_POINTS
    numbers = (count, bucket_size(count), len(attempt_starts) + 1, CHUNK_POINTS, _bounds(points))
    index = b'{"count":%d,"overview":%d,"attempts":%d,"span":%d,%s' % numbers
    if is_one_chunk:
        index += b'"levels":[],"chunk":%s}' % _chunk(points, attempt_starts, start=0, size=1)
    else:
        listing = [[size, chunk_span(size), f"{size}-#"] for size in level_sizes(count)]
        index += b'"levels":%s}' % encode_json(listing)
    yield DataFile(folder + "index.js", data_script("series_levels", index_key, index))
    for size in () if is_one_chunk else level_sizes(count):
        for number, start in enumerate(range(0, count, chunk_span(size))):
            chunk = _chunk(points, attempt_starts, start=start, size=size)
            content = data_script("series_chunk", f"{index_key}/{size}-{number}", chunk)
            yield DataFile(f"{folder}{size}-{number}.js", content)


def _bounds(points: Columns) -> bytes:
    """Write the least and greatest step and time of each piece."""
    heads = np.arange(0, len(points.values), CHUNK_POINTS)
    least, greatest = (choose.reduceat(points.steps, heads) for choose in (np.minimum, np.maximum))
    text = b'"steps":[%s,%s],' % (pack_steps(least), pack_steps(greatest))
    least, greatest = (choose.reduceat(points.times, heads) for choose in (np.fmin, np.fmax))
    times = pack_times(least), pack_times(greatest)
    return text + b'"times":[%s,%s],' % times if all(times) else text


def _chunk(points: Columns, attempt_starts: Sequence[int], *, start: int, size: int) -> bytes:
    end = min(start + chunk_span(size), len(points.values))
    first, last = bisect_right(attempt_starts, start), bisect_left(attempt_starts, end)
    inside = [seam - start for seam in attempt_starts[first : min(last, first + MAX_CHUNK_ATTEMPTS)]]
    kept, marks, starts = thin_points(points.part(start, end), size=size, starts=inside)
    kind, values = pack_values(kept.values)
    said: dict[str, object] = {"count": end - start, "attempt": first + 1}
    if marks:
        said["non_finite"] = marks
    if starts:
        said["attempt_starts"] = starts
    said["kind"] = kind
    times = pack_times(kept.times)
    columns = b'"steps":%s' % pack_steps(kept.steps) + (b',"times":%s' % times if times else b"")
    return b'%s,"values":"%s",%s}' % (script_safe(said)[:-1], b2a_base64(values, newline=False), columns)
