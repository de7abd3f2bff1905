"""How a run filter is read, from text to tree; `static/filter_grammar.js` is its twin.

The policy, held together by tests/twins/filter.json, which both test suites run; docs/filter.md tells it to users.

    filter     = [ either ]                             either  = both { "or" both }
    both       = negation { "and" negation }            negation = "not" negation | condition
    condition  = "(" either ")" | path comparison | word { word }
    comparison = operator value | ["not"] "in" "(" value { "," value } ")" | ["not"] ("like" | "ilike") value
               | "is" ["not"] "null"

MLflow's grammar of `search_runs` is a part of it. What a path means is not decided here but by filter_names, since it
depends on the columns there are. Where we are stricter than SQL, it is to point at a likely slip: a column to the right
of an operator, `= null`, a date that is none. Places count UTF-16 code units: a browser selects text by them, and no
third way to count is needed.
"""

from dataclasses import dataclass, field
from typing import NoReturn

from runsite.errors import FilterError
from runsite.tables.filter_pattern import PatternError, compile_regex
from runsite.tables.filter_tokens import Part, Token, count_units, fail_at, read_tokens, shown
from runsite.tables.filter_values import (
    DURATION_UNITS,
    is_clock,
    is_date,
    read_duration,
    read_moment,
    read_number,
)

# A list of 200 run ids of 40 characters; what is longer came from a mistake.
MAX_LENGTH = 10_000
# Far from the recursion limit of 1,000: a level takes five calls here.
MAX_DEPTH = 100
PREFIXES = {
    **dict.fromkeys(("params", "param", "parameters", "parameter"), "params"),
    **dict.fromkeys(("metrics", "metric"), "metrics"),
    **dict.fromkeys(("tags", "tag"), "tags"),
    **dict.fromkeys(("attributes", "attribute", "attr", "run"), "attributes"),
    **dict.fromkeys(("datasets", "dataset"), "datasets"),
}
"""How MLflow lets the first part of a path be written."""
TIME_NAMES = frozenset({"started", "ended", "start_time", "end_time", "created", "Created"})
_NEVER_WORDS = frozenset(prefix for prefix in PREFIXES if prefix not in ("run", "attr"))
_OPERATORS = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_OPERATORS |= {"~": "~", "=~": "~", "!~": "!~"}


