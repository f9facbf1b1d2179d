"""Responses of Pipedrive, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct


class GetActivityData(Struct, frozen=True, gc=False):
    id: int | None = None
    type: str | None = None
    subject: str | None = None
    note: str | None = None
    due_date: str | None = None
    done: bool | None = None
    deal_id: int | None = None
    person_id: int | None = None
    org_id: int | None = None
    owner_id: int | None = None
    add_time: str | None = None
    update_time: str | None = None
    is_deleted: bool | None = None


class GetActivityResponse(Struct, frozen=True, gc=False):
    data: GetActivityData | None = None


class AddActivityResponse(Struct, frozen=True, gc=False):
    data: GetActivityData | None = None


class UpdateActivityResponse(Struct, frozen=True, gc=False):
    data: GetActivityData | None = None


class GetActivitiesResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetActivitiesResponse(Struct, frozen=True, gc=False):
    data: list[GetActivityData] | None = None
    additional_data: GetActivitiesResponseAdditionalData | None = None


class OrganizationAddress(Struct, frozen=True, gc=False):
    route: str | None = None
    locality: str | None = None
    admin_area_level_1: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Organization(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    owner_id: int | None = None
    address: OrganizationAddress | None = None
    add_time: str | None = None
    update_time: str | None = None
    is_deleted: bool | None = None


class GetOrganizationResponse(Struct, frozen=True, gc=False):
    data: Organization | None = None


class AddOrganizationResponse(Struct, frozen=True, gc=False):
    data: Organization | None = None


class CreatedResponseData(Struct, frozen=True, gc=False):
    id: int | None = None


class CreatedResponse(Struct, frozen=True, gc=False):
    data: CreatedResponseData | None = None


class FoundResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class FoundResponseData(Struct, frozen=True, gc=False):
    items: list[Any] | None = None


class FoundResponse(Struct, frozen=True, gc=False):
    additional_data: FoundResponseAdditionalData | None = None
    data: FoundResponseData | None = None


class UpdateOrganizationResponse(Struct, frozen=True, gc=False):
    data: Organization | None = None


class HitsResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class HitsResponseDataItemsItem(Struct, frozen=True, gc=False):
    id: int | None = None


class HitsResponseDataItems(Struct, frozen=True, gc=False):
    item: HitsResponseDataItemsItem | None = None


class HitsResponseData(Struct, frozen=True, gc=False):
    items: list[HitsResponseDataItems] | None = None


class HitsResponse(Struct, frozen=True, gc=False):
    additional_data: HitsResponseAdditionalData | None = None
    data: HitsResponseData | None = None


class GetOrganizationsResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetOrganizationsResponse(Struct, frozen=True, gc=False):
    data: list[Organization] | None = None
    additional_data: GetOrganizationsResponseAdditionalData | None = None


class PersonEmails(Struct, frozen=True, gc=False):
    label: str | None = None
    value: str | None = None


class PersonPhones(Struct, frozen=True, gc=False):
    label: str | None = None
    value: str | None = None


class PersonPostalAddress(Struct, frozen=True, gc=False):
    route: str | None = None
    locality: str | None = None
    admin_area_level_1: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Person(Struct, frozen=True, gc=False):
    id: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    emails: list[PersonEmails] | None = None
    phones: list[PersonPhones] | None = None
    job_title: str | None = None
    org_id: int | None = None
    owner_id: int | None = None
    postal_address: PersonPostalAddress | None = None
    add_time: str | None = None
    update_time: str | None = None
    is_deleted: bool | None = None


class GetPersonResponse(Struct, frozen=True, gc=False):
    data: Person | None = None


class AddPersonResponse(Struct, frozen=True, gc=False):
    data: Person | None = None


class BeforeResponseData(Struct, frozen=True, gc=False):
    last_name: str | None = None
    first_name: str | None = None


class BeforeResponse(Struct, frozen=True, gc=False):
    data: BeforeResponseData | None = None


class UpdatePersonResponse(Struct, frozen=True, gc=False):
    data: Person | None = None


class GetPersonsResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetPersonsResponse(Struct, frozen=True, gc=False):
    data: list[Person] | None = None
    additional_data: GetPersonsResponseAdditionalData | None = None


class FieldOptions(Struct, frozen=True, gc=False):
    id: int | None = None
    label: str | None = None


class Field(Struct, frozen=True, gc=False):
    field_code: str | None = None
    field_name: str | None = None
    is_custom_field: bool | None = None
    field_type: str | None = None
    options: list[FieldOptions] | None = None


class GetPersonFieldsResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetPersonFieldsResponse(Struct, frozen=True, gc=False):
    data: list[Field] | None = None
    additional_data: GetPersonFieldsResponseAdditionalData | None = None


class GetOrganizationFieldsResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetOrganizationFieldsResponse(Struct, frozen=True, gc=False):
    data: list[Field] | None = None
    additional_data: GetOrganizationFieldsResponseAdditionalData | None = None


class GetDealFieldsResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetDealFieldsResponse(Struct, frozen=True, gc=False):
    data: list[Field] | None = None
    additional_data: GetDealFieldsResponseAdditionalData | None = None


class Stage(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    pipeline_id: int | None = None
    deal_probability: int | None = None
    is_deleted: bool | None = None


class GetStagesResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetStagesResponse(Struct, frozen=True, gc=False):
    data: list[Stage] | None = None
    additional_data: GetStagesResponseAdditionalData | None = None


class Deal(Struct, frozen=True, gc=False):
    id: int | None = None
    title: str | None = None
    value: Decimal | None = None
    currency: str | None = None
    status: str | None = None
    stage_id: int | None = None
    pipeline_id: int | None = None
    probability: Decimal | None = None
    expected_close_date: str | None = None
    close_time: str | None = None
    org_id: int | None = None
    owner_id: int | None = None
    lost_reason: str | None = None
    person_id: int | None = None
    add_time: str | None = None
    update_time: str | None = None
    is_deleted: bool | None = None


class GetDealResponse(Struct, frozen=True, gc=False):
    data: Deal | None = None


class AddDealResponse(Struct, frozen=True, gc=False):
    data: Deal | None = None


class UpdateDealResponse(Struct, frozen=True, gc=False):
    data: Deal | None = None


class GetDealsResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetDealsResponse(Struct, frozen=True, gc=False):
    data: list[Deal] | None = None
    additional_data: GetDealsResponseAdditionalData | None = None


class GetLeadDataValue(Struct, frozen=True, gc=False):
    amount: Decimal | None = None
    currency: str | None = None


class GetLeadData(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None
    person_id: int | None = None
    organization_id: int | None = None
    value: GetLeadDataValue | None = None
    source_name: str | None = None
    owner_id: int | None = None
    is_archived: bool | None = None
    add_time: str | None = None
    update_time: str | None = None


class GetLeadResponse(Struct, frozen=True, gc=False):
    data: GetLeadData | None = None


class AddLeadResponse(Struct, frozen=True, gc=False):
    data: GetLeadData | None = None


class UpdateLeadResponse(Struct, frozen=True, gc=False):
    data: GetLeadData | None = None


class GetLeadsResponseAdditionalData(Struct, frozen=True, gc=False):
    more_items_in_collection: bool | None = None


class GetLeadsResponse(Struct, frozen=True, gc=False):
    data: list[GetLeadData] | None = None
    additional_data: GetLeadsResponseAdditionalData | None = None


class Note(Struct, frozen=True, gc=False):
    id: int | None = None
    content: str | None = None
    deal_id: int | None = None
    person_id: int | None = None
    org_id: int | None = None
    user_id: int | None = None
    add_time: str | None = None
    update_time: str | None = None
    active_flag: bool | None = None


class GetNoteResponse(Struct, frozen=True, gc=False):
    data: Note | None = None


class AddNoteResponse(Struct, frozen=True, gc=False):
    data: Note | None = None


class UpdateNoteResponse(Struct, frozen=True, gc=False):
    data: Note | None = None


class GetNotesResponseAdditionalDataPagination(Struct, frozen=True, gc=False):
    more_items_in_collection: bool | None = None


class GetNotesResponseAdditionalData(Struct, frozen=True, gc=False):
    pagination: GetNotesResponseAdditionalDataPagination | None = None


class GetNotesResponse(Struct, frozen=True, gc=False):
    data: list[Note] | None = None
    additional_data: GetNotesResponseAdditionalData | None = None


class Pipeline(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    is_deleted: bool | None = None


class GetPipelinesResponseAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetPipelinesResponse(Struct, frozen=True, gc=False):
    data: list[Pipeline] | None = None
    additional_data: GetPipelinesResponseAdditionalData | None = None


class User(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    email: str | None = None
    active_flag: bool | None = None
    icon_url: str | None = None


class GetCurrentUserResponse(Struct, frozen=True, gc=False):
    data: User | None = None


class GetUserResponse(Struct, frozen=True, gc=False):
    data: User | None = None


class GetUsersResponse(Struct, frozen=True, gc=False):
    data: list[User] | None = None
