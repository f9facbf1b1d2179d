"""Taking secrets out of text that comes from outside: a vendor may echo what it was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from unified_runtime.credentials import REDACTED, Secret
from unified_runtime.vendors import Failure

SHORTEST = 4
"""Characters below which a secret is not searched for: it would black out ordinary words."""


def scrub(text: str, secrets: Iterable[Secret]) -> str:
    """The text without the secrets, as they are or percent-encoded."""
    for secret in secrets:
        value = secret.reveal()
        if len(value) >= SHORTEST:
            text = text.replace(value, REDACTED).replace(quote(value, safe=""), REDACTED)
    return text


def scrub_failure(failure: Failure, secrets: tuple[Secret, ...]) -> Failure:
    """A vendor's failure without the secrets it may echo."""
    return Failure(
        message=None if failure.message is None else scrub(failure.message, secrets),
        code=None if failure.code is None else scrub(failure.code, secrets),
        fields=_scrub_mapping(failure.fields, secrets),
        messages=tuple(scrub(message, secrets) for message in failure.messages),
        kind=failure.kind,
    )


def _scrub_mapping(fields: Mapping[str, str], secrets: tuple[Secret, ...]) -> dict[str, str]:
    return {scrub(name, secrets): scrub(message, secrets) for name, message in fields.items()}
