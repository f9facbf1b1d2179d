"""Resolution of host names with a time limit.

The operating system's resolver accepts no time limit. It runs in a daemon thread, so that a name server that does not respond blocks
neither the call, nor the threads of an event loop, nor the end of the process. Concurrent look-ups of one host share a thread.
"""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future

Key = tuple[str, int, int]

_lock = threading.Lock()
_running: dict[Key, Future[list[Any]]] = {}


def resolve(host: str, port: int, timeout: float | None) -> list[Any]:
    """Return the addresses of a host, as `socket.getaddrinfo` does for TCP.

    Raises:
        TimeoutError: the resolver did not respond within `timeout` seconds.
        OSError: the host has no address.
        UnicodeError: it is not a valid host name.
    """
    try:
        return _numeric(host, port)
    except socket.gaierror:
        return _started(host, port).result(timeout)


async def resolve_async(host: str, port: int) -> list[Any]:
    """Return the addresses of a host, as `resolve` does; the caller limits the time."""
    import asyncio  # imports ssl, which sync clients do not need for plain HTTP

    try:
        return _numeric(host, port)
    except socket.gaierror:
        return await asyncio.wrap_future(_started(host, port))


def _numeric(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)


def _started(host: str, port: int) -> Future[list[Any]]:
    """Return the look-up of a host that is in progress, or a new one."""
    from concurrent.futures import Future  # only if there is a name to look up

    key = host, port, os.getpid()  # after a fork, the parent's thread does not exist
    with _lock:
        found = _running.get(key)
        if found is None:
            found = Future()
            found.set_running_or_notify_cancel()  # a caller that stops waiting does not cancel it for the others
            _running[key] = found
            threading.Thread(target=_look_up, args=(key, found), name="unified-resolver", daemon=True).start()
        return found


def _look_up(key: Key, future: Future[list[Any]]) -> None:
    host, port, _ = key
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        _done(key)
        future.set_exception(error)
    else:
        _done(key)
        future.set_result(found)


def _done(key: Key) -> None:
    with _lock:
        _running.pop(key, None)
