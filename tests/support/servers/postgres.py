"""A separate Postgres on loopback, which can be killed and restarted; from Debian's package, in a new folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

_OWNER = "postgres"
_START_SECONDS = 60.0


def missing() -> str | None:
    """Return the reason that this machine cannot start a Postgres, in one line; None if it can."""
    if _programs() is None:
        return "Postgres is not installed: apt-get install -y --no-install-recommends postgresql"
    return None if os.geteuid() == 0 else "a Postgres of one's own is started as its own user: that needs root"


class Postgres:
    """Running server. `url` is that of its database `name`."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://{_OWNER}@127.0.0.1:{self._port}/{name}"

    def start(self) -> None:
        """Start it, and wait until it responds.

        Raises:
            RuntimeError: it does not.
        """
        programs = _programs()
        assert programs is not None
        log = (self._folder / "log").open("ab")
        command = [str(programs / "postgres"), "-D", str(self._folder / "data"), "-p", str(self._port), "-c", "listen_addresses=127.0.0.1"]
        command += ["-c", f"unix_socket_directories={self._folder}", "-c", "fsync=off", "-c", "max_connections=200"]
        as_owner = {"user": _OWNER, "group": _OWNER, "extra_groups": []}
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **as_owner)  # type: ignore[call-overload]
        log.close()
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url(), connect_timeout=5):
                return
            time.sleep(0.05)
        raise RuntimeError(f"Postgres does not respond:\n{(self._folder / 'log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End it at once, as if it had crashed; it recovers from its log at the next start."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)


@contextlib.contextmanager
def running(*databases: str) -> Iterator[Postgres]:
    """Start a Postgres with these databases, and stop it at the end."""
    if reason := missing():
        raise RuntimeError(reason)
    programs = _programs()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder = Path(name)
        shutil.chown(folder, _OWNER, _OWNER)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        subprocess.run(
            [str(programs / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", _OWNER, "--no-sync"],
            check=True,
            capture_output=True,
            user=_OWNER,
            group=_OWNER,
            extra_groups=[],
            cwd=folder,
        )
        server = Postgres(folder, port)
        server.start()
        try:
            with psycopg.connect(server.url(), autocommit=True) as connection:
                for database in databases:
                    connection.execute(f'CREATE DATABASE "{database}"'.encode())
            yield server
        finally:
            server.kill()


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None
