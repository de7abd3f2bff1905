"""Texts of logs and of file names as people are to read them: what cannot be seen, or turns text round, is escaped."""

import re

REVERSING = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that set the direction of a text: after one of them `gpj.exe` may be read as `exe.jpg`."""
_UNSEEN = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{REVERSING}]")


def visible(text: str) -> str:
    """Write control characters as `\\x1b`, and what turns text round as `\\u202e`."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)
