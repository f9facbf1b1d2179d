"""Findings that are not shown: only those that follow from another that is shown."""

from __future__ import annotations

import pytest

from tests.golden.cases import inputs_of, load
from unified_gen.diagnostics.report import has_errors
from unified_gen.pipeline.compiler import compile

TASKS = "mappings/vendors/acme/tasks.yaml"


def codes(**edits: str) -> list[str]:
    """Return the codes found after editing the small vendor's mapping."""
    files = dict(load("acme").files)
    for old, new in edits.items():
        assert old in files[TASKS]
        files[TASKS] = files[TASKS].replace(old, new, 1)
    result = compile(inputs_of(files))
    assert has_errors(result.diagnostics), "a finding is left out for another, never all of them"
    return sorted(found.code for found in result.diagnostics)


def edited(old: str, new: str) -> list[str]:
    return codes(**{old: new})


def test_one_slip_in_a_path_is_one_finding() -> None:
    assert edited("title:        name", "title:        nmae") == ["MAP201"]


def test_an_error_in_a_write_path_is_reported_for_each_request() -> None:
    assert edited("title:        name", "title:        {read: name, write: nmae}") == ["MAP104", "MAP104"]


def test_a_reference_that_is_nothing_does_not_also_miss() -> None:
    assert edited("get:    {operation: getTask, params: {taskId: id}}", "get:    {operation: getTask, params: {taskId: key}}") == ["MAP004"]


def test_a_misspelt_field_is_not_also_unmapped() -> None:
    assert edited("title:        name", "titel:        name") == ["MAP210"]


def test_independent_findings_remain() -> None:
    both = codes(**{"title:        name": "title:        nmae", "  description:  note\n": ""})
    assert both == ["MAP109", "MAP109", "MAP201", "MAP401"], "the other field is still unmapped"


@pytest.mark.parametrize("old", ["get:    {operation: getTask, params: {taskId: id}}"])
def test_a_missing_input_without_a_slip_stays(old: str) -> None:
    assert edited(old, "get:    {operation: getTask}") == ["MAP103", "MAP109"]


def test_a_slip_in_one_operation_hides_nothing_of_another() -> None:
    found = codes(
        **{
            "get:    {operation: getTask, params: {taskId: id}}": "get:    {operation: getTask, params: {taskId: key}}",
            "delete: {operation: deleteTask, params: {taskId: id}}": "delete: {operation: deleteTask}",
        }
    )
    assert found == ["MAP004", "MAP103", "MAP109"]
