"""Round trips: a read returns the values that create and update wrote, for every field that a vendor's mapping both writes and reads.

The vendor is a store that applies requests by the complete document and is independent of mappings. A field that loses information
has a law that describes the loss.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.inputs import inputs_of, write_all
from tests.conformance.test_requests import EXAMPLES, seeded
from tests.support.accounts import account_of, client, in_a_project, lacks, offers, required, takes
from tests.support.complete_documents import VENDORS as DOCUMENTED
from tests.support.complete_documents import CompleteDocument
from tests.support.stores import store_of, stored
from unified import comments, tasks
from unified_runtime import Client, Conflict, InvalidInput, NotFound, Rejected, Unsupported, using
from unified_runtime.adapter_api.codecs import adf, asana_html, asana_html_comment, clickup_comment, html
from unified_runtime.core.operations import UNSET

_DAY = date(2031, 5, 6)
VENDORS = stored((vendor for vendor in tasks.create.vendors if vendor in DOCUMENTED), __name__)


def _line_ends(text: str) -> str:
    """Redmine stores texts with the line ends of HTML forms."""
    return re.sub(r"\r\n|\n|\r", "\r\n", text)


def _tags(names: list[str]) -> list[str]:
    """Zendesk writes tags in small letters, each once."""
    return list(dict.fromkeys(name.lower() for name in names))


def _once(names: list[str]) -> list[str]:
    """GitHub has no label and no assignee twice."""
    return list(dict.fromkeys(names))


LAWS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("github", "assignee_ids"): _once,
    ("github", "labels"): _once,
    ("jira", "description"): adf.normalize,
    ("jira", "body"): adf.normalize,
    ("jira", "internal"): lambda _: False,  # outside of service desks, every comment is public
    ("redmine", "description"): _line_ends,
    ("zendesk", "body"): html.normalize,
    ("asana", "description"): asana_html.normalize,
    ("asana", "body"): asana_html_comment.normalize,
    ("clickup", "body"): clickup_comment.normalize,
    ("zendesk", "labels"): _tags,
}


def _fields(vendor: str, resource: str, operation: str) -> frozenset[str]:
    """Return the fields that this vendor's mapping writes in this operation and reads back."""
    catalog = json.loads((resources.files("unified.catalog") / f"{vendor}.json").read_text(encoding="utf-8"))
    fields = catalog["resources"][resource]["fields"]
    return frozenset(name for name, result in fields.items() if result["read"] and operation in result["write"])


def _expected(vendor: str, name: str, value: Any) -> Any:
    law = LAWS.get((vendor, name))
    return value if law is None else law(value)


def _check(vendor: str, written: dict[str, Any], read: Any, fields: frozenset[str]) -> None:
    for name in written.keys() & fields:
        value = written[name]
        if value is None:  # some vendors have an empty text or list instead of null
            assert not getattr(read, name), name
        elif value is not UNSET:
            expected, found = _expected(vendor, name, value), getattr(read, name)
            if name == "assignee_ids" and vendor == "clickup":  # people are added and removed: a set, in the order of the vendor
                expected, found = sorted({*expected}), sorted({*found})
            assert found == expected, (name, value)


