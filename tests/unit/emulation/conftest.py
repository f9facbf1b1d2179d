"""Emulators over HTTP on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import uvicorn

from unified_emulation.serving.app import create
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.server import config


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Emulators]]:
    emulators = Emulators(("todoist", "asana", "trello", "zendesk"))
    server = uvicorn.Server(config(create(emulators), "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        pass
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", emulators
    server.should_exit = True
    thread.join()
