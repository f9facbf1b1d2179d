"""Errors of values that a request cannot contain."""

from __future__ import annotations


class RequestFault(ValueError):
    """A value cannot be sent as the document declares it. `input` is the name of the parameter, or empty."""

    def __init__(self, message: str, input: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.input = input


class TooManyDigits(RequestFault):
    """A number has more digits than `MOST_DIGITS`."""


class MissingValue(RequestFault):
    """A value that the path needs is None."""
