"""Errors: their text, their attributes, and that they survive a process boundary."""

from __future__ import annotations

import copy
import pickle

import pytest

from unified_runtime.core import errors
from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.raw import Document, Raw

KINDS = [
    value for value in (*vars(errors).values(), ApprovalRequired) if isinstance(value, type) and issubclass(value, errors.UnifiedError)
]


def test_the_tree_is_complete() -> None:
    names = {kind.__name__ for kind in KINDS}
    assert names == {
        "UnifiedError", "InvalidInput", "Unsupported", "NotConnected", "Denied", "ApprovalRequired", "Unauthorized", "Forbidden",
        "NotFound", "Conflict", "Rejected", "StaleCursor", "ListTooLong", "RateLimited", "Unavailable", "Unconfirmed",
        "VendorProtocolError", "QuotaExceeded", "LimitExhausted",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickling_and_copying(kind: type[errors.UnifiedError]) -> None:
    done = errors.Done("POST /x", 201, Raw(Document(b'{"key": "P-1"}')))
    error = kind(
        "went wrong",
        vendor="acme",
        operation="tasks.get",
        retry_safe=True,
        request_id="r-1",
        fields={"title": "too long"},
        status=400,
        code="E1",
        done=(done,),
        lost=("PUT /x/P-1",),
        made="P-1",
    )
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is kind
        assert str(again) == str(error)
        assert again.args == error.args
        assert {**again.__dict__, "done": None} == {**error.__dict__, "done": None}
        assert again.done[0].response.value == {"key": "P-1"}


def test_retry_after_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(errors.RateLimited("slow down", retry_after=2.5)))
    assert error.retry_after == 2.5


def test_the_text_names_operation_problem_and_completed_requests() -> None:
    error = errors.Unavailable("is failing", vendor="acme", operation="tasks.create", request_id="r-1")
    assert str(error) == "tasks.create on acme: is failing (request id r-1)"
    assert str(errors.InvalidInput("title is required")) == "title is required"
    done = errors.Done("PUT /x", 200, Raw(Document(b"{}")), again=False)
    error = errors.Forbidden("no", done=(done,), lost=("POST /y",), made="P-1")
    assert str(error).splitlines()[1:] == [
        "PUT /x had already been executed (HTTP 200)",
        "POST /y was sent, and whether it was executed is not known",
        "the response to the create reported the record 'P-1'",
    ]
    assert isinstance(errors.Unconfirmed("x"), errors.Unavailable)
    assert errors.UnifiedError("x").retry_safe is False
