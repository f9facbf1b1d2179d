"""Fields of a record with their paths looked up in the vendor's schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from unified_gen.language import ast as syntax
from unified_gen.language.codecs import CodecFacts
from unified_gen.resolve.conversions import Conversion
from unified_openapi.schemas.paths import Path, Predicate
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Text


class Leaf(Struct, frozen=True):
    """A path looked up in a schema."""

    text: Text
    path: Path
    walk: Walk
    request: bool = False
    """`request.<input>`: a value of the request that was sent, not of the response."""

    @property
    def shape(self) -> Shape | None:
        return self.walk.shape


class IdPart(Struct, frozen=True, kw_only=True):
    """A part of a composite id and its location in reading: in the record by a pattern, or in the request."""

    name: str
    source: Leaf | None
    pattern: str | None


class ResolvedField(Struct, frozen=True, kw_only=True):
    """A unified field with its vendor locations looked up in the record's schema."""

    ast: syntax.Field
    model: syntax.ModelField
    read: Leaf | None = None
    fallbacks: tuple[Leaf, ...] = ()
    """Paths that are read in turn if `read` holds nothing."""
    label: Leaf | None = None
    columns: Mapping[str, Leaf] = field(default_factory=dict)
    """The locations of a table's columns, from the record's root, for reading."""
    codec: CodecFacts | None = None
    conversion: Conversion | None = None
    """Conversion of the value to the unified one, if there is neither a codec nor a table."""
    parts: tuple[IdPart, ...] = ()
    nested: tuple[ResolvedField, ...] = ()
    exclude: Predicate | None = None
    """Elements of the list of which it is true are left out."""
    exclude_leaves: tuple[Leaf, ...] = ()
    """Paths in the predicate, from an element on."""
    by_type: tuple[tuple[syntax.Type, Leaf], ...] = ()
    slots: tuple[ResolvedSlot, ...] = ()
    codec_reads: tuple[Leaf, ...] = ()
    """Further locations that the codec receives."""
    of: str | None = None
    """The input, if these are the values of one of the parameters that it fills in a request; the others may have the other values."""

    @property
    def name(self) -> str:
        return self.model.name.value

    @property
    def table(self) -> syntax.Table | None:
        return self.ast.enum

    def leaves(self) -> tuple[Leaf, ...]:
        """Return every location of the record that reading this field looks at."""
        own = [leaf for leaf in (self.read, *self.fallbacks, self.label, *self.codec_reads) if leaf is not None]
        own += [leaf for column in self.columns.values() for leaf in (column,)]
        own += [part.source for part in self.parts if part.source is not None]
        own += [leaf for _, leaf in self.by_type]
        own += [leaf for slot in self.slots for leaf in slot.paths.values()]
        if self.nested and not self.ast.items:
            own += [leaf for inner in self.nested for leaf in inner.leaves()]
        return tuple(own)


class ResolvedSlot(Struct, frozen=True):
    """One slot of a list: constants of the model and locations of the record."""

    ast: syntax.Slot
    constants: Mapping[str, Any]
    paths: Mapping[str, Leaf]

    @property
    def split(self) -> str | None:
        """Return the separator of the values of its location; None for a location of one."""
        return next((mark.value for mark in self.ast.separators.values()), None)
