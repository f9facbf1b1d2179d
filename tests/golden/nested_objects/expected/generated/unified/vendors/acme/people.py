"""Acme people, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.people import Address, Email, Home, Person, PersonCreate, PersonUpdate, PersonValues

GET_PERSON = Endpoint("getPerson", "GET", "/people/{personId}", Retry.SAFE)
CREATE_PERSON = Endpoint("createPerson", "POST", "/people", Retry.NEVER)
UPDATE_PERSON = Endpoint("updatePerson", "PUT", "/people/{personId}", Retry.IDEMPOTENT)

make_person = record_factory(Person, "acme")
CREATE_INNER_UNSUPPORTED = {"emails.confirmed": "a person answers a message"}
UPDATE_INNER_UNSUPPORTED = {"emails.confirmed": "a person answers a message"}
UPDATE_NEVER_CLEARED = ("name",)
UPDATE_PERSON_SENDS = frozenset(("address", "emails", "home", "name"))

FIELDS: dict[str, str] = {
    "personId": "id",
    "name": "name",
    "address.street": "street",
    "address.city": "city",
    "home_street": "street",
    "home_city": "city",
    "emails": "emails",
    "street": "street",
    "city": "city",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Person]:
    """Read a person: GET /people/{personId}."""
    response, raw = yield from fetch(GET_PERSON, path=(id,), schema=types.Person)
    return read_person(response, raw)


def create(ctx: Context, person: PersonCreate) -> Steps[Person]:
    """Add a person: POST /people."""
    input_validation.reject_inner(person, CREATE_INNER_UNSUPPORTED, "Acme")
    address: dict[str, Any] = {}
    if person.address is not None and person.address.street is not None:
        address["street"] = person.address.street
    if person.address is not None and person.address.city is not None:
        address["city"] = person.address.city
    body: dict[str, Any] = {"name": person.name}
    if person.home is not None and person.home.street is not None:
        body["home_street"] = person.home.street
    if person.home is not None and person.home.city is not None:
        body["home_city"] = person.home.city
    if person.emails is not None:
        body["emails"] = [_write_email(each) for each in person.emails]
    if address:
        body["address"] = address
    body = input_validation.merge(body, ctx.extra, "Acme")
    response, raw = yield from fetch(CREATE_PERSON, json=body, schema=types.Person)
    return read_person(response, raw)


def update(ctx: Context, id: str, person: PersonUpdate) -> Steps[Person]:
    """Change a person.

    In turn:
        GET /people/{personId}, if needed
        PUT /people/{personId}, if needed
    """
    input_validation.reject_inner(person, UPDATE_INNER_UNSUPPORTED, "Acme")
    given = input_validation.changes(person, ctx.extra, "Acme")
    input_validation.reject_clearing(person, given, UPDATE_NEVER_CLEARED, "Acme")
    before: Any = None
    found: tuple[types.Person, Raw] | None = None
    if person.address is not None:
        before_response = yield from call(GET_PERSON, path=(id,), schema=types.PeoplePerson, save_as="before")
        before = before_response.address
    if given & UPDATE_PERSON_SENDS or ctx.extra:
        address: dict[str, Any] = {}
        if input_validation.given_within(person, "address", "street"):
            address["street"] = (
                None if person.address is None or person.address.street is None else person.address.street
            )
        if input_validation.given_within(person, "address", "city"):
            address["city"] = None if person.address is None or person.address.city is None else person.address.city
        body: dict[str, Any] = {}
        if person.name is not None:
            body["name"] = person.name
        if input_validation.given_within(person, "home", "street"):
            body["home_street"] = None if person.home is None or person.home.street is None else person.home.street
        if input_validation.given_within(person, "home", "city"):
            body["home_city"] = None if person.home is None or person.home.city is None else person.home.city
        if "emails" in given:
            body["emails"] = [] if person.emails is None else [_write_email(each) for each in person.emails]
        if address:
            body["address"] = address
        body = input_validation.complete(body, ("address",), before, ("street", "city", "zip"))
        body = input_validation.merge(body, ctx.extra, "Acme")
        response, raw = yield from fetch(UPDATE_PERSON, path=(id,), json=body, schema=types.Person)
        found = response, raw
    record, raw = responses.last_response(found, "Acme")
    return read_person(record, raw)


def _read_email(r: types.PersonEmails) -> Email:
    return Email(address=r.value, confirmed=r.confirmed)


def read_person(r: types.Person, raw: Raw) -> Person:
    """Read a unified Person from a Person of Acme."""
    address = r.address or types.Address()
    values: PersonValues = {
        "id": responses.required(r.id, "id", "Acme"),
        "name": r.name,
        "address": Address(street=address.street, city=address.city)
        if address.street is not None or address.city is not None
        else None,
        "home": Home(street=r.home_street, city=r.home_city)
        if r.home_street is not None or r.home_city is not None
        else None,
        "emails": [_read_email(each) for each in r.emails or ()],
    }
    return make_person(values, raw)


def _write_email(r: Email) -> dict[str, Any]:
    body: dict[str, Any] = {"value": input_validation.require("emails.address", r.address, "Acme")}
    return body
