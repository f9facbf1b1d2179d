"""Syntax tree of `fields` in a mapping: the fields of a record at a vendor."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from unified_gen.language.ast.paths import PathText, PredicateText
from unified_openapi.source.spans import Literal, Span, Text

NEVER = "never"
"""Value of `clear` for a field that the vendor cannot clear."""

ANY = "*"
"""The key of `Field.write` for a path that every operation writes."""


class CodecUse(Struct, frozen=True):
    """`as: name` or `as: {name: argument}`."""

    name: Text
    argument: Literal | None = None


class Cell(Struct, frozen=True):
    """One column of a table's row: the vendor's values (the first is written), or `otherwise`."""

    values: tuple[Literal, ...]
    otherwise: bool
    span: Span


class Row(Struct, frozen=True):
    """One unified value and the vendor's values for it: one cell under the column "" for a one-column table."""

    value: Literal
    cells: Mapping[str, Cell]
    span: Span


class Table(Struct, frozen=True):
    """Pairs of unified and vendor's enum values. `columns` is empty for a one-column table."""

    rows: tuple[Row, ...]
    columns: tuple[PathText, ...]
    span: Span


class Slot(Struct, frozen=True):
    """A location for one element of a list: its constants (`type: work`) and the paths of the others.

    `separators` is the separator in a text that holds several values: the path is then a location for as many elements.
    `key` is the enum value that a mapping of slots has it under; its only path is then under `SLOT_VALUE`.
    """

    constants: Mapping[str, Literal]
    paths: Mapping[str, Text]
    span: Span
    separators: Mapping[str, Text] = field(default_factory=dict)
    key: Text | None = None


SLOT_VALUE = ""
"""Name of the path in a slot with a key: the model has the name of the field."""


class IdFormat(Struct, frozen=True):
    """A composite id: its format, and vendor paths with the patterns that yield its parts."""

    format: Text
    sources: tuple[tuple[PathText, Text], ...]


class Field(Struct, frozen=True, kw_only=True):
    """Mapping of one unified field to the vendor's record and requests."""

    name: Text
    span: Span
    read: PathText | None = None
    fallbacks: tuple[PathText, ...] = ()
    """Paths that are read in turn if `read` holds nothing."""
    write: Mapping[str, PathText] = field(default_factory=dict)
    """Operation to path; the key `ANY` for all."""
    absent: tuple[Literal, ...] = ()
    """Values of the vendor that are read as None."""
    one: bool = False
    """A list of at most one: `[path]`."""
    codec: CodecUse | None = None
    enum: Table | None = None
    label: PathText | None = None
    clear: Literal | None = None
    """Value that None sends; `NEVER` if the field cannot be cleared."""
    clears: tuple[tuple[PathText, Literal], ...] = ()
    """Locations that are written instead if the field is None, with the values sent there."""
    constants: tuple[tuple[PathText, Literal], ...] = ()
    """Literals that are written with a value, by path."""
    also_write: Mapping[str, tuple[PathText, ...]] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    items: PathText | None = None
    exclude: PredicateText | None = None
    """Elements of `each` of which this predicate is true are left out. Such a list is never written."""
    fields: tuple[Field, ...] = ()
    by_type: tuple[tuple[Text, PathText], ...] = ()
    """Type of the arm (`date`) to path."""
    id_format: IdFormat | None = None
    codec_reads: tuple[PathText, ...] = ()
    """Further locations of the record that the codec receives when it decodes."""
    codec_writes: tuple[Text, ...] = ()
    """Further inputs of the caller that the codec receives when it encodes."""
