"""Inputs and saved values of a step: `with`, `send`, `keep`, `where`, `text`."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Choice, Kind, ListOf, MapOf, OneOf, Transform
from unified_gen.language.objects import Key, Object, ParsedKeys
from unified_gen.language.strings import INPUT, NAME, PARTS_PATTERN, PATH, REFERENCE, TEMPLATE, WORD
from unified_openapi.source.spans import Literal, Span, Text


def pair(name: Text, value: Any, span: Span) -> tuple[Text, Any]:
    """Return an entry as it is: its key and its value."""
    return name, value


LITERALS = MapOf(INPUT, AnyValue(), pair, "literals by input")


Bindings = tuple[ast.Binding, ...]


def _bound(name: Text, reference: Text, span: Span) -> ast.Binding:
    return ast.Binding(name, reference)


_BY_INPUT: Kind[Bindings] = MapOf(INPUT, REFERENCE, _bound, "references by input")
_BARE: Kind[Bindings] = Transform(NAME, lambda name, span, out: (ast.Binding(None, name),))

WITH: Kind[Bindings] = Choice(
    "references by input, a name, or a list of both",
    scalar=_BARE,
    sequence=Transform(
        ListOf(Choice("references by input or a name", scalar=_BARE, mapping=_BY_INPUT), "a list of names and inputs"),
        lambda several, span, out: tuple(binding for bindings in several for binding in bindings),
    ),
    mapping=_BY_INPUT,
)

EACH: Kind[ast.Save] = Transform(
    MapOf(NAME, PATH, lambda name, path, span: ast.Save(name, path), "one name and the path of a list", most=1),
    lambda saved, span, out: saved[0] if saved else None,
)

KEEP: Kind[ast.Save] = Choice(
    "a name, or a name and a path",
    scalar=Transform(NAME, lambda name, span, out: ast.Save(name, None)),
    mapping=Transform(
        MapOf(NAME, PATH, lambda name, path, span: ast.Save(name, path), "one name and its path", most=1),
        lambda saved, span, out: saved[0] if saved else None,
    ),
)


def _constant(got: ParsedKeys, out: Findings) -> Literal:
    literal: Literal = got.values["const"]
    return literal


_WANTED: Kind[Text | Literal] = Choice(
    "a reference, or `{const: value}`",
    scalar=REFERENCE,
    mapping=Object("a constant", {"const": Key(AnyValue(scalar=True), "A literal.", required=True, fatal=True)}, _constant),
)
WHERE: Kind[tuple[tuple[ast.PathText, Text | Literal], ...]] = MapOf(
    PATH, _WANTED, lambda path, wanted, span: (path, wanted), "references or constants by path"
)

_Header = tuple[Text, Text | None]
_HEADER: Kind[_Header] = Choice(
    "a header's name, or `{header: name, pattern: text with {parts}}`",
    scalar=Transform(WORD, lambda name, span, out: (name, None)),
    mapping=Object(
        "a saved header",
        {
            "header": Key(WORD, "The header's name.", required=True, fatal=True),
            "pattern": Key(PARTS_PATTERN, 'Its form, with the parts to save: `"*/things/{id}"`. `*` matches anything.', required=True),
        },
        lambda got, out: (got.values["header"], got.get("pattern")),
    ),
)
HEADERS: Kind[tuple[ast.SavedHeader, ...]] = MapOf(
    NAME, _HEADER, lambda name, header, span: ast.SavedHeader(name, *header), "response headers by name"
)

NAMES = ListOf(NAME, "a list of names")

SEND: Kind[tuple[Text, ...]] = Choice(
    "`fields` or a list of names",
    scalar=Transform(OneOf(("fields",)), lambda word, span, out: ()),
    sequence=NAMES,
)


def _member_list(name: Text, got: ast.Members, span: Span) -> ast.Members:
    return replace(got, list=name)


MEMBERS: Kind[tuple[ast.Members, ...]] = MapOf(
    INPUT,
    Object(
        "the members of a list",
        {
            "current": Key(REFERENCE, "The list as an earlier step saved it.", required=True, fatal=True),
            "key": Key(
                PATH, 'The path in an element that is compared with the inputs; `"@"` is the element itself.', required=True, fatal=True
            ),
            "add": Key(NAME, "The input of the members to add, if they are not in the list."),
            "remove": Key(NAME, "The input of the members to remove."),
        },
        lambda got, out: ast.Members(
            list=got.values["current"], current=got.values["current"], key=got.values["key"], add=got.get("add"), remove=got.get("remove")
        ),
    ),
    _member_list,
    "members by list",
)

TEXTS: Kind[tuple[Text, ...]] = Choice(
    "text with references, or a list of such texts",
    scalar=Transform(TEMPLATE, lambda text, span, out: (text,)),
    sequence=ListOf(TEMPLATE, "texts with references"),
)
