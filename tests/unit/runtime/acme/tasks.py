"""Tasks at Acme, in the shape of generated code."""

from __future__ import annotations

from tests.unit.runtime.acme import types
from tests.unit.runtime.acme.models import Task, TaskCreate, TaskFilters, TaskUpdate
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, attach, call, fetch, inputs
from unified_runtime.errors import Conflict

FIELDS = {"summary": "title", "duedate": "due_date", "project": "project_id"}
GAPS = {"archive": "Acme keeps everything"}

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
CREATE_GAPS = {"status": "a new issue starts where its workflow starts"}
GAPS_OF_VALUES = {"status.canceled": "three categories, none of them canceled"}


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    inputs.refuse(task, CREATE_GAPS, "Acme")
    fields: dict[str, object] = {"summary": inputs.at_most(task.title, 255, "title", "Acme")}
    fields["project"] = {"key": inputs.require("project_id", task.project_id, "Acme")}
    if task.description is not None:
        fields["description"] = task.description
    if task.due_date is not None:
        fields["duedate"] = task.due_date.isoformat()
    body = inputs.merge({"fields": fields}, ctx.extra, "Acme")
    body = inputs.default(body, {"fields": {"issuetype": {"name": "Task"}}})
    created = yield from call(CREATE, json=body, reads=types.Created, keep="created")
    issue, raw = yield from fetch(GET, path=(created.key,), query={"fields": SELECT}, reads=types.Issue)
    return read_task(ctx, issue, raw)


def get(ctx: Context, id: str) -> Steps[Task]:
    issue, raw = yield from fetch(GET, path=(id,), query={"fields": SELECT}, reads=types.Issue)
    return read_task(ctx, issue, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    yield from call(DELETE, path=(id,))


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    transition = None
    if task.status is not None:
        wanted = inputs.word(STATUS, task.status, "status", "Acme", GAPS_OF_VALUES)
        found = yield from call(TRANSITIONS, path=(id,), reads=types.Transitions, keep="transition")
        transition = next((t for t in found.transitions or () if t.to is not None and t.to.key == wanted), None)
        if transition is None:
            raise Conflict(f"Acme offers no transition from here to {task.status}")
    if inputs.given(task, "title"):
        yield from call(EDIT, path=(id,), json={"fields": {"summary": inputs.never_clear("title", task.title, "Acme")}})
    if transition is not None:
        yield from call(TRANSIT, path=(id,), json={"transition": {"id": transition.id}})
    issue, raw = yield from fetch(GET, path=(id,), query={"fields": SELECT}, reads=types.Issue)
    return read_task(ctx, issue, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    query = {
        "project": filters.project_id,
        "status": None if filters.status is None else inputs.word(STATUS, filters.status, "status", "Acme", GAPS_OF_VALUES),
        "limit": inputs.page_size(ctx.limit, 100),
        "token": ctx.cursor,
    }
    answer, raw = yield from fetch(SEARCH, query=query, reads=types.Search)
    return Page([read_task(ctx, issue, raw.at("issues", at)) for at, issue in enumerate(answer.issues or ())], answer.next)


def read_task(ctx: Context, r: types.Issue, raw: Raw) -> Task:
    fields = r.fields or types.Fields()
    status = fields.status or types.Status()
    task = Task(id=r.key, title=fields.summary, status=STATUS_READ.get(status.key or ""), status_label=status.name)
    return attach(task, "acme", raw)
