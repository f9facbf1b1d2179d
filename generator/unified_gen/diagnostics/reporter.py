"""Collector of diagnostics, and of the schema nodes that a mapping depends on."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct, field

from unified_openapi.diagnostics import Diagnostic, Note
from unified_openapi.documents import Document
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Span, Text


class BatchTexts(Protocol):
    """An entry of `batches`: the operation that is batched, and the operation that sends the batch."""

    @property
    def single(self) -> Text: ...

    @property
    def operation(self) -> Text: ...


class Reporter(Struct):
    """The findings about one vendor's files."""

    document: Document
    diagnostics: list[Diagnostic] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)
    """JSON pointers of every schema node that a path went through."""
    of_any_type: set[str] = field(default_factory=set)
    """Those whose values may be of any type: they are compared, or tested for presence."""
    set: set[Text] = field(default_factory=set)
    """Inputs that the vendor sets everywhere and some call has."""
    checked: int = 0
    unchecked: list[tuple[Span, str]] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)

    def used(self, walk: Walk, *, any_type: bool = False) -> None:
        self.uses.update(walk.pointers)
        if any_type and walk.steps:
            self.of_any_type.update(walk.steps[-1].origins)

    def span(self, pointer: str) -> Span:
        return self.document.span(pointer)

    def schema_note(self, shape: Shape, message: str) -> Note:
        """Return a note that points at the vendor's schema."""
        return Note(message, self.document.span(shape.pointer))
