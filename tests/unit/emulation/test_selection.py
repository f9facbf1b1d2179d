"""Selection of properties, and members of lists that parameters change."""

from __future__ import annotations

from unified_emulation.engine.selection import change_members, chosen
from unified_emulation.engine.tables import Record, Table

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
