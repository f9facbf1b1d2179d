"""Sagas: several writes over several vendors of which, whatever dies in between, all are done or none.

from unified_platform.sagas import Saga, Sagas

sagas = Sagas()

@sagas.saga("onboard")
def onboard(s: Saga, name: str) -> str:
    task = s.run(tasks.create, title=f"Onboard {name}", via="jira")
    s.run(comments.create, task_id=task.id, body="Welcome", via="jira", undo=NOTHING)
    return task.id

with sagas:
    onboard("Alice")
"""

from __future__ import annotations

from unified_platform.sagas.engine import Defined, Run, Sagas
from unified_platform.sagas.errors import Left, SagaFailed
from unified_platform.sagas.saga import Saga
from unified_platform.sagas.undoing import NOTHING

__all__ = ["NOTHING", "Defined", "Left", "Run", "Saga", "SagaFailed", "Sagas"]
