"""Errors of sagas."""

from __future__ import annotations

from unified_runtime.client.saga_steps import SagaFailed, TimeOver
from unified_runtime.core.wire.sagas import Left

__all__ = ["Left", "SagaFailed", "TimeOver"]
