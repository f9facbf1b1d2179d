"""Pipedrive companies, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import types
from ...models.companies import (
    Address,
    Company,
    CompanyCreate,
    CompanyFilters,
    CompanyUpdate,
    CompanyUpsert,
    CompanyValues,
)

GET_ORGANIZATION = Endpoint("getOrganization", "GET", "/organizations/{id}", Retry.SAFE)
DELETE_ORGANIZATION = Endpoint("deleteOrganization", "DELETE", "/organizations/{id}", Retry.IDEMPOTENT)
ADD_ORGANIZATION = Endpoint("addOrganization", "POST", "/organizations", Retry.NEVER)
SEARCH_ORGANIZATION = Endpoint("searchOrganization", "GET", "/organizations/search", Retry.SAFE)
UPDATE_ORGANIZATION = Endpoint("updateOrganization", "PATCH", "/organizations/{id}", Retry.NEVER)
GET_ORGANIZATIONS = Endpoint("getOrganizations", "GET", "/organizations", Retry.SAFE)

make_company = record_factory(
    Company,
    "pipedrive",
    absent=("domain", "industry", "employees", "annual_revenue", "phones", "description", "parent_id"),
)
CREATE_UNSUPPORTED = {
    "allow_duplicate": "Pipedrive has no duplicate rules",
    "domain": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "industry": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "employees": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "annual_revenue": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "phones": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "description": "Pipedrive organizations have no description; use `notes`",
    "parent_id": "Pipedrive stores relations between organizations as separate records",
    "address": "Pipedrive parses the parts of an address from its text; pass it as `address.value` in `extra`",
}
UPSERT_UNSUPPORTED = {
    "domain": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "industry": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "employees": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "annual_revenue": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "phones": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "description": "Pipedrive organizations have no description; use `notes`",
    "parent_id": "Pipedrive stores relations between organizations as separate records",
    "address": "Pipedrive parses the parts of an address from its text; pass it as `address.value` in `extra`",
}
UPDATE_UNSUPPORTED = {
    "domain": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "industry": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "employees": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "annual_revenue": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "phones": "Pipedrive has this field only after an account adds it; get its key from `describe` and pass it in `extra`",
    "description": "Pipedrive organizations have no description; use `notes`",
    "parent_id": "Pipedrive stores relations between organizations as separate records",
    "address": "Pipedrive parses the parts of an address from its text; pass it as `address.value` in `extra`",
}
UPDATE_NEVER_CLEARED = ("name", "owner_id")
LIST_UNSUPPORTED = {"domain": ""}

FIELDS: dict[str, str] = {
    "id": "id",
    "name": "name",
    "owner_id": "owner_id",
    "term": "name",
    "updated_since": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=("custom_fields",), pattern="[0-9a-f]{40}")
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Company]:
    """Read a company: GET /organizations/{id}."""
    response, raw = yield from fetch(
        GET_ORGANIZATION,
        path=(input_validation.integer_id(id, "id", "Pipedrive"),),
        schema=types.GetOrganizationResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_company(record):
        raise responses.wrong_resource("Company", "Pipedrive")
    return read_company(ctx, record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a company: DELETE /organizations/{id}."""
    yield from call(DELETE_ORGANIZATION, path=(input_validation.integer_id(id, "id", "Pipedrive"),))


