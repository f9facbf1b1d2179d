"""HubSpot companies, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, list_slots, pagination, responses
from unified_runtime.adapter_api.codecs import decimals, decimals_text, hubspot_datetime, integers_text
from unified_runtime.adapter_api.query import hubspot
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

GET_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_GET_BY_ID = Endpoint(
    "get-/crm/v3/objects/companies/{companyId}_getById",
    "GET",
    "/crm/v3/objects/companies/{companyId}",
    Retry.SAFE,
    batch=batches.POST_CRM_V3_OBJECTS_COMPANIES_BATCH_READ_READ_SAFE,
)
DELETE_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_ARCHIVE = Endpoint(
    "delete-/crm/v3/objects/companies/{companyId}_archive",
    "DELETE",
    "/crm/v3/objects/companies/{companyId}",
    Retry.IDEMPOTENT,
    batch=batches.POST_CRM_V3_OBJECTS_COMPANIES_BATCH_ARCHIVE_ARCHIVE_IDEMPOTENT,
)
POST_CRM_V3_OBJECTS_COMPANIES_CREATE = Endpoint(
    "post-/crm/v3/objects/companies_create",
    "POST",
    "/crm/v3/objects/companies",
    Retry.NEVER,
    batch=batches.POST_CRM_V3_OBJECTS_COMPANIES_BATCH_CREATE_CREATE_NEVER,
)
POST_CRM_V3_OBJECTS_COMPANIES_SEARCH_DO_SEARCH = Endpoint(
    "post-/crm/v3/objects/companies/search_doSearch", "POST", "/crm/v3/objects/companies/search", Retry.SAFE
)
PATCH_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_UPDATE = Endpoint(
    "patch-/crm/v3/objects/companies/{companyId}_update",
    "PATCH",
    "/crm/v3/objects/companies/{companyId}",
    Retry.NEVER,
    batch=batches.POST_CRM_V3_OBJECTS_COMPANIES_BATCH_UPDATE_UPDATE_NEVER,
)
GET_CRM_V3_OBJECTS_COMPANIES_GET_PAGE = Endpoint(
    "get-/crm/v3/objects/companies_getPage", "GET", "/crm/v3/objects/companies", Retry.SAFE
)

make_company = record_factory(Company, "hubspot")
SELECT = "name,domain,industry,numberofemployees,annualrevenue,phone,description,hs_parent_company_id,hubspot_owner_id,address,city,state,zip,country"
CREATE_UNSUPPORTED = {
    "allow_duplicate": "HubSpot has no duplicate rules for companies",
    "parent_id": "HubSpot sets the parent from an association with the label parent company, which is created in HubSpot",
}
PHONES_SLOTS = ({"type": "work"},)
PHONES_UNSUPPORTED = {
    "type.fax": "HubSpot has this property only after an account adds it; get its name from `describe` and pass it in `extra`"
}
UPSERT_UNSUPPORTED = {
    "parent_id": "HubSpot sets the parent from an association with the label parent company, which is created in HubSpot"
}
UPDATE_UNSUPPORTED = {
    "parent_id": "HubSpot sets the parent from an association with the label parent company, which is created in HubSpot"
}
UPDATE_NEVER_CLEARED = ("name",)
PATCH_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_UPDATE_SENDS = frozenset(
    ("address", "annual_revenue", "description", "domain", "employees", "industry", "name", "owner_id", "phones")
)
SELECT_2 = (
    "name",
    "domain",
    "industry",
    "numberofemployees",
    "annualrevenue",
    "phone",
    "description",
    "hs_parent_company_id",
    "hubspot_owner_id",
    "address",
    "city",
    "state",
    "zip",
    "country",
)

FIELDS: dict[str, str] = {
    "companyId": "id",
    "name": "name",
    "domain": "domain",
    "industry": "industry",
    "numberofemployees": "employees",
    "annualrevenue": "annual_revenue",
    "phone": "phones",
    "description": "description",
    "hubspot_owner_id": "owner_id",
    "address": "street",
    "city": "city",
    "state": "region",
    "zip": "postal_code",
    "country": "country",
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
        "annualrevenue",
        "city",
        "country",
        "description",
        "domain",
        "hs_parent_company_id",
        "hubspot_owner_id",
        "industry",
        "name",
        "numberofemployees",
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


def get(ctx: Context, id: str) -> Steps[Company]:
    """Read a company: GET /crm/v3/objects/companies/{companyId}."""
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Company,
    )
    return read_company(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a company: DELETE /crm/v3/objects/companies/{companyId}."""
    yield from call(
        DELETE_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_ARCHIVE, path=(input_validation.matching(id, ".+", "id", "HubSpot"),)
    )