@dataclass(frozen=True, slots=True)
class Path:
    """A column as the filter names it."""

    parts: tuple[Part, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The path without its quotes."""
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Value:
    """What a column is compared with."""

    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column, an operator in its plainest spelling, and one value, a list of them, or none."""

    path: Path
    operator: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Words that a run's name or id holds, all of them."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: "Node"


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Node", ...]


Node = Comparison | Words | Not | And | Or


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read."""

    text: str
    root: Node | None
    """None lets every run through."""
    paths: tuple[Path, ...]
    """In the order of the text."""
    has_words: bool


def parse_filter(text: str) -> Filter:
    """Read a filter; what cannot be read raises a FilterError that points at it."""
    parser = _Parser(text)
    root = parser.read()
    return Filter(text, root, tuple(parser.paths), parser.has_words)


def read_path(text: str) -> Path | None:
    """Read a text that is one path and nothing else."""
    try:
        tokens = list(read_tokens(text))
    except FilterError:
        return None
    if len(tokens) != 2 or tokens[0].kind not in ("word", "name") or tokens[0].keyword:
        return None
    return Path(tokens[0].parts, 0, count_units(text, len(text)))


def _is_prefixed(token: Token) -> bool:
    return len(token.parts) > 1 and token.parts[0].text in _NEVER_WORDS


class _Parser:
    """One reading of one text: a place that moves on."""

    def __init__(self, text: str) -> None:
        length = count_units(text, len(text))
        if length > MAX_LENGTH:
            problem = f"a filter has at most {MAX_LENGTH} characters, this one has {length}; shorten it"
            raise FilterError(text, MAX_LENGTH, length, problem)
        self.text = text
        self.tokens = list(read_tokens(text))
        self.place = 0
        self.depth = 0
        self.paths: list[Path] = []
        self.has_words = False
        self.after_bare_value = -1

    def read(self) -> Node | None:
        if self.token.kind == "end":
            return None
        root = self.either()
        if self.token.kind == ")":
            self.fail(self.token, "this ) closes nothing; remove it")
        if self.token.kind != "end":
            self.fail(self.token, f'expected "and" or "or" before {self.source(self.token)}{self.quotes_hint()}')
        return root

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def takes_keyword(self, keyword: str) -> bool:
        if self.token.keyword != keyword:
            return False
        self.place += 1
        return True

    def source(self, token: Token) -> str:
        return shown(self.text[token.start : token.end])

    def fail(self, token: Token, problem: str) -> NoReturn:
        fail_at(self.text, token.start, token.end, problem)

    def expected(self, what: str) -> NoReturn:
        """Fail at what stands here: it is not what should follow what stands before."""
        before = self.tokens[self.place - 1]
        after = f" after {'the comma' if before.kind == ',' else self.source(before)}" if self.place else ""
        found = "but the filter ends" if self.token.kind == "end" else f"found {self.source(self.token)}"
        self.fail(self.token, f"expected {what}{after}, {found}")

    def either(self) -> Node:
        items = [self.both()]
        while self.takes_keyword("or"):
            items.append(self.both())
        return items[0] if len(items) == 1 else Or(tuple(items))

    def both(self) -> Node:
        items = [self.negation()]
        while self.takes_keyword("and"):
            items.append(self.negation())
        return items[0] if len(items) == 1 else And(tuple(items))

    def negation(self) -> Node:
        if self.token.keyword != "not":
            return self.condition()
        self.deeper(self.take())
        item = self.negation()
        self.depth -= 1
        return Not(item)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(token, f"conditions are nested more than {MAX_DEPTH} deep; simplify the filter")

    def condition(self) -> Node:
        if self.token.kind == "(":
            return self.group()
        if self.token.kind not in ("word", "text", "name") or self.token.keyword:
            self.expected("a condition")
        operand = self.take()
        operator = self.operator()
        if operator:
            return self.comparison(operand, operator)
        self.refuse_path(operand)
        return self.words(operand)

    def refuse_path(self, operand: Token) -> None:
        """Fail after what can only be the beginning of a comparison."""
        if operand.kind == "name" or _is_prefixed(operand):
            self.expected("an operator such as =")

    def group(self) -> Node:
        opening = self.take()
        self.deeper(opening)
        inner = self.either()
        if self.token.kind == "end":
            self.fail(opening, "the ( opened here is never closed; add )")
        if self.token.kind != ")":
            where = f"the ( was opened at character {count_units(self.text, opening.start) + 1}"
            found = self.source(self.token)
            self.fail(self.token, f'expected "and", "or" or ")" before {found}{self.quotes_hint()}; {where}')
        self.place += 1
        self.depth -= 1
        return inner

    def quotes_hint(self) -> str:
        is_word = self.token.kind == "word" and not self.token.keyword and not self.operator_follows()
        is_text = is_word and self.after_bare_value == self.place
        return "; a text of several words is written in quotes" if is_text else ""

    def words(self, first: Token) -> Words:
        texts = [first.text]
        while self.token.kind in ("word", "text") and not self.token.keyword and not self.operator_follows():
            following = self.take()
            self.refuse_path(following)
            texts.append(following.text)
        self.has_words = True
        return Words(tuple(texts))

    def operator_follows(self) -> bool:
        following = self.tokens[self.place + 1]
        return following.kind == "sign" or following.keyword in ("in", "like", "ilike", "is")

    def operator(self) -> str:
        """Take the operator that stands here, if any."""
        token = self.token
        if token.kind == "sign":
            if token.text not in _OPERATORS:
                known = "= != < <= > >= ~ !~"
                self.fail(token, f"{self.source(token)} is not an operator; expected one of {known}")
            self.place += 1
            return _OPERATORS[token.text]
        if token.keyword in ("in", "like", "ilike"):
            return self.take().keyword
        following = self.tokens[self.place + 1].keyword if token.keyword == "not" else ""
        if following in ("in", "like", "ilike"):
            self.place += 2
            return f"not {following}"
        return self.null_operator() if self.takes_keyword("is") else ""

    def null_operator(self) -> str:
        operator = "is not null" if self.takes_keyword("not") else "is null"
        if self.token.kind != "word" or self.token.text.lower() != "null":
            self.expected("null" if "not" in operator else "null or not null")
        self.place += 1
        return operator

    def comparison(self, operand: Token, operator: str) -> Comparison:
        if operand.kind == "text" and not operand.parts:
            self.fail(operand, "expected a column before the operator, found a text; names are quoted with backticks")
        path = Path(operand.parts, count_units(self.text, operand.start), count_units(self.text, operand.end))
        self.paths.append(path)
        if operator.startswith("is"):
            return Comparison(path, operator)
        if operator.endswith("in"):
            return Comparison(path, operator, self.list_of_values(path))
        return Comparison(path, operator, (self.value(path, operator),))

    def list_of_values(self, path: Path) -> tuple[Value, ...]:
        if self.token.kind != "(":
            self.expected("a list such as ('a', 'b')")
        opening = self.take()
        values = [self.value(path, "in")]
        while self.token.kind == ",":
            self.place += 1
            values.append(self.value(path, "in"))
        if self.token.kind == "end":
            self.fail(opening, "the ( opened here is never closed; add )")
        if self.token.kind != ")":
            self.expected("a comma or )")
        self.place += 1
        return tuple(values)

    def value(self, path: Path, operator: str) -> Value:
        token = self.token
        if token.kind not in ("word", "text") or token.keyword:
            self.expected("a value")
        if token.kind == "word" and token.text.lower() == "null":
            self.fail(token, "a comparison with null is never true; write is null, or 'null' for the text")
        if token.kind == "word" and _is_prefixed(token):
            self.fail(token, "expected a value, found a column; a text is written in quotes")
        self.place += 1
        text = token.text + self.continued(token)
        self.check(path, operator, text, token)
        self.after_bare_value = self.place if token.kind == "word" else -1
        return Value(text, is_quoted=token.kind == "text")

    def continued(self, token: Token) -> str:
        """Take the second word of a value such as `30 min`, if there is one."""
        following = self.token
        if token.kind != "word" or following.kind != "word":
            return ""
        is_duration = read_number(token.text) is not None and following.text.lower() in DURATION_UNITS
        if is_duration or (is_date(token.text) and is_clock(following.text)):
            return f" {self.take().text}"
        return ""

    def check(self, path: Path, operator: str, text: str, token: Token) -> None:
        if operator in ("~", "!~"):
            try:
                compile_regex(text)
            except PatternError as error:
                self.fail(token, f"this regular expression cannot be read: {error}")
        elif "like" not in operator and len(path.parts) == 1:
            name = path.text
            if name in TIME_NAMES and read_moment(text) is None:
                self.fail(token, f"expected a date such as 2026-01-31, found {self.source(token)}")
            if name == "duration" and read_duration(text) is None:
                self.fail(token, f"expected a duration such as 90s, 30 min or 1.5d, found {self.source(token)}")
