"""Seed files: records by kind and by vendor, placed by the names and schemas of properties, with lines in errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from unified import channels, comments, contacts, events, projects, tasks, users
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.local import LocalEmulator
from unified_emulation.serving.seed_files import parse_seed
from unified_runtime import Client, using
from unified_runtime.core.errors import InvalidInput, Unauthorized

OWN = """
users:
  - {login: ada, name: Ada Lovelace, email: ada@example.com}
  - {login: bob, name: Bob Roe, email: bob@example.com}
projects:
  - {name: Website}
  - {name: Mobile}
tasks:
  - {title: One, project: Website, assignee: bob}
  - {title: Two, project: Mobile}
comments:
  - {text: Looks good}
keys:
  todoist: [listed-key]
vendors:
  todoist:
    label:
      - {name: urgent, color: red}
"""


def _client(tmp_path: Path, text: str = OWN.replace("listed-key", "emulated"), *names: str) -> Client:
    path = tmp_path / "seed.yaml"
    path.write_text(text)
    return Client(emulated=LocalEmulator(names or ("todoist", "redmine"), path))


@pytest.mark.parametrize("vendor", ["todoist", "redmine"])
def test_records_of_a_kind_are_placed_by_names_and_schemas(tmp_path: Path, vendor: str) -> None:
    with _client(tmp_path) as client, using(client):
        known = {project.name: project.id for project in projects.list(via=vendor)}
        assert known.keys() == {"Website", "Mobile"}
        found = {task.title: task for task in tasks.list(via=vendor)}
        assert found.keys() == {"One", "Two"}
        assert {title: task.project_id for title, task in found.items()} == {"One": known["Website"], "Two": known["Mobile"]}


@pytest.mark.parametrize("vendor", ["gitea", "github"])
def test_a_task_of_the_seed_is_not_a_pull_request_too(tmp_path: Path, vendor: str) -> None:
    with _client(tmp_path, OWN, vendor) as client, using(client):
        listed = {task.title for project in projects.list(via=vendor) for task in tasks.list(project_id=project.id)}
        assert listed == {"One", "Two"}


def test_references_are_ids_of_seeded_records(tmp_path: Path) -> None:
    with _client(tmp_path) as client, using(client):
        people = {user.name: user.id for user in users.list(via="redmine")}
        assert people.keys() == {"Ada Lovelace", "Bob Roe"}
        task = next(task for task in tasks.list(via="redmine") if task.title == "One")
        assert task.assignee_ids == [people["Bob Roe"]]


def test_a_vendor_has_records_of_its_own(tmp_path: Path) -> None:
    emulator = LocalEmulator(["todoist"])
    emulator.emulators.seed = parse_seed(OWN, "own.yaml")
    made = emulator.emulators.by_name["todoist"].emulator
    table = made.tables.by_noun["label"]
    assert [record.values["name"] for record in made.account.seeded(table, {})] == ["urgent"]


def test_only_listed_keys_are_accepted(tmp_path: Path) -> None:
    with _client(tmp_path, OWN) as client, using(client):
        with pytest.raises(Unauthorized):
            next(iter(projects.list(via="todoist")))
        assert next(iter(projects.list(via="redmine"))).name == "Website"


def test_records_without_a_table_or_property_are_reported_with_their_line(tmp_path: Path) -> None:
    text = "vendors:\n  todoist:\n    label:\n      - {name: a, colour: red}\n    invoice:\n      - {total: 1}\n"
    emulators = Emulators(["todoist"], parse_seed(text, "mine.yaml"))
    made = emulators.by_name["todoist"].emulator
    made.account.seeded(made.tables.by_noun["label"], {})
    assert emulators.problems == [
        "mine.yaml:6: todoist has no invoice",
        "mine.yaml:4: colour: the record has no property of this name",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("user:\n  - {name: Ada}\n", "f.yaml:1: there is no kind 'user'; did you mean 'users'"),
        ("users:\n  - name: Ada\n    mail: a@example.com\n", "f.yaml:3: such a record has no 'mail'"),
        ("users: {name: Ada}\n", "f.yaml:1: the records of a kind are a list"),
        ("users:\n  - Ada\n", "f.yaml:2: a record is a mapping"),
        ("users: [", "f.yaml:1: "),
    ],
)
def test_errors_have_the_line(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_seed(text, "f.yaml")
    assert message.split("; did")[0] in raised.value.message


def test_the_shipped_seed_is_in_each_kind_of_vendor() -> None:
    with Client(emulated=LocalEmulator(["todoist", "slack", "pipedrive", "jira", "google-calendar"])) as client, using(client):
        assert "Fix the sign-in redirect" in [task.title for task in tasks.list(via="jira")]
        assert "general" in [channel.name for channel in channels.list(via="slack")]
        assert "Babbage" in [contact.last_name for contact in contacts.list(via="pipedrive")]
        assert [event.title for event in events.list(via="google-calendar")] == ["Weekly planning", "Design review"]
        task = next(iter(tasks.list(via="todoist")))
        assert comments.create(task_id=task.id, body="Seen", via="todoist").body == "Seen"


def test_the_workspace_of_a_connection_has_the_records() -> None:
    with Client(emulated=LocalEmulator(["discord", "asana"])) as client, using(client):
        assert "website" in [channel.name for channel in channels.list(via="discord")]
        website = next(project for project in projects.list(via="asana") if project.name == "Website")
        assert "Fix the sign-in redirect" in [task.title for task in tasks.list(project_id=website.id, via="asana")]


@pytest.mark.parametrize("vendor", ["clickup", "discord", "pipedrive", "zendesk"])
def test_the_authenticated_user_is_a_record_of_the_seed(vendor: str) -> None:
    with Client(emulated=LocalEmulator([vendor])) as client, using(client):
        me = users.me(via=vendor)
        assert me.email in ("ada@example.com", None)
        if vendor != "clickup":  # members of its lists are records of their own
            assert users.get(me.id, via=vendor) == me


@pytest.mark.parametrize("vendor", ["clickup", "todoist"])
def test_people_of_a_project_are_read_by_id(vendor: str) -> None:
    with Client(emulated=LocalEmulator([vendor])) as client, using(client):
        project = projects.list(via=vendor).first()
        assert project is not None
        listed = [*users.list(project_id=project.id, via=vendor)]
        assert listed
        assert [users.get(one.id, via=vendor).name for one in listed] == [one.name for one in listed]
