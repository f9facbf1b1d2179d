"""Taking secrets out of text that comes from outside: a vendor may echo what it was sent."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from urllib.parse import quote

from unified_runtime.credentials import REDACTED, Secret
from unified_runtime.lines import line
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


MOST = 20
"""Messages, and fields with one, of a failure that are kept."""


def told(failure: Failure, secrets: tuple[Secret, ...]) -> Failure:
    """A vendor's failure as it may be told: without the secrets it may echo, each part on one line, and not without end."""

    def part(text: str) -> str:
        return line(scrub(text, secrets))

    return Failure(
        message=None if failure.message is None else part(failure.message),
        code=None if failure.code is None else part(failure.code),
        fields={part(name): part(message) for name, message in itertools.islice(failure.fields.items(), MOST)},
        messages=tuple(map(part, failure.messages[:MOST])),
        kind=failure.kind,
    )
