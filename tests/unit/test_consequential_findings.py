"""Findings that are not shown: only those that follow from another that is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.cases import inputs_of, load
from unified_gen.diagnostics.report import has_errors
from unified_gen.pipeline.compiler import compile, compile_vendor, parse_models
from unified_gen.pipeline.inputs import VendorInputs, read_inputs
from unified_openapi.diagnostics import Diagnostic

INPUTS = read_inputs(Path(__file__).parents[2])
MODELS = parse_models(INPUTS.models)
TASKS = "mappings/vendors/acme/tasks.yaml"
VENDOR = "mappings/vendors/acme/vendor.yaml"


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
    assert both == ["MAP201", "MAP401"], "the other field is still unmapped"


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


def found_in(file: str, old: str, new: str) -> list[Diagnostic]:
    files = dict(load("acme").files)
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    return list(compile(inputs_of(files)).diagnostics)


def test_paths_that_one_response_lacks_are_one_finding() -> None:
    (one,) = found_in(
        TASKS,
        "    - {operation: createTask, send: fields, save: created}\n    - {operation: getTask, params: {taskId: created.id}}",
        "    - {operation: createTask, send: fields}",
    )
    assert one.message.startswith("the response of `createTask` has no `assignees`, `created`, ")
    assert one.message.endswith(" more paths, which `create` reads")


def test_inputs_that_one_operation_ignores_are_one_finding() -> None:
    found = found_in(
        TASKS,
        "update: {operation: updateTask, params: {taskId: id}, send: fields}",
        "update: {operation: updateTask, params: {taskId: id}}",
    )
    assert [one.code for one in found] == ["MAP109"]
    assert "no step of `update` uses `assignee_ids`, `description`, " in found[0].message


def test_a_parameter_that_several_requests_lack_is_one_finding() -> None:
    files = dict(load("acme").files)
    files[TASKS] = (
        files[TASKS]
        .replace("operation: getTask, params: {taskId: id}", "operation: getTask")
        .replace("deleteTask, params: {taskId: id}", "deleteTask")
    )
    missing = [one for one in compile(inputs_of(files)).diagnostics if one.code == "MAP103"]
    (one,) = missing
    assert "requires the path parameter `taskId`" in one.message
    assert [note.message for note in one.notes if note.span is not None and note.span.file == TASKS] == ["here too"]


def test_a_pagination_strategy_is_corrected_in_one_file() -> None:
    (one,) = found_in(VENDOR, "token_param: page_token", "token_param: page_tokn")
    assert one.code == "MAP107"


def test_an_envelope_that_does_not_exist_hides_what_is_below_it() -> None:
    (one,) = found_in(VENDOR, "name: Acme", "name: Acme\nenvelope: dta")
    assert one.code == "MAP212"
    assert one.message == "no request and no response that the mappings use has the envelope `dta`"


def test_a_codec_that_does_not_exist_does_not_also_misfit() -> None:
    assert edited("due_date:     due", "due_date:     {path: due, codec: date_in_datetme}") == ["MAP005"]


def test_accepting_one_finding_does_not_hide_another() -> None:
    old = "delete: {operation: deleteTask, params: {taskId: id}}"
    files = dict(load("acme").files)
    text = (
        files[TASKS]
        .replace(old, "delete: {operation: deleteTask}")
        .replace("get:    {operation: getTask, params: {taskId: id}}", "get:    {operation: getTask}")
    )
    files[TASKS] = text + "allow: {MAP103 deleteTask: it is fixed}\n"
    missing = [one.message for one in compile(inputs_of(files)).diagnostics if one.code == "MAP103"]
    assert missing == ["`getTask` requires the path parameter `taskId`, which is not provided"]


SHIPPED = (
    ("asana/attachments", "params: {attachment_gid", "params: {attachment_gidx", "MAP104"),
    ("asana/tasks", "description: {path:", "description: {pathx:", "MAP001"),
    ("asana/tasks", "{open: false", "{openx: false", "MAP302"),
    ("clickup/attachments", "get: {GetTask: {task_id: ", "get: {GetTask: {task_idx: ", "MAP104"),
    ("clickup/task_fields", "fields: {id: {read: id}", "fields: {idx: {read: id}", "MAP210"),
    ("discord/channels", "create_dm: {", "create_dmx: {", "MAP101"),
    ("dropbox/files", "enums: {notify: {true", "enums: {notifyx: {true", "MAP004"),
    ("gitea/comments", 'format: "{owner}/{repo}#{index}:{id}"', 'format: "{ownerx}/{repo}#{index}:{id}"', "MAP224"),
    ("jira/tasks", "{assignee_id}", "{assignee_idx}", "MAP004"),
    ("redmine/tasks", "Laag", "Laagx", "MAP304"),
)


@pytest.mark.parametrize(("file", "old", "new", "code"), SHIPPED, ids=[f"{file}-{code}" for file, _, _, code in SHIPPED])
def test_one_slip_in_a_shipped_mapping_is_one_finding(file: str, old: str, new: str, code: str) -> None:
    name = file.partition("/")[0]
    vendor = next(one for one in INPUTS.vendors if one.name == name)
    path = f"mappings/vendors/{file}.yaml"
    assert old in vendor.mappings[path]
    changed = VendorInputs(name, {**vendor.mappings, path: vendor.mappings[path].replace(old, new, 1)}, vendor.specs)
    assert [one.code for one in compile_vendor(changed, MODELS).diagnostics] == [code]
