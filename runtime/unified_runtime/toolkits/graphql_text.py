"""Recognition of GraphQL requests that only read, and of the fields of a mutation, by their text, without a parser of GraphQL.

A text that is not certainly a query is not one: a request is a read only if each of its definitions begins with `query`, `fragment` or `{`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*"""'  # block texts, then texts
    r'|"(?:\\.|[^"\\\n\r])*"'
    r"|#[^\n\r]*"
    r"|[\s,\ufeff]+"
    r"|(?P<name>[_A-Za-z][_0-9A-Za-z]*)"
    r"|(?P<open>[{(\[])|(?P<close>[})\]])"
    r"|-?[0-9][0-9A-Za-z+.\-]*"
    r"|\.\.\.|[!$&:=@|]"
)
_PAIRS = {"{": "}", "(": ")", "[": "]"}
_READS = frozenset({"query", "fragment"})


def reads(body: Any) -> bool:
    """Return true if the body of a request to a GraphQL endpoint has a text whose operations are all queries."""
    text = body.get("query") if isinstance(body, Mapping) else None
    return isinstance(text, str) and _only_queries(text)


def _only_queries(text: str) -> bool:
    position, inside, queries = 0, False, 0
    expected: list[str] = []
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return False
        position = token.end()
        opened, closed, name = token["open"], token["close"], token["name"]
        if not inside and not expected and name is not None:
            if name not in _READS:
                return False
            inside, queries = True, queries + (name == "query")
        elif opened is not None:
            if not inside and opened != "{":
                return False
            queries += not inside
            inside = True
            expected.append(_PAIRS[opened])
        elif closed is not None:
            if not expected or expected.pop() != closed:
                return False
            inside = bool(expected) or closed != "}"  # the selection of a definition is its last part
    return queries > 0 and not inside and not expected


def mutation_fields(body: Any) -> tuple[str, ...]:
    """Return the fields of the mutation in the body of a request; none if its text is not certainly one mutation with plain fields.

    Fragments of other selections may follow the mutation.
    """
    text = body.get("query") if isinstance(body, Mapping) else None
    tokens = _tokens(text) if isinstance(text, str) else None
    return () if tokens is None else _Definitions(tokens).mutation()


def mutation_arguments(body: Any) -> dict[str, str | None]:
    """Return the arguments of the field of a mutation with one field, each with its variable; None for a value in the text."""
    definitions = _Definitions(_tokens(body["query"]) or [])
    definitions.mutation()
    return definitions.arguments


def _tokens(text: str) -> list[str] | None:
    """Return the tokens of a text, with `"` for each text in it; None if it has something else."""
    found: list[str] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return None
        position = token.end()
        first = token[0][0]
        if first not in "# \t\r\n\v\f,\ufeff" and not first.isspace():
            found.append('"' if first == '"' else token[0])
    return found


class _Definitions:
    """Definitions of a GraphQL document, read from its tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = [*tokens, ""]
        self._at = 0
        self.arguments: dict[str, str | None] = {}
        """Arguments of the mutation's fields, each with its variable; None for another value, or several."""

    def mutation(self) -> tuple[str, ...]:
        """Return the fields of the mutation; none if the definitions are not a mutation and fragments."""
        if self._next() != "mutation":
            return ()
        if _is_name(self._current):
            self._next()
        if not self._parts() or self._next() != "{":
            return ()
        fields: list[str] = []
        while _is_name(self._current):
            field = self._next()
            if self._current == ":":
                self._next()
                field = self._next()
            self._note_arguments()
            if not _is_name(field) or not self._parts() or (self._current == "{" and not self._balanced()):
                return ()
            fields.append(field)
        if self._next() != "}":
            return ()
        while self._current == "fragment":
            while _is_name(self._current):
                self._next()
            if not self._parts() or self._current != "{" or not self._balanced():
                return ()
        return () if self._current else tuple(fields)

    def _note_arguments(self) -> None:
        """Note the arguments that follow, without reading over them."""
        if self._current != "(":
            return
        at, depth = self._at, 0
        while token := self._tokens[at]:
            depth += (token in _PAIRS) - (token in _PAIRS.values())
            if depth == 0:
                return
            if depth == 1 and _is_name(token) and self._tokens[at + 1] == ":":
                value = self._tokens[at + 2 : at + 4]
                plain = value[0] == "$" and _is_name(value[-1]) and token not in self.arguments
                self.arguments[token] = value[1] if plain else None
            at += 1

    @property
    def _current(self) -> str:
        return self._tokens[self._at]

    def _next(self) -> str:
        found = self._current
        self._at += bool(found)
        return found

    def _parts(self) -> bool:
        """Read arguments or variables, and directives; return false if their parentheses do not match."""
        if self._current == "(" and not self._balanced():
            return False
        while self._current == "@":
            self._next()
            if not _is_name(self._next()) or (self._current == "(" and not self._balanced()):
                return False
        return True

    def _balanced(self) -> bool:
        """Read a part in parentheses or braces; return false if they do not match."""
        expected: list[str] = []
        while token := self._next():
            if token in _PAIRS:
                expected.append(_PAIRS[token])
            elif token in ("}", ")", "]") and token != expected.pop():
                return False
            if not expected:
                return True
        return False


def _is_name(token: str) -> bool:
    return token[:1].isalpha() or token[:1] == "_"
