"""Responses of HubSpot, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class CompanyProperties(Struct, frozen=True, gc=False):
    name: str | None = None
    domain: str | None = None
    industry: str | None = None
    numberofemployees: str | None = None
    annualrevenue: str | None = None
    phone: str | None = None
    description: str | None = None
    hs_parent_company_id: str | None = None
    hubspot_owner_id: str | None = None
    address: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class Company(Struct, frozen=True, gc=False):
    id: str | None = None
    properties: CompanyProperties | None = None
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)


class CompaniesCompany(Struct, frozen=True, gc=False):
    id: str | None = None


class CompanySearchPage(Struct, frozen=True, gc=False):
    results: list[Any] | None = None


class CompaniesCompanySearchPage(Struct, frozen=True, gc=False):
    results: list[Company] | None = None
    total: int | None = None


class NextPage(Struct, frozen=True, gc=False):
    after: str | None = None


class ForwardPaging(Struct, frozen=True, gc=False):
    next: NextPage | None = None


class CompanyPage(Struct, frozen=True, gc=False):
    results: list[Company] | None = None
    paging: ForwardPaging | None = None


class ContactProperties(Struct, frozen=True, gc=False):
    firstname: str | None = None
    lastname: str | None = None
    email: str | None = None
    hs_additional_emails: str | None = None
    phone: str | None = None
    mobilephone: str | None = None
    fax: str | None = None
    jobtitle: str | None = None
    hubspot_owner_id: str | None = None
    lifecyclestage: str | None = None
    hs_analytics_source: str | None = None
    associatedcompanyid: str | None = None
    address: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class Contact(Struct, frozen=True, gc=False):
    id: str | None = None
    properties: ContactProperties | None = None
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)


class ContactsContact(Struct, frozen=True, gc=False):
    id: str | None = None


class ContactSearchPage(Struct, frozen=True, gc=False):
    results: list[Any] | None = None


class ContactsContactSearchPage(Struct, frozen=True, gc=False):
    results: list[Contact] | None = None
    total: int | None = None


class ContactPage(Struct, frozen=True, gc=False):
    results: list[Contact] | None = None
    paging: ForwardPaging | None = None


class Option(Struct, frozen=True, gc=False):
    label: str | None = None
    value: str | None = None


class Property(Struct, frozen=True, gc=False):
    name: str | None = None
    label: str | None = None
    hubspot_defined: bool | None = field(name="hubspotDefined", default=None)
    type: str | None = None
    options: list[Option] | None = None


class CollectionResponsePropertyNoPaging(Struct, frozen=True, gc=False):
    results: list[Property] | None = None


class ObjectSchemaLabels(Struct, frozen=True, gc=False):
    singular: str | None = None
    plural: str | None = None


class ObjectSchema(Struct, frozen=True, gc=False):
    object_type_id: str | None = field(name="objectTypeId", default=None)
    labels: ObjectSchemaLabels | None = None
    primary_display_property: str | None = field(name="primaryDisplayProperty", default=None)


class GETCrmV3SchemasResponse(Struct, frozen=True, gc=False):
    results: list[ObjectSchema] | None = None


class CustomObjectProperties(Struct, frozen=True, gc=False):
    hubspot_owner_id: str | None = None


class CustomObject(Struct, frozen=True, gc=False):
    id: str | None = None
    properties: CustomObjectProperties | None = None
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)


class CrmRecordsCustomObject(Struct, frozen=True, gc=False):
    id: str | None = None


class CustomObjectSearchPage(Struct, frozen=True, gc=False):
    results: list[CustomObject] | None = None
    total: int | None = None


class CustomObjectPage(Struct, frozen=True, gc=False):
    results: list[CustomObject] | None = None
    paging: ForwardPaging | None = None


class PipelineStageMetadata(Struct, frozen=True, gc=False):
    is_closed: str | None = field(name="isClosed", default=None)
    probability: str | None = None


class PipelineStage(Struct, frozen=True, gc=False):
    id: str | None = None
    label: str | None = None
    metadata: PipelineStageMetadata | None = None


class CollectionResponsePipelineStageNoPaging(Struct, frozen=True, gc=False):
    results: list[PipelineStage] | None = None


class Pipeline(Struct, frozen=True, gc=False):
    id: str | None = None


class CollectionResponsePipelineNoPaging(Struct, frozen=True, gc=False):
    results: list[Pipeline] | None = None


class DealProperties(Struct, frozen=True, gc=False):
    dealname: str | None = None
    amount: str | None = None
    deal_currency_code: str | None = None
    hs_is_closed_won: str | None = None
    hs_is_closed: str | None = None
    dealstage: str | None = None
    pipeline: str | None = None
    hs_deal_stage_probability: str | None = None
    closedate: str | None = None
    hs_primary_associated_company: str | None = None
    hubspot_owner_id: str | None = None
    description: str | None = None
    hs_analytics_source: str | None = None
    closed_lost_reason: str | None = None


class AssociatedContactsResults(Struct, frozen=True, gc=False):
    id: str | None = None
    type: str | None = None


class AssociatedContacts(Struct, frozen=True, gc=False):
    results: list[AssociatedContactsResults] | None = None


class DealAssociations(Struct, frozen=True, gc=False):
    contacts: AssociatedContacts | None = None


class Deal(Struct, frozen=True, gc=False):
    id: str | None = None
    properties: DealProperties | None = None
    associations: DealAssociations | None = None
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)


class DealsDeal(Struct, frozen=True, gc=False):
    id: str | None = None


class DealSearchPage(Struct, frozen=True, gc=False):
    results: list[Deal] | None = None
    total: int | None = None


class DealPage(Struct, frozen=True, gc=False):
    results: list[Deal] | None = None
    paging: ForwardPaging | None = None


class LeadProperties(Struct, frozen=True, gc=False):
    hs_lead_name: str | None = None
    hs_pipeline_stage: str | None = None
    hubspot_owner_id: str | None = None


class AssociatedRecordsResults(Struct, frozen=True, gc=False):
    id: str | None = None


class AssociatedRecords(Struct, frozen=True, gc=False):
    results: list[AssociatedRecordsResults] | None = None


class LeadAssociations(Struct, frozen=True, gc=False):
    contacts: AssociatedRecords | None = None
    companies: AssociatedRecords | None = None


class Lead(Struct, frozen=True, gc=False):
    id: str | None = None
    properties: LeadProperties | None = None
    associations: LeadAssociations | None = None
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)


class LeadsLead(Struct, frozen=True, gc=False):
    id: str | None = None


class LeadSearchPage(Struct, frozen=True, gc=False):
    results: list[Lead] | None = None
    total: int | None = None


class NoteProperties(Struct, frozen=True, gc=False):
    hs_note_body: str | None = None
    hubspot_owner_id: str | None = None


class NoteAssociations(Struct, frozen=True, gc=False):
    deals: AssociatedRecords | None = None
    contacts: AssociatedRecords | None = None
    companies: AssociatedRecords | None = None


class Note(Struct, frozen=True, gc=False):
    id: str | None = None
    properties: NoteProperties | None = None
    associations: NoteAssociations | None = None
    created_at: str | None = field(name="createdAt", default=None)
    updated_at: str | None = field(name="updatedAt", default=None)


class NotesNote(Struct, frozen=True, gc=False):
    id: str | None = None


class NoteSearchPage(Struct, frozen=True, gc=False):
    results: list[Note] | None = None
    total: int | None = None


class NotePage(Struct, frozen=True, gc=False):
    results: list[Note] | None = None
    paging: ForwardPaging | None = None


class PipelinesPipeline(Struct, frozen=True, gc=False):
    id: str | None = None
    label: str | None = None


class PipelinesCollectionResponsePipelineNoPaging(Struct, frozen=True, gc=False):
    results: list[PipelinesPipeline] | None = None


class PublicOwner(Struct, frozen=True, gc=False):
    id: str | None = None
    first_name: str | None = field(name="firstName", default=None)
    last_name: str | None = field(name="lastName", default=None)
    email: str | None = None
    archived: bool | None = None
    type: str | None = None


class CollectionResponsePublicOwnerForwardPaging(Struct, frozen=True, gc=False):
    results: list[PublicOwner] | None = None
    paging: ForwardPaging | None = None
