"""Files of 200 MiB through operations of a toolkit: a client's memory does not grow with the content.

The client is a process of its own, as in `test_large`: its memory for a content of 1 MiB is measured first.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.transfers.conftest import MIB, file_of

SIZE = 200 * MIB
PIECES = 24 * MIB
"""Memory that a large content may need beyond a small one: parts of 256 KiB, and buffers."""

BINARY = {"type": "string", "format": "binary"}
OCTETS = {"application/octet-stream": {"schema": BINARY}}
OK = {"200": {"description": "", "content": {"application/json": {"schema": {}}}}}
FORM = {"multipart/form-data": {"schema": {"type": "object", "properties": {"file": BINARY}}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Disk", "version": "1"},
    "servers": [{"url": "https://disk.example.com"}],
    "paths": {
        "/raw": {
            "put": {"operationId": "putRaw", "requestBody": {"content": OCTETS}, "responses": OK},
            "get": {"operationId": "getRaw", "responses": {"200": {"description": "", "content": OCTETS}}},
        },
        "/form": {"post": {"operationId": "postForm", "requestBody": {"content": FORM}, "responses": OK}},
    },
}

CLIENT = """
import json, sys
from pathlib import Path
import unified
from unified_runtime import Client, Settings
from unified_runtime.rate_limits.rate_limiter import Unlimited

given = json.loads(sys.argv[1])
client = Client(rate_limiter=Unlimited(), settings=Settings(read_timeout=60, deadline=300))
client.connect("disk", unified.bearer("token"), server=given["server"])
disk = client.api("disk")

def peak():  # of this program: `ru_maxrss` begins with what the process that started it had
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))

def all_of(path):
    disk.call("postForm", file=Path(path))
    disk.call("putRaw", body=Path(path))
    up = peak()
    disk.operation("getRaw").download().save(Path(path).with_suffix(".back"))
    return {"up": up, "down": peak()}

print(json.dumps([all_of(given["small"]), all_of(given["large"])]))
"""


class _Disk(BaseHTTPRequestHandler):
    """Server that stores one content, and the SHA-256 of each that it receives."""

    protocol_version = "HTTP/1.1"
    stored: Path
    hashes: list[str]

    def _received(self) -> None:
        left, digest = int(self.headers["Content-Length"]), hashlib.sha256()
        with self.stored.open("wb") as file:
            while left:
                piece = self.rfile.read(min(left, MIB))
                left -= len(piece)
                digest.update(piece)
                file.write(piece)
        self.hashes.append(digest.hexdigest())
        self._head(b"{}", "application/json")
        self.wfile.write(b"{}")

    do_PUT = do_POST = _received

    def _head(self, body: bytes, kind: str, size: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if size is None else size))
        self.end_headers()

    def do_GET(self) -> None:
        self._head(b"", "application/octet-stream", self.stored.stat().st_size)
        with self.stored.open("rb") as file:
            while piece := file.read(MIB):
                self.wfile.write(piece)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[str, type[_Disk]]]:
    handler = type("Disk", (_Disk,), {"stored": tmp_path / "stored", "hashes": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()
        thread.join()


def _sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
@pytest.mark.slow
def test_memory_does_not_grow_with_the_content(
    disk: tuple[str, type[_Disk]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    from unified_runtime.toolkits import adding

    monkeypatch.setenv("UNIFIED_TOOLKITS", str(tmp_path / "toolkits"))
    adding.add("disk", json.dumps(DOCUMENT).encode(), "disk.json")
    address, handler = disk
    large = file_of(tmp_path / "large", SIZE)
    given = {"server": address, "small": str(file_of(tmp_path / "small", MIB)), "large": str(large)}
    ran = subprocess.run([sys.executable, "-c", CLIENT, json.dumps(given)], capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    small, result = json.loads(ran.stdout)
    assert handler.hashes[-1] == _sha(large) == _sha(large.with_suffix(".back")), "the last upload and the download are the file"
    assert len(handler.hashes) == 4
    up, down = (result[way] - small["down"] for way in ("up", "down"))
    figures = f"{result['down'] / MIB:.0f} MiB at most, {down / MIB:.1f} MiB more than for 1 MiB ({up / MIB:.1f} MiB sending)"
    record_property("memory", figures)
    print(figures)
    assert up <= down < PIECES, figures
