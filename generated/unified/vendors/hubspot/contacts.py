"""HubSpot contacts, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.contacts import (
    Address,
    Contact,
    ContactCreate,
    ContactFilters,
    ContactUpdate,
    ContactValues,
    Email,
    Phone,
)
from unified.vendors.hubspot import types
from unified_runtime import (
    Batch,
    Context,
    Endpoint,
    Made,
    Page,
    Raw,
    Retry,
    Steps,
    answers,
    call,
    fetch,
    inputs,
    maker,
    paging,
)
from unified_runtime.codecs import datetimes, hubspot_datetime
from unified_runtime.query import hubspot

GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID = Endpoint(
    "get-/crm/v3/objects/contacts/{contactId}_getById",
    "GET",
    "/crm/v3/objects/contacts/{contactId}",
    Retry.SAFE,
    batch=Batch(
        endpoint=Endpoint(
            "post-/crm/v3/objects/contacts/batch/read_read", "POST", "/crm/v3/objects/contacts/batch/read", Retry.SAFE
        ),
        most=100,
        items=("body", "inputs"),
        item=((("id",), "contactId"),),
        once=((("body", "properties"), "properties", True),),
        set=((("body", "propertiesWithHistory"), []),),
        results=("results",),
        match=((("id",), ("id",)),),
    ),
)
DELETE_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_ARCHIVE = Endpoint(
    "delete-/crm/v3/objects/contacts/{contactId}_archive",
    "DELETE",
    "/crm/v3/objects/contacts/{contactId}",
    Retry.IDEMPOTENT,
    batch=Batch(
        endpoint=Endpoint(
            "post-/crm/v3/objects/contacts/batch/archive_archive",
            "POST",
            "/crm/v3/objects/contacts/batch/archive",
            Retry.IDEMPOTENT,
        ),
        most=100,
        items=("body", "inputs"),
        item=((("id",), "contactId"),),
    ),
)
POST_CRM_V3_OBJECTS_CONTACTS_CREATE = Endpoint(
    "post-/crm/v3/objects/contacts_create",
    "POST",
    "/crm/v3/objects/contacts",
    Retry.NEVER,
    batch=Batch(
        endpoint=Endpoint(
            "post-/crm/v3/objects/contacts/batch/create_create",
            "POST",
            "/crm/v3/objects/contacts/batch/create",
            Retry.NEVER,
        ),
        most=100,
        items=("body", "inputs"),
        each=((("associations",), []),),
        body=(),
        mark=("objectWriteTraceId",),
        results=("results",),
        errors=("errors",),
        match=((("objectWriteTraceId",), ("objectWriteTraceId",)),),
        blames=((("context", "objectWriteTraceId"), ("objectWriteTraceId",)),),
    ),
)
PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE = Endpoint(
    "put-/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}_create",
    "PUT",
    "/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}",
    Retry.IDEMPOTENT,
    batch=Batch(
        endpoint=Endpoint(
            "post-/crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create_create",
            "POST",
            "/crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create",
            Retry.IDEMPOTENT,
        ),
        most=100,
        items=("body", "inputs"),
        item=((("from", "id"), "objectId"), (("to", "id"), "toObjectId")),
        once=((("path", "fromObjectType"), "objectType", False), (("path", "toObjectType"), "toObjectType", False)),
        body=("types",),
        results=("results",),
        match=((("fromObjectId",), ("from", "id")), (("toObjectId",), ("to", "id"))),
    ),
)
PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE = Endpoint(
    "patch-/crm/v3/objects/contacts/{contactId}_update",
    "PATCH",
    "/crm/v3/objects/contacts/{contactId}",
    Retry.NEVER,
    batch=Batch(
        endpoint=Endpoint(
            "post-/crm/v3/objects/contacts/batch/update_update",
            "POST",
            "/crm/v3/objects/contacts/batch/update",
            Retry.NEVER,
        ),
        most=100,
        items=("body", "inputs"),
        item=((("id",), "contactId"),),
        body=(),
        results=("results",),
        errors=("errors",),
        match=((("id",), ("id",)),),
        blames=((("context", "ids"), ("id",)),),
    ),
)
POST_CRM_V3_OBJECTS_CONTACTS_SEARCH_DO_SEARCH = Endpoint(
    "post-/crm/v3/objects/contacts/search_doSearch", "POST", "/crm/v3/objects/contacts/search", Retry.SAFE
)
GET_CRM_V3_OBJECTS_CONTACTS_GET_PAGE = Endpoint(
    "get-/crm/v3/objects/contacts_getPage", "GET", "/crm/v3/objects/contacts", Retry.SAFE
)

make_contact = maker(Contact, "hubspot", absent=("department",))
SELECT = "firstname,lastname,email,hs_additional_emails,phone,mobilephone,fax,jobtitle,associatedcompanyid,hubspot_owner_id,address,city,state,zip,country"
CREATE_GAPS = {
    "department": "HubSpot has no property for it until an account adds one; describe tells its name, and extra passes it on"
}
EMAILS_SLOTS = (
    {"type": "work"},
    {"type": "other"},
)
EMAILS_GAPS = {"type.home": "HubSpot keeps a main address and additional ones, which are of no kind; give it as other"}
PHONES_SLOTS = (
    {"type": "work"},
    {"type": "mobile"},
    {"type": "fax"},
)
PHONES_GAPS = {
    "type.home": "HubSpot has no property for it until an account adds one; describe tells its name, and extra passes it on",
    "type.assistant": "HubSpot has no property for it until an account adds one; describe tells its name, and extra passes it on",
    "type.other": "HubSpot has no property for it until an account adds one; describe tells its name, and extra passes it on",
}
UPDATE_GAPS = {
    "department": "HubSpot has no property for it until an account adds one; describe tells its name, and extra passes it on"
}
UPDATE_NEVER_CLEARED = ("company_id",)
PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE_SENDS = frozenset(
    ("address", "emails", "first_name", "job_title", "last_name", "owner_id", "phones")
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
    "associatedcompanyid",
    "hubspot_owner_id",
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
    "address": "street",
    "city": "city",
    "state": "region",
    "zip": "postal_code",
    "country": "country",
    "toObjectId": "company_id",
    "objectId": "id",
}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""

CUSTOM: tuple[tuple[str, ...], str, tuple[str, ...], bool, str | None] = (
    ("properties",),
    "(?!createdate$|hs_object_id$|(hs_)?lastmodifieddate$)[a-z][a-z0-9_]*",
    (
        "address",
        "associatedcompanyid",
        "city",
        "country",
        "email",
        "fax",
        "firstname",
        "hs_additional_emails",
        "hubspot_owner_id",
        "jobtitle",
        "lastname",
        "mobilephone",
        "phone",
        "state",
        "zip",
    ),
    True,
    ";",
)
"""Where records hold the fields that an account has added; see `unified_runtime.custom.Custom`."""

BATCHES: dict[str, int] = {"delete": 100, "create": 100, "update": 100}
"""Operations of which the vendor takes so many at once."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes of which every request may be sent again without doing anything twice."""


