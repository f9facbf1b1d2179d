"""Logging of request and response bodies: opt-in, redacted by field and by pattern, and truncated.

Bodies contain users' data. They are logged only by an observer of this class.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from unified_platform.observability.logs import Form, attempt_of, writer
from unified_runtime.core.redactor import REDACTED

if TYPE_CHECKING:
    from unified_runtime.core.observers import AttemptRecord, Begun, CallRecord

FIELDS = (
    r"pass(word|wd|phrase)?",
    r"secret",
    r"token",
    r"authori[sz]ation",
    r"credential",
    r"cookie",
    r"api_?-?key",
    r"private_?-?key",
    r"session_?-?id",
    r"signature",
)
"""Names of fields, in any part and case, whose values are redacted."""

PATTERNS = (
    r"\b(?i:bearer|basic|dpop)\s+[A-Za-z0-9._~+/=-]{8,}",
    r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?",  # a JWT (RFC 7519)
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    r"\b(?:gh[pousr]_|github_pat_|xox[abprs]-|sk-|pat[a-z]{0,3}[.-]|AKIA)[A-Za-z0-9_.-]{10,}",
    r"(?<=[?&])[^=&\s]*(?i:token|secret|password|key|sig)[^=&\s]*=[^&\s\"]+",
)
"""Patterns of texts that are redacted anywhere."""


class Redaction:
    """Redaction of a body.

    Args:
        fields: regular expressions of field names.
        patterns: regular expressions of texts.
        most: maximum characters of a body.
    """

    def __init__(self, fields: Iterable[str] = FIELDS, patterns: Iterable[str] = PATTERNS, *, most: int = 2000) -> None:
        self._fields = re.compile("|".join(f"(?:{pattern})" for pattern in fields) or r"(?!)", re.IGNORECASE)
        self._patterns = re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.DOTALL)
        self._most = most

    def shown(self, body: bytes, scrub: Callable[[str], str] = str) -> str | None:
        """Return the redacted body; None for an empty one. If it is neither JSON nor text, return its size.

        `scrub` removes known secrets from a text.
        """
        if not body:
            return None
        try:
            value = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._text(body, scrub)
        return self._cut(scrub(msgspec.json.encode(self._without(value)).decode()))

    def _text(self, body: bytes, scrub: Callable[[str], str]) -> str:
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return f"({len(body)} bytes)"
        return self._cut(scrub(self._patterns.sub(REDACTED, text)))

    def _without(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: REDACTED if self._fields.search(name) else self._without(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._without(item) for item in value]
        return self._patterns.sub(REDACTED, value) if isinstance(value, str) else value

    def _cut(self, text: str) -> str:
        return text if len(text) <= self._most else f"{text[: self._most]}… ({len(text)} characters)"


class BodyLogging:
    """Writes an event `exchange` with the bodies of each attempt, as soon as it has a response.

    The credential of the connection is removed first, then `redaction` applies. Contents of files are not logged.

    Args:
        to, form: as for `Logs`.
        redaction: redaction of bodies; by default names and patterns of secrets.
    """

    def __init__(self, to: Any = None, *, form: Form | None = None, redaction: Redaction | None = None) -> None:
        self._write = writer(to, form)
        self._redaction = redaction or Redaction()

    def exchanged(self, call: Begun, attempt: AttemptRecord, sent: bytes, received: bytes, scrub: Callable[[str], str]) -> None:
        def shown(body: bytes) -> str | None:
            return self._redaction.shown(body, scrub)

        event = attempt_of(call, attempt, "exchange")
        event.body_sent, event.body_received = shown(sent), shown(received)
        self._write("info", event)

    def ended(self, record: CallRecord) -> None:
        pass
