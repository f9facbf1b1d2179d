"""Error of the writers of query literals."""

from __future__ import annotations


class UnwritableValue(ValueError):
    """The query language has no literal for a value. The caller can fix it: it is invalid input."""
