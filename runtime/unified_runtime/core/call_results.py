"""Result of one call of a batch."""

from __future__ import annotations

from typing import Any, NamedTuple

from unified_runtime.core.errors import UnifiedError


class CallResult(NamedTuple):
    """Result of one call: a value, an error, or not attempted (`skipped`)."""

    value: Any = None
    error: UnifiedError | None = None
    skipped: bool = False
