"""HubSpot crm_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.crm_fields import Choice, CrmField, CrmFieldFilters, CrmFieldValues

GET_CRM_V3_PROPERTIES_OBJECT_TYPE_GET_ALL = Endpoint(
    "get-/crm/v3/properties/{objectType}_getAll", "GET", "/crm/v3/properties/{objectType}", Retry.SAFE
)

CUSTOM_READ: dict[Any, bool] = {True: False, False: True, None: True}
make_crm_field = record_factory(CrmField, "hubspot", absent=("required",))
LIST_GET_CRM_V3_PROPERTIES_OBJECT_TYPE_GET_ALL_UNSUPPORTED = {
    "type": "contacts, companies and deals have their own operations"
}

FIELDS: dict[str, str] = {"objectType": "type"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: CrmFieldFilters) -> Steps[Page[CrmField]]:
    """List fields.

    One of:
        GET /crm/v3/properties/{objectType}
        GET /crm/v3/properties/{objectType}
    """
    if filters.type is not None and filters.of == "crm_records":
        response, raw = yield from fetch(
            GET_CRM_V3_PROPERTIES_OBJECT_TYPE_GET_ALL,
            path=(filters.type,),
            query=ctx.extra or None,
            schema=types.CollectionResponsePropertyNoPaging,
        )
        items = response.results or []
        records = [read_crm_field(each, raw.at("results", index)) for index, each in enumerate(items)]
        return Page(records)
    if filters.of != "crm_records":
        input_validation.reject_unsupported(
            filters, LIST_GET_CRM_V3_PROPERTIES_OBJECT_TYPE_GET_ALL_UNSUPPORTED, "HubSpot"
        )
        response_2, raw = yield from fetch(
            GET_CRM_V3_PROPERTIES_OBJECT_TYPE_GET_ALL,
            path=(filters.of,),
            query=ctx.extra or None,
            schema=types.CollectionResponsePropertyNoPaging,
        )
        items_2 = response_2.results or []
        records = [read_crm_field(each, raw.at("results", index)) for index, each in enumerate(items_2)]
        return Page(records)
    raise input_validation.needs("of or type", "HubSpot")


def _read_choice(r: types.Option) -> Choice:
    return Choice(name=r.label or None, value=r.value or None)


def read_crm_field(r: types.Property, raw: Raw) -> CrmField:
    """Read a unified CrmField from a Property of HubSpot."""
    values: CrmFieldValues = {
        "id": responses.required(r.name or None, "id", "HubSpot"),
        "name": r.label or None,
        "required": None,
        "custom": CUSTOM_READ.get(r.hubspot_defined),
        "kind": r.type or None,
        "choices": [_read_choice(each) for each in r.options or ()],
    }
    return make_crm_field(values, raw)