def create(ctx: Context, company: CompanyCreate) -> Steps[Company]:
    """Create a company: POST /organizations."""
    input_validation.reject_unsupported(company, CREATE_UNSUPPORTED, "Pipedrive")
    body: dict[str, Any] = {"name": company.name}
    if company.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(company.owner_id, "owner_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(ADD_ORGANIZATION, json=body, schema=types.AddOrganizationResponse)
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_company(record):
        raise responses.wrong_resource("Company", "Pipedrive")
    return read_company(ctx, record, raw.at("data"))


def upsert(ctx: Context, company: CompanyUpsert) -> Steps[Company]:
    """Save an organization by domain or name.

    In turn:
        GET /organizations/search
        PATCH /organizations/{id}, if needed
        POST /organizations, if needed
        GET /organizations/{id}
    """
    input_validation.reject_unsupported(company, UPSERT_UNSUPPORTED, "Pipedrive")
    created: types.CreatedResponseData | None = None
    query: dict[str, Any] = {
        "term": input_validation.at_least(company.name, 1, "name", "Pipedrive"),
        "fields": "name",
        "exact_match": True,
        "limit": 100,
    }
    found_response = yield from call(SEARCH_ORGANIZATION, query=query, schema=types.FoundResponse, save_as="found")
    data = found_response.data or types.FoundResponseData()
    additional_data = found_response.additional_data or types.FoundResponseAdditionalData()
    responses.check_complete(additional_data.next_cursor, "Pipedrive")
    found = responses.first(data.items, lambda each: responses.at(each, "item", "name") == company.name, "found")
    if found is not None:
        body: dict[str, Any] = {"name": company.name}
        if company.owner_id is not None:
            body["owner_id"] = input_validation.integer_id(company.owner_id, "owner_id", "Pipedrive")
        body = input_validation.merge(body, ctx.extra, "Pipedrive")
        yield from call(UPDATE_ORGANIZATION, path=(responses.at(found, "item", "id"),), json=body)
    if responses.missing(found):
        body_2: dict[str, Any] = {"name": company.name}
        if company.owner_id is not None:
            body_2["owner_id"] = input_validation.integer_id(company.owner_id, "owner_id", "Pipedrive")
        body_2 = input_validation.merge(body_2, ctx.extra, "Pipedrive")
        created_response = yield from call(
            ADD_ORGANIZATION, json=body_2, schema=types.CreatedResponse, save_as="created"
        )
        created = created_response.data or types.CreatedResponseData()
    response, raw = yield from fetch(
        GET_ORGANIZATION,
        path=(created.id if created is not None and created.id is not None else responses.at(found, "item", "id"),),
        schema=types.GetOrganizationResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_company(record):
        raise responses.wrong_resource("Company", "Pipedrive")
    return read_company(ctx, record, raw.at("data"))


def update(ctx: Context, id: str, company: CompanyUpdate) -> Steps[Company]:
    """Change a company: PATCH /organizations/{id}."""
    input_validation.reject_unsupported(company, UPDATE_UNSUPPORTED, "Pipedrive", clears=True)
    given = input_validation.changes(company, ctx.extra, "Pipedrive")
    input_validation.reject_clearing(company, given, UPDATE_NEVER_CLEARED, "Pipedrive")
    body: dict[str, Any] = {}
    if company.name is not None:
        body["name"] = company.name
    if company.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(company.owner_id, "owner_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(
        UPDATE_ORGANIZATION,
        path=(input_validation.integer_id(id, "id", "Pipedrive"),),
        json=body,
        schema=types.UpdateOrganizationResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_company(record):
        raise responses.wrong_resource("Company", "Pipedrive")
    return read_company(ctx, record, raw.at("data"))


def list_(ctx: Context, filters: CompanyFilters) -> Steps[Page[Company]]:
    """Find companies.

    In turn:
        GET /organizations/search, if needed
        GET /organizations, if needed
    """
    input_validation.reject_input(
        "custom_fields", ctx.field_filters, "Pipedrive cannot filter lists by custom fields", "Pipedrive"
    )
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Pipedrive")
    hits: types.HitsResponseData | None = None
    if filters.name is not None:
        query: dict[str, Any] = {
            "term": input_validation.at_least(filters.name, 1, "name", "Pipedrive"),
            "fields": "name",
            "exact_match": True,
            "limit": 100,
        }
        hits_response = yield from call(SEARCH_ORGANIZATION, query=query, schema=types.HitsResponse, save_as="hits")
        additional_data = hits_response.additional_data or types.HitsResponseAdditionalData()
        responses.check_complete(additional_data.next_cursor, "Pipedrive")
        hits = hits_response.data or types.HitsResponseData()
    if filters.name is None or (hits is not None and hits.items):
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
        if filters.owner_id is not None:
            query_2["owner_id"] = input_validation.integer_id(filters.owner_id, "owner_id", "Pipedrive")
        if filters.updated_after is not None:
            query_2["updated_since"] = datetimes.encode(filters.updated_after)
        if ctx.cursor is not None:
            query_2["cursor"] = ctx.cursor
        query_2 = input_validation.merge(query_2, ctx.extra, "Pipedrive")
        response, raw = yield from fetch(GET_ORGANIZATIONS, query=query_2, schema=types.GetOrganizationsResponse)
        items = response.data or []
        records = [
            read_company(ctx, each, raw.at("data", index)) for index, each in enumerate(items) if _is_company(each)
        ]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.domain or ''}".casefold()]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        additional_data_2 = response.additional_data or types.GetOrganizationsResponseAdditionalData()
        return Page(records, cursor=pagination.token(additional_data_2.next_cursor))
    return Page([])


def read_company(ctx: Context, r: types.Organization, raw: Raw) -> Company:
    """Read a unified Company from an Organization of Pipedrive."""
    address = r.address or types.OrganizationAddress()
    values: CompanyValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "name": r.name,
        "domain": None,
        "industry": None,
        "employees": None,
        "annual_revenue": None,
        "phones": [],
        "description": None,
        "parent_id": None,
        "owner_id": str(r.owner_id) if r.owner_id is not None else None,
        "address": Address(
            street=address.route,
            city=address.locality,
            region=address.admin_area_level_1,
            postal_code=address.postal_code,
            country=address.country,
        )
        if address.route is not None
        or address.locality is not None
        or address.admin_area_level_1 is not None
        or address.postal_code is not None
        or address.country is not None
        else None,
        "url": f"https://{ctx.connection.get('company')}.pipedrive.com/organization/{r.id}"
        if r.id is not None and ctx.connection.get("company") is not None
        else None,
        "created_at": datetimes.decode(r.add_time) if r.add_time is not None else None,
        "updated_at": datetimes.decode(r.update_time) if r.update_time is not None else None,
    }
    return make_company(values, raw)


def _is_company(r: types.Organization) -> bool:
    return not r.is_deleted
