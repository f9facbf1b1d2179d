"""Notes of what an emulator did not know about requests, and refusals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """Missing knowledge about a request. `kind` is `operation`, `written` or `parameter`; `name` is what it concerns."""

    kind: str
    endpoint: str
    name: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Request that the document does not allow, with the reasons."""

    endpoint: str
    reasons: tuple[str, ...]
