"""Plain values as bytes and back, for the cache: MessagePack, which no content can make run code.

Lists come back for tuples. Whole numbers beyond 64 bits and text with half a surrogate pair (so Python reads names of
files that are not UTF-8), which MessagePack does not have, travel as their decimals and as bytes; dicts with such keys
as pairs.
"""

from typing import Any

import msgspec.msgpack

_INTEGER, _TEXT, _PAIRS = 1, 2, 3


def pack(value: Any) -> bytes:
    """Encode None, booleans, numbers, text, bytes, lists, tuples and dicts of these."""
    try:
        return _encode(value)
    except (OverflowError, UnicodeEncodeError):
        return _encode(_escaped(value))


_encode = msgspec.msgpack.Encoder().encode


def _escaped(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return msgspec.msgpack.Ext(_INTEGER, str(value).encode())
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return msgspec.msgpack.Ext(_TEXT, value.encode("utf-8", "surrogatepass"))
        return value
    if isinstance(value, dict):
        keys = [_escaped(key) for key in value]
        if any(isinstance(key, msgspec.msgpack.Ext) for key in keys):  # which is no key
            return msgspec.msgpack.Ext(_PAIRS, pack(list(value.items())))
        return dict(zip(keys, map(_escaped, value.values()), strict=True))
    if isinstance(value, list | tuple):
        return [_escaped(item) for item in value]
    return value


def _unescaped(code: int, data: memoryview) -> Any:
    if code == _PAIRS:
        return dict(unpack(data))
    return int(bytes(data)) if code == _INTEGER else bytes(data).decode("utf-8", "surrogatepass")


unpack = msgspec.msgpack.Decoder(ext_hook=_unescaped).decode
"""Decode what `pack` made."""
