"""Grammar of `query` of a step: values in a vendor's query language."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.language.codecs import OBJECTS
from unified_gen.language.findings import Findings, every, first_line
from unified_gen.language.kinds import Definitions, Kind, ListOf, MapOf, Transform, refuse
from unified_gen.language.objects import Key, Object, ParsedKeys, Requires
from unified_gen.language.strings import INPUT, TEMPLATE, WORD
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode, plain
from unified_openapi.source.spans import Json, Literal, Span, Text


class ClauseKind(Struct, frozen=True):
    """Text with references, or (language json) an object whose strings may hold such."""

    expected: str = "a clause: text with {references}, or an object"

    def read(self, node: Node, out: Findings) -> ast.Clause | None:
        match node:
            case ScalarNode():
                text = TEMPLATE.read(node, out)
                return None if text is None else ast.Clause(Literal(text.value, text.span), text.span)
            case MappingNode() if node.entries:
                return ast.Clause(Literal(plain(node), node.span), node.span) if self._inner(node, out) else None
        refuse(node, self.expected, out)
        return None

    def _inner(self, node: Node, out: Findings) -> bool:
        match node:
            case MappingNode(entries=entries):
                return every(self._inner(value, out) for _, value in entries)
            case SequenceNode(items=items):
                return every(self._inner(item, out) for item in items)
            case ScalarNode(value=str(), text=text) if text.strip():
                return TEMPLATE.read(node, out) is not None
        return True

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [TEMPLATE.schema(definitions), {"type": "object", "minProperties": 1}]}


QueryDraft = Callable[[Text, Span], ast.Query]


_FILTER = re.compile(r"(\S+) ([A-Z_]+) (\{[^{}]*\})")
OWN = ""
"""Input and language of a query that names neither: those of the vendor's `query`."""


def in_language(language: str, clauses: tuple[ast.Clause, ...]) -> tuple[tuple[ast.Clause, ...], tuple[ast.Clause, ...]]:
    """Return the clauses in the form of a language, and those that have another form.

    HubSpot's filters are objects, and may be written as `email EQ {email}`.
    """
    found = tuple(_filter(clause) for clause in clauses) if language == "hubspot" else clauses
    custom_fields = f"{{{ast.CUSTOM_FIELDS}}}"  # it represents clauses that the language's writer makes
    wrong = (one for one in found if isinstance(one.value.value, str) == (language in OBJECTS) and one.value.value != custom_fields)
    return found, tuple(wrong)


def clause_form(language: str) -> str:
    """Return the form of a language's clauses, for messages."""
    return "an object" if language in OBJECTS else "text"


def _filter(clause: ast.Clause) -> ast.Clause:
    found = _FILTER.fullmatch(clause.value.value) if isinstance(clause.value.value, str) else None
    if found is None:
        return clause
    value: Json = {"propertyName": found[1], "operator": found[2], "value": found[3]}
    return ast.Clause(Literal(value, clause.value.span), clause.span)


def _query(got: ParsedKeys, out: Findings) -> QueryDraft | None:
    language: Text = got.values["language"]
    clauses, wrong = in_language(language.value, got.get("all", ()))
    for clause in wrong:
        out.add("MAP010", f"a clause of the language `{language}` is {clause_form(language.value)}", clause.span)
    if language.value in OBJECTS:
        for key in ("prefix", "suffix"):
            if key in got.keys:
                out.add("MAP010", f"`{key}` is for languages that are text; this is `{language}`", got.keys[key])
    return lambda name, span: ast.Query(
        input=name, language=language, span=span, prefix=got.get("prefix"), all=clauses, suffix=got.get("suffix")
    )


def _own(got: ParsedKeys, out: Findings) -> ast.Query:
    own = Text(OWN, first_line(got.span))
    return ast.Query(input=own, language=own, span=got.span, prefix=got.get("prefix"), all=got.get("all", ()), suffix=got.get("suffix"))


_CLAUSES = ListOf(ClauseKind(), "a list of clauses")
_LANGUAGE = Key(
    WORD,
    "The query language, which determines quoting. `json` builds objects, `hubspot` its filters.",
    required=True,
    fatal=True,
)
_PARTS = {
    "prefix": Key(TEMPLATE, "What is before the clauses: `SELECT {columns} FROM Contact`."),
    "all": Key(
        _CLAUSES,
        "Clauses that all hold. A clause with an absent reference falls away; none left, and the input is not sent.",
    ),
    "suffix": Key(TEMPLATE, "What is after the clauses: `ORDER BY created DESC`."),
}
_INSTEAD = {
    "any": "only `all`, until a vendor needs alternatives",
    "where": "`all`",
    "order": "`suffix`",
    "text": "`prefix`",
    "then": "`suffix`",
}
_QUERY: Kind[QueryDraft] = Object(
    "a query",
    {"language": _LANGUAGE, **_PARTS},
    _query,
    needs=(Requires("language", tuple(_PARTS)),),
    instead=_INSTEAD,
)
_OWN: Kind[ast.Query] = Object("a query", _PARTS, _own, instead=_INSTEAD)
_BY_INPUT: Kind[tuple[ast.Query, ...]] = MapOf(INPUT, _QUERY, lambda name, draft, span: draft(name, span), "queries by input")


class QueriesKind(Struct, frozen=True):
    """Queries by input; or one query in the language and for the input of the vendor's `query`, as a mapping or a list of clauses."""

    expected: str = "a list of clauses, a query, or queries by input"

    def read(self, node: Node, out: Findings) -> tuple[ast.Query, ...] | None:
        match node:
            case SequenceNode():
                node = MappingNode(((ScalarNode("all", "all", first_line(node.span), True), node),), node.span)
            case MappingNode(entries=entries) if not entries or any(isinstance(value, MappingNode) for _, value in entries):
                return _BY_INPUT.read(node, out)
            case MappingNode():
                pass
            case _:
                refuse(node, self.expected, out)
                return None
        query = _OWN.read(node, out)
        return None if query is None else (query,)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [kind.schema(definitions) for kind in (_CLAUSES, _OWN, _BY_INPUT)]}


QUERIES = QueriesKind()

VENDOR_QUERY: Kind[tuple[Text, Text]] = Transform(
    MapOf(INPUT, WORD, lambda name, language, span: (name, language), "an input and its query language", most=1),
    lambda found, span, out: found[0] if found else None,
)
