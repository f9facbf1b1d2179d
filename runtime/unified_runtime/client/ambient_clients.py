"""Clients of the innermost `using` blocks, by context."""

from __future__ import annotations

from contextvars import ContextVar

TYPE_CHECKING = False  # see `operations`

if TYPE_CHECKING:
    from typing import Any

ambient: ContextVar[Any] = ContextVar("unified_client", default=None)
"""The `Client` of the innermost `using` block."""

ambient_async: ContextVar[Any] = ContextVar("unified_async_client", default=None)
"""The `AsyncClient` of the innermost `using` block."""
