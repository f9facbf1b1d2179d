"""The part of SOQL that lists of records need, by its published grammar: one object, conditions, semi-joins, quoted and bare literals.

Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm and the pages on
conditions, quoted string escape sequences and date formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from unified_emulation.query_languages.records import QueryFault

Row = Mapping[str, Any]
Rows = Callable[[str], Iterable[Row]]
"""The records of an object, by its name."""

_TOKEN = re.compile(
    r"""\s*(?:
      '(?P<text>(?:[^'\\]|\\.)*)'
    | (?P<instant>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<operator>[<>!]=|[=<>(),])
    | (?P<word>[A-Za-z][\w.]*|-?\d+(?:\.\d+)?)
    )""",
    re.VERBOSE | re.DOTALL,
)
_UNDERSCORE, _PERCENT = chr(0xDC5F), chr(0xDC25)
"""Replace an escaped wildcard by characters that no text can contain, until it is known if it is part of a pattern."""
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\", "_": _UNDERSCORE, "%": _PERCENT}
STANDARD = "FIELDS(STANDARD)"
"""All default fields of the object, without those that an account has added."""
_RESERVED = {"and", "or", "not", "in", "like", "null", "from", "where", "order", "by", "select", "limit"}


@dataclass(frozen=True, slots=True)
class Query:
    """`columns` are names, and by the name of a relationship those of the related records."""

    columns: tuple[str, ...]
    related: Mapping[str, tuple[str, ...]]
    source: str
    order: str | None
    holds: Callable[[Row, Rows], bool]


@dataclass(slots=True)
class _Tokens:
    kinds: list[tuple[str, str]] = field(default_factory=list)

    def peek(self) -> str:
        return self.kinds[0][1].lower() if self.kinds and self.kinds[0][0] in ("word", "operator") else ""

    def take(self, *expected: str) -> str:
        if not self.kinds:
            raise QueryFault("MALFORMED_QUERY: unexpected end of the query")
        if expected and self.peek() not in expected:
            raise QueryFault(f"MALFORMED_QUERY: unexpected token: {self.kinds[0][1]!r}")
        return self.kinds.pop(0)[1]

    def name(self) -> str:
        if not self.kinds or self.kinds[0][0] != "word" or self.peek() in _RESERVED:
            raise QueryFault("MALFORMED_QUERY: a name was expected")
        return self.take()


def parse(text: str) -> Query:
    """Return the query.

    Raises:
        QueryFault: it is not SOQL, or not of the part known here.
    """
    tokens = _Tokens(_read(text))
    query = _select(tokens)
    if tokens.kinds:
        raise QueryFault(f"MALFORMED_QUERY: unexpected token: {tokens.kinds[0][1]!r}")
    return query


def _select(tokens: _Tokens) -> Query:
    tokens.take("select")
    columns: list[str] = []
    related: dict[str, tuple[str, ...]] = {}
    while True:
        if tokens.peek() == "(":
            tokens.take()
            inner = _select(tokens)
            tokens.take(")")
            related[inner.source] = inner.columns
        else:
            columns.append(tokens.name())
            if columns[-1].upper() == "FIELDS":  # a function over columns, of which one is known here
                tokens.take("(")
                if tokens.name().upper() != "STANDARD":
                    raise QueryFault("MALFORMED_QUERY: the other groups of fields need a LIMIT")
                tokens.take(")")
                columns[-1] = STANDARD
        if tokens.peek() != ",":
            break
        tokens.take()
    tokens.take("from")
    source = tokens.name()
    holds: Callable[[Row, Rows], bool] = lambda row, rows: True  # noqa: E731
    if tokens.peek() == "where":
        tokens.take()
        holds = _condition(tokens)
    order = None
    if tokens.peek() == "order":
        tokens.take()
        tokens.take("by")
        order = tokens.name()
    return Query(tuple(columns), related, source, order, holds)


def _condition(tokens: _Tokens) -> Callable[[Row, Rows], bool]:
    parts = [_term(tokens)]
    word = tokens.peek()
    while (joined := tokens.peek()) in ("and", "or"):
        if joined != word:  # SOQL rejects a mixture without parentheses
            raise QueryFault("MALFORMED_QUERY: AND and OR need parentheses between them")
        tokens.take()
        parts.append(_term(tokens))
    if word == "or":
        return lambda row, rows: any(part(row, rows) for part in parts)
    return lambda row, rows: all(part(row, rows) for part in parts)


def _term(tokens: _Tokens) -> Callable[[Row, Rows], bool]:
    if tokens.peek() == "(":
        tokens.take()
        inner = _condition(tokens)
        tokens.take(")")
        return inner
    name = tokens.name()
    operator = tokens.take("=", "!=", ">=", "<=", "<", ">", "like", "in").lower()
    if operator == "in":
        tokens.take("(")
        if tokens.peek() == "select":
            query = _select(tokens)
            tokens.take(")")
            column = query.columns[0]
            return lambda row, rows: row.get(name) in [one.get(column) for one in rows(query.source) if query.holds(one, rows)]
        wanted = [_literal(tokens)]
        while tokens.take(",", ")") == ",":
            wanted.append(_literal(tokens))
        return lambda row, rows: any(_same(row.get(name), value) for value in wanted)
    value = _literal(tokens)
    if operator == "like":
        if not isinstance(value, str):
            raise QueryFault("MALFORMED_QUERY: LIKE needs a text")
        pattern = _pattern(value)
        return lambda row, rows: pattern.fullmatch(str(row.get(name) or "")) is not None
    if isinstance(value, str):
        value = _unmarked(value)
    compare: dict[str, Callable[[Any], bool]] = {
        "=": lambda held: _same(held, value),
        "!=": lambda held: not _same(held, value),
        ">=": lambda held: held is not None and _comparable(held) >= value,
        "<=": lambda held: held is not None and _comparable(held) <= value,
        ">": lambda held: held is not None and _comparable(held) > value,
        "<": lambda held: held is not None and _comparable(held) < value,
    }
    test = compare[operator]
    return lambda row, rows: test(row.get(name))


def _literal(tokens: _Tokens) -> Any:
    if not tokens.kinds:
        raise QueryFault("MALFORMED_QUERY: unexpected end of the query")
    kind, text = tokens.kinds.pop(0)
    if kind == "text":
        return text
    if kind == "instant":
        return datetime.fromisoformat(text)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "word" and text.lower() in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text.lower()]
    if kind == "word" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    raise QueryFault(f"MALFORMED_QUERY: unexpected token: {text!r}")


def _same(held: Any, value: Any) -> bool:
    """Compare texts without regard to case (https://help.salesforce.com/s/articleView?id=000385616)."""
    if isinstance(held, str) and isinstance(value, str):
        return held.lower() == _unmarked(value).lower()
    if isinstance(value, date):
        return held is not None and bool(_comparable(held) == value)
    return bool(held == value) or (held == "" and value is None)


def _comparable(held: Any) -> Any:
    if not isinstance(held, str):
        return held
    return datetime.fromisoformat(held).astimezone(UTC) if "T" in held else date.fromisoformat(held)


def _unmarked(text: str) -> str:
    """Outside of LIKE a wildcard has no escape."""
    if {_UNDERSCORE, _PERCENT} & {*text}:
        raise QueryFault("MALFORMED_QUERY: illegal escape of a wildcard")
    return text


def _pattern(text: str) -> re.Pattern[str]:
    meant = {"%": ".*", "_": ".", _UNDERSCORE: "_", _PERCENT: "%"}
    return re.compile("".join(meant.get(each) or re.escape(each) for each in text), re.DOTALL | re.IGNORECASE)


def _read(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise QueryFault(f"MALFORMED_QUERY: cannot be read at character {at}: {text[at : at + 20]!r}")
        kind = found.lastgroup or ""
        value = found[kind]
        tokens.append((kind, re.sub(r"\\(.)", _escaped, value, flags=re.DOTALL) if kind == "text" else value))
        at = found.end()
    return tokens


def _escaped(found: re.Match[str]) -> str:
    if found[1] not in _ESCAPES:
        raise QueryFault(f"MALFORMED_QUERY: illegal escape \\{found[1]}")
    return _ESCAPES[found[1]]
