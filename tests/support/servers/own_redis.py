"""A Redis server of a test's own, on a free port, that can be stopped and started again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from types import TracebackType

import redis


def missing() -> str | None:
    """Return the reason that it cannot be started, in one line; None if it can."""
    return None if shutil.which("redis-server") else "redis-server is not installed"


class OwnRedis:
    """Use it in a `with` block."""

    def __enter__(self) -> OwnRedis:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._folder = tempfile.TemporaryDirectory(prefix="redis-")
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()
        return self

    def start(self) -> None:
        """Start without data."""
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([*words, "--dir", self._folder.name], stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url)
        for _ in range(200):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.02)
        client.close()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        self._folder.cleanup()
