from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback


@pytest.fixture
def server() -> Iterator[Loopback]:
    """Vendor whose responses the attacker controls."""
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    """Server of the attacker, who sees every request to it."""
    made = Loopback()
    yield made
    made.close()


@pytest.fixture(params=["default-sync", "default-async"])
def caller(request: pytest.FixtureRequest) -> Caller:
    """Return a function that makes calls through a client with default settings."""
    flavour, _, mode = request.param.partition("-")
    return Caller(flavour, mode)
