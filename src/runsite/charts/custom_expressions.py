"""Which fields the Vega expressions of a custom chart read: `datum.params.lr`, `datum['status']`.

No parser of Vega's expression language comes with Altair or vl-convert for Python, and a path needs none: it is a run
of tokens, `datum` and then names after dots and texts in brackets. A path ends where a step is reckoned:
`datum[name]`. Strings and regular expressions are tokens of their own, so what stands in them is no path.

Only expressions whose `datum` is a row of the data are read. In an axis, a legend or a header it is a tick or a label;
a parameter has none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<name>[^\W\d][\w$]*|\$[\w$]*)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\w*)
      | (?P<sign>[=!]==?|<=|>=|&&|\|\||.)
    )""",
    re.DOTALL | re.VERBOSE,
)
_REGEX = re.compile(r"\s*/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/\w*")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_ASKING = frozenset({"isDefined", "isFinite", "isNaN", "isNumber", "isString", "isValid"})
_NOTHING = frozenset({"null", "undefined"})
_EQUALS = frozenset({"==", "===", "!=", "!=="})
_TRUTH = frozenset({"&&", "||", "?"})
_NOT_OF_ROWS = frozenset(
    {"axis", "legend", "header", "title", "scale", "params", "config", "usermeta", "data", "datasets", "values"}
)
_IN_TRANSFORMS = frozenset({"filter", "calculate"})


@dataclass(frozen=True, slots=True)
class DatumPath:
    """One field that expressions read."""

    steps: tuple[str, ...]
    is_in_transform: bool
    """It is read from the rows as they come, not as an encoding has summed them up."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of an expression: a text, a name, a number, a sign or a regex, as it is written."""

    kind: str
    text: str


def datum_paths(spec: Mapping[str, Any]) -> list[DatumPath]:
    """List the fields that a spec's expressions read, each once, but for those that one of them asks for.

    `isValid(datum.params.lr)` and `datum.params.lr == null` ask: who writes that knows that it may be missing.
    """
    found = [(path, *each) for expression, path in _expressions(spec) for each in _paths(expression_tokens(expression))]
    asked = {steps for _, steps, is_asked in found if is_asked}
    read = (DatumPath(steps, is_in_transform) for is_in_transform, steps, _ in found if steps not in asked)
    return list(dict.fromkeys(read))


def _expressions(spec: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield each expression over rows, and whether it stands in a transform."""
    ahead: list[Any] = [spec]
    while ahead:
        found = ahead.pop()
        if isinstance(found, list):
            ahead += reversed(found)
        for key, value in found.items() if isinstance(found, dict) else ():
            if key in _IN_TRANSFORMS or key == "test":
                yield from ((text, key in _IN_TRANSFORMS) for text in _conditions(value))
            elif key == "expr" and isinstance(value, str):
                yield value, False
            elif key not in _NOT_OF_ROWS:
                ahead.append(value)


def _conditions(node: Any) -> Iterator[str]:
    """Yield the expressions of a condition, which may be joined by `and`, `or` and `not`."""
    ahead = [node]
    while ahead:
        found = ahead.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, list):
            ahead += reversed(found)
        elif isinstance(found, dict):
            ahead += (found[joint] for joint in ("and", "or", "not") if joint in found)


def expression_tokens(expression: str) -> list[Token]:
    """Part an expression into its tokens."""
    tokens: list[Token] = []
    place, end = 0, len(expression.rstrip())
    while place < end:
        regex = None if tokens and _ends_operand(tokens[-1]) else _REGEX.match(expression, place)
        if regex:
            tokens.append(Token("regex", regex[0]))
            place = regex.end()
            continue
        found = _TOKEN.match(expression, place)
        assert found is not None, "the last choice takes any character"
        kind = found.lastgroup or "sign"
        tokens.append(Token(kind, found[kind]))
        place = found.end()
    return tokens


def _ends_operand(token: Token) -> bool:
    """Tell whether a `/` after it divides."""
    return token.kind != "sign" or token.text in ")]}"


def _paths(tokens: Sequence[Token]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield each path after `datum`, and whether the expression asks if there is such a thing."""
    texts = [token.text if token.kind in ("name", "sign") else "" for token in tokens]
    for place, token in enumerate(tokens):
        if token != Token("name", "datum") or (place and texts[place - 1] == "."):
            continue
        steps, after = _steps(tokens, place + 1)
        if steps:
            yield tuple(steps), _is_asked(texts, place, after)


def _steps(tokens: Sequence[Token], place: int) -> tuple[list[str], int]:
    """Read steps from a place on; return them and the place after them."""
    steps = []
    while place < len(tokens):
        ahead = tokens[place : place + 3]
        if [token.kind for token in ahead[:2]] == ["sign", "name"] and ahead[0].text == ".":
            steps.append(ahead[1].text)
            place += 2
        elif [token.kind for token in ahead[:1]] == ["sign"] and ahead[0].text == "[" and _is_closed(ahead):
            steps.append(unquoted(ahead[1]))
            place += 3
        else:
            break
    return steps, place


def _is_closed(ahead: Sequence[Token]) -> bool:
    return len(ahead) == 3 and ahead[1].kind in ("text", "number") and ahead[2].text == "]"


def unquoted(token: Token) -> str:
    """Read what a text stands for; a number stands for itself."""
    if token.kind == "number":
        return token.text
    return _ESCAPE.sub(_unescaped, token.text[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])


def _is_asked(texts: Sequence[str], place: int, after: int) -> bool:
    before, then = texts[max(0, place - 2) : place], texts[after : after + 2]
    if before[-1:] == ["!"] or (before[-1:] == ["("] and before[:1] and before[0] in _ASKING):
        return True
    if then[:1] and then[0] in _TRUTH:
        return True
    return _is_nothing(then) or _is_nothing(before[::-1])


def _is_nothing(beside: Sequence[str]) -> bool:
    return len(beside) == 2 and beside[0] in _EQUALS and beside[1] in _NOTHING
