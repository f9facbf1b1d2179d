"""A broker on loopback in a thread of this process, or in processes of its own."""

from __future__ import annotations

import asyncio
import contextlib
import io
import secrets
import socket
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import uvicorn

from unified_platform.broker.app import create
from unified_platform.broker.http_connections import ServerConfig
from unified_platform.broker.parts import Broker
from unified_platform.broker.token_signing import Signer

DRAIN = 10
"""Seconds for requests in progress when a broker stops."""

SIGNER = Signer(secrets.token_bytes(32))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(broker: Broker, *, port: int = 0, proxies: Sequence[str] = (), **options: Any) -> Iterator[str]:
    """Yield the URL of a broker that runs while the block does; for a unix socket (`uds`), its path."""
    # As `unified broker serve` does, it waits at most this long for requests in progress.
    options = {"timeout_graceful_shutdown": DRAIN, **options}
    config = ServerConfig(
        create(broker), broker.limits, proxies, host="127.0.0.1", port=port, log_level="warning", access_log=False, **options
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
    failed: list[BaseException] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:  # uvloop, as for `unified broker serve`
                runner.run(serve())
        except BaseException as error:
            failed.append(error)
            raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while not server.started and not failed:
        thread.join(0.005)
    assert not failed, failed
    try:
        if config.uds is not None:
            yield config.uds
        else:
            scheme = "http" if config.tls is None else "https"
            yield f"{scheme}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(DRAIN + 20)
        if thread.is_alive():
            pytest.fail(f"the broker does not stop: {server.server_state.connections}\n{_stuck(loops[0])}")


def _stuck(loop: asyncio.AbstractEventLoop) -> str:
    """Return the stacks of a broker's tasks and blocked threads."""
    result, frames = io.StringIO(), sys._current_frames()
    for task in asyncio.all_tasks(loop):
        task.print_stack(file=result)
    for thread in threading.enumerate():
        if thread.name.startswith("unified-broker") and thread.ident in frames:
            result.writelines([f"{thread.name}\n", *traceback.format_stack(frames[thread.ident])])
    return result.getvalue()
