"""The unified contacts: A person one does business with. Written by `gen build`; do not edit."""

from __future__ import annotations

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


class Contact(Record):
    """A person one does business with."""

    id: str
    """The contact's id."""
    first_name: str | None = None
    """The given name."""
    last_name: str | None = None
    """The family name."""
    emails: Annotated[list[Email], Field(validate_default=True)] = []
    """Addresses, the main one first."""
    phones: Annotated[list[Phone], Field(validate_default=True)] = []
    """Telephone numbers, the main one first."""
    job_title: str | None = None
    """Their job title."""
    department: str | None = None
    """Their department."""
    company_id: str | None = None
    """The company they belong to."""
    owner_id: str | None = None
    """Their owner."""
    lifecycle_stage: str | None = None
    """How far they are from lead to customer, in the vendor's word."""
    lead_source: str | None = None
    """Their source, in the vendor's words."""
    address: Address | None = None
    """Where post goes."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class ContactCreate(Input):
    """Create a contact."""

    model_config = ConfigDict(
        extra="forbid",
    )
    first_name: str | None = None
    """The given name."""
    last_name: str | None = None
    """The family name."""
    emails: list[Email] | None = None
    """Addresses, the main one first."""
    phones: list[Phone] | None = None
    """Telephone numbers, the main one first."""
    job_title: str | None = None
    """Their job title."""
    department: str | None = None
    """Their department."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company they belong to."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Their owner."""
    lifecycle_stage: str | None = None
    """How far they are from lead to customer, in the vendor's word."""
    lead_source: str | None = None
    """Their source, in the vendor's words."""
    address: Address | None = None
    """Where post goes."""
    allow_duplicate: bool | None = None
    """Save it though the vendor finds a similar record."""


class ContactFilters(Input):
    """Find contacts."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Text in the name."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this company."""
    deal_id: Annotated[str | None, Field(min_length=1)] = None
    """Part of this deal."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Looked after by this user."""
    email: str | None = None
    """With this address."""
    created_after: AwareDatetime | None = None
    """Created since then."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class ContactUpdate(Input):
    """Change a contact."""

    model_config = ConfigDict(
        extra="forbid",
    )
    first_name: str | None = None
    """The given name."""
    last_name: str | None = None
    """The family name."""
    emails: list[Email] | None = None
    """Addresses, the main one first."""
    phones: list[Phone] | None = None
    """Telephone numbers, the main one first."""
    job_title: str | None = None
    """Their job title."""
    department: str | None = None
    """Their department."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company they belong to."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Their owner."""
    lifecycle_stage: str | None = None
    """How far they are from lead to customer, in the vendor's word."""
    lead_source: str | None = None
    """Their source, in the vendor's words."""
    address: Address | None = None
    """Where post goes."""


class ContactUpsert(Input):
    """Save a person by e-mail address."""

    model_config = ConfigDict(
        extra="forbid",
    )
    first_name: str | None = None
    """The given name."""
    last_name: str | None = None
    """The family name."""
    phones: list[Phone] | None = None
    """Telephone numbers, the main one first."""
    job_title: str | None = None
    """Their job title."""
    department: str | None = None
    """Their department."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company they belong to."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Their owner."""
    lifecycle_stage: str | None = None
    """How far they are from lead to customer, in the vendor's word."""
    lead_source: str | None = None
    """Their source, in the vendor's words."""
    address: Address | None = None
    """Where post goes."""
    email: str
    """The address that identifies the contact."""


class Email(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["work", "home", "other"] | None = None
    """What it is used for."""
    address: str | None = None
    """The address."""


class Phone(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["work", "mobile", "home", "fax", "assistant", "other"] | None = None
    """What it is used for."""
    number: str | None = None
    """The number."""


if TYPE_CHECKING:

    class ContactValues(TypedDict):
        """Values of Contact."""

        id: str
        first_name: str | None
        last_name: str | None
        emails: Annotated[list[Email], Field(validate_default=True)]
        phones: Annotated[list[Phone], Field(validate_default=True)]
        job_title: str | None
        department: str | None
        company_id: str | None
        owner_id: str | None
        lifecycle_stage: str | None
        lead_source: str | None
        address: Address | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    ContactValues = dict