def get(ctx: Context, id: str) -> Steps[Contact]:
    """Read a contact: GET /crm/v3/objects/contacts/{contactId}."""
    answer, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID,
        path=(inputs.matching(id, ".+", "id", "HubSpot"),),
        query={"properties": SELECT + inputs.columns(ctx.custom_fields)},
        reads=types.Contact,
    )
    return read_contact(ctx, answer, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a contact: DELETE /crm/v3/objects/contacts/{contactId}."""
    yield from call(
        DELETE_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_ARCHIVE, path=(inputs.matching(id, ".+", "id", "HubSpot"),)
    )


def create(ctx: Context, contact: ContactCreate) -> Steps[Contact]:
    """Create a contact.

    In turn:
        POST /crm/v3/objects/contacts
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed
        GET /crm/v3/objects/contacts/{contactId}
    """
    inputs.refuse(contact, CREATE_GAPS, "HubSpot")
    emails_work = inputs.slot(
        contact.emails, {"type": "work"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_GAPS
    )
    emails_other = inputs.slot_of_several(
        contact.emails, ";", {"type": "other"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_GAPS
    )
    phones_work = inputs.slot(
        contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_GAPS
    )
    phones_mobile = inputs.slot(
        contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_GAPS
    )
    phones_fax = inputs.slot(contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_GAPS)
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
    body = inputs.merge(body, ctx.extra, "HubSpot")
    body = inputs.default(body, {"properties": {}})
    created = yield from call(
        POST_CRM_V3_OBJECTS_CONTACTS_CREATE, json=body, reads=types.ContactsContact, keep="created"
    )
    yield Made(created.id)
    if contact.company_id is not None:
        first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
        body_2: list[Any] = [first_element]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=("contacts", created.id, "companies", contact.company_id),
            json=body_2,
        )
    answer, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID,
        path=(created.id,),
        query={"properties": SELECT + inputs.columns(ctx.custom_fields)},
        reads=types.Contact,
    )
    return read_contact(ctx, answer, raw)


def update(ctx: Context, id: str, contact: ContactUpdate) -> Steps[Contact]:
    """Change a contact.

    In turn:
        PATCH /crm/v3/objects/contacts/{contactId}, if needed
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed
        GET /crm/v3/objects/contacts/{contactId}
    """
    inputs.refuse(contact, UPDATE_GAPS, "HubSpot", clears=True)
    given = inputs.changes(contact, ctx.extra, "HubSpot")
    inputs.refuse_clearing(contact, given, UPDATE_NEVER_CLEARED, "HubSpot")
    if given & PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE_SENDS or ctx.extra:
        emails_work = inputs.slot(
            contact.emails, {"type": "work"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_GAPS
        )
        emails_other = inputs.slot_of_several(
            contact.emails, ";", {"type": "other"}, "address", EMAILS_SLOTS, "emails", "HubSpot", EMAILS_GAPS
        )
        phones_work = inputs.slot(
            contact.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_GAPS
        )
        phones_mobile = inputs.slot(
            contact.phones, {"type": "mobile"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_GAPS
        )
        phones_fax = inputs.slot(
            contact.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_GAPS
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
        if "address" in given:
            properties["address"] = (
                "" if contact.address is None or contact.address.street is None else contact.address.street
            )
        if "address" in given:
            properties["city"] = "" if contact.address is None or contact.address.city is None else contact.address.city
        if "address" in given:
            properties["state"] = (
                "" if contact.address is None or contact.address.region is None else contact.address.region
            )
        if "address" in given:
            properties["zip"] = (
                "" if contact.address is None or contact.address.postal_code is None else contact.address.postal_code
            )
        if "address" in given:
            properties["country"] = (
                "" if contact.address is None or contact.address.country is None else contact.address.country
            )
        body: dict[str, Any] = {}
        if properties:
            body["properties"] = properties
        body = inputs.merge(body, ctx.extra, "HubSpot")
        yield from call(
            PATCH_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_UPDATE,
            path=(inputs.matching(id, ".+", "id", "HubSpot"),),
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
    answer, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_CONTACTS_CONTACT_ID_GET_BY_ID,
        path=(inputs.matching(id, ".+", "id", "HubSpot"),),
        query={"properties": SELECT + inputs.columns(ctx.custom_fields)},
        reads=types.Contact,
    )
    return read_contact(ctx, answer, raw)


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
        or filters.updated_after is not None
        or ctx.sought is not None
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
        if filters.updated_after is not None:
            clauses.append(
                {
                    "propertyName": "lastmodifieddate",
                    "operator": "GTE",
                    "value": hubspot_datetime.encode(filters.updated_after),
                }
            )
        if ctx.sought is not None:
            clauses.extend(hubspot.sought(ctx.sought))
        paging.check_within(ctx.cursor, 10000, "HubSpot")
        body: dict[str, Any] = {
            "properties": [*SELECT_2, *ctx.custom_fields],
            "limit": inputs.page_size_within(ctx.limit, 100, ctx.cursor, 10000),
        }
        if clauses:
            body["filterGroups"] = [{"filters": clauses}]
        if ctx.cursor is not None:
            body["after"] = ctx.cursor
        answer, raw = yield from fetch(
            POST_CRM_V3_OBJECTS_CONTACTS_SEARCH_DO_SEARCH, json=body, reads=types.ContactSearchPage
        )
        items = answer.results or []
        records = [read_contact(ctx, each, raw.at("results", index)) for index, each in enumerate(items)]
        paging_2 = answer.paging or types.ForwardPaging()
        next_ = paging_2.next or types.NextPage()
        return Page(records, cursor=paging.cut_off(paging.token(next_.after), answer.total, 10000))
    query: dict[str, Any] = {
        "properties": SELECT + inputs.columns(ctx.custom_fields),
        "limit": inputs.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    answer_2, raw = yield from fetch(GET_CRM_V3_OBJECTS_CONTACTS_GET_PAGE, query=query, reads=types.ContactPage)
    items_2 = answer_2.results or []
    records = [read_contact(ctx, each, raw.at("results", index)) for index, each in enumerate(items_2)]
    paging_3 = answer_2.paging or types.ForwardPaging()
    next__2 = paging_3.next or types.NextPage()
    return Page(records, cursor=paging.token(next__2.after))


def read_contact(ctx: Context, r: types.Contact, raw: Raw) -> Contact:
    """Read a unified Contact from a Contact of HubSpot."""
    properties = r.properties or types.ContactProperties()
    values: ContactValues = {
        "id": answers.present(r.id or None, "id", "HubSpot"),
        "first_name": properties.firstname or None,
        "last_name": properties.lastname or None,
        "emails": [
            *([Email(type="work", address=properties.email)] if properties.email else []),
            *(Email(type="other", address=each) for each in answers.split(properties.hs_additional_emails, ";")),
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
        "created_at": datetimes.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_contact(values, raw)
