"""Laws of mappings, decided by running the compiled adapters: they hold for the shipped vendors, and mutations that compile break them.

Costs about 30 seconds: each vendor is compiled in memory and run once.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from unified_emulation.cli import proofs_of
from unified_emulation.laws.verdicts import Law, State
from unified_emulation.report import Proof, prove
from unified_gen.cli.group import cli
from unified_gen.diagnostics.laws import CODES
from unified_gen.pipeline.compiler import compile_vendor, parse_models
from unified_gen.pipeline.incremental import compile_project
from unified_gen.pipeline.inputs import VendorInputs, read_inputs
from unified_runtime.core.vendors import available

ROOT = Path(__file__).parents[2]
INPUTS = read_inputs(ROOT)
MODELS = parse_models(INPUTS.models)
VENDORS = {vendor.name: vendor for vendor in INPUTS.vendors if vendor.name in available()}

MUTATIONS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("a sibling that an action writes", "LAW002", "slack", "channels", "topic: {read: topic.value", "topic: {read: purpose.value"),
    ("another way of selecting pages", "LAW007", "redmine", "vendor", "offset_param: offset", "page_param: offset"),
    ("a token that leads nowhere", "LAW007", "google-calendar", "vendor", "pageToken: nextPageToken", "pageToken: nextSyncToken"),
    ("an address instead of a token", "LAW007", "hubspot", "vendor", "{after: paging.next.after}", "{after: paging.next.link}"),
    ("the id of another record", "LAW001", "github", "tasks", "issue_number: created.number", "issue_number: created.id"),
    ("another property as the id", "LAW001", "asana", "vendor", "id: {read: gid}", "id: {read: resource_type}"),
    ("an id in another parameter", "LAW008", "jira", "users", "getUser: {accountId: id}", "getUser: {key: id}"),
    ("a sibling that is read", "LAW002", "asana", "tasks", "due_date: due_on", "due_date: {read: start_on, write: due_on}"),
    ("a sibling that is written", "LAW002", "asana", "tasks", "title: name", "title: {read: name, write: notes}"),
    ("one property for two fields", "LAW005", "asana", "tasks", "due_date: due_on", "due_date: {read: start_on, write: due_on}"),
    ("a text that does not clear", "LAW004", "asana", "tasks", "clear: <body></body>", "clear: <body>none</body>"),
    ("a literal swapped", "LAW004", "google-calendar", "events", "clear: default", "clear: private"),
    ("an enum in another property", "LAW003", "asana", "tasks", "{path: completed, enum", "{read: completed, write: liked, enum"),
    ("a deletion that reads", "LAW009", "todoist", "tasks", "delete: deleteTask", "delete: getTask"),
    ("one property for two texts", "LAW010", "todoist", "projects", "description: {read: description}", "description: {read: id}"),
    ("another property that is filtered", "LAW006", "pipedrive", "deals", "stage_id: stage_id\n", "pipeline_id: stage_id\n"),
    (
        "swapped filters",
        "LAW006",
        "pipedrive",
        "deals",
        "person_id: contact_id\n      owner_id: owner_id",
        "person_id: owner_id\n      owner_id: contact_id",
    ),
    ("a folder that is not left", "LAW002", "google-drive", "files", "removeParents: before.parents", "removeParents: parent_id"),
    ("properties that are not selected", "LAW002", "jira", "tasks", "fields: [labels, description]", "fields: [description]"),
    ("an id that no user has", "LAW001", "asana", "users", "user_gid: me}", "user_gid: mex}"),
    ("the other end of a date", "LAW006", "jira", "tasks", "duedate < {due_before}", "duedate >= {due_before}"),
    ("a column that no item has", "LAW006", "monday", "tasks", "- column_id: name", "- column_id: nam"),
    ("the other end of a period", "LAW006", "jira", "tasks", "updated >= {updated_after}", "updated < {updated_after}"),
)
"""Mistakes: a title, the code, the vendor, the file, and the text that is replaced and its replacement."""


@functools.cache
def proof_of(name: str) -> Proof:
    vendor = VENDORS[name]
    return prove(vendor, compile_vendor(vendor, MODELS).files, MODELS.by_resource)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_laws_hold(vendor: str) -> None:
    assert [(found.code, found.message) for found in proof_of(vendor).diagnostics] == []


@pytest.mark.parametrize(("code", "vendor", "file", "old", "new"), [pytest.param(*each, id=title) for title, *each in MUTATIONS])
def test_a_mutation_that_compiles_breaks_a_law(code: str, vendor: str, file: str, old: str, new: str) -> None:
    inputs = VENDORS[vendor]
    name = f"mappings/vendors/{vendor}/{file}.yaml"
    assert old in inputs.mappings[name]
    mutant = VendorInputs(vendor, {**inputs.mappings, name: inputs.mappings[name].replace(old, new, 1)}, inputs.specs)
    compiled = compile_vendor(mutant, MODELS)
    assert compiled.files, "the compiler reports no error"
    found = prove(mutant, compiled.files, MODELS.by_resource).diagnostics
    assert code in {one.code for one in found}
    assert all(one.span.file.startswith(f"mappings/vendors/{vendor}/") for one in found)


def test_each_law_has_a_mutation_that_breaks_it() -> None:
    assert {code for _, code, *_ in MUTATIONS} == {code.code for code in CODES} == {law.code for law in Law}


def test_a_wrong_sibling_in_both_directions_is_not_found() -> None:
    """Written values are read back: only names show that `title` is not `notes`. A limit that the documentation states."""
    vendor = VENDORS["asana"]
    name = "mappings/vendors/asana/tasks.yaml"
    mutant = VendorInputs("asana", {**vendor.mappings, name: vendor.mappings[name].replace("title: name", "title: notes", 1)}, vendor.specs)
    compiled = compile_vendor(mutant, MODELS)
    assert compiled.files
    assert prove(mutant, compiled.files, MODELS.by_resource).diagnostics == ()


def test_laws_that_the_document_cannot_decide_have_a_reason() -> None:
    undecided = [verdict for name in VENDORS for verdict in proof_of(name).verdicts if verdict.state is State.UNDECIDED]
    assert undecided
    assert all(verdict.reason for verdict in undecided)


def test_known_values_of_an_open_set_are_those_of_the_first_records() -> None:
    """The priorities of a Redmine are its own; laws are decided with those of the default data."""
    verdicts = [one for one in proof_of("redmine").verdicts if one.law is Law.ENUM and "priority" in one.subject]
    assert len(verdicts) == 8
    assert {one.state for one in verdicts} == {State.HELD}


def test_most_laws_are_decided() -> None:
    verdicts = [verdict for name in VENDORS for verdict in proof_of(name).verdicts]
    held = sum(verdict.state is State.HELD for verdict in verdicts)
    assert held >= 0.7 * len(verdicts), f"{held} of {len(verdicts)}"


def test_a_broken_law_that_the_mapping_allows_is_not_reported() -> None:
    vendor = VENDORS["google-calendar"]
    name = "mappings/vendors/google-calendar/vendor.yaml"
    events = "mappings/vendors/google-calendar/events.yaml"
    wrong = vendor.mappings[events].replace("clear: default", "clear: private", 1)
    text = f"{vendor.mappings[name]}allow: {{LAW004 visibility: a reason, LAW009: another}}\n"
    mutant = VendorInputs("google-calendar", {**vendor.mappings, events: wrong, name: text}, vendor.specs)
    compiled = compile_vendor(mutant, MODELS)
    assert not any("LAW" in one.message for one in compiled.diagnostics), "the compiler does not judge what is allowed of laws"
    found = prove(mutant, compiled.files, MODELS.by_resource).diagnostics
    assert [(one.code, one.message) for one in found] == [("MAP405", "`LAW009` has no effect: the finding does not occur")]


def test_the_command_prints_a_table_and_the_reasons() -> None:
    done = CliRunner().invoke(cli, ["prove", "todoist", "--undecided", "--root", str(ROOT)])
    assert done.exit_code == 0, done.output
    head, row, *reasons = done.output.splitlines()
    assert head.split()[0] == "vendor"
    assert row.split()[0] == "todoist"
    assert all(line.startswith("todoist: ") for line in reasons)


def test_the_command_reports_broken_laws_as_other_findings(tmp_path: Path) -> None:
    for folder in ("mappings/models", "mappings/vendors/todoist", "specs/todoist"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / "mappings/vendors/todoist/tasks.yaml"
    path.write_text(path.read_text("utf-8").replace("delete: deleteTask", "delete: getTask"), "utf-8")
    for arguments in (["prove"], ["check", "--prove"]):
        done = CliRunner().invoke(cli, [*arguments, "todoist", "--format", "json", "--root", str(tmp_path)])
        assert done.exit_code == 1, done.output
        found = json.loads(done.stdout)["diagnostics"]
        assert [one["code"] for one in found] == ["LAW009"]
    clean = CliRunner().invoke(cli, ["check", "todoist", "--root", str(tmp_path)])
    assert clean.exit_code == 0, clean.output


def test_a_model_of_the_project_need_not_be_installed(tmp_path: Path) -> None:
    for name in ("mappings", "specs"):
        shutil.copytree(ROOT / "tests/private/project" / name, tmp_path / name)
    assert importlib.util.find_spec("unified.invoices") is None
    done = CliRunner().invoke(cli, ["prove", "acme-desk", "--format", "json", "--root", str(tmp_path)])
    assert done.exit_code == 0, done.output
    (vendor,) = read_inputs(tmp_path).vendors
    (proof,) = proofs_of(compile_project(tmp_path), read_inputs(tmp_path), [vendor.name])
    assert {one.resource: one.state for one in proof.verdicts} == {"invoices": State.HELD, "tasks": State.HELD}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("name: Acme Desk\n", "name: Acme Desk\ndraft: true\n", "nothing was decided of acme-desk: it is a draft"),
        ("{connection.url}", "https://{connection.region}.example", "nothing was decided of acme-desk: each authentication scheme needs"),
    ],
)
def test_a_vendor_of_which_nothing_is_decided_is_a_failure(tmp_path: Path, old: str, new: str, reason: str) -> None:
    for name in ("mappings", "specs"):
        shutil.copytree(ROOT / "tests/private/project" / name, tmp_path / name)
    file = tmp_path / "mappings/vendors/acme-desk/vendor.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    done = CliRunner().invoke(cli, ["prove", "--root", str(tmp_path)])
    assert done.exit_code == 1, done.output
    assert reason in done.output


def test_an_unknown_vendor_is_a_usage_error() -> None:
    done = CliRunner().invoke(cli, ["prove", "missing", "--root", str(ROOT)])
    assert done.exit_code == 2
    assert "there is no mappings/vendors/missing" in done.output
