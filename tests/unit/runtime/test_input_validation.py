"""Input errors: all at once, in unified terms, before anything is sent."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, create_model

from tests.unit.runtime import tasks
from tests.unit.runtime.acme.models import TaskCreate, TaskUpdate
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Secret
from unified_runtime.adapter_api import input_validation
from unified_runtime.core import errors
from unified_runtime.execution.validation import validate

NESTED = st.recursive(
    st.integers() | st.text(max_size=5), lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=8
)


def refused(
    simple: Caller, server: Loopback, kind: type[errors.UnifiedError], operation: Any, *args: Any, **given: Any
) -> errors.UnifiedError:
    with pytest.raises(kind) as caught:
        simple.run(operation, *args, **given)
    assert server.seen == [], "nothing is sent for a wrong input"
    assert caught.value.operation == operation.name
    return caught.value


def test_all_problems_are_reported_at_once(simple: Caller, server: Loopback) -> None:
    error = refused(
        simple, server, errors.InvalidInput, tasks.create, title=7, priority="hihg", labels="bug", due_date="tomorrow", project_id="P"
    )
    assert error.fields.keys() == {"title", "priority", "labels", "due_date"}
    text = str(error)
    assert "4 problems with the input" in text
    assert "title: must be text, not int 7" in text
    assert "priority: 'hihg' is not one of low, medium, high, urgent; did you mean 'high'?" in text
    assert "labels: must be a valid list, not 'bug'" in text
    assert "due_date: " in text
    assert "pydantic" not in text
    assert error.__context__ is None


def test_a_wrong_element_is_named_by_its_location(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.create, title="x", labels=["a", 7], project_id="P")
    assert error.fields == {"labels.1": "must be text, not int 7"}


@pytest.mark.parametrize(("length", "message"), [(1, "must not be empty"), (3, "accepts at least 3 characters")])
def test_a_text_that_is_too_short(length: int, message: str) -> None:
    model = create_model("Input", name=(Annotated[str, Field(min_length=length)], ...))
    with pytest.raises(errors.InvalidInput) as caught:
        validate(model, {"name": ""}, "tasks.create")
    assert caught.value.fields == {"name": message}


def test_a_long_value_is_shortened(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.create, title="x", status="y" * 10_000, project_id="P")
    assert len(str(error)) < 250


def test_a_secret_given_as_a_field_is_not_quoted(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.create, title=Secret("s3cr3t"), project_id="P")
    assert "s3cr3t" not in str(error)


def test_a_missing_required_field(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.create, title=None)
    assert error.fields.keys() == {"title"}


def test_the_models_own_bounds(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.create, title="x" * 1001, project_id="P")
    assert error.fields == {"title": "accepts at most 1000 characters, not 1001"}


def test_the_vendors_bounds_and_needs_name_the_vendor(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.create, title="x" * 256, project_id="P")
    assert "Acme accepts at most 255 characters as title, not 256" in str(error)
    error = refused(simple, server, errors.InvalidInput, tasks.create, title="x")
    assert "Acme needs project_id" in str(error)
    assert error.vendor == "acme"


def test_a_field_the_vendor_cannot_take(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.Unsupported, tasks.create, title="x", status="done", project_id="P")
    assert error.fields == {"status": "a new issue starts where its workflow starts"}
    assert "Acme cannot take status here" in str(error)


def test_a_field_given_as_none_on_create_counts_as_not_given(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"key": "P-1"}), Reply.of(ISSUE))
    simple.run(tasks.create, title="x", status=None, project_id="P")
    assert len(server.seen) == 2


def test_a_value_the_vendor_does_not_have(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.Unsupported, tasks.update, "P-1", status="canceled")
    assert "Acme has no status 'canceled': three categories, none of them canceled; it has open, in_progress, done" in str(error)


def test_a_field_the_vendor_cannot_clear(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.Unsupported, tasks.update, "P-1", title=None)
    assert "Acme cannot clear title" in str(error)


def test_an_operation_the_vendor_lacks(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.Unsupported, tasks.archive, "P-1")
    assert "acme does not offer tasks.archive: Acme keeps everything" in str(error)


@pytest.mark.parametrize("limit", [0, -1, True, "5", 1.5])
def test_a_page_size_is_a_whole_number(simple: Caller, server: Loopback, limit: Any) -> None:
    with pytest.raises(errors.InvalidInput, match="limit is the page size"):
        simple.list(tasks.list, limit=limit)


def test_inputs_by_name_are_bound_with_suggestions() -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        tasks.create.bind({"titel": "x"})
    assert caught.value.fields == {"titel": "there is no such input; did you mean 'title'?", "title": "is required"}
    invocation = tasks.update.bind({"id": "P-1", "title": "x"})
    assert invocation.ids == {"id": "P-1"}


# ------------------------------------------------------------------------------------ the helpers
def test_refuse_counts_none_only_if_it_clears() -> None:
    task = TaskUpdate(status=None)
    input_validation.reject_unsupported(task, {"status": "because"}, "Acme")
    with pytest.raises(errors.Unsupported, match="because"):
        input_validation.reject_unsupported(task, {"status": "because"}, "Acme", clears=True)
    input_validation.reject_unsupported(TaskUpdate(), {"status": "because"}, "Acme", clears=True)


def test_word_accepts_enumerations_of_either_kind() -> None:
    class Status(Enum):
        OPEN = "open"

    class Word(StrEnum):
        OPEN = "open"

    assert input_validation.enum_value({"open": "new"}, Status.OPEN, "status", "Acme") == "new"
    assert input_validation.enum_value({"open": "new"}, Word.OPEN, "status", "Acme") == "new"
    assert input_validation.enum_value({"open": None}, "open", "status", "Acme") is None
    assert input_validation.enum_value({True: "opaque"}, True, "busy", "Acme") == "opaque"


@pytest.mark.parametrize(
    ("check", "good", "bad", "message"),
    [
        (lambda v: input_validation.at_least(v, 1, "title", "Acme"), "x", "", "title must not be empty for Acme"),
        (lambda v: input_validation.at_least(v, 3, "title", "Acme"), "xyz", "xy", "at least 3 characters as title, not 2"),
        (lambda v: input_validation.matching(v, "^P-", "id", "Acme"), "P-1", "Q-1", "does not have the format that Acme accepts: ^P-"),
        (lambda v: input_validation.within(v, "points", "Acme", minimum=1, maximum=5), 5, 6, "accepts no points above 5, not 6"),
        (lambda v: input_validation.within(v, "points", "Acme", minimum=1, maximum=5), 1, 0, "accepts no points below 1, not 0"),
        (lambda v: input_validation.count(v, "labels", "Acme", most=2), ["a", "b"], ["a", "b", "c"], "at most 2 of labels, not 3"),
        (lambda v: input_validation.count(v, "labels", "Acme", least=1), ["a"], [], "at least 1 of labels, not 0"),
        (lambda v: input_validation.count(v, "labels", "Acme", unique=True), ["a", "b"], ["a", "a"], "each of labels only once"),
        (lambda v: input_validation.among(v, ["red", "green"], "colour", "Acme"), "red", "gren", "did you mean 'green'"),
        (lambda v: input_validation.require("parent_id", v, "Acme", reason="no orphans"), "x", None, "Acme needs parent_id: no orphans"),
    ],
)  # fmt: skip
def test_checks_accept_valid_and_report_invalid_values(check: Any, good: Any, bad: Any, message: str) -> None:
    assert check(good) == good
    with pytest.raises(errors.InvalidInput) as caught:
        check(bad)
    assert message in str(caught.value)
    assert len(caught.value.fields) == 1


def test_one_takes_at_most_one() -> None:
    assert input_validation.one([], "assignee_ids", "Acme") is None
    assert input_validation.one(None, "assignee_ids", "Acme") is None
    assert input_validation.one(["a"], "assignee_ids", "Acme") == "a"
    with pytest.raises(errors.Unsupported, match="at most one of assignee_ids, not 2"):
        input_validation.one(["a", "b"], "assignee_ids", "Acme")


def test_page_size() -> None:
    assert input_validation.page_size(None, 100) == 100
    assert input_validation.page_size(None, None) is None
    assert input_validation.page_size(None, 100, 20) == 20
    assert input_validation.page_size(500, 100) == 100
    assert input_validation.page_size(5, None) == 5


def test_merge_adds_and_never_overrides() -> None:
    body = {"fields": {"summary": "x"}}
    merged = input_validation.merge(body, {"fields": {"customfield_1": 3}, "update": {}}, "Acme")
    assert merged == {"fields": {"summary": "x", "customfield_1": 3}, "update": {}}
    assert body == {"fields": {"summary": "x"}}, "the body itself is left alone"
    for extra in ({"fields": {"summary": "y"}}, {"fields": None}, {"fields": {"summary": {"deep": 1}}}):
        with pytest.raises(errors.InvalidInput, match="leave one out"):
            input_validation.merge(body, extra, "Acme")


@given(st.dictionaries(st.sampled_from("abc"), NESTED, max_size=3), st.dictionaries(st.sampled_from("abc"), NESTED, max_size=3))
def test_default_fills_and_never_overrides(body: dict[str, Any], defaults: dict[str, Any]) -> None:
    filled = input_validation.default(body, defaults)

    def saved(part: Any, entire: Any) -> bool:
        if isinstance(part, dict) and isinstance(entire, dict):
            return all(name in entire and saved(value, entire[name]) for name, value in part.items())
        return bool(part == entire)

    assert saved(body, filled)
    assert set(filled) == set(body) | set(defaults)
    assert input_validation.default(filled, defaults) == filled


def test_given_distinguishes_none_from_absent() -> None:
    task = TaskCreate(title="x", description=None)
    assert input_validation.given(task, "description")
    assert not input_validation.given(task, "priority")


@pytest.mark.parametrize("via", [7, ["acme"], "Acme"])
def test_via_names_a_vendor(simple: Caller, server: Loopback, via: Any) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.get, "P-1", via=via)
    assert "it is offered by acme, other" in str(error)
    with pytest.raises(errors.InvalidInput, match="it is offered by acme, other"):
        tasks.get.plan("P-1", via=via)


@pytest.mark.parametrize("cursor", [7, "", b"x"])
def test_a_cursor_is_text(simple: Caller, server: Loopback, cursor: Any) -> None:
    with pytest.raises(errors.InvalidInput, match="cursor must be one that a page returned"):
        simple.list(tasks.list, cursor=cursor)
    assert server.seen == []


def test_extra_is_a_mapping(simple: Caller, server: Loopback) -> None:
    error = refused(simple, server, errors.InvalidInput, tasks.create, title="x", extra="points=3")
    assert "extra must be a mapping, by vendor" in str(error)
