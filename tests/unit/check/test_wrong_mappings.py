"""Mistakes in mappings of shipped vendors that compiled before: each is reported by its code. One compilation of a vendor each."""

from __future__ import annotations

from pathlib import Path

import pytest

from unified_gen.pipeline.compiler import compile_vendor, parse_models
from unified_gen.pipeline.inputs import VendorInputs, read_inputs

INPUTS = read_inputs(Path(__file__).parents[3])
VENDORS = {vendor.name: vendor for vendor in INPUTS.vendors}
MODELS = parse_models(INPUTS.models)

MISTAKES = (
    # values that are quoted twice, or by the wrong language
    ("jira/tasks", '["project = {project_id}"]', "['project = \"{project_id}\"']", "MAP225"),
    ("salesforce/companies", "- OwnerId = {owner_id}", "- OwnerId = '{owner_id}'", "MAP225"),
    ("zendesk/tasks", "group:{project_id}", 'group:"{project_id}"', "MAP225"),
    ("jira/vendor", "query: {jql: jql}", "query: {jql: odata}", "MAP230"),
    # inputs that no request holds
    ("github/tasks", "      send: [status]\n", "", "MAP109"),
    ("slack/messages", "request.channel", "request.chanel", "MAP224"),
    ("google-calendar/events", "request.calendarId", "request", "MAP201"),
    ("google-calendar/events", "      optional: {path: optional, enum: {true: true, false: [false, null]}}\n", "", "MAP401"),
    (
        "microsoft-graph/events",
        "  write.attendees.response: only attendees can set their response, by responding to the invitation\n",
        "",
        "MAP223",
    ),
    (
        "todoist/tasks",
        "    - operation: closeTask\n      if: status == 'done'\n    - operation: reopenTask",
        "    - operation: reopenTask",
        "MAP112",
    ),
    ("trello/tasks", "  create.status.canceled: Trello cannot archive a card on create\n", "", "MAP308"),
    # values of another kind
    ("google-drive/files", "updated_at: {read: modifiedTime}", "updated_at: {read: name}", "MAP202"),
    ("jira/tasks", "created_at: {read: fields.created}", "created_at: {read: fields.summary}", "MAP202"),
    # names in queries
    ("jira/tasks", "- assignee = {assignee_id}", "- asignee = {assignee_id}", "MAP229"),
    ("salesforce/companies", "- OwnerId = {owner_id}", "- OwnerIdd = {owner_id}", "MAP229"),
    ("hubspot/contacts", "- email EQ {email}", "- emial EQ {email}", "MAP229"),
    ("microsoft-graph/events", '"contains(subject,{text})"]\n      - operation', '"contains(subjet,{text})"]\n      - operation', "MAP229"),
    ("google-drive/files", "name contains {text}", "nam contains {text}", "MAP229"),
    # constants of like requests, changes without deleted records, known values
    ("hubspot/leads", "    constants: {sorts: [hs_object_id]}\n", "", "MAP255"),
    (
        "hubspot/notes",
        "      - operation: GET /crm/v3/objects/notes\n        constants: {associations: [deals, contacts, companies]}",
        "      - operation: GET /crm/v3/objects/notes",
        "MAP316",
    ),
    ("microsoft-graph/events", ", removed_if: '\"@removed\"'", "", "MAP250"),
    ("google-calendar/events", "private: [private, confidential]", "private: [confidential]", "MAP301"),
    ("redmine/tasks", "Laag", "Laagx", "MAP304"),
    # order, and values of another kind
    ("clickup/tasks", "assignees.rem: remove_assignee_ids", "assignees.rem: add_assignee_ids", "MAP235"),
    ("salesforce/activities", "WhatId: company_id", "WhatId: done", "MAP246"),
    ("linear/statuses", "in_progress: started\n      done: completed", "in_progress: completed\n      done: started", "MAP309"),
    ("matrix/messages", "    - getOneRoomEvent: id\n    - redactEvent: id", "    - redactEvent: id\n    - getOneRoomEvent: id", "MAP118"),
    ("slack/messages", "- reactions_get: {channel: id.channel, timestamp", "- reactions_get: {timestamp", "MAP243"),
    # pages of another list, searches of one page, operations that do the same
    ("monday/statuses", "    pagination: none\n", "", "MAP239"),
    ("monday/comments", "pagination: updates", "pagination: none", "MAP239"),
    ("microsoft-graph/events", "pagination: delta", "pagination: none", "MAP239"),
    ("microsoft-graph/emails", "      if: cc || bcc\n", "", "MAP116"),
    ("zendesk/comments", '      constants: {sort: -created_at, "page[size]": 100}\n', "", "MAP259"),
    ("linear/tasks", "      constants: {first: 250}\n", "", "MAP259"),
    ("google-calendar/events", "params: {calendarId: calendar_id, eventId: call.key.short}", "params: {eventId: call.key.short}", "MAP260"),
    ("hubspot/contacts", '      if: "!found"\n', "", "MAP261"),
    ("trello/projects", "closed: false", "closed: true", "MAP262"),
    # look-ups, ids and keys
    ("jira/task_fields", "      not_found: project {project_id} does not have the type {type}\n", "", "MAP226"),
    ("slack/messages", "channel: id.channel", "channel: id", "MAP227"),
    (
        "zendesk/tasks",
        "          Idempotency-Key: call.key.uuid\n",
        "          ticket.external_id: call.key\n",
        "MAP228",
    ),
)


@pytest.mark.parametrize(
    ("file", "old", "new", "code"), MISTAKES, ids=[f"{file}-{code}-{number}" for number, (file, _, _, code) in enumerate(MISTAKES)]
)
def test_a_mistake_is_reported(file: str, old: str, new: str, code: str) -> None:
    vendor = VENDORS[file.partition("/")[0]]
    path = f"mappings/vendors/{file}.yaml"
    text = vendor.mappings[path]
    assert old in text, "the mapping has changed: adapt the mistake"
    found = compile_vendor(VendorInputs(vendor.name, {**vendor.mappings, path: text.replace(old, new, 1)}, vendor.specs), MODELS)
    assert code in {one.code for one in found.diagnostics}, [one.message for one in found.diagnostics]


@pytest.mark.parametrize("name", sorted(VENDORS))
def test_a_shipped_vendor_has_no_findings(name: str) -> None:
    assert not compile_vendor(VENDORS[name], MODELS).diagnostics
