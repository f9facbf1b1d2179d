"""Building blocks of the grammars: kinds of value that read a YAML node and describe, as JSON Schema, what they accept.

A grammar is a tree of kinds (`models`, `vendors`, `resources`). Reading never raises: what is wrong is reported and read as None,
and the part that holds it is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from unified_gen.diagnostics.suggestions import listed, nearest
from unified_gen.language.findings import Findings, first_line
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode, plain
from unified_openapi.source.spans import Json, Literal, Span, Text

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")
P = TypeVar("P", bound=Text)
N = TypeVar("N")

Definitions = dict[str, dict[str, Json]]
"""The `$defs` of a JSON Schema that is being written."""


class Kind(Protocol[T_co]):
    """A kind of value."""

    @property
    def expected(self) -> str:
        """Completes the sentence "expected ..."."""

    def read(self, node: Node, out: Findings) -> T_co | None:
        """Return the value of a node, or None if it is not valid and that has been reported."""

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        """Return the JSON Schema of what `read` accepts, as far as JSON Schema can express it."""


def refuse(node: Node, expected: str, out: Findings, help: str | None = None) -> None:
    """Report a node that is not what was expected."""
    out.add("MAP002", f"expected {expected}, got {described(node)}", first_line(node.span), help=help)


def described(node: Node) -> str:
    """Return a description of a node."""
    match node:
        case SequenceNode():
            return "a list"
        case MappingNode():
            return "a mapping"
        case ScalarNode(value=None):
            return "nothing" if not node.text else "null"
        case ScalarNode(value=bool()):
            return f"the boolean `{node.text}`"
        case ScalarNode(value=int() | float()):
            return f"the number `{shortened(node.text)}`"
        case _:
            return f"`{shortened(node.text)}`" if node.text else "an empty text"


def shortened(text: str) -> str:
    """Return at most 60 characters, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."


def text_of(node: ScalarNode) -> Text:
    """Return a scalar's text with its location."""
    return Text(node.text, node.span)


# --------------------------------------------------------------------------------------------------------------- scalars
class String(Struct, frozen=True):
    """Text that passes a check. `check` reports what is wrong with it and returns true if it is valid."""

    expected: str = "text"
    check: Callable[[Text, Findings], bool] | None = None
    pattern: str | None = None
    """The same in JSON Schema, as far as a regular expression can express it."""

    def read(self, node: Node, out: Findings) -> Text | None:
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            typed = isinstance(node, ScalarNode) and node.value is not None
            refuse(node, self.expected, out, help="put it in quotes to make it text" if typed else None)
            return None
        if not node.text.strip():
            refuse(node, self.expected, out)
            return None
        text = text_of(node)
        return text if self.check is None or self.check(text, out) else None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"type": "string", "pattern": self.pattern} if self.pattern else {"type": "string", "minLength": 1}


class Parsed(Struct, Generic[P], frozen=True):
    """Text that passes a check, and is parsed then."""

    text: String
    parse: Callable[[Text], P]

    @property
    def expected(self) -> str:
        return self.text.expected

    def read(self, node: Node, out: Findings) -> P | None:
        text = self.text.read(node, out)
        return None if text is None else self.parse(text)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return self.text.schema(definitions)


