"""What a codec raises."""

from __future__ import annotations

SHOWN = 40
"""How many characters of an offending value a message may show."""


class CodecError(ValueError):
    """A value that a codec cannot turn into the other form."""


class UnreadableValue(CodecError):
    """A vendor's value that is not of the form its codec reads: nothing the caller could mend."""


def unreadable(value: object, expected: str) -> UnreadableValue:
    """The error for a vendor's value that is not what the codec reads. At most 40 characters of the value are shown."""
    text = value if isinstance(value, str) else f"{type(value).__name__} {value!r:.{SHOWN}}"
    return UnreadableValue(f"{text[:SHOWN]!r} is not {expected}")
