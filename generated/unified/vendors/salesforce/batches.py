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
    most=200,
    items=("query", "ids"),
    item=(ItemParameter(path=(), parameter="id"),),
    once=(SharedParameter(path=("query", "fields"), parameter="fields", is_list=False),),
    results=(),
    match=(SameValue(result=("Id",), item=()),),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    most=200,
    items=("query", "ids"),
    item=(ItemParameter(path=(), parameter="id"),),
    set=(Constant(path=("query", "allOrNone"), value=False),),
    only=(ParameterPattern(parameter="id", pattern="001[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    fixed=(Constant(path=("attributes", "type"), value="Account"),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    item=(ItemParameter(path=("id",), parameter="id"),),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    fixed=(Constant(path=("attributes", "type"), value="Account"),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
GET_COMPOSITE_SOBJECTS_CONTACT_SAFE = Batch(
    endpoint=Endpoint("GET /composite/sobjects/Contact", "GET", "/composite/sobjects/Contact", Retry.SAFE),
    most=200,
    items=("query", "ids"),
    item=(ItemParameter(path=(), parameter="id"),),
    once=(SharedParameter(path=("query", "fields"), parameter="fields", is_list=False),),
    results=(),
    match=(SameValue(result=("Id",), item=()),),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_2 = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    most=200,
    items=("query", "ids"),
    item=(ItemParameter(path=(), parameter="id"),),
    set=(Constant(path=("query", "allOrNone"), value=False),),
    only=(ParameterPattern(parameter="id", pattern="003[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_2 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    fixed=(Constant(path=("attributes", "type"), value="Contact"),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER_2 = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    item=(ItemParameter(path=("id",), parameter="id"),),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    fixed=(Constant(path=("attributes", "type"), value="Contact"),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_3 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    item=(ItemParameter(path=("attributes", "type"), parameter="sObject"),),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER_3 = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    item=(ItemParameter(path=("attributes", "type"), parameter="sObject"), ItemParameter(path=("id",), parameter="id")),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_3 = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    most=200,
    items=("query", "ids"),
    item=(ItemParameter(path=(), parameter="id"),),
    set=(Constant(path=("query", "allOrNone"), value=False),),
    only=(ParameterPattern(parameter="id", pattern="006[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_4 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    fixed=(Constant(path=("attributes", "type"), value="Opportunity"),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
PATCH_COMPOSITE_SOBJECTS_NEVER_4 = Batch(
    endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    item=(ItemParameter(path=("id",), parameter="id"),),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    fixed=(Constant(path=("attributes", "type"), value="Opportunity"),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
POST_COMPOSITE_SOBJECTS_NEVER_5 = Batch(
    endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
    most=200,
    items=("body", "records"),
    set=(Constant(path=("body", "allOrNone"), value=False),),
    fixed=(Constant(path=("attributes", "type"), value="OpportunityContactRole"),),
    body=(),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_TYPE"]),
)
DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_4 = Batch(
    endpoint=Endpoint("DELETE /composite/sobjects", "DELETE", "/composite/sobjects", Retry.IDEMPOTENT),
    most=200,
    items=("query", "ids"),
    item=(ItemParameter(path=(), parameter="id"),),
    set=(Constant(path=("query", "allOrNone"), value=False),),
    only=(ParameterPattern(parameter="id", pattern="00K[A-Za-z0-9]{12}([A-Za-z0-9]{3})?"),),
    results=(),
    done=("success",),
    error=("errors",),
    separate_codes=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
)
