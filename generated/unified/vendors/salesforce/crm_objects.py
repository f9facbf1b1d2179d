"""Salesforce crm_objects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import responses
from . import types
from ...models.crm_objects import CrmObject, CrmObjectFilters, CrmObjectValues

GET_SOBJECTS = Endpoint("GET /sobjects", "GET", "/sobjects", Retry.SAFE)

make_crm_object = record_factory(CrmObject, "salesforce", absent=("name_field",))

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: CrmObjectFilters) -> Steps[Page[CrmObject]]:
    """List the custom objects that the account has: GET /sobjects."""
    response, raw = yield from fetch(GET_SOBJECTS, schema=types.DescribeGlobalResult)
    items = response.sobjects or []
    records = [
        read_crm_object(each, raw.at("sobjects", index)) for index, each in enumerate(items) if _is_crm_object(each)
    ]
    return Page(records)


def read_crm_object(r: types.SObjectSummary, raw: Raw) -> CrmObject:
    """Read a unified CrmObject from an SObjectSummary of Salesforce."""
    values: CrmObjectValues = {
        "id": responses.required(r.name, "id", "Salesforce"),
        "name": r.label,
        "plural": r.label_plural,
        "name_field": None,
    }
    return make_crm_object(values, raw)


def _is_crm_object(r: types.SObjectSummary) -> bool:
    return not ((not (isinstance(r.name, str) and r.name.endswith("__c"))) or (r.custom_setting))
