"""HubSpot crm_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.crm_fields import Choice, CrmField, CrmFieldFilters, CrmFieldValues
from unified.vendors.hubspot import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, maker

GET_CRM_V3_PROPERTIES_OBJECT_TYPE_GET_ALL = Endpoint(
    "get-/crm/v3/properties/{objectType}_getAll", "GET", "/crm/v3/properties/{objectType}", Retry.SAFE
)

CUSTOM_READ: dict[Any, bool] = {True: False, False: True, None: True}
make_crm_field = maker(CrmField, "hubspot", absent=("required",))

FIELDS: dict[str, str] = {"objectType": "of"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: CrmFieldFilters) -> Steps[Page[CrmField]]:
    """List fields: GET /crm/v3/properties/{objectType}."""
    answer, raw = yield from fetch(
        GET_CRM_V3_PROPERTIES_OBJECT_TYPE_GET_ALL, path=(filters.of,), reads=types.CollectionResponsePropertyNoPaging
    )
    items = answer.results or []
    records = [read_crm_field(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records)


def _read_choice(r: types.Option) -> Choice:
    return Choice(name=r.label or None, value=r.value or None)


def read_crm_field(r: types.Property, raw: Raw) -> CrmField:
    """Read a unified CrmField from a Property of HubSpot."""
    values: CrmFieldValues = {
        "id": answers.present(r.name or None, "id", "HubSpot"),
        "name": r.label or None,
        "required": None,
        "custom": CUSTOM_READ.get(r.hubspot_defined),
        "kind": r.type or None,
        "choices": [_read_choice(each) for each in r.options or ()],
    }
    return make_crm_field(values, raw)
