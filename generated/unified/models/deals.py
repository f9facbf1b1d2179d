"""The unified deals: Business that may come about. Written by `gen build`; do not edit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Deal(Record):
    """Business that may come about."""

    id: str
    """The deal's id."""
    name: str | None = None
    """What it is called."""
    amount: Decimal | None = None
    """What it is worth, in its currency."""
    currency: str | None = None
    """The currency of the amount, an ISO 4217 code such as EUR."""
    status: Literal["open", "won", "lost"] | None = None
    """How it went."""
    stage_id: str | None = None
    """How far it is."""
    pipeline_id: str | None = None
    """The series of stages it goes through."""
    probability: Decimal | None = None
    """How likely it is won, from 0 to 1: three in four is 0.75."""
    close_date: date | None = None
    """Date it is expected to be decided."""
    closed_at: AwareDatetime | None = None
    """When it was decided."""
    company_id: str | None = None
    """The company it is made with."""
    contact_ids: list[str] = []
    """The people it is made with."""
    owner_id: str | None = None
    """Who looks after it."""
    description: str | None = None
    """More about it."""
    lead_source: str | None = None
    """Its source, in the vendor's words."""
    lost_reason: str | None = None
    """Why it was lost."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class DealAddContact(Input):
    """Link a person to a deal."""

    model_config = ConfigDict(
        extra="forbid",
    )


class DealCreate(Input):
    """Create a deal."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """What it is called."""
    amount: Decimal | None = None
    """What it is worth, in its currency."""
    currency: str | None = None
    """The currency of the amount, an ISO 4217 code such as EUR."""
    status: Literal["open", "won", "lost"] | None = None
    """How it went."""
    stage_id: Annotated[str | None, Field(min_length=1)] = None
    """How far it is."""
    pipeline_id: Annotated[str | None, Field(min_length=1)] = None
    """The series of stages it goes through."""
    probability: Annotated[Decimal | None, Field(ge=0, le=1)] = None
    """How likely it is won, from 0 to 1: three in four is 0.75."""
    close_date: date | None = None
    """Date it is expected to be decided."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it is made with."""
    contact_ids: list[str] | None = None
    """The people it is made with."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Who looks after it."""
    description: str | None = None
    """More about it."""
    lead_source: str | None = None
    """Its source, in the vendor's words."""
    lost_reason: str | None = None
    """Why it was lost."""


class DealFilters(Input):
    """Find deals."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str | None = None
    """Text in the name."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """Made with this company."""
    contact_id: Annotated[str | None, Field(min_length=1)] = None
    """Made with this person."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Looked after by this user."""
    status: Literal["open", "won", "lost"] | None = None
    """With this status."""
    stage_id: Annotated[str | None, Field(min_length=1)] = None
    """In this stage."""
    created_after: AwareDatetime | None = None
    """Created since then."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class DealRemoveContact(Input):
    """Take a person off a deal."""

    model_config = ConfigDict(
        extra="forbid",
    )


class DealUpdate(Input):
    """Change a deal."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """What it is called."""
    amount: Decimal | None = None
    """What it is worth, in its currency."""
    currency: str | None = None
    """The currency of the amount, an ISO 4217 code such as EUR."""
    status: Literal["open", "won", "lost"] | None = None
    """How it went."""
    stage_id: Annotated[str | None, Field(min_length=1)] = None
    """How far it is."""
    pipeline_id: Annotated[str | None, Field(min_length=1)] = None
    """The series of stages it goes through."""
    probability: Annotated[Decimal | None, Field(ge=0, le=1)] = None
    """How likely it is won, from 0 to 1: three in four is 0.75."""
    close_date: date | None = None
    """Date it is expected to be decided."""
    company_id: Annotated[str | None, Field(min_length=1)] = None
    """The company it is made with."""
    contact_ids: list[str] | None = None
    """The people it is made with."""
    owner_id: Annotated[str | None, Field(min_length=1)] = None
    """Who looks after it."""
    description: str | None = None
    """More about it."""
    lead_source: str | None = None
    """Its source, in the vendor's words."""
    lost_reason: str | None = None
    """Why it was lost."""


if TYPE_CHECKING:

    class DealValues(TypedDict):
        """Values of Deal."""

        id: str
        name: str | None
        amount: Decimal | None
        currency: str | None
        status: Literal["open", "won", "lost"] | None
        stage_id: str | None
        pipeline_id: str | None
        probability: Decimal | None
        close_date: date | None
        closed_at: AwareDatetime | None
        company_id: str | None
        contact_ids: list[str]
        owner_id: str | None
        description: str | None
        lead_source: str | None
        lost_reason: str | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    DealValues = dict
