"""Which run somebody means who types an id, the beginning of one, or experiment/id."""

from pathlib import Path

import pytest

from runsite.answers import find_run
from runsite.errors import RunNotFoundError
from runsite.model import RunKey
from runsite.sources import RunFolder

KEYS = [
    ("digits", "calm-fox-1111"),
    ("digits", "calm-fox-2222"),
    ("text", "calm-fox-1111"),
    ("text/old", "a"),
    ("t", "ab"),
]
FOLDERS = [RunFolder(RunKey(*key), Path(), "/".join(key), ()) for key in KEYS]


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("calm-fox-2222", "digits/calm-fox-2222"),
        ("calm-fox-2", "digits/calm-fox-2222"),
        ("digits/calm-fox-1111", "digits/calm-fox-1111"),
        ("text/c", "text/calm-fox-1111"),
        ("text/old/a/", "text/old/a"),
        ("a", "text/old/a"),
        ("ab", "t/ab"),
    ],
)
def test_an_id_a_unique_beginning_or_a_key_finds_its_run(wanted: str, key: str) -> None:
    assert str(find_run(wanted, FOLDERS).key) == key


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("nobody", "no run 'nobody'; `runsite runs` lists them"),
        (
            "calm-fox-1111",
            "'calm-fox-1111' means 2 runs (digits/calm-fox-1111, text/calm-fox-1111); write more of the id",
        ),
        ("", "means 0 runs"),
    ],
)
def test_none_or_several_are_one_line_with_the_candidates(wanted: str, said: str) -> None:
    with pytest.raises(RunNotFoundError) as refused:
        find_run(wanted, FOLDERS)

    if wanted:
        assert str(refused.value) == said
    else:
        assert len(refused.value.candidates) == len(FOLDERS)
