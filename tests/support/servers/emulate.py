"""The emulator `emulate` of Vercel Labs (https://github.com/vercel-labs/emulate) on loopback: written by others, with state of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[3]
INSTALLED = ROOT / ".cache" / "emulate"
FILES = Path(__file__).parents[1] / "emulate"
TOKEN = "judge-token"
"""Token of its seed, of the user ada."""
_START_SECONDS = 60.0


def missing() -> str | None:
    """Return the reason that it cannot be started, in one line; None if it can."""
    if shutil.which("node") is None:
        return "node is not installed, which runs the emulator of others"
    return None if (INSTALLED / ".installed").exists() else "the emulator of others is not installed: make emulate-judge"


def version() -> str:
    found: str = json.loads((INSTALLED / "node_modules" / "emulate" / "package.json").read_text(encoding="utf-8"))["version"]
    return found


@contextlib.contextmanager
def running(service: str) -> Iterator[str]:
    """Start one of its services, and yield its address.

    Raises:
        RuntimeError: it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    port = address.rpartition(":")[2]
    command = ["node", "node_modules/.bin/emulate", "start", "--service", service, "--port", port, "--base-url", address]
    environment = {"PATH": os.environ["PATH"], "HOME": str(INSTALLED)}
    process = subprocess.Popen(
        [*command, "--seed", str(FILES / "seed.yaml")], cwd=INSTALLED, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    ends = time.monotonic() + _START_SECONDS
    with httpx2.Client(trust_env=False) as http:
        while process.poll() is None and time.monotonic() < ends:
            with contextlib.suppress(httpx2.TransportError):
                http.get(address)
                return
            time.sleep(0.1)
    raise RuntimeError(f"the emulator of others did not start (exit status {process.poll()})")
