"""Libraries of optional extras, imported when they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from unified_runtime.core.errors import InvalidInput


def require_extra(module: str, name: str, what: str) -> Any:
    """Return a module of the extra `name`.

    Raises:
        InvalidInput: it is not installed. `what` needs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
    raise InvalidInput(f"{what} needs {module}: install it with pip install 'unified-apis[{name}]'")
