"""An account at each vendor for tests, and its records: connections of clients, and the ids that a store has.

Accounts of vendors without a store come from their mappings and documents (`samples`).
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

import unified
from tests.support import samples
from tests.support.judges import Request
from tests.support.store import Reply
from tests.support.stores import (
    asana,
    clickup,
    discord,
    dropbox,
    github,
    google_calendar,
    google_drive,
    hubspot,
    jira,
    matrix,
    microsoft_files,
    microsoft_graph,
    pipedrive,
    redmine,
    salesforce,
    slack,
    todoist,
    trello,
    zendesk,
)
from tests.support.wire import Wire
from unified_runtime import Client
from unified_runtime.core.vendors import load
from unified_runtime.rate_limits.rate_limiter import Unlimited


@dataclass(frozen=True, slots=True)
class Account:
    """`known` are ids that exist in the store, by their kind; `ids` generates ids of the vendor's format that may not exist."""

    credential: Any
    values: Mapping[str, str]
    known: Mapping[str, tuple[str, ...]]
    types: tuple[str, ...]
    ids: Mapping[str, st.SearchStrategy[str]]
    scheme: str | None = None


_GIDS = st.from_regex(r"[1-9][0-9]{0,17}", fullmatch=True)
_NUMBERS = st.integers(1, 2**31 - 1).map(str)
_ADDRESSES = st.from_regex(r"[a-z0-9]{1,12}@[a-z]{1,10}\.(org|net|com)", fullmatch=True)
_SALESFORCE_IDS = st.from_regex(r"[a-zA-Z0-9]{15}([A-Z0-5]{3})?", fullmatch=True)
_TODOIST_IDS = st.from_regex(r"[0-9A-Za-z]{16}", fullmatch=True)
_TRELLO_IDS = st.from_regex(r"[0-9a-fA-F]{24}", fullmatch=True)

