"""Changes of vendors' documents, each with the verdict that it must get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from tests.unit.drift.support import GONE, Edit, moved, parameter, put, renamed

READS = ("tasks.get", "tasks.list", "tasks.create", "tasks.update")
ASANA = (
    "attachments.delete", "attachments.download", "attachments.get", "attachments.list", "attachments.upload",
    "comments.create", "comments.delete", "comments.get", "comments.list", "comments.update",
    "projects.archive", "projects.create", "projects.get", "projects.list", "projects.unarchive", "projects.update",
    "statuses.list", "task_fields.list", "tasks.get", "tasks.list", "tasks.create", "tasks.update", "tasks.delete",
    "users.get", "users.list", "users.me",
)  # fmt: skip
ASANA_SCOPES = [{"personalAccessToken": []}, {"oauth2": ["tasks:write", "projects:write"]}]
TASK = "/components/schemas/Task/properties"
T_CREATE = "/components/schemas/CreateTaskRequest"
T_GET = "/paths/~1tasks~1{id}/get"
T_UPDATE = "/paths/~1tasks~1{id}/post"


class Case(Struct, frozen=True):
    """One change. `verdicts` are those of operations that are not valid any more; all others must be valid.

    `lost` are fields, filters or values that must be named; `words` are parts of the messages that a user must get.
    """

    name: str
    vendor: str
    edits: tuple[Edit, ...]
    verdicts: Mapping[str, str] = {}
    lost: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    vendor_level: bool = False
    overlay: int = 0


def every(verdict: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, verdict)


def opt_fields_without(*names: str) -> Edit:
    """Take values from every list of fields that can be requested of Asana."""

    def edit(root: dict[str, Any]) -> None:
        for item in root["paths"].values():
            for operation in item.values():
                for one in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                    if one.get("name") == "opt_fields" and "items" in one["schema"] and "enum" in one["schema"]["items"]:
                        listed = one["schema"]["items"]["enum"]
                        one["schema"]["items"]["enum"] = [word for word in listed if word not in names]

    return edit


def on_operation(path: str, method: str, change: Callable[[dict[str, Any]], None]) -> Edit:
    def edit(root: dict[str, Any]) -> None:
        change(root["paths"][path][method])

    return edit


def as_form(operation: dict[str, Any]) -> None:
    content = operation["requestBody"]["content"]
    content["application/x-www-form-urlencoded"] = content.pop("application/json")


def as_xml(operation: dict[str, Any]) -> None:
    content = next(found for status, found in operation["responses"].items() if status[0] == "2")["content"]
    content["application/xml"] = content.pop("application/json")


def as_xml_request(operation: dict[str, Any]) -> None:
    content = operation["requestBody"]["content"]
    content["application/xml"] = content.pop("application/json")


def moved_content(old: str, new: str) -> Edit:
    """Give a schema's content to another, to which it refers then."""

    def edit(root: dict[str, Any]) -> None:
        schemas = root["components"]["schemas"]
        schemas[new] = schemas[old]
        schemas[old] = {"allOf": [{"$ref": f"#/components/schemas/{new}"}]}

    return edit


def one_of(name: str) -> Edit:
    """Make a schema one of two."""

    def edit(root: dict[str, Any]) -> None:
        schemas = root["components"]["schemas"]
        schemas[name] = {"oneOf": [schemas[name], {"type": "object", "properties": {"text": {"type": "string"}}}]}

    return edit


