"""Libraries that come with an extra: imported when they are used, and told by the extra's name where they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from unified_runtime.errors import InvalidInput


def extra(module: str, name: str, what: str) -> Any:
    """A module that the extra `name` brings along.

    Raises:
        InvalidInput: it is not installed. `what` needs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
    raise InvalidInput(f"{what} needs {module}: install it with pip install 'unified-apis[{name}]'")
