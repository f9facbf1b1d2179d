"""Lazy import of joserfc, the JOSE library of the extra `oauth`."""

from __future__ import annotations

from typing import Any

from unified_platform.common.extras import require_extra


def module(name: str) -> Any:
    """Return a module of joserfc (`jwt`, `jwk`, `errors`).

    Raises:
        InvalidInput: it is not installed; the message gives the command to install it.
    """
    return require_extra(f"joserfc.{name}", "oauth", "a signed token")
