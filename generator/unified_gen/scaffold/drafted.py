"""A mapping that is being drafted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from unified_gen.language import ast
from unified_gen.scaffold.operations import Guess
from unified_openapi.documents import ParameterFacts
from unified_openapi.schemas.shapes import Shape


class Draft(Struct):
    """A mapping that is being drafted."""

    model: ast.Model
    guesses: dict[str, Guess]
    reads: str
    record: Shape
    wrapper: str | None
    """The vendor's envelope, stepped through already."""
    unnamed: str | None = None
    """Pointer of the record's schema, if the document gives it no name."""
    fields: list[str] = field(default_factory=list)
    unsupported: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    """Comments before entries of `unsupported`."""
    operations: list[str] = field(default_factory=list)
    guessed: int = 0
    incomplete: bool = False
    """True if nothing was found that identifies a record."""
    parts: tuple[str, ...] = ()
    """Parameters that make up an id together."""
    composite: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By resource of the vendor: the parts of its ids."""
    used: set[str] = field(default_factory=set)
    """Paths of the record that a field is read from."""
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Enum values of the vendor by field."""
    shared: Mapping[str, ParameterFacts] = field(default_factory=dict)
    """Required parameters of most of the vendor's operations."""
    connection: dict[str, str] = field(default_factory=dict)
    """Values of a connection that fill such parameters, with summaries."""
    text: str = ""

    @property
    def ambiguous(self) -> set[str]:
        """Fields whose table reads several of the vendor's values as one: a filter that sends a single value would miss the others."""
        return {name for name, rows in self.tables.items() if any(isinstance(found, list) for found in rows.values())}
