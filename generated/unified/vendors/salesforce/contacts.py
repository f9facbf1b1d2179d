"""Salesforce contacts, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import hidden_fields, input_validation, list_slots, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import soql
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import batches, types
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

GET_SOBJECTS_CONTACT_ID = Endpoint(
    "GET /sobjects/Contact/{id}",
    "GET",
    "/sobjects/Contact/{id}",
    Retry.SAFE,
    batch=batches.GET_COMPOSITE_SOBJECTS_CONTACT_SAFE,
)
DELETE_SOBJECTS_CONTACT_ID = Endpoint(
    "DELETE /sobjects/Contact/{id}",
    "DELETE",
    "/sobjects/Contact/{id}",
    Retry.IDEMPOTENT,
    batch=batches.DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_2,
)
POST_SOBJECTS_CONTACT = Endpoint(
    "POST /sobjects/Contact", "POST", "/sobjects/Contact", Retry.NEVER, batch=batches.POST_COMPOSITE_SOBJECTS_NEVER_2
)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)
PATCH_SOBJECTS_CONTACT_ID = Endpoint(
    "PATCH /sobjects/Contact/{id}",
    "PATCH",
    "/sobjects/Contact/{id}",
    Retry.NEVER,
    batch=batches.PATCH_COMPOSITE_SOBJECTS_NEVER_2,
)

make_contact = record_factory(Contact, "salesforce", absent=("lifecycle_stage",))
SELECT = "Id,FirstName,LastName,Email,Phone,MobilePhone,HomePhone,Fax,AssistantPhone,OtherPhone,Title,Department,AccountId,OwnerId,LeadSource,MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,CreatedDate,LastModifiedDate"
CREATE_UNSUPPORTED = {
    "lifecycle_stage": "Salesforce has this field only after an organization adds it; get its name from `describe` and pass it in `extra`"
}
EMAILS_SLOTS = ({"type": "work"},)
EMAILS_UNSUPPORTED = {
    "type.home": "Salesforce has one email address until an organization adds fields; get their names from `describe` and pass them in `extra`",
    "type.other": "Salesforce has one email address until an organization adds fields; get their names from `describe` and pass them in `extra`",
}
PHONES_SLOTS = (
    {"type": "work"},
    {"type": "mobile"},
    {"type": "home"},
    {"type": "fax"},
    {"type": "assistant"},
    {"type": "other"},
)
ALLOW_DUPLICATE_WRITE: dict[Any, Any] = {True: "allowSave=true", False: "allowSave=false"}
UPSERT_UNSUPPORTED = {
    "lifecycle_stage": "Salesforce has this field only after an organization adds it; get its name from `describe` and pass it in `extra`"
}
UPDATE_UNSUPPORTED = {
    "lifecycle_stage": "Salesforce has this field only after an organization adds it; get its name from `describe` and pass it in `extra`"
}
UPDATE_NEVER_CLEARED = ("last_name", "owner_id")
PATCH_SOBJECTS_CONTACT_ID_SENDS = frozenset(
    (
        "address",
        "company_id",
        "department",
        "emails",
        "first_name",
        "job_title",
        "last_name",
        "lead_source",
        "owner_id",
        "phones",
    )
)

FIELDS: dict[str, str] = {
    "id": "id",
    "Sforce-Duplicate-Rule-Header": "allow_duplicate",
    "FirstName": "first_name",
    "LastName": "last_name",
    "Email": "emails",
    "Phone": "phones",
    "MobilePhone": "phones",
    "HomePhone": "phones",
    "Fax": "phones",
    "AssistantPhone": "phones",
    "OtherPhone": "phones",
    "Title": "job_title",
    "Department": "department",
    "AccountId": "company_id",
    "OwnerId": "owner_id",
    "LeadSource": "lead_source",
    "MailingStreet": "street",
    "MailingCity": "city",
    "MailingState": "region",
    "MailingPostalCode": "postal_code",
    "MailingCountry": "country",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=(), pattern="[A-Za-z][A-Za-z0-9_]*__c", separator=";")
"""Location of custom fields in records."""

BATCHES: dict[str, int] = {"delete": 200, "create": 200, "upsert": 200, "update": 200}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Contact]:
    """Read a contact: GET /sobjects/Contact/{id}."""
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_CONTACT_ID,
            path=(id,),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.ContactSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_contact(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a contact: DELETE /sobjects/Contact/{id}."""
    yield from call(DELETE_SOBJECTS_CONTACT_ID, path=(id,))


