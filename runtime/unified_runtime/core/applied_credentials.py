"""Credentials in the form that is sent. They are added to headers and URL only when the bytes of a request are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_plus

from unified_runtime.core.redactor import Redactor
from unified_runtime.core.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unified_runtime.core.credentials import Prover, Secret


LONG = 16
"""Minimum characters of a secret that is redacted in responses."""

SHORT = 8
"""Minimum characters of a secret that is redacted in cursors: shorter ones can be words such as `token`."""


class AppliedCredential:
    """Credential of a connection in the form that is sent: header pairs and query pairs. It is never displayed."""

    __slots__ = ("__headers", "__long", "__names", "__prover", "__query", "__redactor", "__secrets", "__words")

    def __init__(
        self,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        query: tuple[tuple[str, str], ...] = (),
        secrets: tuple[Secret, ...] = (),
        prover: Prover | None = None,
    ) -> None:
        self.__headers = headers
        self.__query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
        self.__names = frozenset(name for name, _ in query)
        self.__secrets = secrets
        self.__prover = prover
        self.__redactor: Redactor | None = None
        self.__words: Redactor | None = None
        self.__long = Redactor(text for secret in secrets if len(text := secret.reveal()) >= LONG)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets, in every form in which they are sent."""
        return self.__secrets

    def with_secrets(self, secrets: Iterable[Secret]) -> AppliedCredential:
        """Return the same credential, which redacts further secrets too: those of a call's input."""
        made = AppliedCredential(self.__headers, (), (*self.__secrets, *secrets), self.__prover)
        made.__query, made.__names = self.__query, self.__names
        return made

    def headers(self, method: str = "", url: str = "") -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers of one request to a URL. A credential that is bound to a key adds a proof for one use (RFC 9449)."""
        if self.__prover is None:
            return self.__headers
        proof = self.__prover.proof(method, url, self.__secrets[0])
        return (*self.__headers, (b"DPoP", proof.encode("ascii")))

    def wants_nonce(self, response: Response) -> bool:
        """Store the server's nonce, and return true if the request was rejected because its proof lacks it (RFC 9449, section 9)."""
        return self.__prover is not None and self.__prover.wants_nonce(response)

    def url(self, url: str) -> str:
        """Return the URL with the secrets that are sent in the query."""
        if not self.__query:
            return url
        return f"{url}{'&' if '?' in url else '?'}{self.__query}"

    def without_secrets(self, url: str) -> str:
        """Return a URL from a response without the secrets that the vendor may have copied from the request's query."""
        if not self.__names:
            return url
        start, mark, query = url.partition("?")
        parts = [part for part in query.split("&") if unquote_plus(part.partition("=")[0]) not in self.__names]
        return f"{start}{mark if parts else ''}{'&'.join(parts)}"

    def redacted(self, response: Response) -> Response:
        """Return the response without the secrets that it repeats: Redmine's users contain their own key, and agents see records.

        Secrets of less than 16 characters remain: they could be words of the response.
        """
        body = self.__long.redact_bytes(response.body)
        return response if body is response.body else Response(response.status, response.pairs, body, response.url)

    def redacted_text(self, text: str) -> str:
        """Return text that is sent back to the vendor, without the secrets. Those under 8 characters may be words, and remain."""
        if self.__words is None:
            self.__words = Redactor(secret for one in self.__secrets if len(secret := one.reveal()) >= SHORT)
        return self.__words.redact(text)

    def may_redact(self, response: Response) -> bool:
        """Return true if `redacted` may change the response. This is faster than `redacted`."""
        return self.__long.may_change(response.body)

    def redact(self, text: str) -> str:
        """Return text without the secrets, short ones included."""
        return self.__every().redact(text)

    def redact_bytes(self, body: bytes) -> bytes:
        """Return UTF-8 text without the secrets, short ones included. JSON may no longer be valid."""
        return self.__every().redact_bytes(body)

    def __every(self) -> Redactor:
        if self.__redactor is None:
            from unified_runtime.core.redaction import redactor

            self.__redactor = redactor(self.__secrets)
        return self.__redactor

    def __repr__(self) -> str:
        return "Applied(•••)"

    def __reduce_ex__(self, _: Any) -> Any:
        raise TypeError("an applied credential cannot be pickled")


NO_CREDENTIAL = AppliedCredential()
