"""A real Roundup on loopback: each test has a tracker of its own, copied from one that is made once."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

PAGED = 250
KEYWORDS = ("red", "green", *(f"{name}{number}" for name in ("Labels", "Addlabels", "Removelabels") for number in (1, 2, 3)))
"""Keywords of the tracker: those of the behaviour suite, too."""


@dataclass(frozen=True, slots=True)
class Roundup:
    """Running server and the seed data of its tracker: an administrator, a user, and issues assigned to a third.

    `password` is that of all three, made for this run; it is not part of the repr.
    """

    url: str
    password: str = field(repr=False)
    version: str
    admin: str  # login names
    user: str
    admin_id: int
    user_id: int
    paged_user_id: int  # is assigned `paged` issues, more than two pages
    paged: int


@dataclass(slots=True)
class Host:
    """Serve trackers, each at an address of its own: Roundup's own server."""

    server: ThreadingHTTPServer
    folder: Path
    seeded: Roundup
    trackers: dict[str, Any]

    def fresh(self, **settings: object) -> Roundup:
        """Yield a copy of the tracker; `settings` are lines of its `config.ini`, such as `api_calls_per_interval`."""
        from roundup import instance

        name = f"tracker{len(self.trackers)}"
        url = f"{self.seeded.url}/{name}"
        copy = self.folder / name
        shutil.copytree(self.folder / "tracker", copy)
        file = copy / "config.ini"
        text = file.read_text(encoding="utf-8").replace(str(self.folder / "tracker"), str(copy))
        for key, value in {"web": f"{url}/", **settings}.items():
            (line,) = (line for line in text.splitlines() if line.startswith(f"{key} ="))
            text = text.replace(f"\n{line}\n", f"\n{key} = {value}\n")
        file.write_text(text, encoding="utf-8")
        self.trackers[name] = instance.open(str(copy), optimize=1)
        return replace(self.seeded, url=url)


def missing() -> str | None:
    """Return the reason that this machine cannot start a Roundup, in one line; None if it can."""
    return None if importlib.util.find_spec("roundup") is not None else "Roundup is not installed: pip install '.[dev]'"


@contextlib.contextmanager
def running(paged: int = PAGED) -> Iterator[Host]:
    """Make a tracker with so many paged issues, and a server for copies of it."""
    from roundup.scripts.roundup_server import RoundupRequestHandler, ServerConfig

    from examples.embedded_roundup import make_tracker

    class Handler(RoundupRequestHandler):  # type: ignore[misc] # Roundup is not typed
        CONFIG = ServerConfig()
        TRACKERS: dict[str, Any] = {}  # noqa: RUF012 - Roundup's own name and kind
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that disconnected is not a fault of the tracker
                super().handle_error(request, client_address)

    with tempfile.TemporaryDirectory(prefix="roundup-") as name, Server(("127.0.0.1", 0), Handler) as server:
        folder = Path(name)
        url = f"http://127.0.0.1:{server.server_port}"
        password = secrets.token_urlsafe(16)
        people = {
            "ada": {"realname": "Ada Admin", "address": "ada@example.net", "roles": "User,Admin"},
            "wanda": {"realname": "Wanda Worker", "address": "wanda@example.net", "roles": "User"},
            "paul": {"realname": "Paul Paged", "roles": "User"},
        }
        make_tracker(folder / "tracker", f"{url}/tracker", {login: {"password": password, **result} for login, result in people.items()})
        ids = _seed(folder / "tracker", people, paged)
        seeded = Roundup(
            url=url,
            password=password,
            version=importlib.metadata.version("roundup"),
            admin="ada",
            user="wanda",
            admin_id=ids["ada"],
            user_id=ids["wanda"],
            paged_user_id=ids["paul"],
            paged=paged,
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Host(server, folder, seeded, Handler.TRACKERS)
        finally:
            server.shutdown()
            thread.join()


def _seed(tracker: Path, people: dict[str, dict[str, str]], paged: int) -> dict[str, int]:
    from roundup import instance

    database = instance.open(str(tracker)).open("admin")
    try:
        ids = {login: database.user.lookup(login) for login in people}
        for name in KEYWORDS:
            database.keyword.create(name=name)
        for number in range(paged):
            database.issue.create(title=f"Paged {number + 1}", assignedto=ids["paul"])
        database.commit()
    finally:
        database.close()
    return {login: int(id) for login, id in ids.items()}
