"""Salesforce crm_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.crm_fields import Choice, CrmField, CrmFieldFilters, CrmFieldValues

GET_SOBJECTS_S_OBJECT_DESCRIBE = Endpoint(
    "GET /sobjects/{sObject}/describe", "GET", "/sobjects/{sObject}/describe", Retry.SAFE
)

make_crm_field = record_factory(CrmField, "salesforce")
LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_UNSUPPORTED = {"type": "contacts, companies and deals have their own operations"}

FIELDS: dict[str, str] = {"sObject": "type"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: CrmFieldFilters) -> Steps[Page[CrmField]]:
    """List fields.

    One of:
        GET /sobjects/{sObject}/describe
        GET /sobjects/{sObject}/describe
        GET /sobjects/{sObject}/describe
        GET /sobjects/{sObject}/describe
    """
    if filters.of == "contacts":
        input_validation.reject_unsupported(filters, LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_UNSUPPORTED, "Salesforce")
        response, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=("Contact",), schema=types.DescribeSObjectResult
        )
        items = response.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items)]
        return Page(records)
    if filters.of == "companies":
        input_validation.reject_unsupported(filters, LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_UNSUPPORTED, "Salesforce")
        response_2, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=("Account",), schema=types.DescribeSObjectResult
        )
        items_2 = response_2.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items_2)]
        return Page(records)
    if filters.of == "deals":
        input_validation.reject_unsupported(filters, LIST_GET_SOBJECTS_S_OBJECT_DESCRIBE_UNSUPPORTED, "Salesforce")
        response_3, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=("Opportunity",), schema=types.DescribeSObjectResult
        )
        items_3 = response_3.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items_3)]
        return Page(records)
    if filters.type is not None and filters.of == "crm_records":
        response_4, raw = yield from fetch(
            GET_SOBJECTS_S_OBJECT_DESCRIBE, path=(filters.type,), schema=types.DescribeSObjectResult
        )
        items_4 = response_4.fields or []
        records = [read_crm_field(each, raw.at("fields", index)) for index, each in enumerate(items_4)]
        return Page(records)
    raise input_validation.needs("of or type", "Salesforce")


def _read_required(nillable: Any, defaulted_on_create: Any, createable: Any) -> bool | None:
    if nillable is False and defaulted_on_create is False and createable is True:
        return True
    if nillable in (True, False, None):
        return False
    return None


def _read_choice(r: types.SObjectFieldPicklistValues) -> Choice:
    return Choice(name=r.label, value=r.value)


def read_crm_field(r: types.SObjectField, raw: Raw) -> CrmField:
    """Read a unified CrmField from an SObjectField of Salesforce."""
    values: CrmFieldValues = {
        "id": responses.required(r.name, "id", "Salesforce"),
        "name": r.label,
        "required": _read_required(r.nillable, r.defaulted_on_create, r.createable),
        "custom": r.custom,
        "kind": r.type,
        "choices": [_read_choice(each) for each in r.picklist_values or ()],
    }
    return make_crm_field(values, raw)
