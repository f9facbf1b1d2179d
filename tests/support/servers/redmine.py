"""A real Redmine on loopback, started from Debian's packages on a fresh copy of the database that the package made."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import yaml

PACKAGES = ("redmine", "redmine-sqlite", "puma")
_APPLICATION = Path("/usr/share/redmine")
_DATABASES = Path("/etc/redmine/default/database.yml")
_SEED = Path(__file__).with_name("redmine_seed.rb")
_OWNER = "www-data"
_START_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Redmine:
    """Running server and its seed data: an administrator, a member of the first project, and two projects.

    `key` is the administrator's API key, made for this run; it is not part of the repr.
    """

    url: str
    key: str = field(repr=False)
    version: str
    admin_id: int
    worker_id: int
    project_id: int
    project_key: str
    paged_project_id: int  # holds `paged` issues, more than two pages
    paged: int


def with_project(server: Redmine, key: str) -> Redmine:
    """Return the same server with a new project of that identifier, to which the member can be assigned, without data of other tests."""
    with httpx2.Client(base_url=server.url, headers={"X-Redmine-API-Key": server.key}, trust_env=False) as client:
        project = {"name": "Demo", "identifier": key, "is_public": False, "enabled_module_names": ["issue_tracking"]}
        created = client.post("/projects.json", json={"project": project}).raise_for_status().json()["project"]
        roles = {role["name"]: role["id"] for role in client.get("/roles.json").raise_for_status().json()["roles"]}
        member = {"user_id": server.worker_id, "role_ids": [roles["Developer"]]}
        client.post(f"/projects/{created['id']}/memberships.json", json={"membership": member}).raise_for_status()
    return replace(server, project_id=created["id"], project_key=key)


def missing() -> str | None:
    """Return the reason that this machine cannot start a Redmine, in one line; None if it can."""
    if not _APPLICATION.joinpath("config.ru").exists() or shutil.which("puma") is None or not _DATABASES.exists():
        return f"Redmine is not installed: apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"
    if os.geteuid() != 0:
        return "Redmine's secret and database files belong to its own user: starting it needs root"
    return None


@contextlib.contextmanager
def running(database: Path | None = None) -> Iterator[Redmine]:
    """Start a Redmine with one administrator, one member and two projects, and stop it at the end.

    Its database is the file `database`, where others look into it; its folder belongs to the server's user from then on.

    Raises:
        RuntimeError: it cannot be installed, seeded or reached; the message holds the end of its log.
    """
    if reason := missing():
        raise RuntimeError(reason)
    with tempfile.TemporaryDirectory(prefix="redmine-") as name:
        folder = Path(name)
        database = database or folder / "redmine.sqlite3"
        _copy_database(database)
        for path in (folder, database.parent, database):
            shutil.chown(path, _OWNER, _OWNER)
        key = secrets.token_hex(20)
        environment = _environment(folder, database)
        facts = _seed(environment, key)
        port = _free_port()
        with _serving(environment, port, folder / "puma.log"):
            yield Redmine(url=f"http://127.0.0.1:{port}", key=key, **facts)


def _copy_database(target: Path) -> None:
    # The package migrates the database and loads the default trackers, statuses and roles into it. A copy through SQLite
    # itself includes the contents of the write-ahead log.
    settings = yaml.safe_load(_DATABASES.read_text(encoding="utf-8"))["production"]
    if settings["adapter"] != "sqlite3":
        raise RuntimeError(f"the packaged Redmine uses {settings['adapter']}; the tests copy a SQLite database (package redmine-sqlite)")
    with (
        contextlib.closing(sqlite3.connect(f"file:{settings['database']}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        (projects,) = copy.execute("select count(*) from projects").fetchone()
    if projects:
        # Responses are recorded into cassettes, which must never contain a person's own projects.
        raise RuntimeError(f"the packaged Redmine already holds {projects} projects; the tests run only on an unused one")


def _environment(folder: Path, database: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "RAILS_ENV": "production",
        "RAILS_LOG_TO_STDOUT": "1",
        "REDMINE_INSTANCE": "default",
        "DATABASE_URL": f"sqlite3:{database}",
    }


def _owner() -> dict[str, object]:
    return {"user": _OWNER, "group": _OWNER, "extra_groups": []}


def _seed(environment: dict[str, str], key: str) -> dict[str, Any]:
    with _SEED.open("rb") as script:  # by standard input: the server's user need not be able to read this checkout
        done = subprocess.run(
            ["ruby", "bin/rails", "runner", "-"],
            cwd=_APPLICATION,
            env=environment | {"REDMINE_ADMIN_KEY": key},
            stdin=script,
            capture_output=True,
            text=True,
            check=False,
            timeout=_START_SECONDS,
            **_owner(),  # type: ignore[call-overload]
        )
    if done.returncode:
        raise RuntimeError(f"seeding Redmine failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    facts: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return facts


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def _serving(environment: dict[str, str], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        server = subprocess.Popen(
            ["puma", "--bind", f"tcp://127.0.0.1:{port}", "--threads", "2:4", "--workers", "0"],
            cwd=_APPLICATION,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **_owner(),  # type: ignore[call-overload]
        )
        try:
            _await(server, f"http://127.0.0.1:{port}/login", log)
            yield
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _await(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"Redmine ended with {server.returncode} while starting:\n{_tail(log)}")
        try:
            httpx2.get(url, timeout=30.0, trust_env=False)
        except httpx2.ConnectError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"Redmine did not respond within {_START_SECONDS:.0f} s:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]
