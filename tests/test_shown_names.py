"""Names with bytes that are not UTF-8, as people read them."""

import pytest

from runsite.shown_names import quoted, shown_name, shown_text


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("é/a b", "é/a b", "é/a b"),
        ("a\udcffb\udc80", "a\\xffb\\x80", "a\\xffb\\x80"),
        ("a\tb\x85", "a\tb\x85", "a\\x09b\\x85"),
        ("\ud800", "\\ud800", "\\ud800"),
        ("a\\b", "a\\b", "a\\b"),
    ],
)
def test_what_cannot_be_written_or_seen_becomes_digits(name: str, text: str, shown: str) -> None:
    assert (shown_text(name), shown_name(name)) == (text, shown)


def test_a_name_in_a_message_stands_in_quotation_marks_as_it_is_shown() -> None:
    assert quoted("a\udcff\\b") == "'a\\xff\\b'"
    assert quoted("it's") == '"it\'s"'
