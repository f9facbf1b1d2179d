"""Responses of Pipedrive, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from decimal import Decimal
from msgspec import Struct


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


class GetOrganizationAnswer(Struct, frozen=True, gc=False):
    data: Organization | None = None


class AddOrganizationAnswer(Struct, frozen=True, gc=False):
    data: Organization | None = None


class UpdateOrganizationAnswer(Struct, frozen=True, gc=False):
    data: Organization | None = None


class HitsAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class HitsAnswerDataItemsItem(Struct, frozen=True, gc=False):
    id: int | None = None


class HitsAnswerDataItems(Struct, frozen=True, gc=False):
    item: HitsAnswerDataItemsItem | None = None


class HitsAnswerData(Struct, frozen=True, gc=False):
    items: list[HitsAnswerDataItems] | None = None


class HitsAnswer(Struct, frozen=True, gc=False):
    additional_data: HitsAnswerAdditionalData | None = None
    data: HitsAnswerData | None = None


class GetOrganizationsAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetOrganizationsAnswer(Struct, frozen=True, gc=False):
    data: list[Organization] | None = None
    additional_data: GetOrganizationsAnswerAdditionalData | None = None


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


class GetPersonAnswer(Struct, frozen=True, gc=False):
    data: Person | None = None


class AddPersonAnswer(Struct, frozen=True, gc=False):
    data: Person | None = None


class UpdatePersonAnswer(Struct, frozen=True, gc=False):
    data: Person | None = None


class GetPersonsAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetPersonsAnswer(Struct, frozen=True, gc=False):
    data: list[Person] | None = None
    additional_data: GetPersonsAnswerAdditionalData | None = None


class FieldOptions(Struct, frozen=True, gc=False):
    id: int | None = None
    label: str | None = None


class Field(Struct, frozen=True, gc=False):
    field_code: str | None = None
    field_name: str | None = None
    is_custom_field: bool | None = None
    field_type: str | None = None
    options: list[FieldOptions] | None = None


class GetPersonFieldsAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetPersonFieldsAnswer(Struct, frozen=True, gc=False):
    data: list[Field] | None = None
    additional_data: GetPersonFieldsAnswerAdditionalData | None = None


class GetOrganizationFieldsAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetOrganizationFieldsAnswer(Struct, frozen=True, gc=False):
    data: list[Field] | None = None
    additional_data: GetOrganizationFieldsAnswerAdditionalData | None = None


class GetDealFieldsAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetDealFieldsAnswer(Struct, frozen=True, gc=False):
    data: list[Field] | None = None
    additional_data: GetDealFieldsAnswerAdditionalData | None = None


class Stage(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    pipeline_id: int | None = None
    deal_probability: int | None = None
    is_deleted: bool | None = None


class GetStagesAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetStagesAnswer(Struct, frozen=True, gc=False):
    data: list[Stage] | None = None
    additional_data: GetStagesAnswerAdditionalData | None = None


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
    person_id: int | None = None
    owner_id: int | None = None
    add_time: str | None = None
    update_time: str | None = None
    is_deleted: bool | None = None


class GetDealAnswer(Struct, frozen=True, gc=False):
    data: Deal | None = None


class AddDealAnswer(Struct, frozen=True, gc=False):
    data: Deal | None = None


class UpdateDealAnswer(Struct, frozen=True, gc=False):
    data: Deal | None = None


class GetDealsAnswerAdditionalData(Struct, frozen=True, gc=False):
    next_cursor: str | None = None


class GetDealsAnswer(Struct, frozen=True, gc=False):
    data: list[Deal] | None = None
    additional_data: GetDealsAnswerAdditionalData | None = None


class User(Struct, frozen=True, gc=False):
    id: int | None = None
    name: str | None = None
    email: str | None = None
    active_flag: bool | None = None
    icon_url: str | None = None


class GetCurrentUserAnswer(Struct, frozen=True, gc=False):
    data: User | None = None


class GetUsersAnswer(Struct, frozen=True, gc=False):
    data: list[User] | None = None
