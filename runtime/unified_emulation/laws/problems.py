"""Verdicts on calls that fail: the document forbids a request, or the emulator or the mapping cannot carry out the call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from unified_emulation.laws.session import Outcome
from unified_emulation.laws.verdicts import State
from unified_runtime.core.errors import Conflict, InvalidInput, Rejected, Unsupported

REJECTED = "the mapping rejects the value: "


def problem_of(*outcomes: Outcome) -> tuple[State, str] | None:
    """Return the verdict of the first call that failed: broken if the document does not allow a request; None if none failed."""
    for each in outcomes:
        if each.made_up and (each.refused is not None or each.error is not None):
            return State.UNDECIDED, "no operation lists the records whose ids it needs"
        if each.refused is not None:
            return State.BROKEN, f"the document does not allow the request: {each.refused}"
        if each.error is None:
            continue
        message = str(each.error).partition("\n")[0][:200]
        if each.unknown is not None:
            return State.UNDECIDED, each.unknown
        if isinstance(each.error, InvalidInput | Unsupported):
            return State.UNDECIDED, f"{REJECTED}{message}"
        if isinstance(each.error, Conflict | Rejected) and each.conflicts:
            return State.UNDECIDED, f"the record is not in a state that allows this: {message}"
        if isinstance(each.error, Conflict) and each.error.status is None:
            return State.UNDECIDED, f"the emulated account lacks a value that the mapping looks up: {message}"
        return State.BROKEN, f"{type(each.error).__name__}: {message}"
    return None


def only_looked_up(outcome: Outcome, value: Any) -> bool:
    """Return true if a value is sent only to look something up, or as a part of a longer text: what is then stored is not documented."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return False
    writes = [each for call in outcome.calls if call.operation.method != "GET" for each in _texts((call.path, call.query, call.body))]
    reads = [each for call in outcome.calls if call.operation.method == "GET" for each in _texts((call.path, call.query))]
    return value not in writes and (value in reads or any(value in each for each in writes))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    elif value is not None:
        yield str(value)
