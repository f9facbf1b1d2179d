"""Vendor fields passed through: checked against the vendor's schema before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime.core import errors


def create(simple: Caller, extra: Any) -> Any:
    return simple.run(tasks.create, title="x", project_id="P", extra=extra)


def test_extra_fields_join_the_body(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"key": "P-1"}), Reply.of(ISSUE))
    create(simple, {"acme": {"fields": {"points": 3, "issuetype": {"name": "Bug"}}}, "other": {"whatever": 1}})
    assert server.seen[0].json["fields"] == {"summary": "x", "project": {"key": "P"}, "points": 3, "issuetype": {"name": "Bug"}}


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"acne": {}}, "'acne' is none that has tasks.create; did you mean 'acme'?"),
        ({"acme": 7}, "extra['acme'] must be a mapping"),
        ({"acme": {"fields": {"pionts": 3}}}, "extra['acme'].fields has no field 'pionts'; did you mean 'points'?"),
        ({"acme": {"fields": {"points": "three"}}}, "extra['acme'].fields.points must be integer, not 'three'"),
        ({"acme": {"fields": {"points": 99}}}, "extra['acme'].fields.points must be smaller than or equal to 13, not 99"),
        ({"acme": {"field": {}}}, "has no field 'field'; did you mean 'fields'?"),
        ({"acme": {"fields": {"points": float("nan")}}}, "for which JSON has no form"),
        ({"acme": {"fields": {"note": {1, 2}}}}, "is a set, for which JSON has no form"),
        ({"acme": {"fields": {"note": "\ud800"}}}, "is not valid Unicode"),
        ({"acme": {"fields": {7: "x"}}}, "has the key 7, which is not a string"),
        ({"acme": {"fields": {"project": {"key": "Q"}}}}, "fields.project.key"),
    ],
)
def test_a_wrong_extra_is_refused(simple: Caller, server: Loopback, extra: Any, message: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        create(simple, extra)
    assert message in str(caught.value)
    assert caught.value.operation == "tasks.create"
    assert server.seen == []


def test_an_operation_without_a_schema_accepts_no_extra(simple: Caller, server: Loopback) -> None:
    with pytest.raises(errors.InvalidInput, match="accepts no extra fields for Acme"):
        simple.run(tasks.update, "P-1", title="x", extra={"acme": {"fields": {"points": 1}}})
    assert server.seen == []


def test_a_schema_never_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    from unified_runtime.adapter_api import extra_fields as module

    monkeypatch.setattr(module, "schemas", lambda package: {"x": {"$ref": "http://127.0.0.1:1/schema"}})
    with pytest.raises(ValueError, match="complete in themselves"):
        module._check.__wrapped__("anything", "x")
