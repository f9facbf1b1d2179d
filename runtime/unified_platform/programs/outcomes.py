"""Outcome of a program, and its text for a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from unified_platform.programs import diagnostics
from unified_platform.programs.analysis import Use
from unified_platform.programs.api import ProgramApi
from unified_platform.programs.host import Paused, ProgramHost
from unified_platform.programs.journal import Journal
from unified_platform.programs.store import Program, Status
from unified_platform.tools.results import sentence
from unified_runtime import UnifiedError

State = Literal["completed", "paused", "failed", "rejected", "planned"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a program.

    Attributes:
        state: `completed`, `paused`, `failed`, `rejected` (not run, since it has errors) or `planned` (a dry run).
        text: the outcome for a model.
        id: id of the program; empty if it was not run.
        value: value of its last expression as plain JSON.
        printed: what it printed.
        approval: id of the approval that it waits for.
        problems: errors for which it was rejected.
        uses: functions that it names.
    """

    state: State
    text: str
    id: str = ""
    value: Any = None
    printed: str = ""
    approval: str = ""
    problems: tuple[str, ...] = ()
    uses: tuple[Use, ...] = field(default=(), repr=False)


def rejected(problems: Sequence[str], stubs: str = "") -> Outcome:
    return Outcome("rejected", diagnostics.report(problems, stubs), problems=tuple(problems))


def of_stored(program: Program) -> Outcome:
    state: Status = program.status
    outcome: State = "completed" if state == "completed" else "failed"
    return Outcome(outcome, program.content.text, program.id, program.content.data)


def plan_text(uses: Sequence[Use], api: ProgramApi) -> str:
    named = [use for use in uses if use.line] or list(uses)
    if not named:
        return "The program is valid and calls nothing."
    lines = []
    for use in sorted(named, key=lambda use: use.line):
        tool = api[use.path]
        lines.append(f"line {use.line}: {use.path} ({tool.effect}, {', '.join(tool.vendors)})")
    return "The program is valid. It can call:\n" + "\n".join(lines)


def changed(journal: Journal) -> str:
    """Return what a program wrote, for its author."""
    writes = journal.writes()
    if not writes:
        return "Nothing was changed."
    lines = [f"line {entry.line}: {entry.name}{f' ({entry.made})' if entry.made else ''}" for _, entry in writes]
    return "Changed: " + "; ".join(lines) + "."


def next_step(pause: Paused) -> str:
    if pause.reason == "approval":
        return "It goes on when a person has approved the call."
    if pause.reason == "rate_limit":
        return "It can be resumed when the limit allows."
    return "A person has to look whether the call was executed (`unified writes list`)."


def undo(host: ProgramHost) -> str:
    """Undo the writes of an atomic program, last first, and return what was undone and what was not."""
    undone, left = 0, []
    for compensation in sorted(host.compensations, key=lambda one: one.number, reverse=True):
        try:
            host.undo(compensation)
            undone += 1
        except UnifiedError as error:
            left.append(f"write {compensation.number} could not be undone: {error.message}")
    text = f"{undone} of its writes were undone." if undone else "It had written nothing that remains."
    return " ".join([text, *map(sentence, left)])
