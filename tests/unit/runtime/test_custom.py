"""Values of custom fields, by the description of the fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unified.models.deals import Deal
from unified_runtime import InvalidInput, Raw, attach
from unified_runtime.core.custom_fields import typed
from unified_runtime.core.descriptions import Description
from unified_runtime.core.raw import Document


@dataclass(frozen=True)
class Choice:
    id: str | None = None
    name: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Field:
    id: str = "x__c"
    name: str | None = "X"
    required: bool | None = None
    custom: bool | None = True
    kind: str | None = None
    choices: tuple[Choice, ...] | None = None


SIZES = (Choice(value="l", name="Large"), Choice(value="s", name="Small"))
COLOURS = (Choice(id="31", value="31", name="Red"), Choice(id="32", value="32", name="Green"))
WHETHER = (Choice(value="true", name="Yes"), Choice(value="false", name="No"))


@pytest.mark.parametrize(
    ("kind", "choices", "value", "read"),
    [
        ("number", None, "12.50", Decimal("12.50")),
        ("double", None, Decimal("0.1"), Decimal("0.1")),
        ("currency", None, 3, Decimal(3)),
        ("number", None, "many", "many"),
        ("number", None, "NaN", "NaN"),
        ("number", None, True, True),
        ("number", None, "", None),
        ("bool", None, "true", True),
        ("boolean", None, False, False),
        ("bool", None, "perhaps", "perhaps"),
        ("date", None, "2031-01-02", date(2031, 1, 2)),
        ("date", None, "soon", "soon"),
        ("date", None, 1893456000000, 1893456000000),
        ("datetime", None, "2031-01-02T03:04:05Z", datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("datetime", None, "2031-01-02T03:04:05", "2031-01-02T03:04:05"),
        ("varchar", None, "12.50", "12.50"),
        (None, None, {"value": 3, "currency": "EUR"}, {"value": 3, "currency": "EUR"}),
        ("enumeration", SIZES, "l", "Large"),
        ("enumeration", SIZES, "l;s", ["Large", "Small"]),
        ("multipicklist", SIZES, "l;gone", ["Large", "gone"]),
        ("picklist", SIZES, "gone", "gone"),
        ("enum", COLOURS, 32, "Green"),
        ("set", COLOURS, [31, 32], ["Red", "Green"]),
        ("bool", WHETHER, "true", "Yes"),
        ("boolean", WHETHER, False, "No"),
        ("enum", (Choice(value="a;b", name="Both"),), "a;b", "Both"),
    ],
)
def test_a_value_is_what_its_field_holds(kind: str | None, choices: Any, value: Any, read: Any) -> None:
    found = typed(value, Field(kind=kind, choices=choices))
    assert found == read
    assert type(found) is type(read)


@given(
    st.sampled_from(["number", "bool", "date", "datetime", "double", "enumeration", None]),
    st.sampled_from([None, SIZES, COLOURS]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=True), lambda inner: st.lists(inner), max_leaves=5
    ),
)
def test_no_value_is_an_error(kind: str | None, choices: Any, value: Any) -> None:
    typed(value, Field(kind=kind, choices=choices))


def _described(*fields: Field) -> Description:
    return Description(vendor="salesforce", resource="deals", unified={}, unsupported={}, fields=fields)


def test_a_record_is_read_by_the_names_that_people_see() -> None:
    deal = attach(
        Deal(id="1"), "salesforce", Raw(Document(b'{"Size__c": "l", "Rate__c": 1.10, "A__c": 1, "B__c": 2, "Hidden__c": 3, "Amount": 4}'))
    )
    description = _described(
        Field("Size__c", "Size", kind="picklist", choices=SIZES),
        Field("Rate__c", "Rate", kind="percent"),
        Field("A__c", "Twice"),
        Field("B__c", "Twice"),
        Field("Other__c", "Other"),
        Field("Amount", "Amount"),
    )
    assert description.custom_fields(deal) == {"Size": "Large", "Rate": Decimal("1.10"), "A__c": 1, "B__c": 2}


def test_a_record_of_another_vendor_is_not_read() -> None:
    with pytest.raises(InvalidInput, match="describes records of salesforce, not of hubspot"):
        _described().custom_fields(attach(Deal(id="1"), "hubspot", Raw(Document(b"{}"))))
