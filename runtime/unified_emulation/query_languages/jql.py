"""The part of JQL that lists of issues need, read by its published grammar: clauses joined by AND, quoted and bare values.

Source: https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from unified_emulation.query_languages.records import QueryFault, Read, Record, UnknownName, contains, has_value

_TOKEN = re.compile(
    r"""\s*(?:
      "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)'
    | (?P<operator>!=|>=|<=|!~|[=~<>(),])
    | (?P<word>[^\s"'=!~<>(),]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_RESERVED = {"and", "or", "not", "in", "is", "empty", "null", "order", "by"}
_DIRECTIONS = {"asc", "desc"}
_DESCENDING = {"created", "updated", "priority"}
"""Fields that are sorted in descending order if a query states no direction."""

Condition = Callable[[Record], bool]


def predicate(text: str, read: Read) -> Condition:
    """Return the condition that a query has for an issue.

    Raises:
        QueryFault: it is not JQL, or not of the part known here; a query without a clause is rejected as unbounded.
    """
    tokens = _tokens(text)
    clauses: list[Condition] = []
    try:
        while tokens and not _is(tokens[0], "order"):
            if clauses and not _is(tokens.pop(0), "and"):
                raise QueryFault("expecting AND or ORDER BY")
            clauses.append(_clause(tokens, read))
    except IndexError:
        raise QueryFault("JQL ends in the middle of a clause") from None
    if not clauses:
        raise QueryFault("unbounded JQL queries are not allowed here")
    if tokens and not (len(tokens) >= 3 and _is(tokens[1], "by")):
        raise QueryFault("ORDER BY is not complete")
    return lambda issue: all(clause(issue) for clause in clauses)


def order(text: str) -> list[tuple[str, bool]]:
    """Return the fields by which a valid query sorts, the most significant first, each with true if it is descending."""
    tokens = _tokens(text)
    at = next((number for number, token in enumerate(tokens) if _is(token, "order")), len(tokens))
    found: list[tuple[str, bool]] = []
    for kind, word in tokens[at + 2 :]:
        if kind == "word" and word.lower() in _DIRECTIONS and found:
            found[-1] = (found[-1][0], word.lower() == "desc")
        elif kind != "operator":
            found.append((word, word.lower() in _DESCENDING))
    return found


def _clause(tokens: list[tuple[str, str]], reads: Read) -> Condition:
    (_, name), operator = tokens.pop(0), tokens.pop(0)[1].lower()

    def read(issue: Record) -> tuple[str, ...]:
        return tuple(str(each) for each in reads(issue, name))

    if operator == "in":
        values = _list(tokens)
        return lambda issue: bool({*read(issue)} & {*values})
    if operator == "is" and tokens:
        assigned = _is(tokens[0], "not") and bool(tokens.pop(0))
        if tokens.pop(0)[1].lower() in ("empty", "null"):
            return lambda issue: has_value(issue, name, reads) is assigned
    value = _value(tokens.pop(0))
    if tokens[:1] == [("operator", "(")]:
        raise UnknownName(f"{value}()")
    compare: dict[str, Condition] = {
        "=": lambda issue: value in read(issue),
        "!=": lambda issue: value not in read(issue),
        "~": lambda issue: contains(read(issue), re.sub(r"\\(.)", r"\1", value.replace('"', " "))),
        ">=": lambda issue: any(_digits(each) >= _digits(value) for each in read(issue)),
        "<=": lambda issue: any(_digits(each) <= _digits(value) for each in read(issue)),
        ">": lambda issue: any(_digits(each) > _digits(value) for each in read(issue)),
        "<": lambda issue: any(_digits(each) < _digits(value) for each in read(issue)),
    }
    if operator not in compare:
        raise QueryFault(f"operator {operator!r} is not known here")
    return compare[operator]


def _list(tokens: list[tuple[str, str]]) -> list[str]:
    values: list[str] = []
    if tokens.pop(0)[1] != "(":
        raise QueryFault("IN needs a list")
    while True:
        values.append(_value(tokens.pop(0)))
        if (mark := tokens.pop(0)[1]) == ")":
            return values
        if mark != ",":
            raise QueryFault("a list is separated by commas")


def _value(token: tuple[str, str]) -> str:
    kind, text = token
    if kind == "operator" or (kind == "word" and text.lower() in _RESERVED):
        raise QueryFault(f"{text!r} is reserved and must be in quotes")
    return text


def _digits(instant: str) -> str:
    """Return a time up to the minute, in UTC: `2030-01-02 03:04`, `2030-01-02T03:04:05.000+0000` and milliseconds since 1970 compare."""
    if instant.isdigit():
        instant = datetime.fromtimestamp(int(instant) / 1000, UTC).isoformat()
    return re.sub(r"\D", "", instant)[:12].ljust(12, "0")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise QueryFault(f"JQL cannot be read at character {at}: {text[at : at + 20]!r}")
        kind = found.lastgroup or ""
        value = found[kind]
        if kind in ("double", "single"):
            value, kind = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), value, flags=re.DOTALL), "quoted"
        tokens.append((kind, value))
        at = found.end()
    return tokens


def _is(token: tuple[str, str], word: str) -> bool:
    return token[0] == "word" and token[1].lower() == word
