"""Each action of an overlay is needed: without it the compiler reports or generates something else, or a
request of the adapters is rejected, or a response of the vendor's store does not conform to the document.
"""

from __future__ import annotations

import copy
import functools
import importlib
import inspect
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import hypothesis
import pytest
import yaml
from msgspec.structs import replace

from tests.conformance.inputs import inputs_of
from tests.conformance.test_compiler_mutations import INPUTS, MODELS
from tests.conformance.test_requests import call
from tests.support import emulated
from tests.support.accounts import account_of, client, required
from tests.support.complete_documents import JUDGED, SPECS, lifted
from tests.support.exceptions import exceptions
from tests.support.judges import Judge, Request
from tests.support.judges.closed import ClosedWorld
from tests.support.judges.core import OpenapiCore
from tests.support.known import known_records, resources
from tests.support.store import Document
from tests.support.stores import store_of, stored
from unified import (
    calendars,
    channels,
    comments,
    companies,
    contacts,
    deal_stages,
    deals,
    events,
    files,
    free_busy,
    messages,
    projects,
    tasks,
    users,
)
from unified_gen.pipeline.compiler import compile_vendor
from unified_gen.pipeline.inputs import VendorInputs
from unified_openapi.documents.load import parse_document
from unified_openapi.documents.overlay import Action, apply, parse_overlay
from unified_runtime import Client, UnifiedError, using

OVERLAID = stored((vendor for vendor in sorted(INPUTS) if vendor in JUDGED and (SPECS / vendor / "overlay.yaml").exists()), __name__)

_SETTINGS = hypothesis.settings(
    derandomize=True,
    max_examples=10,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)
"""Inputs of each operation of a vendor whose requests come from its catalog."""


def _groups(actions: tuple[Action, ...]) -> list[list[int]]:
    """Return the actions, a removal together with the update after it: a replacement needs both."""
    groups: list[list[int]] = [[]]
    for index, action in enumerate(actions):
        groups[-1].append(index)
        if action.update is not None:
            groups.append([])
    return [group for group in groups if group]


def _root(vendor: str, without: list[int]) -> dict[str, Any]:
    spec = INPUTS[vendor].spec("openapi.yaml")
    assert spec is not None
    overlay = parse_overlay((SPECS / vendor / "overlay.yaml").read_bytes(), "overlay.yaml")
    actions = tuple(action for index, action in enumerate(overlay.actions) if index not in without)
    return apply(parse_document(spec[1].encode(), spec[0]), replace(overlay, actions=actions)).root


