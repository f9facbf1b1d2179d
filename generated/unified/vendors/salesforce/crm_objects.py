"""Salesforce crm_objects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified.models.crm_objects import CrmObject, CrmObjectFilters, CrmObjectValues
from unified.vendors.salesforce import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, maker

GET_SOBJECTS = Endpoint("GET /sobjects", "GET", "/sobjects", Retry.SAFE)

make_crm_object = maker(CrmObject, "salesforce", absent=("name_field",))

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: CrmObjectFilters) -> Steps[Page[CrmObject]]:
    """List the custom objects that the account has: GET /sobjects."""
    answer, raw = yield from fetch(GET_SOBJECTS, reads=types.DescribeGlobalResult)
    items = answer.sobjects or []
    records = [
        read_crm_object(each, raw.at("sobjects", index)) for index, each in enumerate(items) if _is_crm_object(each)
    ]
    return Page(records)


def read_crm_object(r: types.SObjectSummary, raw: Raw) -> CrmObject:
    """Read a unified CrmObject from a SObjectSummary of Salesforce."""
    values: CrmObjectValues = {
        "id": answers.present(r.name, "id", "Salesforce"),
        "name": r.label,
        "plural": r.label_plural,
        "name_field": None,
    }
    return make_crm_object(values, raw)


def _is_crm_object(r: types.SObjectSummary) -> bool:
    return not ((not (isinstance(r.name, str) and r.name.endswith("__c"))) or (r.custom_setting))
