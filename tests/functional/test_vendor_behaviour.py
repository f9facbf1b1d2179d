"""Compiled adapters against emulators that behave as the recorded facts state: what vendors do beyond their documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from unified import channels, comments, events, messages, projects, tasks
from unified_emulation.engine.server import Emulator
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, using
from unified_runtime.core.errors import NotFound, Rejected


@pytest.fixture(scope="module")
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["jira", "github", "slack", "google-calendar", "clickup"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


def engine(emulated: LocalEmulator, vendor: str) -> Emulator:
    """Return a vendor's engine, without the effects and conditions of earlier tests."""
    found = emulated.emulators.by_name[vendor].emulator
    found.behaviour.reset()
    return found


def a_task(vendor: str, **values: Any) -> tasks.Task:
    project = next(iter(projects.list(via=vendor)))
    return tasks.create(title="One", project_id=project.id, via=vendor, **values)


def test_of_several_transitions_the_one_of_the_name_is_chosen(emulated: LocalEmulator) -> None:
    made = a_task("jira")
    done = tasks.update(made.id, status="done", via="jira")
    assert done.status == "done"
    account = engine(emulated, "jira").account
    issues = [record.values for record in account.records(account.tables.by_noun["issue"])]
    (status,) = (values["fields"]["status"]["name"] for values in issues if values["key"] == made.id)
    assert status == "Done", "Reject, which also leads into the category, comes first"


def test_a_state_that_is_reached_already_needs_no_transition(emulated: LocalEmulator) -> None:
    made = a_task("jira")
    tasks.update(made.id, status="done", via="jira")
    assert tasks.update(made.id, status="done", via="jira").status == "done"


def test_a_comment_for_a_service_desk_is_internal_unless_requested(emulated: LocalEmulator) -> None:
    jira = engine(emulated, "jira")
    jira.conditions.add("service_desk")
    made = a_task("jira")
    comments.create(task_id=made.id, body="for us", via="jira")
    assert [each for each in jira.notifications if "customer" in each.to] == []
    comments.create(task_id=made.id, body="for you", internal=False, via="jira")
    assert [each.fact for each in jira.notifications if "customer" in each.to] == ["comment-goes-to-the-customer"]


def test_fields_that_the_vendor_drops_are_reported(emulated: LocalEmulator) -> None:
    github = engine(emulated, "github")
    assert a_task("github", labels=["bug"]).labels == ["bug"]
    github.conditions.add("without_push_access")
    with pytest.raises(Rejected, match="labels"):
        a_task("github", labels=["bug"])


def test_links_are_not_fetched(emulated: LocalEmulator) -> None:
    slack = engine(emulated, "slack")
    channel = next(iter(channels.list(via="slack")))
    messages.send(channel_id=channel.id, text="see https://example.com/?q=1", via="slack")
    assert slack.fetched == []


def test_guests_are_mailed_only_if_requested(emulated: LocalEmulator) -> None:
    calendar = engine(emulated, "google-calendar")
    start, end = datetime(2030, 1, 1, 10, tzinfo=UTC), datetime(2030, 1, 1, 11, tzinfo=UTC)
    guests = [{"email": "ada@example.com"}]
    events.create(title="Quiet", start=start, end=end, attendees=guests, via="google-calendar")
    assert calendar.notifications == []
    events.create(title="Loud", start=start, end=end, attendees=guests, notify=True, via="google-calendar")
    assert [each.to for each in calendar.notifications] == [("guests",)]


def test_an_unknown_id_is_not_a_failure_of_the_credential(emulated: LocalEmulator) -> None:
    with pytest.raises(NotFound):
        tasks.get("86abc0", via="clickup")
