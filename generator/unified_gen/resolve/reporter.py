"""Where resolving puts what it finds: diagnostics, and the schema nodes that a mapping rests on."""

from __future__ import annotations

from msgspec import Struct, field

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.documents import Document
from unified_gen.schema.shapes import Shape
from unified_gen.schema.walk import Walk
from unified_gen.source import Span, Text


class Reporter(Struct):
    """The findings about one vendor's files."""

    document: Document
    diagnostics: list[Diagnostic] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)
    """JSON pointers of every schema node that a path went through."""
    set: set[Text] = field(default_factory=set)
    """Inputs that the vendor sets everywhere and some call has."""
    checked: int = 0
    unchecked: list[tuple[Span, str]] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)

    def used(self, walk: Walk) -> None:
        self.uses.update(walk.trail)

    def span(self, pointer: str) -> Span:
        return self.document.span(pointer)

    def schema_note(self, shape: Shape, message: str) -> Note:
        """A note that points at the vendor's schema."""
        return Note(message, self.document.span(shape.pointer))
