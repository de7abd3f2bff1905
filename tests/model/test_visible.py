"""What people read of a log or a file name says where it is odd, instead of steering the page or the terminal."""

import pytest

from runsite.model import Problem
from runsite.model.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain/run.jsonl", "plain/run.jsonl"),
        ("损失 é e\u0301 🦊", "损失 é e\u0301 🦊"),
        ("\u202egpj.exe\u2066", "\\u202egpj.exe\\u2066"),
        ("\x1b[2J\n\x85", "\\x1b[2J\\n\\x85"),
        ("a\u2028b\u061cc", "a\\u2028b\\u061cc"),
        ("\udcff", "\\udcff"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_problem_is_told_in_one_line_that_steers_nothing() -> None:
    assert Problem("e/\u202ea/run.jsonl", 3, "not JSON: \x1b[2J").text == "e/\\u202ea/run.jsonl:3: not JSON: \\x1b[2J"
    assert Problem("charts/a.py", 0, "not a file").text == "charts/a.py: not a file"
