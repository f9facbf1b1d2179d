"""Vaults in SQLite and in Postgres: both must behave the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import postgres
from unified_platform.vault import SealedVault, open_vault


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Location for a new vault."""
    if request.param == "sqlite":
        yield str(tmp_path / "data" / "vault.db")
        return
    with postgres.database() as made:
        yield made


Opens = Callable[..., SealedVault]


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Opens]:
    """Open a vault with the key of this test, any number of times."""
    opened: list[SealedVault] = []

    def open_(url: str, **more: Any) -> SealedVault:
        made = open_vault(url, **({"key": f"file:{tmp_path}/keys/key"} | more))
        opened.append(made)
        return made

    yield open_
    for vault in opened:
        vault.close()


@pytest.fixture
def vault(url: str, opens: Opens) -> SealedVault:
    return opens(url)


@pytest.fixture
def sqlite_vault(tmp_path: Path, opens: Opens) -> SealedVault:
    return opens(str(tmp_path / "data" / "vault.db"))
