"""What a cache gives back, and who may have it when."""

import threading
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("is_lasting", [True, False])
def test_what_is_forgotten_is_gone_at_once(tmp_path: Path, is_lasting: bool) -> None:
    with open_cache(tmp_path if is_lasting else None) as cache:
        for name in ("run/a", "run/b", "runs", "unit"):
            cache.put(name, b"1")

        cache.forget("unit")
        cache.forget_all("run/")

        assert [cache.get(name) for name in ("run/a", "run/b", "runs", "unit")] == [None, None, b"1", None]
