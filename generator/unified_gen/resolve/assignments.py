"""Values of a request: each path or parameter with the literal, reference, field or query that fills it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from unified_gen.language import ast as syntax
from unified_gen.resolve.record_fields import ResolvedField
from unified_openapi.documents import ParameterFacts
from unified_openapi.schemas.paths import Each, Path
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Span, Text


class Reference(Struct, frozen=True, kw_only=True):
    """Meaning of a reference.

    `kind`: field (a field of the input), input (an input that is not a field), id, part (of a composite id), saved (a part of an
    earlier response), connection, key (the idempotency key, in the form that `part` names), mark (the value that only this call
    leaves on its record), time (of the call), cursor (of the page), columns (the names that are read, joined), literal (a constant of
    `where`), header (a response header, or the `part` of one).
    """

    text: Text
    kind: str
    name: str
    type: syntax.Type | None = None
    carrier: ResolvedField | None = None
    """The field whose table or codec the value carries."""
    element: bool = False
    """The value is one element of the carrier's list."""
    path: Path | None = None
    walk: Walk | None = None
    absent: bool = True
    """True if it may be missing at run time; the part of the request that holds it is then left out."""
    part: str | None = None
    cut: str | None = None
    """In a text: the part of the value that is used."""
    literal: Any = None
    """The value of a literal."""
    words: bool = False
    """In a clause of a query, the values of `carrier` are words of the language, not values that are quoted."""


class InnerArgument(Struct, frozen=True):
    """Argument of a field inside the value of a GraphQL operation: `items_page.limit` of `boards`."""

    path: tuple[str, ...]
    """Names of the fields, and of the argument."""
    pointer: str

    @property
    def variable(self) -> str:
        return "_".join(self.path)


class Target(Struct, frozen=True, kw_only=True):
    """A location in a request: a parameter, or a path in the body."""

    text: Text
    location: str
    """path, query, header or body."""
    name: str
    path: Path
    walk: Walk
    parameter: ParameterFacts | None = None
    envelope: tuple[str, ...] = ()
    inner: InnerArgument | None = None

    @property
    def encoding(self) -> str | None:
        """Encoding of a query parameter whose properties are inputs: `json` or `deep`; None for any other input."""
        if self.parameter is None or self.location != "query":
            return None
        if self.parameter.media_type is not None and "json" in self.parameter.media_type:
            return "json"
        return "deep" if self.parameter.style == "deepObject" else None

    def same(self, other: Target) -> bool:
        """Return true if another target is the same location."""
        return (self.location, self.path.segments) == (other.location, other.path.segments)


class Assignment(Struct, frozen=True, kw_only=True):
    """One location of a request and its value.

    `origin`: with, set, default, send, also, clear, select, query, text, cursor, sync or size. Exactly one of `literal`, `reference`,
    `field`, `query`, `texts` is set; for clear the literal and the field it clears; none for select, cursor, sync and size, whose value
    the runtime or the compiler derives.
    """

    target: Target
    origin: str
    span: Span
    literal: Any = None
    reference: Reference | None = None
    field: ResolvedField | None = None
    owners: tuple[ResolvedField, ...] = ()
    """For a field of a nested record that is spread out: the fields that hold the record, from the outermost."""
    column: str | None = None
    """For a field whose table has several columns: the column written here."""
    query: ResolvedQuery | None = None
    texts: tuple[tuple[str | Reference, ...], ...] = ()
    """Templates, of which the first whose references are all given is sent."""
    elements: tuple[Assignment, ...] = ()
    """For a list of objects: the assignments of one of them. The targets are locations in the element."""

    def deep(self) -> Iterator[Assignment]:
        """Yield this assignment, and those of the elements."""
        yield self
        for inner in self.elements:
            yield from inner.deep()

    @property
    def opened(self) -> tuple[str, ...]:
        """Properties that a codec writes into the object at the target, if the object may hold others."""
        written = self.field is not None and self.origin in ("send", "also") and self.field.codec is not None
        return self.field.codec.properties if written and self.field is not None and self.field.codec is not None else ()

    @property
    def only_references(self) -> bool:
        """True if each template is one reference: its value is sent as it is, and need not be text."""
        return bool(self.texts) and all(len(text) == 1 and not isinstance(text[0], str) and text[0].cut is None for text in self.texts)

    @property
    def always(self) -> bool:
        """True if the request holds it for any input."""
        if self.origin in ("set", "default", "select"):
            return True
        if self.reference is not None:
            return not self.reference.absent
        return any(all(isinstance(piece, str) or not piece.absent for piece in text) for text in self.texts)


class ResolvedClause(Struct, frozen=True):
    """One clause: text pieces and references in order; it is written only if all its references are given."""

    pieces: tuple[str | Reference, ...]
    span: Span


class ResolvedObject(Struct, frozen=True):
    """Object of a clause: its names, each a text or a reference, and its values."""

    entries: tuple[tuple[str | Reference, Any], ...]


class Element(Struct, frozen=True):
    """Each element of a list that a caller gives: the list around it in a clause has one value for each."""

    reference: Reference


class ResolvedQuery(Struct, frozen=True, kw_only=True):
    """A value in the vendor's query language."""

    ast: syntax.Query
    language: str
    clauses: tuple[ResolvedClause, ...]
    json: tuple[tuple[Any, tuple[Reference, ...]], ...] = ()
    """For language json: clause objects with the references of their values."""
    keys: tuple[Reference, ...] = ()
    """References that are names in these objects."""
    text: tuple[str | Reference, ...] = ()
    """Text before the clauses. A reference of the kind `columns` is the names that are read."""
    then: tuple[str | Reference, ...] = ()
    """Text after the clauses."""

    def references(self) -> Iterator[Reference]:
        """Yield every reference, in turn."""
        for pieces in (self.text, *(clause.pieces for clause in self.clauses), self.then):
            yield from (piece for piece in pieces if not isinstance(piece, str))
        for _, references in self.json:
            yield from references
        yield from self.keys


def entire_body(assignments: Sequence[Assignment], body: Shape) -> Assignment | None:
    """Return an input that fills a body by itself though the body is not an array, or has other inputs too."""
    inside = [one for one in assignments if one.target.location == "body"]
    entire = next((one for one in inside if not one.opened and isinstance(next(iter(one.target.path.segments), None), Each | None)), None)
    return entire if len(inside) > 1 or body.kinds != {"array"} else None
