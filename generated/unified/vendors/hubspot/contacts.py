"""HubSpot contacts, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, list_slots, pagination, responses
from unified_runtime.adapter_api.codecs import hubspot_datetime
from unified_runtime.adapter_api.query import hubspot
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

GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID = Endpoint(
    "get-/crm/v3/objects/contacts/{contactId}_getById",
    "GET",
    "/crm/v3/objects/contacts/{contactId}",
    Retry.SAFE,
    batch=batches.POST_CRM_V3_OBJECTS_CONTACTS_BATCH_READ_READ_SAFE,
)
DELETE_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_ARCHIVE = Endpoint(
    "delete-/crm/v3/objects/contacts/{contactId}_archive",
    "DELETE",
    "/crm/v3/objects/contacts/{contactId}",
    Retry.IDEMPOTENT,
    batch=batches.POST_CRM_V3_OBJECTS_CONTACTS_BATCH_ARCHIVE_ARCHIVE_IDEMPOTENT,
)
POST_CRM_V3_OBJECTS_CONTACTS_CREATE = Endpoint(
    "post-/crm/v3/objects/contacts_create",
    "POST",
    "/crm/v3/objects/contacts",
    Retry.NEVER,
    batch=batches.POST_CRM_V3_OBJECTS_CONTACTS_BATCH_CREATE_CREATE_NEVER,
)
PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE = Endpoint(
    "put-/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}_create",
    "PUT",
    "/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}",
    Retry.IDEMPOTENT,
    batch=batches.POST_CRM_V4_ASSOCIATIONS_FROM_OBJECT_TYPE_TO_OBJECT_TYPE_BATCH_CREATE_CREATE_IDEMPOTENT,
)
POST_CRM_V3_OBJECTS_CONTACTS_SEARCH_DO_SEARCH = Endpoint(
    "post-/crm/v3/objects/contacts/search_doSearch", "POST", "/crm/v3/objects/contacts/search", Retry.SAFE
)
PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE = Endpoint(
    "patch-/crm/v3/objects/contacts/{contactId}_update",
    "PATCH",
    "/crm/v3/objects/contacts/{contactId}",
    Retry.NEVER,
    batch=batches.POST_CRM_V3_OBJECTS_CONTACTS_BATCH_UPDATE_UPDATE_NEVER,
)
GET_CRM_V3_OBJECTS_CONTACTS_GET_PAGE = Endpoint(
    "get-/crm/v3/objects/contacts_getPage", "GET", "/crm/v3/objects/contacts", Retry.SAFE
)

make_contact = record_factory(Contact, "hubspot", absent=("department",))
SELECT = "firstname,lastname,email,hs_additional_emails,phone,mobilephone,fax,jobtitle,hubspot_owner_id,lifecyclestage,hs_analytics_source,associatedcompanyid,address,city,state,zip,country"
CREATE_UNSUPPORTED = {
    "allow_duplicate": "HubSpot rejects a second contact with the same email address, and has no other duplicate rules",
    "department": "HubSpot has this property only after an account adds it; get its name from `describe` and pass it in `extra`",
    "lead_source": "HubSpot sets the lead source from the first visit of the contact",
}
EMAILS_SLOTS = (
    {"type": "work"},
    {"type": "other"},
)
EMAILS_UNSUPPORTED = {
    "type.home": "HubSpot has a primary and additional email addresses, without a type; use the type `other`"
}
PHONES_SLOTS = (
    {"type": "work"},
    {"type": "mobile"},
    {"type": "fax"},
)
PHONES_UNSUPPORTED = {
    "type.home": "HubSpot has this property only after an account adds it; get its name from `describe` and pass it in `extra`",
    "type.assistant": "HubSpot has this property only after an account adds it; get its name from `describe` and pass it in `extra`",
    "type.other": "HubSpot has this property only after an account adds it; get its name from `describe` and pass it in `extra`",
}
UPSERT_UNSUPPORTED = {
    "department": "HubSpot has this property only after an account adds it; get its name from `describe` and pass it in `extra`",
    "lead_source": "HubSpot sets the lead source from the first visit of the contact",
}
UPDATE_UNSUPPORTED = {
    "department": "HubSpot has this property only after an account adds it; get its name from `describe` and pass it in `extra`",
    "lead_source": "HubSpot sets the lead source from the first visit of the contact",
}
UPDATE_NEVER_CLEARED = ("company_id",)
PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE_SENDS = frozenset(
    ("address", "emails", "first_name", "job_title", "last_name", "lifecycle_stage", "owner_id", "phones")
)
SELECT_2 = (
    "firstname",
    "lastname",
    "email",
    "hs_additional_emails",
    "phone",
    "mobilephone",
    "fax",
    "jobtitle",
    "hubspot_owner_id",
    "lifecyclestage",
    "hs_analytics_source",
    "associatedcompanyid",
    "address",
    "city",
    "state",
    "zip",
    "country",
)

FIELDS: dict[str, str] = {
    "contactId": "id",
    "firstname": "first_name",
    "lastname": "last_name",
    "email": "emails",
    "hs_additional_emails": "emails",
    "phone": "phones",
    "mobilephone": "phones",
    "fax": "phones",
    "jobtitle": "job_title",
    "hubspot_owner_id": "owner_id",
    "lifecyclestage": "lifecycle_stage",
    "address": "street",
    "city": "city",
    "state": "region",
    "zip": "postal_code",
    "country": "country",
    "toObjectId": "company_id",
    "objectId": "id",
    "query": "text",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("properties",),
    pattern="(?!createdate$|hs_object_id$|(hs_)?lastmodifieddate$)[a-z][a-z0-9_]*",
    mapped_names=(
        "address",
        "associatedcompanyid",
        "city",
        "country",
        "email",
        "fax",
        "firstname",
        "hs_additional_emails",
        "hs_analytics_source",
        "hubspot_owner_id",
        "jobtitle",
        "lastname",
        "lifecyclestage",
        "mobilephone",
        "phone",
        "state",
        "zip",
    ),
    as_text=True,
    separator=";",
)
"""Location of custom fields in records."""

BATCHES: dict[str, int] = {"delete": 100, "create": 100, "upsert": 100, "update": 100}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Contact]:
    """Read a contact: GET /crm/v3/objects/contacts/{contactId}."""
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Contact,
    )
    return read_contact(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a contact: DELETE /crm/v3/objects/contacts/{contactId}."""
    yield from call(
        DELETE_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_ARCHIVE, path=(input_validation.matching(id, ".+", "id", "HubSpot"),)
    )