ACCOUNTS = {
    "asana": Account(
        unified.bearer("token"),
        {"workspace": asana.WORKSPACE},
        {"projects": tuple(asana.PROJECTS), "users": tuple(asana.USERS)},
        ("default_task", "milestone", "approval"),
        {"tasks": _GIDS, "projects": _GIDS, "users": _GIDS},
    ),
    "clickup": Account(
        unified.api_key("pk_183_0123456789"),
        {"workspace": clickup.WORKSPACE},
        {"projects": tuple(clickup.LISTS), "users": tuple(clickup.USERS)},
        (),
        {"tasks": st.from_regex(r"[0-9a-z]{5,9}", fullmatch=True), "projects": _GIDS, "users": _NUMBERS},
    ),
    "dropbox": Account(
        unified.bearer("token"),
        {},
        {"files": dropbox.SEEDS},
        (),
        {"files": st.from_regex(r"id:[A-Za-z0-9_-]{22}", fullmatch=True)},
    ),
    "google-drive": Account(
        unified.bearer("token"),
        {},
        {"files": google_drive.SEEDS, "permissions": tuple(f"{file}/{google_drive.PERMISSION}" for file in google_drive.SEEDS)},
        (),
        {
            "files": st.from_regex(r"1[A-Za-z0-9_-]{32}", fullmatch=True),
            "permissions": st.from_regex(r"1[A-Za-z0-9_-]{32}/[0-9]{20}", fullmatch=True),
        },
    ),
    "discord": Account(
        unified.api_key(token="bot-token"),
        {"guild_id": discord.GUILD},
        {"channels": tuple(discord.CHANNELS), "messages": discord.MESSAGES, "users": tuple(discord.USERS)},
        (),
        {
            "channels": st.from_regex(r"[1-9][0-9]{18}", fullmatch=True),
            "messages": st.from_regex(r"[1-9][0-9]{18}/[1-9][0-9]{18}", fullmatch=True),
            "users": st.from_regex(r"[1-9][0-9]{18}", fullmatch=True),
        },
    ),
    "github": Account(
        unified.bearer("token"),
        {},
        {"projects": tuple(github.REPOS), "users": tuple(github.USERS)},
        tuple(github.TYPES.values()),
        {
            "tasks": st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}/[A-Za-z0-9._-]*[A-Za-z0-9]#[1-9][0-9]{0,6}", fullmatch=True),
            "projects": st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}/[A-Za-z0-9._-]*[A-Za-z0-9]", fullmatch=True),
            "users": st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True),
        },
    ),
    "google-calendar": Account(
        unified.bearer("token"),
        {},
        {
            "calendars": (*google_calendar.CALENDARS, "primary"),
            "events": (f"{google_calendar.ME}/{google_calendar.INVITED}",),
            "users": (google_calendar.ME,),
        },
        (),
        {"calendars": _ADDRESSES, "events": st.builds("{}/{}".format, _ADDRESSES, st.from_regex(r"[a-v0-9]{5,26}", fullmatch=True))},
    ),
    "hubspot": Account(
        unified.bearer("token"),
        {"portal_id": "62515"},
        {
            "companies": tuple(hubspot.COMPANIES),
            "contacts": tuple(hubspot.CONTACTS),
            "notes": tuple(hubspot.NOTES),
            "deals": tuple(hubspot.DEALS),
            "crm_records": tuple(f"{name}/{number}" for name in hubspot.OBJECTS for number in hubspot.CARS),
            "crm_objects": tuple(hubspot.OBJECTS),
            "custom_fields": ("model", "price", "features"),
            "deal_stages": tuple(hubspot.STAGES),
            "pipelines": hubspot.PIPELINES,
            "users": tuple(hubspot.OWNERS),
        },
        (),
        dict.fromkeys(("companies", "contacts", "deals", "deal_stages", "notes", "pipelines", "users"), _NUMBERS)
        | {"crm_records": _NUMBERS.map(lambda number: f"2-3465404/{number}"), "crm_objects": _NUMBERS.map(lambda number: f"2-{number}")},
    ),
    "jira": Account(
        unified.basic("me@example.com", "token"),
        {"site": "your-domain"},
        {"projects": tuple(jira.PROJECTS), "users": tuple(jira.USERS)},
        tuple(jira.TYPES.values()),
        {
            "tasks": st.from_regex(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,6}", fullmatch=True),
            "projects": st.from_regex(r"[A-Z][A-Z0-9_]{1,9}", fullmatch=True),
            "users": st.from_regex(r"[0-9a-f]{24}|[0-9]{6}:[0-9a-f]{8}-[0-9a-f]{4}", fullmatch=True),
        },
    ),
    "matrix": Account(
        unified.bearer("token"),
        {"url": "https://matrix.test"},
        {"channels": tuple(matrix.ROOMS), "messages": matrix.MESSAGES, "users": tuple(matrix.USERS)},
        (),
        {
            "channels": st.from_regex(r"![A-Za-z]{18}:[a-z]{1,9}\.org", fullmatch=True),
            "messages": st.from_regex(r"![A-Za-z]{18}:[a-z]{1,9}\.org/\$[A-Za-z0-9_-]{43}", fullmatch=True),
            "users": st.from_regex(r"@[a-z0-9._=-]{1,9}:[a-z]{1,9}\.org", fullmatch=True),
        },
    ),
    "microsoft-graph": Account(
        unified.bearer("token"),
        {"principal": microsoft_graph.ME},
        {
            "files": microsoft_files.SEEDS,
            "calendars": microsoft_graph.CALENDARS,
            "events": (microsoft_graph.INVITED,),
            "users": (microsoft_graph.ME,),
        },
        (),
        dict.fromkeys(("calendars", "events"), st.from_regex(r"AAMk[A-Za-z0-9_-]{20,60}={0,2}", fullmatch=True))
        | {"files": st.from_regex(r"01[A-Z2-7]{32}", fullmatch=True)},
    ),
    "redmine": Account(
        unified.api_key("0123456789abcdef"),
        {"url": "https://redmine.test"},
        {"projects": tuple(map(str, redmine.PROJECTS)), "users": tuple(map(str, redmine.USERS))},
        tuple(redmine.TRACKERS.values()),
        {"tasks": _NUMBERS, "projects": _NUMBERS, "users": _NUMBERS},
    ),
    "pipedrive": Account(
        unified.api_key("0123456789abcdef"),
        {"company": "acme"},
        {
            "companies": tuple(map(str, pipedrive.ORGANIZATIONS)),
            "contacts": tuple(map(str, pipedrive.PERSONS)),
            "deals": tuple(map(str, pipedrive.DEALS)),
            "notes": tuple(map(str, pipedrive.NOTES)),
            "deal_stages": tuple(map(str, pipedrive.STAGES)),
            "pipelines": tuple(map(str, pipedrive.PIPELINES)),
            "users": tuple(map(str, pipedrive.USERS)),
        },
        (),
        dict.fromkeys(("companies", "contacts", "deals", "deal_stages", "notes", "pipelines", "users"), _NUMBERS),
    ),
    "salesforce": Account(
        unified.bearer("token"),
        {"instance_url": "https://acme.my.salesforce.com"},
        {
            "companies": tuple(salesforce.ACCOUNTS),
            "contacts": tuple(salesforce.CONTACTS),
            "deals": tuple(salesforce.OPPORTUNITIES),
            "notes": tuple(salesforce.NOTES),
            "crm_records": tuple(f"Invoice__c/{number}" for number in salesforce.INVOICES),
            "crm_objects": tuple(salesforce.OBJECTS),
            "custom_fields": ("Total__c", "Paid__c", "Kind__c"),
            "deal_stages": tuple(salesforce.STAGES),
            "users": tuple(salesforce.USERS),
        },
        (),
        dict.fromkeys(("companies", "contacts", "deals", "deal_stages", "notes", "pipelines", "users"), _SALESFORCE_IDS)
        | {
            "crm_records": _SALESFORCE_IDS.map(lambda number: f"Invoice__c/{number}"),
            "crm_objects": st.from_regex(r"[A-Za-z][A-Za-z0-9]{1,20}__c", fullmatch=True),
        },
    ),
    "slack": Account(
        unified.bearer("xoxp-token"),
        {"workspace": "acme"},
        {"channels": tuple(slack.CHANNELS), "messages": slack.MESSAGES, "users": tuple(slack.USERS)},
        (),
        {
            "channels": st.from_regex(r"C[A-Z0-9]{8,10}", fullmatch=True),
            "messages": st.from_regex(r"C[A-Z0-9]{8,10}:[0-9]{10}\.[0-9]{6}", fullmatch=True),
            "users": st.from_regex(r"U[A-Z0-9]{8,10}", fullmatch=True),
        },
    ),
    "todoist": Account(
        unified.bearer("token"),
        {},
        {"projects": tuple(todoist.PROJECTS), "users": tuple(todoist.USERS)},
        (),
        {"tasks": _TODOIST_IDS, "projects": _TODOIST_IDS, "users": _NUMBERS},
    ),
    "trello": Account(
        unified.api_key(key="key", token="token"),
        {},
        {"projects": tuple(trello.BOARDS), "users": tuple(trello.MEMBERS)},
        (),
        {"tasks": _TRELLO_IDS, "projects": _TRELLO_IDS, "users": _TRELLO_IDS},
    ),
    "zendesk": Account(
        unified.basic("me@example.com/token", "0123456789abcdef"),
        {"subdomain": "acme"},
        {"projects": tuple(map(str, zendesk.GROUPS)), "users": tuple(map(str, zendesk.USERS))},
        (),
        {"tasks": _NUMBERS, "projects": _NUMBERS, "users": _NUMBERS},
    ),
}


