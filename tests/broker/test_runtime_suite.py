"""The runtime's own tests, with a broker between the caller and the vendor: the same facade, the same responses, the same errors."""

from __future__ import annotations

import inspect
from types import ModuleType

from tests.unit.runtime import (
    test_invalid_responses,
    test_pages,
    test_policy_enforcer,
    test_rate_limits,
    test_redirects,
    test_requests,
    test_retries,
    test_statuses,
)
from tests.unit.runtime.test_redirects import elsewhere as elsewhere  # a fixture

_CLAIMS = "its process names another agent, or on whose behalf it acts; through a broker, keys and tokens say that (test_identity.py)"
_NARROWED = "the broker narrows the guard to who calls, and that one is asked about each request"
LEFT_OUT = {
    "test_a_policy_is_evaluated_on_the_arguments_and_before_each_request": _CLAIMS,
    "test_an_approval_holds_for_these_arguments_only": _CLAIMS,
    "test_every_decision_and_call_is_written_down": _CLAIMS,
    "test_an_engine_that_looks_at_arguments_only_is_evaluated_once": _NARROWED,
    "test_it_is_evaluated_again_for_a_caller_with_narrower_rights": _NARROWED,
    "test_another_engine_that_came_meanwhile_is_evaluated": _NARROWED,
}
"""Tests that cannot be run through a broker, each with the reason."""


def _taken(module: ModuleType) -> dict[str, object]:
    found = {name: value for name, value in vars(module).items() if name.startswith("test_") and inspect.isfunction(value)}
    return {name: test for name, test in found.items() if {"caller", "governed"} & {*inspect.signature(test).parameters}}


TAKEN: dict[str, object] = {}
for _module in (
    test_invalid_responses,
    test_rate_limits,
    test_policy_enforcer,
    test_pages,
    test_redirects,
    test_requests,
    test_retries,
    test_statuses,
):
    TAKEN |= _taken(_module)
globals().update({name: test for name, test in TAKEN.items() if name not in LEFT_OUT})


def test_excluded_tests_exist() -> None:
    assert {*LEFT_OUT} <= {*TAKEN}
    assert len(TAKEN) > 50
