"""Observers that ship with the platform: logs, traces and metrics. Each needs libraries of the extra `observe`, imported when it is made.

from unified_platform.observing import Logs, Metrics, Traces

unified.observe(Logs(), Traces(), Metrics())
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unified_platform.observing.bodies import Bodies as Bodies
    from unified_platform.observing.logs import Logs as Logs
    from unified_platform.observing.metrics import Metrics as Metrics
    from unified_platform.observing.traces import Traces as Traces

_HOME = {"Bodies": "bodies", "Logs": "logs", "Metrics": "metrics", "Traces": "traces"}

__all__ = ["Bodies", "Logs", "Metrics", "Traces"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
