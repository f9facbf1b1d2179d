"""HAProxy, mitmproxy and WireMock in front of one server, each with a fault that can be changed while it runs."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2

from tests.chaos.faults import Fault

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".cache" / "chaos"
SUPPORT = ROOT / "tests" / "support" / "chaos"
RATE = 20
"""Percent of the requests that meet the fault."""
_START_SECONDS = 60.0
_WRITES = ("POST", "PUT", "PATCH", "DELETE")
_JAR = INSTALLED / "node_modules" / "wiremock" / "build"


class Proxy(Protocol):
    """Running proxy."""

    url: str

    def put_in(self, fault: Fault | None) -> None:
        """Inject this fault into requests from now on, or none."""
        ...

    def injected(self, fault: Fault) -> int:
        """Return the number of writes that have met it."""
        ...


def missing() -> str | None:
    """Return the reason that the proxies cannot be started, in one line; None if they can."""
    if shutil.which("haproxy") is None or not (INSTALLED / ".installed").exists():
        return "the proxies that put faults in are not installed: make chaos-proxies"
    return None if shutil.which("java") is not None else "java is not installed, which runs WireMock"


@contextlib.contextmanager
def running(upstream: str, folder: Path, *, slow: float, seed: int) -> Iterator[dict[str, Proxy]]:
    """Start all three before the server at `upstream`. `slow`: seconds for which mitmproxy delays a response."""
    with contextlib.ExitStack() as stack:
        yield {
            "haproxy": stack.enter_context(_haproxy(upstream, folder / "haproxy")),
            "mitmproxy": stack.enter_context(_mitmproxy(upstream, folder / "mitmproxy", slow, seed)),
            "wiremock": stack.enter_context(_wiremock(upstream, folder / "wiremock")),
        }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def _process(command: list[str], port: int, log: Path, **environment: str) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=log.parent
        )
        try:
            deadline = time.monotonic() + _START_SECONDS
            while True:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} does not start:\n{log.read_text(errors='replace')[-2000:]}")
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _count(log: Path, name: str) -> int:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return sum(bool(re.fullmatch(rf"({'|'.join(_WRITES)}) {re.escape(name)}", line)) for line in lines)


class _HAProxy:
    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._folder = folder

    def put_in(self, fault: Fault | None) -> None:
        with socket.socket(socket.AF_UNIX) as admin:
            admin.connect(str(self._folder / "admin.sock"))
            admin.sendall(f"set map {self._folder}/faults.map mode {fault.name if fault is not None else 'none'}\n".encode())
            reported = admin.recv(1000).decode().strip()
        if reported:
            raise RuntimeError(f"HAProxy: {reported}")

    def injected(self, fault: Fault) -> int:
        return _count(self._folder / "log", fault.name)


@contextlib.contextmanager
def _haproxy(upstream: str, folder: Path) -> Iterator[Proxy]:
    folder.mkdir()
    port = _free_port()
    text = (SUPPORT / "haproxy.cfg").read_text()
    for name, value in (("FOLDER", str(folder)), ("PORT", str(port)), ("RATE", str(RATE)), ("UPSTREAM", urlsplit(upstream).netloc)):
        text = text.replace(name, value)
    (folder / "haproxy.cfg").write_text(text)
    (folder / "faults.map").write_text("mode none\n")
    with _process(["haproxy", "-db", "-f", str(folder / "haproxy.cfg")], port, folder / "log"):
        yield _HAProxy(f"http://127.0.0.1:{port}", folder)


class _Mitmproxy:
    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._folder = folder

    def put_in(self, fault: Fault | None) -> None:
        (self._folder / "mode").write_text(fault.name if fault is not None else "none")

    def injected(self, fault: Fault) -> int:
        return _count(self._folder / "log", fault.name)


@contextlib.contextmanager
def _mitmproxy(upstream: str, folder: Path, slow: float, seed: int) -> Iterator[Proxy]:
    folder.mkdir()
    port = _free_port()
    parts = urlsplit(upstream)
    (folder / "mode").write_text("none")
    command = [
        str(INSTALLED / "mitmproxy" / "bin" / "mitmdump"), "--quiet", "--mode", f"reverse:{parts.scheme}://{parts.netloc}",
        "--listen-host", "127.0.0.1", "--listen-port", str(port), "--set", f"confdir={folder}", "--set", "keep_host_header=false",
        "-s", str(SUPPORT / "mitm_faults.py"),
    ]  # fmt: skip
    reported = {"CHAOS_FOLDER": str(folder), "CHAOS_RATE": str(RATE), "CHAOS_SLOW": str(slow), "CHAOS_SEED": str(seed)}
    with _process(command, port, folder / "out", **reported):
        yield _Mitmproxy(f"http://127.0.0.1:{port}", folder)


class _WireMock:
    """Its faults come in turn, since it has no random choice: of five requests one meets the fault (a scenario of five states)."""

    _STATES = ("Started", *map(str, range(2, 100 // RATE + 1)))

    def __init__(self, url: str, upstream: str) -> None:
        self.url = url
        self._upstream = upstream
        self._admin = httpx2.Client(base_url=f"{url}/__admin", trust_env=False, timeout=60)
        self._stub = ""

    def put_in(self, fault: Fault | None) -> None:
        for path in ("/mappings/reset", "/scenarios/reset"):
            self._admin.post(path).raise_for_status()
        self._admin.delete("/requests").raise_for_status()
        through: dict[str, Any] = {"proxyBaseUrl": self._upstream}
        if fault is None:
            self._add({"request": {"urlPattern": ".*"}, "response": through})
            return
        spoilt: dict[str, Any] = {"fault": fault.name}
        if fault.name == "drip":
            spoilt = through | {"chunkedDribbleDelay": {"numberOfChunks": 8, "totalDuration": 2000}}
        for number, state in enumerate(self._STATES):
            following = self._STATES[(number + 1) % len(self._STATES)]
            stub = {
                "scenarioName": "faults", "requiredScenarioState": state, "newScenarioState": following,
                "request": {"urlPattern": ".*"}, "response": spoilt if number == 1 else through,
            }  # fmt: skip
            id = self._add(stub)
            if number == 1:
                self._stub = id

    def _add(self, stub: dict[str, Any]) -> str:
        id = str(uuid.uuid4())
        self._admin.post("/mappings", json={"id": id, **stub}).raise_for_status()
        return id

    def injected(self, fault: Fault) -> int:
        found = self._admin.get("/requests", params={"matchingStub": self._stub}).raise_for_status().json()["requests"]
        return sum(each["request"]["method"] in _WRITES for each in found)


@contextlib.contextmanager
def _wiremock(upstream: str, folder: Path) -> Iterator[Proxy]:
    folder.mkdir()
    port = _free_port()
    parts = urlsplit(upstream)
    (jar,) = _JAR.glob("wiremock-standalone-*.jar")
    command = ["java", "-Xmx256m", "-jar", str(jar), "--bind-address", "127.0.0.1", "--port", str(port), "--root-dir", str(folder)]
    with _process(command, port, folder / "log"):
        yield _WireMock(f"http://127.0.0.1:{port}", f"{parts.scheme}://{parts.netloc}")
