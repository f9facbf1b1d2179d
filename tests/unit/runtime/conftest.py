from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.runtime.callers import WAYS, Caller
from tests.unit.runtime.server import Loopback


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture(params=WAYS)
def caller(request: pytest.FixtureRequest, server: Loopback) -> Caller:
    """Return a caller for every transport, sync and async, connected to the scripted server."""
    flavour, _, mode = request.param.rpartition("-")
    made = Caller(flavour, mode)
    made.connect(server.url)
    return made


@pytest.fixture
def simple(server: Loopback) -> Caller:
    """Return a caller with the default transport, sync, for tests that do not depend on the transport."""
    made = Caller("default", "sync")
    made.connect(server.url)
    return made
