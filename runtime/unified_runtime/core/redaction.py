"""Removal of a connection's secrets from error messages of its vendor, which may echo the request."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from unified_runtime.core.credentials import Secret
from unified_runtime.core.redactor import REDACTED, Redactor
from unified_runtime.core.single_line import line
from unified_runtime.core.vendors import Failure

SHORTEST = 4
"""Minimum characters of a secret that is searched for: redacting a shorter one would remove ordinary words."""


def redactor(secrets: Iterable[Secret]) -> Redactor:
    """Return the redactor of the secrets that are long enough to search for."""
    return Redactor(value for secret in secrets if len(value := secret.reveal()) >= SHORTEST)


def redact(text: str, secrets: Iterable[Secret]) -> str:
    """Return the text without the secrets, in any encoding that the redactor decodes."""
    return redactor(secrets).redact(text)


def without_values(value: Any, secrets: Collection[str]) -> Any:
    """Return a JSON value in which every text that is one of the secrets is redacted."""
    if isinstance(value, Mapping):
        return {name: without_values(item, secrets) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_values(item, secrets) for item in value]
    return REDACTED if isinstance(value, str) and value in secrets else value


MOST = 20
"""Maximum number of messages, and of fields with a message, of a failure."""

LONGEST = 8_000
"""Maximum characters of each that are searched for secrets. Of these, `line` quotes 500."""


def redacted_failure(failure: Failure, secrets: tuple[Secret, ...]) -> Failure:
    """Return a vendor's failure that is safe to report: without echoed secrets, each part on one line, and limited in size."""

    def part(text: str) -> str:
        return line(redact(text[:LONGEST], secrets))

    return Failure(
        message=None if failure.message is None else part(failure.message),
        code=None if failure.code is None else part(failure.code),
        fields={part(name): part(message) for name, message in itertools.islice(failure.fields.items(), MOST)},
        messages=tuple(map(part, failure.messages[:MOST])),
        kind=failure.kind,
        hint=failure.hint,
    )
