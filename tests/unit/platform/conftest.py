"""Fixture of all tests of the platform: the default client begins without connections."""

from __future__ import annotations

import pytest

from unified_runtime.client.defaults import CONNECTIONS


@pytest.fixture(autouse=True)
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide connections that other tests have left: tools are those of connected vendors."""
    monkeypatch.setattr(CONNECTIONS, "_connections", {})
    monkeypatch.setattr(CONNECTIONS, "source", None)
