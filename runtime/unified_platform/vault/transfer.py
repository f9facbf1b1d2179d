"""Connections in a file of their own, under a passphrase: for moving them to a vault with another key.

The file is a line that says what it is, then MessagePack: the parameters of scrypt (RFC 7914) that make the key of the passphrase, and
the connections, sealed by AES-256-GCM and bound to those parameters.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from unified_platform.vault import forms
from unified_platform.vault.envelope import KEY_BYTES, Broken, Key
from unified_platform.vault.errors import VaultError, VaultKeyError, VaultUnavailable
from unified_platform.vault.records import ConnectionRecord, new_id
from unified_platform.vault.sealed import SealedVault
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput

MAGIC = b"unified-vault-export 1\n"
SHORTEST = 12
"""Characters of a passphrase, at least."""
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
    """The connections of the vault's tenant as the content of a file, and how many they are.

    Raises:
        InvalidInput: the passphrase is too short.
        VaultDamaged: a connection does not open. Nothing is left out unsaid.
    """
    found = vault.list()
    if found.damaged:
        one = found.damaged[0]
        raise VaultError(f"{len(found.damaged)} connections are damaged, such as {one.place}: {one.what}. Delete or replace them first")
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


class Imported(NamedTuple):
    """What an import did."""

    stored: int
    skipped: int


def import_(vault: SealedVault, content: bytes, passphrase: Secret, *, taken: str = "fail") -> Imported:
    """Store the connections of an export, all or none.

    Args:
        taken: what to do where a connection stands in the place of another: `fail`, `skip` it, or `replace` the other.

    Raises:
        VaultError: it is no export, or a place is taken. VaultKeyError: the passphrase is not its.
    """
    records = read(content, passphrase)
    stored = skipped = 0
    with vault.writing() as tenant:
        for record in records:
            row = tenant.by_place(record.place)
            if row is not None and taken == "fail":
                raise VaultError(f"{record.place} is connected already: skip or replace what is there. Nothing was imported")
            if row is not None and taken == "skip":
                skipped += 1
                continue
            if row is None and tenant.by_id(record.id) is not None:
                record = replace(record, id=new_id())
            vault.store(tenant, record)
            stored += 1
    return Imported(stored, skipped)


def read(content: bytes, passphrase: Secret) -> list[ConnectionRecord]:
    """The connections of an export.

    Raises:
        VaultError: it is none. VaultKeyError: the passphrase is not its, or it was altered.
    """
    file = _parsed(content)
    if file is None:
        raise VaultError("this is no export of a vault, or it is damaged")
    try:
        plain = _key(passphrase, file, checked=False).decrypt(file.sealed, _about(file))
    except Broken:
        raise VaultKeyError("the export does not open: the passphrase is another, or the file was altered") from None
    entries = forms.unpacked(plain, list[_Entry])
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
    # What the file wants to be spent on a guess is bounded: it may come from anyone.
    usual = file.cost & (file.cost - 1) == 0 and 2**14 <= file.cost <= 2**20 and 1 <= file.block <= 16 and 1 <= file.lanes <= 16
    return file if usual else None


def _record(entry: _Entry) -> ConnectionRecord | None:
    return forms.connection(entry.form, entry.id, forms.place_of(entry.vendor, entry.owner_kind, entry.owner, entry.name), entry.version)


def _entries(records: Sequence[ConnectionRecord]) -> bytes:
    return msgspec.msgpack.encode(
        [
            _Entry(one.id, one.place.vendor, *forms.owner_of(one.place), one.place.name, one.version, forms.of_connection(one))
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
