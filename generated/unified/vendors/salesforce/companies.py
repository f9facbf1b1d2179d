"""Salesforce companies, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import hidden_fields, input_validation, list_slots, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, decimals, web_domain
from unified_runtime.adapter_api.query import soql
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import batches, types
from ...models.companies import (
    Address,
    Company,
    CompanyCreate,
    CompanyFilters,
    CompanyUpdate,
    CompanyUpsert,
    CompanyValues,
    Phone,
)

GET_SOBJECTS_ACCOUNT_ID = Endpoint(
    "GET /sobjects/Account/{id}",
    "GET",
    "/sobjects/Account/{id}",
    Retry.SAFE,
    batch=batches.GET_COMPOSITE_SOBJECTS_ACCOUNT_SAFE,
)
DELETE_SOBJECTS_ACCOUNT_ID = Endpoint(
    "DELETE /sobjects/Account/{id}",
    "DELETE",
    "/sobjects/Account/{id}",
    Retry.IDEMPOTENT,
    batch=batches.DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT,
)
POST_SOBJECTS_ACCOUNT = Endpoint(
    "POST /sobjects/Account", "POST", "/sobjects/Account", Retry.NEVER, batch=batches.POST_COMPOSITE_SOBJECTS_NEVER
)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)
PATCH_SOBJECTS_ACCOUNT_ID = Endpoint(
    "PATCH /sobjects/Account/{id}",
    "PATCH",
    "/sobjects/Account/{id}",
    Retry.NEVER,
    batch=batches.PATCH_COMPOSITE_SOBJECTS_NEVER,
)

make_company = record_factory(Company, "salesforce")
SELECT = "Id,Name,Website,Industry,NumberOfEmployees,AnnualRevenue,Phone,Fax,Description,ParentId,OwnerId,BillingStreet,BillingCity,BillingState,BillingPostalCode,BillingCountry,CreatedDate,LastModifiedDate"
PHONES_SLOTS = (
    {"type": "work"},
    {"type": "fax"},
)
ALLOW_DUPLICATE_WRITE: dict[Any, Any] = {True: "allowSave=true", False: "allowSave=false"}
UPDATE_NEVER_CLEARED = ("name", "owner_id")
PATCH_SOBJECTS_ACCOUNT_ID_SENDS = frozenset(
    (
        "address",
        "annual_revenue",
        "description",
        "domain",
        "employees",
        "industry",
        "name",
        "owner_id",
        "parent_id",
        "phones",
    )
)

FIELDS: dict[str, str] = {
    "id": "id",
    "Sforce-Duplicate-Rule-Header": "allow_duplicate",
    "Name": "name",
    "Website": "domain",
    "Industry": "industry",
    "NumberOfEmployees": "employees",
    "AnnualRevenue": "annual_revenue",
    "Phone": "phones",
    "Fax": "phones",
    "Description": "description",
    "ParentId": "parent_id",
    "OwnerId": "owner_id",
    "BillingStreet": "street",
    "BillingCity": "city",
    "BillingState": "region",
    "BillingPostalCode": "postal_code",
    "BillingCountry": "country",
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


def get(ctx: Context, id: str) -> Steps[Company]:
    """Read a company: GET /sobjects/Account/{id}."""
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_ACCOUNT_ID,
            path=(id,),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.AccountSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_company(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a company: DELETE /sobjects/Account/{id}."""
    yield from call(DELETE_SOBJECTS_ACCOUNT_ID, path=(id,))


