"""Rego at an Open Policy Agent server, over its REST API: one POST for each question.

https://www.openpolicyagent.org/docs/rest-api, "Get a Document (with Input)".
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from unified_platform.policy.cedar import zone
from unified_platform.policy.rego_documents import PACKAGE, answers
from unified_runtime.control.policy import Decision, Question
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput

LARGEST = 1024 * 1024
"""Bytes of an answer that is read."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class OPAError(Exception):
    """The server did not give an answer that is one."""


class OPA:
    """A policy engine that asks an OPA server.

    Args:
        url: where it is, such as `http://127.0.0.1:8181`. Plain HTTP is for this machine alone.
        token: sent as `Authorization: Bearer`.
        package: the package that decides.
        time_zone: where the policies' people are, for `input.local`.
        timeout: seconds for one answer; the guard has a bound of its own.

    Raises:
        InvalidInput: the URL is none that can be used.
    """

    embedded = False

    def __init__(
        self, url: str, *, token: Secret | None = None, package: str = PACKAGE, time_zone: str = "UTC", timeout: float = 2.0
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username is not None:
            raise InvalidInput(f"{url!r} is no address of an OPA server")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise InvalidInput(f"{url!r}: questions and answers would travel unprotected; use https")
        if not all(part.isidentifier() for part in package.split(".")):
            raise InvalidInput(f"{package!r} is no Rego package")
        self._url = f"{url.rstrip('/')}/v1/data/{package.replace('.', '/')}"
        self._token = token
        self._zone = zone(time_zone)
        self._timeout = timeout
        self._client: Any = None
        self._lock = threading.Lock()

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """One decision for each question.

        Raises:
            OPAError: an answer is not one. Nothing is decided then.
        """
        return answers(questions, self._zone, lambda inputs: [self._document(one) for one in inputs])

    def _document(self, said: dict[str, Any]) -> Any:
        import httpx2

        headers = {"Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token.reveal()}"
        try:
            request = self._http().build_request("POST", self._url, content=msgspec.json.encode({"input": said}), headers=headers)
            answer = self._http().send(request, stream=True, follow_redirects=False)
            try:
                body = _body(answer)
            finally:
                answer.close()
        except httpx2.HTTPError as error:
            reason = type(error).__name__
        else:
            if answer.status_code != 200:
                raise OPAError(f"OPA answered HTTP {answer.status_code}")
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


def _body(answer: Any) -> bytes:
    found = b""
    for part in answer.iter_bytes():
        found += part
        if len(found) > LARGEST:
            raise OPAError("OPA's answer is too large")
    return found


def _result(body: bytes) -> Any:
    """The document of an answer; None where the package is undefined, for which OPA answers `{}`."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise OPAError("OPA's answer is no JSON") from None
    if not isinstance(answer, dict):
        raise OPAError("OPA's answer is no document")
    return answer.get("result")
