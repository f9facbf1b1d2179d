"""What a step is given, sends and keeps: `with`, `send`, `keep`, `text`."""

from __future__ import annotations

from typing import Any

from unified_gen.language import ast
from unified_gen.language.kinds import Anything, Choice, Entries, Kind, OneOf, Several, Then
from unified_gen.language.words import INPUT, NAME, PATH, REFERENCE, TEMPLATE
from unified_gen.source import Span, Text


def pair(name: Text, value: Any, span: Span) -> tuple[Text, Any]:
    """An entry as it is: its key and its value."""
    return name, value


LITERALS = Entries(INPUT, Anything(), pair, "literals by input")


Bindings = tuple[ast.Binding, ...]


def _bound(name: Text, reference: Text, span: Span) -> ast.Binding:
    return ast.Binding(name, reference)


_BY_INPUT: Kind[Bindings] = Entries(INPUT, REFERENCE, _bound, "references by input")
_BARE: Kind[Bindings] = Then(NAME, lambda name, span, out: (ast.Binding(None, name),))

WITH: Kind[Bindings] = Choice(
    "references by input, a name, or a list of both",
    scalar=_BARE,
    sequence=Then(
        Several(Choice("references by input or a name", scalar=_BARE, mapping=_BY_INPUT), "a list of names and inputs"),
        lambda several, span, out: tuple(binding for bindings in several for binding in bindings),
    ),
    mapping=_BY_INPUT,
)

KEEP: Kind[ast.Keep] = Choice(
    "a name, or a name and a path",
    scalar=Then(NAME, lambda name, span, out: ast.Keep(name, None)),
    mapping=Then(
        Entries(NAME, PATH, lambda name, path, span: ast.Keep(name, path), "one name and its path", most=1),
        lambda kept, span, out: kept[0] if kept else None,
    ),
)

NAMES = Several(NAME, "a list of names")

SEND: Kind[tuple[Text, ...]] = Choice(
    "`fields` or a list of names",
    scalar=Then(OneOf(("fields",)), lambda word, span, out: ()),
    sequence=NAMES,
)

TEXTS: Kind[tuple[Text, ...]] = Choice(
    "text with references, or a list of such texts",
    scalar=Then(TEMPLATE, lambda text, span, out: (text,)),
    sequence=Several(TEMPLATE, "texts with references"),
)
