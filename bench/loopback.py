"""HTTP server on loopback with fixed responses, in its own process so that its CPU time is not the client's."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import socket
import threading
from collections.abc import Collection, Iterator, Mapping
from multiprocessing.connection import Connection


@contextlib.contextmanager
def serving(responses: Mapping[str, bytes], created: Collection[str] = ()) -> Iterator[str]:
    """Yield the URL of a server that returns JSON. The longest key of `responses` that a request starts with is used: `GET /issue/`.

    The status is 404 if no key matches, 201 if the key is in `created`, and otherwise 200.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(dict(responses), frozenset(created), theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(responses: dict[str, bytes], created: frozenset[str], ready: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C stops the parent, which terminates this process
    built = {start: _response(b"201 Created" if start in created else b"200 OK", body) for start, body in responses.items()}
    ordered = sorted(((start.encode(), response) for start, response in built.items()), key=lambda each: -len(each[0]))
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        ready.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_handle, args=(connection, ordered), daemon=True).start()


def _response(status: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


_NOT_FOUND = _response(b"404 Not Found", b'{"errorMessages":["no response is prepared for this request"]}')


def _handle(connection: socket.socket, responses: list[tuple[bytes, bytes]]) -> None:
    pending = b""
    with connection, contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65536):
            pending += chunk
            while b"\r\n\r\n" in pending:
                head, _, pending = pending.partition(b"\r\n\r\n")
                length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
                while len(pending) < length:
                    pending += connection.recv(65536)
                pending = pending[length:]
                connection.sendall(next((response for start, response in responses if head.startswith(start)), _NOT_FOUND))
