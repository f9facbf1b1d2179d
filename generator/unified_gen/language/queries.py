"""Grammar of `query` of a step: values in a vendor's query language."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.language.codecs import OBJECTS
from unified_gen.language.findings import Findings, every
from unified_gen.language.kinds import Definitions, Kind, ListOf, MapOf, refuse
from unified_gen.language.objects import Key, Object, ParsedKeys, Requires
from unified_gen.language.strings import INPUT, TEMPLATE, WORD
from unified_openapi.source.spans import Json, Literal, Span, Text
from unified_openapi.source.yaml12 import MappingNode, Node, ScalarNode, SequenceNode, plain


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


def _query(got: ParsedKeys, out: Findings) -> QueryDraft | None:
    language: Text = got.values["language"]
    clauses: tuple[ast.Clause, ...] = got.get("all", ())
    for clause in clauses:
        custom_fields = clause.value.value == f"{{{ast.CUSTOM_FIELDS}}}"  # it represents clauses that the language's writer makes
        if isinstance(clause.value.value, str) == (language.value in OBJECTS) and not custom_fields:
            wanted = "an object" if language.value in OBJECTS else "text"
            out.add("MAP010", f"a clause of the language `{language}` is {wanted}", clause.span)
    if language.value in OBJECTS:
        for key in ("prefix", "suffix"):
            if key in got.keys:
                out.add("MAP010", f"`{key}` is for languages that are text; this is `{language}`", got.keys[key])
    return lambda name, span: ast.Query(
        input=name, language=language, span=span, text=got.get("prefix"), all=clauses, then=got.get("suffix")
    )


_QUERY: Kind[QueryDraft] = Object(
    "a query",
    {
        "language": Key(
            WORD,
            "The query language, which determines quoting. `json` builds objects, `hubspot` its filters.",
            required=True,
            fatal=True,
        ),
        "prefix": Key(TEMPLATE, "What is before the clauses: `SELECT {columns} FROM Contact`."),
        "all": Key(
            ListOf(ClauseKind(), "a list of clauses"),
            "Clauses that all hold. A clause with an absent reference falls away; none left, and the input is not sent.",
        ),
        "suffix": Key(TEMPLATE, "What is after the clauses: `ORDER BY created DESC`."),
    },
    _query,
    needs=(Requires("language", ("prefix", "all", "suffix")),),
    instead={
        "any": "only `all`, until a vendor needs alternatives",
        "where": "`all`",
        "order": "`suffix`",
        "text": "`prefix`",
        "then": "`suffix`",
    },
)

QUERIES: Kind[tuple[ast.Query, ...]] = MapOf(INPUT, _QUERY, lambda name, draft, span: draft(name, span), "queries by input")
