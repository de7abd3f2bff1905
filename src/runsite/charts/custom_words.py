"""Names such as `constructor` in a compiled chart, written so that Vega does not take them for something of its own.

Vega keeps what it knows of words and fields in plain objects of JavaScript, and finds `constructor` in each of them.
Its drawing then ends in "Operator not defined: undefined". So a text of an expression that is such a word is put
together of two, a title and the field of a mark become expressions, and any other field a path in brackets.
"""

import json
import re
from typing import Any

_TAKEN = frozenset(
    "if constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf __proto__"
    " __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__".split()
)
"""The properties that every object has, and the one that Vega gives its own."""
_TEXT = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_EXPRESSIONS = frozenset({"expr", "signal", "update", "test"})
_TITLES = frozenset({"title", "text"})
_NOT_OF_MARKS = frozenset({"data", "type", "op", "order"})
"""What the domain of a scale, a transform or an order has beside its field."""
_ROWS = "values"


def with_safe_words(node: Any, name: str = "") -> Any:
    """Write a part of a Vega spec, which stands under a name, without words that Vega would stumble over."""
    if isinstance(node, dict):
        if isinstance(node.get("field"), str) and node["field"] in _TAKEN and not _NOT_OF_MARKS & set(node):
            node = {key: value for key, value in node.items() if key != "field"} | {
                "signal": f"datum[{_halves(node['field'])}]"
            }
        return {key: value if key == _ROWS else with_safe_words(value, key) for key, value in node.items()}
    if isinstance(node, list):
        if name in _TITLES and any(line in _TAKEN for line in node if isinstance(line, str)):
            return {"signal": f"[{', '.join(map(_as_expression, node))}]"}
        return [with_safe_words(item, name) for item in node]
    return _safe_text(node, name) if isinstance(node, str) else node


def _safe_text(text: str, name: str) -> Any:
    if name in _EXPRESSIONS:
        return _TEXT.sub(lambda found: f"({_halves(found[0][1:-1])})" if found[0][1:-1] in _TAKEN else found[0], text)
    if name in _TITLES and text in _TAKEN:
        return {"signal": _as_expression(text)}
    return f"['{text}']" if name == "field" and text in _TAKEN else text


def _as_expression(text: str) -> str:
    return _halves(text) if text in _TAKEN else json.dumps(text)


def _halves(word: str) -> str:
    return f"{json.dumps(word[:1])} + {json.dumps(word[1:])}"
