"""Results of a compilation. Light to import: a stored result is read without the compiler."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from unified_openapi.diagnostics.model import Diagnostic


class Stats(Struct, frozen=True):
    """Counts of `gen check --stats` for one vendor."""

    vendor: str
    operations: int = 0
    lines: int = 0
    """Lines of its mappings that are not blank, `vendor.yaml` included."""
    checked: int = 0
    """Locations of the vendor's schema that the mapping goes through."""
    unchecked: int = 0
    hooks: int = 0
    draft: bool = False


class VendorResult(Struct, frozen=True):
    """Result of one vendor. `files` is empty if there is an error, or the vendor is a draft."""

    name: str
    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    offers: Mapping[str, tuple[str, ...]]
    """Resource to the operations it offers."""
    stats: Stats
    uses: frozenset[str] = frozenset()
    """JSON pointers, in its document with the overlay applied, of every schema node that the mapping rests on."""
    of_any_type: frozenset[str] = frozenset()
    """Those whose values may be of any type: they are compared, or tested for presence."""


class Result(Struct, frozen=True):
    """Result of a project. `files` (name below `generated/` to text) is empty if any diagnostic is an error."""

    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    vendors: tuple[VendorResult, ...] = ()

    @property
    def stats(self) -> tuple[Stats, ...]:
        return tuple(vendor.stats for vendor in self.vendors)
