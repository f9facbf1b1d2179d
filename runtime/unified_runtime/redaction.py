"""Taking secrets out of text that comes from outside: a vendor may echo what it was sent."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from unified_runtime.credentials import REDACTED, Secret
from unified_runtime.lines import line
from unified_runtime.vendors import Failure

SHORTEST = 4
"""Characters below which a secret is not searched for: it would black out ordinary words."""


def scrub(text: str, secrets: Iterable[Secret]) -> str:
    """The text without the secrets, as they are or percent-encoded."""
    for written in forms(secrets):
        text = text.replace(written, REDACTED)
    return text


def forms(secrets: Iterable[Secret]) -> tuple[str, ...]:
    """The secrets that are searched for, as they are, percent-encoded, and as JSON writes them."""
    values = [value for secret in secrets if len(value := secret.reveal()) >= SHORTEST]
    return tuple(dict.fromkeys(form for value in values for form in _forms(value)))


def _forms(value: str) -> tuple[str, ...]:
    encoded, written = quote(value, safe=""), json_text(value)
    lower = _ESCAPED.sub(lambda match: match[0].lower(), encoded)
    return value, encoded, lower, written, written.replace("/", "\\/")


def json_text(value: str) -> str:
    """A text as it stands between the quotes of JSON."""
    return msgspec.json.encode(value)[1:-1].decode()


_ESCAPED = re.compile(r"%[0-9A-F]{2}")


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
