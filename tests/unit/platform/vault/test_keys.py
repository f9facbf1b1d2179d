"""Sources of a vault's root key, and locations that are not trusted with it."""

from __future__ import annotations

import base64
import json
import os
import pickle
import stat
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.backends.chainer
import keyring.backends.fail
import keyring.errors
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.support.vaults import record
from unified_platform.vault import VaultDamaged, VaultError, VaultKeyError, VaultUnavailable, open_vault
from unified_platform.vault.envelope import Key, associated, open_, seal
from unified_platform.vault.maintenance import rotate
from unified_platform.vault.root_keys import new_key, root
from unified_runtime.core.errors import InvalidInput

GOOD = new_key().reveal()


def works(path: Path, source: str) -> None:
    """A vault under this key opens again, and holds its content."""
    first = open_vault(path, key=source)
    stored = first.put(record())
    first.close()
    again = open_vault(path, key=source)
    assert again.get(stored.id) == stored
    again.close()


# ---------------------------------------------------------------------------------------------------- files
def test_a_key_file_is_made_once(tmp_path: Path) -> None:
    works(tmp_path / "v.db", f"file:{tmp_path}/k/key")
    key = (tmp_path / "k" / "key").read_text()
    works(tmp_path / "w.db", f"file:{tmp_path}/k/key")
    assert (tmp_path / "k" / "key").read_text() == key
    assert [one.name for one in (tmp_path / "k").iterdir()] == ["key"]


def test_many_who_open_a_new_vault_make_one_key(tmp_path: Path) -> None:
    found = []

    def opened() -> None:
        vault = open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/key")
        found.append((vault.keys.vault, vault.keys.current.id))
        vault.put(record(user=f"user-{threading.get_ident()}"))

    threads = [threading.Thread(target=opened) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o644, 0o620])
def test_a_key_file_that_others_can_reach(tmp_path: Path, bits: int) -> None:
    (tmp_path / "key").write_text(GOOD)
    (tmp_path / "key").chmod(bits)
    with pytest.raises(VaultKeyError, match=rf"others can read the file .* \(mode {bits:o}\): chmod 600"):
        open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/key")


def test_a_key_file_that_is_a_link_or_a_folder_or_anothers(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD)
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "link").symlink_to(tmp_path / "key")
    (tmp_path / "folder").mkdir(mode=0o700)
    with pytest.raises(VaultUnavailable, match="cannot be read"):
        open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/link")
    with pytest.raises(VaultError):
        open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/folder")
    if os.geteuid() == 0:
        os.chown(tmp_path / "key", 12345, 12345)
        with pytest.raises(VaultKeyError, match="belongs to another user"):
            open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/key")


