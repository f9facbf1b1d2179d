"""Errors of codecs."""

from __future__ import annotations

SHOWN = 40
"""Maximum characters of an invalid value in a message."""


class CodecError(ValueError):
    """A codec cannot convert a value."""


class TooMuchMarkup(CodecError):
    """A text is too large to be converted; see `markdown.check_size`."""


class UnreadableValue(CodecError):
    """A vendor's value does not have the format of its codec, which the caller cannot fix."""


def unreadable(value: object, expected: str) -> UnreadableValue:
    """Return the error for a vendor's value that does not have the format of its codec. It shows at most 40 characters of the value."""
    text = value if isinstance(value, str) else f"{type(value).__name__} {value!r:.{SHOWN}}"
    return UnreadableValue(f"{text[:SHOWN]!r} is not {expected}")
