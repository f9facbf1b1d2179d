"""Emulator of a vendor on loopback, and a client connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

import unified
from tests.support.drives import VENDORS, Double, double_of
from unified_runtime import Client
from unified_runtime.client._async.client import AsyncClient
from unified_runtime.core.settings import Settings
from unified_runtime.rate_limits.rate_limiter import Unlimited

MIB = 1024 * 1024
QUICK = Settings(backoff=0.01, read_timeout=10, write_timeout=10)
VALUES = {"google-drive": {}, "dropbox": {}, "microsoft-graph": {"principal": "ada@example.com"}}


@dataclass
class Recorder:
    """Calls of `progress`."""

    calls: list[tuple[int, int | None]] = field(default_factory=list)

    def __call__(self, done: int, total: int | None) -> None:
        self.calls.append((done, total))


@dataclass
class Bench:
    vendor: str
    double: Double

    def client(self, settings: Settings = QUICK, transport: Any = None) -> Client:
        made = Client(transport, rate_limiter=Unlimited(), settings=settings)
        made.connect(self.vendor, unified.bearer("token"), server=self.double.servers(), **VALUES[self.vendor])
        return made

    def aclient(self, settings: Settings = QUICK) -> AsyncClient:
        made = AsyncClient(rate_limiter=Unlimited(), settings=settings)
        made.connect(self.vendor, unified.bearer("token"), server=self.double.servers(), **VALUES[self.vendor])
        return made

    def right(self) -> None:
        """Assert that the vendor rejected nothing, and that no URL from a response received the credential."""
        assert self.double.wrong == []
        assert self.double.trusted or not any(authorized for _, authorized in self.double.elsewhere.authorized)


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bench(vendor: str) -> Iterator[Bench]:
    double = double_of(vendor)
    with double.api.running(), double.elsewhere.running():
        yield Bench(vendor, double)


def noise(size: int, seed: int = 1) -> bytes:
    """Return bytes that compression does not make smaller, the same every time."""
    return Random(seed).randbytes(size)


def file_of(path: Path, size: int) -> Path:
    """Write a file of noise."""
    random = Random(size)
    with path.open("wb") as file:
        left = size
        while left:
            left -= file.write(random.randbytes(min(MIB, left)))
    return path
