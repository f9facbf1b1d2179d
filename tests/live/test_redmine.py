"""Behavior of Redmine only: its error texts, and its own values for unified ones. test_trackers.py has the common behavior."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

import unified
from tests.support.servers.redmine import Redmine
from tests.support.servers.trackers import of_redmine
from unified import tasks
from unified_runtime import Client, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

_EARLIER = date(2031, 1, 1)


@pytest.fixture
def client(redmine: Redmine) -> Iterator[Client]:
    made = Client(rate_limiter=Unlimited())
    of_redmine(redmine).connect(made)
    with using(made):
        yield made


def test_redmine_s_own_words_are_stored(client: Client, redmine: Redmine) -> None:
    created = tasks.create(title="Labelled", project_id=str(redmine.project_id), priority="medium")
    assert (created.status_label, created.priority_label) == ("New", "Normal")
    assert tasks.update(created.id, status="in_progress").status_label == "In Progress"
    assert tasks.update(created.id, status="done").status_label == "Closed"


def test_redmine_errors_use_unified_names(client: Client, redmine: Redmine) -> None:
    with pytest.raises(unified.Rejected) as refused:
        tasks.create(title="Ends before it starts", project_id=str(redmine.project_id), start_date=date(2031, 2, 1), due_date=_EARLIER)
    assert "due_date" in refused.value.fields
    with pytest.raises(unified.Rejected) as refused:
        tasks.create(title="For nobody", project_id=str(redmine.project_id), assignee_ids=["999999"])
    assert "Assignee is invalid" in str(refused.value)
    with pytest.raises(unified.InvalidInput, match="at most 255"):
        tasks.create(title="x" * 256, project_id=str(redmine.project_id))


def test_description_of_this_redmine(client: Client, redmine: Redmine) -> None:
    project = str(redmine.project_id)
    created = tasks.create(title="Described", project_id=project)
    reported = unified.describe("tasks", via="redmine", project_id=project, task_id=created.id)
    assert {kind.name for kind in reported.types} >= {"Bug", "Feature", "Support"}
    assert {(state.name, state.status) for state in reported.statuses} >= {
        ("New", "open"),
        ("In Progress", "in_progress"),
        ("Closed", "done"),
        ("Rejected", "canceled"),
    }
    step = next(step for step in reported.transitions if step.status == "in_progress")
    assert tasks.update(created.id, status="in_progress").status_label == step.status_label
    assert "fields" not in reported.unsupported  # an administrator may list them
    assert unified.describe("tasks", via="redmine", project_id=project, task_id=created.id) is reported
