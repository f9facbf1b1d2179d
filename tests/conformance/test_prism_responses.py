"""Responses that Prism generates from the vendor's document can be read: its examples, and values generated from its schemas."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

import jmespath
import pytest

from tests.attacks.shipped import EVERY
from tests.conformance.conftest import SAMPLE
from tests.conformance.test_requests import operations
from tests.support.accounts import Account, account_of, client, required, writes
from tests.support.complete_documents import CompleteDocument, complete_document, folder
from tests.support.emulated import is_emulated
from tests.support.exceptions import exceptions, mapping, values
from tests.support.judges import Request, prism
from tests.support.judges.prepare import prepared
from tests.support.judges.prism import Prism
from tests.support.routes import resolved
from tests.support.store import Reply
from unified_runtime import Conflict, InvalidInput, NotFound, Rejected, Unavailable, Unsupported, VendorProtocolError
from unified_runtime.client.operations import Listing
from unified_runtime.core.records import Record

REASONS = {
    "any_object": "a query whose generated records are of some object, which lacks the id",
    "leads_on": "pages that are all needed, while a generated page always has a next one: the path, and the field to remove",
    "made_up_paths": "a second request contains a path, folders, a URL or an email of the first response",
    "of_another_kind": "a generated record is of another kind, which the schema of `exclude` does not show",
    "too_large": "so many schemas in one another that Prism does not respond in time",
}
"""Reasons of `responses` in a vendor's exceptions."""


def _excused(vendor: str, operation: str, reason: str) -> bool:
    assert reason in REASONS
    operations = exceptions(vendor).responses.get(reason, ())
    return operations == "all" or operation in operations


def _of_another_kind(vendor: str, resource: str) -> bool:
    """Return true if responses may hold what is not a record of this resource: by `exclude`, or an element of a list that is not there."""
    own = mapping(vendor, resource)
    return "exclude" in own or any("[" in path for path in values(own["operations"], "record"))


def _looks_up(vendor: str, resource: str, operation: str) -> bool:
    """Return true if an operation looks up a value, which a generated response does not contain."""
    return bool(values(mapping(vendor, resource)["operations"].get(operation), "not_found"))


def _composite_id(vendor: str, resource: str) -> bool:
    """Return true if ids are read by patterns (`owner/repository#1`), which a generated text does not match."""
    return "format" in mapping(vendor, resource).get("fields", {}).get("id", {})


def _responses(document: CompleteDocument, request: Request) -> dict[str, Any]:
    """Return the successful responses that the document declares for a request, by status."""
    match = document.served.routes.find(request.method, request.path)
    assert match is not None
    declared = match.operation.node["responses"].items()
    return {code: resolved(document.document, response) for code, response in declared if code.startswith("2")}


def _faulty(document: CompleteDocument, request: Request, body: bytes) -> list[str]:
    """Return why an example of the document does not fit the document's own schema."""
    match = document.served.routes.find(request.method, request.path)
    assert match is not None
    codes = [code for code in match.operation.node["responses"] if code.startswith("2")]
    return [reason for code in codes for reason in document.served.unfit(match.operation, code, json.loads(body))]


def _accept(document: CompleteDocument, request: Request) -> dict[str, str]:
    """Return the header that prefers JSON, for a response that is declared as JSON and as any type: Prism prefers the latter."""
    kinds = {kind for response in _responses(document, request).values() for kind in response.get("content") or {}}
    return {"Accept": "application/json"} if {"*/*", "application/json"} <= kinds else {}


TASKS = ("comments", "projects", "statuses", "task_fields", "task_types", "tasks", "transitions", "users")
TIMES = ("calendars", "events", "free_busy")
CRM = ("activities", "companies", "contacts", "crm_fields", "crm_objects", "crm_records", "deal_stages", "deals", "leads")
CHAT = ("channel_members", "channels", "messages")
FILES = ("files",)

_TASKS = {
    "clickup": "86a1b2c3d",
    "github": "octo-org/demo#7",
    "jira": "PROJ-1",
    "redmine": "1",
    "zendesk": "1",
}


@pytest.fixture(scope="session")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Prism]]:
    """Return a Prism for each vendor that responds to every request, also with faulty examples of the document."""
    started: dict[str, Prism] = {}
    with ExitStack() as stack:

        def server(vendor: str) -> Prism:
            if vendor not in started:
                document, _ = prepared(complete_document(vendor).document)
                folder = tmp_path_factory.mktemp("answers")
                started[vendor] = stack.enter_context(prism.serving(document, folder, vendor, errors=False))
            return started[vendor]

        yield server