def without_security(root: dict[str, Any]) -> None:
    root.pop("security", None)
    for item in root["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)


CHANGES: tuple[Case, ...] = (
    # ---------------------------------------------------------------- nothing that concerns the mappings
    Case("prose is added", "todoist", (put(f"{T_GET}/description", "Reads a task."), put("/info/title", "Other"))),
    Case("a new optional parameter", "todoist", (put("/paths/~1tasks/get/parameters/-", {"name": "new", "in": "query", "schema": {}}),)),
    Case("a new optional property of a response", "todoist", (put(f"{TASK}/energy", {"type": "integer"}),)),
    Case("a new optional property of a request", "todoist", (put(f"{T_CREATE}/properties/energy", {"type": "integer"}),)),
    Case("an unused path is added", "todoist", (put("/paths/~1labels", {"get": {"operationId": "l", "responses": {}}}),)),
    Case("an unused schema is added", "todoist", (put("/components/schemas/Label", {"type": "object"}),)),
    Case("a response property becomes nullable", "todoist", (put(f"{TASK}/content", {"type": "string", "nullable": True}),)),
    Case("a new version number", "todoist", (put("/info/version", "9"),)),
    Case("an error response is added", "todoist", (put(f"{T_GET}/responses/418", {"description": ""}),)),
    Case("an unused parameter is gone", "todoist", (parameter("listTasks", "lang", GONE, "todoist"),)),
    # ---------------------------------------------------------------- paths, methods, names
    Case(
        "a path moves",
        "todoist",
        (moved("/paths/~1tasks~1{id}", "/paths/~1v2~1items~1{id}"),),
        every("changed", "tasks.get", "tasks.create", "tasks.update", "tasks.delete"),
        words=("/tasks/{id} → /v2/items/{id}",),
    ),
    Case(
        "a method changes",
        "todoist",
        (moved(T_UPDATE, "/paths/~1tasks~1{id}/put"),),
        every("changed", "tasks.update"),
        words=("POST → PUT", "never repeated → idempotent"),
    ),
    Case(
        "an operation is gone",
        "todoist",
        (put("/paths/~1tasks~1{id}/delete", GONE),),
        every("broken", "tasks.delete"),
    ),
    Case(
        "an operationId is renamed",
        "todoist",
        (put(f"{T_GET}/operationId", "fetchTask"),),
        every("changed", "tasks.get", "tasks.create", "tasks.update"),
        words=("did you mean `fetchTask`",),
    ),
    Case(
        "a path parameter is renamed",
        "todoist",
        (
            moved("/paths/~1projects~1{id}", "/paths/~1projects~1{project}"),
            put("/paths/~1projects~1{project}/get/parameters/0/name", "project"),
        ),
        every("changed", "projects.get", "projects.update"),
        words=("did you mean `project`",),
    ),
    Case(
        "a schema is renamed",
        "todoist",
        (renamed("Task", "Item"),),
        words=("did you mean `Item` in specs/todoist/overlay.yaml",),
        vendor_level=True,
    ),
    Case(
        "a schema that no mapping names is renamed",
        "asana",
        (renamed("StoryResponse", "Story"),),
        {},
    ),
    Case(
        "a schema has its content in another",
        "todoist",
        (moved_content("Task", "TaskV2"),),
        vendor_level=True,
        words=("did you mean `TaskV2` in specs/todoist/overlay.yaml",),
    ),
    Case(
        "a schema that only the overlay names is renamed",
        "todoist",
        (renamed("Due", "DueDate"),),
        vendor_level=True,
        words=("did you mean `DueDate` in specs/todoist/overlay.yaml",),
    ),
    Case(
        "an operation is marked deprecated",
        "todoist",
        (put("/paths/~1projects~1{id}/get/deprecated", True),),
        every("deprecated", "projects.get"),
    ),
    # ---------------------------------------------------------------- security
    Case(
        "an operation needs another scope",
        "asana",
        (put("/paths/~1tasks/post/security", ASANA_SCOPES),),
        every("changed", "tasks.create"),
        words=("tasks:write tasks:read → tasks:write projects:write tasks:read",),
    ),
    Case(
        "another scope at Jira",
        "jira",
        (put("/paths/~1rest~1api~13~1issue~1{issueIdOrKey}/delete/security/1", {"OAuth2": ["delete:jira-work"]}),),
        every("changed", "tasks.delete"),
        words=("write:jira-work → delete:jira-work",),
    ),
    Case(
        "Jira accepts no password any more",
        "jira",
        (put("/paths/~1rest~1api~13~1issue~1{issueIdOrKey}/delete/security", [{"OAuth2": ["write:jira-work"]}]),),
        every("changed", "tasks.delete"),
        words=("security scheme",),
    ),
    Case(
        "the token is sent as a key",
        "todoist",
        (put("/components/securitySchemes/bearerAuth", {"type": "apiKey", "in": "header", "name": "K"}),),
        vendor_level=True,
        words=("`bearerAuth`", "apiKey"),
    ),
    Case(
        "the token endpoint moves",
        "asana",
        (put("/components/securitySchemes/oauth2/flows/authorizationCode/tokenUrl", "https://app.asana.com/v2/token"),),
        vendor_level=True,
        words=("token endpoint", "https://app.asana.com/v2/token"),
    ),
    Case("the server moves", "todoist", (put("/servers/0/url", "https://api.todoist.com/api/v2"),), vendor_level=True, words=("servers",)),
    Case(
        "scopes are not declared any more",
        "asana",
        (without_security,),
        every("changed", *(f"{one}" for one in ASANA)),
        words=("tasks:read → none",),
        vendor_level=True,
    ),
    Case(
        "another scope of a create at HubSpot",
        "hubspot",
        (put("/paths/~1crm~1v3~1objects~1contacts/post/security/0", {"oauth2": ["crm.objects.contacts.write", "crm.lists.write"]}),),
        every("changed", "contacts.create", "contacts.upsert"),
        words=("crm.lists.write",),
    ),
    # ---------------------------------------------------------------- inputs
    Case(
        "a filter is gone",
        "todoist",
        (parameter("listTasks", "project_id", GONE, "todoist"),),
        every("lossy", "tasks.list"),
        ("filter.project_id",),
    ),
    Case(
        "a shared filter is gone",
        "github",
        (parameter("issues/list-for-repo", "since", GONE, "github"),),
        every("lossy", "tasks.list"),
        ("filter.updated_after",),
    ),
    Case(
        "a query parameter is required",
        "todoist",
        (put("/paths/~1tasks/get/parameters/-", {"name": "tenant", "in": "query", "required": True, "schema": {"type": "string"}}),),
        every("broken", "tasks.list"),
        words=("tenant",),
    ),
    Case(
        "a header is required",
        "todoist",
        (put(f"{T_GET}/parameters/-", {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}}),),
        every("broken", "tasks.get", "tasks.create", "tasks.update"),
        words=("X-Tenant",),
    ),
    Case(
        "a property of a request is required",
        "todoist",
        (put(f"{T_CREATE}/properties/tenant", {"type": "string"}), put(f"{T_CREATE}/required", ["content", "tenant"])),
        every("broken", "tasks.create"),
        words=("tenant",),
    ),
    Case(
        "an input that is always sent becomes required", "todoist", (parameter("listComments", "task_id", {"required": True}, "todoist"),)
    ),
    Case(
        "a property of a request is gone",
        "todoist",
        (put(f"{T_CREATE}/properties/labels", GONE),),
        every("lossy", "tasks.create"),
        ("labels",),
    ),
    Case(
        "a property of a request becomes text",
        "todoist",
        (put(f"{T_CREATE}/properties/priority", {"type": "string"}),),
        every("lossy", "tasks.create"),
        ("priority",),
    ),
    Case(
        "a filter becomes a number",
        "todoist",
        (parameter("listTasks", "project_id", {"schema": {"type": "integer"}}, "todoist"),),
        every("changed", "tasks.list"),
        words=("string → integer",),
    ),
    Case(
        "a filter becomes a list",
        "pipedrive",
        (parameter("getDeals", "owner_id", {"schema": {"type": "array", "items": {"type": "integer"}}}, "pipedrive"),),
        every("changed", "deals.list"),
        words=("integer → array of integer",),
    ),
    Case(
        "a filter moves into a header",
        "todoist",
        (parameter("listTasks", "project_id", {"in": "header"}, "todoist"),),
        every("changed", "tasks.list"),
        words=("query → header",),
    ),
    Case(
        "a request becomes a form",
        "todoist",
        (on_operation("/tasks", "post", as_form),),
        every("changed", "tasks.create"),
        words=("application/json → application/x-www-form-urlencoded",),
    ),
    Case(
        "a request becomes XML",
        "todoist",
        (on_operation("/tasks", "post", as_xml_request),),
        every("broken", "tasks.create"),
        words=("application/xml",),
    ),
    Case(
        "a request is one of several schemas",
        "todoist",
        (one_of("CreateCommentRequest"),),
        every("changed", "comments.create"),
        words=("object → one of 2 schemas",),
    ),
    Case(
        "a saved id becomes a number",
        "jira",
        (put("/components/schemas/IssueTransition/properties/id", {"type": "integer"}),),
        every("changed", "tasks.update", "transitions.list"),
        words=("string → integer",),
    ),
    Case(
        "a text may be shorter only",
        "todoist",
        (put(f"{T_CREATE}/properties/content/maxLength", 10),),
        every("changed", "tasks.create"),
        words=("at most 10 characters",),
    ),
    Case(
        "a comment may be shorter only",
        "todoist",
        (put("/components/schemas/CreateCommentRequest/properties/content/maxLength", 10),),
        every("changed", "comments.create"),
        words=("at most 10 characters",),
    ),
    Case(
        "an id has a pattern",
        "todoist",
        (parameter("getProject", "id", {"schema": {"type": "string", "pattern": "^p_"}}, "todoist"),),
        every("changed", "projects.get"),
        words=("pattern ^p_",),
    ),
    Case(
        "pages are smaller",
        "asana",
        (put("/components/parameters/limit/schema/maximum", 20),),
        every("broken", *(f"{one}.list" for one in ("attachments", "comments", "projects", "statuses", "task_fields", "tasks", "users"))),
        words=("limit",),
    ),
    Case(
        "a token of pages is gone",
        "asana",
        (put("/components/parameters/offset/name", "cursor"),),
        every("broken", *(f"{one}.list" for one in ("attachments", "comments", "projects", "statuses", "task_fields", "tasks", "users"))),
        words=("offset",),
    ),
    Case(
        "one list has no pages",
        "asana",
        (parameter("getUsers", "offset", GONE, "asana"), parameter("getUsers", "limit", GONE, "asana")),
        every("broken", "users.list"),
        words=("limit", "offset"),
    ),
    Case(
        "an operation with a rate limit of its own is gone",
        "asana",
        (put("/paths/~1workspaces~1{workspace_gid}~1tasks~1search", GONE),),
        every("broken", "tasks.list"),
        vendor_level=True,
        overlay=1,
        words=("searchTasksForWorkspace",),
    ),
    Case(
        "a filter accepts other values",
        "pipedrive",
        (parameter("getDeals", "status", {"schema": {"type": "string", "enum": ["foo"]}}, "pipedrive"),),
        every("lossy", "deals.list"),
        ("filter.status",),
        ("not accepted any more",),
    ),
    Case(
        "a filter accepts a value less",
        "pipedrive",
        (parameter("getDeals", "status", {"schema": {"type": "string", "enum": ["open", "won", "deleted"]}}, "pipedrive"),),
        every("lossy", "deals.list"),
        ("filter.status",),
        ("`lost` is sent",),
    ),
    Case(
        "a filter accepts a value more",
        "pipedrive",
        (
            parameter(
                "getDeals", "status", {"schema": {"type": "string", "enum": ["open", "won", "lost", "deleted", "paused"]}}, "pipedrive"
            ),
        ),
    ),
    Case(
        "fields cannot be requested any more",
        "asana",
        (opt_fields_without("created_by", "due_on"),),
        every("lossy", *READS, "comments.list", "comments.create", "comments.get", "comments.update"),
        ("creator_id", "due_date"),
        ("cannot be requested any more",),
    ),
    Case(
        "a list of values is repeated",
        "asana",
        (parameter("getTasks", "opt_fields", {"explode": True}, "asana"),),
        every("changed", "tasks.list"),
        words=("explode false → ",),
    ),
    Case(
        "a parameter holds JSON",
        "todoist",
        (
            parameter(
                "listTasks", "project_id", {"schema": GONE, "content": {"application/json": {"schema": {"type": "string"}}}}, "todoist"
            ),
        ),
        every("changed", "tasks.list"),
        words=("application/json",),
    ),
    Case(
        "a parameter is marked deprecated",
        "todoist",
        (parameter("listTasks", "project_id", {"deprecated": True}, "todoist"),),
        every("deprecated", "tasks.list"),
        words=("`project_id`",),
    ),
    Case(
        "a field cannot be cleared any more",
        "asana",
        (put("/components/schemas/TaskBase/allOf/1/properties/due_on", {"type": "string", "format": "date"}),),
        every("lossy", "tasks.update"),
        ("due_date",),
    ),
    # ---------------------------------------------------------------- responses
    Case(  # an update that adds a label reads those that are there
        "a property of a record is gone",
        "todoist",
        (put(f"{TASK}/labels", GONE),),
        every("lossy", *READS) | {"tasks.update": "broken"},
        ("labels",),
    ),
    Case("a record has no id any more", "todoist", (put(f"{TASK}/id", GONE),), every("broken", *READS)),
    Case("a property of a record is renamed", "todoist", (moved(f"{TASK}/content", f"{TASK}/title"),), every("lossy", *READS), ("title",)),
    Case(
        "a property of a record becomes a number",
        "todoist",
        (put(f"{TASK}/description", {"type": "integer"}),),
        every("changed", *READS),
        words=("string → integer",),
    ),
    Case(
        "a property of a record becomes a list",
        "todoist",
        (put(f"{TASK}/project_id", {"type": "array", "items": {"type": "string"}}),),
        every("lossy", *READS),
        ("project_id",),
    ),
    Case("a property of a record is write-only", "todoist", (put(f"{TASK}/labels/writeOnly", True),), every("lossy", *READS), ("labels",)),
    Case("a property of a record is marked deprecated", "todoist", (put(f"{TASK}/labels/deprecated", True),), every("deprecated", *READS)),
    Case(
        "a record has a new enum value",
        "zendesk",
        (put("/components/schemas/TicketObject/properties/priority/enum", ["urgent", "high", "normal", "low", "critical"]),),
        every("lossy", *READS, *(f"tickets.{name}" for name in ("get", "create", "update", "list"))),
        ("priority",),
    ),
    Case(
        "a record has an enum value less",
        "zendesk",
        (put("/components/schemas/TicketObject/properties/priority/enum", ["low", "normal", "high"]),),
        every("lossy", *READS, *(f"tickets.{name}" for name in ("get", "create", "update", "list"))),
        ("priority",),
    ),
    Case(
        "a response becomes XML",
        "todoist",
        (on_operation("/tasks/{id}", "get", as_xml),),
        every("broken", "tasks.get", "tasks.create", "tasks.update"),
        words=("application/json → application/xml",),
    ),
    # ---------------------------------------------------------------- batches, overlays
    Case("a batch is gone", "jira", (put("/paths/~1rest~1api~13~1issue~1bulk", GONE),), every("lossy", "tasks.create"), ("batching",)),
    Case(
        "all batches are gone",
        "asana",
        (put("/paths/~1batch", GONE),),
        every("lossy", "tasks.create", "tasks.update", "tasks.delete", "comments.create"),
        ("batching",),
    ),
    Case(
        "a batch moves",
        "jira",
        (moved("/paths/~1rest~1api~13~1issue~1bulk", "/paths/~1rest~1api~14~1issue~1bulk"),),
        every("changed", "tasks.create"),
        words=("/rest/api/4/issue/bulk",),
    ),
    Case(
        "the document was corrected",
        "todoist",
        (put("/components/schemas/Due/properties/timezone", {"type": ["string", "null"]}),),
        overlay=1,
    ),
    Case("what the overlay corrects is gone", "todoist", (put("/components/schemas/Due/properties/timezone", GONE),), overlay=1),
)
