"""Credentials: the constructors `basic`, `bearer` and `api_key`, and `Secret`, a string that is never displayed.

A `Secret` is redacted in `repr`, `str`, formatted strings and tracebacks that print local variables, and cannot be pickled or dumped as
JSON.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, final

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.redactor import REDACTED

if TYPE_CHECKING:
    from unified_runtime.core.responses import Response


@final
class Secret:
    """String that is redacted wherever it is displayed; only `reveal()` returns it."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        return self.__value

    def __repr__(self) -> str:
        return f"Secret({REDACTED})"

    def __str__(self) -> str:
        return REDACTED

    def __format__(self, _: str) -> str:
        return REDACTED

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # In constant time: the duration must not reveal how much of a guess was right.
        return hmac.compare_digest(self.__value.encode("utf-8"), other.reveal().encode("utf-8"))

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Secret:
        return self

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise TypeError("a Secret cannot be pickled: it would leave the process unencrypted")


class Prover(Protocol):
    """Holder of the key that a token is bound to. The key is never displayed."""

    def proof(self, method: str, url: str, access_token: Secret | None = None) -> str:
        """Return the `DPoP` header of one request."""
        ...

    def wants_nonce(self, response: Response) -> bool:
        """Store the nonce of a response, and return true if the request must be sent again with it."""
        ...


@final
class Credential:
    """Credential of one kind: `basic`, `bearer` or `api_key`. The functions of these names create it."""

    __slots__ = ("kind", "prover", "secrets", "username")

    def __init__(self, kind: str, secrets: Mapping[str, Secret], username: str | None = None, prover: Prover | None = None) -> None:
        self.kind = kind
        self.secrets = secrets
        self.username = username
        self.prover = prover

    def __repr__(self) -> str:
        return f"Credential({self.kind})"


def basic(username: str, password: str | Secret) -> Credential:
    """Return a credential of user name and password (or API token), sent as HTTP Basic authentication (RFC 7617)."""
    if not isinstance(username, str) or not username:
        raise InvalidInput("a basic credential needs a user name")
    if ":" in username:
        raise InvalidInput("a user name of a basic credential cannot contain a colon (RFC 7617)")
    checked = _secret("password", password)
    if any(character < " " or character == "\x7f" for character in username):
        raise InvalidInput("the user name of a basic credential contains a control character")
    return Credential("basic", {"password": checked}, username)


def bearer(token: str | Secret, *, prover: Prover | None = None) -> Credential:
    """Return a credential of an access token, sent as `Authorization: Bearer` (RFC 6750).

    A token that is bound to a key is sent with a proof for each request (DPoP, RFC 9449).
    """
    return Credential("bearer", {"token": _secret("token", token)}, prover=prover)


def api_key(value: str | Secret | None = None, /, **secrets: str | Secret) -> Credential:
    """Return a credential of an API key, sent in a header or the query as the vendor requires.

    For a vendor with one key, pass only its value, `api_key(KEY)`; for one with several, pass them by name,
    `api_key(key=KEY, token=TOKEN)`.
    """
    if (value is None) == (not secrets):
        raise InvalidInput("api_key accepts one value, or values by name: api_key(KEY) or api_key(key=KEY, token=TOKEN)")
    if value is not None:
        return Credential("api_key", {"": _secret("API key", value)})
    return Credential("api_key", {name: _secret(name, secret) for name, secret in secrets.items()})


def _secret(name: str, value: str | Secret) -> Secret:
    secret = value if isinstance(value, Secret) else Secret(value)
    text = secret.reveal()
    if not isinstance(text, str) or not text:
        raise InvalidInput(f"the {name} is empty: is its environment variable set?")
    # Never quote the value: it is a secret even if it is not valid.
    if text != text.strip():
        raise InvalidInput(f"the {name} begins or ends with white space")
    if any(character < " " or character == "\x7f" for character in text):
        raise InvalidInput(f"the {name} contains a line break or another control character")
    return secret