def create(ctx: Context, contact: ContactCreate) -> Steps[Contact]:
    """Create a contact.

    In turn:
        POST /crm/v3/objects/contacts
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed
        GET /crm/v3/objects/contacts/{contactId}
    """
    input_validation.reject_unsupported(contact, CREATE_UNSUPPORTED, "HubSpot")
    emails_work = list_slots.slot(
        contact.emails, {"type": "work"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_UNSUPPORTED
    )
    emails_other = list_slots.slot_of_several(
        contact.emails, ";", {"type": "other"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_UNSUPPORTED
    )
    phones_work = list_slots.slot(
        contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
    )
    phones_mobile = list_slots.slot(
        contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
    )
    phones_fax = list_slots.slot(
        contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
    )
    properties: dict[str, Any] = {}
    if contact.first_name is not None:
        properties["firstname"] = contact.first_name
    if contact.last_name is not None:
        properties["lastname"] = contact.last_name
    if emails_work is not None:
        properties["email"] = emails_work
    if emails_other is not None:
        properties["hs_additional_emails"] = emails_other
    if phones_work is not None:
        properties["phone"] = phones_work
    if phones_mobile is not None:
        properties["mobilephone"] = phones_mobile
    if phones_fax is not None:
        properties["fax"] = phones_fax
    if contact.job_title is not None:
        properties["jobtitle"] = contact.job_title
    if contact.owner_id is not None:
        properties["hubspot_owner_id"] = contact.owner_id
    if contact.lifecycle_stage is not None:
        properties["lifecyclestage"] = contact.lifecycle_stage
    if contact.address is not None and contact.address.street is not None:
        properties["address"] = contact.address.street
    if contact.address is not None and contact.address.city is not None:
        properties["city"] = contact.address.city
    if contact.address is not None and contact.address.region is not None:
        properties["state"] = contact.address.region
    if contact.address is not None and contact.address.postal_code is not None:
        properties["zip"] = contact.address.postal_code
    if contact.address is not None and contact.address.country is not None:
        properties["country"] = contact.address.country
    body: dict[str, Any] = {}
    if properties:
        body["properties"] = properties
    body = input_validation.merge(body, ctx.extra, "HubSpot")
    body = input_validation.default(body, {"properties": {}})
    created = yield from call(
        POST_CRM_V3_OBJECTS_CONTACTS_CREATE, json=body, schema=types.ContactsContact, save_as="created"
    )
    yield CreatedRecord(created.id)
    if contact.company_id is not None:
        first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
        body_2: list[Any] = [first_element]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=("contacts", created.id, "companies", contact.company_id),
            json=body_2,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID,
        path=(created.id,),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Contact,
    )
    return read_contact(ctx, response, raw)


def upsert(ctx: Context, contact: ContactUpsert) -> Steps[Contact]:
    """Save a person by e-mail address.

    In turn:
        POST /crm/v3/objects/contacts/search
        PATCH /crm/v3/objects/contacts/{contactId}, if needed
        POST /crm/v3/objects/contacts, if needed
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed
        GET /crm/v3/objects/contacts/{contactId}
    """
    input_validation.reject_unsupported(contact, UPSERT_UNSUPPORTED, "HubSpot")
    created: types.ContactsContact | None = None
    clauses: list[Any] = [{"propertyName": "email", "operator": "EQ", "value": contact.email}]
    body: dict[str, Any] = {"limit": 1, "filterGroups": [{"filters": clauses}]}
    found_response = yield from call(
        POST_CRM_V3_OBJECTS_CONTACTS_SEARCH_DO_SEARCH, json=body, schema=types.ContactSearchPage, save_as="found"
    )
    found = responses.at(found_response.results, 0)
    if found is not None:
        phones_work = list_slots.slot(
            contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        phones_mobile = list_slots.slot(
            contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        phones_fax = list_slots.slot(
            contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        properties: dict[str, Any] = {}
        if contact.first_name is not None:
            properties["firstname"] = contact.first_name
        if contact.last_name is not None:
            properties["lastname"] = contact.last_name
        if phones_work is not None:
            properties["phone"] = phones_work
        if phones_mobile is not None:
            properties["mobilephone"] = phones_mobile
        if phones_fax is not None:
            properties["fax"] = phones_fax
        if contact.job_title is not None:
            properties["jobtitle"] = contact.job_title
        if contact.owner_id is not None:
            properties["hubspot_owner_id"] = contact.owner_id
        if contact.lifecycle_stage is not None:
            properties["lifecyclestage"] = contact.lifecycle_stage
        if contact.address is not None and contact.address.street is not None:
            properties["address"] = contact.address.street
        if contact.address is not None and contact.address.city is not None:
            properties["city"] = contact.address.city
        if contact.address is not None and contact.address.region is not None:
            properties["state"] = contact.address.region
        if contact.address is not None and contact.address.postal_code is not None:
            properties["zip"] = contact.address.postal_code
        if contact.address is not None and contact.address.country is not None:
            properties["country"] = contact.address.country
        body_2: dict[str, Any] = {}
        if properties:
            body_2["properties"] = properties
        body_2 = input_validation.merge(body_2, ctx.extra, "HubSpot")
        body_2 = input_validation.default(body_2, {"properties": {}})
        yield from call(PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE, path=(responses.at(found, "id"),), json=body_2)
    if responses.missing(found):
        phones_work_2 = list_slots.slot(
            contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        phones_mobile_2 = list_slots.slot(
            contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        phones_fax_2 = list_slots.slot(
            contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        properties_2: dict[str, Any] = {"email": contact.email}
        if contact.first_name is not None:
            properties_2["firstname"] = contact.first_name
        if contact.last_name is not None:
            properties_2["lastname"] = contact.last_name
        if phones_work_2 is not None:
            properties_2["phone"] = phones_work_2
        if phones_mobile_2 is not None:
            properties_2["mobilephone"] = phones_mobile_2
        if phones_fax_2 is not None:
            properties_2["fax"] = phones_fax_2
        if contact.job_title is not None:
            properties_2["jobtitle"] = contact.job_title
        if contact.owner_id is not None:
            properties_2["hubspot_owner_id"] = contact.owner_id
        if contact.lifecycle_stage is not None:
            properties_2["lifecyclestage"] = contact.lifecycle_stage
        if contact.address is not None and contact.address.street is not None:
            properties_2["address"] = contact.address.street
        if contact.address is not None and contact.address.city is not None:
            properties_2["city"] = contact.address.city
        if contact.address is not None and contact.address.region is not None:
            properties_2["state"] = contact.address.region
        if contact.address is not None and contact.address.postal_code is not None:
            properties_2["zip"] = contact.address.postal_code
        if contact.address is not None and contact.address.country is not None:
            properties_2["country"] = contact.address.country
        body_3: dict[str, Any] = {"properties": properties_2}
        body_3 = input_validation.merge(body_3, ctx.extra, "HubSpot")
        created = yield from call(
            POST_CRM_V3_OBJECTS_CONTACTS_CREATE, json=body_3, schema=types.ContactsContact, save_as="created"
        )
    if contact.company_id is not None:
        first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
        body_4: list[Any] = [first_element]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=(
                "contacts",
                created.id if created is not None and created.id is not None else responses.at(found, "id"),
                "companies",
                contact.company_id,
            ),
            json=body_4,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID,
        path=(created.id if created is not None and created.id is not None else responses.at(found, "id"),),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Contact,
    )
    return read_contact(ctx, response, raw)


def update(ctx: Context, id: str, contact: ContactUpdate) -> Steps[Contact]:
    """Change a contact.

    In turn:
        PATCH /crm/v3/objects/contacts/{contactId}, if needed
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed
        GET /crm/v3/objects/contacts/{contactId}
    """
    input_validation.reject_unsupported(contact, UPDATE_UNSUPPORTED, "HubSpot", clears=True)
    given = input_validation.changes(contact, ctx.extra, "HubSpot")
    input_validation.reject_clearing(contact, given, UPDATE_NEVER_CLEARED, "HubSpot")
    if given & PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE_SENDS or ctx.extra:
        emails_work = list_slots.slot(
            contact.emails, {"type": "work"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_UNSUPPORTED
        )
        emails_other = list_slots.slot_of_several(
            contact.emails, ";", {"type": "other"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_UNSUPPORTED
        )
        phones_work = list_slots.slot(
            contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        phones_mobile = list_slots.slot(
            contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        phones_fax = list_slots.slot(
            contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        properties: dict[str, Any] = {}
        if "first_name" in given:
            properties["firstname"] = "" if contact.first_name is None else contact.first_name
        if "last_name" in given:
            properties["lastname"] = "" if contact.last_name is None else contact.last_name
        if "emails" in given:
            properties["email"] = emails_work if emails_work is not None else ""
        if "emails" in given:
            properties["hs_additional_emails"] = emails_other if emails_other is not None else ""
        if "phones" in given:
            properties["phone"] = phones_work if phones_work is not None else ""
        if "phones" in given:
            properties["mobilephone"] = phones_mobile if phones_mobile is not None else ""
        if "phones" in given:
            properties["fax"] = phones_fax if phones_fax is not None else ""
        if "job_title" in given:
            properties["jobtitle"] = "" if contact.job_title is None else contact.job_title
        if "owner_id" in given:
            properties["hubspot_owner_id"] = "" if contact.owner_id is None else contact.owner_id
        if "lifecycle_stage" in given:
            properties["lifecyclestage"] = "" if contact.lifecycle_stage is None else contact.lifecycle_stage
        if input_validation.given_within(contact, "address", "street"):
            properties["address"] = (
                "" if contact.address is None or contact.address.street is None else contact.address.street
            )
        if input_validation.given_within(contact, "address", "city"):
            properties["city"] = "" if contact.address is None or contact.address.city is None else contact.address.city
        if input_validation.given_within(contact, "address", "region"):
            properties["state"] = (
                "" if contact.address is None or contact.address.region is None else contact.address.region
            )
        if input_validation.given_within(contact, "address", "postal_code"):
            properties["zip"] = (
                "" if contact.address is None or contact.address.postal_code is None else contact.address.postal_code
            )
        if input_validation.given_within(contact, "address", "country"):
            properties["country"] = (
                "" if contact.address is None or contact.address.country is None else contact.address.country
            )
        body: dict[str, Any] = {}
        if properties:
            body["properties"] = properties
        body = input_validation.merge(body, ctx.extra, "HubSpot")
        yield from call(
            PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE,
            path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
            json=body,
        )
    if contact.company_id is not None:
        first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
        body_2: list[Any] = [first_element]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=("contacts", id, "companies", contact.company_id),
            json=body_2,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Contact,
    )
    return read_contact(ctx, response, raw)


def list_(ctx: Context, filters: ContactFilters) -> Steps[Page[Contact]]:
    """Find contacts.

    One of:
        POST /crm/v3/objects/contacts/search
        GET /crm/v3/objects/contacts
    """
    if (
        filters.company_id is not None
        or filters.deal_id is not None
        or filters.owner_id is not None
        or filters.email is not None
        or filters.created_after is not None
        or filters.updated_after is not None
        or filters.text is not None
        or ctx.field_filters is not None
    ):
        clauses: list[Any] = []
        if filters.company_id is not None:
            clauses.append({"propertyName": "associatedcompanyid", "operator": "EQ", "value": filters.company_id})
        if filters.deal_id is not None:
            clauses.append({"propertyName": "associations.deal", "operator": "EQ", "value": filters.deal_id})
        if filters.owner_id is not None:
            clauses.append({"propertyName": "hubspot_owner_id", "operator": "EQ", "value": filters.owner_id})
        if filters.email is not None:
            clauses.append({"propertyName": "email", "operator": "EQ", "value": filters.email})
        if filters.created_after is not None:
            clauses.append(
                {
                    "propertyName": "createdate",
                    "operator": "GTE",
                    "value": hubspot_datetime.encode(filters.created_after),
                }
            )
        if filters.updated_after is not None:
            clauses.append(
                {
                    "propertyName": "lastmodifieddate",
                    "operator": "GTE",
                    "value": hubspot_datetime.encode(filters.updated_after),
                }
            )
        if ctx.cursor is not None:
            clauses.append({"propertyName": "hs_object_id", "operator": "GT", "value": ctx.cursor})
        if ctx.field_filters is not None:
            clauses.extend(hubspot.custom_field_conditions(ctx.field_filters))
        body: dict[str, Any] = {
            "sorts": ["hs_object_id"],
            "properties": [*SELECT_2, *ctx.custom_fields],
            "limit": input_validation.page_size(ctx.limit, 100),
        }
        if filters.text is not None:
            body["query"] = filters.text
        if clauses:
            body["filterGroups"] = [{"filters": clauses}]
        response, raw = yield from fetch(
            POST_CRM_V3_OBJECTS_CONTACTS_SEARCH_DO_SEARCH, json=body, schema=types.ContactsContactSearchPage
        )
        items = response.results or []
        records = [read_contact(ctx, each, raw.at("results", index)) for index, each in enumerate(items)]
        return Page(
            records,
            cursor=pagination.after_last(pagination.token(items[-1].id) if items else None, len(items), response.total),
        )
    query: dict[str, Any] = {
        "properties": SELECT + input_validation.columns(ctx.custom_fields),
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    response_2, raw = yield from fetch(GET_CRM_V3_OBJECTS_CONTACTS_GET_PAGE, query=query, schema=types.ContactPage)
    items_2 = response_2.results or []
    records = [read_contact(ctx, each, raw.at("results", index)) for index, each in enumerate(items_2)]
    paging = response_2.paging or types.ForwardPaging()
    next_ = paging.next or types.NextPage()
    return Page(records, cursor=pagination.token(next_.after))


def read_contact(ctx: Context, r: types.Contact, raw: Raw) -> Contact:
    """Read a unified Contact from a Contact of HubSpot."""
    properties = r.properties or types.ContactProperties()
    values: ContactValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "first_name": properties.firstname or None,
        "last_name": properties.lastname or None,
        "emails": [
            *([Email(type="work", address=properties.email)] if properties.email else []),
            *(Email(type="other", address=each) for each in responses.split(properties.hs_additional_emails, ";")),
        ],
        "phones": [
            *([Phone(type="work", number=properties.phone)] if properties.phone else []),
            *([Phone(type="mobile", number=properties.mobilephone)] if properties.mobilephone else []),
            *([Phone(type="fax", number=properties.fax)] if properties.fax else []),
        ],
        "job_title": properties.jobtitle or None,
        "department": None,
        "company_id": properties.associatedcompanyid or None,
        "owner_id": properties.hubspot_owner_id or None,
        "lifecycle_stage": properties.lifecyclestage or None,
        "lead_source": properties.hs_analytics_source or None,
        "address": Address(
            street=properties.address or None,
            city=properties.city or None,
            region=properties.state or None,
            postal_code=properties.zip or None,
            country=properties.country or None,
        )
        if properties.address or properties.city or properties.state or properties.zip or properties.country
        else None,
        "url": f"https://app.hubspot.com/contacts/{ctx.connection.get('portal_id')}/record/0-1/{r.id}"
        if r.id is not None and ctx.connection.get("portal_id") is not None
        else None,
        "created_at": hubspot_datetime.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_contact(values, raw)
