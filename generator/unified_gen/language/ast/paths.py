"""Texts of a mapping that are paths or predicates: as written, and parsed."""

from __future__ import annotations

from unified_openapi.schemas.paths import Path, Predicate
from unified_openapi.source.spans import Text


class PathText(Text, frozen=True):
    """A path."""

    path: Path


class FirstOf(PathText, frozen=True):
    """A path, and others that are read in turn if it holds nothing: `full_name || name`."""

    others: tuple[PathText, ...]


class PredicateText(Text, frozen=True):
    """A predicate."""

    predicate: Predicate


class PathsText(Text, frozen=True):
    """Text with `{paths}`, and these paths in turn."""

    paths: tuple[Path, ...]
