"""Error of a missing framework, with the command that installs it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def require(module: str, extra: str) -> ModuleType:
    """Import a framework's module.

    Raises:
        ImportError: it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise  # the framework is there, and something that it needs is not
        raise ImportError(f"{module} is not installed: pip install 'unified-apis[{extra}]'", name=module) from error
