"""HubSpot crm_objects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified.models.crm_objects import CrmObject, CrmObjectFilters, CrmObjectValues
from unified.vendors.hubspot import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, maker

GET_CRM_V3_SCHEMAS = Endpoint("GET /crm/v3/schemas", "GET", "/crm/v3/schemas", Retry.SAFE)

make_crm_object = maker(CrmObject, "hubspot")

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: CrmObjectFilters) -> Steps[Page[CrmObject]]:
    """List the custom objects that the account has: GET /crm/v3/schemas."""
    answer, raw = yield from fetch(GET_CRM_V3_SCHEMAS, reads=types.GETCrmV3SchemasAnswer)
    items = answer.results or []
    records = [read_crm_object(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records)


def read_crm_object(r: types.ObjectSchema, raw: Raw) -> CrmObject:
    """Read a unified CrmObject from a ObjectSchema of HubSpot."""
    labels = r.labels or types.ObjectSchemaLabels()
    values: CrmObjectValues = {
        "id": answers.present(r.object_type_id or None, "id", "HubSpot"),
        "name": labels.singular or None,
        "plural": labels.plural or None,
        "name_field": r.primary_display_property or None,
    }
    return make_crm_object(values, raw)
