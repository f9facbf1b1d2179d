"""The unified leads: Business that may become a deal. Written by `gen build`; do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Lead(Record):
    """Business that may become a deal."""

    id: str
    """The lead's id."""
    name: str | None = None
    """What it is called: of a person, first and last name."""
    first_name: str | None = None
    """The given name of the person."""
    last_name: str | None = None
    """The family name of the person."""
    email: str | None = None
    """Their address."""
    phone: str | None = None
    """Their number."""
    company_name: str | None = None
    """What their company is called."""
    job_title: str | None = None
    """What they do."""
    contact_id: str | None = None
    """The person it is about."""
    company_id: str | None = None
    """The company it is about."""
    amount: Decimal | None = None
    """What it may be worth, in its currency."""
    currency: str | None = None
    """The currency of the amount, an ISO 4217 code."""
    status: str | None = None
    """How far it is, in the vendor's own word."""
    source: str | None = None
    """Its source, in the vendor's own word."""
    owner_id: str | None = None
    """Who looks after it."""
    converted: bool | None = None
    """Whether it became a deal."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class LeadCreate(Input):
    """Create a lead."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """What it is called: of a person, first and last name."""
    first_name: str | None = None
    """The given name of the person."""
    last_name: str | None = None
    """The family name of the person."""
    email: str | None = None
    """Their address."""
    phone: str | None = None
    """Their number."""
    company_name: str | None = None
    """What their company is called."""
    job_title: str | None = None
    """What they do."""
    contact_id: Annotated[str | None, Field(min_length=1)] = None
    """The person it is about."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it is about."""
    amount: Decimal | None = None
    """What it may be worth, in its currency."""
    currency: str | None = None
    """The currency of the amount, an ISO 4217 code."""
    status: str | None = None
    """How far it is, in the vendor's own word."""
    source: str | None = None
    """Its source, in the vendor's own word."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Who looks after it."""


class LeadFilters(Input):
    """Find leads."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Text in the name."""
    email: str | None = None
    """With this address."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Looked after by this user."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class LeadUpdate(Input):
    """Change a lead."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """What it is called: of a person, first and last name."""
    first_name: str | None = None
    """The given name of the person."""
    last_name: str | None = None
    """The family name of the person."""
    email: str | None = None
    """Their address."""
    phone: str | None = None
    """Their number."""
    company_name: str | None = None
    """What their company is called."""
    job_title: str | None = None
    """What they do."""
    contact_id: Annotated[str | None, Field(min_length=1)] = None
    """The person it is about."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it is about."""
    amount: Decimal | None = None
    """What it may be worth, in its currency."""
    currency: str | None = None
    """The currency of the amount, an ISO 4217 code."""
    status: str | None = None
    """How far it is, in the vendor's own word."""
    source: str | None = None
    """Its source, in the vendor's own word."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Who looks after it."""


if TYPE_CHECKING:

    class LeadValues(TypedDict):
        """Values of Lead."""

        id: str
        name: str | None
        first_name: str | None
        last_name: str | None
        email: str | None
        phone: str | None
        company_name: str | None
        job_title: str | None
        contact_id: str | None
        company_id: str | None
        amount: Decimal | None
        currency: str | None
        status: str | None
        source: str | None
        owner_id: str | None
        converted: bool | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    LeadValues = dict
