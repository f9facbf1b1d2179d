"""Findings of `unified doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Level of a finding: fine, absent (which may be intended), to be watched, or wrong."""

    OK = "ok"
    ABSENT = "absent"
    WATCH = "watch"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: its subject, level, message, and the advice if something has to be done."""

    about: str
    level: Level
    message: str
    advice: str | None = None
