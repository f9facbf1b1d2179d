"""The part of JQL that lists of issues need, read by its published grammar: clauses joined by AND, quoted and bare values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

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

Issue = dict[str, Any]
_FIELDS: dict[str, Callable[[Issue], tuple[str, ...]]] = {
    "project": lambda issue: tuple(issue["fields"]["project"][name] for name in ("key", "id", "name")),
    "statuscategory": lambda issue: tuple(str(issue["fields"]["status"]["statusCategory"][name]) for name in ("key", "id", "name")),
    "status": lambda issue: (issue["fields"]["status"]["name"], issue["fields"]["status"]["id"]),
    "assignee": lambda issue: ((issue["fields"].get("assignee") or {}).get("accountId", ""),),
    "updated": lambda issue: (issue["fields"]["updated"],),
    "created": lambda issue: (issue["fields"]["created"],),
    "text": lambda issue: (issue["fields"]["summary"] + str(issue["fields"]["description"]),),
    "summary": lambda issue: (issue["fields"]["summary"],),
    "parent": lambda issue: ((issue["fields"].get("parent") or {}).get("key", ""),),
}


def predicate(text: str) -> Callable[[Issue], bool]:
    """Return the condition that the query has for an issue.

    Raises:
        ValueError: it is not JQL, or not of the part known here; a query without a clause is rejected as unbounded.
    """
    tokens = _tokens(text)
    clauses: list[Callable[[Issue], bool]] = []
    try:
        while tokens and not _is(tokens[0], "order"):
            if clauses and not _is(tokens.pop(0), "and"):
                raise ValueError("expecting AND or ORDER BY")
            clauses.append(_clause(tokens))
    except IndexError:
        raise ValueError("JQL ends in the middle of a clause") from None
    if not clauses:
        raise ValueError("unbounded JQL queries are not allowed here")
    if tokens and not (len(tokens) >= 3 and _is(tokens[1], "by")):
        raise ValueError("ORDER BY is not complete")
    return lambda issue: all(clause(issue) for clause in clauses)


def _clause(tokens: list[tuple[str, str]]) -> Callable[[Issue], bool]:
    (_, name), operator = tokens.pop(0), tokens.pop(0)[1].lower()
    if name.lower() not in _FIELDS:
        raise ValueError(f"Field '{name}' does not exist")
    read = _FIELDS[name.lower()]
    if operator == "in":
        values = _list(tokens)
        return lambda issue: bool({*read(issue)} & {*values})
    if operator == "is" and tokens and tokens.pop(0)[1].lower() in ("empty", "null"):
        return lambda issue: not any(read(issue))
    value = _value(tokens.pop(0))
    compare: dict[str, Callable[[Issue], bool]] = {
        "=": lambda issue: value in read(issue),
        "!=": lambda issue: value not in read(issue),
        "~": lambda issue: all(word.lower() in read(issue)[0].lower() for word in value.replace('"', " ").split()),
        ">=": lambda issue: _digits(read(issue)[0]) >= _digits(value),
        "<=": lambda issue: _digits(read(issue)[0]) <= _digits(value),
    }
    if operator not in compare:
        raise ValueError(f"operator {operator!r} is not known here")
    return compare[operator]


def _list(tokens: list[tuple[str, str]]) -> list[str]:
    values: list[str] = []
    if tokens.pop(0)[1] != "(":
        raise ValueError("IN needs a list")
    while True:
        values.append(_value(tokens.pop(0)))
        if (mark := tokens.pop(0)[1]) == ")":
            return values
        if mark != ",":
            raise ValueError("a list is separated by commas")


def _value(token: tuple[str, str]) -> str:
    kind, text = token
    if kind == "operator" or (kind == "word" and text.lower() in _RESERVED):
        raise ValueError(f"{text!r} is reserved and must be in quotes")
    return text


def _digits(instant: str) -> str:
    """Return a time up to the minute: `2030-01-02 03:04` and `2030-01-02T03:04:05.000+0000` compare."""
    return re.sub(r"\D", "", instant)[:12].ljust(12, "0")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ValueError(f"JQL cannot be read at character {at}: {text[at : at + 20]!r}")
        kind = found.lastgroup or ""
        value = found[kind]
        if kind in ("double", "single"):
            value, kind = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), value, flags=re.DOTALL), "quoted"
        tokens.append((kind, value))
        at = found.end()
    return tokens


def _is(token: tuple[str, str], word: str) -> bool:
    return token[0] == "word" and token[1].lower() == word
