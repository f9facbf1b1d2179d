"""Files that findings point at: named from the project's root, and read for their source lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.source.spans import Span


def from_root(diagnostics: Iterable[Diagnostic], root: Path) -> tuple[Diagnostic, ...]:
    """Report the same findings, files below `root` named from there."""
    prefix = root.as_posix().rstrip("/") + "/"

    def named(span: Span) -> Span:
        return replace(span, file=span.file.removeprefix(prefix))

    return tuple(
        replace(
            found,
            span=named(found.span),
            notes=tuple(replace(note, span=named(note.span)) if note.span is not None else note for note in found.notes),
        )
        for found in diagnostics
    )


def read_sources(diagnostics: Iterable[Diagnostic], folders: Iterable[Path]) -> dict[str, str]:
    """Return the texts of the files that findings point at, looked up below each folder.

    A file that cannot be read, or is compressed, is left out.
    """
    spans = {span.file for found in diagnostics for span in (found.span, *(note.span for note in found.notes if note.span is not None))}
    sources = {}
    for file in sorted(file for file in spans if not file.endswith(".gz")):
        for folder in folders:
            try:
                sources[file] = (folder / file).read_bytes().decode("utf-8", "replace")
                break
            except OSError:
                continue
    return sources