def create(ctx: Context, company: CompanyCreate) -> Steps[Company]:
    """Create a company.

    In turn:
        POST /crm/v3/objects/companies
        GET /crm/v3/objects/companies/{companyId}
    """
    input_validation.reject_unsupported(company, CREATE_UNSUPPORTED, "HubSpot")
    phones_work = list_slots.slot(
        company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
    )
    properties: dict[str, Any] = {"name": company.name}
    if company.domain is not None:
        properties["domain"] = company.domain
    if company.industry is not None:
        properties["industry"] = company.industry
    if company.employees is not None:
        properties["numberofemployees"] = input_validation.matching(
            integers_text.encode(company.employees), "^[0-9]*$", "employees", "HubSpot"
        )
    if company.annual_revenue is not None:
        properties["annualrevenue"] = input_validation.matching(
            decimals_text.encode(company.annual_revenue), "^(-?[0-9]+([.][0-9]+)?)?$", "annual_revenue", "HubSpot"
        )
    if phones_work is not None:
        properties["phone"] = phones_work
    if company.description is not None:
        properties["description"] = company.description
    if company.owner_id is not None:
        properties["hubspot_owner_id"] = company.owner_id
    if company.address is not None and company.address.street is not None:
        properties["address"] = company.address.street
    if company.address is not None and company.address.city is not None:
        properties["city"] = company.address.city
    if company.address is not None and company.address.region is not None:
        properties["state"] = company.address.region
    if company.address is not None and company.address.postal_code is not None:
        properties["zip"] = company.address.postal_code
    if company.address is not None and company.address.country is not None:
        properties["country"] = company.address.country
    body: dict[str, Any] = {"properties": properties}
    body = input_validation.merge(body, ctx.extra, "HubSpot")
    created = yield from call(
        POST_CRM_V3_OBJECTS_COMPANIES_CREATE, json=body, schema=types.CompaniesCompany, save_as="created"
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_GET_BY_ID,
        path=(created.id,),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Company,
    )
    return read_company(ctx, response, raw)


