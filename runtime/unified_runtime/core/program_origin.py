"""Program that the calls of a context belong to, for the audit log and for the person who approves a call."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class ProgramOrigin:
    """Id and source hash (SHA-256) of a program, and the line that makes the call. The source is for approvals only."""

    id: str
    hash: str
    line: int = 0
    source: str = field(default="", repr=False)

    def at(self, line: int) -> ProgramOrigin:
        """Return the origin of a call in another line."""
        return replace(self, line=line)


program_origin: ContextVar[ProgramOrigin | None] = ContextVar("unified_program", default=None)
"""Program that makes the calls of this context; None if they are not a program's."""
