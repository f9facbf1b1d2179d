"""A process that dies during a bulk call: results of another process for the same items under the same key."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.batching import HubSpot

IMPORT = """
import json, sys
from unified import contacts
from unified_platform.idempotency.store import open_idempotency_store
from unified_runtime import Client, Settings, bearer, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

server, ledger, count, concurrency = sys.argv[1:]
client = Client(settings=Settings(deadline=3), idempotency=open_idempotency_store(ledger), rate_limiter=Unlimited())
client.connect("hubspot", bearer("t"), server=server)
items = ({"first_name": f"p{n}", "emails": [{"type": "work", "address": f"p{n}@example.com"}]} for n in range(int(count)))
with using(client):
    found = contacts.create_many(items, via="hubspot", idempotency_key="import", concurrency=int(concurrency))
print(json.dumps([[item.index, item.status, type(item.error).__name__ if item.error else None] for item in found]))
"""


class Served:
    """HubSpot over HTTP. After so many batches, the calling process is killed, before or after the response."""

    def __init__(self) -> None:
        self.vendor = HubSpot()
        self.kill_at: int | None = None
        self.process: subprocess.Popen[str] | None = None
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                path = self.path.partition("?")[0]
                status, result = served.vendor.answer("POST", path, "", body)
                served.vendor.seen.append(("POST", path, body))
                if path.endswith("batch/create") and served.kill_at is not None:
                    served.kill_at -= 1
                    if served.kill_at < 0 and served.process is not None:
                        os.kill(served.process.pid, signal.SIGKILL)
                        served.kill_at = None
                        return
                text = json.dumps(result).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def handle(self) -> None:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # of a process that was killed
                    super().handle()

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is written."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def imported(self, store_path: Path, count: int, concurrency: int) -> list[Any] | None:
        """Return the results that a process of its own got for the items; None if it was killed."""
        url = f"http://127.0.0.1:{self.server.server_port}"
        arguments = [sys.executable, "-c", IMPORT, url, str(store_path), str(count), str(concurrency)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        output, _ = self.process.communicate(timeout=120)
        return json.loads(output) if self.process.returncode == 0 else None


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.server.shutdown()
    served.server.server_close()
    served.thread.join()


def test_items_completed_before_a_crash_are_not_repeated(served: Served, tmp_path: Path) -> None:
    served.kill_at = 2  # of four batches, the third is executed, and its response never read
    assert served.imported(tmp_path / "ledger", 350, 1) is None
    assert len(served.vendor.contacts) == 300
    before = len(served.vendor.seen)
    found = served.imported(tmp_path / "ledger", 350, 64)  # its entries belong to another process, which it waits for
    assert found is not None
    states = {index: (status, error) for index, status, error in found}
    assert {states[index] for index in range(200)} == {("done", None)}
    # The third batch was sent without a response: only the vendor knows if it was executed.
    assert {states[index] for index in range(200, 300)} <= {("failed", "Unconfirmed"), ("failed", "Conflict")}
    assert {states[index] for index in range(300, 350)} == {("done", None)}
    assert len(served.vendor.contacts) == 350
    assert max(served.vendor.effects.values()) == 1
    sent = [len(body["inputs"]) for _, path, body in served.vendor.seen[before:] if path.endswith("batch/create")]
    assert sum(sent) == 50
