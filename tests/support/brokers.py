"""A broker on loopback in a thread of this process, or in processes of its own."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import Iterator
from typing import Any

import uvicorn

from unified_platform.broker.app import Broker, create
from unified_platform.broker.signing import Signer

SIGNER = Signer(secrets.token_bytes(32))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(broker: Broker, *, port: int = 0, **options: Any) -> Iterator[str]:
    """The URL of a broker that runs while the block does."""
    config = uvicorn.Config(create(broker), host="127.0.0.1", port=port, log_level="warning", access_log=False, **options)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(server.serve())
        except BaseException as error:
            failed.append(error)
            raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while not server.started and not failed:
        thread.join(0.005)
    assert not failed, failed
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the broker does not stop"
