"""A real Synapse on loopback: one process, SQLite, installed into `.cache/synapse` by `make synapse`, talking to no other server."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import yaml

PAGED = 250
LIFETIME = 3
"""Lifetime in seconds of an access token of a login with a refresh token."""
BURST = 3
"""Messages that a user without exemption may send at once."""
_PYTHON = Path(__file__).parents[3] / ".cache" / "synapse" / "bin" / "python"
_SERVER_NAME = "hs.test"
_START_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Synapse:
    """Running server and its data: Ada and Wanda in a room, Larry, whose messages are rate-limited, and a room that holds
    `paged` messages of Ada's.

    The tokens are made for this run and are not part of the repr.
    """

    url: str
    token: str = field(repr=False)
    other_token: str = field(repr=False)
    limited_token: str = field(repr=False)
    version: str
    me: str
    other: str
    limited: str
    room: str
    paged_room: str
    paged: int


def missing() -> str | None:
    """Return the reason that this machine cannot start a Synapse, in one line; None if it can."""
    return None if _PYTHON.exists() else "Synapse is not installed: make synapse"


def with_room(server: Synapse, name: str) -> Synapse:
    """Return the same server with a new room that all three users are in."""
    with _api(server.url, server.token) as ada:
        room = _room(ada, name)
    for token in (server.other_token, server.limited_token):
        with _api(server.url, token) as user:
            while (response := user.post(f"/_matrix/client/v3/join/{room}", json={})).status_code == 429:
                time.sleep(float(response.headers["Retry-After"]))
            response.raise_for_status()
    return replace(server, room=room)


@contextlib.contextmanager
def running(database: Path | None = None) -> Iterator[Synapse]:
    """Start a Synapse with three users and two rooms, and stop it at the end.

    Its database is the file `database`, where others look into it.

    Raises:
        RuntimeError: it cannot be started or seeded; the message holds the end of its log.
    """
    if reason := missing():
        raise RuntimeError(reason)
    with tempfile.TemporaryDirectory(prefix="synapse-") as name:
        folder, port, shared = Path(name), _free_port(), secrets.token_hex(16)
        url = f"http://127.0.0.1:{port}"
        _configure(folder, port, shared, database or folder / "homeserver.db")
        with _serving(folder, url):
            yield _seeded(url, shared)


@contextlib.contextmanager
def telling(address: str, secret: str) -> Iterator[tuple[str, str]]:
    """Start a Synapse that sends all events to an application service at a URL. Yields its own address and Ada's token.

    Raises:
        RuntimeError: it cannot be started.
    """
    if reason := missing():
        raise RuntimeError(reason)
    with tempfile.TemporaryDirectory(prefix="synapse-") as name:
        folder, port, shared = Path(name), _free_port(), secrets.token_hex(16)
        url = f"http://127.0.0.1:{port}"
        everything = [{"regex": ".*", "exclusive": False}]
        registration = {
            "id": "unified",
            "url": address,
            "as_token": secrets.token_hex(16),
            "hs_token": secret,
            "sender_localpart": "unified",
            "rate_limited": False,
            "namespaces": {"users": everything, "rooms": everything, "aliases": []},
        }
        (folder / "unified.yaml").write_text(yaml.safe_dump(registration), encoding="utf-8")
        _configure(folder, port, shared, folder / "homeserver.db", app_service_config_files=[str(folder / "unified.yaml")])
        with _serving(folder, url):
            yield url, _registered(url, shared, "ada", "Ada Admin")


def _configure(folder: Path, port: int, shared: str, database: Path, **more: Any) -> None:
    """Settings of a server for clients on loopback only. Only messages are rate limited: suites make many quick requests of other kinds."""
    freely = {"per_second": 1000, "burst_count": 10000}
    settings = {
        "server_name": _SERVER_NAME,
        "pid_file": str(folder / "synapse.pid"),
        "listeners": [
            {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"], "compress": False}]}
        ],
        "database": {"name": "sqlite3", "args": {"database": str(database)}},
        "log_config": str(folder / "log.yaml"),
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": shared,
        "macaroon_secret_key": secrets.token_hex(16),
        "form_secret": secrets.token_hex(16),
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "enable_registration": False,
        "refreshable_access_token_lifetime": f"{LIFETIME}s",  # for logins that request a refresh token
        "push": {"enabled": False},
        "user_directory": {"search_all_users": True},
        "room_list_publication_rules": [{"action": "allow"}],
        "rc_message": {"per_second": 2, "burst_count": BURST},
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), freely),
        "rc_joins": {"local": freely, "remote": freely},
        "rc_room_creation": freely,
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), freely),
        "rc_admin_redaction": freely,
        "rc_registration": freely,
        **more,
    }
    (folder / "homeserver.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    log = {
        "version": 1,
        "handlers": {"file": {"class": "logging.FileHandler", "filename": str(folder / "synapse.log")}},
        "root": {"level": "WARNING", "handlers": ["file"]},
    }
    (folder / "log.yaml").write_text(yaml.safe_dump(log), encoding="utf-8")


@contextlib.contextmanager
def _serving(folder: Path, url: str) -> Iterator[None]:
    command = [str(_PYTHON), "-m", "synapse.app.homeserver", "--config-path", str(folder / "homeserver.yaml")]
    made = subprocess.run([*command, "--generate-keys"], cwd=folder, capture_output=True, text=True, check=False, timeout=_START_SECONDS)
    if made.returncode:
        raise RuntimeError(f"Synapse cannot be configured:\n{made.stdout[-2000:]}\n{made.stderr[-2000:]}")
    with (folder / "out").open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            _await(server, folder, url)
            yield
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _await(server: subprocess.Popen[bytes], folder: Path, url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"Synapse ended with {server.returncode} while starting:\n{_tail(folder)}")
        try:
            httpx2.get(f"{url}/_matrix/client/versions", timeout=30.0, trust_env=False)
        except httpx2.ConnectError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"Synapse did not respond within {_START_SECONDS:.0f} s:\n{_tail(folder)}")


def _tail(folder: Path) -> str:
    files = [folder / name for name in ("out", "synapse.log")]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace")[-2000:] for file in files if file.exists())


def _seeded(url: str, shared: str) -> Synapse:
    tokens = {name: _registered(url, shared, name, shown) for name, shown in _PEOPLE.items()}
    with _api(url, tokens["ada"]) as ada:
        for name in ("ada", "wanda"):
            exempt = {"messages_per_second": 0, "burst_count": 0}
            ada.post(f"/_synapse/admin/v1/users/@{name}:{_SERVER_NAME}/override_ratelimit", json=exempt).raise_for_status()
        version = ada.get("/_synapse/admin/v1/server_version").raise_for_status().json()["server_version"].split(" ")[0]
        paged = _room(ada, "Paged")

        for number in range(PAGED):
            content = {"msgtype": "m.text", "body": f"Paged {number + 1}"}
            ada.put(f"/_matrix/client/v3/rooms/{paged}/send/m.room.message/seed{number}", json=content).raise_for_status()
        room = _room(ada, "Demo")
        _until_listed(ada)
    return Synapse(
        url=url,
        token=tokens["ada"],
        other_token=tokens["wanda"],
        limited_token=tokens["larry"],
        version=version,
        me=f"@ada:{_SERVER_NAME}",
        other=f"@wanda:{_SERVER_NAME}",
        limited=f"@larry:{_SERVER_NAME}",
        room=room,
        paged_room=paged,
        paged=PAGED,
    )


def _until_listed(client: httpx2.Client) -> None:
    """Wait for the user directory, which is filled in the background and does not list a user to themselves."""
    deadline = time.monotonic() + _START_SECONDS
    for shown in [shown for name, shown in _PEOPLE.items() if name != "ada"]:
        while not client.post("/_matrix/client/v3/user_directory/search", json={"search_term": shown}).raise_for_status().json()["results"]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the user directory does not know {shown}")
            time.sleep(0.2)


_PEOPLE = {"ada": "Ada Admin", "wanda": "Wanda Worker", "larry": "Larry Limited"}


def _registered(url: str, shared: str, name: str, shown: str) -> str:
    """Return a new user's access token (https://element-hq.github.io/synapse/latest/admin_api/register_api.html)."""
    with httpx2.Client(base_url=url, trust_env=False, timeout=60.0) as client:
        nonce = client.get("/_synapse/admin/v1/register").raise_for_status().json()["nonce"]
        password, kind = secrets.token_hex(16), "admin" if name == "ada" else "notadmin"
        mac = hmac.new(shared.encode(), f"{nonce}\0{name}\0{password}\0{kind}".encode(), hashlib.sha1).hexdigest()
        user = {"nonce": nonce, "username": name, "displayname": shown, "password": password, "admin": name == "ada", "mac": mac}
        token: str = client.post("/_synapse/admin/v1/register", json=user).raise_for_status().json()["access_token"]
    return token


def _api(url: str, token: str) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60.0)


def _room(client: httpx2.Client, name: str) -> str:
    made: dict[str, Any] = (
        client.post("/_matrix/client/v3/createRoom", json={"name": name, "visibility": "public"}).raise_for_status().json()
    )
    return str(made["room_id"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