def upsert(ctx: Context, company: CompanyUpsert) -> Steps[Company]:
    """Save an organization by domain or name.

    In turn:
        POST /crm/v3/objects/companies/search, if needed
        POST /crm/v3/objects/companies/search, if needed
        PATCH /crm/v3/objects/companies/{companyId}, if needed
        POST /crm/v3/objects/companies, if needed
        GET /crm/v3/objects/companies/{companyId}
    """
    input_validation.reject_unsupported(company, UPSERT_UNSUPPORTED, "HubSpot")
    known: Any = None
    named: Any = None
    created: types.CompaniesCompany | None = None
    if company.domain is not None:
        clauses: list[Any] = [{"propertyName": "domain", "operator": "EQ", "value": company.domain}]
        body: dict[str, Any] = {"limit": 1, "sorts": ["hs_object_id"], "filterGroups": [{"filters": clauses}]}
        known_response = yield from call(
            POST_CRM_V3_OBJECTS_COMPANIES_SEARCH_DO_SEARCH, json=body, schema=types.CompanySearchPage, save_as="known"
        )
        known = responses.at(known_response.results, 0)
    if company.domain is None:
        clauses_2: list[Any] = [{"propertyName": "name", "operator": "EQ", "value": company.name}]
        body_2: dict[str, Any] = {"limit": 1, "sorts": ["hs_object_id"], "filterGroups": [{"filters": clauses_2}]}
        named_response = yield from call(
            POST_CRM_V3_OBJECTS_COMPANIES_SEARCH_DO_SEARCH, json=body_2, schema=types.CompanySearchPage, save_as="named"
        )
        named = responses.at(named_response.results, 0)
    if known is not None or named is not None:
        phones_work = list_slots.slot(
            company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        properties: dict[str, Any] = {"name": company.name}
        if company.domain is not None:
            properties["domain"] = company.domain
        if company.industry is not None:
            properties["industry"] = company.industry
        if company.employees is not None:
            properties["numberofemployees"] = input_validation.matching(
                integers_text.encode(company.employees), "^[0-9]*$", "employees", "HubSpot"
            )
        if company.annual_revenue is not None:
            properties["annualrevenue"] = input_validation.matching(
                decimals_text.encode(company.annual_revenue), "^(-?[0-9]+([.][0-9]+)?)?$", "annual_revenue", "HubSpot"
            )
        if phones_work is not None:
            properties["phone"] = phones_work
        if company.description is not None:
            properties["description"] = company.description
        if company.owner_id is not None:
            properties["hubspot_owner_id"] = company.owner_id
        if company.address is not None and company.address.street is not None:
            properties["address"] = company.address.street
        if company.address is not None and company.address.city is not None:
            properties["city"] = company.address.city
        if company.address is not None and company.address.region is not None:
            properties["state"] = company.address.region
        if company.address is not None and company.address.postal_code is not None:
            properties["zip"] = company.address.postal_code
        if company.address is not None and company.address.country is not None:
            properties["country"] = company.address.country
        body_3: dict[str, Any] = {"properties": properties}
        body_3 = input_validation.merge(body_3, ctx.extra, "HubSpot")
        yield from call(
            PATCH_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_UPDATE,
            path=(
                responses.at(known, "id")
                if known is not None and responses.at(known, "id") is not None
                else responses.at(named, "id"),
            ),
            json=body_3,
        )
    if responses.missing(known) and responses.missing(named):
        phones_work_2 = list_slots.slot(
            company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        properties_2: dict[str, Any] = {"name": company.name}
        if company.domain is not None:
            properties_2["domain"] = company.domain
        if company.industry is not None:
            properties_2["industry"] = company.industry
        if company.employees is not None:
            properties_2["numberofemployees"] = input_validation.matching(
                integers_text.encode(company.employees), "^[0-9]*$", "employees", "HubSpot"
            )
        if company.annual_revenue is not None:
            properties_2["annualrevenue"] = input_validation.matching(
                decimals_text.encode(company.annual_revenue), "^(-?[0-9]+([.][0-9]+)?)?$", "annual_revenue", "HubSpot"
            )
        if phones_work_2 is not None:
            properties_2["phone"] = phones_work_2
        if company.description is not None:
            properties_2["description"] = company.description
        if company.owner_id is not None:
            properties_2["hubspot_owner_id"] = company.owner_id
        if company.address is not None and company.address.street is not None:
            properties_2["address"] = company.address.street
        if company.address is not None and company.address.city is not None:
            properties_2["city"] = company.address.city
        if company.address is not None and company.address.region is not None:
            properties_2["state"] = company.address.region
        if company.address is not None and company.address.postal_code is not None:
            properties_2["zip"] = company.address.postal_code
        if company.address is not None and company.address.country is not None:
            properties_2["country"] = company.address.country
        body_4: dict[str, Any] = {"properties": properties_2}
        body_4 = input_validation.merge(body_4, ctx.extra, "HubSpot")
        created = yield from call(
            POST_CRM_V3_OBJECTS_COMPANIES_CREATE, json=body_4, schema=types.CompaniesCompany, save_as="created"
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_GET_BY_ID,
        path=(
            created.id
            if created is not None and created.id is not None
            else responses.at(known, "id")
            if known is not None and responses.at(known, "id") is not None
            else responses.at(named, "id"),
        ),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Company,
    )
    return read_company(ctx, response, raw)


def update(ctx: Context, id: str, company: CompanyUpdate) -> Steps[Company]:
    """Change a company.

    In turn:
        PATCH /crm/v3/objects/companies/{companyId}, if needed
        GET /crm/v3/objects/companies/{companyId}
    """
    input_validation.reject_unsupported(company, UPDATE_UNSUPPORTED, "HubSpot", clears=True)
    given = input_validation.changes(company, ctx.extra, "HubSpot")
    input_validation.reject_clearing(company, given, UPDATE_NEVER_CLEARED, "HubSpot")
    if given & PATCH_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_UPDATE_SENDS or ctx.extra:
        phones_work = list_slots.slot(
            company.phones, {"type": "work"}, "number", PHONES_SLOTS, "phones", "HubSpot", PHONES_UNSUPPORTED
        )
        properties: dict[str, Any] = {}
        if company.name is not None:
            properties["name"] = company.name
        if "domain" in given:
            properties["domain"] = "" if company.domain is None else company.domain
        if "industry" in given:
            properties["industry"] = "" if company.industry is None else company.industry
        if "employees" in given:
            properties["numberofemployees"] = (
                ""
                if company.employees is None
                else input_validation.matching(
                    integers_text.encode(company.employees), "^[0-9]*$", "employees", "HubSpot"
                )
            )
        if "annual_revenue" in given:
            properties["annualrevenue"] = (
                ""
                if company.annual_revenue is None
                else input_validation.matching(
                    decimals_text.encode(company.annual_revenue),
                    "^(-?[0-9]+([.][0-9]+)?)?$",
                    "annual_revenue",
                    "HubSpot",
                )
            )
        if "phones" in given:
            properties["phone"] = phones_work if phones_work is not None else ""
        if "description" in given:
            properties["description"] = "" if company.description is None else company.description
        if "owner_id" in given:
            properties["hubspot_owner_id"] = "" if company.owner_id is None else company.owner_id
        if input_validation.given_within(company, "address", "street"):
            properties["address"] = (
                "" if company.address is None or company.address.street is None else company.address.street
            )
        if input_validation.given_within(company, "address", "city"):
            properties["city"] = "" if company.address is None or company.address.city is None else company.address.city
        if input_validation.given_within(company, "address", "region"):
            properties["state"] = (
                "" if company.address is None or company.address.region is None else company.address.region
            )
        if input_validation.given_within(company, "address", "postal_code"):
            properties["zip"] = (
                "" if company.address is None or company.address.postal_code is None else company.address.postal_code
            )
        if input_validation.given_within(company, "address", "country"):
            properties["country"] = (
                "" if company.address is None or company.address.country is None else company.address.country
            )
        body: dict[str, Any] = {}
        if properties:
            body["properties"] = properties
        body = input_validation.merge(body, ctx.extra, "HubSpot")
        yield from call(
            PATCH_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_UPDATE,
            path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
            json=body,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_COMPANIES_COMPANY_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Company,
    )
    return read_company(ctx, response, raw)


def list_(ctx: Context, filters: CompanyFilters) -> Steps[Page[Company]]:
    """Find companies.

    One of:
        POST /crm/v3/objects/companies/search
        GET /crm/v3/objects/companies
    """
    if (
        filters.name is not None
        or filters.domain is not None
        or filters.owner_id is not None
        or filters.created_after is not None
        or filters.updated_after is not None
        or filters.text is not None
        or ctx.field_filters is not None
    ):
        clauses: list[Any] = []
        if filters.name is not None:
            clauses.append({"propertyName": "name", "operator": "EQ", "value": filters.name})
        if filters.domain is not None:
            clauses.append({"propertyName": "domain", "operator": "EQ", "value": filters.domain})
        if filters.owner_id is not None:
            clauses.append({"propertyName": "hubspot_owner_id", "operator": "EQ", "value": filters.owner_id})
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
                    "propertyName": "hs_lastmodifieddate",
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
            POST_CRM_V3_OBJECTS_COMPANIES_SEARCH_DO_SEARCH, json=body, schema=types.CompaniesCompanySearchPage
        )
        items = response.results or []
        records = [read_company(ctx, each, raw.at("results", index)) for index, each in enumerate(items)]
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
    response_2, raw = yield from fetch(GET_CRM_V3_OBJECTS_COMPANIES_GET_PAGE, query=query, schema=types.CompanyPage)
    items_2 = response_2.results or []
    records = [read_company(ctx, each, raw.at("results", index)) for index, each in enumerate(items_2)]
    paging = response_2.paging or types.ForwardPaging()
    next_ = paging.next or types.NextPage()
    return Page(records, cursor=pagination.token(next_.after))


def read_company(ctx: Context, r: types.Company, raw: Raw) -> Company:
    """Read a unified Company from a Company of HubSpot."""
    properties = r.properties or types.CompanyProperties()
    values: CompanyValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "name": properties.name or None,
        "domain": properties.domain or None,
        "industry": properties.industry or None,
        "employees": integers_text.decode(properties.numberofemployees) if properties.numberofemployees else None,
        "annual_revenue": decimals.decode(properties.annualrevenue) if properties.annualrevenue else None,
        "phones": [*([Phone(type="work", number=properties.phone)] if properties.phone else [])],
        "description": properties.description or None,
        "parent_id": properties.hs_parent_company_id or None,
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
        "url": f"https://app.hubspot.com/contacts/{ctx.connection.get('portal_id')}/record/0-2/{r.id}"
        if r.id is not None and ctx.connection.get("portal_id") is not None
        else None,
        "created_at": hubspot_datetime.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_company(values, raw)
