"""Policy engine of an Open Policy Agent (OPA) server, over its REST API: one POST for each question.

https://www.openpolicyagent.org/docs/rest-api, "Get a Document (with Input)".
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from unified_platform.policy.cedar import zone
from unified_platform.policy.rego_input import PACKAGE, decisions
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.policy_decisions import Decision, PolicyRequest

LARGEST = 1024 * 1024
"""Maximum size of a response, in bytes."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class OPAError(Exception):
    """The response of the OPA server is not valid, or there is none."""


class OPA:
    """Policy engine that evaluates Rego at an OPA server.

    Args:
        url: URL of the server, such as `http://127.0.0.1:8181`. Plain HTTP is accepted for this machine only.
        token: sent as `Authorization: Bearer`.
        package: the package that decides.
        time_zone: time zone for `input.local`.
        timeout: seconds for one response; the policy enforcer has its own limit.

    Raises:
        InvalidInput: the URL is not valid.
    """

    embedded = False

    def __init__(
        self, url: str, *, token: Secret | None = None, package: str = PACKAGE, time_zone: str = "UTC", timeout: float = 2.0
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username is not None:
            raise InvalidInput(f"{url!r} is not a valid address of an OPA server")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise InvalidInput(f"{url!r}: requests and decisions would travel unprotected; use https")
        if not all(part.isidentifier() for part in package.split(".")):
            raise InvalidInput(f"{package!r} is not a valid Rego package")
        self._url = f"{url.rstrip('/')}/v1/data/{package.replace('.', '/')}"
        self._token = token
        self._zone = zone(time_zone)
        self._timeout = timeout
        self._client: Any = None
        self._lock = threading.Lock()

    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        """Return one decision for each question.

        Raises:
            OPAError: a response is not valid. No question is decided then.
        """
        return decisions(questions, self._zone, lambda inputs: [self._document(one) for one in inputs])

    def _document(self, reported: dict[str, Any]) -> Any:
        import httpx2

        headers = {"Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token.reveal()}"
        try:
            request = self._http().build_request("POST", self._url, content=msgspec.json.encode({"input": reported}), headers=headers)
            response = self._http().send(request, stream=True, follow_redirects=False)
            try:
                body = _body(response)
            finally:
                response.close()
        except httpx2.HTTPError as error:
            reason = type(error).__name__
        else:
            if response.status_code != 200:
                raise OPAError(f"OPA returned HTTP {response.status_code}")
            return _result(body)
        raise OPAError(f"OPA cannot be reached: {reason}")

    def _http(self) -> Any:
        if self._client is None:
            with self._lock:
                if self._client is None:
                    import httpx2

                    self._client = httpx2.Client(timeout=self._timeout, trust_env=False)
        return self._client

    def close(self) -> None:
        """Close the connections to the server."""
        if self._client is not None:
            self._client.close()


def _body(response: Any) -> bytes:
    found = b""
    for part in response.iter_bytes():
        found += part
        if len(found) > LARGEST:
            raise OPAError("OPA's response is too large")
    return found


def _result(body: bytes) -> Any:
    """Return the document of a response; None if the package is undefined, for which OPA returns `{}`."""
    try:
        response = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise OPAError("OPA's response is not JSON") from None
    if not isinstance(response, dict):
        raise OPAError("OPA's response has no document")
    return response.get("result")
