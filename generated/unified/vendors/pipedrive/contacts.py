"""Pipedrive contacts, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import types
from ...models.contacts import (
    Address,
    Contact,
    ContactCreate,
    ContactFilters,
    ContactUpdate,
    ContactUpsert,
    ContactValues,
    Email,
    Phone,
)

GET_PERSON = Endpoint("getPerson", "GET", "/persons/{id}", Retry.SAFE)
DELETE_PERSON = Endpoint("deletePerson", "DELETE", "/persons/{id}", Retry.IDEMPOTENT)
ADD_PERSON = Endpoint("addPerson", "POST", "/persons", Retry.NEVER)
SEARCH_PERSONS = Endpoint("searchPersons", "GET", "/persons/search", Retry.SAFE)
UPDATE_PERSON = Endpoint("updatePerson", "PATCH", "/persons/{id}", Retry.NEVER)
GET_PERSONS = Endpoint("getPersons", "GET", "/persons", Retry.SAFE)

TYPE_READ: dict[Any, Literal["work", "home", "other"]] = {"work": "work", "home": "home", "other": "other"}
TYPE_READ_2: dict[Any, Literal["work", "mobile", "home", "fax", "assistant", "other"]] = {
    "work": "work",
    "mobile": "mobile",
    "home": "home",
    "other": "other",
}
make_contact = record_factory(Contact, "pipedrive", absent=("department", "lifecycle_stage", "lead_source"))
CREATE_UNSUPPORTED = {
    "allow_duplicate": "Pipedrive has no duplicate rules",
    "job_title": "Pipedrive fills it in only for contacts that are synchronized from elsewhere",
    "department": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "lifecycle_stage": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "lead_source": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "address": "Pipedrive fills it in only for contacts that are synchronized from elsewhere",
}
TYPE_WRITE: dict[Any, Any] = {"work": "work", "home": "home", "other": "other"}
TYPE_WRITE_2: dict[Any, Any] = {"work": "work", "mobile": "mobile", "home": "home", "other": "other"}
TYPE_UNSUPPORTED = {
    "type.fax": "Pipedrive does not have this type of phone number",
    "type.assistant": "Pipedrive does not have this type of phone number",
}
UPSERT_UNSUPPORTED = {
    "job_title": "Pipedrive fills it in only for contacts that are synchronized from elsewhere",
    "department": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "lifecycle_stage": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "lead_source": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "address": "Pipedrive fills it in only for contacts that are synchronized from elsewhere",
}
UPDATE_UNSUPPORTED = {
    "job_title": "Pipedrive fills it in only for contacts that are synchronized from elsewhere",
    "department": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "lifecycle_stage": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "lead_source": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "address": "Pipedrive fills it in only for contacts that are synchronized from elsewhere",
}
UPDATE_NEVER_CLEARED = ("first_name", "last_name", "company_id", "owner_id")
UPDATE_PERSON_SENDS = frozenset(("company_id", "emails", "first_name", "last_name", "owner_id", "phones"))

FIELDS: dict[str, str] = {
    "id": "id",
    "emails": "emails",
    "phones": "phones",
    "org_id": "company_id",
    "owner_id": "owner_id",
    "term": "email",
    "emails.value": "email",
    "deal_id": "deal_id",
    "updated_since": "updated_after",
    "value": "email",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=("custom_fields",), pattern="[0-9a-f]{40}")
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Contact]:
    """Read a contact: GET /persons/{id}."""
    response, raw = yield from fetch(
        GET_PERSON, path=(input_validation.integer_id(id, "id", "Pipedrive"),), schema=types.GetPersonResponse
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_contact(record):
        raise responses.wrong_resource("Contact", "Pipedrive")
    return read_contact(ctx, record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a contact: DELETE /persons/{id}."""
    yield from call(DELETE_PERSON, path=(input_validation.integer_id(id, "id", "Pipedrive"),))


