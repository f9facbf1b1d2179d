"""Random policy requests: every operation, agents, times around the bounds of policies, records that are complete, partial or empty."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from unified_runtime.core.policy_decisions import PolicyRequest, RequestFacts

OPERATIONS = {
    "tasks": ("create", "get", "list", "update", "delete"),
    "comments": ("create", "list"),
    "projects": ("get", "list"),
    "users": ("list", "me"),
    "deals": ("create", "get", "list", "update", "delete"),
}
EFFECTS: dict[str, Any] = {"create": "write", "update": "write", "delete": "destructive"}
PEOPLE = ("u1", "u2", "U1", "", 'u"1', "ü1", "u1\n")
PROJECTS = ("PROJ", "OPS", "proj", "PROJ ", "OTHER", "", "OPS\\")
TEXTS = ("", "x", 'a "quoted" \\ text', "Ünï\u200bcode 😀", "line\nbreak", "permit(principal, action, resource);", "${input}", "x" * 300)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
EXTRAS: tuple[dict[str, Any], ...] = ({}, {}, {}, {"fields": {"customfield_1": 1}}, {"a": {"b": {"c": None}}})
OWN: tuple[dict[str, Any], ...] = ({}, {}, {"size__c": "Large"}, {"share__c": Decimal("0.25")}, {"share__c": "0.1", "yes__c": True})
"""Fields of the account that a call writes."""
AMOUNTS = tuple(map(Decimal, ("1000", "1000.00", "1000.0001", "999.9999", "0", "-5000", "1001", "1E+3")))


def questions(seed: int, count: int) -> Iterator[PolicyRequest]:
    """Return so many requests; the same for the same seed."""
    source = random.Random(seed)
    for _ in range(count):
        yield question(source)


def question(r: random.Random) -> PolicyRequest:
    resource = r.choice(list(OPERATIONS))
    operation = r.choice(OPERATIONS[resource])
    given = fields(r, resource) if operation in {"create", "update"} else filters(r, resource) if operation == "list" else {}
    return PolicyRequest(
        phase="arguments",
        agent=r.choice((None, "helper", "bot", 'a"b')),
        user=r.choice((None, "alice", "bob")),
        on_behalf_of=r.choice((None, "carol")),
        resource=resource,
        operation=operation,
        like="get" if operation == "me" else operation,
        effect=EFFECTS.get(operation, "read"),
        vendor=r.choice(("jira", "asana", "hubspot")),
        host=r.choice(("acme.atlassian.net", "127.0.0.1:8080")),
        account_id=r.choice((None, *PEOPLE[:4])),
        ids={"id": r.choice(("1", "PROJ", "a/b", "ä"))} if operation in {"get", "update", "delete"} else {},
        input={name: value for name, value in given.items() if value is not None},
        cleared=tuple(name for name, value in given.items() if value is None and operation == "update"),
        extra=r.choice(({}, {}, {}, {"fields": {"customfield_1": 1}}, {"a": {"b": {"c": None}}}))
        if operation in {"create", "update"}
        else {},
        custom_fields=r.choice(OWN) if (resource, operation) in {("deals", "create"), ("deals", "update")} else {},
        time=moment(r),
        request=RequestFacts("GET", "acme.atlassian.net", "/rest", "getIssue") if r.random() < 0.1 else None,
    )


def moment(r: random.Random) -> datetime:
    """Return a time within two weeks; often at the edge of an hour."""
    found = MONDAY + timedelta(seconds=r.randrange(14 * 24 * 3600), microseconds=r.choice((0, 1, 999_999)))
    return found.replace(minute=r.choice((0, 59)), second=r.choice((0, 59))) if r.random() < 0.5 else found


def fields(r: random.Random, resource: str) -> dict[str, Any]:
    possible: dict[str, Any] = {
        "tasks": {
            "title": r.choice(TEXTS),
            "project_id": r.choice((*PROJECTS, None)),
            "assignee_ids": [r.choice(PEOPLE) for _ in range(r.randrange(3))],
            "due_date": r.choice((MONDAY.date(), None)),
        },
        "comments": {"body": r.choice(TEXTS), "task_id": "1"},
        "deals": {"name": r.choice(TEXTS), "amount": amount(r)},
    }[resource]
    return {name: value for name, value in possible.items() if r.random() < 0.7}


def amount(r: random.Random) -> Decimal:
    return r.choice(AMOUNTS) if r.random() < 0.5 else Decimal(r.randrange(-20_000_000, 20_000_000)).scaleb(-4)


def filters(r: random.Random, resource: str) -> dict[str, Any]:
    return {"project_id": r.choice(PROJECTS)} if resource == "tasks" and r.random() < 0.5 else {}


def record(r: random.Random, question: PolicyRequest) -> dict[str, Any]:
    """Return a record that the request could be about, as a model is dumped: fields that the vendor does not have are None."""
    mine: Any = r.choice((*PEOPLE, None))
    common: dict[str, Any] = {"id": r.choice(("1", "PROJ", "OPS", "x"))}
    if question.resource == "tasks":
        common |= {
            "title": r.choice((*TEXTS, None)),
            "project_id": r.choice((*PROJECTS, None)),
            "creator_id": mine,
            "assignee_ids": [r.choice(PEOPLE) for _ in range(r.randrange(3))],
            "labels": [],
            "created_at": moment(r),
            "due_date": r.choice((MONDAY.date(), None)),
            "status": r.choice(("open", None)),
        }
    elif question.resource == "comments":
        common |= {"author_id": mine, "body": r.choice(TEXTS), "task_id": "1"}
    elif question.resource == "projects":
        common |= {"name": r.choice(TEXTS), "archived": r.choice((True, False, None))}
    elif question.resource == "deals":
        common |= {"amount": r.choice((*AMOUNTS, None)), "owner_id": mine}
    return common
