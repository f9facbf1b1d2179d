"""Toolsets: the operations that each name includes."""

from __future__ import annotations

import pytest

from unified_platform.catalog import capabilities, toolsets
from unified_runtime import InvalidInput

ENTRIES = capabilities.load()


def held(*words: str) -> set[str]:
    found = toolsets.parse_toolset(words, ENTRIES).operations(ENTRIES)
    return {f"{vendor}.{name}" for name, vendors in found.items() for vendor in vendors}


ALL = {f"{e.name}.{r.name}.{o}" for e in ENTRIES for r in e.resources.values() for o in r.operations}


@pytest.mark.parametrize(
    ("word", "fits"),
    [
        ("tasks", lambda v, r, o: r == "tasks"),
        ("tasks.read", lambda v, r, o: r == "tasks" and o in {"get", "list"}),
        ("tasks.write", lambda v, r, o: r == "tasks" and o in {"create", "update"}),
        ("tasks.destructive", lambda v, r, o: r == "tasks" and o == "delete"),
        ("tasks.create", lambda v, r, o: r == "tasks" and o == "create"),
        ("jira", lambda v, r, o: v == "jira"),
        ("jira.tasks", lambda v, r, o: v == "jira" and r == "tasks"),
        ("jira.tasks.get", lambda v, r, o: (v, r, o) == ("jira", "tasks", "get")),
        ("asana.tasks.read", lambda v, r, o: (v, r) == ("asana", "tasks") and o in {"get", "list"}),
    ],
)
def test_a_word(word: str, fits) -> None:
    wanted = {name for name in ALL if fits(*name.split("."))}
    assert wanted
    assert held(word) == wanted


def test_words_add_up_and_none_is_everything() -> None:
    assert held("tasks.create", "jira") == held("tasks.create") | held("jira")
    assert set(toolsets.parse_toolset(None, ENTRIES).operations(ENTRIES)) == {name.split(".", 1)[1] for name in ALL}
    assert toolsets.parse_toolset("tasks.create, jira", ENTRIES) == toolsets.parse_toolset(["tasks.create", "jira"], ENTRIES)
    assert not toolsets.parse_toolset([], ENTRIES).operations(ENTRIES)


def test_scopes_are_those_of_what_is_held() -> None:
    jira = next(entry for entry in ENTRIES if entry.name == "jira")
    assert toolsets.parse_toolset("tasks.read", ENTRIES).scopes(jira) == ("read:jira-work",)
    assert toolsets.parse_toolset("jira.tasks.delete", ENTRIES).scopes(jira) == ("write:jira-work",)
    assert toolsets.parse_toolset("asana", ENTRIES).scopes(jira) == ()


@pytest.mark.parametrize(
    ("vendor", "words", "least"),
    [
        ("google-drive", "files.list", {"drive.metadata.readonly"}),
        ("google-drive", "files.list, files.download", {"drive.readonly"}),
        ("google-drive", "files", {"drive"}),
        ("google-calendar", "events.list", {"calendar.events.readonly"}),
        ("google-calendar", "events.list, free_busy", {"calendar.events.readonly", "calendar.freebusy"}),
        ("google-calendar", "events, calendars", {"calendar.events", "calendar.calendarlist.readonly", "calendar.calendars"}),
        ("hubspot", "users", {"crm.objects.owners.read"}),
        ("hubspot", "crm_records.read", {"crm.objects.custom.read"}),
        ("hubspot", "deals.add_contact", {"crm.objects.deals.write", "crm.objects.deals.read"}),
        ("pipedrive", "deals.read", {"deals:read"}),
        ("pipedrive", "deals", {"deals:full"}),
        ("slack", "messages.send", {"chat:write"}),
        ("slack", "users", {"users:read", "users:read.email"}),
    ],
)
def test_the_least_scopes_do_and_what_includes_another_does_for_both(vendor: str, words: str, least: set[str]) -> None:
    """The vendors' references state for each operation the minimal scopes."""
    entry = next(entry for entry in ENTRIES if entry.name == vendor)
    found = toolsets.parse_toolset([f"{vendor}.{word.strip()}" for word in words.split(",")], ENTRIES).scopes(entry)
    assert {scope.removeprefix("https://www.googleapis.com/auth/") for scope in found} == least


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("task", "'task' is not a resource or vendor; did you mean 'tasks'?"),
        ("jirra", "did you mean 'jira'?"),
        ("tasks.craete", "tasks has no operation 'craete'; did you mean 'create'?"),
        ("trello.tranzitions", "trello has no resource 'tranzitions'"),
        ("jira.tasks.rad", "did you mean 'read'?"),
    ],
)
def test_a_word_that_names_nothing(word: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=r"toolset") as caught:
        toolsets.parse_toolset([word], ENTRIES)
    assert message in str(caught.value)
