"""What a compilation hands back. Light to import: a result that is kept is read without the compiler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from unified_gen.diagnostics.model import Diagnostic, Severity


class Stats(Struct, frozen=True):
    """What `gen check --stats` counts for one vendor."""

    vendor: str
    operations: int = 0
    lines: int = 0
    """Lines of its mappings that are not blank, `vendor.yaml` included."""
    checked: int = 0
    """Places of the vendor's schema that the mapping goes through."""
    unchecked: int = 0
    hooks: int = 0
    draft: bool = False


class VendorResult(Struct, frozen=True):
    """What one vendor compiles to. `files` is empty if anything is wrong, or the vendor is a draft."""

    name: str
    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    offers: Mapping[str, tuple[str, ...]]
    """Resource to the operations it offers."""
    stats: Stats
    uses: frozenset[str] = frozenset()
    """JSON pointers, in its document with the overlay applied, of every schema node that the mapping rests on."""


class Result(Struct, frozen=True):
    """What a project compiles to. `files` (name below `generated/` to text) is empty if any diagnostic is an error."""

    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    vendors: tuple[VendorResult, ...] = ()

    @property
    def stats(self) -> tuple[Stats, ...]:
        return tuple(vendor.stats for vendor in self.vendors)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding stops a build."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
