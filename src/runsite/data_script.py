"""Data as classic scripts: the one way by which numbers and names reach a page opened from a file.

A page opened by double click may not fetch, so a data file is one call, `runsite.receive(kind, key, payload)`.
Names come from logs: `<`, `>`, `&` and the two line separators of Unicode are escaped, so that no text ends a script.
Names never become keys of an object: `__proto__` would be lost; payloads hold pairs [name, value] instead.
"""

from dataclasses import dataclass

from runsite.records import encode_json

_ESCAPES = (
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    (b"&", b"\\u0026"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of the site that no template makes."""

    path: str
    """Relative to the site's root, with `/`."""
    content: bytes


def script_safe(value: object) -> bytes:
    """Encode a value as JSON that may stand in a script or in a JSON island."""
    text = encode_json(value)
    for unsafe, escaped in _ESCAPES:
        text = text.replace(unsafe, escaped)
    return text


def data_script(kind: str, key: str, payload: bytes) -> bytes:
    """Write the script that hands a payload, already script-safe JSON, to the page."""
    return b'runsite.receive("%s",%s,%s);\n' % (kind.encode(), script_safe(key), payload)
