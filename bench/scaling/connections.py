"""Connections of one tenant in the vault."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bench.scaling import postgres
from bench.scaling.figures import Figure, spread, timed
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, envelope, maintenance, manifest, open_vault, serialization
from unified_runtime import Secret

TOKEN = "t" * 400
_COLUMNS = ("tenant", "id", "owner_kind", "owner", "vendor", "name", "version", "sealed")


def _id(number: int) -> str:
    return hashlib.md5(f"connection {number}".encode(), usedforsecurity=False).hexdigest()


def _record(number: int) -> ConnectionRecord:
    key = ConnectionKey(vendor="jira", user=f"user-{number}")
    secrets = {"access_token": Secret(TOKEN), "refresh_token": Secret("refresh")}
    return ConnectionRecord(
        id=_id(number), key=key, scheme="oauth2", kind=Kind.OAUTH, secrets=secrets, values={"site": "acme"}, version=1, created_at=1.0
    )


class Connections:
    """Vault with one connection for each user. Each is sealed under a data key of its own; the manifest is rebuilt from the rows."""

    tables = ("vault_connections", "vault_manifest")

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self.vault = open_vault(url, key=key)

    def load(self, first: int, last: int) -> None:
        postgres.copy(self._url, "vault_connections", _COLUMNS, self._rows(first, last))
        postgres.analyze(self._url, self.tables)
        maintenance.repair(self.vault)

    def _rows(self, first: int, last: int) -> Iterator[tuple[Any, ...]]:
        keys, tenant = self.vault.keys, self.vault.tenant
        plain = serialization.of_connection(_record(0))  # has neither id nor owner: those are bound by the seal
        for number in range(first, last + 1):
            one = _record(number)
            about = serialization.about_connection(keys.vault, tenant, one.id, one.key, 1)
            owner = serialization.owner_of(one.key)
            yield tenant, one.id, *owner, one.key.vendor, one.key.name, 1, envelope.seal(keys.current, plain, about)

    def check(self, number: int) -> None:
        found = self.vault.get(_id(number))
        assert found.key == ConnectionKey(vendor="jira", user=f"user-{number}")
        assert found.secrets["access_token"].reveal() == TOKEN

    def figures(self, rows: int) -> Iterable[Figure]:
        numbers = spread(rows, 201)
        yield timed("open by id", self.check, numbers)
        yield timed("find by owner", lambda number: self._found(number), numbers)
        yield timed("list of a user", lambda number: self.vault.list(user=f"user-{number}"), numbers)
        yield timed("store a new version", self._again, numbers[:101])
        yield timed("rebuild the manifest", lambda _: maintenance.repair(self.vault), [0])
        yield timed("rotate keys", lambda _: self._rotated(rows), [0])

    def _found(self, number: int) -> None:
        found = self.vault.find(ConnectionKey(vendor="jira", user=f"user-{number}"))
        assert found is not None
        assert found.id == _id(number)

    def _again(self, number: int) -> None:
        current = self.vault.get(_id(number))
        self.vault.compare_and_swap(replace(current, account="me"), current.version)

    def _rotated(self, rows: int) -> None:
        done = maintenance.rotate(self.vault)
        assert done.left == 0
        assert done.rewrapped >= rows

    def close(self) -> None:
        self.vault.close()


LEAVES = manifest.LEAVES
