from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback


@pytest.fixture
def server() -> Iterator[Loopback]:
    """The vendor, as the attacker lets it answer."""
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    """A server of the attacker's. Whatever reaches it is his."""
    made = Loopback()
    yield made
    made.close()


@pytest.fixture(params=["default-sync", "default-async"])
def caller(request: pytest.FixtureRequest) -> Caller:
    """Makes calls through the client as it is by default."""
    flavour, _, mode = request.param.partition("-")
    return Caller(flavour, mode)
