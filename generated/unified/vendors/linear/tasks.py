"""Linear tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import choices, current_values, input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import dates, datetimes
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

ISSUE = Endpoint("issue", "POST", "/#issue", Retry.SAFE)
ISSUE_DELETE = Endpoint("issueDelete", "POST", "/#issueDelete", Retry.NEVER)
ISSUE_LABELS = Endpoint("issueLabels", "POST", "/#issueLabels", Retry.SAFE)
WORKFLOW_STATES = Endpoint("workflowStates", "POST", "/#workflowStates", Retry.SAFE)
ISSUE_CREATE = Endpoint("issueCreate", "POST", "/#issueCreate", Retry.NEVER)
ISSUE_UPDATE = Endpoint("issueUpdate", "POST", "/#issueUpdate", Retry.NEVER)
ISSUES = Endpoint("issues", "POST", "/#issues", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "unstarted": "open",
    "backlog": "open",
    "triage": "open",
    "started": "in_progress",
    "completed": "done",
    "canceled": "canceled",
    "duplicate": "canceled",
}
PRIORITY_READ: dict[Any, Literal["low", "medium", "high", "urgent"]] = {1: "urgent", 2: "high", 3: "medium", 4: "low"}
make_task = record_factory(Task, "linear", absent=("type", "column_id", "requester_id", "start_date", "recurring"))
ISSUE_FIELDS = (
    "\nfragment IssueFields on Issue {\n"
    "  id\n"
    "  title\n"
    "  description\n"
    "  state {\n"
    "    type\n"
    "    name\n"
    "  }\n"
    "  priority\n"
    "  priorityLabel\n"
    "  project {\n"
    "    id\n"
    "  }\n"
    "  parent {\n"
    "    id\n"
    "  }\n"
    "  cycle {\n"
    "    id\n"
    "  }\n"
    "  assignee {\n"
    "    id\n"
    "  }\n"
    "  creator {\n"
    "    id\n"
    "  }\n"
    "  labels {\n"
    "    nodes {\n"
    "      name\n"
    "    }\n"
    "  }\n"
    "  dueDate\n"
    "  completedAt\n"
    "  createdAt\n"
    "  updatedAt\n"
    "  url\n"
    "}"
)
ISSUE_QUERY = ("query issue($id: String!) {\n  issue(id: $id) {\n    ...IssueFields\n  }\n}") + ISSUE_FIELDS
ISSUE_DELETE_QUERY = (
    "mutation issueDelete($id: String!, $permanentlyDelete: Boolean) {\n"
    "  issueDelete(id: $id, permanentlyDelete: $permanentlyDelete) {\n"
    "    success\n"
    "  }\n"
    "}"
)
CREATE_UNSUPPORTED = {
    "requester_email": "Linear issues have no requester",
    "type": "Linear issues have no type",
    "column_id": "columns of Linear boards are statuses; set `status_name`",
    "requester_id": "Linear issues have no requester",
    "start_date": "Linear issues have only a due date",
}
ISSUE_LABELS_QUERY = (
    "query issueLabels($filter: IssueLabelFilter, $first: Int) {\n"
    "  issueLabels(filter: $filter, first: $first) {\n"
    "    nodes {\n"
    "      id\n"
    "      name\n"
    "    }\n"
    "  }\n"
    "}"
)
WORKFLOW_STATES_QUERY = (
    "query workflowStates($filter: WorkflowStateFilter, $first: Int) {\n"
    "  workflowStates(filter: $filter, first: $first) {\n"
    "    nodes {\n"
    "      id\n"
    "      type\n"
    "    }\n"
    "  }\n"
    "}"
)
PRIORITY_WRITE: dict[Any, Any] = {"urgent": 1, "high": 2, "medium": 3, "low": 4}
ISSUE_CREATE_QUERY = (
    "mutation issueCreate($input: IssueCreateInput!) {\n"
    "  issueCreate(input: $input) {\n"
    "    issue {\n"
    "      ...IssueFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + ISSUE_FIELDS
UPDATE_UNSUPPORTED = {
    "add_assignee_ids": "Linear issues have one assignee; set `assignee_ids`",
    "remove_assignee_ids": "Linear issues have one assignee; set `assignee_ids`",
    "type": "Linear issues have no type",
    "column_id": "columns of Linear boards are statuses; set `status_name`",
    "requester_id": "Linear issues have no requester",
    "start_date": "Linear issues have only a due date",
}
UPDATE_NEVER_CLEARED = ("title", "status")
ISSUE_UPDATE_SENDS = frozenset(
    (
        "assignee_ids",
        "description",
        "due_date",
        "labels",
        "parent_id",
        "priority",
        "project_id",
        "sprint_id",
        "status",
        "status_name",
        "title",
    )
)
ISSUE_QUERY_2 = (
    "query issue($id: String!) {\n"
    "  issue(id: $id) {\n"
    "    description\n"
    "    labels {\n"
    "      nodes {\n"
    "        name\n"
    "      }\n"
    "    }\n"
    "    team {\n"
    "      id\n"
    "    }\n"
    "    state {\n"
    "      name\n"
    "    }\n"
    "  }\n"
    "}"
)
WORKFLOW_STATES_QUERY_2 = (
    "query workflowStates($filter: WorkflowStateFilter, $first: Int) {\n"
    "  workflowStates(filter: $filter, first: $first) {\n"
    "    nodes {\n"
    "      id\n"
    "      type\n"
    "      name\n"
    "    }\n"
    "  }\n"
    "}"
)
ISSUE_UPDATE_QUERY = (
    "mutation issueUpdate($id: String!, $input: IssueUpdateInput!) {\n"
    "  issueUpdate(id: $id, input: $input) {\n"
    "    issue {\n"
    "      ...IssueFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + ISSUE_FIELDS
LIST_UNSUPPORTED = {"type": ""}
SORT_0_CREATED_AT_ORDER_WRITE: dict[Any, Any] = {"created": "Ascending", "created_desc": "Descending"}
SORT_0_UPDATED_AT_ORDER_WRITE: dict[Any, Any] = {"updated": "Ascending", "updated_desc": "Descending"}
SORT_0_DUE_DATE_ORDER_WRITE: dict[Any, Any] = {"due": "Ascending", "due_desc": "Descending"}
SORT_0_PRIORITY_ORDER_WRITE: dict[Any, Any] = {"priority": "Ascending"}
ISSUES_QUERY = (
    "query issues($after: String, $filter: IssueFilter, $first: Int, $includeArchived: Boolean, $orderBy: PaginationOrderBy, $sort: [IssueSortInput!]) {\n"
    "  issues(after: $after, filter: $filter, first: $first, includeArchived: $includeArchived, orderBy: $orderBy, sort: $sort) {\n"
    "    nodes {\n"
    "      ...IssueFields\n"
    "    }\n"
    "    pageInfo {\n"
    "      hasNextPage\n"
    "      endCursor\n"
    "    }\n"
    "  }\n"
    "}"
) + ISSUE_FIELDS

FIELDS: dict[str, str] = {
    "id": "id",
    "filter.name.in": "labels",
    "input.title": "title",
    "input.description": "description",
    "input.priority": "priority",
    "input.projectId": "project_id",
    "input.parentId": "parent_id",
    "input.cycleId": "sprint_id",
    "input.assigneeId": "assignee_ids",
    "input.dueDate": "due_date",
    "input.labelIds": "labels",
    "filter.project.id.eq": "project_id",
    "filter.assignee.id.eq": "assignee_id",
    "filter.assignee.null": "unassigned",
    "filter.updatedAt.gte": "updated_after",
    "filter.createdAt.gte": "created_after",
    "filter.dueDate.gte": "due_after",
    "filter.dueDate.lt": "due_before",
    "filter.labels.name.eq": "label",
    "filter.priority.eq": "priority",
    "filter.parent.id.eq": "parent_id",
    "filter.searchableContent.contains": "text",
    "sort.createdAt.order": "sort",
    "sort.updatedAt.order": "sort",
    "sort.dueDate.order": "sort",
    "sort.priority.order": "sort",
    "sort": "sort",
    "in": "labels",
    "title": "title",
    "description": "description",
    "priority": "priority",
    "projectId": "project_id",
    "parentId": "parent_id",
    "cycleId": "sprint_id",
    "assigneeId": "assignee_ids",
    "dueDate": "due_date",
    "labelIds": "labels",
    "null": "unassigned",
    "lt": "due_before",
    "contains": "text",
    "order": "sort",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: POST /#issue."""
    response, raw = yield from fetch(
        ISSUE, json={"query": ISSUE_QUERY, "variables": {"id": id}}, schema=types.IssueResponse
    )
    data = response.data or types.IssueResponseData()
    record = responses.required(data.issue, "data.issue", "Linear")
    return read_task(record, raw.at("data", "issue"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: POST /#issueDelete."""
    body: dict[str, Any] = {"id": id}
    body = input_validation.merge(body, ctx.extra, "Linear")
    yield from call(ISSUE_DELETE, json={"query": ISSUE_DELETE_QUERY, "variables": body})


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /#issueLabels, if needed
        POST /#workflowStates, if needed
        POST /#issueCreate
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Linear")
    named: types.TasksIssueLabelConnection | None = None
    state: types.TasksWorkflowState2 | None = None
    if task.labels is not None:
        clauses: list[Any] = [{"team": {"id": {"eq": ctx.connection["team"]}}}, {"team": {"null": True}}]
        filter_: dict[str, Any] = {"name": {"in": task.labels}, "or": clauses}
        body: dict[str, Any] = {"first": 250, "filter": filter_}
        named_response = yield from call(
            ISSUE_LABELS,
            json={"query": ISSUE_LABELS_QUERY, "variables": body},
            schema=types.NamedResponse,
            save_as="named",
        )
        data = named_response.data or types.NamedResponseData()
        named = responses.found(
            responses.if_matching(
                data.issue_labels,
                lambda each: responses.has_all(
                    [each.name for each in each.nodes or () if each.name is not None], task.labels
                ),
                "named",
            ),
            "the team does not have all of these labels",
            "InvalidInput",
        )
    if task.status is not None:
        body_2: dict[str, Any] = {"filter": {"team": {"id": {"eq": ctx.connection["team"]}}}, "first": 250}
        state_response = yield from call(
            WORKFLOW_STATES,
            json={"query": WORKFLOW_STATES_QUERY, "variables": body_2},
            schema=types.StateResponse,
            save_as="state",
        )
        data_2 = state_response.data or types.StateResponseData()
        workflow_states = data_2.workflow_states or types.TasksWorkflowStateConnection()
        state = responses.found(
            responses.first(workflow_states.nodes, lambda each: STATUS_READ.get(each.type) == task.status, "state"),
            f"the team has no status for {task.status}",
            "InvalidInput",
        )
    input_: dict[str, Any] = {"id": ctx.key_as("uuid4"), "teamId": ctx.connection["team"], "title": task.title}
    if state is not None and state.id is not None:
        input_["stateId"] = state.id
    if named is not None:
        input_["labelIds"] = [each.id for each in named.nodes or () if each.id is not None]
    if task.description is not None:
        input_["description"] = task.description
    if task.priority is not None:
        input_["priority"] = PRIORITY_WRITE[task.priority]
    if task.project_id is not None:
        input_["projectId"] = task.project_id
    if task.parent_id is not None:
        input_["parentId"] = task.parent_id
    if task.sprint_id is not None:
        input_["cycleId"] = task.sprint_id
    if task.assignee_ids:
        input_["assigneeId"] = input_validation.only(task.assignee_ids, "assignee_ids", "Linear")
    if task.due_date is not None:
        input_["dueDate"] = dates.encode(task.due_date)
    body_3: dict[str, Any] = {"input": input_}
    body_3 = input_validation.merge(body_3, ctx.extra, "Linear")

    def look() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                ISSUE, json={"query": ISSUE_QUERY, "variables": {"id": ctx.key_as("uuid4")}}
            )
        )

    response, raw = yield from reconciliation.send_once(
        fetch(ISSUE_CREATE, json={"query": ISSUE_CREATE_QUERY, "variables": body_3}, schema=types.IssueCreateResponse),
        look,
        schema=types.IssueCreateResponse,
        raw=True,
        record=("data", "issue"),
        response_record=("data", "issueCreate", "issue"),
        has_mark=True,
        conflict_on_duplicate=True,
    )
    data_3 = response.data or types.IssueCreateResponseData()
    issue_create = data_3.issue_create or types.IssuePayload()
    record = responses.required(issue_create.issue, "data.issueCreate.issue", "Linear")
    return read_task(record, raw.at("data", "issueCreate", "issue"))


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        POST /#issue, if needed
        POST /#issueLabels, if needed
        POST /#workflowStates, if needed
        POST /#issueUpdate, if needed
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Linear", clears=True)
    given = input_validation.changes(task, ctx.extra, "Linear")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Linear")
    task_2: types.TasksIssue2 | None = None
    named: types.TasksIssueLabelConnection | None = None
    state: types.TasksWorkflowState4 | None = None
    found: tuple[types.TasksIssue, Raw] | None = None
    if (
        task.status is not None
        or task.status_name is not None
        or task.append_description is not None
        or task.add_labels is not None
        or task.remove_labels is not None
    ):
        task_response = yield from call(
            ISSUE, json={"query": ISSUE_QUERY_2, "variables": {"id": id}}, schema=types.TaskResponse, save_as="task"
        )
        data = task_response.data or types.TaskResponseData()
        task_2 = data.issue or types.TasksIssue2()
        task = current_values.text(task, "description", (task_2 or types.TasksIssue2()).description, "Linear")
        task = current_values.complete_list(
            task,
            "labels",
            [
                each.name
                for each in ((task_2 or types.TasksIssue2()).labels or types.IssueLabelConnection()).nodes or ()
                if each.name is not None
            ],
            "Linear",
        )
        given = task.model_fields_set
    if task.labels is not None:
        body_2: dict[str, Any] = {"filter": {"name": {"in": task.labels}}, "first": 250}
        named_response = yield from call(
            ISSUE_LABELS,
            json={"query": ISSUE_LABELS_QUERY, "variables": body_2},
            schema=types.NamedResponse,
            save_as="named",
        )
        data_2 = named_response.data or types.NamedResponseData()
        named = responses.found(
            responses.if_matching(
                data_2.issue_labels,
                lambda each: responses.has_all(
                    [each.name for each in each.nodes or () if each.name is not None], task.labels
                ),
                "named",
            ),
            "the team does not have all of these labels",
            "Conflict",
        )
    if task.status is not None or task.status_name is not None:
        body_3: dict[str, Any] = {"first": 250}
        if task_2 is not None and (task_2.team or types.Team()).id is not None:
            body_3["filter"] = {"team": {"id": {"eq": (task_2.team or types.Team()).id}}}
        state_response = yield from call(
            WORKFLOW_STATES,
            json={"query": WORKFLOW_STATES_QUERY_2, "variables": body_3},
            schema=types.TasksStateResponse,
            save_as="state",
        )
        data_3 = state_response.data or types.TasksStateResponseData()
        workflow_states = data_3.workflow_states or types.TasksWorkflowStateConnection2()
        state = choices.choose(
            workflow_states.nodes,
            lambda each: task.status is None or STATUS_READ.get(each.type) == task.status,
            lambda each: each.name,
            "state",
            "the team of the issue has no status for the requested value",
            named=task.status_name,
            present=((task_2 or types.TasksIssue2()).state or types.TasksWorkflowState3()).name,
            usual=("done", "canceled", "in progress", "todo", "backlog"),
        )
    if given & ISSUE_UPDATE_SENDS or ctx.extra:
        input_: dict[str, Any] = {}
        if state is not None and state.id is not None:
            input_["stateId"] = state.id
        if named is not None:
            input_["labelIds"] = [each.id for each in named.nodes or () if each.id is not None]
        if task.title is not None:
            input_["title"] = task.title
        if "description" in given:
            input_["description"] = "" if task.description is None else task.description
        if "priority" in given:
            input_["priority"] = 0 if task.priority is None else PRIORITY_WRITE[task.priority]
        if "project_id" in given:
            input_["projectId"] = task.project_id
        if "parent_id" in given:
            input_["parentId"] = task.parent_id
        if "sprint_id" in given:
            input_["cycleId"] = task.sprint_id
        if "assignee_ids" in given:
            input_["assigneeId"] = (
                None if not task.assignee_ids else input_validation.only(task.assignee_ids, "assignee_ids", "Linear")
            )
        if "labels" in given and task.labels is None:
            input_["labelIds"] = []
        if "due_date" in given:
            input_["dueDate"] = None if task.due_date is None else dates.encode(task.due_date)
        body_4: dict[str, Any] = {"id": id}
        if input_:
            body_4["input"] = input_
        body_4 = input_validation.merge(body_4, ctx.extra, "Linear")
        response, raw = yield from fetch(
            ISSUE_UPDATE, json={"query": ISSUE_UPDATE_QUERY, "variables": body_4}, schema=types.IssueUpdateResponse
        )
        data_4 = response.data or types.IssueUpdateResponseData()
        issue_update = data_4.issue_update or types.IssuePayload()
        found = (
            responses.required(issue_update.issue, "data.issueUpdate.issue", "Linear"),
            raw.at("data", "issueUpdate", "issue"),
        )
    record, raw = responses.last_response(found, "Linear")
    return read_task(record, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks: POST /#issues."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Linear")
    assignee: dict[str, Any] = {}
    if filters.assignee_id is not None:
        assignee["id"] = {"eq": filters.assignee_id}
    if filters.unassigned is not None:
        assignee["null"] = filters.unassigned
    due_date: dict[str, Any] = {}
    if filters.due_after is not None:
        due_date["gte"] = dates.encode(filters.due_after)
    if filters.due_before is not None:
        due_date["lt"] = dates.encode(filters.due_before)
    first_sort: dict[str, Any] = {}
    if filters.sort in SORT_0_CREATED_AT_ORDER_WRITE:
        first_sort["createdAt"] = {"order": SORT_0_CREATED_AT_ORDER_WRITE[filters.sort]}
    if filters.sort in SORT_0_UPDATED_AT_ORDER_WRITE:
        first_sort["updatedAt"] = {"order": SORT_0_UPDATED_AT_ORDER_WRITE[filters.sort]}
    if filters.sort in SORT_0_DUE_DATE_ORDER_WRITE:
        first_sort["dueDate"] = {"order": SORT_0_DUE_DATE_ORDER_WRITE[filters.sort]}
    if filters.sort in SORT_0_PRIORITY_ORDER_WRITE:
        first_sort["priority"] = {"order": SORT_0_PRIORITY_ORDER_WRITE[filters.sort]}
    filter_: dict[str, Any] = {}
    if filters.project_id is not None:
        filter_["project"] = {"id": {"eq": filters.project_id}}
    if filters.updated_after is not None:
        filter_["updatedAt"] = {"gte": datetimes.encode(filters.updated_after)}
    if filters.created_after is not None:
        filter_["createdAt"] = {"gte": datetimes.encode(filters.created_after)}
    if filters.label is not None:
        filter_["labels"] = {"name": {"eq": filters.label}}
    if filters.priority is not None:
        filter_["priority"] = {"eq": PRIORITY_WRITE[filters.priority]}
    if filters.parent_id is not None:
        filter_["parent"] = {"id": {"eq": filters.parent_id}}
    if filters.text is not None:
        filter_["searchableContent"] = {"contains": filters.text}
    if assignee:
        filter_["assignee"] = assignee
    if due_date:
        filter_["dueDate"] = due_date
    sort: list[Any] = []
    if first_sort:
        sort.append(first_sort)
    body: dict[str, Any] = {"first": input_validation.page_size(ctx.limit, 250)}
    if filter_:
        body["filter"] = filter_
    if sort:
        body["sort"] = sort
    if ctx.cursor is not None:
        body["after"] = ctx.cursor
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        ISSUES, json={"query": ISSUES_QUERY, "variables": body}, schema=types.IssuesResponse
    )
    data = response.data or types.IssuesResponseData()
    issues = data.issues or types.IssueConnection()
    items = issues.nodes or []
    records = [read_task(each, raw.at("data", "issues", "nodes", index)) for index, each in enumerate(items)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    data_2 = response.data or types.IssuesResponseData()
    issues_2 = data_2.issues or types.IssueConnection()
    page_info = issues_2.page_info or types.PageInfo()
    return Page(records, cursor=pagination.token(page_info.end_cursor) if page_info.has_next_page else None)


def read_task(r: types.TasksIssue, raw: Raw) -> Task:
    """Read a unified Task from an Issue of Linear."""
    state = r.state or types.TasksWorkflowState()
    project = r.project or types.TasksProject()
    parent = r.parent or types.Issue()
    cycle = r.cycle or types.TasksCycle()
    assignee = r.assignee or types.TasksUser()
    creator = r.creator or types.TasksUser()
    labels = r.labels or types.IssueLabelConnection()
    values: TaskValues = {
        "id": responses.required(r.id, "id", "Linear"),
        "title": r.title,
        "description": r.description,
        "status": STATUS_READ.get(state.type),
        "status_label": state.name,
        "priority": PRIORITY_READ.get(r.priority),
        "priority_label": r.priority_label,
        "type": None,
        "project_id": project.id,
        "parent_id": parent.id,
        "column_id": None,
        "sprint_id": cycle.id,
        "assignee_ids": [assignee.id] if assignee.id is not None else [],
        "creator_id": creator.id,
        "requester_id": None,
        "labels": [each.name for each in labels.nodes or () if each.name is not None],
        "start_date": None,
        "due_date": dates.decode(r.due_date) if r.due_date is not None else None,
        "recurring": None,
        "completed_at": datetimes.decode(r.completed_at) if r.completed_at is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": r.url,
    }
    return make_task(values, raw)
