"""Write access to the vault's database can destroy, but not deceive: altered, moved, rolled back or removed data is reported.

Each time the other connections are unaffected, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.support.vaults import KEY, record
from tests.unit.platform.vault.conftest import Opens
from unified_platform.vault import ConnectionRecord, SealedVault, VaultDamaged
from unified_platform.vault.envelope import SHORTEST
from unified_platform.vault.maintenance import repair, rotate, verify
from unified_platform.vault.manifest import ROOT, leaf_of
from unified_runtime import Secret

Rows = dict[str, list[tuple[Any, ...]]]
TABLES = ("vault_connections", "vault_manifest", "vault_keys", "vault_meta")


def rows(vault: SealedVault) -> Rows:
    with vault.database.reading() as session:
        return {
            table: sorted(
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in session.rows(f"SELECT * FROM {table}")
            )
            for table in TABLES
        }


def run(vault: SealedVault, statement: str, *values: object) -> None:
    with vault.database.writing("tampering") as session:
        assert session.run(statement, *values) > 0


def sealed(vault: SealedVault, id: str) -> bytes:
    with vault.database.reading() as session:
        return bytes(session.rows("SELECT sealed FROM vault_connections WHERE tenant = ? AND id = ?", vault.tenant, id)[0][0])


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.fixture
def mine(vault: SealedVault) -> ConnectionRecord:
    return vault.put(record(secret="mine"))


@pytest.fixture
def other(vault: SealedVault, mine: ConnectionRecord) -> ConnectionRecord:
    """Another user's connection, whose mark is in another part of the manifest."""
    while True:
        made = record(secret="other", user="bob")
        if leaf_of(made.id) != leaf_of(mine.id):
            return vault.put(made)


def refused(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord, match: str) -> None:
    """Every read of the one connection is rejected, others are not, and nothing is written."""
    before = rows(vault)
    for read in (lambda: vault.get(mine.id), lambda: vault.find(mine.key), lambda: vault.compare_and_swap(mine, mine.version)):
        with pytest.raises(VaultDamaged, match=match) as caught:
            read()
        assert caught.value.connection_id == mine.id
    assert vault.get(other.id) == other
    found = vault.list()
    assert found.records == (other,)
    assert [one.connection_id for one in found.damaged] == [mine.id]
    assert not verify(vault).sound
    assert rows(vault) == before
    # Only connecting again fixes it.
    fixed = vault.put(replace(mine, secrets={KEY: Secret("again")}))
    assert fixed.version > mine.version
    assert vault.get(fixed.id) == fixed
    assert verify(vault).sound


@pytest.mark.parametrize("location", ["format", "key id", "data key", "nonce", "contents", "tag"])
def test_a_flipped_bit(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord, location: str) -> None:
    good = sealed(vault, mine.id)
    byte = {"format": 0, "key id": 3, "data key": 30, "nonce": SHORTEST - 20, "contents": SHORTEST + 5, "tag": len(good) - 3}[location]
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", flipped(good, byte * 8 + 5), mine.id)
    refused(vault, mine, other, "altered")


def test_any_flipped_bit_and_any_shortening(sqlite_vault: SealedVault) -> None:
    vault = sqlite_vault
    mine = vault.put(record(secret="mine"))
    good = sealed(vault, mine.id)
    for changed in (
        [flipped(good, bit) for bit in range(len(good) * 8)] + [good[:length] for length in range(0, len(good), 7)] + [good + b"\0"]
    ):
        run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", changed, mine.id)
        with pytest.raises(VaultDamaged):
            vault.get(mine.id)
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", good, mine.id)
    assert vault.get(mine.id) == mine