def _first(account: Account, kind: str) -> str:
    return next(iter(account.known.get(kind, ())), "1")


def _crm_values(vendor: str, operation: Any) -> dict[str, Any]:
    account = account_of(vendor)
    parameters = inspect.signature(operation.build).parameters
    needed = {name.removesuffix("_") for name, parameter in parameters.items() if parameter.default is parameter.empty}
    given: dict[str, Any] = {"name": "Acme", "last_name": "Hopper", "close_date": date(2031, 1, 2), "of": "deals"}
    given |= {"email": "grace@example.com", "title": "Call", "due_date": date(2031, 1, 2), "company_name": "Acme"}
    kinds = {
        "id": operation.resource,
        "type": "crm_objects",
        "stage_id": "deal_stages",
        "pipeline_id": "pipelines",
        "company_id": "companies",
        "contact_id": "contacts",
    }
    given |= {name: _first(account, kind) for name, kind in kinds.items()}
    if operation.resource == "activities":
        given["type"] = "call"
    values = {name: given[name] for name in needed | required(vendor, operation)}
    changed = {"title": "Changed"} if operation.resource == "activities" else {"name": "Changed"}
    if operation.resource == "contacts" or (operation.resource, vendor) == ("leads", "salesforce"):
        changed = {"first_name": "Changed"}
    elif operation.resource == "crm_records" and not writes(vendor, "crm_records", "name"):
        changed = {"custom_fields": {_first(account, "custom_fields"): "Changed"}}
    return values | (changed if operation.operation in ("create", "update") else {})


def _chat_values(vendor: str, operation: Any) -> dict[str, Any]:
    known = account_of(vendor).known
    channel, message, user = (known[kind][0] for kind in ("channels", "messages", "users"))
    given = {"id": channel if operation.resource == "channels" else message, "channel_id": channel, "user_id": user}
    given |= {"text": "Hello", "name": "Demo", "emoji": "👍", "query": "Hello"}
    parameters = inspect.signature(operation.build).parameters
    needed = {name.removesuffix("_") for name, parameter in parameters.items() if parameter.default is parameter.empty}
    changed = {"name": "Changed"} if operation.name == "channels.update" else {}
    return {name: given[name] for name in needed | required(vendor, operation)} | changed


CONTENTS = {
    "attachments.download",
    "attachments.upload",
    "email_attachments.download",
    "file_versions.download",
    "files.download",
    "files.export",
    "files.upload",
    "files.upload_version",
    "messages.send_file",
    "repository_files.download",
}
"""Operations that compare the content with its metadata in the response, which a generated one does not match; see tests/transfers."""


def _file_values(vendor: str, operation: Any) -> dict[str, Any]:
    folder, file, *_ = account_of(vendor).known["files"]
    given = {"id": file, "parent_id": folder, "name": "June.txt", "text": "May", "email": "grace@example.com", "role": "reader"}
    parameters = inspect.signature(operation.build).parameters
    needed = {name for name, parameter in parameters.items() if parameter.default is parameter.empty}
    return {name: given[name] for name in needed | ({"name"} if operation.operation == "update" else set())}


def _values(vendor: str, operation: Any) -> dict[str, Any]:
    """Return the minimal inputs of the operation at this vendor: of its store's account, else of the declared forms."""
    if is_emulated(vendor) or operation.resource not in (*TASKS, *TIMES, *CRM, *CHAT, *FILES):
        (one,) = (one for one in EVERY if (one.vendor, one.name) == (vendor, operation.name))
        return dict(one.plain)
    account = account_of(vendor)
    if operation.resource in FILES:
        return _file_values(vendor, operation)
    if operation.resource in CHAT:
        return _chat_values(vendor, operation)
    if operation.resource in CRM:
        return _crm_values(vendor, operation)
    task = _TASKS.get(vendor, "1")
    user = next(iter(account.known.get("users", ())), "1")  # Google Tasks lists no users
    ids = {"projects": _first(account, "projects"), "users": user}
    if operation.resource == "comments":  # its ids may hold the task's
        own = (one.plain for one in EVERY if (one.vendor, one.name) == (vendor, operation.name))
        ids["comments"] = next((plain["id"] for plain in own if "id" in plain), "")
    given = {
        "id": ids.get(operation.resource, task),
        "task_id": task,
        "title": "Fix the auth bug",
        "body": "Hello",
        "project_id": _first(account, "projects"),
        "parent_id": _first(account, "projects"),
        "assignee_id": user,
        "text": "bug",
        "name": "Team",
        "type": "Task",
    }
    if operation.resource in TIMES:
        given |= {
            "id": _first(account, operation.resource),
            "calendar_id": _first(account, "calendars"),
            "ids": [_first(account, "calendars")],
            "response": "accepted",
            "starts_after": datetime(2030, 1, 2, tzinfo=UTC),
            "starts_before": datetime(2030, 1, 3, tzinfo=UTC),
            "start": datetime(2030, 1, 2, 9, tzinfo=UTC),
            "end": datetime(2030, 1, 2, 10, tzinfo=UTC),
        }
    parameters = inspect.signature(operation.build).parameters
    needed = {name.removesuffix("_") for name, parameter in parameters.items() if parameter.default is parameter.empty}
    values = {name: given[name] for name in needed | required(vendor, operation)}
    changed = {next(name for name in ("title", "body", "name") if name in parameters): "Changed"} if operation.operation == "update" else {}
    return values | changed


