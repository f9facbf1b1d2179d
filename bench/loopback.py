"""An HTTP server on loopback with fixed answers, in a process of its own so that it costs the client nothing."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import socket
import threading
from collections.abc import Collection, Iterator, Mapping
from multiprocessing.connection import Connection


@contextlib.contextmanager
def serving(answers: Mapping[str, bytes], created: Collection[str] = ()) -> Iterator[str]:
    """The URL of a server that answers JSON. Of `answers`, the longest key that a request begins with counts: `GET /rest/api/3/issue/`.

    A request that fits none is answered 404, one that is in `created` with 201, any other with 200.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(dict(answers), frozenset(created), theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(answers: dict[str, bytes], created: frozenset[str], ready: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who measures is interrupted, and ends this
    made = {start: _answer(b"201 Created" if start in created else b"200 OK", body) for start, body in answers.items()}
    ordered = sorted(((start.encode(), answer) for start, answer in made.items()), key=lambda each: -len(each[0]))
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        ready.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_converse, args=(connection, ordered), daemon=True).start()


def _answer(status: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


_NOT_FOUND = _answer(b"404 Not Found", b'{"errorMessages":["no answer is prepared for this request"]}')


def _converse(connection: socket.socket, answers: list[tuple[bytes, bytes]]) -> None:
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
                connection.sendall(next((answer for start, answer in answers if head.startswith(start)), _NOT_FOUND))
