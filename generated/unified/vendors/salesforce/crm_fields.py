"""Salesforce crm_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.crm_fields import Choice, CrmField, CrmFieldFilters, CrmFieldValues
from unified.vendors.salesforce import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

GET_SOBJECTS_S_OBJECT_DESCRIBE = Endpoint(
    "GET /sobjects/{sObject}/describe", "GET", "/sobjects/{sObject}/describe", Retry.SAFE
)

make_crm_field = maker(CrmField, "salesforce")
LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_GAPS = {"type": "contacts, companies and deals are objects of their own"}

FIELDS: dict[str, str] = {"sObject": "type"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: CrmFieldFilters) -> Steps[Page[CrmField]]:
    """List fields.

    One of:
        GET /sobjects/{sObject}/describe
        GET /sobjects/{sObject}/describe
        GET /sobjects/{sObject}/describe
        GET /sobjects/{sObject}/describe
    """
    if filters.of == "contacts":
        inputs.refuse(filters, LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_GAPS, "Salesforce")
        answer, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=("Contact",), reads=types.DescribeSObjectResult
        )
        items = answer.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items)]
        return Page(records)
    if filters.of == "companies":
        inputs.refuse(filters, LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_GAPS, "Salesforce")
        answer_2, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=("Account",), reads=types.DescribeSObjectResult
        )
        items_2 = answer_2.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items_2)]
        return Page(records)
    if filters.of == "deals":
        inputs.refuse(filters, LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_GAPS, "Salesforce")
        answer_3, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=("Opportunity",), reads=types.DescribeSObjectResult
        )
        items_3 = answer_3.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items_3)]
        return Page(records)
    if filters.type is not None and filters.of == "crm_records":
        answer_4, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=(filters.type,), reads=types.DescribeSObjectResult
        )
        items_4 = answer_4.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items_4)]
        return Page(records)
    raise inputs.needs("of or type", "Salesforce")


def _read_required(nillable: Any, defaulted_on_create: Any, createable: Any) -> bool | None:
    if nillable is False and defaulted_on_create is False and createable is True:
        return True
    if nillable in (True, False, None):
        return False
    return None


def _read_choice(r: types.SObjectFieldPicklistValues) -> Choice:
    return Choice(name=r.label, value=r.value)


def read_crm_field(r: types.SObjectField, raw: Raw) -> CrmField:
    """Read a unified CrmField from a SObjectField of Salesforce."""
    values: CrmFieldValues = {
        "id": answers.present(r.name, "id", "Salesforce"),
        "name": r.label,
        "required": _read_required(r.nillable, r.defaulted_on_create, r.createable),
        "custom": r.custom,
        "kind": r.type,
        "choices": [_read_choice(each) for each in r.picklist_values or ()],
    }
    return make_crm_field(values, raw)