def _known(node: Any) -> Iterator[list[Any]]:
    """Yield the known values of open sets in a document or an update."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "x-extensible-enum")
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _known(inner)


def _with_another(root: dict[str, Any], known: list[list[Any]]) -> dict[str, Any]:
    """Return a document in which these lists of known values have another one."""
    changed = copy.deepcopy(root)
    for values in _known(changed):
        if values in known:
            values.append("another")
    return changed


def _compiled(vendor: str, root: dict[str, Any]) -> object:
    inputs = INPUTS[vendor]
    result = compile_vendor(VendorInputs(vendor, inputs.mappings, {f"specs/{vendor}/openapi.yaml": json.dumps(root)}), MODELS)
    return [(one.code, one.message) for one in result.diagnostics], result.files


def _requests(vendor: str, root: dict[str, Any]) -> list[Request]:
    """Return a request of every kind: those of each operation with many inputs and with few."""
    account = account_of(vendor)
    made, wire = client(vendor, store_of(vendor, Document(lifted(root))).respond)
    if "deals" in account.known:
        with using(made):
            _run(_crm_calls(vendor))
        return wire.sent
    if "channels" in account.known:
        with using(made):
            _run(_chat_calls(vendor))
        return wire.sent
    if {"files", "events"} & {*account.known}:
        with using(made):
            _run(_file_calls(vendor) if "files" in account.known else ())
            _run(_calendar_calls(vendor) if "events" in account.known else ())
        return wire.sent
    if "tasks" not in resources(vendor):
        known_records(vendor, made, emulated.texts(vendor))
        _run(_catalog_calls(vendor, made))
        return wire.sent
    project, user = account.known["projects"][0], next(iter(account.known.get("users", ())), "1")
    changes: list[dict[str, Any]] = [
        {"title": "x", "description": "x", "start_date": date(2031, 1, 2), "due_date": date(2031, 2, 3), "assignee_ids": [user]},
        *({name: None} for name in ("description", "type", "start_date", "due_date", "assignee_ids", "sprint_id")),
        {"due_date": date(2031, 2, 3)},  # separately, for vendors that reject one of the above
        {"assignee_ids": list(account.known.get("users", ()))},
        *({"status": status} for status in ("open", "done", "canceled")),
        *({"type": kind} for kind in account.types),
        {"labels": ["a", "b"]},
        {"priority": "high"},
        {"project_id": account.known["projects"][-1]},
    ]
    with using(made):
        first = tasks.create(title="x", project_id=project).id
        calls: list[Callable[[], Any]] = [
            lambda given=given: tasks.create(**({"title": "x", "project_id": project} | given)) for given in changes
        ]
        calls += [lambda given=given: tasks.update(first, **given) for given in changes]
        calls += [
            lambda: list(tasks.list(project_id=project, assignee_id=user)),
            lambda: list(tasks.list(project_id=project, status="open")),
            lambda: list(tasks.list(project_id=project, limit=1)),
            lambda: list(tasks.list(project_id=project, limit=1000)),
            lambda: list(tasks.list(project_id=project, text="x", status="done", updated_after=datetime(2030, 1, 2, tzinfo=UTC))),
            lambda: tasks.get(first),
            lambda: list(comments.list(task_id=comments.create(task_id=first, body="x").task_id or "")),
            lambda: list(projects.list(text="x")),
            lambda: projects.get(project),
            lambda: list(users.list(text="x")),
            lambda: list(users.list(project_id=project, text="x")),
            users.me,
            lambda: users.get(user),
            lambda: comments.update(comments.create(task_id=first, body="x").id, body="y"),
            lambda: comments.delete(comments.get(comments.create(task_id=first, body="x").id).id),
            lambda: tasks.delete(first),
        ]
        _run(calls)
    return wire.sent


def _run(calls: Iterable[Callable[[], Any]]) -> None:
    for each in calls:
        try:
            each()
        except UnifiedError:
            continue  # inputs that this vendor does not accept are tested elsewhere


def _catalog_calls(vendor: str, made: Client) -> Iterator[Callable[[], Any]]:
    """Yield calls of every operation that the vendor's catalog has, those that remove records last."""
    found = [
        (declared["effect"] == "destructive", resource, name)
        for resource, listed in resources(vendor).items()
        for name, declared in listed["operations"].items()
    ]
    for _, resource, name in sorted(found):
        operation = getattr(importlib.import_module(f"unified.{resource}"), name)
        yield from (functools.partial(call, made, operation, values) for values in _drawn(vendor, operation))


@functools.cache
def _drawn(vendor: str, operation: Any) -> tuple[dict[str, Any], ...]:
    """Return inputs of an operation, the same in each run."""
    drawn: list[dict[str, Any]] = []

    @_SETTINGS
    @hypothesis.given(inputs_of(operation, account_of(vendor), [], required(vendor, operation), wild=False))
    def draw(values: dict[str, Any]) -> None:
        drawn.append(values)

    draw()
    return tuple(drawn)


