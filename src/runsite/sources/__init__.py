"""Where runs lie. From here on nobody asks whether a log was ours or another tool's."""

from runsite.sources.store import (
    LOG_NAME,
    RunFolder,
    Store,
    StoreListing,
    empty_store_error,
    list_store,
)

__all__ = ["LOG_NAME", "RunFolder", "Store", "StoreListing", "empty_store_error", "list_store"]
