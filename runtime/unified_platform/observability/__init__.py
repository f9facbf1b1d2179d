"""Observers for logs, traces and metrics. Each needs libraries of the extra `observe`, imported when it is created.

from unified_platform.observability import Logs, Metrics, Traces

unified.configure(observers=[Logs(), Traces(), Metrics()])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unified_platform.observability.body_logging import BodyLogging as BodyLogging
    from unified_platform.observability.logs import Logs as Logs
    from unified_platform.observability.metrics import Metrics as Metrics
    from unified_platform.observability.traces import Traces as Traces

_HOME = {"BodyLogging": "body_logging", "Logs": "logs", "Metrics": "metrics", "Traces": "traces"}

__all__ = ["BodyLogging", "Logs", "Metrics", "Traces"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