def _file_calls(vendor: str) -> Iterator[Callable[[], Any]]:
    folder, inside, file = account_of(vendor).known["files"]
    yield lambda: files.upload(b"x", name="x.txt", mime_type="text/plain", parent_id=folder)
    yield lambda: files.create_folder(name="x", parent_id=folder)
    yield lambda: list(files.list(parent_id=folder, updated_after=datetime(2030, 1, 2, tzinfo=UTC)))
    yield lambda: list(files.list(limit=1))
    yield lambda: list(files.search(text="x"))
    for each in (folder, inside):
        yield lambda each=each: files.share(each, email="grace@example.com", role="reader")
        yield lambda each=each: files.share(each, email="grace@example.com", role="writer")
    yield lambda: files.update(inside, name="y.txt")
    yield lambda: files.copy(inside, name="z.txt", parent_id=folder)
    yield lambda: files.move(file, parent_id=folder)
    yield lambda: files.download(inside).read()
    yield lambda: files.export(inside, mime_type="text/plain").read()
    yield lambda: files.delete(file)
    yield lambda: files.delete_permanently(inside)


def _record_calls(record: str, fields: dict[str, Any]) -> Iterator[Callable[[], Any]]:
    """Requests for a custom object, and for names and ids that are not valid."""
    records: Any = importlib.import_module("unified.crm_records")
    kind, _, number = record.partition("/")
    objects: Any = importlib.import_module("unified.crm_objects")
    yield lambda: [*objects.list()]
    yield lambda: records.create(type=kind, custom_fields=fields)
    yield lambda: records.get(record)
    yield lambda: records.update(record, custom_fields=fields)
    yield lambda: records.update(record, name="x")
    yield lambda: [*records.list(type=kind)]
    yield lambda: records.delete(record)
    yield lambda: [*records.list(type="User")]
    yield lambda: records.get(f"contacts/{number}")
    yield lambda: records.get(f"{kind}/x")


def _crm_calls(vendor: str) -> Iterator[Callable[[], Any]]:
    known = account_of(vendor).known
    company, person, deal, owner, stage = (known[kind][0] for kind in ("companies", "contacts", "deals", "users", "deal_stages"))
    when, day = datetime(2030, 1, 2, tzinfo=UTC), date(2031, 1, 2)
    location: dict[str, Any] = {"street": "S", "city": "C", "region": "R", "postal_code": "P", "country": "US"}
    people: list[dict[str, Any]] = [
        *({"emails": [{"type": kind, "address": f"{kind}@example.net"}]} for kind in ("work", "home", "other")),
        *({"phones": [{"type": kind, "number": "+1 23"}]} for kind in ("work", "mobile", "home", "fax", "assistant", "other")),
        *({"address": {name: text}} for name, text in location.items()),
        *({name: "x"} for name in ("first_name", "last_name", "job_title", "department")),
        *({"company_id": known["companies"][-1]}, {"owner_id": owner}, {"first_name": "a", "last_name": "b"}),
    ]
    firms: list[dict[str, Any]] = [
        *({"address": {name: text}} for name, text in location.items()),
        *({"phones": [{"type": kind, "number": "+1 23"}]} for kind in ("work", "fax")),
        *({name: "x"} for name in ("name", "domain", "industry", "description")),
        *({"employees": 3}, {"annual_revenue": "3.5"}, {"owner_id": owner}, {"parent_id": known["companies"][-1]}),
    ]
    sales: list[dict[str, Any]] = [
        *({"amount": "12.50"}, {"currency": "EUR"}, {"probability": "0.25"}, {"close_date": day}, {"stage_id": stage}, {"name": "x"}),
        *({"status": status} for status in ("open", "won", "lost")),
        *({"company_id": known["companies"][-1]}, {"contact_ids": [person]}, {"contact_ids": [*known["contacts"]]}, {"owner_id": owner}),
        *({"description": "x"}, {"pipeline_id": known["pipelines"][0] if known.get("pipelines") else "1"}),
    ]
    for record in known.get("crm_records", ())[:1]:
        yield from _record_calls(record, {"a__c" if vendor == "salesforce" else "a": "x"})
    least = (("contacts", {"last_name": "x"}), ("companies", {"name": "x"}), ("deals", {"name": "x", "stage_id": stage, "close_date": day}))
    for (resource, needed), changes, first in zip(least, (people, firms, sales), (person, company, deal), strict=True):
        module: Any = importlib.import_module(f"unified.{resource}")
        yield lambda module=module, needed=needed: module.create(**needed)
        for change in changes:
            yield lambda module=module, change=change, needed=needed: module.create(**needed | change)
            yield lambda module=module, change=change, first=first: module.update(first, **change)
            yield lambda module=module, change=change, first=first: module.update(first, **dict.fromkeys(change))
        yield lambda module=module, first=first: module.get(first)
        for filters in (
            {}, {"limit": 1}, {"limit": 1000}, {"owner_id": owner}, {"updated_after": when}, {"company_id": company}, {"deal_id": deal},
            {"email": "a@example.net"}, {"contact_id": person}, {"status": "won"}, {"stage_id": stage}, {"domain": "x.org"}, {"name": "x"},
        ):  # fmt: skip
            if filters.keys() - {"limit"} <= inspect.signature(module.list.build).parameters.keys():
                yield lambda module=module, filters=filters: list(module.list(**filters))
    yield lambda: list(deal_stages.list(pipeline_id=(known.get("pipelines") or ("1",))[0]))
    yield lambda: list(deal_stages.list())
    yield lambda: list(users.list())
    yield lambda: users.me()
    yield lambda: deals.add_contact(deal, person)
    yield lambda: deals.remove_contact(deal, person)
    yield lambda: contacts.delete(person)
    yield lambda: companies.delete(company)
    yield lambda: deals.delete(deal)


