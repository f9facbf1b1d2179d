"""Sagas: writes to several vendors of which all are done or none, also after a crash.

from unified_platform.sagas import Saga, Sagas, saga

sagas = Sagas()

@sagas.saga("onboard")
def onboard(s: Saga, name: str) -> str:
    task = s.run(tasks.create, title=f"Onboard {name}", via="jira")
    s.run(comments.create, task_id=task.id, body="Welcome", via="jira", undo=NOTHING)
    return task.id

with sagas:
    onboard("Alice")

with saga("onboard") as s:  # rolled back after a crash, where the function above goes on
    task = tasks.create(title="Onboard Bob", via="jira")
"""

from __future__ import annotations

from unified_platform.sagas.block import Block
from unified_platform.sagas.engine import Sagas, opened
from unified_platform.sagas.errors import Left, SagaFailed, TimeOver
from unified_platform.sagas.planned_steps import PlannedStep, call
from unified_platform.sagas.runs import Run, SagaFunction
from unified_platform.sagas.saga import Saga
from unified_runtime.client.saga_steps import NOTHING
from unified_runtime.core.wire.sagas import Report

__all__ = [
    "NOTHING",
    "Block",
    "SagaFunction",
    "Left",
    "PlannedStep",
    "Report",
    "Run",
    "Saga",
    "SagaFailed",
    "Sagas",
    "TimeOver",
    "call",
    "saga",
]


def saga(name: str, *, id: str | None = None, timeout: float | None = None) -> Block:
    """A saga as a block: `with saga("onboard") as s:`. Each call inside it is a step; an exception undoes the executed steps.

    It belongs to the `Sagas` that are open in this process; if none are, those of the user's data are opened, until the process ends.

    Args:
        id: names the run; by default one is made.
        timeout: seconds after which no step is begun any more, and what was done is undone.
    """
    return opened().begin(name, id=id, timeout=timeout)
