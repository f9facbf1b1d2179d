"""The unified companies: An organization one does business with. Written by `gen build`; do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Address(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    street: str | None = None
    """Street and number."""
    city: str | None = None
    """The city."""
    region: str | None = None
    """State or province."""
    postal_code: str | None = None
    """The postal code."""
    country: str | None = None
    """The country."""


class Company(Record):
    """An organization one does business with."""

    id: str
    """The company's id."""
    name: str | None = None
    """What it is called."""
    domain: str | None = None
    """The domain of its website, such as example.com."""
    industry: str | None = None
    """What it does, in the vendor's word."""
    employees: int | None = None
    """How many people work there."""
    annual_revenue: Decimal | None = None
    """What it turns over in a year."""
    phones: Annotated[list[Phone], Field(validate_default=True)] = []
    """Telephone numbers, the main one first."""
    description: str | None = None
    """More about it."""
    parent_id: str | None = None
    """The company it belongs to."""
    owner_id: str | None = None
    """Its owner."""
    address: Address | None = None
    """Its address."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class CompanyCreate(Input):
    """Create a company."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """What it is called."""
    domain: str | None = None
    """The domain of its website, such as example.com."""
    industry: str | None = None
    """What it does, in the vendor's word."""
    employees: Annotated[int | None, Field(ge=0)] = None
    """How many people work there."""
    annual_revenue: Decimal | None = None
    """What it turns over in a year."""
    phones: list[Phone] | None = None
    """Telephone numbers, the main one first."""
    description: str | None = None
    """More about it."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it belongs to."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Its owner."""
    address: Address | None = None
    """Its address."""
    allow_duplicate: bool | None = None
    """Save it though the vendor finds a similar record."""


class CompanyFilters(Input):
    """Find companies."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Text in the name."""
    name: str | None = None
    """Of this name."""
    domain: str | None = None
    """With this domain."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Looked after by this user."""
    created_after: AwareDatetime | None = None
    """Created since then."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class CompanyUpdate(Input):
    """Change a company."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """What it is called."""
    domain: str | None = None
    """The domain of its website, such as example.com."""
    industry: str | None = None
    """What it does, in the vendor's word."""
    employees: Annotated[int | None, Field(ge=0)] = None
    """How many people work there."""
    annual_revenue: Decimal | None = None
    """What it turns over in a year."""
    phones: list[Phone] | None = None
    """Telephone numbers, the main one first."""
    description: str | None = None
    """More about it."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it belongs to."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Its owner."""
    address: Address | None = None
    """Its address."""


class CompanyUpsert(Input):
    """Save an organization by domain or name."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """What it is called."""
    domain: str | None = None
    """The domain of its website, such as example.com."""
    industry: str | None = None
    """What it does, in the vendor's word."""
    employees: Annotated[int | None, Field(ge=0)] = None
    """How many people work there."""
    annual_revenue: Decimal | None = None
    """What it turns over in a year."""
    phones: list[Phone] | None = None
    """Telephone numbers, the main one first."""
    description: str | None = None
    """More about it."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it belongs to."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Its owner."""
    address: Address | None = None
    """Its address."""


class Phone(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["work", "fax"] | None = None
    """What it is used for."""
    number: str | None = None
    """The number."""


if TYPE_CHECKING:

    class CompanyValues(TypedDict):
        """Values of Company."""

        id: str
        name: str | None
        domain: str | None
        industry: str | None
        employees: int | None
        annual_revenue: Decimal | None
        phones: Annotated[list[Phone], Field(validate_default=True)]
        description: str | None
        parent_id: str | None
        owner_id: str | None
        address: Address | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    CompanyValues = dict
