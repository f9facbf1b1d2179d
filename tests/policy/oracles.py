"""Reference implementation of each policy template, written by hand in Python: its decision once everything is known.

It shares no code with the engines or the encoders they use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone
from decimal import Decimal

from unified_runtime.core.policy_decisions import PolicyRequest

PROJECTS = ("PROJ", "OPS")
ZONE = timezone(timedelta(hours=1))
"""Europe/Paris in the winter, the zone of the requests' times."""


def known(question: PolicyRequest) -> dict[str, object]:
    """Return the record: the one that was read, or the one that a create makes."""
    if question.record is not None:
        return dict(question.record)
    return dict(question.input) if question.like == "create" else {}


def anything(question: PolicyRequest) -> bool:
    return True


def read_only(question: PolicyRequest) -> bool:
    return question.operation in {"get", "list", "me"}


def no_delete(question: PolicyRequest) -> bool:
    return question.operation != "delete"


def own_records(question: PolicyRequest) -> bool:
    me = question.account_id
    if me is None or question.resource not in {"tasks", "comments"}:
        return False
    record = known(question)
    if question.operation == "create":
        return True
    if question.resource == "comments":
        return record.get("author_id") == me
    assigned = record.get("assignee_ids") or []
    assert isinstance(assigned, list)
    return record.get("creator_id") == me or me in assigned


def projects(question: PolicyRequest) -> bool:
    record = known(question)
    if question.operation in {"create", "update", "delete"} and question.extra:
        return False
    if question.resource == "projects":
        return record.get("id") in PROJECTS
    if question.resource != "tasks" or record.get("project_id") not in PROJECTS:
        return False
    if question.operation == "update":
        if "project_id" in question.cleared:
            return False
        if "project_id" in question.input:
            return question.input["project_id"] in PROJECTS
    return True


def working_hours(question: PolicyRequest) -> bool:
    if question.operation in {"get", "list", "me"}:
        return True
    local = question.time.astimezone(ZONE)
    return local.weekday() in range(5) and 9 <= local.hour <= 16


def amount_cap(question: PolicyRequest) -> bool:
    if question.resource != "deals":
        return True
    if question.extra:
        return False
    amount = question.input.get("amount")
    return amount is None or Decimal(str(amount)) <= 1000


ORACLES: dict[str, Callable[[PolicyRequest], bool]] = {
    "anything": anything,
    "read-only": read_only,
    "own-records": own_records,
    "projects": projects,
    "no-delete": no_delete,
    "working-hours": working_hours,
    "amount-cap": amount_cap,
}
