"""Tell from a file's first bytes whether it is the picture or PDF of its ending: else a browser shows a torn frame."""

# By ending: the name people know, where the mark begins, and which marks there may be.
_MARKS: dict[str, tuple[str, int, tuple[bytes, ...]]] = {
    ".png": ("PNG image", 0, (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("JPEG image", 0, (b"\xff\xd8\xff",)),
    ".jpeg": ("JPEG image", 0, (b"\xff\xd8\xff",)),
    ".gif": ("GIF image", 0, (b"GIF87a", b"GIF89a")),
    ".webp": ("WebP image", 8, (b"WEBP",)),
    ".bmp": ("BMP image", 0, (b"BM",)),
    ".avif": ("AVIF image", 4, (b"ftyp",)),
}
# "BM" begins many a text.
_STRONG_MARKS = tuple(found for suffix, found in _MARKS.items() if suffix != ".bmp")
_PDF_MARK = b"%PDF-"
# Readers of PDF look for its mark in so many bytes; no other mark lies further in.
MAGIC_BYTES = 1_024


def wrong_content(suffix: str, head: bytes) -> str | None:
    """Say what a file is not although its ending says so; None where nothing speaks against it."""
    if suffix == ".pdf":
        return None if _PDF_MARK in head else "not a PDF inside; not copied"
    if suffix not in _MARKS:
        return None
    name, offset, marks = _MARKS[suffix]
    # Browsers show a picture under another picture's ending too.
    if head.startswith(marks, offset) or any(head.startswith(own, at) for _, at, own in _STRONG_MARKS):
        return None
    return f"not {'an' if name.startswith('AVIF') else 'a'} {name} inside; not copied"
