"""What sagas fail with."""

from __future__ import annotations

from dataclasses import dataclass

from unified_runtime.errors import UnifiedError


@dataclass(frozen=True, slots=True)
class Left:
    """What a person has to look after: a step that could not be undone, or of which it is not known whether it was carried out."""

    step: str
    why: str


class SagaFailed(UnifiedError):
    """A saga did not come to its end, and what it had done was undone.

    Attributes:
        saga: its id.
        cause: the error that ended it.
        undone: the steps that were undone, last first.
        left: what could not be undone. Empty: everything is as it was before.
    """

    def __init__(self, message: str, *, saga: str, cause: UnifiedError, undone: tuple[str, ...], left: tuple[Left, ...]) -> None:
        super().__init__(message)
        self.saga = saga
        self.cause = cause
        self.undone = undone
        self.left = left
