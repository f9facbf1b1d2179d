"""Values in a vendor's query language: `query` of a step."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from unified_gen.codecs import OBJECTS
from unified_gen.documents.yaml12 import MappingNode, Node, ScalarNode, SequenceNode, plain
from unified_gen.language import ast
from unified_gen.language.findings import Findings, every
from unified_gen.language.kinds import Definitions, Entries, Kind, Several
from unified_gen.language.objects import Got, Key, Needs, Object
from unified_gen.language.words import INPUT, TEMPLATE, WORD
from unified_gen.source import Json, Literal, Span, Text


class ClauseKind(Kind[ast.Clause], Struct, frozen=True):
    """Text with references, or (language json) an object whose strings may hold such."""

    expected: str = "a clause: text with {references}, or an object"

    def read(self, node: Node, out: Findings) -> ast.Clause | None:
        match node:
            case ScalarNode():
                text = TEMPLATE.read(node, out)
                return None if text is None else ast.Clause(Literal(text.value, text.span), text.span)
            case MappingNode() if node.entries:
                return ast.Clause(Literal(plain(node), node.span), node.span) if self._inner(node, out) else None
        self.refuse(node, out)
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


def _query(got: Got, out: Findings) -> QueryDraft | None:
    language: Text = got.values["language"]
    clauses: tuple[ast.Clause, ...] = got.get("all", ())
    for clause in clauses:
        sought = clause.value.value == f"{{{ast.SOUGHT}}}"  # alone, it stands for clauses that the language's writer makes
        if isinstance(clause.value.value, str) == (language.value in OBJECTS) and not sought:
            wanted = "an object" if language.value in OBJECTS else "text"
            out.add("MAP010", f"a clause of the language `{language}` is {wanted}", clause.span)
    if language.value in OBJECTS:
        for key in ("text", "then"):
            if key in got.keys:
                out.add("MAP010", f"`{key}` is for languages that are text; this is `{language}`", got.keys[key])
    return lambda name, span: ast.Query(input=name, language=language, span=span, text=got.get("text"), all=clauses, then=got.get("then"))


_QUERY: Kind[QueryDraft] = Object(
    "a query",
    {
        "language": Key(
            WORD,
            "The query language: it says how values are quoted. `json` puts objects together, `hubspot` its filters.",
            required=True,
            fatal=True,
        ),
        "text": Key(TEMPLATE, "What stands before the clauses: `SELECT {columns} FROM Contact`."),
        "all": Key(
            Several(ClauseKind(), "a list of clauses"),
            "Clauses that all hold. A clause with an absent reference falls away; none left, and the input is not sent.",
        ),
        "then": Key(TEMPLATE, "What stands after the clauses: `ORDER BY created DESC`."),
    },
    _query,
    needs=(Needs("language", ("text", "all", "then")),),
    instead={"any": "only `all`, until a vendor needs alternatives", "where": "`all`", "order": "`then`"},
)

QUERIES: Kind[tuple[ast.Query, ...]] = Entries(INPUT, _QUERY, lambda name, draft, span: draft(name, span), "queries by input")