def create(ctx: Context, contact: ContactCreate) -> Steps[Contact]:
    """Create a contact.

    In turn:
        POST /sobjects/Contact
        GET /sobjects/Contact/{id}
    """
    input_validation.reject_unsupported(contact, CREATE_UNSUPPORTED, "Salesforce")
    last_name = input_validation.require("last_name", contact.last_name, "Salesforce")
    emails_work = list_slots.slot(
        contact.emails, {"type": "work"}, "address", EMAILS_SLOTS, "emails", "Salesforce", EMAILS_UNSUPPORTED
    )
    phones_work = list_slots.slot(contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce")
    phones_mobile = list_slots.slot(contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "Salesforce")
    phones_home = list_slots.slot(contact.phones, {"type": "home"}, "number", PHONES_SLOTS, "phones", "Salesforce")
    phones_fax = list_slots.slot(contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
    phones_assistant = list_slots.slot(
        contact.phones, {"type": "assistant"}, "number", PHONES_SLOTS, "phones", "Salesforce"
    )
    phones_other = list_slots.slot(contact.phones, {"type": "other"}, "number", PHONES_SLOTS, "phones", "Salesforce")
    body: dict[str, Any] = {"LastName": last_name}
    if contact.first_name is not None:
        body["FirstName"] = contact.first_name
    if emails_work is not None:
        body["Email"] = emails_work
    if phones_work is not None:
        body["Phone"] = phones_work
    if phones_mobile is not None:
        body["MobilePhone"] = phones_mobile
    if phones_home is not None:
        body["HomePhone"] = phones_home
    if phones_fax is not None:
        body["Fax"] = phones_fax
    if phones_assistant is not None:
        body["AssistantPhone"] = phones_assistant
    if phones_other is not None:
        body["OtherPhone"] = phones_other
    if contact.job_title is not None:
        body["Title"] = contact.job_title
    if contact.department is not None:
        body["Department"] = contact.department
    if contact.company_id is not None:
        body["AccountId"] = contact.company_id
    if contact.owner_id is not None:
        body["OwnerId"] = contact.owner_id
    if contact.lead_source is not None:
        body["LeadSource"] = contact.lead_source
    if contact.address is not None and contact.address.street is not None:
        body["MailingStreet"] = contact.address.street
    if contact.address is not None and contact.address.city is not None:
        body["MailingCity"] = contact.address.city
    if contact.address is not None and contact.address.region is not None:
        body["MailingState"] = contact.address.region
    if contact.address is not None and contact.address.postal_code is not None:
        body["MailingPostalCode"] = contact.address.postal_code
    if contact.address is not None and contact.address.country is not None:
        body["MailingCountry"] = contact.address.country
    headers: dict[str, Any] = {}
    if contact.allow_duplicate is not None:
        headers["Sforce-Duplicate-Rule-Header"] = ALLOW_DUPLICATE_WRITE[contact.allow_duplicate]
    body = input_validation.merge(body, ctx.extra, "Salesforce")
    saved = yield from call(POST_SOBJECTS_CONTACT, headers=headers, json=body, schema=types.SaveResult, save_as="saved")
    yield CreatedRecord(saved.id)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_CONTACT_ID,
            path=(saved.id,),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.ContactSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_contact(ctx, response, raw)


def upsert(ctx: Context, contact: ContactUpsert) -> Steps[Contact]:
    """Save a person by e-mail address.

    In turn:
        GET /query
        PATCH /sobjects/Contact/{id}, if needed
        POST /sobjects/Contact, if needed
        GET /sobjects/Contact/{id}
    """
    input_validation.reject_unsupported(contact, UPSERT_UNSUPPORTED, "Salesforce")
    saved: types.SaveResult | None = None
    clauses = [f"Email = {soql.text(contact.email)}"]
    found_response = yield from call(
        GET_QUERY,
        query={"q": "SELECT FIELDS(STANDARD) FROM Contact WHERE " + " AND ".join(clauses) + " ORDER BY CreatedDate"},
        schema=types.ContactsQueryResult,
        save_as="found",
    )
    found = responses.at(found_response.records, 0)
    if found is not None:
        phones_work = list_slots.slot(contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_mobile = list_slots.slot(
            contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_home = list_slots.slot(contact.phones, {"type": "home"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_fax = list_slots.slot(contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_assistant = list_slots.slot(
            contact.phones, {"type": "assistant"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_other = list_slots.slot(
            contact.phones, {"type": "other"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        body: dict[str, Any] = {}
        if contact.first_name is not None:
            body["FirstName"] = contact.first_name
        if contact.last_name is not None:
            body["LastName"] = contact.last_name
        if phones_work is not None:
            body["Phone"] = phones_work
        if phones_mobile is not None:
            body["MobilePhone"] = phones_mobile
        if phones_home is not None:
            body["HomePhone"] = phones_home
        if phones_fax is not None:
            body["Fax"] = phones_fax
        if phones_assistant is not None:
            body["AssistantPhone"] = phones_assistant
        if phones_other is not None:
            body["OtherPhone"] = phones_other
        if contact.job_title is not None:
            body["Title"] = contact.job_title
        if contact.department is not None:
            body["Department"] = contact.department
        if contact.company_id is not None:
            body["AccountId"] = contact.company_id
        if contact.owner_id is not None:
            body["OwnerId"] = contact.owner_id
        if contact.lead_source is not None:
            body["LeadSource"] = contact.lead_source
        if contact.address is not None and contact.address.street is not None:
            body["MailingStreet"] = contact.address.street
        if contact.address is not None and contact.address.city is not None:
            body["MailingCity"] = contact.address.city
        if contact.address is not None and contact.address.region is not None:
            body["MailingState"] = contact.address.region
        if contact.address is not None and contact.address.postal_code is not None:
            body["MailingPostalCode"] = contact.address.postal_code
        if contact.address is not None and contact.address.country is not None:
            body["MailingCountry"] = contact.address.country
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_CONTACT_ID, path=(responses.at(found, "Id"),), json=body)
    if responses.missing(found):
        phones_work_2 = list_slots.slot(
            contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_mobile_2 = list_slots.slot(
            contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_home_2 = list_slots.slot(
            contact.phones, {"type": "home"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_fax_2 = list_slots.slot(contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_assistant_2 = list_slots.slot(
            contact.phones, {"type": "assistant"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_other_2 = list_slots.slot(
            contact.phones, {"type": "other"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        body_2: dict[str, Any] = {"Email": contact.email}
        if contact.first_name is not None:
            body_2["FirstName"] = contact.first_name
        if contact.last_name is not None:
            body_2["LastName"] = contact.last_name
        if phones_work_2 is not None:
            body_2["Phone"] = phones_work_2
        if phones_mobile_2 is not None:
            body_2["MobilePhone"] = phones_mobile_2
        if phones_home_2 is not None:
            body_2["HomePhone"] = phones_home_2
        if phones_fax_2 is not None:
            body_2["Fax"] = phones_fax_2
        if phones_assistant_2 is not None:
            body_2["AssistantPhone"] = phones_assistant_2
        if phones_other_2 is not None:
            body_2["OtherPhone"] = phones_other_2
        if contact.job_title is not None:
            body_2["Title"] = contact.job_title
        if contact.department is not None:
            body_2["Department"] = contact.department
        if contact.company_id is not None:
            body_2["AccountId"] = contact.company_id
        if contact.owner_id is not None:
            body_2["OwnerId"] = contact.owner_id
        if contact.lead_source is not None:
            body_2["LeadSource"] = contact.lead_source
        if contact.address is not None and contact.address.street is not None:
            body_2["MailingStreet"] = contact.address.street
        if contact.address is not None and contact.address.city is not None:
            body_2["MailingCity"] = contact.address.city
        if contact.address is not None and contact.address.region is not None:
            body_2["MailingState"] = contact.address.region
        if contact.address is not None and contact.address.postal_code is not None:
            body_2["MailingPostalCode"] = contact.address.postal_code
        if contact.address is not None and contact.address.country is not None:
            body_2["MailingCountry"] = contact.address.country
        body_2 = input_validation.merge(body_2, ctx.extra, "Salesforce")
        saved = yield from call(POST_SOBJECTS_CONTACT, json=body_2, schema=types.SaveResult, save_as="saved")
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_CONTACT_ID,
            path=(saved.id if saved is not None and saved.id is not None else responses.at(found, "Id"),),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.ContactSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_contact(ctx, response, raw)


def update(ctx: Context, id: str, contact: ContactUpdate) -> Steps[Contact]:
    """Change a contact.

    In turn:
        PATCH /sobjects/Contact/{id}, if needed
        GET /sobjects/Contact/{id}
    """
    input_validation.reject_unsupported(contact, UPDATE_UNSUPPORTED, "Salesforce", clears=True)
    given = input_validation.changes(contact, ctx.extra, "Salesforce")
    input_validation.reject_clearing(contact, given, UPDATE_NEVER_CLEARED, "Salesforce")
    if given & PATCH_SOBJECTS_CONTACT_ID_SENDS or ctx.extra:
        emails_work = list_slots.slot(
            contact.emails, {"type": "work"}, "address", EMAILS_SLOTS, "emails", "Salesforce", EMAILS_UNSUPPORTED
        )
        phones_work = list_slots.slot(contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_mobile = list_slots.slot(
            contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_home = list_slots.slot(contact.phones, {"type": "home"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_fax = list_slots.slot(contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_assistant = list_slots.slot(
            contact.phones, {"type": "assistant"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_other = list_slots.slot(
            contact.phones, {"type": "other"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        body: dict[str, Any] = {}
        if "first_name" in given:
            body["FirstName"] = contact.first_name
        if contact.last_name is not None:
            body["LastName"] = contact.last_name
        if "emails" in given:
            body["Email"] = emails_work
        if "phones" in given:
            body["Phone"] = phones_work
        if "phones" in given:
            body["MobilePhone"] = phones_mobile
        if "phones" in given:
            body["HomePhone"] = phones_home
        if "phones" in given:
            body["Fax"] = phones_fax
        if "phones" in given:
            body["AssistantPhone"] = phones_assistant
        if "phones" in given:
            body["OtherPhone"] = phones_other
        if "job_title" in given:
            body["Title"] = contact.job_title
        if "department" in given:
            body["Department"] = contact.department
        if "company_id" in given:
            body["AccountId"] = contact.company_id
        if contact.owner_id is not None:
            body["OwnerId"] = contact.owner_id
        if "lead_source" in given:
            body["LeadSource"] = contact.lead_source
        if input_validation.given_within(contact, "address", "street"):
            body["MailingStreet"] = (
                None if contact.address is None or contact.address.street is None else contact.address.street
            )
        if input_validation.given_within(contact, "address", "city"):
            body["MailingCity"] = (
                None if contact.address is None or contact.address.city is None else contact.address.city
            )
        if input_validation.given_within(contact, "address", "region"):
            body["MailingState"] = (
                None if contact.address is None or contact.address.region is None else contact.address.region
            )
        if input_validation.given_within(contact, "address", "postal_code"):
            body["MailingPostalCode"] = (
                None if contact.address is None or contact.address.postal_code is None else contact.address.postal_code
            )
        if input_validation.given_within(contact, "address", "country"):
            body["MailingCountry"] = (
                None if contact.address is None or contact.address.country is None else contact.address.country
            )
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_CONTACT_ID, path=(id,), json=body)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_CONTACT_ID,
            path=(id,),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.ContactSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_contact(ctx, response, raw)


def list_(ctx: Context, filters: ContactFilters) -> Steps[Page[Contact]]:
    """Find contacts: GET /query."""
    clauses: list[str] = []
    if filters.company_id is not None:
        clauses.append(f"AccountId = {soql.text(filters.company_id)}")
    if filters.deal_id is not None:
        clauses.append(
            f"Id IN (SELECT ContactId FROM OpportunityContactRole WHERE OpportunityId = {soql.text(filters.deal_id)})"
        )
    if filters.owner_id is not None:
        clauses.append(f"OwnerId = {soql.text(filters.owner_id)}")
    if filters.email is not None:
        clauses.append(f"Email = {soql.text(filters.email)}")
    if filters.created_after is not None:
        clauses.append(f"CreatedDate >= {soql.date_time(filters.created_after)}")
    if filters.updated_after is not None:
        clauses.append(f"LastModifiedDate >= {soql.date_time(filters.updated_after)}")
    if filters.text is not None:
        clauses.append(f"Name LIKE {soql.contains(filters.text)}")
    if ctx.field_filters is not None:
        clauses.extend(soql.custom_field_conditions(ctx.field_filters))
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD){input_validation.columns(ctx.custom_fields)} FROM Contact"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.ContactsQueryResult2,
    )
    items = response.records or []
    records = [read_contact(ctx, each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def read_contact(ctx: Context, r: types.ContactSObject, raw: Raw) -> Contact:
    """Read a unified Contact from a ContactSObject of Salesforce."""
    values: ContactValues = {
        "id": responses.required(r.id, "id", "Salesforce"),
        "first_name": r.first_name,
        "last_name": r.last_name,
        "emails": [*([Email(type="work", address=r.email)] if r.email is not None else [])],
        "phones": [
            *([Phone(type="work", number=r.phone)] if r.phone is not None else []),
            *([Phone(type="mobile", number=r.mobile_phone)] if r.mobile_phone is not None else []),
            *([Phone(type="home", number=r.home_phone)] if r.home_phone is not None else []),
            *([Phone(type="fax", number=r.fax)] if r.fax is not None else []),
            *([Phone(type="assistant", number=r.assistant_phone)] if r.assistant_phone is not None else []),
            *([Phone(type="other", number=r.other_phone)] if r.other_phone is not None else []),
        ],
        "job_title": r.title,
        "department": r.department,
        "company_id": r.account_id,
        "owner_id": r.owner_id,
        "lifecycle_stage": None,
        "lead_source": r.lead_source,
        "address": Address(
            street=r.mailing_street,
            city=r.mailing_city,
            region=r.mailing_state,
            postal_code=r.mailing_postal_code,
            country=r.mailing_country,
        )
        if r.mailing_street is not None
        or r.mailing_city is not None
        or r.mailing_state is not None
        or r.mailing_postal_code is not None
        or r.mailing_country is not None
        else None,
        "url": f"{ctx.connection['instance_url']}/{r.id}" if r.id is not None else None,
        "created_at": datetimes.decode(r.created_date) if r.created_date is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    }
    return make_contact(values, raw)
