"""The same API, async: `await aio.tasks.create(...)`, `async for task in aio.tasks.list(...)`. Written by `gen build`; do not edit."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from unified.aio import tasks as tasks

_PLATFORM = {
    "listen": ("unified_platform.inbox", "alisten"),
    "search": ("unified_platform.record_search", "asearch"),
}

__all__ = ["tasks"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in __all__:
        return import_module(f"unified.aio.{name}")
    if name in _PLATFORM:
        package, function = _PLATFORM[name]
        return getattr(import_module(package), function)
    if not name.startswith("_"):
        from unified_runtime.core.private_vendors import resource_module

        if (module := resource_module(name, "aio")) is not None:
            return import_module(module)
    raise AttributeError(f"module 'unified.aio' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
