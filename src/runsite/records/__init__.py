"""The record format 1: one JSON object per line. docs/format.md is its full description.

`encode` writes a record, `parse` reads any line, `fast_lines` reads the common lines quickly. Training code needs
`encode` alone, so nothing here imports msgspec before it is asked for.
"""

FORMAT = 1
"""The newest record format this version reads and writes."""


def encode_json(value: object) -> bytes:
    """Encode plain values as compact JSON; a non-finite number becomes null, so replace those first."""
    import msgspec  # 20 ms to import, not needed by training code that encodes with the standard library

    return msgspec.json.encode(value)