def _calendar_calls(vendor: str) -> Iterator[Callable[[], Any]]:
    known = account_of(vendor).known
    calendar, event, user = (known[kind][0] for kind in ("calendars", "events", "users"))
    start, day = datetime(2030, 1, 2, 9, tzinfo=UTC), date(2030, 1, 2)
    timed: dict[str, Any] = {"start": start, "end": start + timedelta(hours=1), "time_zone": "Europe/Paris"}
    entire: dict[str, Any] = {"start": day, "end": day + timedelta(days=1)}
    guest = {"email": "bob@example.com", "name": "Bob", "optional": True, "response": "accepted"}
    rules = (
        "DAILY",
        "WEEKLY;BYDAY=MO",
        "MONTHLY;BYMONTHDAY=2;COUNT=3",
        "MONTHLY;BYDAY=-1FR",
        "YEARLY;BYMONTH=2;BYDAY=1MO;UNTIL=20400101T000000Z",
    )
    changes: list[dict[str, Any]] = [
        timed, entire, {"description": "x", "location": "x", "attendees": [guest]}, {"visibility": "private"}, {"status": "tentative"},
        *({**timed, "recurrence": [f"RRULE:FREQ={rule}"]} for rule in rules),
    ]  # fmt: skip
    cleared = ("description", "location", "attendees", "recurrence", "visibility", "time_zone")
    for change in changes:
        yield lambda change=change: events.create(**{"title": "x", **timed, **change})
        yield lambda change=change: events.update(event, **change)
    yield lambda: events.create(title="x", calendar_id=calendar, **timed)
    yield from (lambda name=name: events.update(event, **{name: None}) for name in cleared)
    window: dict[str, Any] = {"starts_after": start, "starts_before": start + timedelta(days=9)}
    for filters in ({}, window, {"text": "x"}, {"updated_after": start}, {"limit": 1}, {"limit": 1000}):
        # Some recur without end: three events are three pages of one, and show how the next page is requested.
        yield lambda filters=filters: list(islice(events.list(**filters), 3))
        yield lambda filters=filters: list(islice(events.list(calendar_id=calendar, **filters), 3))
    yield lambda: list(events.instances(id=event, **window))
    yield from (lambda word=word: events.respond(event, response=word, comment="x") for word in ("accepted", "tentative", "declined"))
    yield lambda: [list(events.changes(cursor=page.sync)) for page in events.changes().pages()]
    yield lambda: [list(events.changes(cursor=page.sync, **window)) for page in events.changes(**window).pages()]
    yield lambda: list(free_busy.list(ids=[user, "nobody@example.net"], start=start, end=start + timedelta(days=1)))
    yield lambda: list(calendars.list())
    yield lambda: calendars.get(calendar)
    yield lambda: events.get(event)
    yield lambda: events.delete(event)


