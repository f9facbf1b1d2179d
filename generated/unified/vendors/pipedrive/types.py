"""What Pipedrive answers, as far as it is read: every field may be missing, unknown ones are passed over."""

from __future__ import annotations

from decimal import Decimal
from msgspec import Struct


class OrganizationAddress(Struct, frozen=True):
    route: str | None = None
    locality: str | None = None
    admin_area_level_1: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Organization(Struct, frozen=True):
    id: int | None = None
    name: str | None = None
    owner_id: int | None = None
    address: OrganizationAddress | None = None
    add_time: str | None = None
    update_time: str | None = None
    is_deleted: bool | None = None


class GetOrganizationAnswer(Struct, frozen=True):
    data: Organization | None = None


class AddOrganizationAnswer(Struct, frozen=True):
    data: Organization | None = None


class UpdateOrganizationAnswer(Struct, frozen=True):
    data: Organization | None = None


class HitsAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class HitsAnswerDataItemsItem(Struct, frozen=True):
    id: int | None = None


class HitsAnswerDataItems(Struct, frozen=True):
    item: HitsAnswerDataItemsItem | None = None


class HitsAnswerData(Struct, frozen=True):
    items: list[HitsAnswerDataItems] | None = None


class HitsAnswer(Struct, frozen=True):
    additional_data: HitsAnswerAdditionalData | None = None
    data: HitsAnswerData | None = None


class GetOrganizationsAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class GetOrganizationsAnswer(Struct, frozen=True):
    data: list[Organization] | None = None
    additional_data: GetOrganizationsAnswerAdditionalData | None = None


class PersonEmails(Struct, frozen=True):
    label: str | None = None
    value: str | None = None


class PersonPhones(Struct, frozen=True):
    label: str | None = None
    value: str | None = None


class PersonPostalAddress(Struct, frozen=True):
    route: str | None = None
    locality: str | None = None
    admin_area_level_1: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Person(Struct, frozen=True):
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


class GetPersonAnswer(Struct, frozen=True):
    data: Person | None = None


class AddPersonAnswer(Struct, frozen=True):
    data: Person | None = None


class UpdatePersonAnswer(Struct, frozen=True):
    data: Person | None = None


class GetPersonsAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class GetPersonsAnswer(Struct, frozen=True):
    data: list[Person] | None = None
    additional_data: GetPersonsAnswerAdditionalData | None = None


class FieldOptions(Struct, frozen=True):
    id: int | None = None
    label: str | None = None


class Field(Struct, frozen=True):
    field_code: str | None = None
    field_name: str | None = None
    is_custom_field: bool | None = None
    field_type: str | None = None
    options: list[FieldOptions] | None = None


class GetPersonFieldsAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class GetPersonFieldsAnswer(Struct, frozen=True):
    data: list[Field] | None = None
    additional_data: GetPersonFieldsAnswerAdditionalData | None = None


class GetOrganizationFieldsAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class GetOrganizationFieldsAnswer(Struct, frozen=True):
    data: list[Field] | None = None
    additional_data: GetOrganizationFieldsAnswerAdditionalData | None = None


class GetDealFieldsAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class GetDealFieldsAnswer(Struct, frozen=True):
    data: list[Field] | None = None
    additional_data: GetDealFieldsAnswerAdditionalData | None = None


class Stage(Struct, frozen=True):
    id: int | None = None
    name: str | None = None
    pipeline_id: int | None = None
    deal_probability: int | None = None
    is_deleted: bool | None = None


class GetStagesAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class GetStagesAnswer(Struct, frozen=True):
    data: list[Stage] | None = None
    additional_data: GetStagesAnswerAdditionalData | None = None


class Deal(Struct, frozen=True):
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


class GetDealAnswer(Struct, frozen=True):
    data: Deal | None = None


class AddDealAnswer(Struct, frozen=True):
    data: Deal | None = None


class UpdateDealAnswer(Struct, frozen=True):
    data: Deal | None = None


class GetDealsAnswerAdditionalData(Struct, frozen=True):
    next_cursor: str | None = None


class GetDealsAnswer(Struct, frozen=True):
    data: list[Deal] | None = None
    additional_data: GetDealsAnswerAdditionalData | None = None


class User(Struct, frozen=True):
    id: int | None = None
    name: str | None = None
    email: str | None = None
    active_flag: bool | None = None
    icon_url: str | None = None


class GetCurrentUserAnswer(Struct, frozen=True):
    data: User | None = None


class GetUsersAnswer(Struct, frozen=True):
    data: list[User] | None = None
