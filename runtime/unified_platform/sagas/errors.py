"""What sagas fail with."""

from __future__ import annotations

from unified_runtime.sagas import Left, SagaFailed, TimeOver

__all__ = ["Left", "SagaFailed", "TimeOver"]
