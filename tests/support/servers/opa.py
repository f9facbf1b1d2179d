"""The real OPA engine behind OPA's REST paths, on loopback."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2
import msgspec

ROOT = Path(__file__).parents[3]
INSTALLED = ROOT / ".cache" / "policy"
SCRIPT = ROOT / "tests" / "support" / "policy" / "opa_server.py"


def missing() -> str | None:
    """Return the reason that the judges of policies cannot run here, in one line; None if they can."""
    return None if (INSTALLED / ".installed").exists() else "the judges of policies are not installed: make policy-judges"


class Server:
    """Running OPA. `url` is its address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._put: list[str] = []

    def load(self, texts: Mapping[str, str]) -> None:
        """Serve these policies and no others."""
        for name in self._put:
            httpx2.delete(f"{self.url}/v1/policies/{name}").raise_for_status()
        self._put = []
        for name, text in texts.items():
            response = httpx2.put(f"{self.url}/v1/policies/{name}", content=text.encode())
            if response.status_code != 200:
                raise ValueError(response.text)
            self._put.append(name)

    def documents(self, path: str, inputs: Sequence[object]) -> list[Any]:
        """Evaluate a path for each of many inputs; None if it is undefined. Single requests would take ten times as long."""
        body = msgspec.json.encode({"inputs": inputs})
        response = httpx2.post(f"{self.url}/v1/batch/data/{path}", content=body, timeout=300).raise_for_status()
        found: list[Any] = response.json()["results"]
        return found


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Start OPA, and stop it at the end."""
    process = subprocess.Popen([sys.executable, str(SCRIPT), str(INSTALLED / "opa")], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"OPA did not start (exit status {process.wait(10)})")
        yield Server(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
