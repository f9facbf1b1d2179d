"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a matter stands: as it should, absent (which may be meant), to be watched, or wrong."""

    OK = "ok"
    ABSENT = "absent"
    WATCH = "watch"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter: what it is about, how it stands, and, where something is to be done, what."""

    about: str
    level: Level
    told: str
    advice: str | None = None
