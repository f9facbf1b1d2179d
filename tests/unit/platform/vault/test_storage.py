"""The vault's file: its permissions, and behavior if it is truncated, overwritten, read-only, or the disk is full."""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.vaults import KEY, record
from tests.unit.platform.vault.conftest import Opens
from unified_platform.vault import ConnectionRecord, VaultDamaged, VaultError, VaultKeyError, VaultUnavailable, open_vault
from unified_platform.vault.maintenance import verify
from unified_runtime import Secret
from unified_runtime.core.errors import InvalidInput, NotConnected

ROOT = Path(__file__).parents[4]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


@pytest.fixture
def key(tmp_path: Path) -> str:
    return f"file:{tmp_path}/keys/key"


def filled(opens: Opens, path: Path, count: int = 12) -> list[ConnectionRecord]:
    """A vault with some connections, closed, so that everything is in the file."""
    vault = opens(str(path))
    stored = [vault.put(record(secret=f"secret-{number}", user=f"user-{number}")) for number in range(count)]
    vault.close()
    assert not path.with_name("vault.db-wal").exists()
    return stored


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_it(opens: Opens, path: Path, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        vault = opens(str(path))
        vault.put(record())
    finally:
        os.umask(old)
    files = sorted(one.name for one in path.parent.iterdir())
    assert files == ["vault.db", "vault.db-shm", "vault.db-wal"]
    assert {mode(one) for one in path.parent.iterdir()} == {0o600}
    assert mode(path.parent) == 0o700
    assert (mode(tmp_path / "keys" / "key"), mode(tmp_path / "keys")) == (0o600, 0o700)


def test_nothing_of_a_secret_is_in_the_files(opens: Opens, path: Path) -> None:
    vault = opens(str(path))
    for number in range(5):
        vault.put(record(secret=f"sentinel-{number}"))
    vault.delete(vault.list().records[0].id)
    found = b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert b"sentinel" not in found
    assert b"redmine" in found  # the vendor and user of a connection are not encrypted


def test_a_file_that_was_cut_off(opens: Opens, path: Path, key: str) -> None:
    stored = filled(opens, path)
    complete = path.read_bytes()
    for length in [1, 50, 99, 100, 101, 4096, *range(5000, len(complete), 3571), len(complete) - 1]:
        path.write_bytes(complete[:length])
        outcomes(path, key, stored, complete[:length])


def test_a_file_that_was_scribbled_over(opens: Opens, path: Path, key: str) -> None:
    stored = filled(opens, path)
    complete = path.read_bytes()
    numbers = random.Random(20311)
    result = [0, 0]
    for _ in range(int(os.environ.get("UNIFIED_TEST_SCRIBBLES", "150"))):
        changed = bytearray(complete)
        for _ in range(numbers.choice([1, 1, 1, 20])):
            position = numbers.randrange(len(complete))
            changed[position] ^= 1 << numbers.randrange(8)
        path.write_bytes(changed)
        good, bad = outcomes(path, key, stored, bytes(changed))
        result[0] += good
        result[1] += bad
    # Both outcomes must occur, or nothing was tested; most bits concern one connection or none.
    assert result[1] > 0
    assert result[0] > result[1]


def outcomes(path: Path, key: str, stored: list[ConnectionRecord], content: bytes) -> tuple[int, int]:
    """Read every connection: each is the stored one, or raises an error of ours. The file is not changed."""
    good = bad = 0
    try:
        vault = open_vault(path, key=key, exist=True)
    except VaultError:
        assert path.read_bytes() == content
        return 0, len(stored)
    for one in stored:
        try:
            assert vault.get(one.id) == one
            good += 1
        except (VaultError, NotConnected):
            bad += 1
    if bad:
        with contextlib.suppress(VaultError):
            assert not verify(vault).sound
    vault.close()
    assert path.read_bytes() == content
    return good, bad


def test_a_file_that_is_none_of_ours(path: Path, key: str) -> None:
    path.parent.mkdir()
    path.write_text("this is a text file of mine, and not a vault at all\n" * 100)
    before = path.read_bytes()
    with pytest.raises(VaultDamaged, match="is damaged: file is not a database"):
        open_vault(path, key=key)
    assert path.read_bytes() == before


def test_a_vault_that_must_exist(path: Path, key: str) -> None:
    with pytest.raises(VaultUnavailable, match="the vault is not in"):
        open_vault(path, key=key, exist=True)
    assert not path.exists()
    with pytest.raises(InvalidInput, match="the vault is at a path"):
        open_vault("mysql://x/y", key=key)


def test_a_file_that_is_taken_away_is_not_made_anew(opens: Opens, path: Path) -> None:
    vault = opens(str(path))
    stored = vault.put(record())
    vault.close()
    path.unlink()
    with pytest.raises(VaultUnavailable, match="cannot be opened"):
        vault.get(stored.id)
    assert not path.exists()


# ---------------------------------------------------------------------------------------------------- keys
def test_a_wrong_key(opens: Opens, path: Path, tmp_path: Path) -> None:
    filled(opens, path)
    before = path.read_bytes()
    with pytest.raises(
        VaultKeyError, match=r"the file .*/other is not the key of the vault in .*: the vault's has the fingerprint \w+, this"
    ):
        opens(str(tmp_path / "made.db"), key=f"file:{tmp_path}/other").close() or opens(str(path), key=f"file:{tmp_path}/other")
    assert path.read_bytes() == before


def test_a_lost_key_is_not_made_anew(opens: Opens, path: Path, tmp_path: Path) -> None:
    stored = filled(opens, path)
    saved = (tmp_path / "keys" / "key").rename(tmp_path / "keys" / "elsewhere")
    with pytest.raises(VaultKeyError, match="does not exist, and it holds the key of a vault that does"):
        opens(str(path))
    assert not (tmp_path / "keys" / "key").exists()
    saved.rename(tmp_path / "keys" / "key")
    assert opens(str(path)).get(stored[0].id) == stored[0]


# -------------------------------------------------------------------------------------------------- write errors
def child(code: str, *arguments: str, limit: int | None = None) -> dict[str, str]:
    """Return the output of a process whose file size is limited."""

    def bounded() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=bounded,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT}/runtime:{ROOT}/generated", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