@pytest.mark.parametrize(
    "content", ["", "short", "not base64 at all!", base64.b64encode(b"x" * 31).decode(), base64.b64encode(b"x" * 33).decode(), "\x00\xff"]
)
def test_a_file_that_holds_no_key(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(VaultKeyError, match="holds no key: it must be 32 bytes in base64") as caught:
        open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/key")
    assert not content or content not in str(caught.value)


# ---------------------------------------------------------------------------------------------------- variables, commands
def test_a_key_in_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(VaultKeyError, match="the variable MY_KEY is not set"):
        open_vault(tmp_path / "v.db", key="env:MY_KEY")
    monkeypatch.setenv("MY_KEY", GOOD)
    works(tmp_path / "v.db", "env:MY_KEY")


def test_a_key_that_a_command_prints(tmp_path: Path) -> None:
    (tmp_path / "key file").write_text(GOOD)
    works(tmp_path / "v.db", f"command:{sys.executable} -c \"print(open('{tmp_path}/key file').read())\"")
    with pytest.raises(VaultUnavailable, match="should print the vault's key, ended with 3"):
        open_vault(tmp_path / "v.db", key=f"command:{sys.executable} -c 'raise SystemExit(3)'")
    with pytest.raises(VaultUnavailable, match="cannot be run: No such file"):
        open_vault(tmp_path / "v.db", key="command:/nowhere/at/all --key")


def test_a_command_is_run_without_a_shell(tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        open_vault(tmp_path / "v.db", key=f"command:echo x; touch {tmp_path}/made")
    assert not (tmp_path / "made").exists()


def test_a_command_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.vault.root_keys._COMMAND_SECONDS", 0.2)
    with pytest.raises(VaultUnavailable, match="did not end within"):
        open_vault(tmp_path / "v.db", key="command:sleep 30")


@pytest.mark.parametrize("source", ["", "file:", "nowhere:x", "fil:/x", "keyring:no-slash"])
def test_invalid_key_sources(tmp_path: Path, source: str) -> None:
    with pytest.raises(InvalidInput):
        root(source).prepare(create=False)


# ---------------------------------------------------------------------------------------------------- keyring
class Memory(keyring.backend.KeyringBackend):
    """A keyring, as on a desktop."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


class PlaintextKeyring(Memory):
    """Has the name of the one in keyrings.alt, which stores secrets unencrypted in a file."""


class Locked(Memory):
    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("no")


@pytest.fixture
def backends() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("backends")
def test_a_key_in_the_keyring(tmp_path: Path) -> None:
    memory = Memory()
    keyring.set_keyring(memory)
    works(tmp_path / "v.db", "keyring:unified/vault")
    assert len(base64.b64decode(memory.entries["unified", "vault"])) == 32
    memory.entries.clear()
    with pytest.raises(VaultKeyError, match="does not exist"):
        open_vault(tmp_path / "v.db", key="keyring:unified/vault")
    assert not memory.entries


@pytest.mark.usefixtures("backends")
@pytest.mark.parametrize("backend", [PlaintextKeyring(), keyring.backends.fail.Keyring()])
def test_a_keyring_that_keeps_no_secret_is_refused(tmp_path: Path, backend: keyring.backend.KeyringBackend) -> None:
    keyring.set_keyring(backend)
    with pytest.raises(VaultKeyError, match="keeps no secret: take another source"):
        open_vault(tmp_path / "v.db", key="keyring:unified/vault")
    assert not getattr(backend, "entries", None)


@pytest.mark.usefixtures("backends")
def test_a_chain_of_keyrings_is_as_good_as_its_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = keyring.backends.chainer.ChainerBackend()
    keyring.set_keyring(chain)
    monkeypatch.setattr(type(chain), "backends", [PlaintextKeyring(), Memory()])
    with pytest.raises(VaultKeyError, match="PlaintextKeyring"):
        open_vault(tmp_path / "v.db", key="keyring:unified/vault")
    monkeypatch.setattr(type(chain), "backends", [])
    with pytest.raises(VaultKeyError, match="no backend at all"):
        open_vault(tmp_path / "v.db", key="keyring:unified/vault")


@pytest.mark.usefixtures("backends")
def test_a_keyring_that_is_locked(tmp_path: Path) -> None:
    keyring.set_keyring(Locked())
    with pytest.raises(VaultUnavailable, match="cannot be read: KeyringLocked"):
        open_vault(tmp_path / "v.db", key="keyring:unified/vault")


# ---------------------------------------------------------------------------------------------------- HashiCorp Vault
class Transit:
    """The two requests of a transit engine, by its API documentation; a real server is not available for these tests."""

    def __init__(self) -> None:
        self.cipher = AESGCM(AESGCM.generate_key(256))
        self.seen: list[dict[str, str]] = []
        self.answer: tuple[int, Any] | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.seen.append({name.lower(): value for name, value in self.headers.items()} | {"path": self.path})
                status, response = outer.answer or outer.answered(self.path, body)
                content = json.dumps(response).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answered(self, path: str, body: dict[str, str]) -> tuple[int, Any]:
        about = base64.b64decode(body["associated_data"])
        if path == "/v1/team/transit/encrypt/unified":
            nonce = os.urandom(12)
            sealed = nonce + self.cipher.encrypt(nonce, base64.b64decode(body["plaintext"]), about)
            return 200, {"data": {"ciphertext": f"vault:v1:{base64.b64encode(sealed).decode()}", "key_version": 1}}
        if path == "/v1/team/transit/decrypt/unified":
            sealed = base64.b64decode(body["ciphertext"].removeprefix("vault:v1:"))
            try:
                return 200, {"data": {"plaintext": base64.b64encode(self.cipher.decrypt(sealed[:12], sealed[12:], about)).decode()}}
            except InvalidTag:
                return 400, {"errors": ["cipher: message authentication failed"]}
        return 404, {"errors": []}


@pytest.fixture
def transit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Transit]:
    monkeypatch.setenv("VAULT_TOKEN", "hvs.sentinel-7f3a")
    made = Transit()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_key_that_never_leaves_hashicorp_vault(transit: Transit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_NAMESPACE", "ns1")
    source = f"transit:{transit.url}/team/transit/keys/unified"
    works(tmp_path / "v.db", source)
    assert {one["x-vault-token"] for one in transit.seen} == {"hvs.sentinel-7f3a"}
    assert {one["x-vault-namespace"] for one in transit.seen} == {"ns1"}
    # It is called when a vault is opened, not for each connection.
    vault = open_vault(tmp_path / "v.db", key=source)
    before = len(transit.seen)
    for number in range(5):
        vault.put(record(user=f"user-{number}"))
    vault.list()
    assert len(transit.seen) == before
    rotate(vault)
    assert [one["path"] for one in transit.seen[before:]].count("/v1/team/transit/encrypt/unified") == 1
    # A key that was wrapped for another purpose, or altered, does not open.
    with vault.database.writing("test") as session:
        session.run("UPDATE vault_keys SET wrapped = ?, mirror = ?", b"vault:v1:" + base64.b64encode(b"x" * 80), b"nothing")
    with pytest.raises(VaultDamaged):
        open_vault(tmp_path / "v.db", key=source)


def test_a_vault_goes_over_to_another_root_key(transit: Transit, tmp_path: Path) -> None:
    vault = open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/key")
    stored = vault.put(record())
    rotate(vault, root(f"transit:{transit.url}/team/transit/keys/unified"))
    assert vault.get(stored.id) == stored
    assert vault.put(stored).version == 2
    with pytest.raises(VaultKeyError, match="is not the key of the vault"):
        open_vault(tmp_path / "v.db", key=f"file:{tmp_path}/key")
    again = open_vault(tmp_path / "v.db", key=f"transit:{transit.url}/team/transit/keys/unified")
    assert again.get(stored.id).version == 2


@pytest.mark.parametrize(
    ("response", "kind", "match"),
    [
        ((403, {"errors": ["permission denied"]}), VaultKeyError, "refuses the token .HTTP 403.: it needs update on encrypt/unified"),
        ((404, {"errors": []}), VaultKeyError, "does not exist"),
        ((503, {"errors": ["Vault is sealed"]}), VaultUnavailable, "is sealed or in maintenance"),
        ((500, {"errors": ["hvs.sentinel-7f3a"]}), VaultUnavailable, "returned HTTP 500 to encrypt"),
        ((200, {"data": {}}), VaultUnavailable, "returned no ciphertext"),
        ((200, ["no"]), VaultUnavailable, "returned HTTP 200 to encrypt"),
        ((307, {}), VaultUnavailable, "returned HTTP 307"),
    ],
)
def test_responses_of_hashicorp_vault(
    transit: Transit, tmp_path: Path, response: tuple[int, Any], kind: type[VaultError], match: str
) -> None:
    transit.answer = response
    with pytest.raises(kind, match=match) as caught:
        open_vault(tmp_path / "v.db", key=f"transit:{transit.url}/team/transit/keys/unified")
    assert "sentinel" not in str(caught.value)


def test_a_hashicorp_vault_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "x")
    with pytest.raises(VaultUnavailable, match="cannot be reached: ConnectError"):
        open_vault(tmp_path / "v.db", key="transit:http://127.0.0.1:1/transit/keys/k")
    monkeypatch.delenv("VAULT_TOKEN")
    monkeypatch.setenv("VAULT_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(VaultKeyError, match="set VAULT_TOKEN, or write it to"):
        open_vault(tmp_path / "v.db", key="transit:http://127.0.0.1:1/transit/keys/k")


@pytest.mark.parametrize(
    "where",
    [
        "http://vault.example/transit/keys/k",
        "https://vault.example/transit/k",
        "https://u@vault.example/transit/keys/k",
        "ftp://x/t/keys/k",
    ],
)
def test_addresses_that_are_refused(where: str) -> None:
    with pytest.raises(InvalidInput):
        root(f"transit:{where}")


# ---------------------------------------------------------------------------------------------------- envelope
def test_sealed_bytes_differ_each_time_and_keys_show_nowhere() -> None:
    key = Key(b"12345678", os.urandom(32))
    about = associated("a", 1)
    assert seal(key, b"plain", about) != seal(key, b"plain", about)
    assert open_(key, seal(key, b"plain", about), about) == b"plain"
    assert repr(key) == "Key(3132333435363738)"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(key)


def test_no_two_sequences_are_bound_alike() -> None:
    tried = [("a", "b"), ("ab",), ("a", "b", ""), ("", "a", "b"), ("a", None, "b"), ("a", 1), ("a", "1"), ("a", "b", "c"), ("a", "bc")]
    assert len({associated(*parts) for parts in tried}) == len(tried)


def test_the_mode_of_what_is_made(tmp_path: Path) -> None:
    works(tmp_path / "v.db", f"file:{tmp_path}/k/key")
    assert stat.S_IMODE((tmp_path / "k" / "key").stat().st_mode) == 0o600
