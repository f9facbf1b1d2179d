"""What a writer raises."""

from __future__ import annotations


class UnwritableValue(ValueError):
    """A value for which a query language has no literal. The caller can mend it: it is invalid input."""