def _chat_calls(vendor: str) -> Iterator[Callable[[], Any]]:
    known = account_of(vendor).known
    channel, message, user = (known[kind][0] for kind in ("channels", "messages", "users"))
    texts = ("Hello", "**Hello**", f"[Ada](user:{user})")
    yield from (lambda text=text: messages.send(channel_id=channel, text=text) for text in texts)
    yield lambda: messages.send(channel_id=channel, thread_id=message, text="Hello")
    yield lambda: messages.reply(message, text="Hello")
    yield from (lambda text=text: messages.update(message, text=text) for text in texts)
    yield lambda: messages.get(message)
    yield lambda: messages.react(message, emoji="👍")
    yield lambda: messages.unreact(message, emoji="👍")
    yield lambda: messages.pin(message)
    if vendor == "matrix":  # the others are sent a content as the documents do not describe it
        yield lambda: messages.send_file(channel_id=channel, content=b"x", name="x.txt")
    yield lambda: list(messages.search(query="Hello", channel_id=channel))
    for filters in ({}, {"limit": 1}, {"limit": 1000}, {"thread_id": message}, {"thread_id": message, "limit": 1}):
        yield lambda filters=filters: list(messages.list(channel_id=channel, **filters))
    yield lambda: messages.delete(message)
    for given in ({}, {"topic": "x"}, {"private": True}, {"private": False}):
        yield lambda given=given: channels.create(name="new", **given)
    yield lambda: channels.get(channel)
    yield lambda: channels.join(channel)
    yield lambda: channels.direct(user_id=user)
    for filters in ({}, {"text": "x"}, {"limit": 1}, {"limit": 1000}):
        yield lambda filters=filters: list(channels.list(**filters))
    yield lambda: list(users.list(text="x"))
    yield lambda: list(users.list())
    yield lambda: users.me()


def _conforms(vendor: str, root: dict[str, Any]) -> bool:
    """Return true if the store's responses conform to this document."""
    try:
        _requests(vendor, root)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("vendor", OVERLAID)
@pytest.mark.filterwarnings("ignore:Unsupported scheme type", "ignore:Use of allowEmptyValue")
def test_each_action_is_needed(vendor: str, record_property: Callable[[str, object], None]) -> None:
    overlay = parse_overlay((SPECS / vendor / "overlay.yaml").read_bytes(), "overlay.yaml")
    root = _root(vendor, [])
    compiled, requests = _compiled(vendor, root), _requests(vendor, root)
    record_property("overlay actions", f"{vendor}: {len(overlay.actions)}")

    def refused(without: dict[str, Any]) -> bool:
        judges: tuple[Judge, ...] = (ClosedWorld(lifted(without)), OpenapiCore(lifted(without)))
        return any(judge.verdict(request) for judge in judges for request in requests)

    assert not refused(root)
    actions = yaml.safe_load((SPECS / vendor / "overlay.yaml").read_text("utf-8"))["actions"]
    excused = exceptions(vendor).overlay.keys()
    assert excused <= {action.target.value for action in overlay.actions}
    idle = []
    for group in _groups(overlay.actions):
        if {overlay.actions[index].target.value for index in group} <= excused:
            continue
        known = [values for index in group for values in _known(actions[index].get("update"))]
        if known and _compiled(vendor, _with_another(root, known)) != compiled:
            continue
        without = _root(vendor, group)
        if _compiled(vendor, without) == compiled and not refused(without) and _conforms(vendor, without):
            idle.append([overlay.actions[index].target.value for index in group])
    assert not idle, "\n".join(" + ".join(targets) for targets in idle)
