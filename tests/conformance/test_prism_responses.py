"""Responses that Prism generates from the vendor's document can be read: its examples, and values generated from its schemas."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.attacks.shipped import EVERY
from tests.conformance.conftest import SAMPLE
from tests.conformance.test_requests import operations
from tests.support.accounts import ACCOUNTS, Account, client, required, writes
from tests.support.complete_documents import CompleteDocument, complete_document, folder
from tests.support.judges import Request, prism
from tests.support.judges.prepare import prepared
from tests.support.judges.prism import Prism
from tests.support.store import Reply
from unified_runtime import Conflict, InvalidInput, NotFound, Rejected, Unavailable, VendorProtocolError
from unified_runtime.client.operations import Listing
from unified_runtime.core.records import Record

EXCEPTIONS: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "prism_responses.yaml").read_text("utf-8"))
"""Exceptions by reason, then by vendor."""


def _excused(vendor: str, operation: str, reason: str) -> bool:
    operations = EXCEPTIONS[reason].get(vendor, ())
    return operations == "all" or operation in operations


TASKS = ("comments", "projects", "statuses", "task_fields", "task_types", "tasks", "transitions", "users")
TIMES = ("calendars", "events", "free_busy")
CRM = ("companies", "contacts", "crm_fields", "crm_objects", "crm_records", "deal_stages", "deals")
CHAT = ("channel_members", "channels", "messages")
FILES = ("files",)

_TASKS = {
    "asana": "1300000000000001",
    "clickup": "86a1b2c3d",
    "github": "octo-org/demo#7",
    "jira": "PROJ-1",
    "redmine": "1",
    "todoist": "6X7rM8997g3RQmvh",
    "trello": "5f0000000000000000000c01",
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
    account = ACCOUNTS[vendor]
    parameters = inspect.signature(operation.build).parameters
    needed = {name.removesuffix("_") for name, parameter in parameters.items() if parameter.default is parameter.empty}
    given = {"name": "Acme", "last_name": "Hopper", "close_date": date(2031, 1, 2), "of": "deals"}
    kinds = {
        "id": operation.resource,
        "type": "crm_objects",
        "stage_id": "deal_stages",
        "pipeline_id": "pipelines",
        "company_id": "companies",
        "contact_id": "contacts",
    }
    given |= {name: _first(account, kind) for name, kind in kinds.items()}
    values = {name: given[name] for name in needed | required(vendor, operation)}
    changed = {"name": "Changed"}
    if operation.resource == "contacts":
        changed = {"first_name": "Changed"}
    elif operation.resource == "crm_records" and not writes(vendor, "crm_records", "name"):
        changed = {"custom_fields": {_first(account, "custom_fields"): "Changed"}}
    return values | (changed if operation.operation in ("create", "update") else {})


def _chat_values(vendor: str, operation: Any) -> dict[str, Any]:
    known = ACCOUNTS[vendor].known
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
    "files.download",
    "files.export",
    "files.upload",
    "messages.send_file",
}
"""Operations that compare the content with its metadata in the response, which a generated one does not match; see tests/transfers."""


def _file_values(vendor: str, operation: Any) -> dict[str, Any]:
    folder, file, *_ = ACCOUNTS[vendor].known["files"]
    given = {"id": file, "parent_id": folder, "name": "June.txt", "text": "May", "email": "grace@example.com", "role": "reader"}
    parameters = inspect.signature(operation.build).parameters
    needed = {name for name, parameter in parameters.items() if parameter.default is parameter.empty}
    return {name: given[name] for name in needed | ({"name"} if operation.operation == "update" else set())}


def _values(vendor: str, operation: Any) -> dict[str, Any]:
    """Return the minimal inputs of the operation at this vendor: of its store's account, else of the declared forms."""
    if vendor not in ACCOUNTS or operation.resource not in (*TASKS, *TIMES, *CRM, *CHAT, *FILES):
        (one,) = (one for one in EVERY if (one.vendor, one.name) == (vendor, operation.name))
        return dict(one.plain)
    account = ACCOUNTS[vendor]
    if operation.resource in FILES:
        return _file_values(vendor, operation)
    if operation.resource in CHAT:
        return _chat_values(vendor, operation)
    if operation.resource in CRM:
        return _crm_values(vendor, operation)
    task = _TASKS.get(vendor, "1")
    ids = {"projects": _first(account, "projects"), "users": account.known["users"][0]}
    if operation.resource == "comments":  # its ids may hold the task's
        own = (one.plain for one in EVERY if (one.vendor, one.name) == (vendor, operation.name))
        ids["comments"] = next((plain["id"] for plain in own if "id" in plain), "")
    given = {
        "id": ids.get(operation.resource, task),
        "task_id": task,
        "title": "Fix the auth bug",
        "body": "Hello",
        "project_id": _first(account, "projects"),
        "assignee_id": account.known["users"][0],
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
    changed = {"body": "Changed"} if operation.resource == "comments" else {"title": "Changed"}
    return values | (changed if operation.operation == "update" else {})


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
    failure, leads_on = EXCEPTIONS["tells_failure"].get(vendor), EXCEPTIONS["leads_on"].get(vendor)

    bodies: list[bytes] = []

    def answer(request: Request) -> Reply:
        result = server.answer(request, Prefer=prefer, **({"Accept": "application/json"} if excused("of_any_type") else {}))
        body = result.body
        if leads_on is not None and leads_on[0] in request.target:
            body = json.dumps({name: value for name, value in json.loads(body).items() if name != leads_on[1]}).encode()
        bodies.append(body)
        return Reply(result.status, (("Content-Type", result.headers.get("content-type", "")),), body)

    made, wire = client(vendor, answer)
    invocation = operation.bind(_values(vendor, operation))
    try:
        if isinstance(operation, Listing):
            # One page: an example that names a next page names it on every page.
            records = next(iter(made.list(operation, invocation).pages())).items
        else:
            records = [made.run(operation, invocation)]
    except VendorProtocolError as error:
        if (prefer == "dynamic=true" and excused("ids_in_addresses")) or excused("of_any_object"):
            assert "lacks id" in str(error)  # noqa: PT017 - nothing else is excused
            return
        if prefer == "dynamic=true" and excused("of_any_text") and "is not a date-time" in str(error):
            return
        if prefer == "dynamic=false" and excused("without_examples") and "'string' is not" in str(error):
            return
        if prefer == "dynamic=true" or not excused("faulty_examples"):
            raise
        assert any(result in str(error) for result in ("is not of the type that the vendor declares", "lacks id"))  # noqa: PT017 - which of the two it is depends on the vendor
    except Unavailable as error:
        if excused("cut_short") and "only a part of the results" in str(error):
            return
        if prefer != "dynamic=true" or not excused("endless"):
            raise
    except (Conflict, InvalidInput):
        if not excused("looked_up"):
            raise
    except Rejected as error:
        if error.status == 422 and (excused("made_up_ids") or excused("made_up_records")):
            return
        if failure is None or failure.encode() not in bodies[-1]:
            raise
    except NotFound:
        if not excused("of_another_kind"):
            raise
    else:
        assert failure is None or failure.encode() not in bodies[-1]
        assert prefer == "dynamic=true" or not excused("faulty_examples")
        assert wire.sent
        assert all(record is None or (isinstance(record, Record) and record.id) for record in records)
