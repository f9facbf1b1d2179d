"""Minimal run-time replacements for the names of `typing` that the generated facade uses.

Importing `typing` takes longer than the rest of `from unified import tasks`. Type checkers see the real names.
"""

from __future__ import annotations


class Generic:
    """Base class that accepts type arguments and ignores them."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> type[Generic]:
        return cls


def final(kind: type) -> type:
    return kind


Any = object
P = T = None
