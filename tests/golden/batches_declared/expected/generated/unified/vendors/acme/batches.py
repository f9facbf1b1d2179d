"""Batch operations of Acme. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, Constant, ItemParameter, ParameterPattern, SameValue

GET_TASKS_SAFE = Batch(
    endpoint=Endpoint("getTasks", "POST", "/batch/tasks/read", Retry.SAFE),
    max_items=20,
    items=("body", "tasks"),
    item_parameters=(ItemParameter(path=(), parameter="taskId"),),
    results=("done",),
    match=(SameValue(result=("id",), item=()),),
)
DELETE_TASKS_IDEMPOTENT = Batch(
    endpoint=Endpoint("deleteTasks", "DELETE", "/batch/tasks", Retry.IDEMPOTENT),
    max_items=10,
    items=("query", "ids"),
    item_parameters=(ItemParameter(path=(), parameter="taskId"),),
    only_matching=(ParameterPattern(parameter="taskId", pattern="T[0-9]+"),),
)
CREATE_TASKS_NEVER = Batch(
    endpoint=Endpoint("createTasks", "POST", "/batch/tasks", Retry.NEVER),
    max_items=50,
    items=("body", "data", "tasks"),
    constants=(Constant(path=("body", "partial"), value=True),),
    item_defaults=(Constant(path=("state",), value="active"),),
    body=(),
    item_id=("ref",),
    results=("made",),
    errors=("failed",),
    status=("status",),
    result=("task",),
    error=("error",),
    match=(SameValue(result=("ref",), item=("ref",)),),
    failed_items=(SameValue(result=("refs",), item=("ref",)),),
)
UPDATE_TASKS_NEVER = Batch(
    endpoint=Endpoint("updateTasks", "PATCH", "/batch/tasks", Retry.NEVER),
    max_items=50,
    items=("body", "changes"),
    item_parameters=(ItemParameter(path=("id",), parameter="taskId"),),
    item_values=(Constant(path=("kind",), value="task"),),
    body=("change",),
    results=(),
    done_if=("ok",),
    result=("task",),
    separate_codes=frozenset(["410", "LOST"]),
    match=(SameValue(result=("task", "id"), item=("id",)),),
)
