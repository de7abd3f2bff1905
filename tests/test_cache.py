"""What a cache gives back, and who may have it when."""

import threading
from pathlib import Path

from runsite.cache import open_cache


def test_cache_that_is_held_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    with open_cache(tmp_path) as look:
        look.put("last", b"1")
        look.commit()
        threading.Timer(0.1, look.close).start()

        with open_cache(tmp_path) as cache:
            assert cache.get("last") == b"1"


def test_cache_that_stays_held_is_done_without(tmp_path: Path) -> None:
    with open_cache(tmp_path) as other, open_cache(tmp_path) as cache:
        assert (other.is_lasting, cache.is_lasting) == (True, False)
