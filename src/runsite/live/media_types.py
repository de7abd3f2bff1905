"""What kind of content a file of a site is, by its name: our own table, for a machine's own may say anything.

On some machines a registry entry turns `.js` into `text/plain`, which browsers then refuse to run.
"""

from pathlib import PurePosixPath

BINARY = "application/octet-stream"
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "ico": "image/x-icon",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "gz": "application/gzip",
}


def media_type(path: str) -> str:
    """Name the type of a file; what is not known is bytes to be saved."""
    return _TYPES.get(PurePosixPath(path).suffix.removeprefix(".").lower(), BINARY)
