"""Responses of Salesforce, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct, field


class TaskSObject(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)
    task_subtype: str | None = field(name="TaskSubtype", default=None)
    subject: str | None = field(name="Subject", default=None)
    description: str | None = field(name="Description", default=None)
    activity_date: str | None = field(name="ActivityDate", default=None)
    is_closed: bool | None = field(name="IsClosed", default=None)
    what_id: str | None = field(name="WhatId", default=None)
    who_id: str | None = field(name="WhoId", default=None)
    owner_id: str | None = field(name="OwnerId", default=None)
    created_date: str | None = field(name="CreatedDate", default=None)
    last_modified_date: str | None = field(name="LastModifiedDate", default=None)


class SaveResult(Struct, frozen=True, gc=False):
    id: str | None = None


class QueryResult(Struct, frozen=True, gc=False):
    records: list[TaskSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class AccountSObject(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)
    name: str | None = field(name="Name", default=None)
    website: str | None = field(name="Website", default=None)
    industry: str | None = field(name="Industry", default=None)
    number_of_employees: int | None = field(name="NumberOfEmployees", default=None)
    annual_revenue: Decimal | None = field(name="AnnualRevenue", default=None)
    phone: str | None = field(name="Phone", default=None)
    fax: str | None = field(name="Fax", default=None)
    description: str | None = field(name="Description", default=None)
    parent_id: str | None = field(name="ParentId", default=None)
    owner_id: str | None = field(name="OwnerId", default=None)
    billing_street: str | None = field(name="BillingStreet", default=None)
    billing_city: str | None = field(name="BillingCity", default=None)
    billing_state: str | None = field(name="BillingState", default=None)
    billing_postal_code: str | None = field(name="BillingPostalCode", default=None)
    billing_country: str | None = field(name="BillingCountry", default=None)
    created_date: str | None = field(name="CreatedDate", default=None)
    last_modified_date: str | None = field(name="LastModifiedDate", default=None)


class CompaniesQueryResult(Struct, frozen=True, gc=False):
    records: list[Any] | None = None


class CompaniesQueryResult2(Struct, frozen=True, gc=False):
    records: list[AccountSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class ContactSObject(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)
    first_name: str | None = field(name="FirstName", default=None)
    last_name: str | None = field(name="LastName", default=None)
    email: str | None = field(name="Email", default=None)
    phone: str | None = field(name="Phone", default=None)
    mobile_phone: str | None = field(name="MobilePhone", default=None)
    home_phone: str | None = field(name="HomePhone", default=None)
    fax: str | None = field(name="Fax", default=None)
    assistant_phone: str | None = field(name="AssistantPhone", default=None)
    other_phone: str | None = field(name="OtherPhone", default=None)
    title: str | None = field(name="Title", default=None)
    department: str | None = field(name="Department", default=None)
    account_id: str | None = field(name="AccountId", default=None)
    owner_id: str | None = field(name="OwnerId", default=None)
    lead_source: str | None = field(name="LeadSource", default=None)
    mailing_street: str | None = field(name="MailingStreet", default=None)
    mailing_city: str | None = field(name="MailingCity", default=None)
    mailing_state: str | None = field(name="MailingState", default=None)
    mailing_postal_code: str | None = field(name="MailingPostalCode", default=None)
    mailing_country: str | None = field(name="MailingCountry", default=None)
    created_date: str | None = field(name="CreatedDate", default=None)
    last_modified_date: str | None = field(name="LastModifiedDate", default=None)


class ContactsQueryResult(Struct, frozen=True, gc=False):
    records: list[Any] | None = None


class ContactsQueryResult2(Struct, frozen=True, gc=False):
    records: list[ContactSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class SObjectFieldPicklistValues(Struct, frozen=True, gc=False):
    label: str | None = None
    value: str | None = None


class SObjectField(Struct, frozen=True, gc=False):
    name: str | None = None
    label: str | None = None
    nillable: bool | None = None
    defaulted_on_create: bool | None = field(name="defaultedOnCreate", default=None)
    createable: bool | None = None
    custom: bool | None = None
    type: str | None = None
    picklist_values: list[SObjectFieldPicklistValues] | None = field(name="picklistValues", default=None)


class DescribeSObjectResult(Struct, frozen=True, gc=False):
    fields: list[SObjectField] | None = None


class SObjectSummary(Struct, frozen=True, gc=False):
    name: str | None = None
    label: str | None = None
    label_plural: str | None = field(name="labelPlural", default=None)
    custom_setting: bool | None = field(name="customSetting", default=None)


class DescribeGlobalResult(Struct, frozen=True, gc=False):
    sobjects: list[SObjectSummary] | None = None


class CustomSObjectAttributes(Struct, frozen=True, gc=False):
    type: str | None = None


class CustomSObject(Struct, frozen=True, gc=False):
    attributes: CustomSObjectAttributes | None = None
    id: str | None = field(name="Id", default=None)
    name: str | None = field(name="Name", default=None)
    owner_id: str | None = field(name="OwnerId", default=None)
    created_date: str | None = field(name="CreatedDate", default=None)
    last_modified_date: str | None = field(name="LastModifiedDate", default=None)


class SavedResponse(Struct, frozen=True, gc=False):
    id: str | None = None


class CrmRecordsQueryResult(Struct, frozen=True, gc=False):
    records: list[CustomSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class OpportunityStageSObject(Struct, frozen=True, gc=False):
    api_name: str | None = field(name="ApiName", default=None)
    master_label: str | None = field(name="MasterLabel", default=None)
    is_won: bool | None = field(name="IsWon", default=None)
    is_closed: bool | None = field(name="IsClosed", default=None)
    default_probability: Decimal | None = field(name="DefaultProbability", default=None)


class DealStagesQueryResult(Struct, frozen=True, gc=False):
    records: list[OpportunityStageSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class OpportunitySObjectOpportunityContactRolesRecords(Struct, frozen=True, gc=False):
    contact_id: str | None = field(name="ContactId", default=None)


class OpportunitySObjectOpportunityContactRoles(Struct, frozen=True, gc=False):
    records: list[OpportunitySObjectOpportunityContactRolesRecords] | None = None


class OpportunitySObject(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)
    name: str | None = field(name="Name", default=None)
    amount: Decimal | None = field(name="Amount", default=None)
    currency_iso_code: str | None = field(name="CurrencyIsoCode", default=None)
    is_won: bool | None = field(name="IsWon", default=None)
    is_closed: bool | None = field(name="IsClosed", default=None)
    stage_name: str | None = field(name="StageName", default=None)
    probability: Decimal | None = field(name="Probability", default=None)
    close_date: str | None = field(name="CloseDate", default=None)
    account_id: str | None = field(name="AccountId", default=None)
    owner_id: str | None = field(name="OwnerId", default=None)
    description: str | None = field(name="Description", default=None)
    lead_source: str | None = field(name="LeadSource", default=None)
    opportunity_contact_roles: OpportunitySObjectOpportunityContactRoles | None = field(
        name="OpportunityContactRoles", default=None
    )
    created_date: str | None = field(name="CreatedDate", default=None)
    last_modified_date: str | None = field(name="LastModifiedDate", default=None)


class DealsQueryResult(Struct, frozen=True, gc=False):
    records: list[OpportunitySObject] | None = None


class QueryResultRecords(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)


class DealsQueryResult2(Struct, frozen=True, gc=False):
    records: list[QueryResultRecords] | None = None


class DealsQueryResult3(Struct, frozen=True, gc=False):
    records: list[OpportunitySObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class LeadSObject(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)
    name: str | None = field(name="Name", default=None)
    first_name: str | None = field(name="FirstName", default=None)
    last_name: str | None = field(name="LastName", default=None)
    email: str | None = field(name="Email", default=None)
    phone: str | None = field(name="Phone", default=None)
    company: str | None = field(name="Company", default=None)
    title: str | None = field(name="Title", default=None)
    status: str | None = field(name="Status", default=None)
    lead_source: str | None = field(name="LeadSource", default=None)
    owner_id: str | None = field(name="OwnerId", default=None)
    is_converted: bool | None = field(name="IsConverted", default=None)
    created_date: str | None = field(name="CreatedDate", default=None)
    last_modified_date: str | None = field(name="LastModifiedDate", default=None)


class LeadsQueryResult(Struct, frozen=True, gc=False):
    records: list[LeadSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class NoteSObject(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)
    body: str | None = field(name="Body", default=None)
    parent_id: str | None = field(name="ParentId", default=None)
    created_by_id: str | None = field(name="CreatedById", default=None)
    created_date: str | None = field(name="CreatedDate", default=None)
    last_modified_date: str | None = field(name="LastModifiedDate", default=None)


class NotesQueryResult(Struct, frozen=True, gc=False):
    records: list[NoteSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)


class UserSObject(Struct, frozen=True, gc=False):
    id: str | None = field(name="Id", default=None)
    name: str | None = field(name="Name", default=None)
    email: str | None = field(name="Email", default=None)
    is_active: bool | None = field(name="IsActive", default=None)
    user_type: str | None = field(name="UserType", default=None)
    full_photo_url: str | None = field(name="FullPhotoUrl", default=None)


class ActingUser(Struct, frozen=True, gc=False):
    user_id: str | None = None


class UsersQueryResult(Struct, frozen=True, gc=False):
    records: list[UserSObject] | None = None
    done: bool | None = None
    next_records_url: str | None = field(name="nextRecordsUrl", default=None)