def test_swapped_rows(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    third = vault.put(record(secret="third", user="carol"))
    one, two = sealed(vault, mine.id), sealed(vault, third.id)
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", two, mine.id)
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", one, third.id)
    for damaged in (mine, third):
        with pytest.raises(VaultDamaged):
            vault.get(damaged.id)
    assert vault.get(other.id) == other


@pytest.mark.parametrize(
    ("column", "value"), [("owner", "mallory"), ("owner_kind", "team"), ("vendor", "jira"), ("name", "work"), ("version", 7)]
)
def test_a_row_moved_to_another_key(
    vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord, column: str, value: object
) -> None:
    run(vault, f"UPDATE vault_connections SET {column} = ? WHERE id = ?", value, mine.id)
    found = vault.list()
    assert (found.records, [one.connection_id for one in found.damaged]) == ((other,), [mine.id])
    there = found.damaged[0].key
    with pytest.raises(VaultDamaged):
        vault.find(there)
    if column != "version":
        assert vault.find(mine.key) is None
    assert not verify(vault).sound


def test_another_tenants_row(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    elsewhere = vault.of_tenant("elsewhere")
    theirs = elsewhere.put(replace(mine, secrets={KEY: Secret("theirs")}))
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE tenant = ? AND id = ?", sealed(vault, mine.id), "elsewhere", theirs.id)
    with pytest.raises(VaultDamaged):
        elsewhere.get(theirs.id)
    assert vault.get(mine.id) == mine


def test_a_row_of_another_vault(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord, tmp_path: Any, opens: Opens) -> None:
    stranger = opens(str(tmp_path / "stranger" / "vault.db"))  # of the same root key
    theirs = stranger.put(replace(mine, secrets={KEY: Secret("theirs")}))
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", sealed(stranger, theirs.id), mine.id)
    refused(vault, mine, other, "altered")


# ---------------------------------------------------------------------------------------------------- rolling back
def put_back(vault: SealedVault, before: Rows, *tables: str) -> None:
    """Restore the earlier rows of tables."""
    with vault.database.writing("tampering") as session:
        for table in tables:
            session.run(f"DELETE FROM {table}")
            for row in before[table]:
                session.run(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row)


def changed(vault: SealedVault, one: ConnectionRecord) -> ConnectionRecord:
    return vault.compare_and_swap(replace(one, secrets={KEY: Secret("rotated")}), one.version)


def test_an_older_row(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    before = rows(vault)
    newer = changed(vault, mine)
    put_back(vault, before, "vault_connections")
    refused(vault, newer if newer.version == 0 else replace(newer, version=1), other, "its newest version is 2, and version 1 is stored")


def test_an_older_row_of_the_same_version(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    # Two histories of one vault, as after a restored backup: both rows are genuine, both are version 2.
    before = rows(vault)
    changed(vault, mine)
    one_history = rows(vault)
    put_back(vault, before, "vault_connections", "vault_manifest")
    vault.seen._most.clear()
    newer = vault.compare_and_swap(replace(mine, secrets={KEY: Secret("other history")}), 1)
    put_back(vault, one_history, "vault_connections")
    refused(vault, newer, other, "rolled back or altered")


def test_an_older_row_with_its_part_of_the_manifest(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    before = rows(vault)
    newer = changed(vault, mine)
    after = rows(vault)
    number = leaf_of(mine.id)
    mixed = {
        "vault_connections": before["vault_connections"],
        "vault_manifest": [row for row in before["vault_manifest"] if row[1] == number]
        + [row for row in after["vault_manifest"] if row[1] != number],
    }
    put_back(vault, mixed, "vault_connections", "vault_manifest")
    with pytest.raises(VaultDamaged, match=r"part of (the|its) manifest"):
        vault.get(newer.id)
    assert vault.get(other.id) == other
    assert [one.connection_id for one in vault.list().damaged] == [mine.id]


def test_everything_back_at_once_is_noticed_by_who_has_seen_more(
    vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord, url: str, opens: Opens
) -> None:
    before = rows(vault)
    changed(vault, mine)
    reached = verify(vault).tenants[0].count
    put_back(vault, before, "vault_connections", "vault_manifest")
    for read in (lambda: vault.get(mine.id), lambda: vault.put(mine)):
        with pytest.raises(VaultDamaged, match=f"went back: write {reached} was seen, and the last one now is {reached - 1}"):
            read()
    # A new process cannot detect this, unless it gets the number of the last write.
    fresh = opens(url)
    assert fresh.get(mine.id) == mine
    assert verify(fresh).sound
    report = verify(fresh, at_least=reached)
    assert "an older state was restored" in report.tenants[0].problems[0]
    assert not report.sound


def test_a_row_that_was_taken_away(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    run(vault, "DELETE FROM vault_connections WHERE id = ?", mine.id)
    with pytest.raises(VaultDamaged, match="taken out"):
        vault.get(mine.id)
    assert vault.get(other.id) == other
    assert f"connection {mine.id} was taken out of the database" in verify(vault).tenants[0].problems


def test_a_row_that_was_deleted_and_put_back(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    before = rows(vault)
    vault.delete(mine.id)
    put_back(vault, before, "vault_connections")
    with pytest.raises(VaultDamaged, match="row that was deleted"):
        vault.get(mine.id)
    assert vault.list().records == (other,)


def test_a_part_of_the_manifest_that_was_taken_away(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    run(vault, "DELETE FROM vault_manifest WHERE leaf = ?", leaf_of(mine.id))
    with pytest.raises(VaultDamaged, match="does not open"):
        vault.get(mine.id)
    assert vault.get(other.id) == other
    run(vault, "DELETE FROM vault_manifest WHERE leaf = ?", ROOT)
    with pytest.raises(VaultDamaged, match="went back"):
        vault.get(other.id)


# ------------------------------------------------------------------------------------------------------ shared rows
@pytest.mark.parametrize("copy", ["sealed", "mirror"])
@pytest.mark.parametrize("of", ["root", "leaf"])
def test_one_copy_of_the_manifest_is_enough(
    vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord, of: str, copy: str
) -> None:
    number = ROOT if of == "root" else leaf_of(mine.id)
    garble(vault, number, copy)
    assert (vault.get(mine.id), vault.get(other.id)) == (mine, other)
    problems = verify(vault).tenants[0].problems
    assert len(problems) == 1
    assert "copy of" in problems[0]
    # The next write fixes it.
    vault.compare_and_swap(mine, 1)
    assert verify(vault).sound


def test_without_its_part_of_the_manifest_a_connection_is_not_taken_for_the_newest(
    vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord
) -> None:
    for copy in ("sealed", "mirror"):
        garble(vault, leaf_of(mine.id), copy)
    before = rows(vault)
    for act in (lambda: vault.get(mine.id), lambda: vault.put(mine), lambda: vault.delete(mine.id)):
        with pytest.raises(VaultDamaged):
            act()
    assert rows(vault) == before
    assert vault.get(other.id) == other
    # An administrator may accept the present rows as correct.
    repair(vault)
    assert (vault.get(mine.id), vault.get(other.id)) == (mine, other)
    assert verify(vault).sound


def garble(vault: SealedVault, number: int, copy: str) -> None:
    with vault.database.reading() as session:
        good = bytes(session.rows(f"SELECT {copy} FROM vault_manifest WHERE tenant = ? AND leaf = ?", vault.tenant, number)[0][0])
    run(vault, f"UPDATE vault_manifest SET {copy} = ? WHERE tenant = ? AND leaf = ?", flipped(good, len(good) * 4), vault.tenant, number)


@pytest.mark.parametrize("what", ["id", "root", "wrapped", "mirror"])
def test_a_damaged_key_row_of_which_one_copy_is_left(vault: SealedVault, mine: ConnectionRecord, url: str, opens: Opens, what: str) -> None:
    damage: dict[str, Callable[[Any], object]] = {"id": lambda old: "ff" + old[2:], "root": lambda old: "ff" + old[2:]}
    with vault.database.reading() as session:
        old = session.rows(f"SELECT {what} FROM vault_keys")[0][0]
    run(vault, f"UPDATE vault_keys SET {what} = ?", damage[what](old) if what in damage else flipped(bytes(old), 100))
    again = opens(url)
    assert again.get(mine.id) == mine
    assert again.put(mine).version == 2


def test_a_damaged_key_row(vault: SealedVault, mine: ConnectionRecord, url: str, opens: Opens) -> None:
    run(vault, "UPDATE vault_keys SET wrapped = ?, mirror = ?", b"x" * 60, b"x" * 60)
    before = rows(vault)
    with pytest.raises(VaultDamaged, match=r"its key \w+ does not open"):
        opens(url)
    assert rows(vault) == before
    # A process that has it open continues.
    assert vault.get(mine.id) == mine


def test_a_started_authorization_that_was_altered(vault: SealedVault) -> None:
    from tests.unit.platform.vault.test_vault import pending

    vault.pending.put(pending("s1"))
    run(vault, "UPDATE vault_pending SET expires_at = expires_at + 1000000")
    assert verify(vault).problems == ("1 started authorizations do not open",)
    with pytest.raises(VaultDamaged, match="start it again"):
        vault.pending.take(Secret("s1"))


# ---------------------------------------------------------------------------------------------------- new keys
def test_a_rotation_leaves_what_is_damaged_and_its_key(vault: SealedVault, mine: ConnectionRecord, other: ConnectionRecord) -> None:
    good = sealed(vault, mine.id)
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", flipped(good, 300), mine.id)
    done = rotate(vault)
    assert done.left == 1
    assert vault.get(other.id) == other
    with vault.database.reading() as session:
        assert session.rows("SELECT count(*) FROM vault_keys")[0][0] == 2
    run(vault, "UPDATE vault_connections SET sealed = ? WHERE id = ?", good, mine.id)
    assert vault.get(mine.id) == mine
    assert rotate(vault).left == 0
    with vault.database.reading() as session:
        assert session.rows("SELECT count(*) FROM vault_keys")[0][0] == 1