def create(ctx: Context, company: CompanyCreate) -> Steps[Company]:
    """Create a company.

    In turn:
        POST /sobjects/Account
        GET /sobjects/Account/{id}
    """
    phones_work = list_slots.slot(company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce")
    phones_fax = list_slots.slot(company.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
    body: dict[str, Any] = {"Name": company.name}
    if company.domain is not None:
        body["Website"] = web_domain.encode(company.domain)
    if company.industry is not None:
        body["Industry"] = company.industry
    if company.employees is not None:
        body["NumberOfEmployees"] = input_validation.within(
            company.employees, "employees", "Salesforce", minimum=0, maximum=99999999
        )
    if company.annual_revenue is not None:
        body["AnnualRevenue"] = decimals.encode(company.annual_revenue)
    if phones_work is not None:
        body["Phone"] = phones_work
    if phones_fax is not None:
        body["Fax"] = phones_fax
    if company.description is not None:
        body["Description"] = company.description
    if company.parent_id is not None:
        body["ParentId"] = company.parent_id
    if company.owner_id is not None:
        body["OwnerId"] = company.owner_id
    if company.address is not None and company.address.street is not None:
        body["BillingStreet"] = company.address.street
    if company.address is not None and company.address.city is not None:
        body["BillingCity"] = company.address.city
    if company.address is not None and company.address.region is not None:
        body["BillingState"] = company.address.region
    if company.address is not None and company.address.postal_code is not None:
        body["BillingPostalCode"] = company.address.postal_code
    if company.address is not None and company.address.country is not None:
        body["BillingCountry"] = company.address.country
    headers: dict[str, Any] = {}
    if company.allow_duplicate is not None:
        headers["Sforce-Duplicate-Rule-Header"] = ALLOW_DUPLICATE_WRITE[company.allow_duplicate]
    body = input_validation.merge(body, ctx.extra, "Salesforce")
    saved = yield from call(POST_SOBJECTS_ACCOUNT, headers=headers, json=body, schema=types.SaveResult, save_as="saved")
    yield CreatedRecord(saved.id)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_ACCOUNT_ID,
            path=(saved.id,),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.AccountSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_company(ctx, response, raw)


def upsert(ctx: Context, company: CompanyUpsert) -> Steps[Company]:
    """Save an organization by domain or name.

    In turn:
        GET /query, if needed
        GET /query, if needed
        PATCH /sobjects/Account/{id}, if needed
        POST /sobjects/Account, if needed
        GET /sobjects/Account/{id}
    """
    known: Any = None
    named: Any = None
    saved: types.SaveResult | None = None
    if company.domain is not None:
        clauses = [f"Website = {soql.text(company.domain)}"]
        known_response = yield from call(
            GET_QUERY,
            query={
                "q": "SELECT FIELDS(STANDARD) FROM Account WHERE " + " AND ".join(clauses) + " ORDER BY CreatedDate"
            },
            schema=types.CompaniesQueryResult,
            save_as="known",
        )
        known = responses.at(known_response.records, 0)
    if company.domain is None:
        clauses_2 = [f"Name = {soql.text(company.name)}"]
        named_response = yield from call(
            GET_QUERY,
            query={
                "q": "SELECT FIELDS(STANDARD) FROM Account WHERE " + " AND ".join(clauses_2) + " ORDER BY CreatedDate"
            },
            schema=types.CompaniesQueryResult,
            save_as="named",
        )
        named = responses.at(named_response.records, 0)
    if known is not None or named is not None:
        phones_work = list_slots.slot(company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_fax = list_slots.slot(company.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        body: dict[str, Any] = {"Name": company.name}
        if company.domain is not None:
            body["Website"] = web_domain.encode(company.domain)
        if company.industry is not None:
            body["Industry"] = company.industry
        if company.employees is not None:
            body["NumberOfEmployees"] = input_validation.within(
                company.employees, "employees", "Salesforce", minimum=0, maximum=99999999
            )
        if company.annual_revenue is not None:
            body["AnnualRevenue"] = decimals.encode(company.annual_revenue)
        if phones_work is not None:
            body["Phone"] = phones_work
        if phones_fax is not None:
            body["Fax"] = phones_fax
        if company.description is not None:
            body["Description"] = company.description
        if company.parent_id is not None:
            body["ParentId"] = company.parent_id
        if company.owner_id is not None:
            body["OwnerId"] = company.owner_id
        if company.address is not None and company.address.street is not None:
            body["BillingStreet"] = company.address.street
        if company.address is not None and company.address.city is not None:
            body["BillingCity"] = company.address.city
        if company.address is not None and company.address.region is not None:
            body["BillingState"] = company.address.region
        if company.address is not None and company.address.postal_code is not None:
            body["BillingPostalCode"] = company.address.postal_code
        if company.address is not None and company.address.country is not None:
            body["BillingCountry"] = company.address.country
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(
            PATCH_SOBJECTS_ACCOUNT_ID,
            path=(
                responses.at(known, "Id")
                if known is not None and responses.at(known, "Id") is not None
                else responses.at(named, "Id"),
            ),
            json=body,
        )
    if responses.missing(known) and responses.missing(named):
        phones_work_2 = list_slots.slot(
            company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce"
        )
        phones_fax_2 = list_slots.slot(company.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        body_2: dict[str, Any] = {"Name": company.name}
        if company.domain is not None:
            body_2["Website"] = web_domain.encode(company.domain)
        if company.industry is not None:
            body_2["Industry"] = company.industry
        if company.employees is not None:
            body_2["NumberOfEmployees"] = input_validation.within(
                company.employees, "employees", "Salesforce", minimum=0, maximum=99999999
            )
        if company.annual_revenue is not None:
            body_2["AnnualRevenue"] = decimals.encode(company.annual_revenue)
        if phones_work_2 is not None:
            body_2["Phone"] = phones_work_2
        if phones_fax_2 is not None:
            body_2["Fax"] = phones_fax_2
        if company.description is not None:
            body_2["Description"] = company.description
        if company.parent_id is not None:
            body_2["ParentId"] = company.parent_id
        if company.owner_id is not None:
            body_2["OwnerId"] = company.owner_id
        if company.address is not None and company.address.street is not None:
            body_2["BillingStreet"] = company.address.street
        if company.address is not None and company.address.city is not None:
            body_2["BillingCity"] = company.address.city
        if company.address is not None and company.address.region is not None:
            body_2["BillingState"] = company.address.region
        if company.address is not None and company.address.postal_code is not None:
            body_2["BillingPostalCode"] = company.address.postal_code
        if company.address is not None and company.address.country is not None:
            body_2["BillingCountry"] = company.address.country
        body_2 = input_validation.merge(body_2, ctx.extra, "Salesforce")
        saved = yield from call(POST_SOBJECTS_ACCOUNT, json=body_2, schema=types.SaveResult, save_as="saved")
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_ACCOUNT_ID,
            path=(
                saved.id
                if saved is not None and saved.id is not None
                else responses.at(known, "Id")
                if known is not None and responses.at(known, "Id") is not None
                else responses.at(named, "Id"),
            ),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.AccountSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_company(ctx, response, raw)


def update(ctx: Context, id: str, company: CompanyUpdate) -> Steps[Company]:
    """Change a company.

    In turn:
        PATCH /sobjects/Account/{id}, if needed
        GET /sobjects/Account/{id}
    """
    given = input_validation.changes(company, ctx.extra, "Salesforce")
    input_validation.reject_clearing(company, given, UPDATE_NEVER_CLEARED, "Salesforce")
    if given & PATCH_SOBJECTS_ACCOUNT_ID_SENDS or ctx.extra:
        phones_work = list_slots.slot(company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        phones_fax = list_slots.slot(company.phones, {"type": "fax"}, "number", PHONES_SLOTS, "phones", "Salesforce")
        body: dict[str, Any] = {}
        if company.name is not None:
            body["Name"] = company.name
        if "domain" in given:
            body["Website"] = None if company.domain is None else web_domain.encode(company.domain)
        if "industry" in given:
            body["Industry"] = company.industry
        if "employees" in given:
            body["NumberOfEmployees"] = (
                None
                if company.employees is None
                else input_validation.within(company.employees, "employees", "Salesforce", minimum=0, maximum=99999999)
            )
        if "annual_revenue" in given:
            body["AnnualRevenue"] = None if company.annual_revenue is None else decimals.encode(company.annual_revenue)
        if "phones" in given:
            body["Phone"] = phones_work
        if "phones" in given:
            body["Fax"] = phones_fax
        if "description" in given:
            body["Description"] = company.description
        if "parent_id" in given:
            body["ParentId"] = company.parent_id
        if company.owner_id is not None:
            body["OwnerId"] = company.owner_id
        if input_validation.given_within(company, "address", "street"):
            body["BillingStreet"] = (
                None if company.address is None or company.address.street is None else company.address.street
            )
        if input_validation.given_within(company, "address", "city"):
            body["BillingCity"] = (
                None if company.address is None or company.address.city is None else company.address.city
            )
        if input_validation.given_within(company, "address", "region"):
            body["BillingState"] = (
                None if company.address is None or company.address.region is None else company.address.region
            )
        if input_validation.given_within(company, "address", "postal_code"):
            body["BillingPostalCode"] = (
                None if company.address is None or company.address.postal_code is None else company.address.postal_code
            )
        if input_validation.given_within(company, "address", "country"):
            body["BillingCountry"] = (
                None if company.address is None or company.address.country is None else company.address.country
            )
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_ACCOUNT_ID, path=(id,), json=body)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(
            GET_SOBJECTS_ACCOUNT_ID,
            path=(id,),
            query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
            schema=types.AccountSObject,
        ),
        "fields",
        "INVALID_FIELD",
    )
    return read_company(ctx, response, raw)


def list_(ctx: Context, filters: CompanyFilters) -> Steps[Page[Company]]:
    """Find companies: GET /query."""
    clauses: list[str] = []
    if filters.name is not None:
        clauses.append(f"Name = {soql.text(filters.name)}")
    if filters.domain is not None:
        clauses.append(f"Website LIKE {soql.contains(filters.domain)}")
    if filters.owner_id is not None:
        clauses.append(f"OwnerId = {soql.text(filters.owner_id)}")
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
            "q": f"SELECT FIELDS(STANDARD){input_validation.columns(ctx.custom_fields)} FROM Account"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.CompaniesQueryResult2,
    )
    items = response.records or []
    records = [read_company(ctx, each, raw.at("records", index)) for index, each in enumerate(items)]
    if filters.domain is not None:
        records = [each for each in records if each.domain == filters.domain]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def read_company(ctx: Context, r: types.AccountSObject, raw: Raw) -> Company:
    """Read a unified Company from an AccountSObject of Salesforce."""
    values: CompanyValues = {
        "id": responses.required(r.id, "id", "Salesforce"),
        "name": r.name,
        "domain": web_domain.decode(r.website) if r.website is not None else None,
        "industry": r.industry,
        "employees": r.number_of_employees,
        "annual_revenue": decimals.decode(r.annual_revenue) if r.annual_revenue is not None else None,
        "phones": [
            *([Phone(type="work", number=r.phone)] if r.phone is not None else []),
            *([Phone(type="fax", number=r.fax)] if r.fax is not None else []),
        ],
        "description": r.description,
        "parent_id": r.parent_id,
        "owner_id": r.owner_id,
        "address": Address(
            street=r.billing_street,
            city=r.billing_city,
            region=r.billing_state,
            postal_code=r.billing_postal_code,
            country=r.billing_country,
        )
        if r.billing_street is not None
        or r.billing_city is not None
        or r.billing_state is not None
        or r.billing_postal_code is not None
        or r.billing_country is not None
        else None,
        "url": f"{ctx.connection['instance_url']}/{r.id}" if r.id is not None else None,
        "created_at": datetimes.decode(r.created_date) if r.created_date is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    }
    return make_company(values, raw)