class OneOf(Struct, frozen=True):
    """One of a few enum values."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        return listed(self.words)

    def read(self, node: Node, out: Findings) -> Text | None:
        if isinstance(node, ScalarNode) and node.text in self.words and isinstance(node.value, str):
            return text_of(node)
        near = nearest(node.text, self.words) if isinstance(node, ScalarNode) and len(self.words) > 1 else None
        refuse(node, self.expected, out, help=f"did you mean `{near}`?" if near is not None else None)
        return None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"enum": list(self.words)}


class Flag(Struct, frozen=True):
    """`true` or `false`; with `only`, just the one of them that has a meaning."""

    only: bool | None = None

    @property
    def expected(self) -> str:
        return "`true` or `false`" if self.only is None else f"`{str(self.only).lower()}`"

    def read(self, node: Node, out: Findings) -> bool | None:
        if isinstance(node, ScalarNode) and isinstance(node.value, bool) and self.only in (None, node.value):
            return node.value
        refuse(node, self.expected, out)
        return None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"type": "boolean"} if self.only is None else {"const": self.only}


class IntRange(Struct, frozen=True):
    """A whole number within bounds."""

    least: int = 0
    most: int | None = None

    @property
    def expected(self) -> str:
        return f"a whole number of at least {self.least}" + (f" and at most {self.most}" if self.most is not None else "")

    def read(self, node: Node, out: Findings) -> int | None:
        value = node.value if isinstance(node, ScalarNode) and not isinstance(node.value, bool) else None
        if isinstance(value, int) and value >= self.least and (self.most is None or value <= self.most):
            return value
        refuse(node, self.expected, out)
        return None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        bounds: dict[str, Json] = {"type": "integer", "minimum": self.least}
        return bounds if self.most is None else {**bounds, "maximum": self.most}


class AnyValue(Struct, frozen=True):
    """A literal: any JSON value, never a reference. With `scalar`, no list and no mapping."""

    scalar: bool = False

    @property
    def expected(self) -> str:
        return "text, a number, `true`, `false` or `null`" if self.scalar else "a literal"

    def read(self, node: Node, out: Findings) -> Literal | None:
        if self.scalar and not isinstance(node, ScalarNode):
            refuse(node, self.expected, out)
            return None
        return Literal(plain(node), node.span)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"type": ["string", "number", "boolean", "null"]} if self.scalar else {}


# ------------------------------------------------------------------------------------------------------------ composites
class ListOf(Struct, Generic[T], frozen=True):
    """A list of one kind."""

    item: Kind[T]
    expected: str
    least: int = 1
    most: int | None = None

    def read(self, node: Node, out: Findings) -> tuple[T, ...] | None:
        if not isinstance(node, SequenceNode):
            refuse(node, self.expected, out)
            return None
        if len(node.items) < self.least:
            got = f"a list of {len(node.items)}" if node.items else "an empty list"
            out.add("MAP002", f"expected {self.expected}, got {got}", node.span)
            return None
        if self.most is not None and len(node.items) > self.most:
            out.add("MAP002", f"expected {self.expected}, got a list of {len(node.items)}", first_line(node.span))
            return None
        read = (self.item.read(item, out) for item in node.items)
        return tuple(value for value in read if value is not None)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        found: dict[str, Json] = {"type": "array", "items": self.item.schema(definitions), "minItems": self.least}
        return found if self.most is None else {**found, "maxItems": self.most}


class MapOf(Struct, Generic[N, T, U], frozen=True):
    """A mapping whose keys the author names: fields, operations, inputs.

    `make` joins a name with its value; the span is that of the complete entry.
    """

    name: Kind[N]
    item: Kind[T]
    make: Callable[[N, T, Span], U]
    expected: str
    least: int = 1
    most: int | None = None
    needs: str | None = None
    """A name that must be among them."""

    def read(self, node: Node, out: Findings) -> tuple[U, ...] | None:
        if not isinstance(node, MappingNode):
            refuse(node, self.expected, out)
            return None
        if len(node.entries) < self.least:
            out.add("MAP002", f"expected {self.expected}, got an empty mapping", node.span)
            return None
        if self.most is not None and len(node.entries) > self.most:
            out.add("MAP002", f"expected {self.expected}, got {len(node.entries)} entries", first_line(node.span))
            return None
        if self.needs is not None and all(key.text != self.needs for key, _ in node.entries):
            out.add("MAP007", f"one of these is named `{self.needs}`", node.entries[0][0].span)
        found = []
        for key, value in node.entries:
            name = self.name.read(as_text(key), out)
            item = self.item.read(value, out)
            if name is not None and item is not None:
                found.append(self.make(name, item, joined(key.span, value.span)))
        return tuple(found)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        found: dict[str, Json] = {"type": "object", "additionalProperties": self.item.schema(definitions)}
        names = {key: value for key, value in self.name.schema(definitions).items() if key != "type"}
        if names and names != {"minLength": 1}:
            found["propertyNames"] = names
        if self.needs is not None:
            found["required"] = [self.needs]
        if self.least:
            found["minProperties"] = self.least
        return found if self.most is None else {**found, "maxProperties": self.most}


class Choice(Struct, Generic[T], frozen=True):
    """Different kinds for text, a list and a mapping: the type of a node selects the kind."""

    expected: str
    scalar: Kind[T] | None = None
    sequence: Kind[T] | None = None
    mapping: Kind[T] | None = None

    def read(self, node: Node, out: Findings) -> T | None:
        kind: Kind[T] | None
        match node:
            case ScalarNode(value=None):
                kind = self.scalar if isinstance(self.scalar, AnyValue | Transform) else None
            case ScalarNode():
                kind = self.scalar
            case SequenceNode():
                kind = self.sequence
            case MappingNode():
                kind = self.mapping
        if kind is None:
            refuse(node, self.expected, out)
            return None
        return kind.read(node, out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [kind.schema(definitions) for kind in (self.scalar, self.sequence, self.mapping) if kind is not None]}


class Transform(Struct, Generic[T, U], frozen=True):
    """A kind whose value is made into something else. `make` may report and return None."""

    kind: Kind[T]
    make: Callable[[T, Span, Findings], U | None]

    @property
    def expected(self) -> str:
        return self.kind.expected

    def read(self, node: Node, out: Findings) -> U | None:
        value = self.kind.read(node, out)
        return None if value is None else self.make(value, node.span, out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return self.kind.schema(definitions)


class Ref(Struct, Generic[T], frozen=True):
    """A kind with a name: it may contain itself, and the JSON Schema writes it once."""

    name: str
    kind: Callable[[], Kind[T]]

    @property
    def expected(self) -> str:
        return self.kind().expected

    def read(self, node: Node, out: Findings) -> T | None:
        return self.kind().read(node, out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        if self.name not in definitions:
            definitions[self.name] = {}
            definitions[self.name] = self.kind().schema(definitions)
        return {"$ref": f"#/$defs/{self.name}"}


def as_text(key: ScalarNode) -> ScalarNode:
    """Return a key as the text it is written as: keys are names, `200` and `true` too."""
    return key if isinstance(key.value, str) else ScalarNode(key.text, key.text, key.span, False)


def joined(start: Span, end: Span) -> Span:
    """Return the span from the beginning of one span to the end of another."""
    if (end.line, end.column) < (start.line, start.column):  # an alias: the value is elsewhere
        return start
    return Span(start.file, start.line, start.column, end.end_line, end.end_column)
