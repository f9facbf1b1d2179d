"""A browser without scripts: an HTTP client that submits the forms of the pages, and consents at emulated vendors."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount
from starlette.testclient import TestClient

from unified_platform.web import Connect

ORIGIN = "https://app.example.com"
URL = f"{ORIGIN}/connect"


def logged_in(request: Request) -> str | None:
    """Return the user of the application's session, for which the tests use a plain cookie."""
    return request.cookies.get("who")


def browser(connect: Connect, user: str | None = None) -> TestClient:
    """Return a browser of a user who is logged in to the application."""
    app = Starlette(routes=[Mount("/connect", connect.app)])
    client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
    if user is not None:
        client.cookies.set("who", user)
    return client


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's first form."""
    form = page[page.index("<form") :]
    return {name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}


def post(client: TestClient, path: str, page: str, **fields: str) -> Any:
    """Submit a form of a page, as a browser does."""
    values = {f"value-{name}": value for name, value in fields.items()}
    return client.post(f"/connect{path}", data={**hidden(page), **values}, headers={"Origin": ORIGIN})


def leave(response: Any) -> str:
    """Return the vendor's address that a page sends the browser to."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', response.text)
    assert response.status_code == 200
    assert found is not None, response.text
    return html.unescape(found[1])


def consent(address: str, login: str = "ada", decision: str = "allow") -> str:
    """Consent on the authorization page of an emulated vendor, and return the callback."""
    parts = urlsplit(address)
    page = httpx2.get(address)
    assert page.status_code == 200, page.text
    form = {**dict(parse_qsl(parts.query)), "login": login, "decision": decision}
    done = httpx2.post(f"{parts.scheme}://{parts.netloc}{parts.path}", data=form)
    assert done.status_code == 303, done.text
    return str(done.headers["location"])


def path_of(url: str) -> str:
    """Return path and query of a URL of the application."""
    return url.removeprefix(ORIGIN)
