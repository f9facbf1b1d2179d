"""Batch operations of HubSpot. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, Constant, ItemParameter, SameValue, SharedParameter

POST_CRM_V3_OBJECTS_COMPANIES_BATCH_READ_READ_SAFE = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/companies/batch/read_read", "POST", "/crm/v3/objects/companies/batch/read", Retry.SAFE
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="companyId"),),
    shared_parameters=(SharedParameter(path=("body", "properties"), parameter="properties", is_list=True),),
    constants=(Constant(path=("body", "propertiesWithHistory"), value=[]),),
    results=("results",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_CRM_V3_OBJECTS_COMPANIES_BATCH_ARCHIVE_ARCHIVE_IDEMPOTENT = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/companies/batch/archive_archive",
        "POST",
        "/crm/v3/objects/companies/batch/archive",
        Retry.IDEMPOTENT,
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="companyId"),),
)
POST_CRM_V3_OBJECTS_COMPANIES_BATCH_CREATE_CREATE_NEVER = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/companies/batch/create_create",
        "POST",
        "/crm/v3/objects/companies/batch/create",
        Retry.NEVER,
    ),
    max_items=100,
    items=("body", "inputs"),
    item_defaults=(Constant(path=("associations",), value=[]),),
    body=(),
    item_id=("objectWriteTraceId",),
    results=("results",),
    errors=("errors",),
    match=(SameValue(result=("objectWriteTraceId",), item=("objectWriteTraceId",)),),
    failed_items=(SameValue(result=("context", "objectWriteTraceId"), item=("objectWriteTraceId",)),),
)
POST_CRM_V3_OBJECTS_COMPANIES_BATCH_UPDATE_UPDATE_NEVER = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/companies/batch/update_update",
        "POST",
        "/crm/v3/objects/companies/batch/update",
        Retry.NEVER,
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="companyId"),),
    body=(),
    results=("results",),
    errors=("errors",),
    match=(SameValue(result=("id",), item=("id",)),),
    failed_items=(SameValue(result=("context", "ids"), item=("id",)),),
)
POST_CRM_V3_OBJECTS_CONTACTS_BATCH_READ_READ_SAFE = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/contacts/batch/read_read", "POST", "/crm/v3/objects/contacts/batch/read", Retry.SAFE
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="contactId"),),
    shared_parameters=(SharedParameter(path=("body", "properties"), parameter="properties", is_list=True),),
    constants=(Constant(path=("body", "propertiesWithHistory"), value=[]),),
    results=("results",),
    match=(SameValue(result=("id",), item=("id",)),),
)
POST_CRM_V3_OBJECTS_CONTACTS_BATCH_ARCHIVE_ARCHIVE_IDEMPOTENT = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/contacts/batch/archive_archive",
        "POST",
        "/crm/v3/objects/contacts/batch/archive",
        Retry.IDEMPOTENT,
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="contactId"),),
)
POST_CRM_V3_OBJECTS_CONTACTS_BATCH_CREATE_CREATE_NEVER = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/contacts/batch/create_create",
        "POST",
        "/crm/v3/objects/contacts/batch/create",
        Retry.NEVER,
    ),
    max_items=100,
    items=("body", "inputs"),
    item_defaults=(Constant(path=("associations",), value=[]),),
    body=(),
    item_id=("objectWriteTraceId",),
    results=("results",),
    errors=("errors",),
    match=(SameValue(result=("objectWriteTraceId",), item=("objectWriteTraceId",)),),
    failed_items=(SameValue(result=("context", "objectWriteTraceId"), item=("objectWriteTraceId",)),),
)
POST_CRM_V4_ASSOCIATIONS_FROM_OBJECT_TYPE_TO_OBJECT_TYPE_BATCH_CREATE_CREATE_IDEMPOTENT = Batch(
    endpoint=Endpoint(
        "post-/crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create_create",
        "POST",
        "/crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create",
        Retry.IDEMPOTENT,
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(
        ItemParameter(path=("from", "id"), parameter="objectId"),
        ItemParameter(path=("to", "id"), parameter="toObjectId"),
    ),
    shared_parameters=(
        SharedParameter(path=("path", "fromObjectType"), parameter="objectType", is_list=False),
        SharedParameter(path=("path", "toObjectType"), parameter="toObjectType", is_list=False),
    ),
    body=("types",),
    results=("results",),
    match=(
        SameValue(result=("fromObjectId",), item=("from", "id")),
        SameValue(result=("toObjectId",), item=("to", "id")),
    ),
)
POST_CRM_V3_OBJECTS_CONTACTS_BATCH_UPDATE_UPDATE_NEVER = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/contacts/batch/update_update",
        "POST",
        "/crm/v3/objects/contacts/batch/update",
        Retry.NEVER,
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="contactId"),),
    body=(),
    results=("results",),
    errors=("errors",),
    match=(SameValue(result=("id",), item=("id",)),),
    failed_items=(SameValue(result=("context", "ids"), item=("id",)),),
)
POST_CRM_V3_OBJECTS_0_3_BATCH_ARCHIVE_ARCHIVE_IDEMPOTENT = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/0-3/batch/archive_archive", "POST", "/crm/v3/objects/0-3/batch/archive", Retry.IDEMPOTENT
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="dealId"),),
)
POST_CRM_V3_OBJECTS_0_3_BATCH_CREATE_CREATE_NEVER = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/0-3/batch/create_create", "POST", "/crm/v3/objects/0-3/batch/create", Retry.NEVER
    ),
    max_items=100,
    items=("body", "inputs"),
    item_defaults=(Constant(path=("associations",), value=[]),),
    body=(),
    item_id=("objectWriteTraceId",),
    results=("results",),
    errors=("errors",),
    match=(SameValue(result=("objectWriteTraceId",), item=("objectWriteTraceId",)),),
    failed_items=(SameValue(result=("context", "objectWriteTraceId"), item=("objectWriteTraceId",)),),
)
POST_CRM_V3_OBJECTS_0_3_BATCH_UPDATE_UPDATE_NEVER = Batch(
    endpoint=Endpoint(
        "post-/crm/v3/objects/0-3/batch/update_update", "POST", "/crm/v3/objects/0-3/batch/update", Retry.NEVER
    ),
    max_items=100,
    items=("body", "inputs"),
    item_parameters=(ItemParameter(path=("id",), parameter="dealId"),),
    body=(),
    results=("results",),
    errors=("errors",),
    match=(SameValue(result=("id",), item=("id",)),),
    failed_items=(SameValue(result=("context", "ids"), item=("id",)),),
)
