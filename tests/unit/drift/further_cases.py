"""Changes of the documents of vendors that `cases.py` has few of, each with the verdict that it must get."""

from __future__ import annotations

from typing import Any

from tests.unit.drift.cases import Case, every, on_operation
from tests.unit.drift.support import GONE, moved, parameter, put

DISCORD_MESSAGES = "/paths/~1channels~1{channel_id}~1messages"
DISCORD_PINS = f"{DISCORD_MESSAGES}~1pins~1{{message_id}}"
GITEA = "/components/schemas"
GITEA_TASKS = ("tasks.get", "tasks.create", "tasks.update", "tasks.list")
PAGE_BODIES = ("pages.get", "pages.create", "pages.update", "pages.move")
SENT = ("messages.send", "messages.reply", "messages.send_file")


def without_body(operation: dict[str, Any]) -> None:
    del operation["requestBody"]


def as_binary(operation: dict[str, Any]) -> None:
    operation["requestBody"]["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def without_content(operation: dict[str, Any]) -> None:
    operation["responses"] = {"204": {"description": ""}}


def accepted(operation: dict[str, Any]) -> None:
    status = next(iter(operation["responses"]))
    operation["responses"] = {"202": operation["responses"][status]}


def inside_an_object(operation: dict[str, Any]) -> None:
    content = operation["responses"]["200"]["content"]["application/json"]
    content["schema"] = {"type": "object", "properties": {"items": content["schema"]}}


def without_flows(root: dict[str, Any]) -> None:
    root["components"]["securitySchemes"]["oauth2"]["flows"].clear()


def flow(**values: str) -> Any:
    def edit(root: dict[str, Any]) -> None:
        for found in root["components"]["securitySchemes"]["oauth2"]["flows"].values():
            found.update(values)

    return edit


FURTHER: tuple[Case, ...] = (
    # ---------------------------------------------------------------- nothing that concerns the mappings
    Case("a list that the vendor pages by links has no page number", "gitea", (parameter("issueListIssues", "page", GONE, "gitea"),)),
    Case("a deletion is accepted, and done later", "clickup", (on_operation("/v2/task/{task_id}", "delete", accepted),)),
    Case("a body is required that is always sent", "pipedrive", (put("/paths/~1deals/post/requestBody/required", True),)),
    Case("an id of digits becomes text", "confluence", (parameter("getPageById", "id", {"schema": {"type": "string"}}, "confluence"),)),
    # ---------------------------------------------------------------- paths and methods
    Case(
        "pins move",
        "discord",
        (moved(DISCORD_PINS, "/paths/~1channels~1{channel_id}~1pins~1{message_id}"),),
        every("changed", "messages.pin", "messages.unpin"),
        words=("/messages/pins/{message_id} → /channels/{channel_id}/pins/{message_id}",),
    ),
    Case(
        "a pin is created by POST",
        "discord",
        (moved(f"{DISCORD_PINS}/put", f"{DISCORD_PINS}/post"),),
        every("changed", "messages.pin"),
        words=("PUT → POST", "idempotent → never repeated"),
    ),
    Case(
        "a part of a record is replaced by PUT",
        "pipedrive",
        (moved("/paths/~1deals~1{id}/patch", "/paths/~1deals~1{id}/put"),),
        every("changed", "deals.update"),
        words=("PATCH → PUT",),
    ),
    Case(
        "a path that the overlay corrects moves",
        "clickup",
        (moved("/paths/~1v2~1comment~1{comment_id}", "/paths/~1v3~1comment~1{comment_id}"),),
        every("broken", "comments.update", "comments.delete"),
        ("body",),
        words=("this target matches nothing in the document",),
        overlay=2,
    ),
    Case(
        "pins are going",
        "discord",
        (put(f"{DISCORD_PINS}/put/deprecated", True),),
        every("deprecated", "messages.pin"),
        words=("`create_pin`",),
    ),
    Case(
        "one operation has a server of its own",
        "discord",
        (put("/paths/~1users~1@me/servers", [{"url": "https://users.discord.com/api"}]),),
        every("changed", "users.me"),
        words=("https://users.discord.com/api",),
    ),
    Case(
        "a server for a region is added",
        "pipedrive",
        (put("/servers/-", {"url": "https://eu.pipedrive.com/api/v2"}),),
        vendor_level=True,
        words=("https://eu.pipedrive.com/api/v2",),
    ),
    # ---------------------------------------------------------------- security
    Case(
        "a security scheme is gone",
        "clickup",
        (put("/components/securitySchemes/Authorization_Token", GONE),),
        vendor_level=True,
        words=("apiKey header Authorization → none",),
    ),
    Case(
        "OAuth is gone",
        "pipedrive",
        (without_flows,),
        vendor_level=True,
        words=("authorization endpoint of `oauth2`: https://oauth.pipedrive.com/oauth/authorize → none", "token endpoint"),
    ),
    Case(
        "users authorize at another address",
        "pipedrive",
        (flow(authorizationUrl="https://login.pipedrive.com/authorize"),),
        vendor_level=True,
        words=("authorization endpoint", "https://login.pipedrive.com/authorize"),
    ),
    Case(
        "a key is sent in another header",
        "pipedrive",
        (put("/components/securitySchemes/api_key/name", "x-key"),),
        vendor_level=True,
        words=("header x-api-token → api_key header x-key",),
    ),
    Case(
        "passwords become tokens",
        "zendesk",
        (put("/components/securitySchemes/basicAuth/scheme", "bearer"),),
        vendor_level=True,
        words=("http basic → http bearer",),
    ),
    Case(
        "creating a page needs a scope more",
        "confluence",
        (
            put(
                "/paths/~1pages/post/security",
                [{"basicAuth": []}, {"oAuthDefinitions": ["write:page:confluence", "read:space:confluence"]}],
            ),
        ),
        every("changed", "pages.create"),
        words=("read:space:confluence",),
    ),
    # ---------------------------------------------------------------- inputs
    Case(
        "a create has no body any more",
        "pipedrive",
        (on_operation("/deals", "post", without_body),),
        every("broken", "deals.create"),
        ("name", "amount"),
    ),
    Case(
        "the title of a create is gone",
        "gitea",
        (put(f"{GITEA}/CreateIssueOption/properties/title", GONE), put(f"{GITEA}/CreateIssueOption/required", [])),
        every("broken", "tasks.create"),
        ("title",),
    ),
    Case(
        "an optional property of a create is read-only",
        "gitea",
        (put(f"{GITEA}/CreateIssueOption/properties/body/readOnly", True),),
        every("lossy", "tasks.create"),
        ("description",),
    ),
    Case(
        "an upload is only the file",
        "clickup",
        (on_operation("/v2/task/{task_id}/attachment", "post", as_binary),),
        every("broken", "attachments.upload"),
        words=("multipart/form-data → application/octet-stream",),
    ),
    Case(
        "a header is required by the vendor's audit",
        "discord",
        (
            put(
                f"{DISCORD_MESSAGES}/post/parameters", [{"name": "X-Audit", "in": "header", "required": True, "schema": {"type": "string"}}]
            ),
        ),
        every("broken", *SENT),
        words=("X-Audit",),
    ),
    Case(
        "repeated messages are not recognized any more",
        "discord",
        (put("/components/schemas/MessageCreateRequest/properties/nonce", GONE),),
        every("broken", *SENT),
        words=("repeated with its key → never repeated",),
    ),
    Case(
        "a message may be shorter only",
        "discord",
        (put("/components/schemas/MessageCreateRequest/properties/content", {"type": ["string", "null"], "maxLength": 100}),),
        every("changed", "messages.send", "messages.reply"),
        words=("at most 4000 characters → at most 100 characters",),
    ),
    Case(
        "a filter is required",
        "pipedrive",
        (parameter("getDeals", "stage_id", {"required": True}, "pipedrive"),),
        every("broken", "deals.list"),
        words=("`stage_id`, which may be absent",),
    ),
    Case(
        "a filter by time is a number",
        "pipedrive",
        (parameter("getDeals", "updated_since", {"schema": {"type": "integer"}}, "pipedrive"),),
        every("lossy", "deals.list"),
        ("filter.updated_after",),
    ),
    Case(
        "values of a filter are separated by bars",
        "gitea",
        (
            parameter(
                "issueListIssues",
                "labels",
                {"schema": {"type": "array", "items": {"type": "string"}}, "style": "pipeDelimited", "explode": False},
                "gitea",
            ),
        ),
        every("changed", "tasks.list"),
        words=("style pipeDelimited, explode false",),
    ),
    Case(
        "a constant is not accepted any more",
        "gitea",
        (parameter("issueListIssues", "state", {"schema": {"type": "string", "enum": ["open", "closed"]}}, "gitea"),),
        every("broken", "tasks.list", "tasks.create"),
        words=("`all` is sent",),
    ),
    Case(
        "a format of contents is gone",
        "confluence",
        (parameter("getPageById", "body-format", {"schema": {"type": "string", "enum": ["storage"]}}, "confluence"),),
        every("broken", *PAGE_BODIES),
        words=("`atlas_doc_format` is sent",),
    ),
    # ---------------------------------------------------------------- pages
    Case(
        "a cursor is gone",
        "pipedrive",
        (parameter("getDeals", "cursor", GONE, "pipedrive"),),
        every("broken", "deals.list"),
        words=("no input `cursor` for pagination",),
    ),
    Case(
        "a number of pages has another name",
        "clickup",
        (parameter("GetTasks", "page", {"name": "page_index"}, "clickup"),),
        every("broken", "tasks.list"),
        words=("no input `page` for pagination",),
    ),
    Case(
        "pages of spaces are smaller",
        "confluence",
        (parameter("getPages", "limit", {"schema": {"type": "integer", "minimum": 1, "maximum": 25}}, "confluence"),),
        every("broken", "pages.list"),
        words=("the page size is 250, but `limit` accepts at most 25",),
    ),
    # ---------------------------------------------------------------- responses
    Case(
        "an update returns nothing",
        "pipedrive",
        (on_operation("/deals/{id}", "patch", without_content),),
        every("broken", "deals.update"),
        words=("no schema of what `updateDeal` returns",),
    ),
    Case(  # a create whose response was lost searches the list
        "a list is inside of an object",
        "gitea",
        (on_operation("/repos/{owner}/{repo}/issues", "get", inside_an_object),),
        every("broken", "tasks.list", "tasks.create"),
        words=("`@` is not a list",),
    ),
    Case(
        "a date is a number",
        "gitea",
        (put(f"{GITEA}/Issue/properties/due_date", {"type": "integer"}),),
        every("lossy", *GITEA_TASKS),
        ("due_date",),
        ("string (date-time) → integer",),
    ),
    Case(  # an update reads the labels that are there
        "labels are texts",
        "gitea",
        (put(f"{GITEA}/Issue/properties/labels", {"type": "array", "items": {"type": "string"}}),),
        every("lossy", *GITEA_TASKS) | {"tasks.update": "broken"},
        ("labels",),
    ),
    Case(  # a create reads the issue by the number that it got
        "a number is a text",
        "gitea",
        (put(f"{GITEA}/Issue/properties/number", {"type": "string"}),),
        every("changed", *GITEA_TASKS) | {"tasks.create": "broken"},
        words=("type of `number`: integer (int64) → string",),
    ),
)
