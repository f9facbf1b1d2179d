"""Reset of transports in forked processes: a child must not write to the connections of its parent."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Resettable(Protocol):
    def reset(self) -> None:
        """Drop all connections without closing them."""


_transports: weakref.WeakSet[Resettable] = weakref.WeakSet()


def reset_after_fork(transport: Resettable) -> None:
    """Reset a transport in each child that is forked from now on."""
    _transports.add(transport)


def _after_fork() -> None:
    for transport in [*_transports]:
        transport.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
