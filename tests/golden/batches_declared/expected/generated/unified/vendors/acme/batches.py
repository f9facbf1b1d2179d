"""Batch operations of Acme. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, Constant, ItemParameter, ParameterPattern, SameValue

GET_TASKS_SAFE = Batch(
    endpoint=Endpoint("getTasks", "POST", "/batch/tasks/read", Retry.SAFE),
    most=20,
    items=("body", "tasks"),
    item=(ItemParameter(path=(), parameter="taskId"),),
    results=("done",),
    match=(SameValue(result=("id",), item=()),),
)
DELETE_TASKS_IDEMPOTENT = Batch(
    endpoint=Endpoint("deleteTasks", "DELETE", "/batch/tasks", Retry.IDEMPOTENT),
    most=10,
    items=("query", "ids"),
    item=(ItemParameter(path=(), parameter="taskId"),),
    only=(ParameterPattern(parameter="taskId", pattern="T[0-9]+"),),
)
CREATE_TASKS_NEVER = Batch(
    endpoint=Endpoint("createTasks", "POST", "/batch/tasks", Retry.NEVER),
    most=50,
    items=("body", "data", "tasks"),
    set=(Constant(path=("body", "partial"), value=True),),
    each=(Constant(path=("state",), value="active"),),
    body=(),
    mark=("ref",),
    results=("made",),
    errors=("failed",),
    status=("status",),
    result=("task",),
    error=("error",),
    match=(SameValue(result=("ref",), item=("ref",)),),
    blames=(SameValue(result=("refs",), item=("ref",)),),
)
UPDATE_TASKS_NEVER = Batch(
    endpoint=Endpoint("updateTasks", "PATCH", "/batch/tasks", Retry.NEVER),
    most=50,
    items=("body", "changes"),
    item=(ItemParameter(path=("id",), parameter="taskId"),),
    fixed=(Constant(path=("kind",), value="task"),),
    body=("change",),
    results=(),
    done=("ok",),
    result=("task",),
    separate_codes=frozenset(["410", "LOST"]),
    match=(SameValue(result=("task", "id"), item=("id",)),),
)
