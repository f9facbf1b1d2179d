"""The JOSE library, joserfc, which the extra `oauth` brings; imported when a signature is made or checked."""

from __future__ import annotations

import importlib
from typing import Any

from unified_runtime.errors import InvalidInput


def module(name: str) -> Any:
    """A module of joserfc (`jwt`, `jwk`, `errors`).

    Raises:
        InvalidInput: it is not installed; says what to install.
    """
    try:
        return importlib.import_module(f"joserfc.{name}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in {"joserfc", "cryptography"}:
            raise
    raise InvalidInput("signed tokens need the extra `oauth`: pip install 'unified-apis[oauth]'")
