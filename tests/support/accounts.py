"""An account at each vendor for tests, and its records: connections of clients, and the ids that a store has.

Accounts of vendors without a store come from their emulators.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

import unified
from tests.support import emulated, samples
from tests.support.complete_documents import complete_document
from tests.support.judges import Request
from tests.support.known import ids_like, known_records, resources
from tests.support.store import Reply
from tests.support.stores import (
    dropbox,
    google_calendar,
    hubspot,
    microsoft_files,
    microsoft_graph,
    salesforce,
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

ACCOUNTS = {
    "dropbox": Account(
        unified.bearer("token"),
        {},
        {
            "files": dropbox.SEEDS,
            "permissions": tuple(f"{dropbox.OWNER}/{file}" for file in dropbox.SEEDS),
            "file_versions": tuple(f"{rev}/{file}" for file, rev in zip(dropbox.SEEDS[1:], dropbox.REVISIONS, strict=True)),
            "shared_links": (dropbox.LINK,),
        },
        (),
        {
            "files": st.from_regex(r"id:[A-Za-z0-9_-]{22}", fullmatch=True),
            "permissions": st.from_regex(r"dbid:[A-Za-z0-9_-]{35}/id:[A-Za-z0-9_-]{22}", fullmatch=True),
            "file_versions": st.from_regex(r"[0-9a-f]{15}/id:[A-Za-z0-9_-]{22}", fullmatch=True),
            "shared_links": st.from_regex(r"https://www\.dropbox\.com/scl/fi/[a-z0-9]{21}/[A-Za-z0-9]{1,20}\.pdf\?dl=0", fullmatch=True),
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
            "leads": tuple(hubspot.LEADS),
            "deals": tuple(hubspot.DEALS),
            "crm_records": tuple(f"{name}/{number}" for name in hubspot.OBJECTS for number in hubspot.CARS),
            "crm_objects": tuple(hubspot.OBJECTS),
            "custom_fields": ("model", "price", "features"),
            "deal_stages": tuple(hubspot.STAGES),
            "pipelines": hubspot.PIPELINES,
            "users": tuple(hubspot.OWNERS),
        },
        (),
        dict.fromkeys(("companies", "contacts", "deals", "deal_stages", "leads", "notes", "pipelines", "users"), _NUMBERS)
        | {"crm_records": _NUMBERS.map(lambda number: f"2-3465404/{number}"), "crm_objects": _NUMBERS.map(lambda number: f"2-{number}")},
    ),
    "microsoft-graph": Account(
        unified.bearer("token"),
        {"principal": microsoft_graph.ME},
        {
            "files": microsoft_files.SEEDS,
            **dict.fromkeys(("permissions", "shared_links"), tuple(f"{file}/{microsoft_files.OWNER}" for file in microsoft_files.SEEDS)),
            "file_versions": tuple(f"{file}/1.0" for file in microsoft_files.SEEDS[1:]),
            "calendars": microsoft_graph.CALENDARS,
            "events": (microsoft_graph.INVITED,),
            "users": (microsoft_graph.ME,),
        },
        (),
        dict.fromkeys(("calendars", "events"), st.from_regex(r"AAMk[A-Za-z0-9_-]{20,60}={0,2}", fullmatch=True))
        | {"files": st.from_regex(r"01[A-Z2-7]{32}", fullmatch=True)}
        | dict.fromkeys(("permissions", "shared_links"), st.from_regex(r"01[A-Z2-7]{32}/[A-Za-z0-9]{8,40}", fullmatch=True))
        | {"file_versions": st.from_regex(r"01[A-Z2-7]{32}/[1-9][0-9]{0,3}\.0", fullmatch=True)},
    ),
    "salesforce": Account(
        unified.bearer("token"),
        {"instance_url": "https://acme.my.salesforce.com"},
        {
            "companies": tuple(salesforce.ACCOUNTS),
            "contacts": tuple(salesforce.CONTACTS),
            "deals": tuple(salesforce.OPPORTUNITIES),
            "notes": tuple(salesforce.NOTES),
            "leads": tuple(salesforce.LEADS),
            "activities": tuple(salesforce.TASKS),
            "crm_records": tuple(f"Invoice__c/{number}" for number in salesforce.INVOICES),
            "crm_objects": tuple(salesforce.OBJECTS),
            "custom_fields": ("Total__c", "Paid__c", "Kind__c"),
            "deal_stages": tuple(salesforce.STAGES),
            "users": tuple(salesforce.USERS),
        },
        (),
        dict.fromkeys(
            ("activities", "companies", "contacts", "deals", "deal_stages", "leads", "notes", "pipelines", "users"), _SALESFORCE_IDS
        )
        | {
            "crm_records": _SALESFORCE_IDS.map(lambda number: f"Invoice__c/{number}"),
            "crm_objects": st.from_regex(r"[A-Za-z][A-Za-z0-9]{1,20}__c", fullmatch=True),
        },
    ),
}


@functools.cache
def account_of(vendor: str) -> Account:
    """Return the account of a vendor's store, with an id of the declared form for resources that it has no records of.

    A vendor without a store has no other ids.
    """
    declared = load(vendor)
    scheme, credential = samples.credential(declared)
    if emulated.is_emulated(vendor):
        return _emulated(vendor, Account(credential, emulated.connection_values(vendor), {}, (), {}, scheme))
    own = ACCOUNTS.get(vendor) or Account(credential, samples.connection_values(declared), {}, (), {}, scheme)
    added = {resource: (id,) for resource, id in samples.ids(vendor).items() if resource not in (*own.known, *own.ids)}
    return replace(own, known={**own.known, **added}, ids={**own.ids, **{resource: st.just(id) for resource, (id,) in added.items()}})


def _emulated(vendor: str, account: Account) -> Account:
    """Return the account with the records of a new emulator."""
    store = emulated.EmulatedStore(vendor, complete_document(vendor).served)
    made, _ = client(vendor, store.respond, account)
    records = known_records(vendor, made, emulated.texts(vendor))
    known = {resource: tuple(one.id for one in listed) for resource, listed in records.items()}
    for resource in ("projects", "users"):  # records refer to them, whether the vendor's are mapped and listed or not
        ids = emulated.ids_of(vendor, store, resource.removesuffix("s"))
        if ids and {*known.get(resource, ())} < {*ids}:
            known[resource] = ids
    if members := known.get("channel_members"):
        known.setdefault("users", members)
    emulated.start_from(vendor, store)
    formats = {**{resource: (id,) for resource, id in samples.ids(vendor).items()}, **known}
    types = tuple(one.name for one in records.get("task_types", ())) or samples.enumerators(vendor, "tasks", "type")
    return replace(account, known=known, types=types, ids={resource: ids_like(ids) for resource, ids in formats.items()})


def required(vendor: str, operation: Any) -> frozenset[str]:
    """Return inputs that the catalog lists as required by this vendor, though not by the unified model."""
    return frozenset(_operations(vendor, operation.resource)[operation.operation]["requires"])


def takes(vendor: str, operation: Any) -> frozenset[str]:
    """Return inputs that the catalog lists for this vendor."""
    return frozenset(_operations(vendor, operation.resource)[operation.operation]["inputs"])


def lacks(vendor: str, operation: Any) -> dict[str, list[str]]:
    """Return the enum values of inputs that this vendor does not support."""
    found: dict[str, list[str]] = _operations(vendor, operation.resource)[operation.operation].get("lacks", {})
    return found


def in_a_project(vendor: str, operation: Any) -> dict[str, str]:
    """Return the `project_id` of a known project, or an id of its form, for an operation that accepts one."""
    known = account_of(vendor).known.get("projects") or [samples.ids(vendor).get("projects")]
    return {"project_id": known[0]} if known[0] and "project_id" in takes(vendor, operation) else {}


def offers(vendor: str, operation: Any) -> bool:
    """Return true if this vendor supports the operation; otherwise a call of it raises `Unsupported`."""
    return operation.resource in resources(vendor) and operation.operation in _operations(vendor, operation.resource)


def reads(vendor: str, resource: str, field: str) -> bool:
    """Return true if this vendor returns the field."""
    return bool(_resource(vendor, resource)["fields"].get(field, {"read": False})["read"])


def writes(vendor: str, resource: str, field: str) -> bool:
    """Return true if any operation of this vendor accepts the field."""
    return bool(_resource(vendor, resource)["fields"].get(field, {"write": []})["write"])


def _resource(vendor: str, resource: str) -> dict[str, Any]:
    found: dict[str, Any] = resources(vendor)[resource]
    return found


def _operations(vendor: str, resource: str) -> dict[str, Any]:
    found: dict[str, Any] = _resource(vendor, resource)["operations"]
    return found


_SCHEMES = {"hubspot": "private_apps"}


_ELSEWHERE = {"microsoft-graph": {microsoft_files.MONITOR: microsoft_files.monitored}}


def client(vendor: str, answer: Callable[[Request], Reply], account: Account | None = None) -> tuple[Client, Wire]:
    """Return a client with a connection to this vendor only; `answer` returns the responses instead of the network."""
    account = account or account_of(vendor)
    probe = Client()
    connection = probe.connect(vendor, account.credential, scheme=account.scheme or _SCHEMES.get(vendor), **account.values)
    wire = Wire((connection.server, *connection.hosts.values()), answer, _ELSEWHERE.get(vendor))
    made = Client(transport=wire, rate_limiter=Unlimited(), connections=probe.connections)
    return made, wire
