"""Custom fields of tasks: written by id, read back, cleared, and in the form that each vendor writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.support.accounts import account_of, client
from unified import Client, projects, tasks
from unified_runtime import InvalidInput, Unsupported, using

FIELDS = {
    "asana": "1205000000000001",
    "clickup": "0a52c486-5f05-403b-b4fd-c512ff05131c",
    "github": "77",
    "jira": "customfield_10010",
    "redmine": "3",
    "trello": "5b080fd8017bd1653b5480fa",
    "zendesk": "9001",
}
"""The id of a custom field of each vendor whose tasks have any."""


LISTED_AFTER_CREATE = ("asana", "clickup", "redmine", "zendesk")
"""Vendors whose emulators list a new task of a project."""


@pytest.fixture(scope="module")
def emulators() -> Client:
    return Client(emulated=True)


@pytest.fixture
def emulated(emulators: Client) -> Iterator[None]:
    with using(emulators):
        yield


@pytest.mark.usefixtures("emulated")
@pytest.mark.parametrize("vendor", FIELDS)
def test_values_are_written_and_read_back(vendor: str) -> None:
    name = FIELDS[vendor]
    project = next(iter(projects.list(via=vendor))).id
    created = tasks.create(title="Plan", project_id=project, custom_fields={name: "first"}, via=vendor)
    assert created.custom_fields[name] == "first"
    assert tasks.get(created.id, custom_fields=[name], via=vendor).custom_fields[name] == "first"
    changed = tasks.update(created.id, custom_fields={name: "second"}, via=vendor)
    assert changed.custom_fields[name] == "second"
    assert changed.title == "Plan"
    both = tasks.update(created.id, title="Replan", custom_fields={name: "third"}, via=vendor)
    assert (both.title, both.custom_fields[name]) == ("Replan", "third")
    if vendor not in LISTED_AFTER_CREATE:
        return
    listed = {one.id: one for one in tasks.list(project_id=project, custom_fields=[name], via=vendor)}
    assert listed[created.id].custom_fields[name] == "third"


@pytest.mark.usefixtures("emulated")
@pytest.mark.parametrize("vendor", ["asana", "clickup", "jira", "trello", "zendesk"])
def test_values_are_cleared(vendor: str) -> None:
    name = FIELDS[vendor]
    project = next(iter(projects.list(via=vendor))).id
    created = tasks.create(title="Plan", project_id=project, custom_fields={name: "first"}, via=vendor)
    cleared = tasks.update(created.id, custom_fields={name: None}, via=vendor)
    assert not cleared.custom_fields.get(name)


VALUES: dict[str, Any] = {
    "text": "x", "number": Decimal("2.50"), "flag": True, "day": date(2031, 1, 2), "time": datetime(2031, 1, 2, 3, 4, tzinfo=UTC),
    "several": ["a", "b"],
}  # fmt: skip
WRITTEN: dict[str, dict[str, Any]] = {
    "asana": {
        "text": "x", "number": Decimal("2.50"), "day": {"date": "2031-01-02"}, "time": {"date_time": "2031-01-02T03:04:00.000Z"},
        "several": ["a", "b"],
    },
    "clickup": {"text": "x", "number": Decimal("2.50"), "flag": True, "several": ["a", "b"]},
    "github": {"text": "x", "number": Decimal("2.50"), "day": "2031-01-02", "several": ["a", "b"]},
    "jira": {"text": "x", "number": Decimal("2.50"), "day": "2031-01-02", "time": "2031-01-02T03:04:00.000Z", "several": ["a", "b"]},
    "redmine": {"text": "x", "number": "2.50", "flag": "1", "day": "2031-01-02", "several": ["a", "b"]},
    "zendesk": {"text": "x", "number": Decimal("2.50"), "flag": True, "day": "2031-01-02", "several": ["a", "b"]},
    "trello": {"text": {"text": "x"}, "number": {"number": "2.50"}, "flag": {"checked": True}, "day": {"date": "2031-01-02T12:00:00.000Z"}},
}  # fmt: skip


def _body(vendor: str, name: str, value: Any) -> Any:
    made, _ = client(vendor, lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        requests = tasks.create.plan(
            title="Plan", project_id=account_of(vendor).known["projects"][0], custom_fields={name: value}, via=vendor
        ).requests
    return requests[-2 if vendor == "trello" else _sending(requests)].body


def _sending(requests: Any) -> int:
    return next(number for number, request in enumerate(requests) if request.method in ("POST", "PUT"))


@pytest.mark.parametrize("vendor", WRITTEN)
def test_values_have_the_form_that_the_vendor_writes(vendor: str) -> None:
    name = FIELDS[vendor]
    around: Any = {
        "asana": lambda body: body["data"]["custom_fields"][name],
        "clickup": lambda body: body["custom_fields"],
        "github": lambda body: body["issue_field_values"],
        "jira": lambda body: body["fields"][name],
        "redmine": lambda body: body["issue"]["custom_fields"],
        "trello": lambda body: body["customFieldItems"],
        "zendesk": lambda body: body["ticket"]["custom_fields"],
    }[vendor]
    for kind, expected in WRITTEN[vendor].items():
        sent = around(_body(vendor, name, VALUES[kind]))
        if isinstance(sent, list) and sent and isinstance(sent[0], dict):
            (element,) = sent
            key = next(iter(element))
            assert element[key] == (int(name) if vendor in ("github", "redmine", "zendesk") else name)
            sent = element["value"]
        assert sent == expected, kind


def test_a_choice_of_trello_is_written_by_its_id() -> None:
    option = "5c080fd8017bd1653b5480fb"
    assert _body("trello", FIELDS["trello"], option) == {"customFieldItems": [{"idCustomField": FIELDS["trello"], "idValue": option}]}


def test_times_of_clickup_are_milliseconds() -> None:
    day = _body("clickup", FIELDS["clickup"], VALUES["day"])["custom_fields"][0]["value"]
    time = _body("clickup", FIELDS["clickup"], VALUES["time"])["custom_fields"][0]["value"]
    assert datetime.fromtimestamp(day / 1000, UTC).date() == VALUES["day"]
    assert datetime.fromtimestamp(time / 1000, UTC) == VALUES["time"]


@pytest.mark.usefixtures("emulated")
@pytest.mark.parametrize("vendor", FIELDS)
def test_names_are_checked(vendor: str) -> None:
    with pytest.raises(InvalidInput, match="is not a valid name of a custom field"):
        tasks.create(title="Plan", project_id="1", custom_fields={"No such": "x"}, via=vendor)


@pytest.mark.usefixtures("emulated")
def test_a_field_is_not_given_twice() -> None:
    extra = {"redmine": {"issue": {"custom_fields": [{"id": 3, "value": "x"}]}}}
    with pytest.raises(InvalidInput, match="is given in extra too"):
        tasks.update("1", custom_fields={"3": "y"}, extra=extra, via="redmine")


@pytest.mark.usefixtures("emulated")
@pytest.mark.parametrize("vendor", ["todoist", "roundup"])
def test_vendors_without_custom_fields_refuse_them(vendor: str) -> None:
    with pytest.raises(Unsupported, match="has no custom fields"):
        tasks.create(title="Plan", custom_fields={"a": "x"}, via=vendor)
