"""HubSpot crm_objects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import responses
from . import types
from ...models.crm_objects import CrmObject, CrmObjectFilters, CrmObjectValues

GET_CRM_V3_SCHEMAS = Endpoint("GET /crm/v3/schemas", "GET", "/crm/v3/schemas", Retry.SAFE)

make_crm_object = record_factory(CrmObject, "hubspot")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: CrmObjectFilters) -> Steps[Page[CrmObject]]:
    """List the custom objects that the account has: GET /crm/v3/schemas."""
    response, raw = yield from fetch(GET_CRM_V3_SCHEMAS, query=ctx.extra or None, schema=types.GETCrmV3SchemasResponse)
    items = response.results or []
    records = [read_crm_object(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records)


def read_crm_object(r: types.ObjectSchema, raw: Raw) -> CrmObject:
    """Read a unified CrmObject from an ObjectSchema of HubSpot."""
    labels = r.labels or types.ObjectSchemaLabels()
    values: CrmObjectValues = {
        "id": responses.required(r.object_type_id or None, "id", "HubSpot"),
        "name": labels.singular or None,
        "plural": labels.plural or None,
        "name_field": r.primary_display_property or None,
    }
    return make_crm_object(values, raw)