def _reported(made: Client, operation: Any, values: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the response and the written values: those that the vendor does not accept are left out, and the call is repeated."""
    values = dict(values)
    while True:
        try:
            return made.run(operation, operation.bind(values)), values
        except (InvalidInput, Unsupported, Rejected, Conflict) as refusal:
            refused = {*refusal.fields} & {*values}
            if not refused:
                return None, values
            for name in refused:
                del values[name]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_created_task_reads_as_it_was_written(vendor: str, document: CompleteDocument) -> None:
    fields = _fields(vendor, "tasks", "create")
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    ids = seeded(vendor, made, stores[-1])
    seen: set[str] = set()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_of(tasks.create, account_of(vendor), ids, required(vendor, tasks.create), wild=False))
    def any_task(values: dict[str, Any]) -> None:
        stores[:] = [store_of(vendor, document.served)]
        seeded(vendor, made, stores[-1])
        with using(made):
            created, written = _reported(made, tasks.create, values)
            if created is None:
                return
            given = {name: value for name, value in written.items() if value is not None}  # on create None is "not given"
            compared = fields - (_CHANGES_ALONG.get(vendor, frozenset()) - {"column_id"} if given.get("column_id") else frozenset())
            _check(vendor, given, created, compared)
            _check(vendor, given, tasks.get(created.id), compared)
            assert created == tasks.get(created.id)
        seen.update(name for name, value in given.items() if value is not UNSET)

    write_all(any_task, fields, seen, enough=EXAMPLES >= 100)


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_updated_task_reads_as_it_was_written_and_keeps_the_rest(vendor: str, document: CompleteDocument) -> None:
    fields = _fields(vendor, "tasks", "update")
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    ids = seeded(vendor, made, stores[-1])
    seen: set[str] = set()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        inputs_of(tasks.create, account_of(vendor), ids, required(vendor, tasks.create), wild=False),
        inputs_of(tasks.update, account_of(vendor), ids[1:], frozenset(), wild=False),
    )
    def any_change(first: dict[str, Any], values: dict[str, Any]) -> None:
        stores[:] = [store_of(vendor, document.served)]
        seeded(vendor, made, stores[-1])
        with using(made):
            before, _ = _reported(made, tasks.create, first)
            if before is None:
                return
            task_id = before.id
            updated, written = _reported(made, tasks.update, values | {"id": task_id})
            if updated is None:
                return
            changed = {name for name, value in written.items() if value is not UNSET}
            if len(_CHANGES_ALONG.get(vendor, frozenset()) & changed) > 1:
                return  # one of them decides the other
            _check(vendor, written, updated, fields)
            after = tasks.get(task_id)
            _check(vendor, written, after, fields)
            parts = {name for name, inputs in _PARTS.items() if any(written.get(each) not in (None, UNSET) for each in inputs)}
            refused = {*values} - {*written}  # a value that the vendor wrote in part, and reported as dropped in part
            for name in fields - changed - refused - parts - _CHANGES_ALONG.get(vendor, frozenset()):
                assert getattr(after, name) == getattr(before, name), f"{name} changed though it was not given"
            for name in (parts & fields) - changed:
                _check_parts(vendor, name, written, before, after)
        seen.update(changed)

    write_all(any_change, fields, seen, enough=EXAMPLES >= 100)


_CHANGES_ALONG: dict[str, frozenset[str]] = {
    "todoist": frozenset({"parent_id", "project_id", "column_id"}),
    "trello": frozenset({"project_id", "column_id"}),
}
"""Fields that a vendor changes with one another: a task of Todoist is in the project of its parent and of its section, and moved to one of
them; a card of Trello is on the board of its list."""


_PARTS = {
    "description": ("append_description",),
    "status": ("status_name",),
    "labels": ("add_labels", "remove_labels"),
    "assignee_ids": ("add_assignee_ids", "remove_assignee_ids"),
}
"""Inputs of an update that change a part of a field, or name its value."""


def _check_parts(vendor: str, name: str, written: dict[str, Any], before: Any, after: Any) -> None:
    """Compare a field of which an update changed a part with its value before."""
    old, new = getattr(before, name), getattr(after, name)
    if name == "description":
        assert (new or "").startswith(_expected(vendor, name, (old or "").rstrip()).rstrip()), "the description was replaced"
    elif name == "status":
        assert after.status_label == written["status_name"]
    else:
        now, then, added, removed = (
            {each.casefold() for each in _expected(vendor, name, values or [])}
            for values in (new, old, *(written.get(part) for part in _PARTS[name]))
        )
        assert now == (then | added) - removed


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("field", ["description", "priority", "parent_id", "assignee_ids", "labels", "start_date", "due_date"])
def test_none_clears(vendor: str, field: str, document: CompleteDocument) -> None:
    """A cleared field reads as empty; if the vendor cannot clear it, an error is raised and nothing is sent."""
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    seeded(vendor, made, store)
    full = {
        "title": "Full",
        "description": "Some text",
        "priority": "high",
        "assignee_ids": [*account_of(vendor).known.get("users", ())[:1]],
        "labels": ["a"],
        "start_date": _DAY,
        "due_date": _DAY,
        **in_a_project(vendor, tasks.create),
    }
    with using(made):
        parent, _ = _reported(made, tasks.create, {"title": "Parent", **in_a_project(vendor, tasks.create)})
        created, _ = _reported(made, tasks.create, full | {"parent_id": parent.id})
        wire.sent.clear()
        cleared, written = _reported(made, tasks.update, {"id": created.id, field: None})
        if field not in written:
            assert wire.sent == []
        else:
            assert not getattr(cleared, field)
            assert not getattr(tasks.get(created.id), field)
            assert cleared.title == "Full"


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor in comments.create.vendors])
def test_a_comment_reads_as_it_was_written(vendor: str, document: CompleteDocument) -> None:
    fields = _fields(vendor, "comments", "create") | {"task_id"}
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    ids = seeded(vendor, made, store)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_of(comments.create, account_of(vendor), ids, frozenset(), wild=False))
    def any_comment(values: dict[str, Any]) -> None:
        with using(made):
            try:
                try:
                    created = comments.create(**values)
                except Unsupported as error:
                    values = {name: value for name, value in values.items() if name not in error.fields}
                    created = comments.create(**values)
            except InvalidInput:
                return
            except Rejected:
                if values["body"].strip():
                    raise
                return  # a vendor may reject blank values
            _check(vendor, {name: value for name, value in values.items() if value is not None}, created, fields)
            assert created in list(comments.list(task_id=values["task_id"]))

    any_comment()


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if offers(vendor, tasks.delete)])
def test_a_deleted_task_is_gone(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    ids = seeded(vendor, made, store)
    with using(made):
        tasks.delete(ids[0])
        with pytest.raises(NotFound):
            tasks.get(ids[0])
        assert tasks.get(ids[1]).id == ids[1]


@pytest.mark.parametrize("vendor", VENDORS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 130))
def test_a_list_gives_every_task_once(vendor: str, number: int, document: CompleteDocument) -> None:
    project = in_a_project(vendor, tasks.list)
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    with using(made):
        before = [task.id for task in tasks.list(**project)]
        created = [tasks.create(title=f"Task {n}", **in_a_project(vendor, tasks.create)).id for n in range(number)]
        wire.sent.clear()
        for limit in (None, 7):
            listed = [*tasks.list(**project, limit=limit)]
            assert sorted(task.id for task in listed) == sorted([*before, *created])
        if "status" not in takes(vendor, tasks.list) or "done" in lacks(vendor, tasks.list).get("status", ()):
            with pytest.raises(Unsupported):
                list(tasks.list(status="done"))
        else:
            done = [task.id for task in tasks.list(**project, status="done")]
            assert sorted(done) == sorted(task.id for task in listed if task.status == "done")
    assert store.refused == []
