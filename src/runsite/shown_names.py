"""Names as people read them: bytes that are not UTF-8 become \\xNN on pages, on the terminal and in messages.

Python reads such a byte of a file's name or of a command's word as half a surrogate pair, which nothing can print.
"""

import re

_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def shown_text(text: str) -> str:
    """Return a text that can be written: its bytes that are not UTF-8 become \\xNN."""
    return _HALF_PAIR.sub(lambda found: _escaped(found[0]), text)


def shown_name(name: str) -> str:
    """Return the name of a file, or a path of such names, as text: control characters become \\xNN too."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", shown_text(name))


def quoted(name: str) -> str:
    """Return a name in quotation marks, for a message."""
    mark = '"' if "'" in name and '"' not in name else "'"
    return f"{mark}{shown_name(name)}{mark}"


def _escaped(half: str) -> str:
    is_byte = "\udc80" <= half <= "\udcff"
    return f"\\x{ord(half) - 0xDC00:02x}" if is_byte else ascii(half)[1:-1]
