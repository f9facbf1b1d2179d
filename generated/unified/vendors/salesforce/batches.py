"""Batch operations of Salesforce. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import (
    Batch,
    Constant,
    ItemParameter,
    ParameterPattern,
    SameValue,
    SharedParameter,
)

GET_COMPOSITE_SOBJECTS_ACCOUNT_SAFE = Batch(
    endpoint=Endpoint("GET /composite/sobjects/Account", "GET", "/composite/sobjects/Account", Retry.SAFE),
    max_items=200,
    items=("query", "ids"),
    item_parameters=(ItemParameter(path=(), parameter="id"),),
    shared_parameters=(SharedParameter(path=("query", "fields"), parameter="fields", is_list=False),),
    results=(),
    match=(SameValue(result=("Id",), item=()),),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    max_items=200,
    items=("query", "ids"),
    item_parameters=(ItemParameter(path=(), parameter="id"),),
    constants=(Constant(path=("query", "allOrNone"), value=False),),
    only_matching=(ParameterPattern(parameter="id", pattern="001[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    item_values=(Constant(path=("attributes", "type"), value="Account"),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    item_parameters=(ItemParameter(path=("id",), parameter="id"),),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    item_values=(Constant(path=("attributes", "type"), value="Account"),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
GET_COMPOSITE_SOBJECTS_CONTACT_SAFE = Batch(
    endpoint=Endpoint("GET /composite/sobjects/Contact", "GET", "/composite/sobjects/Contact", Retry.SAFE),
    max_items=200,
    items=("query", "ids"),
    item_parameters=(ItemParameter(path=(), parameter="id"),),
    shared_parameters=(SharedParameter(path=("query", "fields"), parameter="fields", is_list=False),),
    results=(),
    match=(SameValue(result=("Id",), item=()),),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_2 = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    max_items=200,
    items=("query", "ids"),
    item_parameters=(ItemParameter(path=(), parameter="id"),),
    constants=(Constant(path=("query", "allOrNone"), value=False),),
    only_matching=(ParameterPattern(parameter="id", pattern="003[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_2 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    item_values=(Constant(path=("attributes", "type"), value="Contact"),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER_2 = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    item_parameters=(ItemParameter(path=("id",), parameter="id"),),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    item_values=(Constant(path=("attributes", "type"), value="Contact"),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_3 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    item_parameters=(ItemParameter(path=("attributes", "type"), parameter="sObject"),),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER_3 = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    item_parameters=(
        ItemParameter(path=("attributes", "type"), parameter="sObject"),
        ItemParameter(path=("id",), parameter="id"),
    ),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_3 = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    max_items=200,
    items=("query", "ids"),
    item_parameters=(ItemParameter(path=(), parameter="id"),),
    constants=(Constant(path=("query", "allOrNone"), value=False),),
    only_matching=(ParameterPattern(parameter="id", pattern="006[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_4 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    item_values=(Constant(path=("attributes", "type"), value="Opportunity"),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER_4 = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    item_parameters=(ItemParameter(path=("id",), parameter="id"),),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    item_values=(Constant(path=("attributes", "type"), value="Opportunity"),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_5 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    max_items=200,
    items=("body", "records"),
    constants=(Constant(path=("body", "allOrNone"), value=False),),
    item_values=(Constant(path=("attributes", "type"), value="OpportunityContactRole"),),
    body=(),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_4 = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    max_items=200,
    items=("query", "ids"),
    item_parameters=(ItemParameter(path=(), parameter="id"),),
    constants=(Constant(path=("query", "allOrNone"), value=False),),
    only_matching=(ParameterPattern(parameter="id", pattern="00K[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done_if=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
