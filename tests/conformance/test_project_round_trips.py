"""Projects are created, changed, archived and restored in emulators, whose facts are independent of mappings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.support.accounts import offers, required, takes, writes
from unified import projects
from unified.models.projects import Project
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, Forbidden, Unsupported, using

VENDORS = projects.create.vendors


@pytest.fixture(autouse=True)
def account(vendor: str) -> Iterator[Client]:
    with Client(emulated=LocalEmulator([vendor])) as client, using(client):
        yield client


def _created(vendor: str, **values: str) -> Project:
    """Create a project with what the vendor requires, beside the first of the account's projects."""
    if "parent_id" in required(vendor, projects.create):
        above = next(project.parent_id for project in projects.list() if project.parent_id)
        values["parent_id"] = above
    if "key" in takes(vendor, projects.create) and writes(vendor, "projects", "key"):
        values["key"] = "APOLLO" if _has_large_keys() else "apollo"
    return projects.create(name="Apollo", **values)


def _has_large_keys() -> bool:
    """Return true if the keys of the account's projects are in capital letters."""
    return all((project.key or "").isupper() for project in projects.list())


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_created_project_is_read_and_listed(vendor: str) -> None:
    values = {"description": "To the moon"} if "description" in takes(vendor, projects.create) else {}
    created = _created(vendor, **values)
    assert (created.name, created.archived or False) == ("Apollo", False)
    assert created.description == values.get("description", created.description)
    assert projects.get(created.id) == created
    assert created.id in [project.id for project in projects.list()]


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_updated_project_keeps_the_rest(vendor: str) -> None:
    created = _created(vendor)
    renamed = projects.update(created.id, name="Gemini")
    assert (renamed.name, renamed.description) == ("Gemini", created.description)
    if "description" in takes(vendor, projects.update):
        described = projects.update(renamed.id, description="Two people")
        assert (described.name, described.description) == ("Gemini", "Two people")
        with contextlib.suppress(Unsupported):  # a vendor may not clear it
            assert not projects.update(renamed.id, description=None).description
    assert projects.get(renamed.id).name == "Gemini"


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_archived_project_is_restored(vendor: str) -> None:
    other, created = projects.list().first(), _created(vendor)
    assert other is not None
    if not offers(vendor, projects.archive):
        with pytest.raises(Unsupported):
            projects.archive(created.id)
        return
    projects.archive(created.id)
    assert [project.archived for project in projects.list() if project.id == created.id] in ([], [True])
    try:
        assert projects.get(created.id).archived
    except Forbidden:
        assert created.id not in [project.id for project in projects.list()]
    assert not projects.get(other.id).archived
    if not offers(vendor, projects.unarchive):
        with pytest.raises(Unsupported):
            projects.unarchive(created.id)
        return
    projects.unarchive(created.id)
    assert not projects.get(created.id).archived
