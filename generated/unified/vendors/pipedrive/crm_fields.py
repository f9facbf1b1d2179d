"""Pipedrive crm_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.crm_fields import Choice, CrmField, CrmFieldFilters, CrmFieldValues

GET_PERSON_FIELDS = Endpoint("getPersonFields", "GET", "/personFields", Retry.SAFE)
GET_ORGANIZATION_FIELDS = Endpoint("getOrganizationFields", "GET", "/organizationFields", Retry.SAFE)
GET_DEAL_FIELDS = Endpoint("getDealFields", "GET", "/dealFields", Retry.SAFE)

make_crm_field = record_factory(CrmField, "pipedrive", absent=("required",))
LIST_UNSUPPORTED = {"type": "Pipedrive has no custom objects"}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: CrmFieldFilters) -> Steps[Page[CrmField]]:
    """List fields.

    One of:
        GET /personFields
        GET /organizationFields
        GET /dealFields
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Pipedrive")
    if filters.of == "contacts":
        query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
        if ctx.cursor is not None:
            query["cursor"] = ctx.cursor
        query = input_validation.merge(query, ctx.extra, "Pipedrive")
        response, raw = yield from fetch(GET_PERSON_FIELDS, query=query, schema=types.GetPersonFieldsResponse)
        items = response.data or []
        records = [read_crm_field(each, raw.at("data", index)) for index, each in enumerate(items)]
        additional_data = response.additional_data or types.GetPersonFieldsResponseAdditionalData()
        return Page(records, cursor=pagination.token(additional_data.next_cursor))
    if filters.of == "companies":
        query_2: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
        if ctx.cursor is not None:
            query_2["cursor"] = ctx.cursor
        query_2 = input_validation.merge(query_2, ctx.extra, "Pipedrive")
        response_2, raw = yield from fetch(
            GET_ORGANIZATION_FIELDS, query=query_2, schema=types.GetOrganizationFieldsResponse
        )
        items_2 = response_2.data or []
        records = [read_crm_field(each, raw.at("data", index)) for index, each in enumerate(items_2)]
        additional_data_2 = response_2.additional_data or types.GetOrganizationFieldsResponseAdditionalData()
        return Page(records, cursor=pagination.token(additional_data_2.next_cursor))
    if filters.of == "deals":
        query_3: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
        if ctx.cursor is not None:
            query_3["cursor"] = ctx.cursor
        query_3 = input_validation.merge(query_3, ctx.extra, "Pipedrive")
        response_3, raw = yield from fetch(GET_DEAL_FIELDS, query=query_3, schema=types.GetDealFieldsResponse)
        items_3 = response_3.data or []
        records = [read_crm_field(each, raw.at("data", index)) for index, each in enumerate(items_3)]
        additional_data_3 = response_3.additional_data or types.GetDealFieldsResponseAdditionalData()
        return Page(records, cursor=pagination.token(additional_data_3.next_cursor))
    raise input_validation.needs("of", "Pipedrive")


def _read_choice(r: types.FieldOptions) -> Choice:
    return Choice(
        id=str(r.id) if r.id is not None else None, name=r.label, value=str(r.id) if r.id is not None else None
    )


def read_crm_field(r: types.Field, raw: Raw) -> CrmField:
    """Read a unified CrmField from a Field of Pipedrive."""
    values: CrmFieldValues = {
        "id": responses.required(r.field_code, "id", "Pipedrive"),
        "name": r.field_name,
        "required": None,
        "custom": r.is_custom_field,
        "kind": r.field_type,
        "choices": [_read_choice(each) for each in r.options or ()],
    }
    return make_crm_field(values, raw)
