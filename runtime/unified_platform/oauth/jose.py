"""The JOSE library, joserfc, which the extra `oauth` brings; imported when a signature is made or checked."""

from __future__ import annotations

from typing import Any

from unified_platform.extras import extra


def module(name: str) -> Any:
    """A module of joserfc (`jwt`, `jwk`, `errors`).

    Raises:
        InvalidInput: it is not installed; says what to install.
    """
    return extra(f"joserfc.{name}", "oauth", "a signed token")
