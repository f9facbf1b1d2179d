"""What sagas fail with."""

from __future__ import annotations

from unified_runtime.errors import UnifiedError
from unified_runtime.sagas import Left

__all__ = ["Left", "SagaFailed", "TimeOver"]


class TimeOver(UnifiedError):
    """The time that a saga, or one of its steps, was given is over. Nothing was sent for it since then."""


class SagaFailed(UnifiedError):
    """A saga did not come to its end, and what it had done was undone.

    Attributes:
        saga: its id.
        cause: the error that ended it; `TimeOver` where its time was over.
        undone: the steps that were undone, last first.
        left: what could not be undone. Empty: everything is as it was before.
    """

    def __init__(self, message: str, *, saga: str, cause: UnifiedError, undone: tuple[str, ...], left: tuple[Left, ...]) -> None:
        super().__init__(message)
        self.saga = saga
        self.cause = cause
        self.undone = undone
        self.left = left