@functools.cache
def account_of(vendor: str) -> Account:
    """Return the account of a vendor's store, with an id of the declared form for resources that it has no records of.

    A vendor without a store has no other ids.
    """
    declared = load(vendor)
    scheme, credential = samples.credential(declared)
    own = ACCOUNTS.get(vendor) or Account(credential, samples.connection_values(declared), {}, (), {}, scheme)
    added = {resource: (id,) for resource, id in samples.ids(vendor).items() if resource not in (*own.known, *own.ids)}
    return replace(own, known={**own.known, **added}, ids={**own.ids, **{resource: st.just(id) for resource, (id,) in added.items()}})


def required(vendor: str, operation: Any) -> frozenset[str]:
    """Return inputs that the catalog lists as required by this vendor, though not by the unified model."""
    return frozenset(_operations(vendor, operation.resource)[operation.operation]["requires"])


def takes(vendor: str, operation: Any) -> frozenset[str]:
    """Return inputs that the catalog lists for this vendor."""
    return frozenset(_operations(vendor, operation.resource)[operation.operation]["inputs"])


def offers(vendor: str, operation: Any) -> bool:
    """Return true if this vendor supports the operation; otherwise a call of it raises `Unsupported`."""
    return operation.operation in _operations(vendor, operation.resource)


def reads(vendor: str, resource: str, field: str) -> bool:
    """Return true if this vendor returns the field."""
    return bool(_resource(vendor, resource)["fields"].get(field, {"read": False})["read"])


def writes(vendor: str, resource: str, field: str) -> bool:
    """Return true if any operation of this vendor accepts the field."""
    return bool(_resource(vendor, resource)["fields"].get(field, {"write": []})["write"])


def _resource(vendor: str, resource: str) -> dict[str, Any]:
    catalog = json.loads((importlib.resources.files("unified.catalog") / f"{vendor}.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = catalog["resources"][resource]
    return found


def _operations(vendor: str, resource: str) -> dict[str, Any]:
    found: dict[str, Any] = _resource(vendor, resource)["operations"]
    return found


_SCHEMES = {"hubspot": "private_apps", "redmine": "ApiKey", "asana": "personalAccessToken"}


_ELSEWHERE = {"microsoft-graph": {microsoft_files.MONITOR: microsoft_files.monitored}}


def client(vendor: str, answer: Callable[[Request], Reply]) -> tuple[Client, Wire]:
    """Return a client with a connection to this vendor only; `answer` returns the responses instead of the network."""
    account = account_of(vendor)
    probe = Client()
    connection = probe.connect(vendor, account.credential, scheme=account.scheme or _SCHEMES.get(vendor), **account.values)
    wire = Wire((connection.server, *connection.hosts.values()), answer, _ELSEWHERE.get(vendor))
    made = Client(transport=wire, rate_limiter=Unlimited(), connections=probe.connections)
    return made, wire
