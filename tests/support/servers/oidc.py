"""The certified authorization server oidc-provider on loopback, and a user who signs in there and consents."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import secrets
import selectors
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

ROOT = Path(__file__).parents[3]
INSTALLED = ROOT / ".cache" / "oidc"
_SCRIPT = Path(__file__).parents[1] / "oidc" / "server.mjs"
_START_SECONDS = 60.0
_REDIRECTS = 12


@dataclass(frozen=True, slots=True)
class OIDC:
    """Running server. `api` is a resource it protects, `secret` that of its confidential clients, `account_key` a JWK."""

    issuer: str
    api: str
    secret: str = field(repr=False)
    account_key: str = field(repr=False)
    http: httpx2.Client = field(repr=False)

    def events(self, start: int = 0) -> list[dict[str, Any]]:
        """Return the log of the server: `granted`, `refused`, `revoked`, and `unauthorized` for the resource."""
        found: list[dict[str, Any]] = self.http.get(f"{self.issuer}/test/events", params={"from": start}).raise_for_status().json()
        return found

    def count(self, kind: str, grant: str | None = None, start: int = 0) -> int:
        return sum(event["kind"] == kind and grant in {None, event.get("grant")} for event in self.events(start))

    def ask(self, token: str, path: str = "/api", **headers: str) -> httpx2.Response:
        """Request a resource with a token."""
        return self.http.get(f"{self.issuer}{path}", headers={"Authorization": f"Bearer {token}", **headers})


def missing() -> str | None:
    """Return the reason that the server cannot be started, in one line; None if it can."""
    if shutil.which("node") is None:
        return "node is not installed, which runs the authorization server"
    return None if (INSTALLED / ".installed").exists() else "the authorization server is not installed: make oidc"


@contextlib.contextmanager
def running(**settings: str | int) -> Iterator[OIDC]:
    """Start a server with these settings (see `tests/support/oidc/server.mjs`), and stop it at the end.

    Raises:
        RuntimeError: it does not start; the message holds what it printed.
    """
    if reason := missing():
        raise RuntimeError(reason)
    script = INSTALLED / f"server-{secrets.token_hex(6)}.mjs"  # ES modules look up node_modules relative to their own path
    shutil.copyfile(_SCRIPT, script)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(INSTALLED),
        "PORT": str(port),
        **{name: str(value) for name, value in settings.items()},
    }
    process = subprocess.Popen(
        ["node", script.name], cwd=INSTALLED, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        result = _first_line(process)
        with httpx2.Client(trust_env=False, timeout=30) as http:
            yield OIDC(result["issuer"], result["api"], result["secret"], json.dumps(result["accountKey"]), http)
    finally:
        process.terminate()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        script.unlink(missing_ok=True)


def _first_line(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline() if selector.select(_START_SECONDS) else b""
    if not line:
        raise RuntimeError(f"the authorization server did not start (exit status {process.poll()})")
    result: dict[str, Any] = json.loads(line)
    return result


class User:
    """User with a browser: signs in, consents or refuses, and ends at the server's redirect."""

    def __init__(self, name: str = "alice") -> None:
        self.name = name
        self.browser = httpx2.Client(trust_env=False, timeout=30)

    def consent(self, url: str) -> str:
        """Return the callback after consent."""
        return self._walk(url, refuse=False)

    def refuse(self, url: str) -> str:
        """Return the callback after a refusal."""
        return self._walk(url, refuse=True)

    def enter(self, url: str, code: str, *, refuse: bool = False) -> str:
        """Enter a device's code; return the text of the last page."""
        form = _form(self.browser.get(url).text)
        page = self.browser.post(url, data=form | {"user_code": code}).text
        button = {"abort": "yes"} if refuse else {"confirm": "yes"}
        response = self.browser.post(url, data=_form(page) | button)
        return response.text if refuse else self._pages(response)

    def _walk(self, url: str, *, refuse: bool) -> str:
        response = self.browser.get(url)
        host = urlsplit(url).netloc
        for _ in range(_REDIRECTS):
            if response.is_redirect:
                target = urljoin(str(response.request.url), response.headers["location"])
                if urlsplit(target).netloc != host:
                    return target
                response = self.browser.get(target)
            elif response.status_code == 200 and "/interaction/" in str(response.request.url):
                response = self._abort(response) if refuse else self._submit(response)
            else:
                raise AssertionError(f"the authorization server returned {response.status_code}: {_text(response.text)}")
        raise AssertionError("the authorization server redirects in circles")

    def _pages(self, response: httpx2.Response) -> str:
        for _ in range(_REDIRECTS):
            if response.is_redirect:
                response = self.browser.get(urljoin(str(response.request.url), response.headers["location"]))
            elif "/interaction/" in str(response.request.url):
                response = self._submit(response)
            else:
                return response.text
        raise AssertionError("the authorization server redirects in circles")

    def _submit(self, page: httpx2.Response) -> httpx2.Response:
        prompt = _form(page.text)["prompt"]
        form = {"prompt": prompt, "login": self.name, "password": "any"} if prompt == "login" else {"prompt": prompt}
        return self.browser.post(str(page.request.url), data=form)

    def _abort(self, page: httpx2.Response) -> httpx2.Response:
        return self.browser.get(f"{page.request.url}/abort")


def _text(page: str) -> str:
    """Return the text of a page, on one line, without style and tags."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL).split())


def _form(page: str) -> dict[str, str]:
    """Return the hidden inputs of a page."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden":
            found[html.unescape(attributes["name"])] = html.unescape(attributes["value"])
    return found
