"""How much an expression of a custom chart may make: lists, texts and searches, as far as its text alone can tell.

An expression of Vega has no loops, so what freezes a page is a call that makes something huge, or a regular expression
that tries the same text in ever more ways. Calls of the first kind must have literal numbers, so that they can be
judged here; the pattern of a search must be literal and plain. A list that is only as long as the data is not judged.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from runsite.charts.custom_expressions import Token, expression_tokens, unquoted

MAX_LISTED = 1_000
"""Items of `sequence(...)` in an expression: it may be made for each of a thousand rows."""
MAX_PADDED = 1_000
"""Characters that `pad` fills up to: more than a line of any chart."""
MAX_REPETITIONS = 4
"""`*`, `+`, `?` and `{...}` of a regular expression: each may multiply the time by the length of the text."""
WIDE_FORMAT = f"a number format fills up to fewer than {MAX_PADDED:,} characters"
_UNBOUNDED = frozenset({"timeSequence", "utcSequence"})
_PATTERN_PART = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|<\w+>)|[*+?]\??|\{\d+,?\d*\}\??|.", re.DOTALL)
"""An escape, a class of characters, the beginning of a group, a repetition, or a character."""


def expression_excess(expression: str) -> str:
    """Say what an expression has too much of; empty where it is within bounds."""
    return next(_problems(expression_tokens(expression)), "")


def _problems(tokens: Sequence[Token]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if token == Token("sign", "\\"):
            yield "names in expressions are written without a backslash"
        elif token.kind == "regex":
            yield from _pattern_problems(token.text[1 : token.text.rindex("/")])
        elif token.kind == "name" and token.text in _JUDGED and not _is_after_dot(tokens, place):
            yield from _call_problems(token.text, tokens[place + 1 :])


def _is_after_dot(tokens: Sequence[Token], place: int) -> bool:
    return place > 0 and tokens[place - 1] == Token("sign", ".")


def _call_problems(name: str, after: Sequence[Token]) -> Iterator[str]:
    """Judge a call; a bracket closed behind the name may hide one: `(sequence)(0, 9)`."""
    if after[:1] == [Token("sign", ")")]:
        yield f"{name} must be called by its plain name: {name}(...)"
    elif after[:1] == [Token("sign", "(")]:
        yield from _JUDGED[name](_arguments(after[1:]))


def _arguments(tokens: Sequence[Token]) -> list[list[Token]]:
    """Part what stands in a call's brackets at its commas."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        sign = token.text if token.kind == "sign" else ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if depth < 0:
            break
        if sign == "," and not depth:
            arguments.append([])
        else:
            arguments[-1].append(token)
    return arguments


def _number(argument: Sequence[Token]) -> float | None:
    """Read a literal number, which may have a sign; None for anything else."""
    *signs, last = argument or [Token("sign", "")]
    if last.kind != "number" or signs not in ([], [Token("sign", "-")], [Token("sign", "+")]):
        return None
    try:
        size = float(last.text)
    except ValueError:
        return None
    return -size if signs == [Token("sign", "-")] else size


def _sequence_problems(arguments: list[list[Token]]) -> Iterator[str]:
    numbers = [number for number in map(_number, arguments) if number is not None]
    if len(numbers) < len(arguments):
        yield "sequence in an expression takes plain numbers only: sequence(0, 10, 2)"
        return
    start, stop = (0.0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    if not is_within(start, stop, numbers[2] if len(numbers) > 2 else 1.0, most=MAX_LISTED):
        yield f"sequence in an expression makes at most {MAX_LISTED:,} items"


def is_within(start: float, stop: float, step: float, *, most: int) -> bool:
    """Tell whether a sequence has at most so many items; one whose step is 0 never ends."""
    return step != 0 and (stop - start) / step <= most


def _pad_problems(arguments: list[list[Token]]) -> Iterator[str]:
    length = _number(arguments[1]) if len(arguments) > 1 else None
    if length is None or not length <= MAX_PADDED:
        yield f"pad takes a plain number of at most {MAX_PADDED:,} characters"


def _search_problems(arguments: list[list[Token]]) -> Iterator[str]:
    pattern = arguments[0]
    if [token.kind for token in pattern] == ["text"]:
        yield from _pattern_problems(unquoted(pattern[0]))
    elif [token.kind for token in pattern] != ["regex"] and not _is_made_by_regexp(pattern):
        yield "the pattern of test and regexp must stand there itself: test(/^a/, datum.name)"


def _is_made_by_regexp(pattern: Sequence[Token]) -> bool:
    return pattern[:2] == [Token("name", "regexp"), Token("sign", "(")] and pattern[-1:] == [Token("sign", ")")]


def _format_problems(arguments: list[list[Token]]) -> Iterator[str]:
    for token in arguments[1] if len(arguments) > 1 else ():
        if token.kind == "text" and is_wide_format(unquoted(token)):
            yield WIDE_FORMAT


def is_wide_format(text: str) -> bool:
    """Tell whether a number format (`>12,.3f`) asks for a width of four digits; formats of times have no width."""
    return not re.search(r"%[^\W\d]", text) and re.search(r"(?<![.\d])0*[1-9]\d{3,}", text) is not None


def _unbounded_problems(_: list[list[Token]]) -> Iterator[str]:
    yield "timeSequence and utcSequence are refused: they may make any number of items; write the moments out"


_JUDGED: Mapping[str, Callable[[list[list[Token]]], Iterator[str]]] = {
    "sequence": _sequence_problems,
    "pad": _pad_problems,
    "test": _search_problems,
    "regexp": _search_problems,
    "format": _format_problems,
    **dict.fromkeys(_UNBOUNDED, _unbounded_problems),
}


def _pattern_problems(pattern: str) -> Iterator[str]:
    parts = _PATTERN_PART.findall(pattern)
    if sum(map(_is_repetition, parts)) > MAX_REPETITIONS:
        yield f"a regular expression of a chart has at most {MAX_REPETITIONS} repetitions"
    open_groups: list[bool] = []
    for part, then in zip(parts, [*parts[1:], ""], strict=True):
        if part.startswith("("):
            open_groups.append(False)
        elif part == ")" and open_groups:
            is_ambiguous = open_groups.pop()
            if is_ambiguous and _is_repetition(then):
                yield "a regular expression repeats no group that has a repetition or a choice in it, such as (a+)+"
            open_groups[-1:] = [is_ambiguous or open_groups[-1]] if open_groups else []
        elif open_groups and (part == "|" or _is_repetition(part)):
            open_groups[-1] = True


def _is_repetition(part: str) -> bool:
    return part[:1] in ("*", "+", "?", "{") and part != "{"
