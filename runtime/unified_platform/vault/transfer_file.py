"""Export and import of connections as a file encrypted with a passphrase, to move them to a vault with another key.

The file is a header line, then MessagePack: the parameters of scrypt (RFC 7914), which derives the key from the passphrase, and
the connections, sealed by AES-256-GCM with those parameters as associated data.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from unified_platform.connections.errors import VaultError, VaultKeyError, VaultUnavailable
from unified_platform.connections.records import ConnectionRecord, new_id
from unified_platform.vault import serialization
from unified_platform.vault.envelope import KEY_BYTES, Broken, Key
from unified_platform.vault.sealed_vault import SealedVault
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput

MAGIC = b"unified-vault-export 1\n"
SHORTEST = 12
"""Minimum number of characters of a passphrase."""
_COST, _BLOCK, _LANES = 2**17, 8, 1
"""128 MiB and some tenths of a second for each guess."""


class _File(msgspec.Struct):
    salt: bytes
    cost: int
    block: int
    lanes: int
    sealed: bytes


class _Entry(NamedTuple):
    id: str
    vendor: str
    owner_kind: str
    owner: str
    name: str
    version: int
    form: bytes


def export(vault: SealedVault, passphrase: Secret) -> tuple[bytes, int]:
    """Return the connections of the vault's tenant as the content of a file, and their number.

    Raises:
        InvalidInput: the passphrase is too short.
        VaultDamaged: a connection does not open. None is left out silently.
    """
    found = vault.list()
    if found.damaged:
        one = found.damaged[0]
        raise VaultError(f"{len(found.damaged)} connections are damaged, such as {one.key}: {one.what}. Delete or replace them first")
    file = _File(os.urandom(16), _COST, _BLOCK, _LANES, b"")
    key = _key(passphrase, file)
    file.sealed = key.encrypt(_entries(found.records), _about(file))
    return MAGIC + msgspec.msgpack.encode(file), len(found.records)


def write(content: bytes, target: Path) -> None:
    """Write an export to a new file of mode 0600.

    Raises:
        VaultError: the file exists. VaultUnavailable: it cannot be written.
    """
    try:
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise VaultError(f"{target} exists: an export overwrites nothing") from None
    except OSError as error:
        reason = error.strerror
        target.unlink(missing_ok=True)
    else:
        return
    raise VaultUnavailable(f"the export {target} cannot be written: {reason}")


class ImportResult(NamedTuple):
    """Result of an import."""

    stored: int
    skipped: int


def import_(vault: SealedVault, content: bytes, passphrase: Secret, *, taken: str = "fail") -> ImportResult:
    """Store the connections of an export, all or none.

    Args:
        taken: if a connection of the same key exists, `fail`, `skip` the new one, or `replace` the existing one.

    Raises:
        VaultError: the content is not an export, or a key is in use. VaultKeyError: the passphrase is wrong.
    """
    records = read(content, passphrase)
    stored = skipped = 0
    with vault.writing() as tenant:
        for record in records:
            row = tenant.by_key(record.key)
            if row is not None and taken == "fail":
                raise VaultError(f"{record.key} is connected already: skip or replace what is there. Nothing was imported")
            if row is not None and taken == "skip":
                skipped += 1
                continue
            if row is None and tenant.by_id(record.id) is not None:
                record = replace(record, id=new_id())
            vault.store(tenant, record)
            stored += 1
    return ImportResult(stored, skipped)


def read(content: bytes, passphrase: Secret) -> list[ConnectionRecord]:
    """Decode the connections of an export.

    Raises:
        VaultError: the content is not an export. VaultKeyError: the passphrase is wrong, or the content was altered.
    """
    file = _parsed(content)
    if file is None:
        raise VaultError("this is not an export of a vault, or it is damaged")
    try:
        plain = _key(passphrase, file, checked=False).decrypt(file.sealed, _about(file))
    except Broken:
        raise VaultKeyError("the export does not open: the passphrase is another, or the file was altered") from None
    entries = serialization.unpacked(plain, list[_Entry])
    del plain
    records = [] if entries is None else [_record(entry) for entry in entries]
    del entries
    if any(one is None for one in records):
        raise VaultError("the export holds something else than connections")
    return [one for one in records if one is not None]


def _parsed(content: bytes) -> _File | None:
    if not content.startswith(MAGIC):
        return None
    try:
        file = msgspec.msgpack.decode(content[len(MAGIC) :], type=_File)
    except msgspec.DecodeError:
        return None
    # Limit the cost parameters that the file requests: it may come from anyone.
    usual = file.cost & (file.cost - 1) == 0 and 2**14 <= file.cost <= 2**20 and 1 <= file.block <= 16 and 1 <= file.lanes <= 16
    return file if usual else None


def _record(entry: _Entry) -> ConnectionRecord | None:
    return serialization.connection(
        entry.form, entry.id, serialization.key_of(entry.vendor, entry.owner_kind, entry.owner, entry.name), entry.version
    )


def _entries(records: Sequence[ConnectionRecord]) -> bytes:
    return msgspec.msgpack.encode(
        [
            _Entry(one.id, one.key.vendor, *serialization.owner_of(one.key), one.key.name, one.version, serialization.of_connection(one))
            for one in records
        ]
    )


def _key(passphrase: Secret, file: _File, *, checked: bool = True) -> Key:
    if checked and len(passphrase.reveal()) < SHORTEST:
        raise InvalidInput(f"the passphrase must have at least {SHORTEST} characters")
    kdf = Scrypt(salt=file.salt, length=KEY_BYTES, n=file.cost, r=file.block, p=file.lanes)
    return Key(b"export", kdf.derive(passphrase.reveal().encode("utf-8")))


def _about(file: _File) -> bytes:
    return msgspec.msgpack.encode((MAGIC, file.salt, file.cost, file.block, file.lanes))
