"""Real histories: former versions of vendors' documents, compared with the present mappings as if they were new.

The fixtures are the facts of the operations that the mappings use, without prose, as `gen spec take` extracts them: of GitHub's document
from the npm package @octokit/openapi, of Google's from the Python package google-api-python-client, in the versions that name the files.
About 0.5 s each.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.unit.drift.support import ROOT, files, models
from unified_gen.drift.model import Drift
from unified_gen.drift.vendors import compare_documents
from unified_gen.specs.lock import Lock, read_lock
from unified_gen.specs.update import take_source
from unified_openapi.documents import Document, operations, parse_document

HISTORIES = Path(__file__).parent / "histories"

NO_TYPES = {"task_fields.list": "broken", "task_types.list": "broken"}
"""These versions have no operations for issue fields and for the issue types of a repository."""
NO_OWNER = dict.fromkeys(("calendars.create", "calendars.get", "calendars.list"), "lossy")
SCOPES = NO_OWNER | {"free_busy.list": "changed"}
"""These versions have neither granular scopes nor the owner of a calendar's data."""
NO_SUB_ISSUES = NO_TYPES | {"tasks.get": "lossy", "tasks.list": "broken", "tasks.create": "broken", "tasks.update": "broken"}
NO_ISSUE_FIELDS = NO_TYPES | dict.fromkeys(("tasks.get", "tasks.list", "tasks.create", "tasks.update"), "lossy")
NO_PARENT = NO_ISSUE_FIELDS
"""These versions have no values of issue fields, which are custom fields of tasks."""

EXPECTED: dict[str, dict[str, str]] = {
    "github/10.0.0": NO_SUB_ISSUES,
    "github/12.0.0": NO_SUB_ISSUES,
    "github/14.0.0": NO_SUB_ISSUES,
    "github/17.0.0": NO_SUB_ISSUES | {"users.get": "broken"},  # without the operation for a user by name
    "github/18.0.0": NO_PARENT,
    "github/19.0.0": NO_PARENT,
    "github/20.0.0": NO_ISSUE_FIELDS,
    "github/21.0.0": NO_ISSUE_FIELDS,
    "github/22.0.0": NO_ISSUE_FIELDS,
    "github/23.0.0": {},
    "google-calendar/2.70.0": SCOPES | {"events.list": "broken"},  # without the parameter `eventTypes`
    "google-calendar/2.110.0": SCOPES,
    "google-calendar/2.140.0": SCOPES,
    "google-calendar/2.170.0": NO_OWNER,
    "google-drive/2.70.0": {"file_versions.download": "broken", "files.download": "broken"},
    "google-drive/2.110.0": {},
    "google-drive/2.140.0": {},
    "google-drive/2.170.0": {},
}
"""Operations that are not valid with each version."""

LATER = frozenset({
    "branches", "changed_files", "ci_runs", "commits", "pull_requests", "releases", "repositories", "repository_files", "reviews",
    "sprints", "webhook_subscriptions",
    "projects.archive", "projects.create", "projects.unarchive", "projects.update",
})  # fmt: skip
"""Resources and operations that were mapped later than the fixtures, which lack their operations."""

WORDS = {
    "github/20.0.0": "array of object or string → array of string",
    "google-calendar/2.140.0": "auth/calendar.freebusy → https://www.googleapis.com/auth/calendar",
    "google-drive/2.70.0": "`media` is sent, and not accepted any more",
}


def document(version: str) -> Document:
    path = HISTORIES / f"{version}.json.gz"
    return parse_document(gzip.decompress(path.read_bytes()), path.name, path.name)


def drift(version: str) -> Drift:
    vendor = version.partition("/")[0]
    (source,) = read_lock(ROOT / "specs" / vendor / "lock.json").documents
    lock = Lock((replace(source, keep={}),))
    return compare_documents(files(vendor), models(), lock, {source.name: document(version)}, lambda name: document(version))


def test_each_fixture_has_expected_verdicts() -> None:
    assert {path.relative_to(HISTORIES).as_posix().removesuffix(".json.gz") for path in HISTORIES.rglob("*.gz")} == EXPECTED.keys()


@pytest.mark.parametrize("version", EXPECTED)
def test_a_version_has_its_verdicts(version: str) -> None:
    found = drift(version)
    judged = [one for one in found.operations if LATER.isdisjoint({one.name, one.name.partition(".")[0]})]
    assert {one.name: one.verdict.value for one in judged if one.verdict.value != "valid"} == EXPECTED[version]
    if version in WORDS:
        assert any(WORDS[version] in one.message for one in found.findings)


@pytest.mark.parametrize("version", EXPECTED)
def test_a_fixture_holds_facts_only(version: str) -> None:
    """Taking the facts of the fixture again changes nothing."""
    (source,) = read_lock(ROOT / "specs" / version.partition("/")[0] / "lock.json").documents
    known = operations(document(version))
    names = tuple(name for name in source.operations if name in known)
    taken = take_source(replace(source, operations=names, keep={}), document(version), "x").root
    assert {key: value for key, value in taken.items() if key != "info"} == {
        key: value for key, value in document(version).root.items() if key != "info"
    }
