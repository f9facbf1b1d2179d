"""Prism as a judge: one mock server per document, on loopback, for the entire test session."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import multipart
from tests.support.judges import Request

_AUDIT = Path(__file__).with_name("prism_audit.js")
_LOCK = Path(__file__).parents[1] / "prism" / "package-lock.json"
MODULES = Path(__file__).parents[3] / ".cache" / "prism" / "node_modules"
"""Folder into which `make prism` installs Prism from the lock file next to this package."""
VERSION: str = json.loads(_LOCK.read_text(encoding="utf-8"))["packages"]["node_modules/@stoplight/prism-cli"]["version"]
_START_SECONDS = 120.0


def missing() -> str | None:
    """Return the reason that Prism cannot run here, in one line; None if it can."""
    if shutil.which("node") is None:
        return "Prism needs node, which is not installed"
    if not (MODULES / "@stoplight" / "prism-cli").is_dir():
        return f"Prism {VERSION} is not installed: make prism"
    return None


def audit(document: Path) -> tuple[int, dict[str, str]]:
    """Return the number of operations that Prism finds in the file, and those whose requests it would not check, each with AJV's reason."""
    done = subprocess.run(
        ["node", str(_AUDIT), str(document)],
        env={**os.environ, "NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(f"the audit of {document.name} failed:\n{done.stderr[-3000:]}")
    result = json.loads(done.stdout.strip().splitlines()[-1])
    return result["operations"], result["blind"]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Prism:
    """Judge over a running Prism. Not for use from several threads: it has one connection."""

    name = f"Prism {VERSION}"

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def verdict(self, request: Request) -> list[str]:
        response = self.answer(multipart.description(request))
        if violations := response.headers.get("sl-violations"):
            result = [one for one in _violations(violations) if "response" not in (one.get("location") or ())]
            return [_described(one) for one in result]
        if response.status < 400:
            return []
        try:
            problem = json.loads(response.body)
        except ValueError:
            problem = {}
        if result := problem.get("validation"):
            return [_described(one) for one in result]
        return [f"{response.status} {problem.get('title') or response.body[:300]!r} {problem.get('detail', '')}".strip()]

    def answer(self, request: Request, **headers: str) -> Reply:
        """Return Prism's response: a declared one; `Prefer="dynamic=true"` or `Prefer="code=404"` selects another."""
        # Requests to GitHub accept `application/vnd.github+json`; its document declares `application/json`, so Prism would return 406.
        sent = {name: value for name, value in request.headers if name.lower() != "accept"} | headers
        try:
            self._connection.request(request.method, request.target, body=request.body, headers=sent)
            response = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # Node closes a connection that was idle for 5 s; a repeated check does no harm.
            self._connection.close()
            self._connection.request(request.method, request.target, body=request.body, headers=sent)
            response = self._connection.getresponse()
        body = response.read()
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def close(self) -> None:
        self._connection.close()


def _violations(text: str) -> Iterator[dict[str, Any]]:
    """Yield the violations in the header. Prism truncates a long list; those of the request are first."""
    text = text.removeprefix("Too many violations! ").removeprefix("[")
    decoder = json.JSONDecoder()
    while text.startswith("{"):
        try:
            one, end = decoder.raw_decode(text)
        except ValueError:
            return
        yield one
        text = text[end:].removeprefix(",")


def _described(violation: Mapping[str, Any]) -> str:
    return ".".join(map(str, violation.get("location") or ())) + f": {violation['message']}"


@contextlib.contextmanager
def serving(document: Mapping[str, Any], folder: Path, name: str, *, errors: bool = True) -> Iterator[Prism]:
    """Start a mock server over a prepared document, written to `folder`, and stop it at the end.

    With `errors`, an invalid request is rejected, and an example of the document that violates its own schema is a 500;
    without, both pass, and are listed in the response header `sl-violations`.
    """
    file = folder / f"{name}.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with _running(["mock", "--seed", "unified", *(["--errors"] if errors else [])], [str(file)], folder / f"{name}.log") as port:
        judge = Prism(port)
        try:
            yield judge
        finally:
            judge.close()


@contextlib.contextmanager
def before(document: Mapping[str, Any], upstream: str, folder: Path, name: str) -> Iterator[str]:
    """Yield the URL of a proxy before a real server. The header `sl-violations` of a response lists violations by it and its request."""
    file = folder / f"{name}.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with _running(["proxy"], [str(file), upstream], folder / f"{name}.log") as port:
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _running(command: list[str], arguments: list[str], log: Path) -> Iterator[int]:
    if reason := missing():
        raise RuntimeError(reason)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    prism = MODULES / "@stoplight" / "prism-cli" / "dist" / "index.js"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["node", str(prism), *command, "--host", "127.0.0.1", "--port", str(port), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + _START_SECONDS
            while b"Prism is listening" not in log.read_bytes():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Prism did not start on {arguments[0]}:\n{log.read_text(errors='replace')[-3000:]}")
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
