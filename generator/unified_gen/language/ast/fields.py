"""How the fields of a record stand at a vendor: `fields` of a mapping."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from unified_gen.source import Literal, Span, Text

NEVER = "never"
"""The word of `clear` that says: the vendor cannot clear this field."""

ANY = "*"
"""The key of `Field.write` for a path that every operation writes."""


class CodecUse(Struct, frozen=True):
    """`as: name` or `as: {name: argument}`."""

    name: Text
    argument: Literal | None = None


class Cell(Struct, frozen=True):
    """What a table's row says of one column: the vendor's words (the first is written), or `otherwise`."""

    words: tuple[Literal, ...]
    otherwise: bool
    span: Span


class Row(Struct, frozen=True):
    """One unified value and the vendor's words for it: one cell under the column "" for a one-column table."""

    value: Literal
    cells: Mapping[str, Cell]
    span: Span


class Table(Struct, frozen=True):
    """Words of one side for words of the other. `columns` is empty for a one-column table."""

    rows: tuple[Row, ...]
    columns: tuple[Text, ...]
    span: Span


class Slot(Struct, frozen=True):
    """A place for one element of a list: its constants (`type: work`) and the paths of the others.

    `split` says of a path what stands between the values of a text that holds several: a place for as many elements.
    """

    constants: Mapping[str, Literal]
    paths: Mapping[str, Text]
    span: Span
    split: Mapping[str, Text] = field(default_factory=dict)


class Parts(Struct, frozen=True):
    """A composite id: its format, and vendor paths with the patterns that yield its parts."""

    format: Text
    sources: tuple[tuple[Text, Text], ...]


class Field(Struct, frozen=True, kw_only=True):
    """How one unified field stands in the vendor's record and requests."""

    name: Text
    span: Span
    read: Text | None = None
    write: Mapping[str, Text] = field(default_factory=dict)
    """Operation to path; the key `ANY` for all."""
    one: bool = False
    """A list of at most one: `[path]`."""
    codec: CodecUse | None = None
    table: Table | None = None
    label: Text | None = None
    clear: Literal | None = None
    """What None sends; a value of `NEVER` where it cannot be cleared."""
    clears: tuple[tuple[Text, Literal], ...] = ()
    """Places that None is written to instead, with what it sends there."""
    also: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    each: Text | None = None
    except_: Text | None = None
    """Elements of `each` of which this predicate is true are left out. Such a list is never written."""
    fields: tuple[Field, ...] = ()
    case: tuple[tuple[Text, Text], ...] = ()
    """Type of the arm (`date`) to path."""
    parts: Parts | None = None
    known_read: tuple[Text, ...] = ()
    """Further places of the record that the codec is told when it decodes."""
    known_write: tuple[Text, ...] = ()
    """Further inputs of the caller that it is told when it encodes."""
