"""Tasks at Acme, in the shape of generated code."""

from __future__ import annotations

from tests.unit.runtime.acme import types
from tests.unit.runtime.acme.models import Task, TaskCreate, TaskFilters, TaskUpdate
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, attach, call, fetch
from unified_runtime.adapter_api import input_validation
from unified_runtime.core.errors import Conflict

FIELDS = {"summary": "title", "duedate": "due_date", "project": "project_id"}
UNSUPPORTED = {"archive": "Acme keeps everything"}

CREATE = Endpoint("createIssue", "POST", "/rest/issue", Retry.NEVER)
GET = Endpoint("getIssue", "GET", "/rest/issue/{key}", Retry.SAFE)
EDIT = Endpoint("editIssue", "PUT", "/rest/issue/{key}", Retry.IDEMPOTENT)
DELETE = Endpoint("deleteIssue", "DELETE", "/rest/issue/{key}", Retry.IDEMPOTENT)
TRANSITIONS = Endpoint("getTransitions", "GET", "/rest/issue/{key}/transitions", Retry.SAFE)
TRANSIT = Endpoint("doTransition", "POST", "/rest/issue/{key}/transitions", Retry.NEVER)
SEARCH = Endpoint("search", "GET", "/rest/search", Retry.SAFE)
SELECT = "summary,status"
STATUS = {"open": "new", "in_progress": "indeterminate", "done": "done"}
STATUS_READ = {"new": "open", "indeterminate": "in_progress", "done": "done"}
CREATE_UNSUPPORTED = {"status": "a new issue starts where its workflow starts"}
STATUS_UNSUPPORTED = {"status.canceled": "three categories, none of them canceled"}


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Acme")
    fields: dict[str, object] = {"summary": input_validation.at_most(task.title, 255, "title", "Acme")}
    fields["project"] = {"key": input_validation.require("project_id", task.project_id, "Acme")}
    if task.description is not None:
        fields["description"] = task.description
    if task.due_date is not None:
        fields["duedate"] = task.due_date.isoformat()
    body = input_validation.merge({"fields": fields}, ctx.extra, "Acme")
    body = input_validation.default(body, {"fields": {"issuetype": {"name": "Task"}}})
    created = yield from call(CREATE, json=body, schema=types.Created, save_as="created")
    issue, raw = yield from fetch(GET, path=(created.key,), query={"fields": SELECT}, schema=types.Issue)
    return read_task(ctx, issue, raw)


def get(ctx: Context, id: str) -> Steps[Task]:
    issue, raw = yield from fetch(GET, path=(id,), query={"fields": SELECT}, schema=types.Issue)
    return read_task(ctx, issue, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    yield from call(DELETE, path=(id,))


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    transition = None
    if task.status is not None:
        wanted = input_validation.enum_value(STATUS, task.status, "status", "Acme", STATUS_UNSUPPORTED)
        found = yield from call(TRANSITIONS, path=(id,), schema=types.Transitions, save_as="transition")
        transition = next((t for t in found.transitions or () if t.to is not None and t.to.key == wanted), None)
        if transition is None:
            raise Conflict(f"Acme offers no transition from here to {task.status}")
    if input_validation.given(task, "title"):
        yield from call(EDIT, path=(id,), json={"fields": {"summary": input_validation.never_clear("title", task.title, "Acme")}})
    if transition is not None:
        yield from call(TRANSIT, path=(id,), json={"transition": {"id": transition.id}})
    issue, raw = yield from fetch(GET, path=(id,), query={"fields": SELECT}, schema=types.Issue)
    return read_task(ctx, issue, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    query = {
        "project": filters.project_id,
        "status": None
        if filters.status is None
        else input_validation.enum_value(STATUS, filters.status, "status", "Acme", STATUS_UNSUPPORTED),
        "limit": input_validation.page_size(ctx.limit, 100),
        "token": ctx.cursor,
    }
    response, raw = yield from fetch(SEARCH, query=query, schema=types.Search)
    return Page([read_task(ctx, issue, raw.at("issues", at)) for at, issue in enumerate(response.issues or ())], response.next)


def read_task(ctx: Context, r: types.Issue, raw: Raw) -> Task:
    fields = r.fields or types.Fields()
    status = fields.status or types.Status()
    task = Task(id=r.key, title=fields.summary, status=STATUS_READ.get(status.key or ""), status_label=status.name)
    return attach(task, "acme", raw)
