"""Selection of properties, and members of lists that parameters change."""

from __future__ import annotations

from unified_emulation.engine.behaviour import lists
from unified_emulation.engine.selection import applies, change_members, chosen, is_everything, is_neutral, matches
from unified_emulation.engine.tables import Record, Table
from unified_openapi.behaviour.kinds import Omission
from unified_openapi.documents import parse_document
from unified_openapi.schemas.shapes import Schemas, Shape

TASK = {"id": "7", "name": "Plan", "note": "Soon", "parents": ["a"]}


def test_named_properties_and_those_that_identify_are_selected() -> None:
    assert chosen(TASK, {"fields": "name"}) == {"id": "7", "name": "Plan"}
    assert chosen(TASK, {"$select": ["note", "parents.id"]}) == {"id": "7", "note": "Soon", "parents": ["a"]}


def test_a_list_in_another_syntax_selects_all() -> None:
    assert chosen(TASK, {"fields": "*"}) == TASK
    assert chosen(TASK, {"fields": "name(first)"}) == TASK
    assert chosen(TASK, {"limit": "name"}) == TASK


def test_properties_in_an_object_of_the_parameters_name_are_selected_there() -> None:
    issue = {"id": "7", "fields": {"summary": "Plan", "labels": ["a"]}}
    assert chosen(issue, {"fields": ["labels"]}) == {"id": "7", "fields": {"labels": ["a"]}}


def test_properties_in_attributes_are_selected_there() -> None:
    assert chosen({"id": "7", "attributes": {"title": "Plan"}}, {"@fields": "id"}) == {"id": "7", "attributes": {}}


def test_parameters_add_and_remove_members() -> None:
    table = Table("file", frozenset({"file"}), (), {"id": "", "parents": "", "name": ""}, frozenset(), {})
    record = Record(1, {"id": "7", "parents": ["a", "b"], "name": "Plan"})
    change_members(record, table, {"addParents": "c,d", "removeParents": "a", "addName": "x"})
    assert record.values == {"id": "7", "parents": ["b", "c", "d"], "name": "Plan"}


def test_a_value_may_select_all_records() -> None:
    assert is_everything("all")
    assert is_everything("*")
    assert not is_everything("open")
    assert not is_everything(["all"])


def test_a_value_may_select_records_without_one() -> None:
    record = Record(1, {"assignees": [], "label": "none"})
    assert matches(record, "is", "assignees", ["none"])
    assert matches(record, "is", "label", ["none"])
    assert not matches(record, "is", "label", ["ada"])


def test_a_filter_is_compared_with_all_values_of_a_property() -> None:
    schemas = Schemas(parse_document('{"openapi": "3.0.3", "info": {"title": "", "version": "1"}, "paths": {}}', "empty.json"))
    table = Table("issue", frozenset({"issue"}), (), {"id": "", "assignee": "", "assignees": ""}, frozenset(), {})
    assert applies(schemas, table, "assignee", Shape(""), "ada") == ("is", "assignees")


def test_parameters_of_the_response_select_no_records() -> None:
    assert is_neutral("@verbose")
    assert is_neutral("$expand")
    assert not is_neutral("assignee")


def test_made_up_records_are_changed_so_that_a_list_has_them() -> None:
    left_out = {"parent": "$any", "archived": True}
    fact = Omission(records=left_out, summary="Parts are left out.", evidence="https://example.com", checked="2026-11-30", basis="page")
    record = Record(1, {"parent": {"id": "7"}, "archived": True, "name": "Plan"})
    lists.show(fact, record)
    assert record.values == {"parent": None, "archived": False, "name": "Plan"}
    other = Record(2, {"parent": None, "archived": True})
    lists.show(fact, other)
    assert other.values == {"parent": None, "archived": True}
