"""Cassettes: responses of a real server, recorded once and replayed without a network.

A cassette names the product and version of the server, holds no secret, and does not show the port of the server.
Requests match by method, path, query and body; a request that was not recorded fails the test.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import vcr
from vcr.cassette import Cassette
from vcr.request import Request

logging.getLogger("vcr").setLevel(logging.WARNING)  # its debug lines contain complete responses

FOLDER = Path(__file__).parents[2] / "cassettes"
REDACTED = "REDACTED"
SECRET_HEADERS = ("authorization", "x-redmine-api-key", "cookie", "set-cookie")
SECRET_MEMBERS = ("api_key", "password", "token", "access_token", "refresh_token", "id_token", "client_secret", "device_code")
SECRET_FIELDS = (*SECRET_MEMBERS, "code", "code_verifier", "assertion", "client_assertion", "subject_token", "actor_token")
"""Fields of forms, such as token requests, that are secret; in JSON some of these names have other meanings."""
KEY = "00000000-0000-4000-8000-000000000000"
_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""An idempotency key that was made for one call: in a URL, any of them matches the recorded one."""
_SAVED_OF_RESPONSES = ("content-type", "etag", "location", "link", "retry-after", "www-authenticate", "x-request-id")
_SAVED_FAMILIES = ("x-ratelimit-", "x-count-")
_SAVED_OF_REQUESTS = ("accept", "content-type", *SECRET_HEADERS)


@contextmanager
def recorded(path: Path, server: str) -> Iterator[Cassette]:
    """Record requests to `server` in a new cassette. The path is below `cassettes/`; the URL in the cassette is `replay_url(path)`."""
    (FOLDER / path).unlink(missing_ok=True)
    with _recorder(path, server).use_cassette(str(path), record_mode="all") as cassette:
        yield cassette


@contextmanager
def replayed(path: Path) -> Iterator[Cassette]:
    """Replay a cassette, each interaction once.

    Raises:
        FileNotFoundError: there is no such cassette.
    """
    if not (FOLDER / path).is_file():
        raise FileNotFoundError(f"cassettes/{path} is missing: make record")
    with _recorder(path, replay_url(path)).use_cassette(str(path), record_mode="none") as cassette:
        yield cassette


def replay_url(path: Path) -> str:
    return f"https://{path.parts[0]}.test"


def _recorder(path: Path, server: str) -> vcr.VCR:
    shown = replay_url(path)

    def request(seen: Request) -> Request:
        seen.uri = _KEY.sub(KEY, seen.uri.replace(server, shown, 1))
        seen.headers = {name: value for name, value in seen.headers.items() if name.lower() in _SAVED_OF_REQUESTS}
        kinds = [str(value) for name, value in seen.headers.items() if name.lower() == "content-type"]
        if seen.body:
            seen.body = _scrubbed_form(seen.body) if "application/x-www-form-urlencoded" in kinds else _scrubbed(seen.body)
        return seen

    def response(seen: dict[str, Any]) -> dict[str, Any]:
        headers = {name: values for name, values in seen["headers"].items() if _saved(name.lower())}
        seen["headers"] = {name: [value.replace(server, shown) for value in values] for name, values in headers.items()}
        seen["body"] = {"string": _scrubbed(seen["body"]["string"].replace(server.encode(), shown.encode()))}
        return seen

    return vcr.VCR(
        cassette_library_dir=str(FOLDER),
        match_on=["method", "scheme", "host", "port", "path", "query", "body"],
        filter_headers=[(name, REDACTED) for name in SECRET_HEADERS],
        filter_query_parameters=[("key", REDACTED), ("token", REDACTED)],
        before_record_request=request,
        before_record_response=response,
        decode_compressed_response=True,
    )


def _saved(header: str) -> bool:
    return header in _SAVED_OF_RESPONSES or header.startswith(_SAVED_FAMILIES)


def _scrubbed_form(body: bytes) -> bytes:
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True)
    return urlencode([(name, REDACTED if name in SECRET_FIELDS else value) for name, value in pairs]).encode("ascii")


def _scrubbed(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return body
    return json.dumps(_without_secrets(value)).encode() if secrets_in(value) else body


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: REDACTED if name in SECRET_MEMBERS else _without_secrets(member) for name, member in value.items()}
    return [_without_secrets(member) for member in value] if isinstance(value, list) else value


def secrets_in(value: Any) -> list[str]:
    """Return the secrets in a decoded body, by the names of their fields."""
    if isinstance(value, dict):
        result = [str(member) for name, member in value.items() if name in SECRET_MEMBERS and member != REDACTED]
        return result + [secret for member in value.values() for secret in secrets_in(member)]
    return [secret for member in value for secret in secrets_in(member)] if isinstance(value, list) else []