PRELUDE = """
import json, sys
from dataclasses import replace
from pathlib import Path
from unified_platform.vault import *
from unified_runtime import Secret, UnifiedError
said = {}
def told(name, act):
    try:
        said[name] = str(act())
    except UnifiedError as error:
        said[name] = f"{type(error).__name__}: {error}"
"""

FULL = """
vault = open_vault(sys.argv[1], key=sys.argv[2])
old = vault.get(sys.argv[3])
big = replace(old, secrets={"x_redmine_api_key": Secret("x" * 300_000)})
told("swap", lambda: vault.compare_and_swap(big, old.version))
told("put", lambda: vault.put(big))
told("read", lambda: vault.get(old.id) == old)
told("others", lambda: len(vault.list().records))
print(json.dumps(said))
"""


def test_a_full_disk(opens: Opens, path: Path, key: str) -> None:
    """The maximum size of a file represents that of a disk: both end a write in the middle."""
    stored = filled(opens, path)
    before = path.read_bytes()
    output = child(FULL, str(path), key, stored[3].id, limit=len(before) + 20_000)
    for act in ("swap", "put"):
        assert output[act].startswith("VaultUnavailable: ")
        assert "nothing was changed" in output[act]
    assert (output["read"], output["others"]) == ("True", "12")
    vault = opens(str(path))
    assert [vault.get(one.id) for one in stored] == stored
    assert verify(vault).sound
    assert vault.compare_and_swap(replace(stored[3], secrets={KEY: Secret("x" * 300_000)}), 1).version == 2


def test_a_disk_too_full_for_a_new_vault(path: Path, key: str, tmp_path: Path) -> None:
    output = child("told('open', lambda: open_vault(sys.argv[1], key=sys.argv[2]))\nprint(json.dumps(said))", str(path), key, limit=2000)
    assert output["open"].startswith("VaultUnavailable: ")
    # Writes succeed once there is room again.
    vault = open_vault(path, key=key)
    vault.put(record())
    assert verify(vault).sound
    vault.close()


READ_ONLY = """
import os, resource, unified_platform.store.sqlite, unified_platform.vault.root_keys
if os.geteuid() == 0:  # root is bound by no mode; what is imported later could not be read
    open_vault(sys.argv[4], key="file:" + sys.argv[4] + ".key").close()
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
vault = None
def opened():
    global vault
    vault = open_vault(sys.argv[1], key=sys.argv[2])
    return "opened"
told("open", opened)
if vault is not None:
    told("read", lambda: len(vault.list().records))
    told("write", lambda: vault.put(vault.get(sys.argv[3])))
    told("lease", lambda: vault.try_lease("c", 1))
print(json.dumps(said))
"""
NO_ONE = 65534


@pytest.fixture
def others(tmp_path: Path) -> Iterator[Path]:
    """A folder of another user's, if one is available: root is bound by no mode."""
    folder = Path(tempfile.mkdtemp(prefix="unified-"))
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def given(folder: Path, *paths: Path) -> None:
    if os.geteuid() == 0:
        for path in (folder, *paths):
            os.chown(path, NO_ONE, NO_ONE)


def test_a_read_only_vault(opens: Opens, path: Path, others: Path, tmp_path: Path) -> None:
    stored = filled(opens, path)
    copied, key = others / "vault.db", others / "key"
    shutil.copy(path, copied)
    shutil.copy(tmp_path / "keys" / "key", key)
    copied.chmod(0o400)
    key.chmod(0o600)
    given(others, copied, key)
    before = copied.read_bytes()
    output = child(READ_ONLY, str(copied), f"file:{key}", stored[0].id, str(tmp_path / "warm.db"))
    assert (output["open"], output["read"]) == ("opened", "12")
    assert output["write"] == f"VaultUnavailable: the vault's file {copied} can be read and not written; nothing was changed"
    assert output["lease"].startswith("VaultUnavailable: ")
    for left in others.glob("vault.db-*"):
        left.unlink()
    others.chmod(0o555)
    output = child(READ_ONLY, str(copied), f"file:{key}", stored[0].id, str(tmp_path / "warm.db"))
    assert output["open"].startswith("VaultUnavailable: ")
    assert copied.read_bytes() == before


def test_files_that_cannot_be_read(opens: Opens, path: Path, others: Path, tmp_path: Path) -> None:
    stored = filled(opens, path)
    copied = others / "vault.db"
    shutil.copy(path, copied)
    copied.chmod(0o000)
    given(others, copied)
    output = child(READ_ONLY, str(copied), f"file:{others}/key", stored[0].id, str(tmp_path / "warm.db"))
    assert set(output) == {"open"}
    assert output["open"].startswith(f"VaultUnavailable: the vault's file {copied} cannot be opened")