PREFER = ({} if folder() is None else {"examples": "dynamic=false"}) | {"generated": "dynamic=true"}
"""Facts have no examples."""
_RESPONDED = [
    each
    for each in operations()
    if each.values[1].name not in CONTENTS
    and not any(_excused(each.values[0], each.values[1].name, why) for why in ("made_up_paths", "too_large"))
]


@pytest.mark.sample("vendor", SAMPLE)
@pytest.mark.parametrize("prefer", [pytest.param(prefer, id=name) for name, prefer in PREFER.items()])
@pytest.mark.parametrize(("vendor", "operation"), _RESPONDED)
def test_a_response_of_the_document_is_read(
    vendor: str, operation: Any, prefer: str, document: CompleteDocument, answering: Callable[[str], Prism]
) -> None:
    if reason := prism.missing():
        pytest.skip(reason)
    server = answering(vendor)
    excused = functools.partial(_excused, vendor, operation.name)
    leads_on = exceptions(vendor).responses.get("leads_on")
    failed_if = mapping(vendor, "vendor").get("errors", {}).get("failed_if")
    made_up = prefer == "dynamic=true"

    served: list[tuple[Request, int, bytes]] = []

    def answer(request: Request) -> Reply:
        result = server.answer(request, Prefer=prefer, **_accept(document, request))
        body = result.body
        if leads_on is not None and leads_on[0] in request.target:
            body = json.dumps({name: value for name, value in json.loads(body).items() if name != leads_on[1]}).encode()
        served.append((request, result.status, body))
        return Reply(result.status, (("Content-Type", result.headers.get("content-type", "")),), body)

    def failed() -> bool:
        """Return true if a generated response has what marks a failure, beside its status of 200."""
        return failed_if is not None and bool(jmespath.search(failed_if, json.loads(served[-1][2] or b"null")))

    made, _ = client(vendor, answer)
    invocation = operation.bind(_values(vendor, operation))
    try:
        if isinstance(operation, Listing):
            # One page: an example that names a next page names it on every page.
            records = next(iter(made.list(operation, invocation).pages())).items
        else:
            records = [made.run(operation, invocation)]
    except VendorProtocolError as error:
        if "lacks id" in str(error) and (_composite_id(vendor, operation.resource) or excused("any_object")):
            return
        if made_up and "is not a date" in str(error):
            return  # a text without a format: Prism makes dates where the document declares them
        if "is not Base64" in str(error):
            return  # a generated text, or an example that is cut short
        if not made_up and ("'string' is not" in str(error) or _faulty(document, served[-1][0], served[-1][2])):
            return  # no example: Prism returns a text of its own; or an example that does not fit its schema
        raise
    except Unavailable as error:
        prism_failed = made_up and served[-1][1] >= 500  # schemas that contain one another
        if not prism_failed and "only a part of the results" not in str(error):
            raise
    except Unsupported as error:
        if "more records than one response" not in str(error):
            raise
    except (Conflict, InvalidInput):
        if not _looks_up(vendor, operation.resource, operation.operation):
            raise
    except Rejected as error:
        in_later_request = error.status == 422 and len(served) > 1  # Prism rejects a generated id
        dropped = error.record is not None  # a generated record does not have the values that were sent (`may_drop`)
        if not in_later_request and not dropped and not failed():
            raise
    except NotFound:
        if served[-1][1] >= 400 or not (_of_another_kind(vendor, operation.resource) or excused("of_another_kind")):
            raise
    else:
        assert not failed()
        assert served
        assert all(record is None or (isinstance(record, Record) and record.id) for record in records)
