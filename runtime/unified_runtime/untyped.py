"""Stand-ins for what the facade takes of `typing` at run time.

Importing `typing` takes longer than all else that `from unified import tasks` does. Type checkers see the real ones.
"""

from __future__ import annotations


class Generic:
    """A class that takes type arguments and forgets them."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> type[Generic]:
        return cls


def final(kind: type) -> type:
    return kind


Any = object
P = T = None
