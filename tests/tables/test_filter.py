"""The run filter, by the cases that the browser's twin runs too, and by properties of seeded random filters."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from runsite.errors import FilterError
from runsite.tables.filter_grammar import And, Comparison, Node, Not, Or, Value, Words, parse_filter
from runsite.tables.filter_grammar import Path as ColumnPath
from runsite.tables.filter_names import RUN_FIELDS, named_columns, quote_name, resolve_names
from runsite.tables.filter_rows import filter_rows
from runsite.tables.filter_tokens import KEYWORDS, Part
from runsite.tables.filter_values import number_text
from runsite.tables.model import Column

TESTS = Path(__file__).resolve().parent.parent
TWIN = json.loads((TESTS / "twins" / "filter.json").read_text(encoding="utf-8"))
PAGE = (TESTS.parent / "docs" / "filter.md").read_text(encoding="utf-8")
COLUMNS = {id: Column(id, id, "run", column["kind"], tuple(column["values"])) for id, column in TWIN["columns"].items()}
ROW_COUNT: int = TWIN["row_count"]
ODD_NAMES = (
    *('a.b[0] "x" \\ `y` </script>', "", " ", ".", "a.", "`", "``", '"', "and", "null", "日本/テスト", "😀", "a\nb"),
    "best",
)
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "like", "not like", "ilike", "not ilike", "~", "!~")
OPERATORS = (*COMPARISONS, "in", "not in", "is null", "is not null")
PIECES = (
    *(
        "(",
        ")",
        ",",
        "'",
        '"',
        "`",
        "=",
        "!=",
        "~",
        "<",
        " ",
        " ",
        "and ",
        "or ",
        "not ",
        "in ",
        "is ",
        "null",
        "like ",
    ),
    *("lr", "metrics.", "params.`a`", "'x'", "1e-3", "2026-01-01", "😀", "\ud83d", "\u2028", "\\", "[", "*", "%", "&"),
    *("duration", "started", "nan", "\n", "\0", "9" * 400, "9007199254740993", "30 min", ".", "0", "\u212a", "İ"),
)
PATTERN_PIECES = (
    *"()[]{}*+?.^$|\\-,:=!abzAZ09_/ dDwWsSbBtnrfv&~😀é",
    *("(?:", "(?!", "(?i)", "{2}", "{1,3}", "\\d", "[^", "a-z"),
)


@pytest.mark.parametrize("case", TWIN["cases"], ids=[case["filter"][:60] for case in TWIN["cases"]])
def test_rows_that_a_filter_lets_through(case: dict[str, Any]) -> None:
    assert filter_rows(parse_filter(case["filter"]), COLUMNS, ROW_COUNT) == case["rows"]


@pytest.mark.parametrize("case", TWIN["errors"], ids=[case["filter"][:60] for case in TWIN["errors"]])
def test_error_says_where_and_what(case: dict[str, Any]) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(case["filter"])

    error = caught.value
    assert (error.start, error.end, error.problem) == (case["start"], case["end"], case["problem"])
    assert str(error) == f"filter, at character {case['start'] + 1}: {case['problem']}"
    assert error.text == case["filter"]


@pytest.mark.parametrize("case", TWIN["unknown"], ids=[case["filter"] for case in TWIN["unknown"]])
def test_unknown_names_come_with_the_nearest(case: dict[str, Any]) -> None:
    found = resolve_names(parse_filter(case["filter"]), COLUMNS)

    assert [[name.name, name.start, name.end, name.nearest] for name in found] == case["names"]


def test_twin_table_is_large_enough() -> None:
    assert len(TWIN["cases"]) >= 120
    assert len(TWIN["errors"]) >= 30
    assert sum(case.get("mlflow", False) for case in TWIN["cases"]) >= 30


def test_examples_of_the_page_can_be_read() -> None:
    examples = [line.strip() for line in PAGE.partition("## Words")[0].splitlines() if line.startswith("    ")]

    assert len(examples) == 4
    assert all(parse_filter(example).root for example in examples)


def test_errors_of_the_page_are_ours() -> None:
    shown = [line.strip() for line in PAGE.splitlines() if line.startswith("    filter, at character")]

    assert len(shown) == 3
    assert set(shown) <= {f"filter, at character {case['start'] + 1}: {case['problem']}" for case in TWIN["errors"]}


def test_plain_words_read_name_and_id() -> None:
    named = named_columns(parse_filter("brave and lr > 1 and nope = 2"), COLUMNS)

    assert named == {"name", "id", "params.lr"}


def test_every_column_can_be_named() -> None:
    metric_ids = [f"metrics.{name}.{end}" for name in ODD_NAMES for end in ("best", "last", "at best of a.`b`")]
    ids = [*RUN_FIELDS, *metric_ids, *(f"{prefix}.{name}" for prefix in ("params", "tags") for name in ODD_NAMES)]

    for id in [*ids, *COLUMNS]:
        filter = parse_filter(f"not ({quote_name(id)} in (1))and({quote_name(id)}='1')")
        assert named_columns(filter, {*ids, *COLUMNS}) == {id}


def test_every_random_name_can_be_named_among_its_likes() -> None:
    chance = random.Random(4)
    pieces = (
        "a",
        "b",
        ".",
        "best",
        "last",
        "at best of ",
        "`",
        '"',
        "'",
        " ",
        "\\",
        "[0]",
        "é",
        "😀",
        "params.",
        "and",
    )
    for _ in range(1000):
        name = "".join(chance.choices(pieces, k=chance.randint(0, 6)))
        ids = [f"metrics.{name}.{end}" for end in ("last", "best", "best.last", "best.best", "at best of b")]
        ids += [f"params.{name}", f"tags.{name}"]
        for id in ids:
            assert named_columns(parse_filter(f"{quote_name(id)} = 1"), ids) == {id}


def test_random_tree_is_read_back_from_its_text() -> None:
    chance = random.Random(5)
    for _ in range(1500):
        tree = _random_tree(chance, depth=4)
        assert parse_filter(_written(tree, chance)).root == tree


def test_random_garbage_raises_a_filter_error_or_nothing() -> None:
    chance = random.Random(6)
    for _ in range(5000):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 12)))
        error = _error_of(text)
        if error:
            assert 0 <= error.start <= error.end <= len(text) + sum(char > "\uffff" for char in text)
            assert str(error).splitlines() == [str(error)]


def test_random_patterns_are_refused_or_compile() -> None:
    chance = random.Random(7)
    for _ in range(4000):
        pattern = "".join(chance.choices(PATTERN_PIECES, k=chance.randint(1, 8)))
        error = _error_of(f"name ~ '{pattern}'")
        assert error is None or error.problem.startswith("this regular expression cannot be read: ")


def test_deepest_filter_that_is_allowed_can_be_read_and_run() -> None:
    filter = parse_filter("not (" * 50 + "brave" + ")" * 50)

    assert filter_rows(filter, COLUMNS, ROW_COUNT) == [0, 5]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((1, "1"), (1.0, "1"), (-0.0, "0"), (0.1, "0.1"), (1e-5, "0.00001"), (1e-6, "0.000001"), (1e-7, "1e-7")),
        *((1.5e-7, "1.5e-7"), (-2.5e-9, "-2.5e-9"), (1e20, "100000000000000000000"), (1e21, "1e+21")),
    ],
)
def test_numbers_are_matched_as_javascript_writes_them(number: float, text: str) -> None:
    assert number_text(number) == text


def _error_of(text: str) -> FilterError | None:
    try:
        rows = filter_rows(parse_filter(text), COLUMNS, ROW_COUNT)
    except FilterError as error:
        return error
    assert rows == sorted(set(rows))
    return None


def _random_tree(chance: random.Random, *, depth: int) -> Node:
    kind = chance.choice(("and", "or", "not", "words", "comparison", "comparison")) if depth else "comparison"
    if kind == "not":
        return Not(_random_tree(chance, depth=depth - 1))
    if kind == "words":
        return Words(tuple(chance.choices(("otter", "it's", "a b", *ODD_NAMES[1:]), k=chance.randint(1, 3))))
    if kind == "comparison":
        return _random_comparison(chance)
    # A chain of `and` within `and` is one chain to the reader, so it is none here either.
    unlike = Or if kind == "and" else And
    items = [_random_tree(chance, depth=depth - 1) for _ in range(chance.randint(2, 3))]
    items = [item if not isinstance(item, And | Or) or isinstance(item, unlike) else Not(item) for item in items]
    return And(tuple(items)) if kind == "and" else Or(tuple(items))


def _random_comparison(chance: random.Random) -> Comparison:
    operator = chance.choice(OPERATORS)
    prefix = Part(chance.choice(("params", "metrics", "tags")))
    rest = [Part(chance.choice(ODD_NAMES), is_quoted=True) for _ in range(chance.randint(1, 2))]
    count = 0 if "null" in operator else chance.randint(1, 3) if operator.endswith("in") else 1
    texts = ("otter", "x", "-1e-3", "日本") if "~" in operator else ("otter", "it's", 'a "b"', "-1e-3", "", *ODD_NAMES)
    values = [Value(text, _needs_quotes(text) or chance.random() < 0.5) for text in chance.choices(texts, k=count)]
    return Comparison(ColumnPath((prefix, *rest)), operator, tuple(values))


def _needs_quotes(text: str) -> bool:
    return not text or text in KEYWORDS or text == "null" or any(char in " \n'\"`<>\\" for char in text)


def _written(node: Node, chance: random.Random) -> str:
    """Write a tree as filter text, with spaces and cases that mean nothing."""
    match node:
        case And(items) | Or(items):
            word = chance.choice(("and", "AND") if isinstance(node, And) else ("or", "Or"))
            # And binds tighter than or; a negation or a condition needs no bracket of its own.
            written = [_bracketed(item, chance) for item in items]
            return f" {word}\n".join(written)
        case Not(item):
            inner = _written(item, chance)
            return f"not ({inner})" if isinstance(item, And | Or) or chance.random() < 0.3 else f"NOT {inner}"
        case Words(texts):
            return " ".join(_quoted(text, chance.choice("'\"")) for text in texts)
        case Comparison(path, operator, values):
            parts = [_quoted(part.text, chance.choice('`"')) if part.is_quoted else part.text for part in path.parts]
            shown = [_quoted(value.text, chance.choice("'\"")) if value.is_quoted else value.text for value in values]
            compared = f"({' , '.join(shown)})" if operator.endswith("in") else "".join(shown)
            return f"{'.'.join(parts)} {chance.choice((operator, operator.upper()))} {compared}"


def _bracketed(node: Node, chance: random.Random) -> str:
    written = _written(node, chance)
    return f"({written})" if isinstance(node, And | Or) else written


def _quoted(text: str, quote: str) -> str:
    return f"{quote}{text.replace(quote, quote * 2)}{quote}"