def create(ctx: Context, contact: ContactCreate) -> Steps[Contact]:
    """Create a contact: POST /persons."""
    input_validation.reject_unsupported(contact, CREATE_UNSUPPORTED, "Pipedrive")
    last_name = input_validation.require("last_name", contact.last_name, "Pipedrive")
    body: dict[str, Any] = {
        "name": f"{contact.first_name} {last_name}" if contact.first_name is not None else f"{last_name}"
    }
    if contact.emails is not None:
        body["emails"] = [_write_email(each) for each in contact.emails]
    if contact.phones is not None:
        body["phones"] = [_write_phone(each) for each in contact.phones]
    if contact.company_id is not None:
        body["org_id"] = input_validation.integer_id(contact.company_id, "company_id", "Pipedrive")
    if contact.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(contact.owner_id, "owner_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(ADD_PERSON, json=body, schema=types.AddPersonResponse)
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_contact(record):
        raise responses.wrong_resource("Contact", "Pipedrive")
    return read_contact(ctx, record, raw.at("data"))


def upsert(ctx: Context, contact: ContactUpsert) -> Steps[Contact]:
    """Save a person by e-mail address.

    In turn:
        GET /persons/search
        GET /persons/{id}, if needed
        PATCH /persons/{id}, if needed
        POST /persons, if needed
        GET /persons/{id}
    """
    input_validation.reject_unsupported(contact, UPSERT_UNSUPPORTED, "Pipedrive")
    before: types.BeforeResponseData | None = None
    created: types.CreatedResponseData | None = None
    query: dict[str, Any] = {
        "term": input_validation.at_least(contact.email, 1, "email", "Pipedrive"),
        "fields": "email",
        "exact_match": True,
        "limit": 100,
    }
    found_response = yield from call(SEARCH_PERSONS, query=query, schema=types.FoundResponse, save_as="found")
    data = found_response.data or types.FoundResponseData()
    additional_data = found_response.additional_data or types.FoundResponseAdditionalData()
    responses.check_complete(additional_data.next_cursor, "Pipedrive")
    found = responses.first(data.items, lambda each: responses.at(each, "item", "type") == "person", "found")
    if (found is not None and contact.first_name is not None) or (found is not None and contact.last_name is not None):
        before_response = yield from call(
            GET_PERSON, path=(responses.at(found, "item", "id"),), schema=types.BeforeResponse, save_as="before"
        )
        before = before_response.data or types.BeforeResponseData()
    if found is not None:
        body: dict[str, Any] = {}
        if contact.phones is not None:
            body["phones"] = [_write_phone(each) for each in contact.phones]
        if contact.company_id is not None:
            body["org_id"] = input_validation.integer_id(contact.company_id, "company_id", "Pipedrive")
        if contact.owner_id is not None:
            body["owner_id"] = input_validation.integer_id(contact.owner_id, "owner_id", "Pipedrive")
        if (
            contact.last_name is not None
            or contact.first_name is not None
            or (before is not None and before.first_name is not None and contact.last_name is not None)
            or (contact.first_name is not None and before is not None and before.last_name is not None)
            or (contact.first_name is not None and contact.last_name is not None)
        ):
            body["name"] = (
                f"{contact.first_name} {contact.last_name}"
                if contact.first_name is not None and contact.last_name is not None
                else f"{contact.first_name} {before.last_name}"
                if contact.first_name is not None and before is not None and before.last_name is not None
                else f"{before.first_name} {contact.last_name}"
                if before is not None and before.first_name is not None and contact.last_name is not None
                else f"{contact.first_name}"
                if contact.first_name is not None
                else f"{contact.last_name}"
            )
        body = input_validation.merge(body, ctx.extra, "Pipedrive")
        yield from call(UPDATE_PERSON, path=(responses.at(found, "item", "id"),), json=body)
    if responses.missing(found):
        first_emails: dict[str, Any] = {"value": contact.email, "primary": True, "label": "work"}
        emails: list[Any] = [first_emails]
        body_2: dict[str, Any] = {
            "name": f"{contact.first_name} {contact.last_name}"
            if contact.first_name is not None and contact.last_name is not None
            else f"{contact.last_name}"
            if contact.last_name is not None
            else f"{contact.first_name}"
            if contact.first_name is not None
            else f"{contact.email}",
            "emails": emails,
        }
        if contact.phones is not None:
            body_2["phones"] = [_write_phone(each) for each in contact.phones]
        if contact.company_id is not None:
            body_2["org_id"] = input_validation.integer_id(contact.company_id, "company_id", "Pipedrive")
        if contact.owner_id is not None:
            body_2["owner_id"] = input_validation.integer_id(contact.owner_id, "owner_id", "Pipedrive")
        body_2 = input_validation.merge(body_2, ctx.extra, "Pipedrive")
        created_response = yield from call(ADD_PERSON, json=body_2, schema=types.CreatedResponse, save_as="created")
        created = created_response.data or types.CreatedResponseData()
    response, raw = yield from fetch(
        GET_PERSON,
        path=(created.id if created is not None and created.id is not None else responses.at(found, "item", "id"),),
        schema=types.GetPersonResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_contact(record):
        raise responses.wrong_resource("Contact", "Pipedrive")
    return read_contact(ctx, record, raw.at("data"))


def update(ctx: Context, id: str, contact: ContactUpdate) -> Steps[Contact]:
    """Change a contact.

    In turn:
        GET /persons/{id}, if needed
        PATCH /persons/{id}, if needed
    """
    input_validation.reject_unsupported(contact, UPDATE_UNSUPPORTED, "Pipedrive", clears=True)
    given = input_validation.changes(contact, ctx.extra, "Pipedrive")
    input_validation.reject_clearing(contact, given, UPDATE_NEVER_CLEARED, "Pipedrive")
    before: types.Person | None = None
    found: tuple[types.Person, Raw] | None = None
    if contact.first_name is not None or contact.last_name is not None:
        response, raw = yield from fetch(
            GET_PERSON,
            path=(input_validation.integer_id(id, "id", "Pipedrive"),),
            schema=types.GetPersonResponse,
            save_as="before",
        )
        before = response.data or types.Person()
        found = responses.required(response.data, "data", "Pipedrive"), raw.at("data")
    if given & UPDATE_PERSON_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if "emails" in given:
            body["emails"] = [] if contact.emails is None else [_write_email(each) for each in contact.emails]
        if "phones" in given:
            body["phones"] = [] if contact.phones is None else [_write_phone(each) for each in contact.phones]
        if contact.company_id is not None:
            body["org_id"] = input_validation.integer_id(contact.company_id, "company_id", "Pipedrive")
        if contact.owner_id is not None:
            body["owner_id"] = input_validation.integer_id(contact.owner_id, "owner_id", "Pipedrive")
        if (
            contact.last_name is not None
            or contact.first_name is not None
            or (before is not None and before.first_name is not None and contact.last_name is not None)
            or (contact.first_name is not None and before is not None and before.last_name is not None)
            or (contact.first_name is not None and contact.last_name is not None)
        ):
            body["name"] = (
                f"{contact.first_name} {contact.last_name}"
                if contact.first_name is not None and contact.last_name is not None
                else f"{contact.first_name} {before.last_name}"
                if contact.first_name is not None and before is not None and before.last_name is not None
                else f"{before.first_name} {contact.last_name}"
                if before is not None and before.first_name is not None and contact.last_name is not None
                else f"{contact.first_name}"
                if contact.first_name is not None
                else f"{contact.last_name}"
            )
        body = input_validation.merge(body, ctx.extra, "Pipedrive")
        response_2, raw = yield from fetch(
            UPDATE_PERSON,
            path=(input_validation.integer_id(id, "id", "Pipedrive"),),
            json=body,
            schema=types.UpdatePersonResponse,
        )
        found = responses.required(response_2.data, "data", "Pipedrive"), raw.at("data")
    record, raw = responses.last_response(found, "Pipedrive")
    if not _is_contact(record):
        raise responses.wrong_resource("Contact", "Pipedrive")
    return read_contact(ctx, record, raw)


def list_(ctx: Context, filters: ContactFilters) -> Steps[Page[Contact]]:
    """Find contacts.

    In turn:
        GET /persons/search, if needed
        GET /persons, if needed
    """
    input_validation.reject_input(
        "custom_fields", ctx.field_filters, "Pipedrive cannot filter lists by custom fields", "Pipedrive"
    )
    hits: types.HitsResponseData | None = None
    if filters.email is not None:
        query: dict[str, Any] = {
            "term": input_validation.at_least(filters.email, 1, "email", "Pipedrive"),
            "fields": "email",
            "exact_match": True,
            "limit": 100,
        }
        hits_response = yield from call(SEARCH_PERSONS, query=query, schema=types.HitsResponse, save_as="hits")
        additional_data = hits_response.additional_data or types.HitsResponseAdditionalData()
        responses.check_complete(additional_data.next_cursor, "Pipedrive")
        hits = hits_response.data or types.HitsResponseData()
    if filters.email is None or (hits is not None and hits.items):
        query_2: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
        if hits is not None:
            query_2["ids"] = input_validation.joined(
                [
                    found
                    for each in hits.items or ()
                    for found in ((each.item or types.HitsResponseDataItemsItem()).id,)
                    if found is not None
                ],
                "hits",
                "Pipedrive",
            )
        if filters.company_id is not None:
            query_2["org_id"] = input_validation.integer_id(filters.company_id, "company_id", "Pipedrive")
        if filters.deal_id is not None:
            query_2["deal_id"] = input_validation.integer_id(filters.deal_id, "deal_id", "Pipedrive")
        if filters.owner_id is not None:
            query_2["owner_id"] = input_validation.integer_id(filters.owner_id, "owner_id", "Pipedrive")
        if filters.updated_after is not None:
            query_2["updated_since"] = datetimes.encode(filters.updated_after)
        if ctx.cursor is not None:
            query_2["cursor"] = ctx.cursor
        query_2 = input_validation.merge(query_2, ctx.extra, "Pipedrive")
        response, raw = yield from fetch(GET_PERSONS, query=query_2, schema=types.GetPersonsResponse)
        items = response.data or []
        records = [
            read_contact(ctx, each, raw.at("data", index)) for index, each in enumerate(items) if _is_contact(each)
        ]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [
                each for each in records if words in f"{each.first_name or ''} {each.last_name or ''}".casefold()
            ]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        additional_data_2 = response.additional_data or types.GetPersonsResponseAdditionalData()
        return Page(records, cursor=pagination.token(additional_data_2.next_cursor))
    return Page([])


def _read_email(r: types.PersonEmails) -> Email:
    return Email(type=TYPE_READ.get(r.label), address=r.value)


def _read_phone(r: types.PersonPhones) -> Phone:
    return Phone(type=TYPE_READ_2.get(r.label), number=r.value)


def read_contact(ctx: Context, r: types.Person, raw: Raw) -> Contact:
    """Read a unified Contact from a Person of Pipedrive."""
    postal_address = r.postal_address or types.PersonPostalAddress()
    values: ContactValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "first_name": r.first_name,
        "last_name": r.last_name,
        "emails": [_read_email(each) for each in r.emails or ()],
        "phones": [_read_phone(each) for each in r.phones or ()],
        "job_title": r.job_title,
        "department": None,
        "company_id": str(r.org_id) if r.org_id is not None else None,
        "owner_id": str(r.owner_id) if r.owner_id is not None else None,
        "lifecycle_stage": None,
        "lead_source": None,
        "address": Address(
            street=postal_address.route,
            city=postal_address.locality,
            region=postal_address.admin_area_level_1,
            postal_code=postal_address.postal_code,
            country=postal_address.country,
        )
        if postal_address.route is not None
        or postal_address.locality is not None
        or postal_address.admin_area_level_1 is not None
        or postal_address.postal_code is not None
        or postal_address.country is not None
        else None,
        "url": f"https://{ctx.connection.get('company')}.pipedrive.com/person/{r.id}"
        if r.id is not None and ctx.connection.get("company") is not None
        else None,
        "created_at": datetimes.decode(r.add_time) if r.add_time is not None else None,
        "updated_at": datetimes.decode(r.update_time) if r.update_time is not None else None,
    }
    return make_contact(values, raw)


def _is_contact(r: types.Person) -> bool:
    return not r.is_deleted


def _write_email(r: Email) -> dict[str, Any]:
    body: dict[str, Any] = {
        "label": TYPE_WRITE[input_validation.require("emails.type", r.type, "Pipedrive")],
        "value": input_validation.require("emails.address", r.address, "Pipedrive"),
    }
    return body


def _write_phone(r: Phone) -> dict[str, Any]:
    body: dict[str, Any] = {
        "label": input_validation.enum_value(
            TYPE_WRITE_2,
            input_validation.require("phones.type", r.type, "Pipedrive"),
            "type",
            "Pipedrive",
            TYPE_UNSUPPORTED,
        ),
        "value": input_validation.require("phones.number", r.number, "Pipedrive"),
    }
    return body
