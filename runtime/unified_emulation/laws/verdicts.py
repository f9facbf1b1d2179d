"""Verdicts: whether a law holds for one field, filter or operation of a mapping, or why that cannot be decided."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Law(enum.Enum):
    """A law, with the code of the finding if it is broken."""

    REQUESTS = ("LAW001", "requests")
    ROUND_TRIP = ("LAW002", "round trips")
    ENUM = ("LAW003", "enum values")
    CLEARING = ("LAW004", "clearing")
    UNCHANGED = ("LAW005", "rest unchanged")
    FILTER = ("LAW006", "filters")
    PAGES = ("LAW007", "pages")
    IDS = ("LAW008", "ids")
    DELETION = ("LAW009", "deletion")
    DISTINCT = ("LAW010", "distinct")

    def __init__(self, code: str, title: str) -> None:
        self.code = code
        self.title = title


class State(enum.Enum):
    HELD = "held"
    BROKEN = "broken"
    UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on one law. `subject` is the field or filter, empty if the law is about the operation; `reason` is for people."""

    law: Law
    resource: str
    operation: str
    subject: str
    state: State
    reason: str = ""
